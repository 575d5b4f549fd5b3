"""The archive: bytes as received, by their keyed hash, written once, never changed (SPEC 2).

Lives here: paths, writing, reading back. It is the only place with person numbers; it may be absent (switched off or
taken away): then nothing can be judged anew. What is over the size limit is not kept: its hash and receipt are.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipeline.domain.sleutels import inhoudsmerk
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


def haal(huis: Huis, sha256: str, inhoudsleutel: bytes) -> bytes | None:
    """Return the bytes with this hash; None when they are not there (any more) or are damaged."""
    try:
        data = archiefpad(huis, sha256).read_bytes()
    except OSError:
        return None
    return data if inhoudsmerk(inhoudsleutel, hashlib.sha256(data).hexdigest()) == sha256 else None
