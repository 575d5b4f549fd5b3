"""Kinds of real files that the door once read wrongly: each generated, over every dress and every column it can touch.

One example of each, and the files that were sent in, are rows of tests/fixtures/leveringen.csv.
"""

# one case on one line reads as a table
# ruff: noqa: E501

from __future__ import annotations

import csv
import datetime as dt
import io
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.berichten import CONTRACTEN
from pipeline.berichten.kolom import GETALVORMEN, Vorm
from pipeline.domain.catalogus import Catalogus, SeedFout
from pipeline.domain.leveringen import Bericht, Status
from pipeline.domain.maanden import MAANDNAMEN, Maand
from pipeline.intake import lees_bewijzen, neem_in
from pipeline.intake.uitkomst import Stuk, Uitspraak
from pipeline.settings import PROJECT
from tests.fixtures.maak import declaratie, drie
from tests.intake.hulp import (
    CATALOGUS,
    NU,
    D,
    Geval,
    T,
    als_csv,
    beoordeel,
    beoordeel_samen,
    codes,
    deur,
    geraakt,
    goede_rijen,
    instellingen,
    kolommen,
    lever,
    rij,
    stuk,
    veel,
)  # fmt: skip
from tests.intake.werkmappen import als_parquet, als_xlsx, ingepakt, met_gedeelde_teksten, vervang_deel

Rij = dict[str, str]
NEDERLAND = ZoneInfo("Europe/Amsterdam")
OPTIES: dict[str, Any] = {
    "max_examples": 2, "deadline": None, "derandomize": True, "suppress_health_check": list(HealthCheck),
}  # fmt: skip
DATUMS = {b: [k.naam for k in CONTRACTEN[b].met_vorm(Vorm.DATUM)] for b in Bericht}
GETALLEN = [(b, k.naam) for b in Bericht for k in CONTRACTEN[b].met_vorm(*GETALVORMEN)]
TEKSTDRACHTEN: dict[str, Callable[[Bericht, Sequence[Rij]], bytes]] = {
    "csv": als_csv,
    "xlsx": met_gedeelde_teksten,
    "parquet": lambda bericht, rijen: als_parquet(bericht, rijen, typen=False),
    "zip": lambda bericht, rijen: ingepakt(("a.csv", als_csv(bericht, rijen))),
}
"""Every kind of file that holds a table of text; XML has forms of its own."""


def in_elke_dracht(bericht: Bericht, rijen: Sequence[Rij]) -> dict[str, Uitspraak]:
    """Judge the same texts in every dress."""
    return dict(zip(TEKSTDRACHTEN, deur().beoordeel(_in_drachten(bericht, rijen)), strict=True))


def _in_drachten(bericht: Bericht, rijen: Sequence[Rij]) -> list[Stuk]:
    return [stuk(bericht, maak(bericht, rijen), extensie=soort) for soort, maak in TEKSTDRACHTEN.items()]


def inhoud(u: Uitspraak) -> tuple[Any, ...]:
    """What must be the same in every dress."""
    bewijs = u.bewijs
    regels = {b.regel_code: b.n_rijen for b in bewijs.bevindingen if b.n_rijen}
    return bewijs.inhoud_hash, bewijs.rijen, bewijs.bedrag_cent, bewijs.status, regels


def zelfde(bericht: Bericht, rijen: Sequence[Rij], verwacht: Sequence[Rij]) -> Geval:
    """Read in every dress, these rows are those."""
    gewoon, *drachten = yield [stuk(bericht, als_csv(bericht, verwacht)), *_in_drachten(bericht, rijen)]
    assert gewoon.bewijs.rijen.geaccepteerd == len(verwacht)
    for soort, uit in zip(TEKSTDRACHTEN, drachten, strict=True):
        assert inhoud(uit) == inhoud(gewoon), soort


# --- 1: no row is left ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bericht", [T, D])
@settings(**OPTIES)
@given(veel(st.tuples(st.integers(1, 9), st.integers(0, 2), st.booleans()), 4))
def test_niets_goedgekeurd_is_afgekeurd_bij_elk_aantal(bericht: Bericht, gevallen: list[Any]) -> None:
    def geval(fout: int, goed: int, dubbel: bool) -> Geval:
        rijen = [r | {"bsn": "999900007"} for r in goede_rijen(bericht, fout, vanaf=100)] + goede_rijen(bericht, goed)
        rijen += goede_rijen(bericht, 1) if goed and dubbel else []  # a row that is there twice is an accepted row
        for uit in (yield _in_drachten(bericht, rijen)):
            assert uit.bewijs.is_geaccepteerd == (goed > 0)
            assert ("L10" in codes(uit.bewijs)) == (goed == 0)
            assert uit.bewijs.rijen.quarantaine == (fout if goed else fout + goed)

    beoordeel_samen(geval(*g) for g in gevallen)


