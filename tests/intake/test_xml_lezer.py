"""iJw messages: the same rows as the CSV, what a message says besides its rows, and hostile XML that does no harm."""

from __future__ import annotations

import copy
import io
import random
import re
import time
import zipfile
from collections.abc import Callable
from xml.etree import ElementTree

import polars as pl
import pytest

from pipeline.domain.leveringen import KERN, Bericht, Status
from pipeline.intake import xml_keuring
from pipeline.intake.bestandsdeur import grenzen
from pipeline.intake.lezing import Onleesbaar, Tabel
from pipeline.intake.uitkomst import Uitspraak
from pipeline.intake.xml_lezer import lees_xml
from pipeline.synth.xml_dracht import NIET_IN_301, Berichten, berichten
from tests.bestanden import kenmerk_als_merk
from tests.intake.hulp import CATALOGUS, GEMEENTE, D, T, als_csv, beoordeel, codes, goede_rijen, rij

MAAT = grenzen(CATALOGUS)
IN_EURO = next(
    a.gemeente for a in CATALOGUS.afspraken if a.bericht is D and a.bedrag_eenheid == "euro" and a.soort == "mutaties"
)


def _tekst(bericht: Bericht, rijen: list[dict[str, str]]) -> pl.DataFrame:
    leeg = dict.fromkeys(NIET_IN_301, "") if bericht is T else {}
    return pl.DataFrame([{**r, **leeg} for r in rijen]).with_columns(pl.all().replace({"": None}))


def _berichten(bericht: Bericht, rijen: list[dict[str, str]], *, voorvoegsels: bool = True) -> Berichten:
    return berichten(_tekst(bericht, rijen), bericht, GEMEENTE, voorvoegsels=voorvoegsels)


def _zip(leden: dict[str, bytes]) -> bytes:
    uit = io.BytesIO()
    with zipfile.ZipFile(uit, "w", zipfile.ZIP_DEFLATED) as zip_:
        for naam, data in leden.items():
            zip_.writestr(naam, data)
    return uit.getvalue()


def _oordeel(bericht: Bericht, *leden: bytes, gemeente: str = GEMEENTE) -> Uitspraak:
    data = _zip({f"{i:04d}.xml": x for i, x in enumerate(leden)})
    return beoordeel(bericht, data, gemeente=gemeente, extensie="zip")


def _een(bericht: Bericht, **anders: str) -> bytes:
    """One message with one row."""
    return _berichten(bericht, [rij(bericht, **anders)]).leden[0][1]


def _lees(*bestanden: bytes) -> Tabel:
    return lees_xml(bestanden, MAAT)


def _cellen(tabel: Tabel) -> list[dict[str, str | None]]:
    namen = {f"k{i}": n for i, n in enumerate(tabel.kop)}
    return tabel.cellen.rename(namen).to_dicts()


# --- the same rows as the CSV ----------------------------------------------------------------------------------------


def _toewijzingen() -> list[dict[str, str]]:
    """Specific, aspecific with and without budget, generic; two clients, two providers, several products per client."""
    ander = {"bsn": "999990019", "geboortedatum": "2010-01-31", "geslacht": "2", "aanbieder_agb": "06010101"}
    geen_omvang = {"volume": "", "eenheid": "", "frequentie": ""}
    return [
        rij(T),
        rij(T, toewijzingnummer="1002", einddatum="", referentie_aanbieder="VOT-2025-001", reden_wijziging="04"),
        rij(T, toewijzingnummer="1003", productcode="", budget="1250000", **geen_omvang),
        rij(T, toewijzingnummer="1004", productcode="", **geen_omvang),
        rij(T, toewijzingnummer="1005", productcode="", productcategorie="", budget="80000", **geen_omvang),
        rij(T, toewijzingnummer="2001", **ander),
        rij(T, toewijzingnummer="2002", toewijzingstijd="", **ander),
    ]


