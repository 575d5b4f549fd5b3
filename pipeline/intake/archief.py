"""The archive: bytes as received, by their hash, written once, never changed (SPEC 2).

Lives here: paths, writing, reading back. It is the only place with person numbers; it may be absent (switched off or
taken away): then nothing can be judged anew.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from pipeline.settings import Huis


def archiefpad(huis: Huis, sha256: str) -> Path:
    """Where the bytes with this hash are."""
    return huis.archive / sha256[:2] / sha256


def bewaar(huis: Huis, sha256: str, data: bytes) -> None:
    """Keep bytes; what is there stays (the same hash is the same content)."""
    from pipeline.intake.schrijven import schrijf

    pad = archiefpad(huis, sha256)
    if not pad.exists():
        schrijf(huis, pad, lambda klad: klad.write_bytes(data))


def bewaar_bestand(huis: Huis, sha256: str, bron: Path) -> None:
    """Keep a file that is too large to hold in memory."""
    from pipeline.intake.schrijven import schrijf

    pad = archiefpad(huis, sha256)
    if not pad.exists():
        schrijf(huis, pad, lambda klad: shutil.copyfile(bron, klad))


def haal(huis: Huis, sha256: str) -> bytes | None:
    """Return the bytes with this hash; None when they are not there (any more) or are damaged."""
    try:
        data = archiefpad(huis, sha256).read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == sha256 else None
