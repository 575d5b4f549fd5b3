"""iJw 3.2 messages as a dress: rows as 301 messages, or as 323 messages with the 325 that answers them.

Lives here: from rows of text (canonical columns, ISO dates, eurocents) to XML and to a zip of it. A message holds only
what the standard has: a column that comes from the back office (besluitdatum, verwijzer_type, ...) is not in a 301.
Keep out: which files wear it. Written from the structure in DOMAIN 1.2-1.7, apart from the reader in intake/.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from xml.sax.saxutils import escape

import polars as pl

from pipeline.domain.leveringen import Bericht

NIET_IN_301 = (
    "besluitdatum", "datum_ontvangst_verzoek", "verwijzer_type", "startdatum_levering", "stopdatum_levering",
    "reden_beeindiging", "leveringsvorm",
)  # fmt: skip
_BASIS = "http://www.istandaarden.nl/ijw/3_2/basisschema/schema"
_ZIPDATUM = (2020, 1, 1, 0, 0, 0)
_GROEP = {
    Bericht.TOEWIJZINGEN: ("aanbieder_agb", "bsn", "geboortedatum", "geslacht"),
    Bericht.DECLARATIES: (
        "aanbieder_agb", "declaratienummer", "declaratieperiode_begin", "declaratiedagtekening", "datum_antwoord",
    ),
}  # fmt: skip
_BEANTWOORD = ("goedgekeurd", "afgekeurd")

Cellen = Mapping[str, str | None]
Deel = tuple[str, "str | Sequence[Deel] | None"]


@dataclass(frozen=True)
class Berichten:
    """Messages as (file name, bytes) in the order of their names, and the rows (from 0) in the order they are read."""

    leden: tuple[tuple[str, bytes], ...]
    volgorde: tuple[int, ...]

    def als_zip(self) -> bytes:
        """All messages in one zip; the same messages give the same bytes."""
        return inpakken(dict(self.leden))


def inpakken(leden: Mapping[str, bytes]) -> bytes:
    """Put files in a zip; the same files give the same bytes, whatever the clock says."""
    uit = io.BytesIO()
    with zipfile.ZipFile(uit, "w", zipfile.ZIP_DEFLATED) as zip_:
        for naam, data in leden.items():
            zip_.writestr(zipfile.ZipInfo(naam, _ZIPDATUM), data, compress_type=zipfile.ZIP_DEFLATED)
    return uit.getvalue()


def berichten(tekst: pl.DataFrame, bericht: Bericht, gemeente: str, *, voorvoegsels: bool = True) -> Berichten:
    """Write rows as messages, one per client and provider (301) or per claim (323, and the 325 where it was answered).

    `gemeente` with its prefix. `voorvoegsels`: namespaces by prefix, else as the default namespace of every element.
    """
    schrijf = _bericht_301 if bericht is Bericht.TOEWIJZINGEN else _bericht_323
    groepen = _groepen(tekst, bericht)
    rijen = tekst.to_dicts()
    leden: list[tuple[str, bytes]] = []
    gelezen: list[int] = []
    for nummer, plaatsen in enumerate(groepen, start=1):
        for soort, boom in schrijf([rijen[i] for i in plaatsen], gemeente.removeprefix("GM"), f"{nummer:06d}"):
            leden.append((f"{nummer:06d}_{soort}.xml", _als_xml(boom, soort, voorvoegsels=voorvoegsels)))
        gelezen += plaatsen
    return Berichten(tuple(leden), tuple(gelezen))


def los_antwoord(gemeente: str) -> tuple[str, bytes]:
    """Return a 325 that rejects a line of a claim that is nowhere to be found."""
    kolommen = (*_GROEP[Bericht.DECLARATIES], "bsn", "vorig_referentienummer", "toewijzingnummer", "productcategorie",
                "productcode", "productperiode_begin", "productperiode_eind", "geleverd_volume", "eenheid",
                "producttarief", "status")  # fmt: skip
    regel = dict.fromkeys(kolommen) | {
        "aanbieder_agb": "00000001", "declaratienummer": "ZOEK", "declaratiedagtekening": "2024-01-31",
        "datum_antwoord": "2024-02-15", "referentienummer": "ZOEK-1", "ingediend_bedrag": "100", "debet_credit": "D",
        "status": "afgekeurd", "retourcode": "9338",
    }  # fmt: skip
    boom = _bericht_325([regel], gemeente.removeprefix("GM"), "ZOEK")
    return "los_325.xml", _als_xml(boom, "325", voorvoegsels=True)


def volgorde(rijen: pl.DataFrame, bericht: Bericht) -> list[int]:
    """Return the rows (from 0) in the order in which `berichten` writes them: together what is in one message."""
    return [i for groep in _groepen(rijen, bericht) for i in groep]


def _groepen(rijen: pl.DataFrame, bericht: Bericht) -> list[list[int]]:
    return (
        rijen.with_row_index("_plaats")
        .group_by(_GROEP[bericht], maintain_order=True)
        .agg(pl.col("_plaats"))["_plaats"]
        .to_list()
    )


def _kop(code: str, afzender: str, ontvanger: str, kenmerk: str, dag: str | None, rest: Sequence[Deel] = ()) -> Deel:
    eerste: Sequence[Deel] = (
        ("BerichtCode", code), ("BerichtVersie", "3"), ("BerichtSubversie", "2"), ("Afzender", afzender),
        ("Ontvanger", ontvanger), ("BerichtIdentificatie", _kenmerk(kenmerk, dag)),
        ("XsdVersie", (("BasisschemaXsdVersie", "1.0.0"), ("BerichtXsdVersie", "1.0.0"))),
    )  # fmt: skip
    return "Header", (*eerste, *rest)


def _kenmerk(kenmerk: str, dag: str | None) -> Sequence[Deel]:
    return ("Identificatie", kenmerk), ("Dagtekening", dag)


def _bericht_301(rijen: Sequence[Cellen], gemeente: str, kenmerk: str) -> list[tuple[str, Deel]]:
    eerste = rijen[0]
    dag = max((r["toewijzingsdatum"] or "" for r in rijen), default="")
    client: Sequence[Deel] = (
        ("Bsn", eerste["bsn"]),
        ("Geboortedatum", (("Datum", eerste["geboortedatum"]),)),
        ("Geslacht", eerste["geslacht"]),
        ("Naam", (("Geslachtsnaam", (("Naam", "Proef & Zoon"), ("Voorvoegsel", None))), ("Voornamen", "Jeugdige"))),
        ("Relaties", (("Relatie", (("Nummer", "1"), ("Geboortedatum", (("Datum", "1980-01-01"),)))),)),
        ("ToegewezenProducten", tuple(("ToegewezenProduct", _product(r)) for r in rijen)),
    )
    kop = _kop("436", gemeente, eerste["aanbieder_agb"] or "", f"T{kenmerk}", dag)
    return [("301", ("Bericht", (kop, ("Client", client))))]


def _product(r: Cellen) -> Sequence[Deel]:
    return (
        ("ToewijzingNummer", r["toewijzingnummer"]),
        ("ReferentieAanbieder", r["referentie_aanbieder"]),
        ("Product", (("Categorie", r["productcategorie"]), ("Code", r["productcode"]))),
        ("Toewijzingsdatum", r["toewijzingsdatum"]),
        ("Toewijzingstijd", r["toewijzingstijd"]),
        ("Ingangsdatum", r["ingangsdatum"]),
        ("Einddatum", r["einddatum"]),
        ("RedenWijziging", r["reden_wijziging"]),
        ("Omvang", (("Volume", r["volume"]), ("Eenheid", r["eenheid"]), ("Frequentie", r["frequentie"]))),
        ("Budget", r["budget"]),
        ("Commentaar", "vrije tekst die niet wordt gelezen"),
    )


def _bericht_323(rijen: Sequence[Cellen], gemeente: str, kenmerk: str) -> list[tuple[str, Deel]]:
    eerste = rijen[0]
    agb, dag = eerste["aanbieder_agb"] or "", eerste["declaratiedagtekening"]
    declaratie: Sequence[Deel] = (
        ("DeclaratieNummer", eerste["declaratienummer"]),
        ("DeclaratiePeriode", (("Begindatum", eerste["declaratieperiode_begin"]),)),
        ("DeclaratieDagtekening", dag),
        ("TotaalIngediendBedrag", _totaal(rijen)),
        ("Clienten", _clienten(rijen, met_code=False)),
    )
    kop = _kop("490", agb, gemeente, f"D{kenmerk}", dag)
    uit: list[tuple[str, Deel]] = [("323", ("Bericht", (kop, ("Declaratie", declaratie))))]
    if eerste["status"] in _BEANTWOORD:
        uit.append(("325", _bericht_325(rijen, gemeente, kenmerk)))
    return uit


def _bericht_325(rijen: Sequence[Cellen], gemeente: str, kenmerk: str) -> Deel:
    """Answer a 323: totals, and only the lines that are rejected (OP303, OP304)."""
    eerste = rijen[0]
    af = [r for r in rijen if r["status"] == "afgekeurd"]
    rest: Sequence[Deel] = (
        ("DeclaratieIdentificatie", _kenmerk(f"D{kenmerk}", eerste["declaratiedagtekening"])),
        ("RetourCodes", (("RetourCode", "0200"),)),
    )
    antwoord: Sequence[Deel] = (
        ("DeclaratieNummer", eerste["declaratienummer"]),
        ("TotaalIngediendBedrag", _totaal(rijen)),
        ("TotaalToegekendBedrag", _totaal([r for r in rijen if r not in af])),
        ("Clienten", _clienten(af, met_code=True)),
        ("RetourCodes", (("RetourCode", "0200" if af else "8001"),)),
    )
    kop = _kop("491", gemeente, eerste["aanbieder_agb"] or "", f"A{kenmerk}", eerste["datum_antwoord"], rest)
    return "Bericht", (kop, ("DeclaratieAntwoord", antwoord))


def _totaal(rijen: Sequence[Cellen]) -> Sequence[Deel]:
    """Debits minus credits (IV086)."""
    som = sum(int(r["ingediend_bedrag"] or 0) * (-1 if r["debet_credit"] == "C" else 1) for r in rijen)
    return ("TotaalBedrag", str(abs(som))), ("DebetCredit", "C" if som < 0 else "D")


def _clienten(rijen: Sequence[Cellen], *, met_code: bool) -> Sequence[Deel]:
    """One Client per run of lines of the same person, so that the order of the lines stays."""
    return [
        ("Client", (("Bsn", bsn), ("Prestaties", [("Prestatie", _prestatie(r, met_code=met_code)) for r in eigen])))
        for bsn, eigen in groupby(rijen, key=lambda r: r["bsn"])
    ]


def _prestatie(r: Cellen, *, met_code: bool) -> Sequence[Deel]:
    delen: tuple[Deel, ...] = (
        (
            "ProductReferentie",
            (("ReferentieNummer", r["referentienummer"]), ("VorigReferentieNummer", r["vorig_referentienummer"])),
        ),
        ("ToewijzingNummer", r["toewijzingnummer"]),
        ("ProductCategorie", r["productcategorie"]),
        ("ProductCode", r["productcode"]),
        ("ProductPeriode", (("Begindatum", r["productperiode_begin"]), ("Einddatum", r["productperiode_eind"]))),
        ("GeleverdVolume", r["geleverd_volume"]),
        ("Eenheid", r["eenheid"]),
        ("ProductTarief", r["producttarief"]),
        ("IngediendBedrag", (("Bedrag", r["ingediend_bedrag"]), ("DebetCredit", r["debet_credit"]))),
    )
    return (*delen, ("RetourCodes", (("RetourCode", r["retourcode"]),))) if met_code else delen


def _als_xml(boom: Deel, soort: str, *, voorvoegsels: bool) -> bytes:
    """Write a tree as XML; parts without a value are left out."""
    eigen = f"http://www.istandaarden.nl/ijw/3_2/jw{soort}/schema"
    prefix = f"jw{soort}:" if voorvoegsels else ""
    namen = f' xmlns:ijw="{_BASIS}" xmlns:jw{soort}="{eigen}"' if voorvoegsels else f' xmlns="{eigen}"'
    lichaam = _element(boom, prefix)
    begin = f"<{prefix}Bericht"
    return f'<?xml version="1.0" encoding="UTF-8"?>\r\n{begin}{namen}{lichaam.removeprefix(begin)}\r\n'.encode()


def _element(deel: Deel, prefix: str) -> str:
    naam, inhoud = deel
    if inhoud is None or inhoud == "":
        return ""
    tekst = escape(inhoud) if isinstance(inhoud, str) else "".join(_element(d, prefix) for d in inhoud)
    return f"<{prefix}{naam}>{tekst}</{prefix}{naam}>" if tekst else ""
