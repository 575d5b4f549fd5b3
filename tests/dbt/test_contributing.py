"""CONTRIBUTING.md is honest: the pieces of its walks, put where it says, give the figure it says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import duckdb
import pytest

from pipeline.settings import PROJECT
from tests.dbt.maak_raw import maak_raw
from tests.dbt.test_dbt_project import TOEWIJZINGEN, dbt

BLOK = re.compile(r"^( *)```(csv|sql|yaml)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
PLEK = re.compile(r"`((?:seeds|dbt_project)/[\w/]+\.(?:csv|sql|yml))`(?:, above `([^`]+)`)?")


def wandeling(kop: str) -> list[tuple[str, str, str]]:
    """Every block under a heading: (the text since the block before it, its language, its lines as they go in)."""
    tekst = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8").split(f"## {kop}\n")[1].split("\n## ")[0]
    uit, vorige = [], 0
    for blok in BLOK.finditer(tekst):
        inhoud = "".join(regel.removeprefix(blok[1]) for regel in blok[3].splitlines(keepends=True))
        uit.append((tekst[vorige : blok.start()], blok[2], inhoud))
        vorige = blok.end()
    return uit


def pas_toe(kopie: Path, uitleg: str, inhoud: str) -> None:
    """Put a piece where the page says: above a line that occurs once, else at the end."""
    gevonden = [*PLEK.finditer(uitleg)]
    assert gevonden, f"de pagina zegt niet waar dit hoort: {inhoud[:60]}"
    plek = gevonden[-1]  # the last one named before the block
    pad = kopie / plek[1]
    tekst = pad.read_text(encoding="utf-8")
    if boven := plek[2]:
        assert tekst.count(boven) == 1, f"{boven} staat niet precies een keer in {plek[1]}"
        begin = tekst.rindex("\n", 0, tekst.index(boven)) + 1
        pad.write_text(tekst[:begin] + inhoud + tekst[begin:], encoding="utf-8")
    else:
        pad.write_text(tekst + inhoud, encoding="utf-8")


@pytest.fixture
def kopie(tmp_path: Path) -> Path:
    """Seeds and dbt project as they are."""
    for map_ in ("seeds", "dbt_project"):
        shutil.copytree(PROJECT / map_, tmp_path / map_, ignore=shutil.ignore_patterns("target", "logs"))
    return tmp_path


@pytest.mark.slow
def test_adding_an_indicator_takes_what_the_page_says(kopie: Path) -> None:
    """A row, a branch and a unit test; then the figure is in the mart with the value of the page."""
    *stukken, (_, taal, vraag) = wandeling("Add an indicator")
    assert [s[1] for s in stukken] == ["csv", "sql", "yaml"]
    assert taal == "sql"
    for uitleg, _, inhoud in stukken:
        pas_toe(kopie, uitleg, inhoud)
    warehouse = kopie / "w.duckdb"
    maak_raw(warehouse, toewijzingen=TOEWIJZINGEN)
    statussen = dbt(
        ["build", "--select", "+indicatoren", "--exclude-resource-type", "test"],
        kopie, warehouse, kopie / "seeds", kopie / "dbt_project",
    )  # fmt: skip
    assert {n: s for n, s in statussen.items() if s not in ("success", "pass")} == {}
    (naam,) = re.findall(r"- name: (\w+)", stukken[2][2])
    assert statussen[f"unit_test.regiomonitor.int_ind_gebruik.{naam}"] == "pass"
    with duckdb.connect(str(warehouse), read_only=True) as con:
        (rij,) = con.execute(vraag).fetchall()
    beloofd = re.search(r"^-- (.*)$", vraag, re.MULTILINE)
    assert beloofd
    assert [float(w) for w in rij] == [float(w) for w in beloofd[1].split(",")]
