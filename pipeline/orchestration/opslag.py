"""Dagster's own database, on our terms: it may be lost, so it need not reach the disk with every event.

Lives here: two settings of sqlite. A run writes more than a thousand events, and Dagster opens and closes its files
for each. Without the first setting every event waits for the disk; without the second every close does, because the
last to close a file with a write-ahead log empties that log. A power cut can cost the last events of the run history,
never its integrity, and never a levering.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

AANTAL_OPEN = 6
_open: OrderedDict[str, sqlite3.Connection] = OrderedDict()


def schrijf_zonder_wachten() -> None:
    """Have every sqlite connection of this process sync at checkpoints only; safe to call more than once."""
    if not event.contains(Engine, "connect", _stel_in):
        event.listen(Engine, "connect", _stel_in)


def _stel_in(verbinding: Any, _record: Any) -> None:
    if isinstance(verbinding, sqlite3.Connection):
        verbinding.execute("PRAGMA synchronous = NORMAL")
        _houd_open(verbinding)


def _houd_open(verbinding: sqlite3.Connection) -> None:
    """Keep one idle connection to each of the last few files, so that nobody is the last to close."""
    pad = verbinding.execute("PRAGMA database_list").fetchone()[2]
    if pad in _open:
        _open.move_to_end(pad)
    elif pad and verbinding.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
        _open[pad] = sqlite3.connect(pad, check_same_thread=False)
        _open[pad].execute("SELECT count(*) FROM sqlite_master").fetchone()  # only who has read takes part in the log
        if len(_open) > AANTAL_OPEN:
            _open.popitem(last=False)[1].close()
