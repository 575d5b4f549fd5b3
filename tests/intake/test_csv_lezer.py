"""CSV in every dress: what is a row, what is none, and that the same rows come out whatever they wear."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.intake.readers import Grenzen, Onleesbaar, lees
from pipeline.intake.uitpakken import keur_leden
from tests.bestanden import kenmerk_als_merk
from tests.intake.hulp import (
    D,
    Geval,
    T,
    als_csv,
    beoordeel,
    beoordeel_samen,
    codes,
    geraakt,
    goede_rijen,
    kolommen,
    rij,
    stuk,
    veel,
)

GRENZEN = Grenzen(max_bytes=2**20, rij_max_tekens=5000, kolommen_max=60)


def inhoud(bericht: object, data: bytes, **anders: object) -> tuple[str, int]:
    """What the doors make of a file, apart from how it looked."""
    bewijs = beoordeel(bericht, data, **anders).bewijs  # type: ignore[arg-type]
    return bewijs.inhoud_hash, bewijs.rijen.geaccepteerd


BASIS = als_csv(T, goede_rijen(T, 4))


@pytest.mark.parametrize(
    "data",
    [
        als_csv(T, goede_rijen(T, 4), teken=","),
        als_csv(T, goede_rijen(T, 4), teken="\t"),
        als_csv(T, goede_rijen(T, 4), teken="|"),
        als_csv(T, goede_rijen(T, 4), quoting=1),
        b"\xef\xbb\xbf" + BASIS,
        BASIS.replace(b"\n", b"\r\n"),
        BASIS.decode().encode("utf-16"),
        b"\xfe\xff" + BASIS.decode().encode("utf-16-be"),
        BASIS.replace(b"\n", b"\r"),
        BASIS.rstrip(b"\n"),
        "Geïndiceerd;\nOverzicht\n\n".encode("cp1252") + BASIS,
        b"sep=;\n" + BASIS,
        BASIS + b";;;;;;;;;;;;;;;;;;;;;;;\n\n  \n",
        BASIS + b"Totaal;;;;;;;;;;;;;40;;;;;;;;;;\n",
        BASIS + b";;;;;;;;;;;;;40;;;;;;;;;;\n",
        als_csv(T, [{k: (f" {v}\u00a0" if v else v) for k, v in r.items()} for r in goede_rijen(T, 4)]),
        als_csv(T, goede_rijen(T, 4), kop=[k.upper().replace("_", "-") for k in kolommen(T)]),
        als_csv(T, goede_rijen(T, 4), kop=[k.replace("_", " ").title() for k in kolommen(T)]),
        als_csv(T, [r | {"einddatum": "31-8-2025", "ingangsdatum": "01.03.2025"} for r in goede_rijen(T, 4)]),
        als_csv(T, [r | {"einddatum": "2025-08-31T00:00:00+02:00"} for r in goede_rijen(T, 4)]),
        als_csv(T, [r | {"geboortedatum": "41039", "einddatum": "45900.0"} for r in goede_rijen(T, 4)]),
        als_csv(T, [r | {"volume": "10,00"} for r in goede_rijen(T, 4)]),
        als_csv(T, [r | {"eenheid": "4", "verwijzer_type": "1"} for r in goede_rijen(T, 4)]),
        als_csv(T, list(reversed(goede_rijen(T, 4)))),
        als_csv(T, [r | {"leveringsvorm": "zin"} for r in goede_rijen(T, 4)]),
    ],
)
def test_zelfde_rijen_in_andere_dracht(data: bytes) -> None:
    assert inhoud(T, data) == inhoud(T, BASIS)


def _ingepakt(*leden: tuple[str, bytes]) -> bytes:
    uit = io.BytesIO()
    with zipfile.ZipFile(uit, "w", zipfile.ZIP_DEFLATED) as z:
        for naam, data in leden:
            z.writestr(naam, data)
    return uit.getvalue()


def test_zip_van_een_of_meer_bestanden() -> None:
    rijen = goede_rijen(T, 4)
    een = _ingepakt(("a.csv", BASIS))
    twee = _ingepakt(("a.csv", als_csv(T, rijen[:1])), ("map/b.csv", b"Titel\n" + als_csv(T, rijen[1:])))
    assert inhoud(T, een, extensie="zip") == inhoud(T, BASIS)
    uitspraak = beoordeel(T, twee, extensie="zip")
    assert (uitspraak.bewijs.inhoud_hash, uitspraak.bewijs.rijen.geaccepteerd) == inhoud(T, BASIS)
    assert uitspraak.bewijs.niet_data["titel"] == 1
    assert uitspraak.geldig is not None
    assert uitspraak.geldig["rij"].to_list() == [2, 5, 6, 7]


def test_bedragen_in_alle_vormen() -> None:
    kaal = als_csv(D, [rij(D, geleverd_volume="200", ingediend_bedrag="1418000")])
    for tekst in (
        "1.418.000",
        "1418000,00",
        "1,418,000",
        "€ 1.418.000",
        "1 418 000",
        "1\u00a0418\u00a0000,00",
        "1418000.00",
        "+1418000",
    ):
        assert inhoud(D, als_csv(D, [rij(D, geleverd_volume="200", ingediend_bedrag=tekst)])) == inhoud(D, kaal), tekst
    euro = als_csv(D, [rij(D, geleverd_volume="200", producttarief="70,90", ingediend_bedrag="€ 14.180,00")])
    punt = als_csv(D, [rij(D, geleverd_volume="200", producttarief="70.90", ingediend_bedrag="14,180.00")])
    gewoon = beoordeel(D, euro, gemeente="GM0163")
    assert gewoon.bewijs.bedrag_cent.geaccepteerd == 1418000
    assert inhoud(D, punt, gemeente="GM0163") == (gewoon.bewijs.inhoud_hash, 1)
    assert gewoon.geldig is not None
    assert str(gewoon.geldig["producttarief_cent"][0]) == "7090.0000"


@pytest.mark.parametrize(
    ("rijen", "volumes"),
    [
        # the amounts prove that 1.500 hours are one and a half
        ([{"geleverd_volume": "1.500", "ingediend_bedrag": "10635"}], ["1.50"]),
        # and here that they are fifteen hundred
        ([{"geleverd_volume": "1.500", "ingediend_bedrag": "10635000"}], ["1500.00"]),
        # another cell of the column shows what the point is
        ([{"geleverd_volume": "1.500"}, {"geleverd_volume": "7.5", "referentienummer": "2"}], ["1.50", "7.50"]),
        ([{"geleverd_volume": "1.500"}, {"geleverd_volume": "7,5", "referentienummer": "2"}], ["1500.00", "7.50"]),
        # nothing tells: what was agreed, and a signal
        ([{"geleverd_volume": "1.500", "producttarief": ""}], ["1.50"]),
        ([{"geleverd_volume": "1,500", "producttarief": ""}], ["1.50"]),
        (
            [{"geleverd_volume": v, "producttarief": "", "referentienummer": v} for v in ("1.500", "12")],
            ["1500.00", "12.00"],
        ),
        ([{"geleverd_volume": "0.500", "producttarief": ""}], ["0.50"]),
    ],
)
def test_een_punt_voor_drie_cijfers(rijen: list[dict[str, str]], volumes: list[str]) -> None:
    uitspraak = beoordeel(D, als_csv(D, [rij(D, **r) for r in rijen]))
    assert uitspraak.geldig is not None
    assert [str(v) for v in uitspraak.geldig["geleverd_volume"]] == volumes


def test_dagnummers_en_datums_staan_naast_elkaar() -> None:
    rijen = goede_rijen(T, 3)
    rijen[0]["einddatum"] = "45900"
    uitspraak = beoordeel(T, als_csv(T, rijen))
    assert uitspraak.geldig is not None
    assert uitspraak.geldig["einddatum"].to_list() == [dt.date(2025, 8, 31)] * 3


def test_rij_met_meer_of_minder_velden() -> None:
    goed = als_csv(D, goede_rijen(D, 2)).decode().split("\n")
    data = "\n".join([goed[0], goed[1] + ";x", goed[2], goed[1].replace("D1;", "", 1), "zomaar een zin"])
    uitspraak = beoordeel(D, data.encode())
    assert geraakt(uitspraak, "R01") == [2, 4, 5]
    assert uitspraak.bewijs.rijen.ontvangen == 4
    assert uitspraak.bewijs.bedrag_cent.ontvangen == 85080
    # every row ends with a separator: a habit, not a fault
    staart = "\n".join([goed[0], goed[1] + ";", goed[2] + ";"])
    assert inhoud(D, staart.encode()) == inhoud(D, als_csv(D, goede_rijen(D, 2)))


def test_aanhalingstekens_die_ergens_om_staan() -> None:
    kop, *rest = als_csv(D, goede_rijen(D, 3)).decode().rstrip().split("\n")
    los = "\n".join([kop, rest[0].replace(";5000;", ';5000"a;'), '"' + rest[1], rest[2]])
    uitspraak = beoordeel(D, los.encode())
    assert uitspraak.bewijs.rijen.ontvangen == 3
    assert geraakt(uitspraak, "R01") == [3]
    meer = als_csv(D, [rij(D, status="in\nbehandeling;x"), rij(D, referentienummer="2")])
    uitspraak = beoordeel(D, meer)
    assert uitspraak.bewijs.rijen.ontvangen == 2
    assert geraakt(uitspraak, "D29") == [2]


def test_tellingen_van_wat_geen_rij_is() -> None:
    data = b"Titel\n\nNog een titel\n" + BASIS + b";;;;;;;;;;;;;;;;;;;;;;;\nTotaal;;;;;;;;;;;;;40;;;;;;;;;;\n\n"
    bewijs = beoordeel(T, data).bewijs
    assert bewijs.niet_data == {"titel": 2, "leeg": 3, "totaal": 1}
    assert bewijs.rijen_in_bestand == 4 + 6
    eerste = next(iter(beoordeel(T, data).geldig["rij"]))  # type: ignore[index]
    assert eerste == 5


def test_een_rij_met_alleen_een_bsn_is_geen_totaal() -> None:
    data = als_csv(T, [{"bsn": "999900006"}, {"bsn": "999900018"}])
    assert beoordeel(T, data).bewijs.rijen.ontvangen == 2


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n\n",
        bytes(range(256)) * 8,
        b"bsn;x\x00y\n",
        b"\xff\xfeb\x00s\x00n\x00x",
        b"PK\x03\x04rommel",
        b"PAR1rommel",
        b"\x81\x8d\x8f\n" + BASIS,
        b"bsn;geboortedatum\n" + b"9" * 6000,
        b";".join(f"k{i}".encode() for i in range(80)) + b";bsn;geslacht;geboortedatum;volume\n",
        b"x" * (2**20 + 1),
    ],
)
def test_wat_geen_csv_is_krijgt_een_zin(data: bytes) -> None:
    from pipeline.berichten import CONTRACTEN
    from pipeline.berichten.koppen import herkenning

    with pytest.raises(Onleesbaar) as fout:
        lees(data, "csv", lambda c: herkenning(c, list(CONTRACTEN.values())), GRENZEN)
    assert fout.value.zin.endswith(".")


def test_zip_die_niet_mag() -> None:
    for data in (b"PK\x03\x04half", _ingepakt(), _ingepakt(("a.exe", b"x")), _ingepakt(("a.csv", b"0" * 2**20 * 3))):
        with pytest.raises(Onleesbaar):
            lees(data, "zip", len, GRENZEN)
    versleuteld = zipfile.ZipInfo("a.csv")
    versleuteld.flag_bits |= 1
    with pytest.raises(Onleesbaar, match="versleuteld"):
        keur_leden([versleuteld], 10, GRENZEN)
    bom = zipfile.ZipInfo("a.csv")
    bom.file_size = 2**20 + 2**19
    with pytest.raises(Onleesbaar, match="te groot"):
        keur_leden([bom], 100, Grenzen(2**30, 5000, 60))


@pytest.mark.parametrize("extensie", ["xlsx", "parquet", "xml", "zip"])
def test_een_csv_met_een_andere_extensie_is_een_csv(extensie: str) -> None:
    assert inhoud(T, BASIS, extensie=extensie) == inhoud(T, BASIS)


def test_tekst_zonder_kopregel() -> None:
    bewijs = beoordeel(T, b"999900006;2012-05-10;1\n999900018;2012-05-10;1\n").bewijs
    assert codes(bewijs) == {"L05"}
    assert bewijs.rijen.ontvangen == 2


dagen = st.dates(dt.date(1995, 1, 1), dt.date(2030, 12, 31))
kenmerken = st.text("ABCabc019./-_", min_size=1, max_size=9).map(lambda t: "R1" + t)
rijen_ = st.lists(
    st.fixed_dictionaries(
        {
            "referentienummer": kenmerken,
            "datum_antwoord": dagen,
            "centen": st.integers(0, 10**9),
            "volume": st.integers(0, 10**6),
        }
    ),
    min_size=1,
    max_size=6,
)
drachten = st.fixed_dictionaries(
    {
        "teken": st.sampled_from(";,\t|"),
        "aanhalen": st.booleans(),
        "codering": st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]),
        "einde": st.sampled_from(["\n", "\r\n"]),
        "datum": st.sampled_from(
            ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%dT00:00:00", "%Y-%m-%d 00:00:00"]
        ),
        "duizend": st.sampled_from(["", ".", ",", " "]),
        "titels": st.integers(0, 3),
        "leeg": st.integers(0, 3),
        "volgorde": st.randoms(use_true_random=False),
    }
)


@settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(veel(st.tuples(rijen_, drachten), 13))
def test_elke_tabel_komt_in_elke_dracht_hetzelfde_terug(gevallen: list[tuple[list[dict], dict]]) -> None:
    beoordeel_samen(_komt_terug(*geval) for geval in gevallen)


def _komt_terug(rijen: list[dict], dracht: dict) -> Geval:
    namen = kolommen(D)
    dracht["volgorde"].shuffle(namen)
    regels = []
    for r in rijen:
        bedrag = f"{r['centen']:,}".replace(",", dracht["duizend"])
        rij_ = rij(
            D,
            referentienummer=r["referentienummer"],
            datum_antwoord=r["datum_antwoord"].strftime(dracht["datum"]),
            ingediend_bedrag=bedrag,
            geleverd_volume=str(r["volume"]),
        )
        regels.append([f'"{rij_[n]}"' if dracht["aanhalen"] or dracht["teken"] in rij_[n] else rij_[n] for n in namen])
    teken = dracht["teken"]
    lijnen = ["Geïndiceerd"] * dracht["titels"] + [teken.join(namen), *map(teken.join, regels)]
    lijnen += [teken * (len(namen) - 1)] * dracht["leeg"]
    data = (dracht["einde"].join(lijnen) + dracht["einde"]).encode(dracht["codering"])
    (uitspraak,) = yield [stuk(D, data)]
    assert uitspraak.bewijs.niet_data == {"titel": dracht["titels"], "leeg": dracht["leeg"], "totaal": 0}
    alles = [x for x in (uitspraak.geldig, uitspraak.quarantaine) if x is not None]
    assert sum(x.height for x in alles) == len(rijen)
    assert uitspraak.bewijs.bedrag_cent.ontvangen == sum(r["centen"] for r in rijen)
    gelezen = {} if uitspraak.geldig is None else {x["rij"]: x for x in uitspraak.geldig.to_dicts()}
    weg = [] if uitspraak.quarantaine is None else uitspraak.quarantaine["redenen"].to_list()
    assert set(weg) <= {"D14", "L10"}  # the same reference twice with other content is no matter of reading
    for i, r in enumerate(rijen):
        x = gelezen.get(i + 2 + dracht["titels"])
        if x is not None:
            merk = kenmerk_als_merk(r["referentienummer"], "regel")
            assert (x["referentienummer"], x["datum_antwoord"]) == (merk, r["datum_antwoord"])
            assert (x["ingediend_bedrag_cent"], int(x["geleverd_volume"])) == (r["centen"], r["volume"])


def test_geldige_rijen_hebben_de_soorten_van_het_contract() -> None:
    from pipeline.berichten.uitvoer import uitvoer

    for bericht in (T, D):
        geldig = beoordeel(bericht, als_csv(bericht, goede_rijen(bericht, 2))).geldig
        assert geldig is not None
        assert geldig.schema == pl.Schema(uitvoer(bericht))
