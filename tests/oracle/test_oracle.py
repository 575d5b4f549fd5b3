"""The second reading of the SPEC on cases small enough for a hand and a calendar."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from pipeline.domain.maanden import Maand
from tests.oracle.gebruik import OPEN, Geldig, Traject, gaat_elders_heen, komt_van_elders, leeftijd, trajecten
from tests.oracle.invoer import TOTAAL, Soort
from tests.oracle.kosten import verdeel
from tests.oracle.kwaliteit import kwantiel, werkdagen_na
from tests.oracle.vergelijk import vergelijk


def dag(tekst: str) -> dt.date:
    """Day of 2025 written as mm-dd."""
    return dt.date.fromisoformat(f"2025-{tekst}")


def geldig(van: str, tot: str | None, segment: str = "ambulant", nummer: int = 1) -> Geldig:
    """Give a valid allocation of one youth."""
    soort = Soort(segment, "geen", None, False, False, False)
    return Geldig("GM0001", nummer, "j", dag(van), dag(tot) if tot else OPEN, soort, "huisarts")


def traject(van: str, tot: str, segment: str) -> Traject:
    """Give a traject of one youth."""
    return Traject("j", segment, dag(van), dag(tot), "huisarts")


@pytest.mark.parametrize(("volgende", "aantal"), [("03-03", 1), ("03-04", 2)])
def test_gap_of_thirty_uncovered_days_chains(volgende: str, aantal: int) -> None:
    """31 January to 3 March leaves 30 days uncovered (28 of February, 2 of March)."""
    rijen = [geldig("01-01", "01-31"), geldig(volgende, "04-30", nummer=2)]
    assert len(trajecten(rijen, "ambulant", 30)) == aantal


def test_a_short_allocation_inside_a_long_one_does_not_end_it() -> None:
    """The chain ends on the last of all last days."""
    rijen = [geldig("01-01", "12-31"), geldig("02-01", "02-02", nummer=2), geldig("12-31", None, nummer=3)]
    assert [(t.eerste, t.laatste) for t in trajecten(rijen, TOTAAL, 30)] == [(dag("01-01"), OPEN)]


def test_flows_on_the_same_day() -> None:
    """Two that start on the same day do not run for each other; nor do two that end on the same day."""
    a, b = traject("01-01", "06-30", "ambulant"), traject("01-01", "06-30", "verblijf")
    assert not komt_van_elders(a, [a, b], 30)
    assert not gaat_elders_heen(a, [a, b], 30)


@pytest.mark.parametrize(("begin", "door"), [("07-31", True), ("08-01", False)])
def test_flow_to_another_segment_within_thirty_days(begin: str, door: bool) -> None:
    """After 30 June thirty days uncovered end with 30 July."""
    a, b = traject("01-01", "06-30", "ambulant"), traject(begin, "12-31", "verblijf")
    assert gaat_elders_heen(a, [a, b], 30) is door
    assert komt_van_elders(b, [a, b], 30) is door


def test_cents_are_spread_by_days_and_none_is_lost() -> None:
    """10 cents over 31 + 28 days: 5.25 and 4.75; the largest remainder takes the cent."""
    assert verdeel(10, dag("01-01"), dag("02-28")) == [(Maand(2025, 1), 5), (Maand(2025, 2), 5)]


def test_ties_go_to_the_earlier_month() -> None:
    """One cent over two times one day."""
    assert verdeel(1, dag("01-31"), dag("02-01")) == [(Maand(2025, 1), 1), (Maand(2025, 2), 0)]


def test_age_on_the_first_of_a_month() -> None:
    """Born on 1 March: 18 on 1 March, 17 on 1 February; unborn is 0."""
    assert leeftijd(dt.date(2007, 3, 1), dag("03-01")) == 18
    assert leeftijd(dt.date(2007, 3, 1), dag("02-01")) == 17
    assert leeftijd(dt.date(2025, 6, 1), dag("01-01")) == 0


def test_working_days_of_the_example_in_the_standard() -> None:
    """DOMAIN 2.1: request of 17 April 2025; an allocation of the 28th is on time, of the 29th late."""
    assert werkdagen_na(dag("04-17"), dag("04-28")) == 5
    assert werkdagen_na(dag("04-17"), dag("04-29")) == 6


def test_percentiles_are_interpolated() -> None:
    """As quantile_cont: between neighbours in proportion."""
    assert kwantiel([1, 2], 0.5) == 1.5
    assert kwantiel([10, 0, 20], 0.9) == pytest.approx(18)
    assert kwantiel([], 0.5) is None


RIJ = {"k": 1, "n": 3, "eur": Decimal("1.10"), "aandeel": 0.5}


@pytest.mark.parametrize(
    ("anders", "kolom"),
    [
        ({"n": 4}, "n"),
        ({"n": None}, "n"),
        ({"eur": Decimal("1.11")}, "eur"),
        ({"aandeel": 0.500001}, "aandeel"),
        ({"k": 2}, "rij"),
    ],
)
def test_the_comparison_bites(anders: dict[str, object], kolom: str) -> None:
    """A cent, a count, a NULL, a millionth of a share, a row that only one side has."""
    assert vergelijk("t", [RIJ], [dict(RIJ)], ["k"], ["n", "eur", "aandeel"]) == []
    verschillen = vergelijk("t", [RIJ], [RIJ | anders], ["k"], ["n", "eur", "aandeel"])
    assert {v.kolom for v in verschillen} == {kolom}


def test_a_key_that_occurs_twice_is_a_difference() -> None:
    """Whichever side it is on."""
    assert [v.kolom for v in vergelijk("t", [RIJ, RIJ], [RIJ], ["k"], ["n"])] == ["dubbele sleutel"]
