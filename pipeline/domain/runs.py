"""Runs: what one load or rebuild did and what it cost, as a value.

Lives here: the record of a run, its steps, its outcome, and which run says what about the state of the pipeline.
Keep out: files (runboek.py), what people are told about it (meldingen/).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

AFGEBROKEN_NA = dt.timedelta(hours=2)
"""A run that has not ended after this long died without a word (killed, power cut); Dagster stops runs then too."""


class RunUitkomst(StrEnum):
    """How a run ended; BEZIG has not (yet). DEEL: steps on their own, without a publication; says nothing more."""

    BEZIG = "BEZIG"
    DEEL = "DEEL"
    GEPUBLICEERD = "GEPUBLICEERD"
    ONGEWIJZIGD = "ONGEWIJZIGD"
    TEGENGEHOUDEN = "TEGENGEHOUDEN"
    MISLUKT = "MISLUKT"


GESLAAGD = frozenset({RunUitkomst.GEPUBLICEERD, RunUitkomst.ONGEWIJZIGD, RunUitkomst.TEGENGEHOUDEN})
"""The pipeline did its work; a gate that holds is work well done."""


@dataclass(frozen=True)
class Stap:
    """One step: seconds on the wall, rows it handled and peak memory of the process in MB (None: not known)."""

    naam: str
    seconden: float
    rijen: int | None = None
    piek_mb: int | None = None

    def als_dict(self) -> dict[str, Any]:
        """Plain form, ready for JSON."""
        return {"naam": self.naam, "seconden": round(self.seconden, 3), "rijen": self.rijen, "piek_mb": self.piek_mb}


@dataclass(frozen=True)
class Run:
    """One run. `fout` is a class of error or one of our own sentences: never a value of a row."""

    run_id: str
    bron: str
    begonnen_op: dt.datetime
    geeindigd_op: dt.datetime | None = None
    uitkomst: RunUitkomst = RunUitkomst.BEZIG
    publicatie_id: str = ""
    fout: str = ""
    bezwaren: tuple[str, ...] = ()
    stappen: tuple[Stap, ...] = field(default=())

    @property
    def seconden(self) -> float:
        """Seconds of all its steps together."""
        return sum(s.seconden for s in self.stappen)

    @property
    def piek_mb(self) -> int | None:
        """Highest peak of its steps."""
        return max((s.piek_mb for s in self.stappen if s.piek_mb is not None), default=None)

    def is_afgebroken(self, nu: dt.datetime) -> bool:
        """Tell whether it must have died: it never said how it ended, and that is too long ago."""
        return self.uitkomst is RunUitkomst.BEZIG and nu - self.begonnen_op > AFGEBROKEN_NA

    def als_dict(self) -> dict[str, Any]:
        """Plain form, ready for JSON."""
        return {
            "run_id": self.run_id,
            "bron": self.bron,
            "begonnen_op": self.begonnen_op.isoformat(),
            "geeindigd_op": self.geeindigd_op.isoformat() if self.geeindigd_op else None,
            "uitkomst": self.uitkomst.value,
            "publicatie_id": self.publicatie_id,
            "fout": self.fout,
            "bezwaren": list(self.bezwaren),
            "stappen": [s.als_dict() for s in self.stappen],
        }

    @classmethod
    def van_dict(cls, d: dict[str, Any]) -> Run:
        """Read the plain form back; KeyError or ValueError when it is not one."""
        einde = d["geeindigd_op"]
        return cls(
            run_id=d["run_id"],
            bron=d["bron"],
            begonnen_op=dt.datetime.fromisoformat(d["begonnen_op"]),
            geeindigd_op=dt.datetime.fromisoformat(einde) if einde else None,
            uitkomst=RunUitkomst(d["uitkomst"]),
            publicatie_id=d["publicatie_id"],
            fout=d["fout"],
            bezwaren=tuple(d["bezwaren"]),
            stappen=tuple(Stap(**s) for s in d["stappen"]),
        )


def laatste_geslaagde(runs: Sequence[Run]) -> Run | None:
    """Return the last run in which the pipeline did its work; None when there is none."""
    return max((r for r in runs if r.uitkomst in GESLAAGD), key=_moment, default=None)


def laatste_beslissende(runs: Sequence[Run], nu: dt.datetime) -> Run | None:
    """Return the last run of which the end is known, or that must have died; one that is still busy says nothing."""
    stil = (RunUitkomst.BEZIG, RunUitkomst.DEEL)
    klaar = [r for r in runs if r.uitkomst not in stil or r.is_afgebroken(nu)]
    return max(klaar, key=_moment, default=None)


def _moment(run: Run) -> tuple[dt.datetime, str]:
    return run.begonnen_op, run.run_id
