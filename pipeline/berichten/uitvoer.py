"""Columns and types of accepted rows (architecture.md section 3): what validated/ holds and the warehouse loads.

Lives here: what every bericht has around its own kept columns, and the types of both engines. Keep out: columns of a
bericht (its room).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.berichten import CONTRACTEN
from pipeline.domain.leveringen import Bericht

if TYPE_CHECKING:
    import polars as pl

VOORAAN = {
    "levering_id": "VARCHAR",
    "gemeente": "VARCHAR",
    "leveringsmaand": "DATE",
    "rij": "INTEGER",
    "rij_hash": "VARCHAR",
}
ACHTERAAN = {"eigen_sleutel": "VARCHAR", "signalen": "VARCHAR"}


def rijtabel(bericht: Bericht) -> dict[str, str]:
    """Return names and DuckDB types of accepted rows, in order."""
    return VOORAAN | {naam: k.soort for naam, k in CONTRACTEN[bericht].bewaard.items()} | ACHTERAAN


def uitvoer(bericht: Bericht) -> dict[str, pl.DataType]:
    """Return names and polars types of accepted rows, in order."""
    import polars as pl

    soorten = {
        "VARCHAR": pl.String(),
        "DATE": pl.Date(),
        "TIME": pl.Time(),
        "INTEGER": pl.Int32(),
        "BIGINT": pl.Int64(),
        "DECIMAL(14,2)": pl.Decimal(14, 2),
        "DECIMAL(14,4)": pl.Decimal(14, 4),
    }
    return {naam: soorten[soort] for naam, soort in rijtabel(bericht).items()}