def test_een_versie_zonder_goede_rijen_vervangt_niets(tmp_path: Path) -> None:
    s = instellingen(tmp_path)
    lever(s, D, als_csv(D, goede_rijen(D, 5)), op=NU - dt.timedelta(days=9))
    lever(s, D, als_csv(D, [r | {"productperiode_eind": "31-03-25"} for r in goede_rijen(D, 5)]), rest="_v2",
          op=NU - dt.timedelta(days=2))  # fmt: skip
    neem_in(s, CATALOGUS, nu=NU)
    oud, nieuw = lees_bewijzen(s.huis)
    assert (oud.status, oud.bedrag_cent.geaccepteerd) == (Status.GEACCEPTEERD, 5 * 85080)
    assert (nieuw.status, nieuw.rijen.geaccepteerd, nieuw.bedrag_cent.geaccepteerd) == (Status.AFGEKEURD, 0, 0)


# --- 2: byte order marks ----------------------------------------------------------------------------------------------

MERKEN = (b"", b"\xef\xbb\xbf", b"\xef\xbb\xbf" * 2, "ï»¿".encode(), b"\xef\xbb\xbf" + "ï»¿".encode())


@settings(**OPTIES)
@given(
    veel(
        st.tuples(
            st.sampled_from(MERKEN), st.sampled_from(["utf-8", "cp1252"]), st.sampled_from(kolommen(D)), st.booleans(),
            st.booleans(),
        ),
        13,
    )
)  # fmt: skip
def test_een_bom_kost_nooit_de_eerste_kolom(gevallen: list[Any]) -> None:
    def geval(merk: bytes, codering: str, eerste: str, aanhalen: bool, zip_: bool) -> Geval:
        namen = [eerste, *(n for n in kolommen(D) if n != eerste)]
        uit = io.StringIO()
        schrijver = csv.writer(uit, delimiter=";", quoting=csv.QUOTE_ALL if aanhalen else csv.QUOTE_MINIMAL)
        schrijver.writerow([*namen, "opmerking"])
        schrijver.writerows([[*(r[n] for n in namen), "Zoë"] for r in drie(D)])
        data = merk + uit.getvalue().encode(codering)
        (u,) = yield [stuk(D, ingepakt(("a.csv", data)), extensie="zip") if zip_ else stuk(D, data)]
        assert u.bewijs.inhoud_hash == beoordeel(D, als_csv(D, drie(D))).bewijs.inhoud_hash
        assert [b.zin for b in u.bewijs.bevindingen if b.n_rijen] == ["Onbekend en niet gelezen: kolom 21 van links."]

    beoordeel_samen(geval(*g) for g in gevallen)


# --- 3: moments with a time zone --------------------------------------------------------------------------------------

JAAR = dt.datetime.fromisoformat("2025-01-02"), dt.datetime.fromisoformat("2025-12-30")
ZONES = st.sampled_from([0, 60, 120, -300, 330, 600])
MOMENTVORMEN: dict[str, Callable[[dt.datetime], str]] = {
    "iso": lambda m: m.isoformat(),
    "z": lambda m: m.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    "zonder seconden": lambda m: m.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%MZ"),
    "utc": lambda m: m.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S.000 UTC"),
    "uren": lambda m: m.astimezone(dt.timezone(dt.timedelta(hours=3))).strftime("%Y-%m-%d %H:%M:%S+03"),
    "spatie": lambda m: m.strftime("%d-%m-%Y %H:%M:%S %z"),
}


@pytest.mark.parametrize("bericht", [T, D])
@settings(**OPTIES)
@given(
    veel(
        st.tuples(
            st.sampled_from(sorted(MOMENTVORMEN)), ZONES, st.dates(dt.date(2024, 12, 1), dt.date(2025, 3, 31)),
            st.times().map(lambda t: t.replace(second=0, microsecond=0)),
        ),
        6,
    )
)  # fmt: skip
def test_een_moment_is_de_nederlandse_dag(bericht: Bericht, gevallen: list[Any]) -> None:
    def geval(vorm: str, voor: int, dag: dt.date, klok: dt.time) -> Geval:
        zone = dt.timezone(dt.timedelta(minutes=voor))
        moment = dt.datetime.combine(dag, klok, NEDERLAND).astimezone(zone)
        hier = moment.astimezone(NEDERLAND)  # a clock that was skipped in spring is another one
        vrij = [n for n in DATUMS[bericht] if n not in ("geboortedatum", "declaratiedagtekening", "toewijzingsdatum")]
        anders = {n: MOMENTVORMEN[vorm](moment) for n in vrij}
        return zelfde(
            bericht,
            [r | anders for r in goede_rijen(bericht, 2)],
            [r | dict.fromkeys(vrij, str(hier.date())) for r in goede_rijen(bericht, 2)],
        )

    beoordeel_samen(geval(*g) for g in gevallen)


