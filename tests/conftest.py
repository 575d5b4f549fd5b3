"""Regions that several test files look at: made once, run through the whole pipeline once; and who shares a worker.

Lives here: the regions and the small home, and who shares a worker of pytest-xdist. Add here: a region that more than
one file needs.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

# before polars is imported; two workers on two cores: threads of their own only wait for each other
os.environ.setdefault("POLARS_MAX_THREADS", "1")

from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from pipeline import settings as instellingen
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.maanden import Maand
from pipeline.settings import PROJECT, Settings
from tests import in_dit_proces as in_dit_proces_
from tests.klein_huis import KleinHuis, maak_klein_huis
from tests.kleine_regio import ruime_seeds

LAATSTE_MAAND = Maand(2026, 3)
N_MAANDEN = 26  # the first year is published from February on: a year that begins halfway is a case of its own
NU = dt.datetime(2026, 4, 28, 9, 0, tzinfo=dt.UTC)

# most runs are about figures: the report pages are made by the tests of the pages (tests/rapport), which ask for them
instellingen.RAPPORT = "uit"
os.environ["REGIOMONITOR_RAPPORT"] = "uit"

GEDEELD = {"rommelige_regio": "regio", "schone_regio": "regio", "klein_huis": "klein"}
"""What is made once per session, and the group of who looks at it."""
FOLDERS = {"synth": "synth", "verder": "verder", "orchestration": "klein", "rapport": "regio"}
"""Files that share what is dear to make or to import, by their folder."""
LANGST = ("regio", "klein", "integration", "publish", "dbt", "intake", "orchestration")
"""What takes longest, longest first: what is begun last should be short. First all that looks at what is made here."""
EERST = ("dbt/test_dbt_project.py", "intake/test_tweede_blik.py", "intake/test_inname.py", "intake/test_csv_lezer.py")
"""Before that: in one worker the build of which all others do again what dbt sent, in the other what needs no build."""
LOS = ("dbt/test_contributing.py",)
"""Files of which every test is long and stands alone."""


class _Groepen(LoadScopeScheduling):
    """Give all of a group to one worker, so that none makes what another one has made.

    Of our own because the groups of pytest-xdist 3.8 (`xdist_group`) do nothing with pytest 9.2: names of tests can no
    longer carry them.
    """

    def _split_scope(self, nodeid: str) -> str:
        bestand = nodeid.split("::", maxsplit=1)[0]
        return nodeid.split("[", maxsplit=1)[0] if bestand.endswith(LOS) else _groep(bestand)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _Groepen:
    """Called where the tests are handed out."""
    return _Groepen(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The clean region is for the slow suite; begin with what takes longest."""
    for item in items:
        if "schone_regio" in getattr(item, "fixturenames", ()) or "schone_regio" in item.nodeid:
            item.add_marker(pytest.mark.slow)
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _volgorde(item.nodeid.split("::")[0]))


@cache
def _groep(bestand: str) -> str:
    """What shares a region goes together, else what is in one file; the regions of synth are of its whole folder."""
    pad = PROJECT / bestand
    tekst = pad.read_text(encoding="utf-8")
    # who looks at both goes with the region, which costs most
    if groepen := [groep for naam, groep in GEDEELD.items() if naam in tekst]:
        return groepen[0]
    return FOLDERS.get(pad.parent.name, bestand)


def _volgorde(bestand: str) -> tuple[int, str]:
    if bestand.endswith(EERST):
        return -1, str([bestand.endswith(naam) for naam in EERST].index(True))
    plek = _groep(bestand) if _groep(bestand) in GEDEELD.values() else (PROJECT / bestand).parent.name
    return LANGST.index(plek) if plek in LANGST else len(LANGST), _groep(bestand)


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


@pytest.fixture(scope="session")
def klein_huis(tmp_path_factory: pytest.TempPathFactory) -> KleinHuis:
    """Two gemeenten, thirteen months: a home before its last month and after it."""
    return maak_klein_huis(tmp_path_factory.mktemp("klein"))
