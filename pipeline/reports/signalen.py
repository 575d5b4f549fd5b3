"""Signals that nobody has explained yet: what is still to be asked after a run.

Lives here: reading them from a publication and putting them in words; whole leveringen by name, rows by count. Keep
out: which finding an explanation excuses (the mart kwaliteit.bevindingen says so).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline.domain.catalogus import Catalogus

OP_DE_LEVERING = "L"
"""Rules with this letter are about a levering as a whole; the others are about rows and are many."""
HOOGSTENS = 20
"""Leveringen named on a terminal; `--json` has them all."""


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

    def regels(self, catalogus: Catalogus) -> list[str]:
        """Lines to show: every levering with an unexplained signal of its own, then how many there are on rows."""
        uit = [
            f"{_naam(s.gemeente, catalogus)}: {s.bericht} {s.maand} {s.regel_code}: {_zin(s.regel_code, catalogus)}"
            for s in self.leveringen[:HOOGSTENS]
        ]
        if len(self.leveringen) > HOOGSTENS:
            uit.append(f"en nog {len(self.leveringen) - HOOGSTENS} leveringen")
        op_rijen = [r for k, (_, r) in self.onverklaard.items() if not k.startswith(OP_DE_LEVERING)]
        if op_rijen:
            uit.append(f"Op rijen: {sum(op_rijen)} signalen van {len(op_rijen)} regels (kwaliteit.bevindingen).")
        if self.n_verklaard:
            uit.append(f"Verklaard, niet meer gevraagd: {self.n_verklaard}.")
        return uit


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


def _naam(gemeente: str, catalogus: Catalogus) -> str:
    return catalogus.gemeenten[gemeente].naam if gemeente in catalogus.gemeenten else gemeente


def _zin(regel_code: str, catalogus: Catalogus) -> str:
    regel = catalogus.regels.get(regel_code)
    return regel.zin if regel else ""
