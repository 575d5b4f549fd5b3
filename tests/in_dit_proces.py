"""Runs without helper processes, on a dbt project that is read once per process: the same result for half of the work.

Every run of the product starts two helpers that import dbt and Great Expectations beside the door, and reads the dbt
project anew. What they compute is computed here by the same functions in the process of the caller, as it is when a
helper does not answer (tests/warehouse/test_bouwen.py and tests/publish/test_poort.py prove that it is the same). The
tests of killed runs, of bad input, of the command line and of Dagster run with helpers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from pipeline import publish, warehouse
from pipeline.proces.werkproces import WerkprocesFout
from pipeline.warehouse import bouwen

_GELEZEN: dict[tuple[Any, ...], tuple[Any, bytes]] = {}
"""By project and seeds: dbt's manifest and manifest.json. A build on figures of another one would not be published."""


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


def _ontleed(plek: bouwen.Plek, echt: Any = bouwen.ontleed) -> Any:
    sleutel = (plek.project, plek.seeds, plek.warehouse.stem)
    if sleutel not in _GELEZEN:
        _GELEZEN[sleutel] = (echt(plek), plek.manifest.read_bytes())
    manifest, tekst = _GELEZEN[sleutel]
    plek.manifest.parent.mkdir(parents=True, exist_ok=True)
    plek.manifest.write_bytes(tekst)
    return manifest


@contextmanager
def in_dit_proces() -> Iterator[None]:
    """Within it, a run starts no helpers."""
    with pytest.MonkeyPatch.context() as mp:
        mp.setattr(warehouse, "start_dbt_werker", lambda *_a, **_k: GeenHulp())
        mp.setattr(publish, "start_werker", lambda *_a, **_k: GeenHulp())
        mp.setattr(bouwen, "ontleed", _ontleed)
        yield
