"""The leaves of the cost of a month, and what came in with each delay: what a gemeente can compute of another, and what
everybody can.

A leaf with few gemeenten gets an empty row of another one; that stays, hidden, in the publications after it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
import pytest

from pipeline.publish.bescherming import bescherm
from pipeline.publish.bescherming_reeksen import REEKS, REGIO, TOTAAL
from pipeline.publish.bescherming_tabellen import (
    HULP,
    NAIJLING,
    REGELS,
    TABELLEN,
    VLAG,
    ZORGMAAND,
    Masker,
    Periode,
    Stand,
    verberg_bladen,
)
from tests.publish.proefregio import DREMPEL, EERSTE, LAATSTE, dag, maak_bladen

PERIODE = Periode(EERSTE, LAATSTE)
A, B, C, D = "GM0001", "GM0002", "GM0003", "GM0004"
ALLEN = (A, B, C, D, REGIO)
Tellingen = Mapping[str, Mapping[str, int]]
"""Youths per leaf and gemeente, in one month and segment."""

WEINIG: Tellingen = {
    "met twee": {A: 3, B: 40},
    "met allen": {A: 50, B: 60, C: 2, D: 90},
    "ook": {A: 30, B: 70, C: 20, D: 80},
}
EEN: Tellingen = {**WEINIG, "met een": {A: 4}}


def _bladen(tellingen: Tellingen) -> pl.DataFrame:
    rijen = [
        (dag(EERSTE), g, "ambulant", tak, "huisarts", 100 * n + 1.0, 0.0, 100 * n + 1.0, n, n)
        for tak, per in tellingen.items()
        for g, n in (*per.items(), (REGIO, sum(per.values())))
    ]
    kolommen = [*TABELLEN[ZORGMAAND].sleutel, *TABELLEN[ZORGMAAND].blokken["cijfer"]]
    return pl.DataFrame(rijen, schema=kolommen, orient="row")


def _reeksen(*dicht: str) -> pl.DataFrame:
    rijen = [("kosten", "maand", g, s, "", False, g in dicht, None) for g in ALLEN for s in ("ambulant", TOTAAL)]
    return pl.DataFrame(rijen, schema=REEKS, orient="row")


def _verborgen(
    tellingen: Tellingen, toen: pl.DataFrame | None = None, reeksen: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return the leaves as (tak, gebied, n, is_onderdrukt), after a publication that left `toen`."""
    eerder = {} if toen is None else {ZORGMAAND: _als_uitgave(toen)}
    stand = Stand(
        {ZORGMAAND: _bladen(tellingen)}, PERIODE, DREMPEL, _reeksen() if reeksen is None else reeksen, {}, eerder
    )
    df, (masker, *_) = verberg_bladen(stand)
    return df.select(*TABELLEN[ZORGMAAND].sleutel, "n_jeugdigen").with_columns(pl.Series(VLAG, masker.dicht))


def _als_uitgave(df: pl.DataFrame) -> pl.DataFrame:
    leeg = {k: pl.lit(None, dtype=pl.Float64) for k in TABELLEN[ZORGMAAND].blokken["cijfer"]}
    return df.filter(VLAG).with_columns(**leeg)


def _van(df: pl.DataFrame, tak: str) -> dict[str, tuple[int, bool]]:
    rijen = df.filter(hulpvorm=tak).select("gebied_code", "n_jeugdigen", VLAG)
    return {g: (n, d) for g, n, d in rijen.iter_rows()}


def _berekenbaar(df: pl.DataFrame, wie: str) -> set[tuple[str, str]]:
    """Return what `wie` computes of others: leaves add up over gemeenten, and those of a gebied to its cost."""
    over = df.filter(VLAG, pl.col("gebied_code") != wie).select("hulpvorm", "gebied_code").rows()
    takken, gebieden = (df[k].unique().sort() for k in ("hulpvorm", "gebied_code"))
    sommen = [[(t == tak) * (-1.0 if g == REGIO else 1.0) for t, g in over] for tak in takken]
    sommen += [[float(g == gebied) for _, g in over] for gebied in gebieden]
    ruimte = np.array(sommen)
    return {cel for i, cel in enumerate(over) if _volgt(ruimte, i)}


def _volgt(sommen: np.ndarray, cel: int) -> bool:
    een = np.eye(sommen.shape[1])[[cel]]
    return bool(np.linalg.matrix_rank(np.vstack([sommen, een])) == np.linalg.matrix_rank(sommen))


