"""What a build need not make again: seeds, and what is made of seeds alone.

Lives here: which nodes those are, and whether this warehouse holds them as they are now. Keep out: calling dbt
(bouwen.py), clearing what was built (laden.py). Whatever sees a delivered row is made anew at every build; nothing here
may change that.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.settings import PROJECT

if TYPE_CHECKING:
    import duckdb

DBT_PROJECT = PROJECT / "dbt_project"
_TABEL = "seeds.gebouwd_van"
"""Beside the seeds, so that whoever clears them takes the promise along."""


def vaste_knopen(manifest: Any) -> list[str]:
    """Return the unique ids of seeds and models that depend on no source and on no var of the build."""
    vast = {uid for uid, n in manifest.nodes.items() if str(n.resource_type) == "seed"}
    modellen = {uid: n for uid, n in manifest.nodes.items() if str(n.resource_type) == "model"}
    gegroeid = True
    while gegroeid:
        erbij = {
            uid
            for uid, n in modellen.items()
            if uid not in vast and set(n.depends_on.nodes) <= vast and not _leest_var(manifest, n)
        }
        vast |= erbij
        gegroeid = bool(erbij)
    return sorted(vast)


def _leest_var(manifest: Any, node: Any) -> bool:
    macros = (manifest.macros[m] for m in node.depends_on.macros if m in manifest.macros)
    eigen = [m.macro_sql for m in macros if m.package_name == node.package_name]
    return any("var(" in tekst for tekst in [node.raw_code, *eigen])


def kenmerk(project: Path, seeds: Path) -> str:
    """Return a fingerprint of all that decides about them: seeds, the dbt project, and the database that reads it."""
    import duckdb

    hasher = hashlib.sha256(duckdb.__version__.encode())
    for basis, patronen in ((seeds, ("*.csv", "*.yml")), (project, ("**/*.sql", "**/*.yml"))):
        bestanden = (p for patroon in patronen for p in basis.glob(patroon))
        for pad in sorted(p for p in bestanden if "target" not in p.relative_to(basis).parts):
            hasher.update(f"\0{pad.relative_to(basis).as_posix()}\0".encode())
            hasher.update(pad.read_bytes())
    return hasher.hexdigest()


def lees_kenmerk(con: duckdb.DuckDBPyConnection) -> str:
    """Return what the warehouse says its fixed nodes were made of; empty when it does not say."""
    er_is = con.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'seeds' AND table_name = 'gebouwd_van'"
    ).fetchall()
    if er_is == [(0,)]:
        return ""
    return "".join(waarde for (waarde,) in con.execute(f"SELECT kenmerk FROM {_TABEL}").fetchall())


def wis_kenmerk(con: duckdb.DuckDBPyConnection) -> None:
    """Forget it, before anything is made: a build that breaks off must not leave a promise."""
    if lees_kenmerk(con):
        con.execute(f"DROP TABLE {_TABEL}")


def schrijf_kenmerk(con: duckdb.DuckDBPyConnection, waarde: str) -> None:
    """Note it, after everything was made."""
    con.execute("CREATE SCHEMA IF NOT EXISTS seeds")
    con.execute(f"CREATE OR REPLACE TABLE {_TABEL} AS SELECT ? AS kenmerk", [waarde])
