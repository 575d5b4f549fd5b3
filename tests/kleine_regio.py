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
    """Copy the seeds and keep of the region only `gemeenten`; what is hidden of few youths does not hold it."""
    ruime_seeds(naar)
    for naam in PER_GEMEENTE:
        with (naar / naam).open(encoding="utf-8", newline="") as f:
            kop, *rijen = csv.reader(f)
        with (naar / naam).open("w", encoding="utf-8", newline="") as f:
            wie = kop.index("gemeente")
            blijft = (r for r in rijen if r[wie] in (*gemeenten, "REGIO"))
            csv.writer(f, lineterminator="\n").writerows([kop, *blijft])
    return naar


def ruime_seeds(naar: Path) -> Path:
    """Copy the seeds without a bound on what is hidden: of a small region most public figures are about few."""
    shutil.copytree(PROJECT / "seeds", naar)
    pad = naar / "ref_instellingen.csv"
    tekst = pad.read_text(encoding="utf-8")
    assert "\nopenbaar_max_leeg_aandeel,0.10," in tekst
    pad.write_text(
        tekst.replace("\nopenbaar_max_leeg_aandeel,0.10,", "\nopenbaar_max_leeg_aandeel,1,"), encoding="utf-8"
    )
    return naar