def _declaraties() -> list[dict[str, str]]:
    """Debit and credit, several lines per person, minutes, euros as unit, rejected and not yet answered lines."""
    af = {"status": "afgekeurd", "retourcode": "9338", "datum_antwoord": "2025-04-10"}
    goed = {"datum_antwoord": "2025-04-10"}
    euro = {"eenheid": "83", "geleverd_volume": "85080", "producttarief": "", "productcode": "50A01"}
    return [
        rij(D, **goed),
        rij(D, referentienummer="REF2", debet_credit="C", vorig_referentienummer="REF0", **goed),
        rij(D, referentienummer="REF3", **af),
        rij(D, referentienummer="REF4", bsn="999990019", geleverd_volume="7.5", ingediend_bedrag="53175", **goed),
        rij(D, referentienummer="REF5", declaratienummer="D2", status=""),
        rij(D, referentienummer="REF6", declaratienummer="D3", productcategorie="50", **euro, **af),
        rij(D, referentienummer="REF1", declaratienummer="D4", aanbieder_agb="06010101", **goed),
    ]


RIJEN: dict[Bericht, Callable[[], list[dict[str, str]]]] = {T: _toewijzingen, D: _declaraties}


@pytest.mark.parametrize("bericht", KERN)
@pytest.mark.parametrize("voorvoegsels", [True, False])
def test_berichten_geven_dezelfde_rijen_als_de_csv(bericht: Bericht, voorvoegsels: bool) -> None:
    rijen = RIJEN[bericht]()
    kaal = [{**r, **(dict.fromkeys(NIET_IN_301, "") if bericht is T else {})} for r in rijen]
    csv = beoordeel(bericht, als_csv(bericht, kaal))
    xml = beoordeel(bericht, _berichten(bericht, rijen, voorvoegsels=voorvoegsels).als_zip(), extensie="zip")
    assert csv.bewijs.rijen.geaccepteerd == len(rijen)
    assert xml.bewijs.inhoud_hash == csv.bewijs.inhoud_hash
    assert xml.bewijs.rijen == csv.bewijs.rijen
    assert xml.bewijs.bedrag_cent == csv.bewijs.bedrag_cent
    assert codes(xml.bewijs) == codes(csv.bewijs)


@pytest.mark.parametrize("bericht", KERN)
def test_een_los_bericht_en_een_zip_eromheen_zijn_hetzelfde(bericht: Bericht) -> None:
    data = _een(bericht, datum_antwoord="")
    los = beoordeel(bericht, data, extensie="xml")
    assert los.bewijs.rijen.geaccepteerd == 1
    assert los.bewijs.inhoud_hash == _oordeel(bericht, data).bewijs.inhoud_hash


def test_meer_berichten_in_een_bestand_onder_een_eigen_wortel() -> None:
    stukken = [_een(T, toewijzingnummer=str(n)).partition(b"\r\n")[2] for n in (1, 2, 3)]
    tabel = _lees(b'<?xml version="1.0"?><Export>' + b"".join(stukken) + b"</Export>")
    assert [r["toewijzingnummer"] for r in _cellen(tabel)] == ["1", "2", "3"]


def test_rij_telt_door_over_de_berichten_op_volgorde_van_naam() -> None:
    leden = _berichten(T, goede_rijen(T, 3)).leden
    assert len(leden) == 1
    losse = [_een(T, toewijzingnummer=n, bsn="123") for n in ("11", "12")]
    data = _zip({"b.xml": losse[1], "c.xml": leden[0][1], "a.xml": losse[0]})
    uit = beoordeel(T, data, extensie="zip")
    (fout,) = [b for b in uit.rijbevindingen if b.regel_code == "R02"]
    assert fout.rijen == (1, 2)
    assert uit.geldig is not None
    merken = [kenmerk_als_merk(n, "toewijzing") for n in ("5000", "5001", "5002")]
    assert uit.geldig.sort("rij").select("rij", "toewijzingnummer").rows() == list(zip((3, 4, 5), merken, strict=True))


def test_namen_en_adressen_worden_niet_gelezen_ook_niet_van_relaties() -> None:
    (gelezen,) = _cellen(_lees(_een(T)))
    assert gelezen["geboortedatum"] == "2012-05-10"
    assert not {"Jeugdige", "Proef & Zoon", "1980-01-01"} & set(gelezen.values())


@pytest.mark.parametrize("codering", ["utf-8-sig", "utf-16", "cp1252", "iso-8859-15"])
def test_codering_zoals_genoemd_of_herkend(codering: str) -> None:
    tekst = _een(T).decode().replace("Jeugdige", "Zoë")
    if codering not in ("utf-8-sig", "cp1252"):  # Windows-1252 that says it is UTF-8 exists
        tekst = tekst.replace("UTF-8", codering)
    assert [r["toewijzingnummer"] for r in _cellen(_lees(tekst.encode(codering)))] == ["1001"]


