"""The second computation of naijling on published figures: the triangle of Taylor and Ashe as in Mack (1993)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.oracle.naijling import Ladder, Rij, grenzen, ladder

TAYLOR_ASHE = (
    (357848, 1124788, 1735330, 2218270, 2745596, 3319994, 3466336, 3606286, 3833515, 3901463),
    (352118, 1236139, 2170033, 3353322, 3799067, 4120063, 4647867, 4914039, 5339085),
    (290507, 1292306, 2218525, 3235179, 3985995, 4132918, 4628910, 4909315),
    (310608, 1418858, 2195047, 3757447, 4029929, 4381982, 4588268),
    (443160, 1136350, 2128333, 2897821, 3402672, 3873311),
    (396132, 1333217, 2180715, 2985752, 3691712),
    (440832, 1288463, 2419861, 3483130),
    (359480, 1421128, 2864498),
    (376686, 1363294),
    (344014,),
)


def driehoek() -> Rij:
    """Give the triangle, NaN below the diagonal."""
    uit = np.full((10, 10), np.nan)
    for i, rij in enumerate(TAYLOR_ASHE):
        uit[i, : len(rij)] = rij
    return uit


@pytest.fixture
def gepubliceerd() -> Ladder:
    """Factors, with for the last delay the variance as Mack chose it: the smallest of those around it."""
    lad = ladder([driehoek()], 10)
    s2 = lad.sigma2.copy()
    s2[8] = min(s2[7] ** 2 / s2[6], s2[6], s2[7])
    return replace(lad, sigma2=s2)


def test_factors_as_published(gepubliceerd: Ladder) -> None:
    """Mack (1993), table 1."""
    f = [3.4906, 1.7473, 1.4574, 1.1739, 1.1038, 1.0863, 1.0539, 1.0766, 1.0177]
    assert np.round(gepubliceerd.f[:9], 4).tolist() == f


def test_reserve_and_standard_error_as_published(gepubliceerd: Ladder) -> None:
    """Total reserve 18,680,856 with standard error 2,447,095; of the last year 4,625,811 and 1,363,155."""
    stand = np.array([rij[-1] for rij in TAYLOR_ASHE], dtype=float)
    vertraging = np.array([len(rij) - 1 for rij in TAYLOR_ASHE])
    eind = stand / gepubliceerd.bekend[vertraging]
    open_ = np.array([eind[vertraging <= k].sum() for k in range(10)])
    assert round(float((eind - stand).sum())) == 18_680_856
    assert round(gepubliceerd.mack(open_, 0) ** 0.5) == 2_447_095
    assert round(float(eind[-1] - stand[-1])) == 4_625_811
    assert round(gepubliceerd.mack(np.full(10, eind[-1]), 0) ** 0.5) == 1_363_155


def test_a_levering_that_was_missed_is_left_out() -> None:
    """The second gemeente missed a month: its cells in that month make no pair."""
    vol, gemist = np.array([[100.0, 150, 165], [200, 260, np.nan], [120, np.nan, np.nan]]), np.full((3, 3), np.nan)
    gemist[0, 0], gemist[0, 2], gemist[1, 0], gemist[2, 0] = 1, 900, 1, 1
    lad = ladder([vol, gemist], 12)
    assert lad.f[:2].tolist() == pytest.approx([410 / 300, 1.1])
    assert lad.bekend.tolist() == pytest.approx([300 / 410 / 1.1, 1 / 1.1, 1])


def test_only_the_last_origins_count() -> None:
    """The oldest month doubled; with one month to measure on it is not seen."""
    d = np.array([[100.0, 200, 200], [100, 110, np.nan], [120, np.nan, np.nan]])
    assert ladder([d], 1).f[0] == pytest.approx(1.1)
    assert ladder([d], 2).f[0] == pytest.approx(1.55)


def test_bounds_are_lognormal_around_the_estimate() -> None:
    """Ten percent: sigma = 0.09975, so 100 x exp(-0.00498 -+ 0.12784)."""
    assert grenzen(10_000, 1_000.0**2) == (8756, 11307)
    assert grenzen(10_000, 0) == (10_000, 10_000)
