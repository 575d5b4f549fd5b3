"""How good the estimates of naijling are on the synthetic region, by kosten.naijling_terugblik.

Keep out: whether a figure of it is right (test_waarheid.py).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import maak_en_draai
from tests.oracle.vergelijk import lees_mart

REGIO = "gebied_code = 'REGIO'"


def oordeel(marts: Path, waar: str) -> dict[str, float]:
    """Share of estimates whose bounds held, and their median error against that of the figure as received."""
    (uit,) = lees_mart(
        marts,
        "select count(*)::double as n, avg(is_binnen_grenzen::integer) as binnen, "
        "median(abs(fout_aandeel)) / nullif(median(abs(fout_ontvangen_aandeel)), 0) as verhouding, "
        "(sum(abs(fout_eur)) / sum(abs(ontvangen_eur - werkelijk_eur)))::double as in_euro "
        f"from kosten.naijling_terugblik where is_geschat and fout_aandeel is not null and {waar}",
    )
    return {k: float(str(v)) for k, v in uit.items() if v is not None}


@pytest.mark.parametrize("regio", ["schone_regio", "rommelige_regio"])
def test_bounds_mean_something_on_a_small_region(regio, request):
    """Five hundred youths and a short history: wider margins than on a region of some size."""
    marts = request.getfixturevalue(regio).marts
    for waar in (REGIO, "true"):
        uit = oordeel(marts, waar)
        assert uit["n"] > 500
        assert 0.65 <= uit["binnen"] <= 0.95, (waar, uit)
    assert oordeel(marts, f"{REGIO} and segment = 'totaal'")["verhouding"] < 0.5


@pytest.mark.slow
def test_bounds_and_error_on_a_region_of_some_size(tmp_path):
    """Bounds of 80 percent hold in 70 to 90 percent; the error is at most a third of that of the figure as received.

    Of the estimates with more than a year of leveringen behind them: before that, what comes late was never seen.
    """
    marts = maak_en_draai(tmp_path, schaal=0.6, gebreken=True, seed=13).marts
    for waar in ("segment = 'totaal'", "true"):
        uit = oordeel(marts, f"{REGIO} and n_maanden_geschiedenis > 12 and {waar}")
        assert uit["n"] > 40, waar
        assert 0.7 <= uit["binnen"] <= 0.9, (waar, uit)
        assert uit["verhouding"] <= 1 / 3, (waar, uit)
    # per gemeente and segment most cells have nothing more to come: there only the euros can be judged (docs/adr/0005)
    per_cel = oordeel(marts, "gebied_code <> 'REGIO' and segment <> 'totaal' and n_maanden_geschiedenis > 12")
    assert per_cel["in_euro"] <= 1 / 3, per_cel