def test_a_leaf_that_two_gemeenten_have_gets_an_empty_row_of_a_third() -> None:
    df = _verborgen(WEINIG)
    assert _van(df, "met twee") == {A: (3, True), B: (40, True), C: (0, True), REGIO: (43, False)}
    assert _van(df, "met allen").keys() == set(ALLEN)
    for wie in (*ALLEN, ""):
        assert _berekenbaar(df, wie) == set(), wie
    zonder = df.filter(pl.col("n_jeugdigen") > 0)
    assert ("met twee", A) in _berekenbaar(zonder, B)


def test_of_a_leaf_that_one_gemeente_has_it_does_not_know_the_regio() -> None:
    df = _verborgen(EEN)
    assert _van(df, "met een") == {A: (4, True), B: (0, True), REGIO: (4, True)}
    for wie in (*ALLEN, ""):
        assert _berekenbaar(df, wie) == set(), wie
    # and with it, by what the leaves of the regio add up to, that of another
    assert ("met twee", REGIO) in _berekenbaar(df.filter(pl.col("n_jeugdigen") > 0), A)


def test_the_third_is_one_whose_own_sum_does_not_tell_it() -> None:
    groot: Tellingen = {"met twee": {A: 3, B: 40}, "met allen": {A: 50, B: 60, C: 70, D: 90}, "ook": {A: 30, B: 35}}
    # C and D have no leaf that is hidden: an empty one would be their cost less what is shown
    assert _van(_verborgen(groot), "met twee").keys() == {A, B, REGIO}
    # of whom the cost is hidden nothing adds up
    dicht = _verborgen(groot, reeksen=_reeksen(C, D))
    assert _van(dicht, "met twee") == {A: (3, True), B: (40, True), D: (0, True), REGIO: (43, False)}


def test_where_nothing_is_hidden_or_enough_is_no_row_is_added() -> None:
    groot = {t: {g: n + 90 for g, n in per.items()} for t, per in WEINIG.items()}
    assert _verborgen(groot).height == _bladen(groot).height
    drie: Tellingen = {"met drie": {A: 3, B: 40, C: 50}, "ook": {A: 30, B: 70, C: 20, D: 80}}
    df = _verborgen(drie)
    assert df.height == _bladen(drie).height
    assert df.filter(VLAG)["gebied_code"].n_unique() == 3


@pytest.mark.parametrize(
    ("daarna", "over"),
    [
        ({A: 3, B: 40}, {A: 3, B: 40, C: 0}),
        ({A: 3, B: 40, C: 25}, {A: 3, B: 40, C: 25}),
        ({A: 3, B: 40, D: 25}, {A: 3, B: 40, C: 0, D: 25}),
        ({B: 40}, {A: 0, B: 40, C: 0}),
        ({A: 30, B: 40}, {A: 30, B: 40, C: 0}),
    ],
    ids=["the same", "filled", "another one", "taken away", "grown"],
)
def test_what_was_hidden_is_there_and_hidden_again(daarna: dict[str, int], over: dict[str, int]) -> None:
    eerst = _verborgen(WEINIG)
    nu = _verborgen({**WEINIG, "met twee": daarna}, eerst)
    leden = _van(nu, "met twee")
    assert {g: n for g, (n, _) in leden.items() if g != REGIO} == over
    assert all(leden[g][1] for g in (A, B, C))
    assert not leden[REGIO][1]


def test_a_leaf_that_nobody_has_any_more_is_hidden_as_before() -> None:
    eerst = _verborgen(EEN)
    nu = _verborgen(WEINIG, eerst)
    assert _van(nu, "met een") == {A: (0, True), B: (0, True), REGIO: (0, True)}
    # of a month that is published no more nothing is
    weg = eerst.with_columns(zorgmaand=pl.lit(dag(EERSTE - 1)))
    assert _verborgen(WEINIG, weg).height == _verborgen(WEINIG).height


def test_nobody_sees_that_a_leaf_is_empty() -> None:
    bladen = maak_bladen(seed=3)
    uit = bescherm({k: bladen[k] for k in ("sturing.indicatoren", ZORGMAAND)}, drempel=DREMPEL, periode=PERIODE)
    df = uit.tabellen[ZORGMAAND]
    erbij = df.join(bladen[ZORGMAAND], on=TABELLEN[ZORGMAAND].sleutel, how="anti")
    assert erbij.height > 10
    assert erbij[VLAG].all()
    assert erbij["publicatie_id"].null_count() == 0
    assert df.filter(pl.col("n_regels").is_null() != pl.col(VLAG)).height == 0


# ---- what came in with each delay -----------------------------------------------------------------------------------

Netto = Mapping[tuple[str, str], tuple[int, ...]]
"""Youths behind what came in with each delay, per gemeente and segment."""