def test_bedragen_zijn_centen_ook_van_een_gemeente_die_in_euro_levert() -> None:
    regel = rij(D, status="")
    xml = berichten(_tekst(D, [regel]), D, IN_EURO).leden[0][1]
    uit = _oordeel(D, xml, gemeente=IN_EURO)
    assert uit.bewijs.bedrag_eenheid == "cent"
    assert uit.bewijs.bedrag_cent.geaccepteerd == 85080
    euro = beoordeel(
        D, als_csv(D, [{**regel, "producttarief": "70,90", "ingediend_bedrag": "850,80"}]), gemeente=IN_EURO
    )
    assert euro.bewijs.inhoud_hash == uit.bewijs.inhoud_hash


# --- answers (325) ---------------------------------------------------------------------------------------------------


def _antwoord(kop: str = "0200", **anders: str) -> tuple[bytes, bytes]:
    af = {"status": "afgekeurd", "retourcode": "9338", "datum_antwoord": "2025-04-10", **anders}
    leden = dict(_berichten(D, [rij(D), rij(D, referentienummer="REF2")]).leden)
    leden |= dict(_berichten(D, [rij(D, datum_antwoord="2025-04-10"), rij(D, referentienummer="REF2", **af)]).leden)
    return leden["000001_323.xml"], leden["000001_325.xml"].replace(b"0200<", kop.encode() + b"<", 1)


def _status(tabel: Tabel) -> list[tuple[str | None, str | None, str | None]]:
    return [(r["status"], r["retourcode"], r["datum_antwoord"]) for r in _cellen(tabel)]


def test_antwoord_keurt_af_wat_het_noemt_en_de_rest_is_toegekend() -> None:
    vraag, antwoord = _antwoord()
    verwacht = [("goedgekeurd", None, "2025-04-10"), ("afgekeurd", "9338", "2025-04-10")]
    assert _status(_lees(vraag, antwoord)) == verwacht
    assert _status(_lees(antwoord, vraag)) == verwacht
    assert _status(_lees(vraag)) == [(None, None, None)] * 2


def test_antwoord_zonder_kenmerk_vindt_de_declaratie_op_nummer_en_aanbieder() -> None:
    vraag, antwoord = _antwoord()
    zonder = antwoord.replace(b"D000001", b"")
    assert _status(_lees(vraag, zonder))[1][:2] == ("afgekeurd", "9338")
    andere_aanbieder = zonder.replace(b"42345678", b"42345679")
    tabel = _lees(vraag, andere_aanbieder)
    assert _status(tabel) == [(None, None, None)] * 2
    assert tabel.berichten is not None
    assert tabel.berichten.losse_antwoorden == 1


def test_antwoord_met_een_retourcode_in_de_header_keurt_alles_af() -> None:
    vraag, antwoord = _antwoord(kop="0001")
    alleen_kop = antwoord[: antwoord.index(b"<jw325:DeclaratieAntwoord>")] + b"</jw325:Bericht>"
    assert _status(_lees(vraag, alleen_kop)) == [("afgekeurd", "0001", "2025-04-10")] * 2


def test_eerste_retourcode_die_iets_zegt() -> None:
    vraag, antwoord = _antwoord()
    meer = antwoord.replace(
        b"<jw325:RetourCode>9338<", b"<jw325:RetourCode>0200</jw325:RetourCode><jw325:RetourCode>9339<"
    )
    assert _status(_lees(vraag, meer))[1][1] == "9339"


def test_los_antwoord_is_een_signaal_en_telt_niet_als_rij() -> None:
    vraag, antwoord = _antwoord()
    uit = _oordeel(
        D, _een(D, referentienummer="REF9"), antwoord.replace(b"D000001", b"D000777").replace(b"D1<", b"D7<")
    )
    assert "L15" in codes(uit.bewijs)
    assert uit.bewijs.rijen.geaccepteerd == 1
    assert uit.bewijs.niet_data["antwoord"] == 1
    samen = _oordeel(D, vraag, antwoord)
    assert "L15" not in codes(samen.bewijs)
    goedkeuring = dict(_berichten(D, [rij(D, datum_antwoord="2025-04-10")]).leden)["000001_325.xml"]
    los = goedkeuring.replace(b"D000001", b"D000777").replace(b"D1<", b"D7<")
    assert "L15" not in codes(_oordeel(D, vraag, los).bewijs)


