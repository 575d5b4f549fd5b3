"""The book of runs: one small file per run, `runs/<run_id>.json` in the data home.

Lives here: writing and reading `domain.runs.Run`, measuring memory. A run is written when it begins and again when it
ends, so that one that was killed is seen too. Nothing is computed from it but alerts: it may be deleted.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from pipeline.domain.catalogus import SeedFout
from pipeline.domain.fouten import RunFout, SlotFout
from pipeline.domain.runs import Run, RunUitkomst
from pipeline.settings import Huis, InstellingFout

BEWAAR_RUNS = 1000


class Lopend:
    """A run under way; what it finds out about itself is put in `run` and written at the end."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def vul(self, **velden: object) -> None:
        """Set fields of the record."""
        self.run = replace(self.run, **velden)  # type: ignore[arg-type]


@contextmanager
def houd_bij(huis: Huis, *, nu: dt.datetime, bron: str) -> Iterator[Lopend]:
    """Keep the record of one run; an exception ends it as MISLUKT and goes on.

    Another process at work is no failure of ours: then nothing is kept. A disk that refuses the record stops no run.
    """
    begin = time.monotonic()
    lopend = Lopend(Run(maak_run_id(nu), bron, nu))
    bewaar(huis, lopend.run)
    try:
        yield lopend
    except SlotFout:
        with suppress(OSError):
            _pad(huis, lopend.run.run_id).unlink(missing_ok=True)
        raise
    except Exception as fout:
        lopend.vul(uitkomst=RunUitkomst.MISLUKT, fout=veilige_fout(fout))
        raise
    finally:
        if lopend.run.uitkomst is not RunUitkomst.BEZIG:
            lopend.vul(geeindigd_op=nu + dt.timedelta(seconds=time.monotonic() - begin))
            bewaar(huis, lopend.run)


def maak_run_id(nu: dt.datetime, staart: str = "") -> str:
    """Name a run: its moment (UTC), and something that tells two of one moment apart."""
    return f"R{nu.astimezone(dt.UTC):%Y%m%dT%H%M%S%f}-{staart or secrets.token_hex(4)}"


def veilige_fout(fout: BaseException) -> str:
    """Return what may be kept of an error: our own sentences hold no values of rows, those of libraries may."""
    return str(fout) if isinstance(fout, RunFout | InstellingFout | SeedFout) else type(fout).__name__


def bewaar(huis: Huis, run: Run) -> None:
    """Write a record, whole or not at all; a full disk is not why a run fails, and a home is not made for it."""
    if not huis.pad.exists():
        return
    pad = _pad(huis, run.run_id)
    klad = pad.with_suffix(f".{os.getpid()}.klad")
    with suppress(OSError):
        pad.parent.mkdir(parents=True, exist_ok=True)
        klad.write_text(json.dumps(run.als_dict(), ensure_ascii=False) + "\n", encoding="utf-8")
        os.replace(klad, pad)
        _ruim_op(pad.parent)


def lees(huis: Huis) -> list[Run]:
    """All runs that were kept, oldest first; a file that is none is passed over: nothing depends on it."""
    uit = []
    for pad in sorted((huis.pad / "runs").glob("R*.json")):
        with suppress(OSError, ValueError, KeyError, TypeError):
            uit.append(Run.van_dict(json.loads(pad.read_text(encoding="utf-8"))))
    return sorted(uit, key=lambda r: (r.begonnen_op, r.run_id))


def zoek(huis: Huis, run_id: str) -> Run | None:
    """Return one run; None when it was not kept."""
    try:
        return Run.van_dict(json.loads(_pad(huis, run_id).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _pad(huis: Huis, run_id: str) -> Path:
    return huis.pad / "runs" / f"{run_id}.json"


def _ruim_op(map_: Path) -> None:
    for oud in sorted(map_.glob("R*.json"))[:-BEWAAR_RUNS]:
        oud.unlink(missing_ok=True)


def begin_piek() -> None:
    """Start measuring the peak anew (Linux only; elsewhere a peak is that of the process so far)."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def piek_mb() -> int:
    """Peak memory of this process in MB, since `begin_piek` where the system can tell."""
    with suppress(OSError, ValueError, IndexError):
        for regel in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if regel.startswith("VmHWM:"):
                return int(regel.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
