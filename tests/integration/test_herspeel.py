"""A build that does again what dbt did gives what dbt gives (tests/herspeel.py): table by table, row by row."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from pipeline import warehouse
from pipeline.warehouse import bouwen
from tests import herspeel
from tests.in_dit_proces import manifest_voor
from tests.klein_huis import KleinHuis

# what is made once for a home, and when
_BUITEN = "schema_name NOT IN ('raw') AND table_name <> 'gebouwd_van'"


def test_it_gives_every_table_that_dbt_gives(
    klein_huis: KleinHuis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last build of the small home was one; dbt itself makes that warehouse once more, from the same raw tables."""
    assert str(klein_huis.plek / "warehouse.duckdb") in herspeel.herspeeld
    settings = klein_huis.kopie(klein_huis.na)
    oud = Path(shutil.copyfile(settings.huis.warehouse, tmp_path / "oud.duckdb"))
    with duckdb.connect(str(settings.huis.warehouse)) as con:
        [(publicatie_id, moment)] = con.execute("SELECT publicatie_id, peilmoment FROM raw.publicatie").fetchall()
        con.execute("DROP SCHEMA seeds CASCADE")  # or dbt would leave what follows from seeds as it is
    vars_ = {
        "publicatie_id": publicatie_id,
        "peilmoment": f"{moment:%Y-%m-%d %H:%M:%S.%f}",
        "peildatum": f"{moment:%Y-%m-%d}",
    }
    monkeypatch.setattr(bouwen, "ontleed", manifest_voor)
    aantal = len(herspeel.herspeeld)
    warehouse.bouw(settings, vars=vars_)
    assert len(herspeel.herspeeld) == aantal
    with duckdb.connect(str(settings.huis.warehouse), read_only=True) as con:
        con.execute(f"ATTACH '{oud}' AS oud (READ_ONLY)")
        tabellen = {
            db: con.execute(
                "SELECT schema_name, table_name, estimated_size FROM duckdb_tables() "
                f"WHERE database_name = '{db}' AND {_BUITEN} ORDER BY ALL"
            ).fetchall()
            for db in ("warehouse", "oud")
        }
        assert tabellen["oud"] == tabellen["warehouse"]
        assert len(tabellen["oud"]) > 150
        anders = [
            f"{schema}.{tabel}"
            for schema, tabel, _ in tabellen["oud"]
            if con.execute(
                f"SELECT count(*) FROM (SELECT * FROM {schema}.{tabel} EXCEPT ALL SELECT * FROM oud.{schema}.{tabel})"
            ).fetchall()
            != [(0,)]
        ]
    assert anders == []
