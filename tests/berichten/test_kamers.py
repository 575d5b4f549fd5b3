"""A bericht is named in its room and nowhere else, but where it says why."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.berichten import CONTRACTEN, DELEN, kamer
from pipeline.domain.leveringen import KERN, Bericht
from pipeline.settings import PROJECT

NAAM = "|".join(b.value for b in Bericht)
NOEMT = re.compile(rf'\bBericht\.[A-Z]+\b|(?:==|!=) ?"(?:{NAAM})"|\["(?:{NAAM})"\]')
MAG = {
    "pipeline/synth": "makes these two kinds of extract up",
    "pipeline/domain/leveringen.py": "names them",
    "pipeline/publish/poort.py": "where nobody delivered declaraties no cost is expected",
}


def _noemt(pad: Path) -> list[str]:
    return [r.strip() for r in pad.read_text(encoding="utf-8").splitlines() if NOEMT.search(r)]


def test_no_bericht_is_named_outside_its_room() -> None:
    kamers = tuple(f"pipeline/berichten/{b.value}/" for b in Bericht)
    elders = {}
    for pad in sorted((PROJECT / "pipeline").rglob("*.py")):
        waar = pad.relative_to(PROJECT).as_posix()
        if not waar.startswith((*kamers, *MAG)) and (regels := _noemt(pad)):
            elders[waar] = regels
    assert elders == {}


@pytest.mark.parametrize(
    "regel", ["if bericht is Bericht.DECLARATIES:", "X = {Bericht.TOEWIJZINGEN: 1}", 'y = per["declaraties"]']
)
def test_the_search_finds_what_it_looks_for(regel: str, tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text(f"def f():\n    {regel}\n", encoding="utf-8")
    assert _noemt(tmp_path / "x.py") == [regel]


@pytest.mark.parametrize("bericht", Bericht)
def test_every_bericht_has_a_whole_room(bericht: Bericht) -> None:
    assert CONTRACTEN[bericht].bericht is bericht
    for deel in DELEN:
        assert kamer(bericht, deel).__name__ == f"pipeline.berichten.{bericht.value}.{deel}"


def test_the_build_knows_the_same_kern() -> None:
    macro = (PROJECT / "dbt_project" / "macros" / "kern.sql").read_text(encoding="utf-8")
    gevonden = re.search(r"macro kern\(\) %}\((.*)\){% endmacro", macro)
    assert gevonden is not None
    assert [deel.strip("' ") for deel in gevonden[1].split(",")] == [b.value for b in KERN]
    assert [b.is_optioneel for b in KERN] == [False, False]
