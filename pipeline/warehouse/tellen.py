"""How many rows every table of the last build has: for whoever shows the house and may not open it.

Lives here: writing it at the end of a build and reading it back (`work/dbt/tellingen.json`, which may be deleted). Keep
out: figures; those are in the marts.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from pipeline.settings import Huis

NAAM = "tellingen.json"


@dataclass(frozen=True)
class Tellingen:
    """Rows per `schema.table` of the build that was made for `publicatie_id`; empty when nothing was built."""

    publicatie_id: str = ""
    rijen: dict[str, int] = field(default_factory=dict)


def schrijf_tellingen(con: duckdb.DuckDBPyConnection, map_: Path, publicatie_id: str) -> None:
    """Count every table and view of the warehouse, and keep it in `map_`."""
    rijen = dict(con.execute("SELECT schema_name || '.' || table_name, estimated_size FROM duckdb_tables()").fetchall())
    views = con.execute("SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal ORDER BY ALL").fetchall()
    if views:
        telling = " UNION ALL ".join(f"""SELECT '{s}.{v}', count(*) FROM "{s}"."{v}" """ for s, v in views)
        rijen |= dict(con.execute(telling).fetchall())
    map_.mkdir(parents=True, exist_ok=True)
    klad = map_ / f"{NAAM}.{os.getpid()}.klad"
    klad.write_text(json.dumps({"publicatie_id": publicatie_id, "rijen": rijen}) + "\n", encoding="utf-8")
    os.replace(klad, map_ / NAAM)


def lees_tellingen(huis: Huis) -> Tellingen:
    """Return the counts of the last build; empty when there are none, or they cannot be read."""
    try:
        gelezen = json.loads((huis.work / "dbt" / NAAM).read_text(encoding="utf-8"))
        return Tellingen(gelezen["publicatie_id"], gelezen["rijen"])
    except (OSError, ValueError, KeyError, TypeError):
        return Tellingen()
