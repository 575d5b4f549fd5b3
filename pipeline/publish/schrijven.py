"""Writing marts into files that others get to see.

Lives here: a connection that leaves nothing in a file but its rows, tables with their descriptions, Parquet and CSV.
Add here: another form of file. Keep out: which rows go to whom (openbaar.py, gemeente.py, kandidaat.py).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb
import polars as pl

from pipeline.publish.woordenboek import TIJDVORM, WOORDENBOEK, Tabel, rijen

OPSLAGVERSIE = "v1.2.0"
LEEG_GEHEUGEN = {"DUCKDB_JE_MALLOC_CONF": "zero:true"}
"""The environment in which all memory that DuckDB takes comes empty: a setting of the allocator in its builds for
Linux on x86-64 (jemalloc), read when DuckDB is loaded. Elsewhere memory is given back, as in any other process."""
_OPTIES = {
    "parquet": "FORMAT parquet, COMPRESSION zstd",
    "csv": f"FORMAT csv, HEADER, TIMESTAMPFORMAT '{TIJDVORM}'",
}


def schone_verbinding(bron: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB in memory to write files with that others get to see; with `bron` attached for reading, if given.

    Into the unused ends of blocks DuckDB writes what that memory held before, rows it sorted for one (duckdb issue
    23382). Memory that is given back to the system at once comes back empty; a process that only writes editions asks
    for empty memory to begin with, which is cheaper (LEEG_GEHEUGEN).
    """
    con = duckdb.connect()
    # the work is small and goes on in several of these at a time: more threads each would cost more than they bring
    con.execute("SET threads = 1")
    con.execute("SET wal_autocheckpoint = '1KB'")  # whole files are written: what is committed need not go by a log
    if not _is_geheugen_leeg():
        con.execute("SET allocator_flush_threshold = '1B'")
        con.execute("SET allocator_bulk_deallocation_flush_threshold = '1B'")
    if bron is not None:
        con.execute(f"ATTACH '{tekst(bron)}' AS bron (READ_ONLY)")
    return con


def _is_geheugen_leeg() -> bool:
    eigen_allocator = sys.platform == "linux" and os.uname().machine == "x86_64"
    return eigen_allocator and LEEG_GEHEUGEN.items() <= os.environ.items()


def tekst(waarde: Path | str) -> str:
    """Return `waarde` for between quotes in SQL."""
    return str(waarde).replace("'", "''")


def rijen_van(con: duckdb.DuckDBPyConnection, tabel: Tabel, tabellen: Sequence[Tabel], publicatie_id: str) -> str:
    """Return the query for `tabel` of the marts attached as `bron`, its rows in a fixed order.

    What everything means is not in the build: it is said of the `tabellen` of the edition.
    """
    if tabel.naam != WOORDENBOEK:
        kolommen = ", ".join(f'"{k.naam}"' for k in tabel.kolommen)
        return f"SELECT {kolommen} FROM bron.{tabel.naam} ORDER BY ALL"
    kolommen = ", ".join(f'CAST("{k.naam}" AS {k.type}) AS "{k.naam}"' for k in tabel.kolommen)
    lijsten = rijen(tabellen, publicatie_id)
    con.register("woordenboek", pl.DataFrame(lijsten, [k.naam for k in tabel.kolommen], orient="row"))
    return f"SELECT {kolommen} FROM woordenboek ORDER BY ALL"


def schrijf_tabellen(con: duckdb.DuckDBPyConnection, bronnen: Sequence[tuple[Tabel, str]]) -> None:
    """Make each table of the database attached as `uit` by its query, with what it means in COMMENTs."""
    con.execute("BEGIN")
    for schema in sorted({t.naam.split(".")[0] for t, _ in bronnen}):
        con.execute(f"CREATE SCHEMA uit.{schema}")
    for t, query in bronnen:
        con.execute(f"CREATE TABLE uit.{t.naam} AS {query}")
        uitleg = [f"COMMENT ON TABLE uit.{t.naam} IS '{tekst(t.omschrijving)}'"]
        uitleg += [f"COMMENT ON COLUMN uit.{t.naam}.\"{k.naam}\" IS '{tekst(k.omschrijving)}'" for k in t.kolommen]
        con.execute("; ".join(uitleg))
    con.execute("COMMIT")


def schrijf_bestanden(map_: Path, tabellen: Sequence[Tabel]) -> None:
    """Write parquet/ and csv/ beside the marts.duckdb that is in `map_`."""
    with schone_verbinding(map_ / "marts.duckdb") as con:
        for vorm, opties in _OPTIES.items():
            (map_ / vorm).mkdir()
            for t in tabellen:
                con.execute(f"COPY bron.{t.naam} TO '{tekst(map_ / vorm / f'{t.naam}.{vorm}')}' ({opties})")
