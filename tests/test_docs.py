"""The documents stand by themselves: what code, seeds and tests cite of them is there, and so is what they link to."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from pipeline.settings import PROJECT

DOCS = {"SPEC": PROJECT / "docs" / "specification.md", "DOMAIN": PROJECT / "docs" / "domain.md"}
_VERWIJZING = re.compile(r"\b(SPEC|DOMAIN) (?:section )?(\d+[a-z]?(?:\.\d+)?)\b")
_KOP = re.compile(r"^#{2,3} (\d+[a-z]?(?:\.\d+)?)\b", re.MULTILINE)
_PUNT = re.compile(r"^(\d+)\. ", re.MULTILINE)
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
_SOORTEN = (".py", ".sql", ".yml", ".md", ".csv", ".toml", ".yaml")


def _bestanden() -> list[Path]:
    namen = subprocess.run(["git", "ls-files"], cwd=PROJECT, check=True, capture_output=True, text=True).stdout.split(
        "\n"
    )
    return [PROJECT / n for n in namen if n.endswith(_SOORTEN) and not n.startswith("tests/fixtures/")]


def _secties(document: Path) -> set[str]:
    """Return the numbers of its headings, and of the numbered points under them (`9.6`)."""
    tekst = document.read_text(encoding="utf-8")
    koppen = list(_KOP.finditer(tekst))
    uit = {k[1] for k in koppen}
    for kop, volgende in zip(koppen, [*koppen[1:], None], strict=True):
        deel = tekst[kop.end() : volgende.start() if volgende else None]
        uit |= {f"{kop[1]}.{n}" for n in _PUNT.findall(deel)}
    return uit


def test_every_section_that_is_cited_is_there() -> None:
    secties = {naam: _secties(pad) for naam, pad in DOCS.items()}
    geciteerd = {
        (naam, nummer, pad.relative_to(PROJECT).as_posix())
        for pad in _bestanden()
        for naam, nummer in _VERWIJZING.findall(pad.read_text(encoding="utf-8"))
    }
    assert len({(naam, nummer) for naam, nummer, _ in geciteerd}) > 12
    assert sorted(g for g in geciteerd if g[1] not in secties[g[0]]) == []


def test_every_link_between_documents_leads_somewhere() -> None:
    los = [
        f"{pad.relative_to(PROJECT)}: {doel}"
        for pad in _bestanden()
        if pad.suffix == ".md"
        for doel in _LINK.findall(pad.read_text(encoding="utf-8"))
        if not (pad.parent / doel).exists()
    ]
    assert los == []


def test_the_readme_is_short_and_its_lines_are_too() -> None:
    regels = (PROJECT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(regels) < 120
    assert [r for r in regels if len(r) > 120] == []
