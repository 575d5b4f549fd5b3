"""CONTRIBUTING.md is honest: the pieces of its walks, put where it says, give the figure it says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from pipeline.settings import PROJECT
from tests.dbt.maak_raw import maak_raw, ook_van_weinig
from tests.dbt.test_dbt_project import HENGELO, TOEWIJZINGEN, dbt, toewijzing

BLOK = re.compile(r"^( *)```(csv|sql|yaml|python)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
PLEK = re.compile(r"`((?:seeds|dbt_project|pipeline|tests)/[\w/]+\.(?:csv|sql|yml|py))`(?:, above `([^`]+)`)?")
WANDELINGEN = ("Add an indicator", "Add a rule in the build")


class Gebouwd(NamedTuple):
    """dbt's results by name of the node, and the warehouse."""

    statussen: dict[str, str]
    warehouse: Path


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
    if not pad.exists():  # a file that the walk adds
        pad.parent.mkdir(exist_ok=True)
        pad.touch()
    tekst = pad.read_text(encoding="utf-8")
    if boven := plek[2]:
        assert tekst.count(boven) == 1, f"{boven} staat niet precies een keer in {plek[1]}"
        begin = tekst.rindex("\n", 0, tekst.index(boven)) + 1
        pad.write_text(tekst[:begin] + inhoud + tekst[begin:], encoding="utf-8")
    else:
        pad.write_text(tekst + inhoud, encoding="utf-8")


@pytest.fixture(scope="module")
def gebouwd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gebouwd]:
    """A copy of seeds and dbt project with every walk done, built on a tiny region."""
    kopie = tmp_path_factory.mktemp("wandeling")
    for map_ in ("seeds", "dbt_project"):
        shutil.copytree(PROJECT / map_, kopie / map_, ignore=shutil.ignore_patterns("target", "logs"))
    ook_van_weinig(kopie / "seeds")
    for kop in WANDELINGEN:
        for uitleg, _, inhoud in wandeling(kop)[:-1]:
            pas_toe(kopie, uitleg, inhoud)
    warehouse = kopie / "w.duckdb"
    # the same youth as before in Hengelo: nobody is added to those who are counted
    lang = [
        toewijzing(HENGELO, nummer, "j1", "45A04", "2025-01-01", tot)
        for nummer, tot in ((11, "2030-01-01"), (12, "2030-01-02"), (13, None))
    ]
    maak_raw(warehouse, toewijzingen=[*(t for t in TOEWIJZINGEN if t["gemeente"] != HENGELO), *lang])
    opdracht = ["build", "--select", "+indicatoren", "+int_bevindingen_bouw", "--exclude-resource-type", "test"]
    yield Gebouwd(dbt(opdracht, kopie, warehouse, kopie / "seeds", kopie / "dbt_project"), warehouse)


@pytest.mark.slow
@pytest.mark.parametrize("kop", WANDELINGEN)
def test_a_walk_gives_the_figure_it_promises(gebouwd: Gebouwd, kop: str) -> None:
    """Everything builds, its unit test ran and holds, and the query of the page answers what the page says."""
    *stukken, (_, taal, vraag) = wandeling(kop)
    assert taal == "sql"
    assert [soort for _, soort, _ in stukken][:1] + [soort for _, soort, _ in stukken][-1:] == ["csv", "yaml"]
    assert {n: s for n, s in gebouwd.statussen.items() if s not in ("success", "pass")} == {}
    (naam,) = re.findall(r"- name: (\w+)", stukken[-1][2])
    assert [s for n, s in gebouwd.statussen.items() if n.endswith(f".{naam}")] == ["pass"]
    with duckdb.connect(str(gebouwd.warehouse), read_only=True) as con:
        rijen = con.execute(vraag).fetchall()
    beloofd = re.findall(r"^-- (.*)$", vraag, re.MULTILINE)
    assert [[float(w) for w in rij] for rij in rijen] == [[float(w) for w in b.split(",")] for b in beloofd]


