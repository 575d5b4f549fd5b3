"""May one say that a figure rose or fell? The one place where that is decided, for every headline.

A figure is compared with itself a year earlier, both definitive and both delivered for at least 95 percent; what is
under reserve, small or nearly the same is not called a rise or a fall. A figure that drops because data are missing can
so never be called a fall (SPEC 9.6). Lives here: those rules and their bounds. Keep out: words (koppen.py).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

VOLDOENDE = 0.95
"""Coverage from which a figure may be compared."""
BRUIKBAAR = 0.5
"""Coverage below which a figure is not shown as one at all: only that it is not there yet."""
RESERVE = 0.01
"""Share under reserve above which an amount is no level (SPEC 13)."""
KLEIN = 10
"""Numbers below this are not compared."""
DEFINITIEF = "definitief"
_GELIJK = {"aantal": (0.01, 2), "euro": (0.02, 0), "aandeel": (0.0, 0.005), "dagen": (0.02, 5)}
"""By unit: the share and the amount within which a figure is about the same."""


_Z_80 = 1.2816
_MEDIAAN = 1 / math.log(2)
_SPELING = 1e-9
"""So that what lies on the bound is within it, whatever a float makes of it."""


class Beweging(StrEnum):
    """What may be said about a figure beside an earlier one."""

    MEER = "meer"
    MINDER = "minder"
    GELIJK = "gelijk"
    ZWIJGT = "zwijgt"
    """Nothing: one of the two is incomplete, provisional, under reserve, too small, or not there."""


@dataclass(frozen=True)
class Vergelijking:
    """A figure and the same a year earlier; `nu` is None when there is nothing to show."""

    nu: Mapping[str, Any] | None
    toen: Mapping[str, Any] | None
    beweging: Beweging

    @property
    def verschil(self) -> float:
        """How much more it is now; only where something may be said."""
        assert self.nu is not None and self.toen is not None  # noqa: S101 else it is silent
        return float(self.nu["v"]) - float(self.toen["v"])

    @property
    def is_vast(self) -> bool:
        """Whether `nu` is definitive and complete."""
        return self.nu is not None and is_vast(self.nu)


def is_heel(rij: Mapping[str, Any]) -> bool:
    """Tell whether enough of a figure was delivered to compare it."""
    return rij["dekking"] is not None and rij["dekking"] >= VOLDOENDE


def is_zuiver(rij: Mapping[str, Any]) -> bool:
    """Tell whether no more than the bound of a figure is under reserve (`reserve`: that share, where it is money)."""
    return float(rij.get("reserve") or 0) <= RESERVE


def is_vast(rij: Mapping[str, Any]) -> bool:
    """Tell whether a figure is there, definitive and complete."""
    return rij.get("v") is not None and rij["rijping"] == DEFINITIEF and is_heel(rij)


def beweging(nu: Mapping[str, Any] | None, toen: Mapping[str, Any] | None, eenheid: str) -> Beweging:
    """Decide what may be said about `nu` beside `toen`; rows with `v, dekking, rijping`, and `reserve`, `n` if known.

    `n`: the youths behind it; where it is not given a count is its own. Durations differ by chance when few trajecten ended
    (`noemer`): within that they are about the same.
    """
    if nu is None or toen is None or not all(is_vast(r) and is_zuiver(r) for r in (nu, toen)):
        return Beweging.ZWIJGT
    a, b = float(nu["v"]), float(toen["v"])
    aantallen = [r.get("n", r["v"] if eenheid == "aantal" else None) for r in (nu, toen)]
    if any(n is not None and n < KLEIN for n in aantallen):
        return Beweging.ZWIJGT
    deel, los = _GELIJK.get(eenheid, (0.02, 0))
    if eenheid == "dagen":
        deel = max(deel, _toeval([r.get("noemer") for r in (nu, toen)]))
    if abs(a - b) <= max(deel * abs(b), los) + _SPELING:
        return Beweging.GELIJK
    return Beweging.MEER if a > b else Beweging.MINDER


def _toeval(noemers: Sequence[float | None]) -> float:
    """Within which share two durations differ by chance in eight of ten times, by how many trajecten each is of.

    Durations are about exponential: the mean is off by 1 / sqrt(n) of itself, the median by 1.44 times that.
    """
    return _Z_80 * _MEDIAAN * math.sqrt(sum(1 / n for n in noemers if n))


def jaar_eerder(d: dt.date) -> dt.date:
    """Return the same month a year before."""
    return d.replace(year=d.year - 1)


def laatste_vaste(rijen: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the newest row that is definitive and complete; None when there is none."""
    return next((r for r in reversed(rijen) if is_vast(r)), None)


def vergelijk(rijen: Sequence[Mapping[str, Any]], eenheid: str) -> Vergelijking:
    """Compare the newest complete definitive row (`maand, v, dekking, rijping`) with the same month a year earlier.

    Without such a row the newest one with a usable coverage is shown, and nothing is said about its course.
    """
    nu = laatste_vaste(rijen)
    if nu is None:
        bruikbaar = [r for r in rijen if r["v"] is not None and (r["dekking"] or 0) >= BRUIKBAAR]
        return Vergelijking(bruikbaar[-1] if bruikbaar else None, None, Beweging.ZWIJGT)
    toen = next((r for r in rijen if r["maand"] == jaar_eerder(nu["maand"])), None)
    return Vergelijking(nu, toen, beweging(nu, toen, eenheid))