def test_regel_die_het_antwoord_noemt_en_de_declaratie_niet_kent_is_los() -> None:
    vraag, antwoord = _antwoord()
    tabel = _lees(vraag, antwoord.replace(b"REF2", b"REF3"))
    assert tabel.berichten is not None
    assert tabel.berichten.losse_antwoorden == 1


RETOUR = b"<jw325:RetourCode>%s</jw325:RetourCode>"


def _met_codes(antwoord: bytes, *, kop: str, declaratie: str, regel: str) -> bytes:
    """The answer with other return codes on its three levels: message, declaration, line ("" for none)."""
    delen = antwoord.split(b"<jw325:RetourCode>")
    assert len(delen) == 4  # of the message, of the line, of the declaration
    codes_ = (kop, regel, declaratie)
    return delen[0] + b"".join(
        b"<jw325:RetourCode>" + code.encode() + deel[4:] for code, deel in zip(codes_, delen[1:], strict=True)
    )


AF, GOED = "afgekeurd", "goedgekeurd"


@pytest.mark.parametrize(
    ("kop", "declaratie", "regel", "verwacht"),
    [
        # what decides is the level that rejects, the lowest that does
        ("0001", "0233", "0233", [(AF, "0001"), (AF, "0001")]),
        ("0001", "0200", "9338", [(AF, "0001"), (AF, "9338")]),
        ("0200", "9338", "0233", [(AF, "9338"), (AF, "9338")]),
        ("0200", "9338", "9339", [(AF, "9338"), (AF, "9339")]),
        ("0001", "9338", "", [(AF, "9338"), (AF, "9338")]),
        # not judged rejects nothing by itself
        ("0233", "0200", "9338", [(GOED, None), (AF, "9338")]),
        ("0233", "0233", "9338", [(None, None), (AF, "9338")]),
        ("0233", "8001", "0233", [(GOED, None), (GOED, None)]),
        ("0200", "0233", "0233", [(GOED, None), (GOED, None)]),
        # a line that is named to say that it is well is not rejected; without a code it is
        ("0200", "0200", "8001", [(GOED, None), (GOED, None)]),
        ("0200", "0200", "0200", [(GOED, None), (GOED, None)]),
        ("0200", "0200", "", [(GOED, None), (AF, None)]),
    ],
)
def test_de_code_is_die_van_het_niveau_dat_besliste(
    kop: str, declaratie: str, regel: str, verwacht: list[tuple[str | None, str | None]]
) -> None:
    vraag, antwoord = _antwoord()
    tabel = _lees(vraag, _met_codes(antwoord, kop=kop, declaratie=declaratie, regel=regel))
    assert [s[:2] for s in _status(tabel)] == verwacht


def test_een_code_van_de_client_geldt_voor_zijn_regels() -> None:
    vraag, antwoord = _antwoord()
    anders = _met_codes(antwoord, kop="0200", declaratie="0200", regel="0233")
    client = anders.replace(
        b"</jw325:Client>", b"<jw325:RetourCodes>" + RETOUR % b"9340" + b"</jw325:RetourCodes></jw325:Client>"
    )
    assert [s[:2] for s in _status(_lees(vraag, client))] == [(GOED, None), (AF, "9340")]
    begin, einde = (
        client.index(b"<jw325:Prestaties>"),
        client.index(b"</jw325:Prestaties>") + len(b"</jw325:Prestaties>"),
    )
    geheel = client[:begin] + client[einde:]  # no line is named: all of this person
    assert [s[:2] for s in _status(_lees(vraag, geheel))] == [(AF, "9340")] * 2


@pytest.mark.parametrize(("toegekend", "raakt"), [(b"85080", False), (b"85079", True), (b"170160", True), (b"0", True)])
def test_het_toegekende_bedrag_is_het_ingediende_min_het_afgekeurde(toegekend: bytes, raakt: bool) -> None:
    vraag, antwoord = _antwoord()
    begin = antwoord.index(b"<jw325:TotaalToegekendBedrag>")
    anders = antwoord[:begin] + antwoord[begin:].replace(b"TotaalBedrag>85080<", b"TotaalBedrag>" + toegekend + b"<", 1)
    uit = _oordeel(D, vraag, anders)
    assert ("L15" in codes(uit.bewijs)) == raakt
    assert uit.bewijs.is_geaccepteerd
    zinnen = [b.zin for b in uit.bewijs.bevindingen if b.regel_code == "L15" and b.n_rijen]
    assert all("TotaalToegekendBedrag" in z for z in zinnen)