@settings(**OPTIES)
@given(veel(st.tuples(st.datetimes(*JAAR), ZONES, st.sampled_from(["tijd", "moment", "samen"]))))
def test_een_tijdstip_met_zone_is_de_nederlandse_klok(gevallen: list[Any]) -> None:
    def geval(wanneer: dt.datetime, voor: int, vorm: str) -> Geval:
        moment = wanneer.replace(microsecond=0, tzinfo=dt.timezone(dt.timedelta(minutes=voor)))
        hier = moment.astimezone(NEDERLAND)
        dagtekst, tijdtekst = {
            "tijd": (str(hier.date()), moment.strftime("%H:%M:%S%z")),
            "moment": (str(hier.date()), moment.isoformat()),
            "samen": (moment.isoformat(), moment.strftime("%H:%M:%S")),
        }[vorm]
        verwacht = {"toewijzingsdatum": str(hier.date()), "toewijzingstijd": hier.strftime("%H:%M:%S")}
        rijen = [r | {"toewijzingsdatum": dagtekst, "toewijzingstijd": tijdtekst} for r in goede_rijen(T, 2)]
        goed = [r | verwacht for r in goede_rijen(T, 2)]
        gewoon, *drachten = yield [stuk(T, als_csv(T, goed)), *_in_drachten(T, rijen)]
        # a clock alone is taken on the Dutch day: on the two days on which the clock moves that may be an hour off
        if vorm == "tijd" and hier.date() in (dt.date(2025, 3, 30), dt.date(2025, 10, 26)):
            return
        for uit in drachten:
            assert uit.geldig is not None or "L04" in codes(uit.bewijs)
            assert inhoud(uit)[0] == gewoon.bewijs.inhoud_hash

    beoordeel_samen(geval(*g) for g in gevallen)


@pytest.mark.parametrize("zone", ["UTC", "+01:00", "Europe/Amsterdam", "America/New_York"])
def test_een_getypt_moment_is_wat_het_als_tekst_is(zone: str) -> None:
    momenten = [dt.datetime(2025, 2, 28, 23, tzinfo=dt.UTC), dt.datetime(9999, 12, 31, 23, 59, tzinfo=dt.UTC)]
    rijen = [
        r | {"einddatum": m.strftime("%Y-%m-%dT%H:%M:%SZ")} for r, m in zip(goede_rijen(T, 2), momenten, strict=True)
    ]
    tabel = pq.read_table(io.BytesIO(als_parquet(T, rijen, typen=False)))
    kolom = tabel.column_names.index("einddatum")
    uit = io.BytesIO()
    pq.write_table(tabel.set_column(kolom, "einddatum", pa.array(momenten, pa.timestamp("us", zone))), uit)
    getypt, tekst = beoordeel(T, uit.getvalue(), extensie="parquet"), beoordeel(T, als_csv(T, rijen))
    assert inhoud(getypt) == inhoud(tekst)
    assert getypt.bewijs.reparaties == tekst.bewijs.reparaties
    assert getypt.geldig is not None
    assert getypt.geldig["einddatum"].to_list() == [dt.date(2025, 3, 1), None]


# --- 4: month and day -------------------------------------------------------------------------------------------------

laat = st.dates(dt.date(2025, 3, 1), dt.date(2030, 12, 31))


@pytest.mark.parametrize("teken", ["/", "-", "."])
@settings(**OPTIES)
@given(veel(st.tuples(st.lists(laat, min_size=2, max_size=8), st.booleans()), 6))
def test_een_kolom_wordt_nooit_half_andersom_gelezen(teken: str, gevallen: list[Any]) -> None:
    def geval(dagen: list[dt.date], amerikaans: bool) -> Geval:
        vorm = f"%m{teken}%d{teken}%Y" if amerikaans else f"%d{teken}%m{teken}%Y"
        rijen = [r | {"einddatum": d.strftime(vorm)} for r, d in zip(goede_rijen(T, len(dagen)), dagen, strict=True)]
        # a bare ISO date in the same column stays
        rijen.append(rij(T, toewijzingnummer="9", einddatum="2025-09-05"))
        bewezen = any(d.day > 12 for d in dagen)
        for uit in (yield _in_drachten(T, rijen)):
            if amerikaans and bewezen:
                assert geraakt(uit, "R06") == list(range(2, len(dagen) + 2))
            else:
                assert uit.geldig is not None
                gelezen = [d if d else None for d in uit.geldig.sort("rij")["einddatum"].to_list()]
                if not amerikaans:
                    assert gelezen == [*dagen, dt.date(2025, 9, 5)]

    beoordeel_samen(geval(*g) for g in gevallen)


@settings(**OPTIES)
@given(veel(st.tuples(st.sampled_from([n for n in DATUMS[T] if n != "einddatum"]), st.booleans()), 6))
def test_een_andere_kolom_van_het_bestand_bewijst_ook_en_een_ander_bestand_niet(gevallen: list[Any]) -> None:
    def geval(kolom: str, zip_: bool) -> Geval:
        dag = "03/01/2025" if kolom != "geboortedatum" else "05/10/2012"
        bewijs = [r | {"einddatum": "08/31/2025"} for r in goede_rijen(T, 2)]
        twijfel = [r | {kolom: dag} for r in goede_rijen(T, 2, vanaf=8000)]
        if zip_:
            leden = (("a.csv", als_csv(T, bewijs)), ("b.csv", als_csv(T, twijfel)))
            (uit,) = yield [stuk(T, ingepakt(*leden), extensie="zip")]
            assert geraakt(uit, "R06") == [2, 3]
        else:
            (uit,) = yield [stuk(T, als_csv(T, [*bewijs, *twijfel]))]
            assert geraakt(uit, "R06") == [2, 3, 4, 5]

    beoordeel_samen(geval(*g) for g in gevallen)


