"""What takes seconds to import is imported where it is used: nobody waits for dbt to read a help text."""

from __future__ import annotations

import subprocess
import sys

import pytest

ZWAAR = ("dagster", "dbt", "great_expectations", "altair", "vl_convert", "pandas", "pandera", "scipy", "openpyxl")
"""Seconds to import, and used by a helper process, a format or Dagster only."""
KAMERS = ("maand", "naspelen", "intake", "warehouse", "publish", "rapport", "reports.terugmelding", "meldingen")


def ingevoerd(code: str) -> set[str]:
    """Return the packages that are imported after `code` ran in a process of its own."""
    code += "\nimport sys; print('INGEVOERD', *{m.split('.')[0] for m in sys.modules})"
    uit = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    return set(uit.splitlines()[-1].split()[1:])


@pytest.mark.parametrize("opdracht", ["", "run", "rapport", "check", "status"])
def test_a_help_text_waits_for_nothing_heavy(opdracht: str) -> None:
    woorden = [opdracht, "--help"] if opdracht else ["--help"]
    code = f"from pipeline.cli import main\ntry:\n    main({woorden!r})\nexcept SystemExit:\n    pass"
    gevonden = ingevoerd(code)
    assert "pipeline" in gevonden and not gevonden & {*ZWAAR, "polars", "duckdb", "numpy"}


def test_the_rooms_of_a_month_import_nothing_heavy() -> None:
    gevonden = ingevoerd("\n".join(f"import pipeline.{kamer}" for kamer in KAMERS))
    assert {"polars", "duckdb"} <= gevonden and not gevonden & set(ZWAAR)
