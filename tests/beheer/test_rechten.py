"""Who can read what we write: umask, the home, back-ups and what is restored, and what health says stands open."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.beheer import gezondheid
from pipeline.beheer.back_up import maak_backup, zet_terug
from pipeline.publish.gemeente import sluit_af
from pipeline.settings import PROJECT, Huis, Settings
from tests.intake.hulp import CATALOGUS, NU, instellingen


def modus(pad: Path) -> int:
    return stat.S_IMODE(pad.stat(follow_symlinks=False).st_mode)


@pytest.fixture
def wijd() -> Iterator[None]:
    """A process whose umask lets everybody read and write."""
    oud = os.umask(0)
    yield
    os.umask(oud)


@pytest.fixture
def s(tmp_path: Path) -> Settings:
    """A home with a publication of which one gemeente has an edition."""
    settings = instellingen(tmp_path)
    settings.controleer_huis()
    editie = settings.huis.publications / "P1" / "gemeente" / "GM0141"
    (editie / "csv").mkdir(parents=True)
    (editie / "marts.duckdb").write_bytes(b"x")
    (editie / "csv" / "a.csv").write_bytes(b"x")
    sluit_af(editie.parent)
    (settings.huis.publications / "P1" / "publicatie.json").write_text("{}", encoding="utf-8")
    return settings


@pytest.mark.usefixtures("wijd")
def test_a_back_up_is_its_owners_and_keeps_what_editions_give_their_group(s: Settings, tmp_path: Path) -> None:
    kluis = tmp_path / "kluis"
    kluis.mkdir(mode=0o777)
    maak_backup(s.huis, kluis, seeds=s.seeds, nu=NU)
    assert {modus(p) for p in kluis.rglob("*") if p.is_file()} == {0o600}
    assert {modus(p) for p in (kluis, *kluis.rglob("*")) if p.is_dir()} == {0o700}
    terug = replace(s, huis=Huis(tmp_path / "terug"))
    zet_terug(kluis, terug.huis)
    assert modus(terug.huis.pad) == 0o700
    editie = terug.huis.publications / "P1" / "gemeente" / "GM0141"
    assert {modus(p) for p in editie.rglob("*") if p.is_file()} == {0o640}
    assert {modus(p) for p in (editie.parent, editie, editie / "csv")} == {0o750}
    assert {modus(p) & 0o007 for p in terug.huis.pad.rglob("*")} == {0}


@pytest.mark.usefixtures("wijd")
def test_of_a_back_up_of_before_editions_are_closed_the_same(s: Settings, tmp_path: Path) -> None:
    import json

    maak_backup(s.huis, tmp_path / "kluis", seeds=s.seeds, nu=NU)
    (lijst,) = (tmp_path / "kluis" / "momenten").glob("*.json")
    oud = json.loads(lijst.read_text(encoding="utf-8"))
    oud.pop("mappen")
    for b in oud["bestanden"]:
        b.pop("modus")
    lijst.write_text(json.dumps(oud), encoding="utf-8")
    terug = Huis(tmp_path / "terug")
    zet_terug(tmp_path / "kluis", terug)
    assert modus(terug.publications / "P1" / "gemeente" / "GM0141" / "marts.duckdb") == 0o640
    assert modus(terug.publications / "P1" / "publicatie.json") == 0o600


def test_health_tells_what_stands_open(s: Settings, tmp_path: Path) -> None:
    def rechten(settings: Settings = s) -> tuple[bool, str]:
        (c,) = [c for c in gezondheid.controleer(settings, CATALOGUS, nu=NU) if c.naam == "rechten"]
        return c.is_goed, c.toelichting

    assert rechten() == (True, "niets staat open")
    s.huis.pad.chmod(0o755)
    s.huis.archive.chmod(0o755)
    s.huis.landing.chmod(0o700)
    is_goed, zin = rechten()
    assert not is_goed
    assert "data home, archive" in zin
    assert "landing" not in zin
    s.huis.pad.chmod(0o700)
    (s.huis.landing / "GM0141").mkdir()
    (s.huis.landing / "GM0141").chmod(0o777)
    assert rechten() == (False, "open: 1 mappen in landing voor iedereen beschrijfbaar")
    (s.huis.landing / "GM0141").chmod(0o2750)
    sleutel = tmp_path / "sleutel"
    sleutel.write_text("x", encoding="utf-8")
    sleutel.chmod(0o644)
    assert rechten(replace(s, sleutel_pad=sleutel)) == (False, "open: sleutelbestand")


@pytest.mark.parametrize("opdracht", [["-m", "pipeline", "status"], ["-c", "import pipeline.definitions"]])
def test_the_process_sets_its_own_umask(opdracht: list[str], tmp_path: Path) -> None:
    """Whatever started it: the command line and everything of Dagster."""
    vraag = "import atexit, os; atexit.register(lambda: print(f'umask {os.umask(0):o}'))"
    (tmp_path / "sitecustomize.py").write_text(vraag, encoding="utf-8")
    env = {
        **os.environ,
        "REGIOMONITOR_HOME": str(tmp_path / "huis"),
        "PYTHONPATH": f"{tmp_path}:{PROJECT}",
        "REGIOMONITOR_SLEUTEL": "sleutel-van-de-tests-0123456789abcdef",
    }
    uit = subprocess.run(
        [sys.executable, *opdracht], env=env, cwd=PROJECT, capture_output=True, text=True, umask=0, check=False
    )
    assert "umask 77" in uit.stdout, uit.stderr[-500:]
