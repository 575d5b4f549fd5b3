"""Dagster's own database, on our terms: it may be lost, so it need not reach the disk with every event.

Lives here: one setting of sqlite. A run writes more than a thousand events; without it every one waits for the disk.
A power cut can cost the last events of the run history, never its integrity (write-ahead log), and never a levering.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine


def schrijf_zonder_wachten() -> None:
    """Have every sqlite connection of this process sync at checkpoints only; safe to call more than once."""
    if not event.contains(Engine, "connect", _stel_in):
        event.listen(Engine, "connect", _stel_in)


def _stel_in(verbinding: Any, _record: Any) -> None:
    if isinstance(verbinding, sqlite3.Connection):
        verbinding.execute("PRAGMA synchronous = NORMAL")
