"""The worklist of a publication on a terminal: the findings that move most, one line each.

Lives here: reading kwaliteit.werklijst and putting it in words. Keep out: what weighs how much (the mart says so).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from pipeline.domain.catalogus import Catalogus

HOOGSTENS = 10
"""Findings named on a terminal; `--json` and the mart have them all."""


@dataclass(frozen=True)
class Werk:
    """One finding to act on; `effect` is the share of the figure `raakt` that it is about."""

    gemeente: str
    bericht: str
    maand: str
    regel_code: str
    titel: str
    ernst: str
    n_rijen: int
    bedrag_eur: Decimal
    n_jeugdigen: int | None
    raakt: str
    effect: float
    toestand: str

    def als_dict(self) -> dict[str, Any]:
        """Plain form, for machines."""
        return vars(self)

    @property
    def doen(self) -> str:
        """What is asked of the sender."""
        return "herstel en lever opnieuw" if self.ernst == "FOUT" else "herstel of verklaar"

    def zin(self, catalogus: Catalogus) -> str:
        """One line: whose it is, what it is about, how much it moves, what to do."""
        naam = catalogus.naam_van(self.gemeente)
        euro = ", " + f"{self.bedrag_eur:,.0f}".replace(",", ".") + " euro" if self.bedrag_eur else ""
        wat = f"{self.n_rijen} {'rij' if self.n_rijen == 1 else 'rijen'}{euro}"
        return (
            f"{naam}: {self.bericht} {self.maand}: {self.titel.lower()} ({self.regel_code}), {wat}, "
            f"{100 * self.effect:.1f}% van {self.raakt}: {self.doen}"
        )


@dataclass(frozen=True)
class Werklijst:
    """What is to be done, heaviest first; and how much is explained or solved."""

    te_doen: tuple[Werk, ...]
    n_verklaard: int
    n_opgelost: int

    def als_dict(self) -> dict[str, Any]:
        """Plain form, for machines."""
        return {
            "te_doen": [w.als_dict() for w in self.te_doen],
            "n_verklaard": self.n_verklaard,
            "n_opgelost": self.n_opgelost,
        }

    def regels(self, catalogus: Catalogus) -> list[str]:
        """Lines to show: the heaviest, then in one line what else there is."""
        uit = [w.zin(catalogus) for w in self.te_doen[:HOOGSTENS]]
        rest = len(self.te_doen) - len(uit)
        delen = [
            f"{n} {wat}"
            for n, wat in ((rest, "lichtere"), (self.n_verklaard, "verklaard"), (self.n_opgelost, "opgelost"))
            if n > 0
        ]
        if delen:
            uit.append(f"Verder: {', '.join(delen)} (kwaliteit.werklijst).")
        return uit


def lees_werklijst(marts: Path) -> Werklijst:
    """Read the worklist of a published file or a warehouse; empty when it has no such table (older releases)."""
    with duckdb.connect(str(marts), read_only=True) as con:
        sql = "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'kwaliteit' AND table_name = 'werklijst'"
        if con.execute(sql).fetchone() == (0,):
            return Werklijst((), 0, 0)
        rijen = con.execute(
            "SELECT gemeente, bericht, strftime(maand, '%Y-%m'), regel_code, titel, ernst, n_rijen, bedrag_eur, "
            "n_jeugdigen, raakt, effect_aandeel, toestand FROM kwaliteit.werklijst WHERE is_te_doen ORDER BY volgorde"
        ).fetchall()
        [(verklaard, opgelost)] = con.execute(
            "SELECT count(*) FILTER (toestand <> 'opgelost' AND NOT is_te_doen), "
            "count(*) FILTER (toestand = 'opgelost') FROM kwaliteit.werklijst"
        ).fetchall()
    return Werklijst(tuple(Werk(*r) for r in rijen), verklaard, opgelost)
