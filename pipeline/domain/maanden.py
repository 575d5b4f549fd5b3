"""Calendar months, the grain of deliveries and of most figures.

Lives here: `Maand` and arithmetic on it. Keep out: what a month means for a levering (kalender.py).
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

_PATROON = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


MAANDNAMEN = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip


@cache
def _laatste_dag(jaar: int, maand: int) -> dt.date:
    return dt.date(jaar, maand, calendar.monthrange(jaar, maand)[1])


@dataclass(frozen=True, order=True)
class Maand:
    """One calendar month; ordered in time, written `YYYY-MM`."""

    jaar: int
    maand: int

    def __post_init__(self) -> None:
        if not 1 <= self.maand <= 12:
            raise ValueError(f"geen maand: {self.jaar}-{self.maand}")

    def __str__(self) -> str:
        return f"{self.jaar:04d}-{self.maand:02d}"

    @classmethod
    def lees(cls, tekst: str) -> Maand:
        """Read `YYYY-MM`; ValueError on anything else."""
        gevonden = _PATROON.fullmatch(tekst.strip())
        if not gevonden:
            raise ValueError(f"geen maand in de vorm JJJJ-MM: {tekst!r}")
        return cls(int(gevonden[1]), int(gevonden[2]))

    @classmethod
    def van(cls, dag: dt.date) -> Maand:
        """Return the month that holds `dag`."""
        return cls(dag.year, dag.month)

    @property
    def naam(self) -> str:
        """The month as people write it: `maart 2026`."""
        return f"{MAANDNAMEN[self.maand - 1]} {self.jaar}"

    @property
    def volgnummer(self) -> int:
        """Months since year 0: differences are delays in months."""
        return self.jaar * 12 + self.maand - 1

    @property
    def eerste_dag(self) -> dt.date:
        """First day of the month."""
        return dt.date(self.jaar, self.maand, 1)

    @property
    def laatste_dag(self) -> dt.date:
        """Last day of the month."""
        return _laatste_dag(self.jaar, self.maand)

    def plus(self, maanden: int) -> Maand:
        """Return the month `maanden` later (earlier when negative)."""
        jaar, maand = divmod(self.volgnummer + maanden, 12)
        return Maand(jaar, maand + 1)

    def dag(self, nummer: int) -> dt.date:
        """Day `nummer` of the month; past the end it is the last day (SPEC 7, calendar)."""
        return min(self.eerste_dag + dt.timedelta(days=nummer - 1), self.laatste_dag)


def reeks(eerste: Maand, laatste: Maand) -> list[Maand]:
    """All months from `eerste` up to and including `laatste`; empty when reversed."""
    return [eerste.plus(i) for i in range(laatste.volgnummer - eerste.volgnummer + 1)]