BINNEN: Netto = {
    # of wonen one delay has anybody
    (A, "ambulant"): (30, 0, 20, 0),
    (B, "ambulant"): (25, 0, 0, 0),
    (C, "ambulant"): (40, 0, 15, 0),
    (A, "wonen"): (0, 12, 0, 0),
    (B, "wonen"): (0, 13, 0, 0),
    (C, "wonen"): (0, 9, 0, 0),
}


def _naijling(netto: Netto, *dicht: tuple[str, str]) -> Mapping[str, pl.DataFrame]:
    """Return per block which figures are hidden, as one row per gebied and segment and one column per delay."""
    gebieden, segmenten = sorted({g for g, _ in netto}), sorted({s for _, s in netto})
    rijen = []
    for g in (*gebieden, REGIO):
        for s in (*segmenten, TOTAAL):
            alle = [n for (h, t), n in netto.items() if g in (h, REGIO) and s in (t, TOTAAL)]
            som = np.sum(alle, axis=0)
            rijen += [(dag(EERSTE), g, s, d, 100.0 * n, 100.0 * t, int(n)) for d, (n, t) in _met_stand(som)]
    df = pl.DataFrame(
        rijen,
        schema=[*TABELLEN[NAIJLING].sleutel, "netto_eur", "cumulatief_eur", HULP],
        orient="row",
    )
    leden = [
        ("kosten", "maand", g, s, "", False, (g, s) in dicht, None)
        for g in (*gebieden, REGIO)
        for s in (*segmenten, TOTAAL)
    ]
    stand = Stand({NAIJLING: df}, PERIODE, DREMPEL, pl.DataFrame(leden, schema=REEKS, orient="row"), {}, {})
    ((_, regel),) = REGELS[NAIJLING]
    return {m.blok: _breed(df, m) for m in regel(stand, NAIJLING)}


def _met_stand(n: np.ndarray) -> list[tuple[int, tuple[int, int]]]:
    return list(enumerate(zip(n.tolist(), np.cumsum(n).tolist(), strict=True)))


def _breed(df: pl.DataFrame, masker: Masker) -> pl.DataFrame:
    met = df.with_columns(weg=pl.Series(masker.dicht).cast(pl.Int8).cast(pl.String))
    per = met.sort("vertraging_maanden").group_by("gebied_code", "segment", maintain_order=True)
    return per.agg(pl.col("weg").str.join(""))


def _rij(df: pl.DataFrame, gebied: str, segment: str) -> str:
    """Say per delay whether it is hidden (1) or shown (0)."""
    return str(df.filter(gebied_code=gebied, segment=segment)["weg"].item())


def test_where_the_regio_has_nobody_a_gemeente_has_nothing() -> None:
    uit = _naijling(BINNEN)
    assert _rij(uit["netto"], REGIO, "ambulant") == "0000"
    assert _rij(uit["netto"], A, "ambulant") == "1010"
    # also where it has nobody itself: that is not what is shown of the regio
    assert _rij(uit["netto"], B, "ambulant") == "1010"
    # after the last delay with anybody everything is in
    assert _rij(uit["stand"], A, "ambulant") == "1100"


def test_the_only_delay_with_anybody_holds_the_cost_of_the_month() -> None:
    uit = _naijling(BINNEN)
    for gemeente in (A, B, C):
        assert _rij(uit["netto"], gemeente, "wonen") == "0000"
        assert _rij(uit["stand"], gemeente, "wonen") == "0000"
        # and in total it is what the segments are
        assert _rij(uit["netto"], gemeente, TOTAAL) == "1010"
        assert _rij(uit["stand"], gemeente, TOTAAL) == "1100"


def test_of_a_gemeente_of_which_the_cost_is_hidden_nothing_is_shown() -> None:
    uit = _naijling(BINNEN, (A, "wonen"), (B, "wonen"), (C, "wonen"))
    for blok in ("netto", "stand"):
        assert _rij(uit[blok], A, "wonen") == "1111"
    assert _rij(uit["netto"], A, "ambulant") == "1010"
    # what wonen is, is hidden: in total it is not told either
    assert _rij(uit["netto"], A, TOTAAL) == "1110"


def test_a_delay_that_the_regio_hides_tells_nothing_of_a_gemeente() -> None:
    weinig = {**BINNEN, (A, "ambulant"): (30, 2, 20, 0)}
    uit = _naijling(weinig)
    assert _rij(uit["netto"], REGIO, "ambulant")[1] == "1"
    assert _rij(uit["netto"], B, "ambulant")[:3] == "111"
    assert _rij(uit["stand"], B, "ambulant")[:2] == "11"
