"""docs/afnemers.md does what it says: every query and every piece of Python in it runs on what is published."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from pipeline.settings import PROJECT
from tests.conftest import GedraaideRegio

TEKST = (PROJECT / "docs" / "afnemers.md").read_text(encoding="utf-8")
# what the region delivered decides whether anybody is late
MAG_LEEG = ("kwaliteit.leveringsstatus",)


def _blokken(taal: str) -> list[str]:
    return re.findall(rf"^```{taal}\n(.*?)^```", TEKST, re.MULTILINE | re.DOTALL)


def test_there_is_something_to_run() -> None:
    assert len(_blokken("sql")) >= 8
    assert len(_blokken("python")) == 3


@pytest.mark.parametrize("vraag", _blokken("sql"), ids=lambda v: re.search(r"from (\S+)", v)[1])
def test_every_query_answers(vraag: str, rommelige_regio: GedraaideRegio) -> None:
    with duckdb.connect(str(rommelige_regio.marts.resolve()), read_only=True) as con:
        uitkomst = con.sql(vraag)
        assert len(uitkomst.columns) >= 2
        assert uitkomst.fetchall() or any(t in vraag for t in MAG_LEEG)


@pytest.mark.parametrize("code", _blokken("python"), ids=["duckdb", "polars", "pandas"])
def test_every_piece_of_python_runs(
    code: str, rommelige_regio: GedraaideRegio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(rommelige_regio.settings.huis.pad)
    namen: dict[str, object] = {}
    exec(compile(code, "docs/afnemers.md", "exec"), namen)  # noqa: S102  our own document
    frames = [w for w in namen.values() if hasattr(w, "columns") and hasattr(w, "shape")]
    assert frames
    assert all(f.shape[0] > 0 for f in frames)


def test_every_figure_explains_itself_inside_the_file(rommelige_regio: GedraaideRegio) -> None:
    """Meaning, unit, numerator, denominator, coverage and maturity; a shared figure is numerator by denominator."""
    with duckdb.connect(str(rommelige_regio.marts.resolve()), read_only=True) as con:
        zonder = con.sql(
            "SELECT DISTINCT indicator_id FROM sturing.indicatoren ANTI JOIN ("
            "  SELECT indicator_id FROM meta.indicatordefinities WHERE is_berekend AND naam <> '' AND definitie <> ''"
            "  AND teller <> '' AND noemer <> '' AND eenheid <> '' AND bron <> '') USING (indicator_id)"
        ).fetchall()
        leeg = con.sql(
            "SELECT indicator_id FROM sturing.indicatoren WHERE eenheid IS NULL OR dekking IS NULL OR rijping IS NULL "
            "OR publicatie_id IS NULL OR indicator_versie IS NULL LIMIT 5"
        ).fetchall()
        scheef = con.sql(
            "SELECT i.indicator_id FROM sturing.indicatoren AS i "
            "JOIN meta.indicatordefinities AS d USING (indicator_id) "
            "WHERE i.eenheid <> d.eenheid OR i.indicator_versie <> d.indicator_versie LIMIT 5"
        ).fetchall()
    assert (zonder, leeg, scheef) == ([], [], [])


def test_the_paths_in_the_text_exist(rommelige_regio: GedraaideRegio) -> None:
    published = rommelige_regio.settings.huis.published
    paden = set(re.findall(r"published/(intern/[\w./]+\.(?:duckdb|parquet|csv))", TEKST))
    assert len(paden) >= 3
    for naam in (*paden, "intern/datapackage.json", "intern/dcat.jsonld", "publicatie.json", "poort.json"):
        assert (published / Path(naam)).is_file(), naam
