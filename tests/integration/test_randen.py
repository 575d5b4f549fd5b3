"""Every figure on rows that lie on the boundaries of SPEC 7: two readings of its sentences must agree there too."""

from __future__ import annotations

import csv
import shutil

import pytest

from pipeline.domain.catalogus import Catalogus
from pipeline.settings import PROJECT, BsnReeks, Huis, Settings
from tests.oracle.randen import NU, Randregio, bouw
from tests.oracle.tabellen import TABELLEN, Orakel
from tests.oracle.vergelijk import verslag

DOOR_DE_DEUR = "kalender"
AANBIEDERS = (
    ("42000001", "Een", "contract", "", "2024-01-01", "", ""),
    ("42000002", "Twee", "contract", "wonen", "2025-02-28", "2025-06-01", ""),
    ("42000002", "Twee", "strategisch_partner", "", "2025-01-31", "", ""),
    ("42000003", "Drie", "strategisch_partner", "ambulant", "2020-01-01", "2024-12-01", ""),
)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3, 5])
def test_every_figure_on_every_boundary(seed, tmp_path):
    seeds = tmp_path / "seeds"
    shutil.copytree(PROJECT / "seeds", seeds)
    with (seeds / "ref_aanbieders.csv").open("a", encoding="utf-8", newline="") as f:
        csv.writer(f, lineterminator="\n").writerows(AANBIEDERS)
    catalogus = Catalogus.load(seeds)
    settings = Settings(Huis(tmp_path / "huis"), seeds, BsnReeks.SYNTHETISCH, sleutel_bron="")
    settings.huis.maak()
    Randregio(seed).vul(300).bewaar(tmp_path / "bron")
    bouw(tmp_path / "bron", settings, catalogus)
    orakel = Orakel(tmp_path / "bron", catalogus, NU)
    verschillen = [
        v for t in TABELLEN if t.orakel.__name__ != DOOR_DE_DEUR for v in t.verschillen(orakel, settings.huis.warehouse)
    ]
    assert not verschillen, verslag(verschillen)
