"""Long random fuzz of every kind of file: a bent fixture gets a verdict in time, and no row of it is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.settings import PROJECT
from tests.fixtures.verbuigen import SOORTEN, verbuig

KEER, PER_PROCES = 4000, 1000


@pytest.mark.parametrize("soort", SOORTEN)
def test_verbogen_bestanden_krijgen_een_oordeel(soort: str) -> None:
    tel = verbuig(soort, zaad=1, keer=25)
    assert tel.geweigerd + tel.gelezen >= 20
    assert tel.gelezen


@pytest.mark.slow
@pytest.mark.parametrize("zaad", range(100, 100 + KEER // PER_PROCES))
@pytest.mark.parametrize("soort", SOORTEN)
def test_heel_veel_verbogen_bestanden_krijgen_een_oordeel(soort: str, zaad: int, tmp_path: Path) -> None:
    """In a process of its own: a crash of the interpreter, a hang and a bomb in memory are findings as well."""
    bewaar = tmp_path / f"{zaad}.{soort}"
    opdracht = ["--soort", soort, "--zaad", str(zaad), "--keer", str(PER_PROCES), "--bewaar", str(bewaar)]
    klaar = subprocess.run(
        [sys.executable, "-m", "tests.fixtures.verbuigen", *opdracht],
        cwd=PROJECT, env={**os.environ, "POLARS_MAX_THREADS": "1"}, capture_output=True, text=True, timeout=1800,
        check=False,
    )  # fmt: skip
    assert klaar.returncode == 0, klaar.stdout + klaar.stderr[-2000:]
