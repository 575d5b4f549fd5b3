"""A build leaves alone what is made of seeds alone, and only while nothing of it changed."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import duckdb

from pipeline.settings import PROJECT
from pipeline.warehouse.ongewijzigd import kenmerk, lees_kenmerk, schrijf_kenmerk, vaste_knopen, wis_kenmerk


def _node(soort: str, *van: str, sql: str = "", macros: tuple[str, ...] = ()) -> SimpleNamespace:
    hangt_af = SimpleNamespace(nodes=list(van), macros=list(macros))
    return SimpleNamespace(resource_type=soort, depends_on=hangt_af, raw_code=sql, package_name="p")


def test_wat_een_gemeente_zond_wordt_altijd_opnieuw_gemaakt() -> None:
    """Fixed: the seed, what is made of it, and what is made of that. Not: a source anywhere below, or a var, of its own
    or of a macro."""
    manifest = SimpleNamespace(
        nodes={
            "seed.a": _node("seed"),
            "model.a": _node("model", "seed.a"),
            "model.b": _node("model", "model.a", "seed.a", macros=("m.vast",)),
            "model.raw": _node("model", "source.raw"),
            "model.gemengd": _node("model", "model.a", "model.raw"),
            "model.dag": _node("model", "seed.a", sql="select '{{ var(\"peildatum\") }}'"),
            "model.macro": _node("model", "seed.a", macros=("m.dag",)),
            "model.daarna": _node("model", "model.macro"),
            "test.a": _node("test", "model.a"),
        },
        macros={
            "m.vast": SimpleNamespace(macro_sql="1", package_name="p"),
            "m.dag": SimpleNamespace(macro_sql="{{ var('peildatum') }}", package_name="p"),
        },
    )
    assert vaste_knopen(manifest) == ["model.a", "model.b", "seed.a"]


def test_elk_verschil_in_seeds_of_project_telt(tmp_path: Path) -> None:
    seeds, project = tmp_path / "seeds", tmp_path / "project"
    shutil.copytree(PROJECT / "dbt_project" / "macros", project / "macros")
    seeds.mkdir()
    (seeds / "ref_a.csv").write_text("a\n1\n", encoding="utf-8")
    gezien = {kenmerk(project, seeds)}
    assert gezien == {kenmerk(project, seeds)}
    for doe in (
        lambda: (seeds / "ref_a.csv").write_text("a\n2\n", encoding="utf-8"),
        lambda: (seeds / "ref_a.csv").rename(seeds / "ref_b.csv"),
        lambda: (seeds / "ref_c.csv").write_text("c\n", encoding="utf-8"),
        lambda: (project / "macros" / "euro.sql").write_text("{# #}", encoding="utf-8"),
        lambda: (project / "nieuw.yml").write_text("version: 2\n", encoding="utf-8"),
    ):
        doe()
        nu = kenmerk(project, seeds)
        assert nu not in gezien
        gezien.add(nu)


def test_een_warehouse_belooft_niets_tot_het_geschreven_is(tmp_path: Path) -> None:
    pad = str(tmp_path / "w.duckdb")
    with duckdb.connect(pad) as con:
        assert lees_kenmerk(con) == ""
        schrijf_kenmerk(con, "x")
    with duckdb.connect(pad) as con:
        assert lees_kenmerk(con) == "x"
        wis_kenmerk(con)
        assert lees_kenmerk(con) == ""
