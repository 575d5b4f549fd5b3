"""Any table in any dress reads back the same accepted rows: CSV, xlsx, Parquet, iJw messages, alone or in a zip."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.berichten import CONTRACTEN
from pipeline.berichten.kolom import GETALVORMEN, Vorm
from pipeline.domain.leveringen import Bericht, Ontvangstbewijs
from pipeline.synth.dracht import NUL_CODES, kop_van
from pipeline.synth.xml_dracht import NIET_IN_301, berichten
from tests.intake.hulp import GEMEENTE, D, Geval, T, als_csv, beoordeel_samen, kolommen, rij, stuk, veel
from tests.intake.werkmappen import als_parquet, als_xlsx, ingepakt, met_gedeelde_teksten

Rij = dict[str, str]

# --- tables -----------------------------------------------------------------------------------------------------------

dagen = st.dates(dt.date(1995, 1, 1), dt.date(2030, 12, 31)).map(str)
agbs = st.sampled_from(["06123456", "00000123", "42345678"]).filter(lambda a: len(a.lstrip("0")) >= 6)
bsns = st.sampled_from(["999900006", "999900018", "999990019"])
kenmerken = st.text("ABCabc019./-_ ", min_size=0, max_size=8).map(lambda t: f"R1{t}".strip())
volumes = st.one_of(st.integers(0, 10**6).map(str), st.integers(0, 10**7).map(lambda n: f"{n / 100:.2f}"))
centen = st.one_of(st.integers(0, 10**4), st.integers(0, 10**9)).map(str)
declaraties = st.fixed_dictionaries(
    {
        "bsn": bsns,
        "aanbieder_agb": agbs,
        "vorig_referentienummer": st.one_of(st.just(""), kenmerken),
        "toewijzingnummer": st.integers(0, 999_999_999).map(str),
        "geleverd_volume": volumes,
        "producttarief": st.integers(4000_0000, 12000_0000).map(lambda n: f"{n / 10_000:.4f}"),
        "ingediend_bedrag": centen,
        "eenheid": st.sampled_from(["04", "01", "16", "82"]),
        "debet_credit": st.sampled_from("DC"),
        "productperiode_begin": dagen,
    }
)
toewijzingen = st.fixed_dictionaries(
    {
        "bsn": bsns,
        "geboortedatum": st.dates(dt.date(1901, 1, 1), dt.date(2030, 1, 1)).map(str),
        "geslacht": st.sampled_from("012"),
        "aanbieder_agb": agbs,
        "referentie_aanbieder": st.one_of(st.just(""), kenmerken),
        "toewijzingstijd": st.one_of(st.just(""), st.times().map(lambda t: t.strftime("%H:%M:%S"))),
        "ingangsdatum": st.dates(dt.date(1995, 1, 1), dt.date(2024, 12, 31)).map(str),
        "einddatum": st.one_of(st.just(""), st.dates(dt.date(2025, 1, 1), dt.date(2099, 1, 1)).map(str)),
        "reden_wijziging": st.sampled_from(["", "01", "04", "13"]),
        "volume": st.one_of(st.just(""), volumes),
        "eenheid": st.sampled_from(["", "04", "14", "83"]),
        "frequentie": st.sampled_from(["", "2", "6"]),
        "budget": st.one_of(st.just(""), st.integers(0, 99_999_999).map(str)),
    }
)


def _rijen(bericht: Bericht, delen: Sequence[Mapping[str, str]]) -> list[Rij]:
    uniek = "toewijzingnummer" if bericht is T else "referentienummer"
    leeg = dict.fromkeys(NIET_IN_301, "") if bericht is T else {"status": "", "retourcode": "", "datum_antwoord": ""}
    eigen = {"productperiode_eind": "2030-12-31"} if bericht is D else {}
    rijen = [{**rij(bericht), **deel, **leeg, **eigen, uniek: str(7000 + i)} for i, deel in enumerate(delen)]
    return [{n: r[n] for n in kolommen(bericht)} for r in rijen]


# --- dresses ----------------------------------------------------------------------------------------------------------

DATUMS = (
    "%Y-%m-%d", "%d-%m-%Y", "%-d-%-m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y-%m-%dT00:00:00", "%d-%m-%Y 00:00",
    "%Y-%m-%d 00:00:00.000",
)  # fmt: skip


@dataclass(frozen=True)
class Dracht:
    """How a CSV is written."""

    teken: str
    aanhalen: int
    codering: str
    einde: str
    datum: str
    decimaal: str
    duizend: str
    titels: int
    leeg: int
    totaal: bool
    kop: str
    nullen_weg: bool
    wit: str
    volgorde: Any


drachten = st.builds(
    Dracht,
    teken=st.sampled_from(";,\t|"),
    aanhalen=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    codering=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    einde=st.sampled_from(["\n", "\r\n", "\r"]),
    datum=st.sampled_from(DATUMS),
    decimaal=st.sampled_from(",."),
    duizend=st.sampled_from(["", "groep", " ", "\u00a0"]),
    titels=st.integers(0, 3),
    leeg=st.integers(0, 3),
    totaal=st.booleans(),
    kop=st.sampled_from(["snake", "spatie", "streep", "hoofd", "ijw", "ggm"]),
    nullen_weg=st.booleans(),
    wit=st.sampled_from(["", " ", "\u00a0"]),
    volgorde=st.randoms(use_true_random=False),
)


def _cel(bericht: Bericht, naam: str, tekst: str, d: Dracht) -> str:
    vorm = CONTRACTEN[bericht].per_naam[naam].vorm
    if not tekst:
        return ""
    if vorm is Vorm.DATUM:
        return d.wit + dt.date.fromisoformat(tekst).strftime(d.datum)
    if vorm in GETALVORMEN:
        heel, _, breuk = tekst.partition(".")
        duizend = {"groep": "," if d.decimaal == "." else "."}.get(d.duizend, d.duizend)
        heel = f"{int(heel):,}".replace(",", duizend)
        if duizend in (",", ".") and len(heel) in range(5, 8) and not breuk:
            breuk = "00"  # 1.234 by itself could be a fraction: test_tweede_blik.py
        return heel + (d.decimaal + breuk if breuk else "") + d.wit
    return tekst.lstrip("0") if d.nullen_weg and naam in NUL_CODES else tekst


def als_dracht(bericht: Bericht, rijen: Sequence[Rij], d: Dracht) -> bytes:
    """Write rows as CSV in a dress."""
    namen = kolommen(bericht)
    d.volgorde.shuffle(namen)
    uit = io.StringIO()
    schrijver = csv.writer(uit, delimiter=d.teken, quoting=d.aanhalen, lineterminator="\n")  # type: ignore[arg-type]
    schrijver.writerow([kop_van(bericht, n, d.kop) for n in namen])
    schrijver.writerows([_cel(bericht, n, r[n], d) for n in namen] for r in rijen)
    geld = CONTRACTEN[bericht].geldkolom
    if d.totaal:
        som = _cel(bericht, geld, str(sum(int(r[geld] or 0) for r in rijen)), d)
        woord = next(n for n in namen if n != geld)
        schrijver.writerow([{geld: som, woord: "Totaal"}.get(n, "") for n in namen])
    tekst = "Geïndiceerde jeugdhulp\n" * d.titels + uit.getvalue() + d.teken * (len(namen) - 1) + "\n"
    tekst += (d.teken * (len(namen) - 1) + "\n") * d.leeg
    return tekst.replace("\n", d.einde).encode(d.codering)


def _als_berichten(bericht: Bericht, rijen: Sequence[Rij]) -> bytes:
    tekst = pl.DataFrame(list(rijen)).with_columns(pl.all().replace({"": None}))
    return berichten(tekst, bericht, GEMEENTE).als_zip()


def _gelijk(bewijs: Ontvangstbewijs) -> tuple[Any, ...]:
    regels = {b.regel_code: b.n_rijen for b in bewijs.bevindingen if b.n_rijen and b.regel_code not in ("R11", "L11")}
    return bewijs.inhoud_hash, bewijs.rijen, bewijs.bedrag_cent, bewijs.status, regels


def _proef(bericht: Bericht, delen: Sequence[Mapping[str, str]], d: Dracht, titels: int, tekst: bool) -> Geval:
    rijen = _rijen(bericht, delen)
    gekleed = als_dracht(bericht, rijen, d)
    xlsx = als_xlsx(bericht, rijen, titels=titels, als_tekst=tekst)
    soorten: dict[str, Callable[[], bytes]] = {
        "csv": lambda: gekleed,
        "csv.zip": lambda: ingepakt(("a.csv", gekleed)),
        "xlsx": lambda: xlsx,
        "tekst.xlsx": lambda: met_gedeelde_teksten(bericht, rijen),
        "xlsx.zip": lambda: ingepakt(("map/a.xlsx", xlsx)),
        "parquet": lambda: als_parquet(bericht, rijen, typen=not tekst),
        "helften.zip": lambda: ingepakt(
            *((f"{i}.csv", als_dracht(bericht, deel, d)) for i, deel in enumerate((rijen[:1], rijen[1:])) if deel)
        ),
        "berichten.zip": lambda: _als_berichten(bericht, rijen),
    }
    gewoon = stuk(bericht, als_csv(bericht, rijen))
    stukken = [stuk(bericht, maak(), extensie=naam.rpartition(".")[2]) for naam, maak in soorten.items()]
    verwacht, *anders = yield [gewoon, *stukken]
    assert verwacht.bewijs.rijen.geaccepteerd == len(rijen)
    for naam, uitspraak in zip(soorten, anders, strict=True):
        assert _gelijk(uitspraak.bewijs) == _gelijk(verwacht.bewijs), naam
    csv_ = anders[0].bewijs
    assert csv_.niet_data == {"titel": d.titels, "leeg": d.leeg + 1, "totaal": int(d.totaal)}


RIJEN = {T: st.lists(toewijzingen, min_size=1, max_size=6), D: st.lists(declaraties, min_size=1, max_size=6)}
OPTIES: dict[str, Any] = {"deadline": None, "derandomize": True, "suppress_health_check": list(HealthCheck)}


@pytest.mark.parametrize("bericht", [T, D])
def test_elke_tabel_komt_in_elke_dracht_hetzelfde_terug(bericht: Bericht) -> None:
    _zoek(bericht, 4)


@pytest.mark.slow
@pytest.mark.parametrize("bericht", [T, D])
def test_veel_tabellen_in_elke_dracht(bericht: Bericht) -> None:
    _zoek(bericht, 50)


def _zoek(bericht: Bericht, keer: int) -> None:
    """Try five tables at a time."""

    @settings(max_examples=keer, **OPTIES)
    @given(veel(st.tuples(RIJEN[bericht], drachten, st.integers(0, 3), st.booleans()), 5))
    def proef(gevallen: list[Any]) -> None:
        beoordeel_samen(_proef(bericht, *geval) for geval in gevallen)

    proef()
