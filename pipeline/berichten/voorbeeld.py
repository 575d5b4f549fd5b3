"""What an example of a rule is. Keep out: the examples (voorbeelden.py and the rooms)."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Voorbeeld:
    """Cells that differ from a good row (of toewijzingen, unless the rule is about declaraties), and what is wrong."""

    waarom: str
    cellen: dict[str, str] = field(default_factory=dict)
    situatie: str = ""
    """What it is about when one row does not show it."""


def v(waarom: str, situatie: str = "", /, **cellen: str) -> Voorbeeld:
    """Make one; what is needed when one row does not show it, is its situation."""
    return Voorbeeld(waarom, cellen, situatie)
