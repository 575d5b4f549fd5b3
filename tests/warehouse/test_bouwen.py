"""The dbt build: what comes back, what is said when it fails, and that the helper changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipeline.domain.fouten import BouwFout
from pipeline.settings import PROJECT, BsnReeks, Huis, Settings
from pipeline.warehouse import Bouwresultaat, DbtWerker, bouw, start_dbt_werker
from pipeline.warehouse.bouwen import Plek, omgeving, ontleed

_PROJECT = """
name: klein
version: "1.0.0"
config-version: 2
profile: klein
flags: {send_anonymous_usage_stats: false}
vars: {publicatie_id: geen, modus: goed}
models: {klein: {+materialized: table, +post-hook: "{{ eis_toetsen() }}"}}
"""
_MACROS = ("eis_toetsen.sql", "tests/unique_combination.sql", "tests/accepted_values.sql")
_PROFIEL = """
klein:
  target: w
  outputs:
    w: {type: duckdb, path: "{{ env_var('REGIOMONITOR_WAREHOUSE') }}", schema: main, threads: 2, keep_open: false}
"""
_MODELLEN = {
    "goed.sql": "select 1 as getal, '{{ var(\"publicatie_id\") }}' as publicatie_id",
    # a value that must never be seen in a message
    "waarde.sql": "select cast('{{ 'geheim ' if var('modus') == 'waarde' else '' }}999990007' as integer) as x",
    "daarna.sql": "select * from {{ ref('waarde') }}",
    "dubbel.sql": "select unnest([1, {{ 1 if var('modus') == 'korrel' else 2 }}]) as a, unnest([7, 7]) as b",
    "na_dubbel.sql": "select * from {{ ref('dubbel') }}",
    "test.yml": """
models:
  - name: dubbel
    data_tests:
      - unique_combination: {arguments: {kolommen: [a, b]}}
      - unique_combination: {name: alleen_acht, arguments: {kolommen: [b]}, config: {where: b = 8}}
  - name: goed
    description: Een getal.
    columns:
      - name: getal
        description: Het getal.
        data_tests:
          - accepted_values:
              arguments: {values: ["{{ 2 if var('modus') == 'test' else 1 }}"], quote: false}
          - accepted_values:
              name: alleen_een_waarschuwing
              arguments: {values: [3], quote: false}
              config: {severity: warn}
unit_tests:
  - name: hoort_hier_niet_te_draaien
    model: goed
    given: []
    expect: {rows: [{getal: 99}]}
