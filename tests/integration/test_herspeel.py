"""A build that does again what dbt did gives what dbt gives (tests/herspeel.py): table by table, row by row."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from pipeline import warehouse
from pipeline.settings import Settings
from pipeline.warehouse import bouwen
from tests import herspeel
from tests.in_dit_proces import herspeler, in_dit_proces, manifest_voor
from tests.klein_huis import KleinHuis

# what is made once for a home, and when
_BUITEN = "schema_name NOT IN ('raw') AND table_name <> 'gebouwd_van'"


def _alleen_raw(settings: Settings) -> dict[str, str]:
    """Take away what was built, or dbt would leave what follows from seeds as it is; return what it was built with."""
    with duckdb.connect(str(settings.huis.warehouse)) as con:
        [(publicatie_id, moment)] = con.execute("SELECT publicatie_id, peilmoment FROM raw.publicatie").fetchall()
        for (schema,) in con.execute(
            "SELECT DISTINCT schema_name FROM duckdb_tables() WHERE schema_name <> 'raw'"
        ).fetchall():
            con.execute(f"DROP SCHEMA {schema} CASCADE")
    return {
        "publicatie_id": publicatie_id,
        "peilmoment": f"{moment:%Y-%m-%d %H:%M:%S.%f}",
        "peildatum": f"{moment:%Y-%m-%d}",
    }


def test_it_gives_every_table_that_dbt_gives(
    klein_huis: KleinHuis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last build of the small home was one; dbt itself makes that warehouse once more, from the same raw tables."""
    assert str(klein_huis.plek / "warehouse.duckdb") in herspeel.herspeeld
    settings = klein_huis.kopie(klein_huis.na)
    oud = Path(shutil.copyfile(settings.huis.warehouse, tmp_path / "oud.duckdb"))
    vars_ = _alleen_raw(settings)
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


def test_a_part_is_what_dbt_takes_for_it(klein_huis: KleinHuis) -> None:
    """A model and all before it, and the tests that look at nothing else."""
    settings = klein_huis.kopie(klein_huis.na)
    vars_ = _alleen_raw(settings)
    deel = ("+doelrealisatie", "--indirect-selection", "cautious")
    plek = bouwen._plek(settings, None, None)
    with bouwen.omgeving(plek.env):
        runner, argumenten = herspeler()(manifest_voor(plek)), bouwen._argumenten(plek, vars_, deel, ())
        keuze = runner.keuze(argumenten)
        soorten = [
            "--resource-type",
            "model",
            "seed",
            "test",
            "--quiet",
            "--output",
            "json",
            "--output-keys",
            "unique_id",
        ]
        van_dbt = runner.echt(manifest=runner.manifest).invoke(
            [*("--log-level", "none"), "ls", *soorten, "--select", *deel, *plek.opties()]
        )
    genoemd = {json.loads(regel)["unique_id"] for regel in van_dbt.result}
    assert keuze == {uid for uid in genoemd if not bouwen.is_toets_in_model(runner.manifest.nodes[uid])}
    aantal = len(herspeel.herspeeld)
    with in_dit_proces():
        warehouse.bouw(settings, vars=vars_, selectie=deel)
    assert herspeel.herspeeld[aantal:] == [str(settings.huis.warehouse)]
    with duckdb.connect(str(settings.huis.warehouse), read_only=True) as con:
        gemaakt = {
            tabel for (tabel,) in con.execute(f"SELECT table_name FROM duckdb_tables() WHERE {_BUITEN}").fetchall()
        }
    assert "doelrealisatie" in gemaakt
    assert not {"kerncijfers", "doelen"} & gemaakt


def test_what_goes_wrong_dbt_does(klein_huis: KleinHuis, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error in what was kept makes dbt do it: it is asked once, and nothing counts as done again."""
    gevraagd: list[list[str]] = []

    class Echt:
        def __init__(self, manifest: object = None) -> None:
            pass

        def invoke(self, argumenten: list[str]) -> str:
            gevraagd.append(argumenten)
            return "dbt"

    settings = klein_huis.kopie(klein_huis.na)
    vars_ = _alleen_raw(settings)
    with duckdb.connect(str(settings.huis.warehouse)) as con:
        con.execute("DROP SCHEMA raw CASCADE")
    plek = bouwen._plek(settings, None, None)
    runner = herspeler()
    monkeypatch.setattr(runner, "echt", Echt)
    aantal = len(herspeel.herspeeld)
    with bouwen.omgeving(plek.env):
        assert runner(manifest_voor(plek)).invoke(bouwen._argumenten(plek, vars_, (), ())) == "dbt"
    assert len(gevraagd) == 1
    assert len(herspeel.herspeeld) == aantal
