"""A smaller region as seeds: the project's own reference data, cut to a few gemeenten.

Another region is another seeds folder; the tests use that themselves.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from pathlib import Path

from pipeline.settings import PROJECT

PER_GEMEENTE = ("ref_gemeenten.csv", "ref_leveringsafspraken.csv", "ref_inwoners.csv", "ref_contacten.csv")


def maak_seeds(naar: Path, gemeenten: Sequence[str]) -> Path:
    """Copy the seeds and keep of the region only `gemeenten`."""
    shutil.copytree(PROJECT / "seeds", naar)
    for naam in PER_GEMEENTE:
        with (naar / naam).open(encoding="utf-8", newline="") as f:
            kop, *rijen = csv.reader(f)
        with (naar / naam).open("w", encoding="utf-8", newline="") as f:
            wie = kop.index("gemeente")
            blijft = (r for r in rijen if r[wie] in (*gemeenten, "REGIO"))
            csv.writer(f, lineterminator="\n").writerows([kop, *blijft])
    return naar