""",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pad = tmp_path_factory.mktemp("klein")
    (pad / "models").mkdir()
    (pad / "macros").mkdir()
    for macro in _MACROS:
        tekst = (PROJECT / "dbt_project" / "macros" / macro).read_text(encoding="utf-8")
        (pad / "macros" / Path(macro).name).write_text(tekst)
    (pad / "dbt_project.yml").write_text(_PROJECT)
    (pad / "profiles.yml").write_text(_PROFIEL)
    for naam, tekst in _MODELLEN.items():
        (pad / "models" / naam).write_text(tekst)
    return pad


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    huis = Huis(tmp_path_factory.mktemp("huis"))
    return Settings(huis=huis, seeds=PROJECT / "seeds", bsn_reeks=BsnReeks.SYNTHETISCH, sleutel_bron="")


@pytest.fixture(scope="module")
def werker(settings: Settings, project: Path) -> Iterator[DbtWerker]:
    with start_dbt_werker(settings, project=project) as w:
        yield w


def _vars(modus: str, publicatie_id: str = "p1") -> dict[str, str]:
    return {"publicatie_id": publicatie_id, "modus": modus}


def _status(uit: Bouwresultaat) -> dict[str, tuple[str, str]]:
    return {k.naam: (k.soort, k.status) for k in uit.knopen}


def test_build_here_and_in_the_helper_are_the_same(settings: Settings, project: Path, werker: DbtWerker) -> None:
    hier = bouw(settings, vars=_vars("goed", "p1"), project=project)
    with duckdb.connect(str(settings.huis.warehouse)) as con:
        assert con.execute("SELECT publicatie_id FROM goed").fetchall() == [("p1",)]
    daar = bouw(settings, vars=_vars("goed", "p2"), project=project, werker=werker)
    with duckdb.connect(str(settings.huis.warehouse)) as con:
        assert con.execute("SELECT publicatie_id FROM goed").fetchall() == [("p2",)]
    assert _status(hier) == _status(daar)
    assert _status(hier)["goed"] == ("model", "success")
    assert [k.naam for k in hier.waarschuwingen] == ["alleen_een_waarschuwing"]
    assert not any("hoort_hier_niet" in k.unique_id for k in hier.knopen)
    assert {s for n, s in _status(hier).items() if "unique_combination" in n or n == "alleen_acht"} == {
        ("test", "pass")
    }
    assert hier.manifest == daar.manifest
    assert hier.manifest.is_file()
    assert not {p.name for p in project.iterdir()} & {"target", "logs"}


@pytest.mark.parametrize("met_werker", [False, True], ids=["here", "helper"])
def test_a_model_that_fails_is_named_without_its_values(
    settings: Settings, project: Path, werker: DbtWerker, capfd: pytest.CaptureFixture[str], met_werker: bool
) -> None:
    with pytest.raises(BouwFout) as fout:
        bouw(settings, vars=_vars("waarde"), project=project, werker=werker if met_werker else None)
    tekst = str(fout.value)
    assert "model waarde" in tekst
    assert "Conversion Error" in tekst
    assert "1 overgeslagen" in tekst
    assert "dbt build --select waarde" in tekst
    assert "999990007" not in tekst + "".join(capfd.readouterr())


def test_a_test_that_fails_is_named_with_its_count(settings: Settings, project: Path, werker: DbtWerker) -> None:
    with pytest.raises(BouwFout, match=r"toets accepted_values_goed_getal.*: 1 keer"):
        # vars in the arguments of a test are fixed when parsing, so this one is parsed apart
        bouw(replace_huis(settings), vars=_vars("goed"), project=_met_andere_test(project))


def test_the_manifest_is_written_when_the_project_changed_and_only_then(tmp_path: Path, project: Path) -> None:
    kopie = shutil.copytree(project, tmp_path / "project")
    plek = Plek(kopie, PROJECT / "seeds", tmp_path / "w.duckdb", tmp_path / "werk")

    def tekst() -> str:
        with omgeving(plek.env):
            ontleed(plek)
        return plek.manifest.read_text(encoding="utf-8")

    eerst = tekst()
    assert tekst() == eerst, "with the moment of writing in it"
    (kopie / "models" / "goed.sql").write_text("select 2 as getal")
    assert "select 2 as getal" in (later := tekst())
    plek.manifest.unlink()
    assert tekst() != later


def replace_huis(settings: Settings) -> Settings:
    return replace(settings, huis=Huis(settings.huis.pad / "ander"))


def _met_andere_test(project: Path) -> Path:
    ander = project.parent / "ander"
    for map_ in ("models", "macros"):
        (ander / map_).mkdir(parents=True)
    for pad in project.rglob("*"):
        if pad.is_file():
            (ander / pad.relative_to(project)).write_text(pad.read_text().replace("else 1 }}", "else 7 }}"))
    return ander


def test_selection(settings: Settings, project: Path, werker: DbtWerker) -> None:
    uit = bouw(settings, vars=_vars("goed"), project=project, werker=werker, selectie=["waarde"])
    assert [k.naam for k in uit.knopen] == ["waarde"]


def test_a_helper_that_died_or_serves_another_home_is_not_needed(settings: Settings, project: Path) -> None:
    with start_dbt_werker(settings, project=project) as dood:
        dood.sluit()
        assert bouw(settings, vars=_vars("goed"), project=project, werker=dood, selectie=["goed"]).knopen[0].is_goed
        elders = replace_huis(settings)
        bouw(elders, vars=_vars("goed"), project=project, werker=dood, selectie=["waarde"])
        assert elders.huis.warehouse.exists()


def test_a_project_that_cannot_be_read_says_so(settings: Settings, project: Path, tmp_path: Path) -> None:
    for naam in ("dbt_project.yml", "profiles.yml"):
        (tmp_path / naam).write_text((project / naam).read_text())
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "stuk.sql").write_text("select * from {{ ref('bestaat_niet') }}")
    with pytest.raises(BouwFout, match="bestaat_niet"):
        bouw(replace(settings, huis=Huis(tmp_path / "h")), vars={}, project=tmp_path)


def test_a_model_with_the_wrong_grain_is_not_made(settings: Settings, project: Path) -> None:
    """The grain is checked inside the model: it fails, what hangs on it is skipped, and no value is told."""
    with pytest.raises(BouwFout) as fout:
        bouw(settings, vars=_vars("korrel"), project=project)
    assert "model dubbel: toets unique_combination_dubbel_a__b: 1 keer niet voldaan." in str(fout.value)
    assert "1 van" in str(fout.value)
    assert "na_dubbel" not in str(fout.value).replace("--select", "")
