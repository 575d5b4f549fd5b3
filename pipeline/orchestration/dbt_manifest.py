"""The dbt manifest that Dagster draws lineage from.

Lives here: making it when the dbt project changed, without opening the warehouse. Keep out: building (warehouse/).
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from pipeline.settings import PROJECT

DBT_PROJECT = PROJECT / "dbt_project"
BEWAARD = PROJECT / "var" / "dbt"


def manifest(seeds: Path) -> dict[str, Any]:
    """Return the parsed manifest; parsed anew (about 3 s) only when a dbt file or the name of a seed changed."""
    pad = BEWAARD / f"manifest-{_vingerafdruk(seeds)}.json"
    if not pad.exists():
        _parse(pad, seeds)
    gelezen: dict[str, Any] = json.loads(pad.read_text(encoding="utf-8"))
    return gelezen


def _vingerafdruk(seeds: Path) -> str:
    h = hashlib.sha256()  # where the seeds lie is no part of it: lineage does not depend on that
    bronnen = [p for p in DBT_PROJECT.rglob("*") if p.suffix in (".sql", ".yml") and "target" not in p.parts]
    for pad in sorted(bronnen) + sorted(seeds.glob("ref_*.csv")):
        h.update(pad.name.encode() + b"\0" + (pad.read_bytes() if pad.suffix != ".csv" else b""))
    return h.hexdigest()[:16]


def _parse(pad: Path, seeds: Path) -> None:
    from dbt.cli.main import dbtRunner

    doel = BEWAARD / f"parse-{os.getpid()}"
    os.environ["REGIOMONITOR_SEEDS"] = str(seeds)
    os.environ.setdefault("REGIOMONITOR_WAREHOUSE", str(doel / "parse.duckdb"))
    plek = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT), "--target-path", str(doel)]
    uit = dbtRunner().invoke(["--quiet", "--log-level-file", "none", "parse", "--no-partial-parse", *plek])
    if uit.exception:
        raise uit.exception
    for oud in BEWAARD.glob("manifest-*.json"):
        oud.unlink(missing_ok=True)
    os.replace(doel / "manifest.json", pad)
