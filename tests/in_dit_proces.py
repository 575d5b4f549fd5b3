"""Runs without helper processes, on a dbt project that is read once per session: the same result for half of the work.

Every run of the product starts two helpers that import dbt and Great Expectations beside the door, and reads the dbt
project anew. What they compute is computed here by the same functions in the process of the caller, as it is when a
helper does not answer (tests/warehouse/test_bouwen.py and tests/publish/test_poort.py prove that it is the same). The
tests of killed runs, of bad input and of Dagster's processes run with helpers.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipeline import publish, warehouse
from pipeline.proces.werkproces import WerkprocesFout
from pipeline.settings import PROJECT
from pipeline.warehouse import bouwen
from pipeline.warehouse.bouwen import ontleed
from tests.herspeel import Herspeler

gedeeld: list[Path] = []
"""The folder that the workers of a session share (conftest.py puts it here)."""


class GeenHulp:
    """Stands for a helper that does not answer: the caller does the work."""

    plek = None

    def __enter__(self) -> GeenHulp:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def vraag(self, _vraag: object) -> object:
        raise WerkprocesFout("er is geen hulpproces")

    def sluit(self) -> None:
        pass


@cache
def _gelezen(project: Path, warehouse_: str) -> tuple[Any, bytes]:
    """Read the project on its own seeds; what one worker read, the other takes over."""
    map_ = gedeeld[0] / f"dbt-{warehouse_}"
    map_.mkdir(parents=True, exist_ok=True)
    plek = bouwen.Plek(project, PROJECT / "seeds", map_ / f"{warehouse_}.duckdb", map_)
    with (map_ / "slot").open("w") as slot, bouwen.omgeving(plek.env):
        fcntl.flock(slot, fcntl.LOCK_EX)
        return ontleed(plek), plek.manifest.read_bytes()


def manifest_voor(plek: bouwen.Plek) -> Any:
    """Return the project as dbt reads it, with the seeds of `plek`: of those it keeps nothing but where they lie."""
    manifest, tekst = _gelezen(plek.project, plek.warehouse.stem)
    for knoop in manifest.nodes.values():
        if str(knoop.resource_type) == "seed":
            knoop.original_file_path = os.path.relpath(plek.seeds / f"{knoop.name}.csv", plek.project)
    plek.manifest.parent.mkdir(parents=True, exist_ok=True)
    plek.manifest.write_bytes(tekst)
    return manifest


def herspeler() -> type[Herspeler]:
    """Return what stands for dbt's runner in this session."""
    import dbt.cli.main as dbt

    class Runner(Herspeler):
        map_ = gedeeld[0]
        echt = dbt.dbtRunner

    return Runner


@contextmanager
def in_dit_proces() -> Iterator[None]:
    """Within it, a run starts no helpers."""
    import dbt.cli.main as dbt

    with pytest.MonkeyPatch.context() as mp:
        mp.setattr(dbt, "dbtRunner", herspeler())
        mp.setattr(warehouse, "start_dbt_werker", lambda *_a, **_k: GeenHulp())
        mp.setattr(publish, "start_werker", lambda *_a, **_k: GeenHulp())
        mp.setattr(bouwen, "ontleed", manifest_voor)
        yield