def test_een_antwoord_zonder_toegekend_bedrag_wordt_niet_vergeleken() -> None:
    vraag, antwoord = _antwoord()
    begin = antwoord.index(b"<jw325:TotaalToegekendBedrag>")
    einde = antwoord.index(b"</jw325:TotaalToegekendBedrag>") + len(b"</jw325:TotaalToegekendBedrag>")
    assert "L15" not in codes(_oordeel(D, vraag, antwoord[:begin] + antwoord[einde:]).bewijs)


# --- what a message says of itself -----------------------------------------------------------------------------------


@pytest.mark.parametrize("bericht", KERN)
@pytest.mark.parametrize(("code", "goed"), [("0141", True), ("141", True), ("0153", False), ("", False), ("x", False)])
def test_gemeente_in_de_header(bericht: Bericht, code: str, goed: bool) -> None:
    uit = _oordeel(bericht, _een(bericht).replace(b">0141<", f">{code}<".encode()))
    assert ("L02" in codes(uit.bewijs)) is not goed
    assert (uit.bewijs.status is Status.AFGEKEURD) is not goed


def test_totaal_in_het_bericht_moet_de_som_van_de_regels_zijn() -> None:
    goed = _een(D, status="", debet_credit="C", vorig_referentienummer="REF0")
    assert b"<ijw:" not in goed
    assert b"TotaalBedrag>85080<" in goed
    assert "L07" not in codes(_oordeel(D, goed).bewijs)
    anders = _oordeel(D, goed.replace(b"TotaalBedrag>85080<", b"TotaalBedrag>85081<"))
    assert anders.bewijs.status is Status.AFGEKEURD
    assert "L07" in codes(anders.bewijs)
    # an amount that cannot be read is the row's own fault
    onleesbaar = _oordeel(D, goed.replace(b"<jw323:Bedrag>85080<", b"<jw323:Bedrag>tachtig<"))
    assert "L07" not in codes(onleesbaar.bewijs)
    assert "R08" in codes(onleesbaar.bewijs)


def test_ander_bericht_tussen_de_berichten_wordt_geteld_en_niet_gelezen() -> None:
    ander = _een(T).replace(b">436<", b">438<").replace(b"0141", b"0153")
    uit = _oordeel(T, _een(T), ander)
    assert uit.bewijs.rijen.ontvangen == 1
    assert uit.bewijs.niet_data["ander_bericht"] == 1
    assert uit.bewijs.rijen_in_bestand == 2


@pytest.mark.parametrize(
    "ervoor",
    [
        pytest.param(b"<jw301:Einddatum>2026-01-01</jw301:Einddatum><jw301:Einddatum>", id="twee keer"),
        pytest.param(b"<jw301:Einddatum><jw301:Datum/>", id="element erin"),
    ],
)
def test_element_dat_niet_eenduidig_is_maakt_de_rij_onleesbaar(ervoor: bytes) -> None:
    dubbel = _een(T, einddatum="2025-08-31").replace(b"<jw301:Einddatum>", ervoor)
    uit = _oordeel(T, _een(T, toewijzingnummer="7"), dubbel)
    assert [b.rijen for b in uit.rijbevindingen if b.regel_code == "R01"] == [(2,)]
    assert uit.bewijs.rijen.geaccepteerd == 1


# --- refused with a sentence -----------------------------------------------------------------------------------------


def _vervang(oud: str, nieuw: str) -> bytes:
    data = _een(T)
    assert oud.encode() in data
    return data.replace(oud.encode(), nieuw.encode())


