"""One writer per data home, or per place that others write in too, whoever starts it: command line, Dagster or a test.

Lives here: the lock. It is the operating system's (flock), so that it ends with the process, also when that is killed.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.domain.fouten import SlotFout
from pipeline.settings import Huis

_POGING_SECONDEN = 0.1


@contextmanager
def enige_schrijver(huis: Huis, wacht_seconden: float = 0) -> Iterator[None]:
    """Hold the data home for writing; wait at most `wacht_seconden` for another process to finish.

    Raises SlotFout. The file stays behind when the lock is given back: removing it would let two processes lock
    two different files of the same name.
    """
    huis.pad.mkdir(parents=True, exist_ok=True)
    with slot_op(huis.lock, wacht_seconden):
        yield


@contextmanager
def slot_op(pad: Path, wacht_seconden: float, *, waar: str = "dit data home", rechten: int = 0o600) -> Iterator[None]:
    """Hold the lock file `pad`, with in it who holds it. SlotFout, that names `waar`, when another one keeps it."""
    fd = os.open(pad, os.O_RDWR | os.O_CREAT, rechten)
    try:
        _neem(fd, wacht_seconden, waar)
        os.ftruncate(fd, 0)
        os.pwrite(fd, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(fd)


def _neem(fd: int, wacht_seconden: float, waar: str) -> None:
    grens = time.monotonic() + wacht_seconden
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= grens:
                wie = os.pread(fd, 32, 0).decode("ascii", "replace").strip()
                raise SlotFout(
                    f"Een ander proces{f' (pid {wie})' if wie else ''} is bezig in {waar}. "
                    "Wacht tot het klaar is en probeer het opnieuw; er is niets veranderd."
                ) from None
        time.sleep(_POGING_SECONDEN)
