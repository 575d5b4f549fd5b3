"""Every model says what one row is, and a test holds it to that."""

from __future__ import annotations

import pytest
import yaml

from pipeline.settings import PROJECT

MODELLEN = PROJECT / "dbt_project" / "models"
UNIEK = ("unique", "unique_combination")


def _beschreven() -> dict[str, dict]:
    paden = [p for p in MODELLEN.rglob("*.yml") if not p.name.startswith("_")]
    alles = [m for p in paden for m in (yaml.safe_load(p.read_text(encoding="utf-8")) or {}).get("models", [])]
    return {m["name"]: m for m in alles}


BESCHREVEN = _beschreven()


@pytest.mark.parametrize("model", sorted(p.stem for p in MODELLEN.rglob("*.sql")))
def test_grain_is_described_and_tested(model):
    beschrijving = BESCHREVEN[model]
    assert beschrijving.get("description")
    toetsen = [*beschrijving.get("data_tests", [])]
    toetsen += [t for kolom in beschrijving.get("columns", []) for t in kolom.get("data_tests", [])]
    namen = {t if isinstance(t, str) else next(iter(t)) for t in toetsen}
    assert namen & set(UNIEK), f"{model}: geen toets op de korrel"
