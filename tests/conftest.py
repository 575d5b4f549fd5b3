"""Regions that several test files look at: made once, run through the whole pipeline once; and who shares a worker.

Lives here: the regions, and the groups of tests that pytest-xdist gives to one worker. Add here: a region that more
than one file needs.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline import settings as instellingen
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.maanden import Maand
from pipeline.settings import PROJECT, Settings
from tests import in_dit_proces as in_dit_proces_
from tests.kleine_regio import ruime_seeds

LAATSTE_MAAND = Maand(2026, 3)
N_MAANDEN = 26  # the first year is published from February on: a year that begins halfway is a case of its own
NU = dt.datetime(2026, 4, 28, 9, 0, tzinfo=dt.UTC)

# most runs are about figures: the report pages are made by the tests of the pages (tests/rapport), which ask for them
instellingen.RAPPORT = "uit"
os.environ["REGIOMONITOR_RAPPORT"] = "uit"

REGIOS = ("rommelige_regio", "schone_regio")
LANGST = ("metamorphic", "integration", "publish", "dbt", "intake", "orchestration")
"""Folders that take longest, longest first: what is begun last should be short."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep together what shares a region or a file, so that no worker makes what another one has made."""
    if not hasattr(config, "workerinput"):
        return
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_groep(item)))
    items.sort(key=lambda item: _volgorde(item, _groep(item)))


def _groep(item: pytest.Item) -> str:
    waarden = {*getattr(item, "fixturenames", ()), *map(str, getattr(item, "callspec", _GEEN).params.values())}
    regio = next((r for r in REGIOS if r in waarden), None)
    eigen = item.path.parent if item.path.parent.name == "synth" else item.path  # its regions are of the whole folder
    return regio or eigen.relative_to(PROJECT / "tests").as_posix()


_GEEN = SimpleNamespace(params={})


def _volgorde(item: pytest.Item, groep: str) -> tuple[int, str]:
    lang = (*REGIOS, *LANGST)
    plek = groep if groep in REGIOS else item.path.parent.name
    return lang.index(plek) if plek in lang else len(lang), groep


@pytest.fixture(scope="session", autouse=True)
def _gedeelde_map(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Say where one worker leaves for the other what both need."""
    basis = tmp_path_factory.getbasetemp()
    in_dit_proces_.gedeeld[:] = [basis.parent if "PYTEST_XDIST_WORKER" in os.environ else basis]


@dataclass(frozen=True)
class GedraaideRegio:
    """A synthetic region (`bron`: architecture.md, section 5) and the data home it was published from."""

    bron: Path
    settings: Settings
    catalogus: Catalogus
    nu: dt.datetime

    @property
    def marts(self) -> Path:
        """The published file for the region's own analysts."""
        return self.settings.huis.published / "intern" / "marts.duckdb"


def maak_en_draai(map_: Path, *, schaal: float, gebreken: bool, seed: int, met_hulp: bool = True) -> GedraaideRegio:
    """Make a region of 27 months and 14 gemeenten, deliver it with its own times of arrival, run and publish."""
    from pipeline.maand import draai
    from pipeline.settings import load_settings
    from pipeline.synth import maak_regio

    seeds = ruime_seeds(map_ / "seeds")
    catalogus = Catalogus.load(seeds)
    bron, huis = map_ / "bron", map_ / "huis"
    maak_regio(
        bron,
        catalogus,
        n_maanden=N_MAANDEN,
        seed=seed,
        laatste_maand=LAATSTE_MAAND,
        nu=NU,
        schaal=schaal,
        gebreken=gebreken,
    )
    shutil.copytree(bron / "landing", huis / "landing")  # copy2: the modification time is the moment of arrival
    settings = load_settings(
        {
            "REGIOMONITOR_HOME": str(huis),
            "REGIOMONITOR_SEEDS": str(seeds),
            "REGIOMONITOR_SLEUTEL": "sleutel-van-de-tests-0123456789abcdef",
            "REGIOMONITOR_BSN_REEKS": "synthetisch",
        }
    )
    with nullcontext() if met_hulp else in_dit_proces_.in_dit_proces():
        uitkomst = draai(settings, catalogus, nu=NU)
    assert uitkomst.is_gepubliceerd, uitkomst.poort
    return GedraaideRegio(bron, settings, catalogus, NU)


@pytest.fixture(scope="session")
def schone_regio(tmp_path_factory: pytest.TempPathFactory) -> GedraaideRegio:
    """Every gemeente delivers everything, in order and without defects."""
    return maak_en_draai(tmp_path_factory.mktemp("schoon"), schaal=0.03, gebreken=False, seed=11, met_hulp=False)


@pytest.fixture(scope="session")
def rommelige_regio(tmp_path_factory: pytest.TempPathFactory) -> GedraaideRegio:
    """Defects in rows and files, refused and missing leveringen, other dress."""
    return maak_en_draai(tmp_path_factory.mktemp("rommelig"), schaal=0.03, gebreken=True, seed=12, met_hulp=False)
