"""Signals that nobody has explained yet: what is still to be asked after a run.

Lives here: reading them from a publication, for machines; a person reads the worklist (werklijst.py). Keep out: which
finding an explanation excuses (the mart kwaliteit.bevindingen says so).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

OP_DE_LEVERING = "L"
"""Rules with this letter are about a levering as a whole; the others are about rows and are many."""


@dataclass(frozen=True)
class Signaal:
    """An unexplained SIGNAAL on a whole levering."""

    gemeente: str
    bericht: str
    maand: str
    regel_code: str


@dataclass(frozen=True)
class Signalen:
    """What a publication says about SIGNAAL findings: unexplained per rule (leveringen, rows), and those explained."""

    onverklaard: dict[str, tuple[int, int]]
    n_verklaard: int
    leveringen: tuple[Signaal, ...]

    def als_dict(self) -> dict[str, Any]:
        """Plain form, for machines."""
        return {
            "onverklaard": {k: {"leveringen": n, "rijen": rijen} for k, (n, rijen) in self.onverklaard.items()},
            "n_verklaard": self.n_verklaard,
            "leveringen": [vars(s) for s in self.leveringen],
        }


def lees_signalen(marts: Path) -> Signalen:
    """Read the SIGNAAL findings of the published file `marts`; nothing when it has no such table (older releases)."""
    with duckdb.connect(str(marts), read_only=True) as con:
        sql = "SELECT column_name FROM duckdb_columns() WHERE schema_name = 'kwaliteit' AND table_name = 'bevindingen'"
        if ("is_verklaard",) not in con.execute(sql).fetchall():
            return Signalen({}, 0, ())
        signalen = "FROM kwaliteit.bevindingen WHERE ernst = 'SIGNAAL' AND n_rijen > 0"
        per_regel = con.execute(
            f"SELECT regel_code, count(*), sum(n_rijen)::BIGINT {signalen} AND NOT is_verklaard GROUP BY 1 ORDER BY 1"
        ).fetchall()
        [(n_verklaard,)] = con.execute(f"SELECT count(*) {signalen} AND is_verklaard").fetchall()
        leveringen = con.execute(
            f"SELECT gemeente, bericht, strftime(maand, '%Y-%m'), regel_code {signalen} AND NOT is_verklaard "
            "AND starts_with(regel_code, ?) ORDER BY maand DESC, gemeente, bericht, regel_code",
            [OP_DE_LEVERING],
        ).fetchall()
    return Signalen({k: (n, r) for k, n, r in per_regel}, n_verklaard, tuple(Signaal(*r) for r in leveringen))
