"""Files that are there whole or not at all: written aside, synced, renamed into place.

Lives here: the one way in which the intake writes. Scratch files live in work/, so that a killed run leaves nothing in
the rooms themselves.
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from pipeline.settings import Huis

_volgnummer = itertools.count()


def kladmap(huis: Huis) -> Path:
    """Folder for half-written files of this process."""
    return huis.work / f"inname-{os.getpid()}"


def ruim_klad_op(huis: Huis) -> None:
    """Remove what killed runs left behind; only one process writes in a home at a time."""
    for map_ in huis.work.glob("inname-*"):
        shutil.rmtree(map_, ignore_errors=True)


def schrijf(huis: Huis, doel: Path, schrijver: Callable[[Path], object]) -> None:
    """Have `schrijver` fill a scratch file, sync it, and rename it to `doel` (replacing what was there)."""
    klad = kladmap(huis) / f"{next(_volgnummer)}.klad"
    klad.parent.mkdir(parents=True, exist_ok=True)
    try:
        schrijver(klad)
        _naar_schijf(klad)
        doel.parent.mkdir(parents=True, exist_ok=True)
        os.replace(klad, doel)
        _naar_schijf(doel.parent)
    finally:
        klad.unlink(missing_ok=True)


def _naar_schijf(pad: Path) -> None:
    nummer = os.open(pad, os.O_RDONLY)
    try:
        os.fsync(nummer)
    finally:
        os.close(nummer)