# --- 5: references that became numbers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kolom", ["referentienummer", "vorig_referentienummer", "declaratienummer", "toewijzingnummer"]
)
@settings(**OPTIES)
@given(veel(st.integers(10**14, 10**18), 4))
def test_een_lang_kenmerk_dat_een_getal_werd_is_een_fout(kolom: str, nummers: list[int]) -> None:
    def geval(nummer: int) -> Geval:
        verloren = nummer >= 10**15
        past = CONTRACTEN[D].per_naam[kolom].breedte >= len(str(nummer))
        anders = {"debet_credit": "C"} if kolom == "vorig_referentienummer" else {}
        rijen: list[Mapping[str, Any]] = [rij(D, **anders) | {kolom: nummer}, *goede_rijen(D, 2)]
        tabel = pq.read_table(io.BytesIO(als_parquet(D, goede_rijen(D, 3), typen=False)))
        uit = io.BytesIO()
        getallen = pa.array([float(nummer), 1.0, 2.0])
        pq.write_table(tabel.set_column(tabel.column_names.index(kolom), kolom, getallen), uit)
        teksten = [rij(D, **anders) | {kolom: str(nummer)}, *goede_rijen(D, 2)]
        *als_getal, als_tekst = yield [
            stuk(D, als_xlsx(D, rijen), extensie="xlsx"),
            stuk(D, uit.getvalue(), extensie="parquet"),
            stuk(D, met_gedeelde_teksten(D, teksten), extensie="xlsx"),
        ]
        for u in als_getal:
            assert (geraakt(u, "R15") == [2]) == (verloren or not past)
        assert (geraakt(als_tekst, "R15") == []) == past

    assert CATALOGUS.regels["R15"].zin.endswith("lever de kolom als tekst.")
    beoordeel_samen(geval(n) for n in nummers)


@pytest.mark.parametrize("tekst", ["2,02503E+15", "2.02503e+15", "2E+15", "2.02503011234567E15"])
@pytest.mark.parametrize(
    "kolom", ["referentienummer", "vorig_referentienummer", "declaratienummer", "toewijzingnummer"]
)
def test_een_kenmerk_in_wetenschappelijke_notatie_is_in_elke_dracht_een_fout(kolom: str, tekst: str) -> None:
    for soort, uit in in_elke_dracht(D, [rij(D) | {kolom: tekst}, *goede_rijen(D, 2)]).items():
        assert geraakt(uit, "R15") == [2], soort


# --- 6: three decimals ------------------------------------------------------------------------------------------------

duizendsten = st.integers(1_000, 999_999)


