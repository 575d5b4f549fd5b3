"""A build that does again what dbt did gives what dbt gives (tests/herspeel.py): table by table, row by row."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from pipeline.settings import PROJECT
from pipeline.warehouse import bouwen
from tests import herspeel
from tests.dbt.test_dbt_project import VARS, Bouw
from tests.in_dit_proces import in_dit_proces, manifest_voor

DEEL = "doelrealisatie"
# what is made once for a home, and when
_BUITEN = "schema_name NOT IN ('raw') AND table_name <> 'gebouwd_van'"


@contextmanager
def _nog_eens(bouw: Bouw, map_: Path, *selectie: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same raw tables, built again without dbt, beside what dbt made (`oud`)."""
    nieuw = map_ / "warehouse.duckdb"
    with duckdb.connect(str(nieuw)) as con:
        con.execute(f"ATTACH '{bouw.warehouse}' AS oud (READ_ONLY)")
        con.execute("CREATE SCHEMA raw")
        for (tabel,) in con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'oud' AND schema_name = 'raw'"
        ).fetchall():
            con.execute(f"CREATE TABLE raw.{tabel} AS FROM oud.raw.{tabel}")
    plek = bouwen.Plek(PROJECT / "dbt_project", bouw.seeds, nieuw, map_)
    aantal = len(herspeel.herspeeld)
    with in_dit_proces(), bouwen.omgeving(plek.env):
        bouwen.voer_uit(plek, manifest_voor(plek), VARS, selectie)
    assert herspeel.herspeeld[aantal:] == [str(nieuw)]
    with duckdb.connect(str(nieuw), read_only=True) as con:
        con.execute(f"ATTACH '{bouw.warehouse}' AS oud (READ_ONLY)")
        yield con


def _tabellen(con: duckdb.DuckDBPyConnection, database: str) -> list[tuple[str, str, int]]:
    return con.execute(
        "SELECT schema_name, table_name, estimated_size FROM duckdb_tables() "
        f"WHERE database_name = '{database}' AND {_BUITEN} ORDER BY ALL"
    ).fetchall()


def _anders(con: duckdb.DuckDBPyConnection) -> list[str]:
    return [
        f"{schema}.{tabel}"
        for schema, tabel, _ in _tabellen(con, "warehouse")
        if con.execute(
            f"SELECT count(*) FROM (SELECT * FROM {schema}.{tabel} EXCEPT ALL SELECT * FROM oud.{schema}.{tabel})"
        ).fetchall()
        != [(0,)]
    ]


def test_it_gives_every_table_that_dbt_gives(bouw_van_dbt: Bouw, tmp_path: Path) -> None:
    with _nog_eens(bouw_van_dbt, tmp_path) as con:
        assert _tabellen(con, "warehouse") == _tabellen(con, "oud")
        assert len(_tabellen(con, "oud")) > 150
        assert _anders(con) == []


def test_a_part_is_what_dbt_takes_for_it(bouw_van_dbt: Bouw, tmp_path: Path) -> None:
    """A model and all before it, and nothing after."""
    with _nog_eens(bouw_van_dbt, tmp_path, f"+{DEEL}", "--indirect-selection", "cautious") as con:
        gemaakt = {tabel for _, tabel, _ in _tabellen(con, "warehouse")}
        assert {DEEL, "int_doelreeks", "ref_streefwaarden"} <= gemaakt
        assert not {"kerncijfers", "doelen"} & gemaakt
        assert _anders(con) == []


def test_what_went_wrong_is_not_done_again(bouw_van_dbt: Bouw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error in what was kept makes dbt do it: it is asked, and nothing counts as done again."""
    gevraagd: list[list[str]] = []

    class Echt:
        def __init__(self, manifest: object = None) -> None:
            pass

        def invoke(self, argumenten: list[str]) -> str:
            gevraagd.append(argumenten)
            return "dbt"

    shutil.copyfile(bouw_van_dbt.warehouse, tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        con.execute("DROP SCHEMA raw CASCADE")
    plek = bouwen.Plek(PROJECT / "dbt_project", bouw_van_dbt.seeds, tmp_path / "warehouse.duckdb", tmp_path)
    with in_dit_proces(), bouwen.omgeving(plek.env):
        import dbt.cli.main

        runner = dbt.cli.main.dbtRunner
        monkeypatch.setattr(runner, "echt", Echt)
        aantal = len(herspeel.herspeeld)
        antwoord = runner(manifest=manifest_voor(plek)).invoke(bouwen._argumenten(plek, VARS, (), ()))
    assert antwoord == "dbt"
    assert len(gevraagd) == 1
    assert len(herspeel.herspeeld) == aantal