GEWEIGERD = {
    "afgebroken": (lambda: _een(T)[:-40], "geen geldige XML"),
    "geen ijw": (lambda: b"<html><body/></html>", "geen iJw-bericht"),
    "leeg": (lambda: b"  \n ", "leeg"),
    "ander bericht": (lambda: _vervang(">436<", ">438<"), "iJw-bericht 305"),
    "wmo": (lambda: _vervang(">436<", ">414<"), "geen iJw-bericht 301"),
    "zonder berichtcode": (lambda: _vervang(">436<", "><"), "geen iJw-bericht 301"),
    "release 2": (lambda: _vervang("BerichtVersie>3<", "BerichtVersie>2<"), "release 3"),
    "zonder header": (lambda: b"<Bericht><Client><Bsn>1</Bsn></Client></Bericht>", "geen Header"),
    "leeg bericht": (lambda: b"<Bericht/>", "geen Header"),
    "product buiten client": (
        lambda: _vervang("<jw301:Client>", "<jw301:ToegewezenProduct/><jw301:Client>"), "een plaats die een 301",
    ),
    "alleen antwoord": (lambda: _antwoord()[1], "alleen antwoorden"),
    "utf-7": (lambda: _vervang("UTF-8", "UTF-7"), "tekencodering"),
    "ebcdic": (lambda: _vervang("UTF-8", "cp037"), "tekencodering"),
    "nul": (lambda: _vervang("Jeugdige", "Jeug\0dige"), "tekencodering"),
    "ongedefinieerde entiteit": (lambda: _vervang("Jeugdige", "&naam;"), "geen geldige XML"),
    "lange cel": (lambda: _vervang(">1001<", f">{'1' * 2_000_000}<"), "langer dan"),
}  # fmt: skip


@pytest.mark.parametrize("geval", GEWEIGERD)
def test_geweigerd_met_een_zin_zonder_waarden(geval: str) -> None:
    maak, zin = GEWEIGERD[geval]
    with pytest.raises(Onleesbaar, match=zin) as fout:
        _lees(maak())
    assert "999900006" not in fout.value.zin


def test_301_en_323_door_elkaar_worden_geweigerd() -> None:
    with pytest.raises(Onleesbaar, match="door elkaar"):
        _lees(_een(T), _een(D))


def test_een_kapot_bericht_tussen_goede_weigert_de_levering_en_zegt_welk() -> None:
    with pytest.raises(Onleesbaar, match="Bericht 2 in het zip-bestand"):
        _lees(_een(T), _een(T)[:-40], _een(T))


def test_declaraties_onder_de_naam_van_toewijzingen() -> None:
    assert "L03" in codes(_oordeel(T, _een(D)).bewijs)


# --- hostile ---------------------------------------------------------------------------------------------------------

_DTD = "<!DOCTYPE lolz [{}]>"
_MILJARD = "".join(
    f'<!ENTITY l{i} "{("&l" + str(i - 1) + ";") * 10}">' if i else '<!ENTITY l0 "lol">' for i in range(10)
)
VIJANDIG = {
    "billion laughs": (_DTD.format(_MILJARD), "&l9;"),
    "kwadratisch": (_DTD.format(f'<!ENTITY a "{"a" * 50_000}">'), "&a;" * 50_000),
    "extern bestand": (_DTD.format('<!ENTITY x SYSTEM "file:///etc/passwd">'), "&x;"),
    "extern adres": (_DTD.format('<!ENTITY x SYSTEM "http://127.0.0.1:9/x">'), "&x;"),
    "parameterentiteit": (_DTD.format('<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;'), "1"),
    "externe dtd": ('<!DOCTYPE Bericht SYSTEM "http://127.0.0.1:9/x.dtd">', "1"),
    "lege dtd": ("<!DOCTYPE Bericht>", "1"),
}


@pytest.mark.parametrize("codering", ["utf-8", "utf-16"])
@pytest.mark.parametrize("aanval", VIJANDIG)
def test_dtd_en_entiteiten_worden_geweigerd_voor_er_iets_wordt_gelezen(aanval: str, codering: str) -> None:
    dtd, inhoud = VIJANDIG[aanval]
    tekst = _een(T).decode().replace("UTF-8", codering)
    kop, _, rest = tekst.partition("\r\n")
    data = (kop + dtd + rest.replace("Jeugdige", inhoud)).encode(codering)
    begin = time.perf_counter()
    with pytest.raises(Onleesbaar, match="DTD of entiteiten"):
        _lees(data)
    assert time.perf_counter() - begin < 2


@pytest.mark.parametrize(
    "inhoud",
    [
        pytest.param(b"<a>" * 100_000 + b"</a>" * 100_000, id="diep genest"),
        pytest.param(b"<a " + b"".join(b'b%d="" ' % i for i in range(50_000)) + b"/>", id="veel attributen"),
        pytest.param(b"<a " + b"".join(b'xmlns:n%d="u%d" ' % (i, i) for i in range(20_000)) + b"/>", id="veel namen"),
        pytest.param(b"<a/>" * 200_000, id="veel elementen"),
        pytest.param(b"<!--" + b"x" * 5_000_000 + b"-->", id="lang commentaar"),
    ],
)
def test_vijandige_opbouw_kost_geen_tijd_en_geeft_hoogstens_een_zin(inhoud: bytes) -> None:
    data = _een(T).replace(b"<jw301:Client>", b"<jw301:Client>" + inhoud)
    begin = time.perf_counter()
    try:
        assert _lees(data).cellen.height == 1
    except Onleesbaar as fout:
        assert "geen geldige XML" in fout.zin
    assert time.perf_counter() - begin < 5


