"""The figures of 2011 as they were printed: every sum closes, but for what the seed says does not, and why."""

from __future__ import annotations

from collections import defaultdict

import pytest

from pipeline.domain.catalogus import Catalogus
from pipeline.settings import PROJECT

CATALOGUS = Catalogus.load(PROJECT / "seeds")
RIJEN = CATALOGUS.rijen("historie")
KLOPT_NIET = {
    "kosten": {"GM0141": 2, "GM0153": -9, "GM0163": 1, "GM0164": 1, "GM0168": -1, "GM0189": -1, "GM1735": 1,
              "SUBTOTAAL": 1, "ONBEKEND": 3313, "BUITEN": -3314},
    "zorgtrajecten": {"GM0173": 2, "GM1742": -2},
}  # fmt: skip
"""Printed total less the sum of its columns: rounding, two digits swapped, cells in the wrong row."""


def _afwijkingen(rijen: list[dict[str, str]]) -> tuple[dict, dict]:
    """What totals differ by, over columns and over gebieden, computed from the figures alone."""
    waarde = {(r["maat"], r["gebied"], r["uitsplitsing"]): int(r["waarde"]) for r in rijen}
    soort = {(r["maat"], r["gebied"]): r["gebied_soort"] for r in rijen}
    over_kolommen, over_gebieden = defaultdict(int), defaultdict(int)
    for r in rijen:
        maat, gebied, kolom = r["maat"], r["gebied"], r["uitsplitsing"]
        if kolom != "totaal" and not r["onderdeel_van"]:
            over_kolommen[maat, gebied] += int(r["waarde"])
        if r["gebied_soort"] == "gemeente":
            over_gebieden[maat, "SUBTOTAAL", kolom] += int(r["waarde"])
        elif r["gebied_soort"] != "regio":
            over_gebieden[maat, "REGIO", kolom] += int(r["waarde"])
    assert set(soort.values()) == {"gemeente", "som_gemeenten", "onbekend", "buiten_regio", "regio"}
    return (
        {k: waarde[*k, "totaal"] - som for k, som in over_kolommen.items()},
        {k: waarde[k] - som for k, som in over_gebieden.items()},
    )


def test_what_does_not_add_up_is_what_the_seed_says() -> None:
    kolommen, gebieden = _afwijkingen(RIJEN)
    for r in RIJEN:
        sleutel = (r["maat"], r["gebied"])
        gezegd = (int(r["afwijking_uitsplitsing"] or 0), int(r["afwijking_gebieden"] or 0))
        gevonden = (
            kolommen.get(sleutel, 0) if r["uitsplitsing"] == "totaal" else 0,
            gebieden.get((*sleutel, r["uitsplitsing"]), 0),
        )
        assert gevonden == gezegd, (*sleutel, r["uitsplitsing"])
        assert bool(r["toelichting"]) is any(gezegd)
    fout = {maat: {g: n for (m, g), n in kolommen.items() if m == maat and n} for maat in KLOPT_NIET}
    assert fout == KLOPT_NIET


@pytest.mark.parametrize("nummer", [0, 100, 250, len(RIJEN) - 1])
def test_another_digit_does_not_add_up(nummer: int) -> None:
    """The check bites: one more somewhere is one too many."""
    anders = [dict(r) for r in RIJEN]
    anders[nummer]["waarde"] = str(int(anders[nummer]["waarde"]) + 1)
    assert _afwijkingen(anders) != _afwijkingen(RIJEN)


def test_every_figure_says_what_was_counted_otherwise() -> None:
    maten = {r["maat"]: r for r in CATALOGUS.rijen("historie_maten")}
    assert {r["maat"] for r in RIJEN} == set(maten)
    assert all(r["telt_anders"] and r["bron"] for r in maten.values())
    assert {r["indicator_id"] for r in maten.values()} - {""} <= {
        r["indicator_id"] for r in CATALOGUS.rijen("indicatoren")
    }
    assert {r["gebied"] for r in RIJEN if r["gebied_soort"] == "gemeente"} == set(CATALOGUS.gemeenten)