@pytest.mark.slow
def test_the_rule_at_the_door_fires_and_its_own_tests_hold(tmp_path: Path) -> None:
    """The rows of the walk, its example for senders and the generated docs: by the project's own tests, in the copy."""
    kopie = tmp_path / "project"
    for map_ in ("pipeline", "seeds", "dbt_project", "docs", "tests"):
        shutil.copytree(PROJECT / map_, kopie / map_, ignore=shutil.ignore_patterns("__pycache__", "target", "logs"))
    shutil.copy2(PROJECT / "pyproject.toml", kopie)
    for uitleg, _, inhoud in wandeling("Add a rule at the door"):
        pas_toe(kopie, uitleg, inhoud)
    draai = partial(subprocess.run, cwd=kopie, capture_output=True, text=True, check=False)
    docs = draai([sys.executable, "-m", "pipeline.reports.gegevenswoordenboek"])
    assert docs.returncode == 0, docs.stderr
    toetsen = [
        "tests/berichten/test_regels.py",
        "tests/reports/test_leverhandleiding.py",
        "tests/reports/test_gegenereerd.py",
    ]
    uit = draai([sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", *toetsen])
    assert uit.returncode == 0, uit.stdout[-3000:]
    assert len(re.findall(r"T32.*PASSED", uit.stdout)) >= 3


KLACHTEN = """bsn;aanbieder_agb;klachtnummer;klachtdatum;productcode;vergoeding
999900006;42345678;17;2025-03-03;45A04;150000
999990007;42345678;18;2025-03-05;45A04;250000
niemand;42345678;19;2025-03-06;45A04;1
"""
LEVER = """
import datetime as dt, duckdb
from pipeline import maand, warehouse
from pipeline.domain.catalogus import Catalogus
from pipeline.settings import load_settings
nu = dt.datetime(2025, 4, 20, 12, tzinfo=dt.UTC)
settings = load_settings()
catalogus = Catalogus.load(settings.seeds)
inname = maand.neem_in(settings, catalogus, nu=nu)
opdracht = maand.bereid_voor(settings, catalogus, nu=nu)
maand.laad(opdracht)
warehouse.bouw(settings, vars=opdracht.gegevens.dbt_vars())
(b,) = inname.nieuw
print(b.status, b.rijen.geaccepteerd, b.rijen.quarantaine, b.bedrag_cent.geaccepteerd)
with duckdb.connect(str(settings.huis.warehouse)) as con:
    print(con.execute("select klachtnummer, vergoeding_cent from staging.stg_klachten order by all").fetchall())
    print(con.execute("select count(distinct pseudoniem) from raw.klachten").fetchall())
"""


@pytest.mark.slow
def test_a_third_bericht_is_a_room_and_seed_rows(tmp_path: Path) -> None:
    """Delivered as CSV: good rows reach the warehouse, a bad one goes to quarantine, the contract is generated."""
    kopie = tmp_path / "project"
    for map_ in ("pipeline", "seeds", "dbt_project", "docs"):
        shutil.copytree(PROJECT / map_, kopie / map_, ignore=shutil.ignore_patterns("__pycache__", "target", "logs"))
    shutil.copy2(PROJECT / "pyproject.toml", kopie)
    for uitleg, _, inhoud in wandeling("Add a kind of extract"):
        pas_toe(kopie, uitleg, inhoud)
    bestand = kopie / "data" / "landing" / "GM0141" / "klachten_GM0141_2025-03.csv"
    bestand.parent.mkdir(parents=True)
    bestand.write_text(KLACHTEN, encoding="utf-8")
    env = os.environ | {
        "PYTHONPATH": str(kopie),
        "REGIOMONITOR_HOME": str(kopie / "data"),
        "REGIOMONITOR_SEEDS": str(kopie / "seeds"),
        "REGIOMONITOR_SLEUTEL": "sleutel-van-de-tests-0123456789abcdef",
        "REGIOMONITOR_BSN_REEKS": "synthetisch",
    }
    draai = partial(subprocess.run, cwd=kopie, env=env, capture_output=True, text=True, check=False)
    uit = draai([sys.executable, "-c", LEVER])
    assert uit.returncode == 0, uit.stderr[-3000:]
    assert uit.stdout.splitlines()[-3:] == [
        "GEACCEPTEERD_MET_OPMERKINGEN 2 1 400000",
        "[(17, 150000), (18, 250000)]",
        "[(2,)]",
    ]
    docs = draai([sys.executable, "-m", "pipeline.reports.gegevenswoordenboek"])
    assert docs.returncode == 0, docs.stderr[-3000:]
    contract = (kopie / "docs" / "generated" / "datacontract-klachten.odcs.yaml").read_text(encoding="utf-8")
    assert "vergoeding" in contract