@pytest.mark.parametrize("teken", [",", "."])
@settings(**OPTIES)
@given(veel(st.lists(duizendsten, min_size=1, max_size=6), 5))
def test_een_kolom_met_drie_decimalen_is_geen_kolom_van_duizendtallen(teken: str, gevallen: list[list[int]]) -> None:
    def geval(waarden: list[int]) -> Geval:
        rijen = [
            r | {"volume": f"{w // 1000}{teken}{w % 1000:03d}"}
            for r, w in zip(goede_rijen(T, len(waarden)), waarden, strict=True)
        ]
        for uit in (yield _in_drachten(T, rijen)):
            assert uit.geldig is not None
            gelezen = [round(float(v) * 100) for v in uit.geldig.sort("rij")["volume"]]
            assert gelezen == [(w + 5) // 10 for w in waarden]
            assert geraakt(uit, "R17") == (list(range(2, len(waarden) + 2)) if teken == "." else [])

    beoordeel_samen(map(geval, gevallen))


@settings(**OPTIES)
@given(veel(st.lists(st.tuples(duizendsten, st.booleans(), st.sampled_from(",.")), min_size=1, max_size=6)))
def test_wat_een_rij_zelf_bewijst_geldt_voor_die_rij(gevallen: list[Any]) -> None:
    """Volume x tarief = bedrag in one reading only: whatever the other rows, columns and files say."""

    def geval(rijen: list[tuple[int, bool, str]]) -> Geval:
        delen, verwacht = [], []
        for i, (w, is_duizend, teken) in enumerate(rijen):
            centen = w * 7090 if is_duizend else round(w * 7090 / 1000)
            volume = f"{w // 1000}{teken}{w % 1000:03d}"
            delen.append(rij(D, referentienummer=f"R{i}", geleverd_volume=volume, ingediend_bedrag=str(centen)))
            verwacht.append(w * 100 if is_duizend else (w + 5) // 10)
        leden = ((f"{i}.csv", als_csv(D, [r])) for i, r in enumerate(delen))
        for uit in (yield [*_in_drachten(D, delen), stuk(D, ingepakt(*leden), extensie="zip")]):
            assert uit.geldig is not None
            assert [round(float(v) * 100) for v in uit.geldig.sort("rij")["geleverd_volume"]] == verwacht
            assert not {"R17", "D07"} & codes(uit.bewijs)

    beoordeel_samen(map(geval, gevallen))


@pytest.mark.parametrize(("bericht", "kolom"), GETALLEN)
def test_elke_getalkolom_kan_in_twijfel_zijn_en_zwijgt_daar_niet_over(bericht: Bericht, kolom: str) -> None:
    leeg = {"volume": "", "eenheid": "", "frequentie": "", "productcode": ""} if kolom == "budget" else {}
    leeg |= {"producttarief": ""} if kolom in ("geleverd_volume", "ingediend_bedrag") else {}
    rijen = [r | leeg | {kolom: "150.000"} for r in goede_rijen(bericht, 3)]
    if kolom == "producttarief":  # the product table proves that it is no price in cents
        assert "L08" in codes(beoordeel(bericht, als_csv(bericht, rijen)).bewijs)
        return
    for soort, uit in in_elke_dracht(bericht, rijen).items():
        assert geraakt(uit, "R17") == [2, 3, 4], soort
        assert uit.geldig is not None


# --- 7: quoted cells that hold the separator --------------------------------------------------------------------------


@settings(**OPTIES)
@given(
    veel(
        st.tuples(
            st.integers(0, 19), st.integers(0, 19), st.sampled_from([";", "\n", ";;"]), st.booleans(),
            st.sampled_from(";,\t|"),
        ),
        13,
    )
)  # fmt: skip
def test_een_kromme_rij_met_aanhaling_verschuift_niets(gevallen: list[Any]) -> None:
    gewoon = beoordeel(D, als_csv(D, [drie(D)[0], drie(D)[2]]))

    def geval(plek: int, weg: int, binnen: str, te_veel: bool, teken: str) -> Geval:
        rijen = [[r[n] for n in kolommen(D)] for r in drie(D)]
        rijen[1][plek] = f"x{binnen.replace(';', teken)}y"
        if te_veel:
            rijen[1].insert(weg, "0")
        elif weg != plek:
            del rijen[1][weg]
        uit = io.StringIO()
        schrijver = csv.writer(uit, delimiter=teken, quoting=csv.QUOTE_ALL, lineterminator="\n")
        schrijver.writerows([kolommen(D), *rijen])
        (u,) = yield [stuk(D, uit.getvalue().encode())]
        if te_veel or weg != plek:
            assert geraakt(u, "R01") == [3]
            assert u.bewijs.inhoud_hash == gewoon.bewijs.inhoud_hash
            assert u.bewijs.rijen.ontvangen == 3

    beoordeel_samen(geval(*g) for g in gevallen)


# --- 8: the day numbers of a spreadsheet ------------------------------------------------------------------------------


@settings(**OPTIES)
@given(
    veel(
        st.tuples(
            st.lists(st.one_of(laat, st.sampled_from([dt.date(9999, 12, 31), dt.date(2999, 12, 31)])), min_size=1, max_size=6),
            st.lists(st.booleans(), min_size=6, max_size=6),
        )
    )
)  # fmt: skip
def test_dagnummers_en_open_einden_naast_datums(gevallen: list[Any]) -> None:
    def tekst(dag: dt.date, nummer: bool) -> str:
        return str((dag - dt.date(1899, 12, 30)).days) if nummer else str(dag)

    def geval(dagen: list[dt.date], als_nummer: list[bool]) -> Geval:
        rijen = goede_rijen(T, len(dagen))
        gemengd = [r | {"einddatum": tekst(d, n)} for r, d, n in zip(rijen, dagen, als_nummer, strict=False)]
        gewoon = [r | {"einddatum": str(d)} for r, d in zip(rijen, dagen, strict=True)]
        # as numbers in cells without a format
        getallen = [{**r, "einddatum": int(tekst(d, nummer=True))} for r, d in zip(rijen, dagen, strict=True)]
        eerste, *drachten = yield [
            stuk(T, als_csv(T, gewoon)),
            *_in_drachten(T, gemengd),
            stuk(T, als_xlsx(T, getallen), extensie="xlsx"),
        ]
        assert eerste.bewijs.rijen.geaccepteerd == len(dagen)
        assert [inhoud(u) for u in drachten] == [inhoud(eerste)] * len(drachten)

    beoordeel_samen(geval(*g) for g in gevallen)


# --- 9: a header over several lines -----------------------------------------------------------------------------------


@settings(**OPTIES)
@given(
    veel(
        st.tuples(
            st.sets(st.sampled_from(kolommen(D)), min_size=1), st.sampled_from(["\n", "\r\n"]), st.integers(0, 2),
            st.booleans(), st.sampled_from(";,\t|"),
        ),
        10,
    )
)  # fmt: skip
def test_een_kop_over_meer_regels(gevallen: list[Any]) -> None:
    def geval(over: set[str], einde: str, titels: int, alles: bool, teken: str) -> Geval:
        kop = [n.replace("_", einde) if "_" in n else f"{n[:2]}{einde}{n[2:]}" if n in over else n for n in kolommen(D)]
        uit = io.StringIO()
        schrijver = csv.writer(
            uit, delimiter=teken, lineterminator=einde, quoting=csv.QUOTE_ALL if alles else csv.QUOTE_MINIMAL
        )
        schrijver.writerow(kop)
        schrijver.writerows([[r[n] for n in kolommen(D)] for r in drie(D)])
        (u,) = yield [stuk(D, (f"Declaraties{einde}" * titels + uit.getvalue()).encode())]
        assert inhoud(u) == inhoud(beoordeel(D, als_csv(D, drie(D))))
        assert u.geldig is not None
        assert u.geldig["rij"].to_list() == [titels + 2, titels + 3, titels + 4]  # a header row is one row

    beoordeel_samen(geval(*g) for g in gevallen)


# --- 12: synonyms of the region ---------------------------------------------------------------------------------------


def _met_synoniem(tmp_path: Path, regel: str) -> Catalogus:
    seeds = shutil.copytree(PROJECT / "seeds", tmp_path / "seeds")
    with (seeds / "ref_kolomsynoniemen.csv").open("a", encoding="utf-8") as f:
        f.write(f"{regel},eigen pakket\n")
    return Catalogus.load(seeds)


def test_een_synoniem_van_de_regio_gaat_voor_een_ingebouwd(tmp_path: Path) -> None:
    eigen = deur(catalogus=_met_synoniem(tmp_path, "toewijzingen,Begindatum,ingangsdatum"))
    data = als_csv(T, drie(T)).decode().replace("startdatum_levering", "x").replace("ingangsdatum", "Begindatum", 1)
    (met,) = eigen.beoordeel([stuk(T, data.encode())])
    assert met.geldig is not None
    assert met.geldig["ingangsdatum"].to_list() == [dt.date(2025, 3, 1)] * 3
    assert "L05" in codes(beoordeel(T, data.encode()).bewijs)
    # with the column itself beside it, the synonym gives way
    beide = als_csv(T, drie(T)).decode().replace("startdatum_levering", "Begindatum")
    (uit,) = eigen.beoordeel([stuk(T, beide.encode())])
    assert codes(uit.bewijs) == {"L11"}


def test_twee_koppen_voor_een_kolom_worden_beide_genoemd(tmp_path: Path) -> None:
    eigen = deur(catalogus=_met_synoniem(tmp_path, "toewijzingen,Begindatum,ingangsdatum"))
    data = als_csv(T, drie(T)).decode().replace("startdatum_levering", "Startdatum toewijzing")
    data = data.replace("ingangsdatum", "Begindatum", 1)
    (uit,) = eigen.beoordeel([stuk(T, data.encode())])
    zinnen = [b.zin for b in uit.bewijs.bevindingen if b.n_rijen and b.regel_code == "L06"]
    assert zinnen == [
        "In de kopregel staat ingangsdatum meer dan eens: begindatum (kolom 11) en startdatumtoewijzing (kolom 21)."
    ]


def test_een_synoniem_dat_een_andere_kolom_heet_is_een_fout_in_de_seeds(tmp_path: Path) -> None:
    with pytest.raises(SeedFout, match="einddatum"):
        deur(catalogus=_met_synoniem(tmp_path, "toewijzingen,Einddatum,stopdatum_levering")).beoordeel(
            [stuk(T, als_csv(T, drie(T)))]
        )


# --- 13: small mercies ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bericht", [T, D])
@settings(**OPTIES)
@given(veel(st.tuples(st.integers(0, 4), st.sets(st.integers(0, 2), min_size=1), st.booleans()), 6))
def test_lege_velden_aan_het_eind_mogen_wegblijven(bericht: Bericht, gevallen: list[Any]) -> None:
    optioneel = {T: ["besluitdatum", "verwijzer_type", "leveringsvorm", "budget"], D: ["status", "retourcode"]}[bericht]
    namen = [n for n in kolommen(bericht) if n not in optioneel] + optioneel
    rijen = [r | dict.fromkeys(optioneel, "") for r in drie(bericht)]

    def geval(hoeveel: int, welke: set[int], aanhalen: bool) -> Geval:
        weg = min(hoeveel, len(optioneel))
        stijl = csv.QUOTE_ALL if aanhalen else csv.QUOTE_MINIMAL
        uit = io.StringIO()
        schrijver = csv.writer(uit, delimiter=";", lineterminator="\n", quoting=stijl)
        schrijver.writerow(namen)
        for i, r in enumerate(rijen):
            schrijver.writerow([r[n] for n in namen][: len(namen) - weg if i in welke else None])
        (u,) = yield [stuk(bericht, uit.getvalue().encode())]
        assert u.bewijs.inhoud_hash == beoordeel(bericht, als_csv(bericht, rijen)).bewijs.inhoud_hash
        assert u.bewijs.reparaties.get("rij:aangevuld", 0) == (len(welke) if weg else 0)

    beoordeel_samen(geval(*g) for g in gevallen)


def test_een_veld_dat_midden_in_de_rij_ontbreekt_is_geen_leeg_veld_aan_het_eind() -> None:
    """Filled up, the cells behind it would stand in the wrong column; and nothing of them may be kept (SPEC 8)."""

    def geval(kolom: str) -> Geval:
        regels = als_csv(D, drie(D, vorig_referentienummer="REF0", debet_credit="C")).decode().splitlines()
        cellen = regels[2].split(";")
        del cellen[kolommen(D).index(kolom)]
        regels[2] = ";".join(cellen)
        (u,) = yield [stuk(D, ("\n".join(regels) + "\n").encode())]
        assert geraakt(u, "R01") == [3]
        assert u.quarantaine is not None
        assert {v for k, v in u.quarantaine.row(0, named=True).items() if k in kolommen(D)} == {None}

    beoordeel_samen(map(geval, kolommen(D)[:16]))


@settings(**OPTIES)
@given(
    veel(
        st.tuples(
            laat,
            st.sampled_from(
                ["{d}-{k}-{j}", "{d} {m} {j}", "{d:02d}-{K}-{j}", "{d} {k}. {j}", "vr {d} {m} {j}", "{d}-{k}-{j} 00:00"]
            ),
        ),
        10,
    )
)
def test_maandnamen(gevallen: list[Any]) -> None:
    def geval(dag: dt.date, vorm: str) -> Geval:
        naam = MAANDNAMEN[dag.month - 1]
        kort = "mrt" if dag.month == 3 else naam[:3]
        tekst = vorm.format(d=dag.day, m=naam, k=kort, K=kort.upper(), j=dag.year)
        return zelfde(
            T,
            [r | {"einddatum": tekst} for r in goede_rijen(T, 2)],
            [r | {"einddatum": str(dag)} for r in goede_rijen(T, 2)],
        )

    beoordeel_samen(geval(*g) for g in gevallen)


def test_wat_bij_een_geweigerde_datum_wordt_gezegd() -> None:
    zin = CATALOGUS.regels["R06"].zin
    assert all(vorm in zin for vorm in ("jjjj-mm-dd", "dd-mm-jjjj", "5 augustus 2026"))
    for tekst in ("2026-08-05", "05-08-2026", "5 augustus 2026"):
        assert geraakt(beoordeel(T, als_csv(T, [rij(T, einddatum=tekst)])), "R06") == []


# --- 14: kinds from public issue trackers -----------------------------------------------------------------------------


def _blad(door: Callable[[bytes], bytes], deel: str = "xl/sharedStrings.xml") -> bytes:
    return vervang_deel(met_gedeelde_teksten(D, drie(D)), deel, door)


def _elk_deel(door: Callable[[str, bytes], bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(met_gedeelde_teksten(D, drie(D)))) as zip_:
        return ingepakt(*((n, door(n, zip_.read(n))) for n in zip_.namelist()))


def _getypt(kolom: str, waarden: pa.Array) -> bytes:
    tabel = pq.read_table(io.BytesIO(als_parquet(D, drie(D), typen=False)))
    uit = io.BytesIO()
    pq.write_table(tabel.set_column(tabel.column_names.index(kolom), kolom, waarden), uit)
    return uit.getvalue()


def _met_opmerking(cel: str) -> bytes:
    kop, *regels = als_csv(D, drie(D)).decode().splitlines()
    return "\n".join([f"{kop};opmerking", *(f"{r};{cel}" for r in regels), ""]).encode()


GEWOON = als_csv(D, drie(D)).decode()
XMLNS, STRICT = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
OPENBAAR: list[tuple[str, str, str, Callable[[], bytes], set[str]]] = [
    # source, what it is, kind of file, input, codes that fire; without any of them the rows are the plain ones
    ("JnLlnd/ObjCSV#10", '="0123": een tekst voor Excel', "csv", lambda: GEWOON.replace("42345678", '="42345678"').encode(), set()),
    ("Cinchoo/ChoETL#78", '"=""0123""": hetzelfde, aangehaald', "csv",
     lambda: GEWOON.replace("42345678", '"=""42345678"""').encode(), set()),
    ("hhurz/tableExport.jquery.plugin#296", "'0123: een apostrof ervoor", "csv",
     lambda: GEWOON.replace("42345678", "'42345678").encode(), set()),
    ("hhurz/tableExport.jquery.plugin#103", "een onzichtbaar teken ervoor", "csv",
     lambda: GEWOON.replace("42345678", "\x1f42345678").encode(), {"L01"}),
    ("C2FO/fast-csv#112", r"\" in plaats van een dubbel aanhalingsteken", "csv",
     lambda: _met_opmerking(r'"de \"gele\"; map"'), {"L11"}),
    ("stevehansen/csv#35", "een cel die op een backslash eindigt", "csv", lambda: _met_opmerking('"map\\"'), {"L11"}),
    ("pola-rs/polars#12893", "een tijdzone als verschil met UTC", "parquet",
     lambda: _getypt("declaratiedagtekening", pa.array([dt.datetime(2025, 3, 30, 22, tzinfo=dt.UTC)] * 3, pa.timestamp("us", "+10:00"))),
     set()),
    ("pola-rs/polars#7444", "een decimaal van 256 bits", "parquet",
     lambda: _getypt("ingediend_bedrag", pa.array([70900, 77990, 85080]).cast(pa.decimal256(50, 2))), set()),
    ("pola-rs/polars#20946", "breuken van 16 bits", "parquet",
     lambda: _getypt("geleverd_volume", pa.array([10.0, 11.0, 12.0]).cast(pa.float16())), set()),
    ("apache/parquet-format, LogicalTypes: geen kalender", "een duur waar een dag hoort", "parquet",
     lambda: _getypt("datum_antwoord", pa.array([None, None, 1], pa.duration("s"))), {"R06"}),
    ("tafia/calamine#469", "_x000D_ achter een tekst", "xlsx", lambda: _blad(lambda x: x.replace(b"REF1<", b"REF1_x000D_<")), set()),
    ("SheetJS/sheetjs#476", "een uitspraak (rPh) bij een tekst", "xlsx",
     lambda: _blad(lambda x: x.replace(b"<t>REF1</t>", b'<t>REF1</t><rPh sb="0" eb="1"><t>X9</t></rPh>')), set()),
    ("ExcelDataReader/ExcelDataReader#682", "relaties met een voorvoegsel", "xlsx",
     lambda: _elk_deel(lambda n, x: x.replace(b"<Relationship", b"<a:Relationship").replace(b"</Relationship", b"</a:Relationship")
                       .replace(b"xmlns=", b"xmlns:a=") if n.endswith(".rels") else x), set()),
    ("JanKallman/EPPlus#134", "een werkmap in de strenge vorm van de norm", "xlsx",
     lambda: _elk_deel(lambda n, x: x.replace(XMLNS + b"spreadsheetml/2006/main", STRICT + b"spreadsheetml/main").replace(
         XMLNS + b"officeDocument/2006/relationships", STRICT + b"officeDocument/relationships")), set()),
    ("ExcelDataReader/ExcelDataReader#221", 't="d": een dag als ISO-tekst', "xlsx",
     lambda: vervang_deel(als_xlsx(D, drie(D)), "xl/worksheets/sheet1.xml",
                          lambda x: x.replace(b' t="n"><v>45747</v>', b' t="d"><v>2025-03-31</v>')), set()),
    ("python/cpython#81580", "commentaar midden in een waarde", "xml",
     lambda: declaratie().replace(b">70900<", b">709<!-- x -->00<"), set()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("bron", "wat", "soort", "maak", "regels"), OPENBAAR, ids=[f"{b}: {w}" for b, w, *_ in OPENBAAR]
)
def test_een_soort_uit_een_openbaar_meldpunt(
    bron: str, wat: str, soort: str, maak: Callable[[], bytes], regels: set[str]
) -> None:
    u = beoordeel(D, maak(), extensie=soort)
    assert codes(u.bewijs) == regels, (bron, wat)
    leeg = {"status": ""} if soort == "xml" else {}
    if regels <= {"L11"}:
        assert u.bewijs.inhoud_hash == beoordeel(D, als_csv(D, drie(D, **leeg))).bewijs.inhoud_hash


# --- 15: form is judged where it can do harm --------------------------------------------------------------------------

zichtbaar = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="<>"), min_size=1, max_size=18
)


@settings(**OPTIES)
@given(
    veel(
        st.text(
            st.characters(codec="utf-8", exclude_characters="\x00\r\ufeff", exclude_categories=["Cc", "Cs"]), max_size=60
        ),
        13,
    )
)  # fmt: skip
def test_wat_niet_wordt_bewaard_weigert_geen_rij(teksten: list[str]) -> None:
    def geval(tekst: str) -> Geval:
        rijen = [rij(T, referentie_aanbieder=tekst), rij(T, toewijzingnummer="2", referentie_aanbieder="twee\nregels")]
        verwacht = beoordeel(T, als_csv(T, [r | {"referentie_aanbieder": ""} for r in rijen]))
        parquet = stuk(T, als_parquet(T, rijen, typen=False), extensie="parquet")
        for u in (yield [stuk(T, als_csv(T, rijen, quoting=1)), parquet]):
            assert inhoud(u) == inhoud(verwacht)

    beoordeel_samen(map(geval, teksten))


@settings(**OPTIES)
@given(veel(zichtbaar, 13))
def test_een_kenmerk_mag_alles_wat_zichtbaar_is(teksten: list[str]) -> None:
    def geval(tekst: str) -> Geval:
        rijen = [rij(D, referentienummer=f"R{tekst}1"), *goede_rijen(D, 2)]
        (u,) = yield [stuk(D, als_csv(D, rijen, quoting=1))]
        assert geraakt(u, "R15") == []

    beoordeel_samen(map(geval, teksten))


@pytest.mark.parametrize("tekst", ["=1+1", "+1", "-1", "@A1", "R<b>1", "R\u202e1", "Jansen", "R1" + "9" * 19])
def test_wat_kwaad_kan_blijft_een_fout(tekst: str) -> None:
    assert geraakt(beoordeel(D, als_csv(D, [rij(D, referentienummer=tekst), *goede_rijen(D, 2)])), "R15") == [2]


@pytest.mark.parametrize(("maand", "raakt"), [("2025-01", False), ("2025-02", True), ("2024-12", True)])
def test_de_eerste_levering_van_een_gemeente_mag_oud_zijn(maand: str, raakt: bool) -> None:
    rijen = [r | {"declaratiedagtekening": "2024-03-31", "producttarief": "6720", "ingediend_bedrag": "80640",
                  "productperiode_begin": "2024-03-01", "productperiode_eind": "2024-03-31"} for r in drie(D)]  # fmt: skip
    u = beoordeel(D, als_csv(D, [r | {"geleverd_volume": "12"} for r in rijen]), maand=Maand.lees(maand))
    assert ("L04" in codes(u.bewijs)) == raakt
