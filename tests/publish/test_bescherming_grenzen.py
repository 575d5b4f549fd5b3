"""What follows in one period alone: of a month everybody knows that there is nothing in it, and that tells another."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from pipeline.publish.bescherming_grenzen import verberg_tot_niets_volgt
from pipeline.publish.bescherming_reeksen import LID, verberg_reeksen
from pipeline.publish.bescherming_tabellen import Periode

EERSTE = 2024 * 12
PERIODE = Periode(EERSTE, EERSTE + 23)
DREMPEL = 10.0
ZONDER = EERSTE + 14


def _maanden(gebied: str, m: int) -> int:
    """Count of a gemeente in a month: of two of the four sometimes a few, of one nothing in one month."""
    if gebied == "REGIO":
        return sum(_maanden(g, m) for g in "ABCD")
    if gebied == "A" and m == ZONDER:
        return 0
    return {"A": 6 + m * 7 % 9, "B": 9, "C": 40 + m % 3, "D": 60}[gebied]


@pytest.fixture(scope="module")
def leden() -> pl.DataFrame:
    rijen = []
    for gebied in ("A", "B", "C", "D", "REGIO"):
        plek = {"blok": "te_laat", "familie": "te_laat", "gebied": gebied, "segment": "totaal", "deel": ""}
        per = {m: _maanden(gebied, m) for m in range(PERIODE.eerste, PERIODE.laatste + 1)}
        for m, n in per.items():
            rijen.append({**plek, "laag": "maand", "t": m, "n": n, "waarde": n, "rij": len(rijen)})
        for m in range(PERIODE.eerste + 11, PERIODE.laatste + 1):
            som = sum(per[x] for x in range(m - 11, m + 1))
            laag = "jaar" if m % 12 == 11 else "12m"
            rijen.append({**plek, "laag": laag, "t": m, "n": som, "waarde": som, "rij": len(rijen)})
    vast = {"maat": "te_laat", "kenmerk": "te_laat", "tabel": "kwaliteit.tijdigheid"}
    alle = [{**r, **vast, "n": float(r["n"]), "waarde": float(r["waarde"])} for r in rijen]
    return pl.DataFrame(alle, schema={**LID, "tabel": pl.String})


def _leveringen(rijen: int) -> pl.DataFrame:
    """The levering of A of that month: this many rows of it were accepted."""
    maand = dt.date(ZONDER // 12, ZONDER % 12 + 1, 1)
    return pl.DataFrame(
        {"gemeente": ["A"], "bericht": ["toewijzingen"], "maand": [maand], "rijen_geaccepteerd": [rijen]}
    )


def _dicht(reeksen: pl.DataFrame, laag: str, *redenen: str) -> list[str]:
    met = reeksen.filter(pl.col("dicht"), laag=laag)
    return sorted(met.filter(pl.col("reden").is_in(redenen))["gebied"] if redenen else met["gebied"])


def test_a_missing_levering_takes_the_windows_with_it(leden: pl.DataFrame) -> None:
    # the month a year before is the difference of two windows, and that one is nothing
    zonder = verberg_tot_niets_volgt(leden, DREMPEL, PERIODE, leveringen=_leveringen(0))
    assert "A" in _dicht(zonder, "12m", "grens")
    assert _dicht(zonder, "jaar") == []


def test_with_the_levering_nothing_follows(leden: pl.DataFrame) -> None:
    # there is nothing of A in that month either way, but nobody knows
    met = verberg_tot_niets_volgt(leden, DREMPEL, PERIODE, leveringen=_leveringen(40))
    assert met.equals(verberg_reeksen(leden.drop("tabel"), DREMPEL))
    assert _dicht(met, "12m") == []
    assert _dicht(met, "maand") == ["A", "B", "C"]


def test_the_same_again_hides_the_same(leden: pl.DataFrame) -> None:
    eerst = verberg_tot_niets_volgt(leden, DREMPEL, PERIODE, leveringen=_leveringen(0))
    weer = verberg_tot_niets_volgt(leden, DREMPEL, PERIODE, eerst, _leveringen(0))
    assert weer.select("gebied", "laag", "dicht").equals(eerst.select("gebied", "laag", "dicht"))


def test_a_reeks_without_any_sum_is_shown(leden: pl.DataFrame) -> None:
    alleen = pl.col("familie").replace("te_laat", "tarief")
    een = leden.filter(gebied="D", laag="maand").with_columns(familie=alleen, maat=pl.lit("tarief"))
    assert _dicht(verberg_tot_niets_volgt(een, DREMPEL, PERIODE), "maand") == []
