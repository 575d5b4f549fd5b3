"""What a rule is made of, and what rules may know: thresholds and code lists from the seeds.

Lives here: `Toets` and `Regelboek`. Keep out: rules.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from pipeline.domain.catalogus import Catalogus, SeedFout
from pipeline.settings import BsnReeks


@dataclass(frozen=True)
class Toets:
    """One expression of a rule; a rule may have several, one per column.

    `raakt`: rows on which it fires (NULL counts as no), among `getoetst`: the rows that could be judged. `kolommen`:
    the columns a sender should look at.
    """

    code: str
    raakt: pl.Expr
    getoetst: pl.Expr
    kolommen: tuple[str, ...]


@dataclass(frozen=True)
class Regelboek:
    """The seeds as rules need them. `reeks`: which person numbers are accepted (SPEC 8)."""

    catalogus: Catalogus
    reeks: BsnReeks

    def drempels(self, code: str) -> list[float]:
        """Thresholds of a rule as numbers; SeedFout when the seed has none."""
        tekst = self.catalogus.regels[code].drempel
        try:
            return [float(deel) for deel in tekst.split("|")]
        except ValueError:
            raise SeedFout(f"ref_regels.csv: drempel van {code} is geen getal: {tekst!r}") from None

    def datum(self, code: str) -> dt.date:
        """Threshold of a rule as a date."""
        return dt.date.fromisoformat(self.catalogus.regels[code].drempel)

    def codes(self, lijst: str) -> list[str]:
        """Return the codes of a code list, sorted."""
        return sorted(self.catalogus.codes(lijst))

    @cached_property
    def frequenties_bij_eenheid(self) -> dict[str, list[str]]:
        """Which frequencies a unit allows (CS338); units without a restriction are left out."""
        return {
            r["code"]: r["toegestane_frequentie"].split("|")
            for r in self.catalogus.rijen("codes_eenheid")
            if r["toegestane_frequentie"]
        }

    @cached_property
    def geldende_frequenties(self) -> list[str]:
        """Frequencies still in use; of older ones no combination is judged."""
        return [r["code"] for r in self.catalogus.rijen("codes_frequentie") if r["status"] == "actief"]
