"""The forecast of places holds what its bounds promise, and says nothing where it knows too little."""

from __future__ import annotations

import pytest

from tests.conftest import GedraaideRegio
from tests.oracle.vergelijk import lees_mart


@pytest.mark.parametrize("naam", ["schone_regio", "rommelige_regio"])
def test_the_bounds_hold_about_as_often_as_they_say(naam: str, request: pytest.FixtureRequest) -> None:
    """80 percent bounds, whole youths: at least 75 percent within; and not so wide that nothing could fall outside."""
    regio: GedraaideRegio = request.getfixturevalue(naam)
    (rij,) = lees_mart(
        regio.marts,
        "select count(*) as n, avg(cast(is_binnen_grenzen as int)) as aandeel, "
        "median(abs(afwijking)) as fout, median(stand_nu) as stand from sturing.prognose_terugblik "
        "where gebied_code = 'REGIO'",
    )
    assert int(str(rij["n"])) > 50
    assert 0.75 <= float(str(rij["aandeel"])) < 1
    assert float(str(rij["fout"])) <= 0.15 * float(str(rij["stand"]))


def test_a_year_ahead_for_every_gebied_and_segment(schone_regio: GedraaideRegio) -> None:
    """15 gebieden, two segments, twelve months after the last delivered one."""
    rijen = lees_mart(
        schone_regio.marts,
        "select count(*) as n, min(maand) as van, max(maand) as tot, "
        "count(*) filter (status = 'geschat') as geschat from sturing.prognose_plekken where gebied_code = 'REGIO'",
    )
    (rij,) = rijen
    assert (rij["n"], rij["geschat"]) == (24, 24)
    assert str(rij["van"]) == "2026-04-01"
    assert str(rij["tot"]) == "2027-03-01"


def test_where_too_little_is_known_there_is_no_figure(rommelige_regio: GedraaideRegio) -> None:
    """Empty figures with the status, never a zero."""
    rijen = lees_mart(
        rommelige_regio.marts,
        "select count(*) as n from sturing.prognose_plekken where (status = 'onvoldoende_data') "
        "<> (stand_verwacht is null or ondergrens is null or bovengrens is null)",
    )
    assert rijen == [{"n": 0}]
