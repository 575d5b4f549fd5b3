"""Every model says what one row is, and a test holds it to that."""

from __future__ import annotations

from functools import cache

import pytest
import yaml

from pipeline.settings import PROJECT

MODELLEN = PROJECT / "dbt_project" / "models"
UNIEK = ("unique", "unique_combination")


@cache
def _beschreven() -> dict[str, dict]:
    paden = [p for p in MODELLEN.rglob("*.yml") if not p.name.startswith("_")]
    alles = [m for p in paden for m in (yaml.load(p.read_bytes(), Loader=yaml.CSafeLoader) or {}).get("models", [])]
    return {m["name"]: m for m in alles}


@pytest.mark.parametrize("model", sorted(p.stem for p in MODELLEN.rglob("*.sql")))
def test_grain_is_described_and_tested(model):
    beschrijving = _beschreven()[model]
    assert beschrijving.get("description")
    toetsen = [*beschrijving.get("data_tests", [])]
    toetsen += [t for kolom in beschrijving.get("columns", []) for t in kolom.get("data_tests", [])]
    namen = {t if isinstance(t, str) else next(iter(t)) for t in toetsen}
    assert namen & set(UNIEK), f"{model}: geen toets op de korrel"