def test_te_groot_en_te_veel_elementen(monkeypatch: pytest.MonkeyPatch) -> None:
    data = _een(T)
    for naam, grens, zin in (
        ("MAX_XML_BYTES", len(data), "groter dan"),
        ("MAX_MERKTEKENS", data.count(b"<") + data.count(b"="), "te veel elementen"),
    ):
        monkeypatch.setattr(xml_keuring, naam, grens)
        assert _lees(data).cellen.height == 1
        monkeypatch.setattr(xml_keuring, naam, grens - 1)
        with pytest.raises(Onleesbaar, match=zin):
            _lees(data)
        monkeypatch.undo()


def _verminkt(toeval: random.Random, leden: list[bytes]) -> list[bytes]:
    """Messages with pieces cut, doubled, moved or overwritten, now and then on the edge of an element."""
    uit = [bytearray(x) for x in leden]
    for _ in range(toeval.randint(1, 4)):
        data = toeval.choice(uit)
        randen = [m.start() for m in re.finditer(rb"<", bytes(data))] if toeval.random() < 0.6 else None
        i, j = sorted(toeval.choice(randen) if randen else toeval.randrange(len(data) + 1) for _ in range(2))
        match toeval.randrange(4):
            case 0:
                del data[i:j]
            case 1:
                data[i:i] = data[i:j]
            case 2:
                data[i : i + 1] = bytes([toeval.randrange(256)])
            case _:
                stuk_ = bytes(data[i:j])
                del data[i:j]
                k = toeval.randrange(len(data) + 1)
                data[k:k] = stuk_
    return [bytes(x) for x in uit]


def _verbouwd(toeval: random.Random, leden: list[bytes]) -> list[bytes]:
    """Messages that are still XML, with elements gone, doubled, moved, renamed or filled with something else."""
    uit = list(leden)
    welk = toeval.randrange(len(uit))
    boom = ElementTree.fromstring(uit[welk])  # noqa: S314  # written by ourselves
    for _ in range(toeval.randint(1, 3)):
        ouders = [e for e in boom.iter() if len(e)]
        ouder, doel = toeval.choice(ouders), toeval.choice(ouders)
        kind = toeval.choice(list(ouder))
        match toeval.randrange(5):
            case 0:
                ouder.remove(kind)
            case 1:
                ouder.append(copy.deepcopy(kind))
            case 2:
                doel.insert(toeval.randrange(len(doel) + 1), copy.deepcopy(kind))
            case 3:
                kind.tag = toeval.choice([e.tag for e in boom.iter()])
            case _:
                kind.text = toeval.choice(["", " ", "0200", "D", "490", "-1", "9" * 40, "Zo\u00eb", "2025-13-45"])
    uit[welk] = ElementTree.tostring(boom)
    return uit


def _probeer(zaad: int, keer: int) -> tuple[int, int]:
    toeval = random.Random(zaad)  # a test that repeats itself
    bronnen = [
        [x for _, x in _berichten(T, _toewijzingen()).leden], [x for _, x in _berichten(D, _declaraties()).leden],
    ]  # fmt: skip
    gelezen = geweigerd = 0
    for _ in range(keer):
        try:
            verander = toeval.choice((_verminkt, _verbouwd))
            tabel = _lees(*verander(toeval, toeval.choice(bronnen)))
        except Onleesbaar as fout:
            geweigerd += 1
            assert "9999" not in fout.zin
        else:
            gelezen += 1
            assert tabel.records == tabel.cellen.height + len(tabel.scheef)
            assert tabel.cellen.width == len(tabel.kop) + 1
    return gelezen, geweigerd


def test_verminkte_berichten_geven_rijen_of_een_zin() -> None:
    gelezen, geweigerd = _probeer(1, 400)
    assert min(gelezen, geweigerd) > 20


@pytest.mark.slow
def test_veel_verminkte_berichten_geven_rijen_of_een_zin() -> None:
    gelezen, geweigerd = _probeer(2, 8000)
    assert min(gelezen, geweigerd) > 1000
