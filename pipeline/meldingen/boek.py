"""The book of alerts: one append-only file of lines, `meldingen/journaal.jsonl` in the data home.

Lives here: reading and adding lines. A line is one decision as a whole (what happened, and the messages that follow
from it), or one attempt to deliver. A line without its end was never written: a process killed in the middle has
decided nothing, and the next one decides the same. Keep out: what is decided.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.domain.fouten import InvariantFout
from pipeline.meldingen.bundel import Verteld
from pipeline.meldingen.melding import Gebeurtenis, Identiteit, Melding, pas_toe
from pipeline.settings import Huis


@dataclass(frozen=True)
class Bericht:
    """One message to one addressee on one day (`bericht_id` = both), whole, and what it tells."""

    bericht_id: str
    contact: str
    dag: dt.date
    titel: str
    tekst: str
    verteld: Mapping[str, Verteld]
    is_weeklijst: bool

    def als_dict(self) -> dict[str, Any]:
        """Plain form, ready for JSON."""
        return {
            "bericht_id": self.bericht_id,
            "contact": self.contact,
            "dag": self.dag.isoformat(),
            "titel": self.titel,
            "tekst": self.tekst,
            "verteld": {k: v.als_dict() for k, v in self.verteld.items()},
            "is_weeklijst": self.is_weeklijst,
        }

    @classmethod
    def van_dict(cls, d: Mapping[str, Any]) -> Bericht:
        """Read the plain form back."""
        return cls(
            d["bericht_id"],
            d["contact"],
            dt.date.fromisoformat(d["dag"]),
            d["titel"],
            d["tekst"],
            {k: Verteld.van_dict(v) for k, v in d["verteld"].items()},
            d["is_weeklijst"],
        )


NIEMAND = "niemand"
"""`kanaal` of an attempt for which no channel is set: the message is in the outbox, and nobody was told."""


@dataclass(frozen=True)
class Bezorging:
    """One attempt. `kanaal` is `uitbak` for who asked for no more. `fout`: what the channel said, never a secret."""

    bericht_id: str
    kanaal: str
    op: dt.datetime
    gelukt: bool
    fout: str = ""

    def als_dict(self) -> dict[str, Any]:
        """Plain form, ready for JSON."""
        return {
            "bericht_id": self.bericht_id,
            "kanaal": self.kanaal,
            "op": self.op.isoformat(),
            "gelukt": self.gelukt,
            "fout": self.fout,
        }

    @classmethod
    def van_dict(cls, d: Mapping[str, Any]) -> Bezorging:
        """Read the plain form back."""
        return cls(d["bericht_id"], d["kanaal"], dt.datetime.fromisoformat(d["op"]), d["gelukt"], d["fout"])


@dataclass
class Stand:
    """Everything the book says: alerts, messages, attempts, and per addressee what reached them."""

    meldingen: dict[Identiteit, Melding] = field(default_factory=dict)
    gebeurtenissen: list[Gebeurtenis] = field(default_factory=list)
    berichten: dict[str, Bericht] = field(default_factory=dict)
    bezorgd: dict[str, Bezorging] = field(default_factory=dict)
    pogingen: list[Bezorging] = field(default_factory=list)
    verteld: dict[str, dict[str, Verteld]] = field(default_factory=dict)
    weeklijst: dict[str, dt.date] = field(default_factory=dict)

    def gebeurde(self, g: Gebeurtenis) -> None:
        """Take in one event."""
        self.meldingen[g.identiteit] = pas_toe(self.meldingen.get(g.identiteit), g)
        self.gebeurtenissen.append(g)

    def geprobeerd(self, b: Bezorging) -> None:
        """Take in one attempt; what arrived was told."""
        self.pogingen.append(b)
        bericht = self.berichten.get(b.bericht_id)
        if not b.gelukt or bericht is None or b.bericht_id in self.bezorgd:
            return
        self.bezorgd[b.bericht_id] = b
        self.verteld.setdefault(bericht.contact, {}).update(bericht.verteld)
        if bericht.is_weeklijst:
            self.weeklijst[bericht.contact] = bericht.dag

    def wachtend(self, dag: dt.date) -> list[Bericht]:
        """Messages of `dag` that have not arrived; those of earlier days are said again by later ones."""
        return [b for b in self.berichten.values() if b.dag == dag and b.bericht_id not in self.bezorgd]

    def aan_niemand(self) -> list[Bericht]:
        """The newest message of each addressee that no channel is set for: in the outbox, sent to nobody."""
        zonder = {p.bericht_id for p in self.pogingen if p.kanaal == NIEMAND} - set(self.bezorgd)
        nieuwste = {b.contact: b for b in sorted(self.berichten.values(), key=lambda b: b.dag)}
        return [b for b in nieuwste.values() if b.bericht_id in zonder]

    def zoek(self, melding_id: str) -> Melding:
        """Return an alert by its short name; KeyError when there is none."""
        return next((m for m in self.meldingen.values() if m.melding_id == melding_id), None) or _geen(melding_id)


def _geen(melding_id: str) -> Melding:
    raise KeyError(melding_id)


def map_van(huis: Huis) -> Path:
    """Folder of the alerts in a data home."""
    return huis.pad / "meldingen"


def lees(huis: Huis) -> Stand:
    """Return what the book says; an unfinished last line was never written.

    Raises InvariantFout for a line that cannot be read: going on would say everything again.
    """
    stand = Stand()
    for nummer, regel in enumerate(_regels(huis), start=1):
        try:
            _verwerk(stand, json.loads(regel))
        except (ValueError, KeyError, TypeError):
            raise InvariantFout(
                f"Regel {nummer} van meldingen/journaal.jsonl kan niet worden gelezen; zet het bestand terug uit de "
                "back-up, of haal het weg: dan wordt alles wat openstaat een keer opnieuw gemeld."
            ) from None
    return stand


def _regels(huis: Huis) -> list[bytes]:
    try:
        inhoud = _journaal(huis).read_bytes()
    except FileNotFoundError:
        return []
    return inhoud.split(b"\n")[:-1]


def _verwerk(stand: Stand, regel: Mapping[str, Any]) -> None:
    for g in regel.get("gebeurtenissen", ()):
        stand.gebeurde(Gebeurtenis.van_dict(g))
    for b in regel.get("berichten", ()):
        bericht = Bericht.van_dict(b)
        stand.berichten[bericht.bericht_id] = bericht
    for p in regel.get("bezorgingen", ()):
        stand.geprobeerd(Bezorging.van_dict(p))


class Schrijver:
    """The only writer of the book, while it holds the lock."""

    def __init__(self, huis: Huis) -> None:
        self.huis = huis
        self.stand = lees(huis)

    def besluit(self, gebeurtenissen: Sequence[Gebeurtenis], berichten: Sequence[Bericht] = ()) -> None:
        """Write what happened and the messages that follow, as one."""
        if not gebeurtenissen and not berichten:
            return
        regel = {
            "gebeurtenissen": [g.als_dict() for g in gebeurtenissen],
            "berichten": [b.als_dict() for b in berichten],
        }
        _voeg_toe(self.huis, regel)
        _verwerk(self.stand, regel)

    def bezorging(self, bezorging: Bezorging) -> None:
        """Write one attempt to deliver."""
        _voeg_toe(self.huis, {"bezorgingen": [bezorging.als_dict()]})
        self.stand.geprobeerd(bezorging)


@contextmanager
def schrijver(huis: Huis) -> Iterator[Schrijver]:
    """Hold the book for writing; waits for another process to finish (its own lock: a load may go on meanwhile)."""
    map_van(huis).mkdir(parents=True, exist_ok=True)
    slot = os.open(map_van(huis) / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(slot, fcntl.LOCK_EX)
        yield Schrijver(huis)
    finally:
        os.close(slot)


def _voeg_toe(huis: Huis, regel: Mapping[str, Any]) -> None:
    fd = os.open(_journaal(huis), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.lseek(fd, _einde_van_laatste_regel(fd), os.SEEK_SET)
        os.ftruncate(fd, os.lseek(fd, 0, os.SEEK_CUR))
        data = json.dumps(regel, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        while data:
            data = data[os.write(fd, data) :]
        os.fsync(fd)
    finally:
        os.close(fd)


def _einde_van_laatste_regel(fd: int) -> int:
    """Position after the last complete line: what a killed process left half written is cut off."""
    plek = os.fstat(fd).st_size
    while plek:
        begin = max(0, plek - 65_536)
        gevonden = os.pread(fd, plek - begin, begin).rfind(b"\n")
        if gevonden >= 0:
            return begin + gevonden + 1
        plek = begin
    return 0


def _journaal(huis: Huis) -> Path:
    return map_van(huis) / "journaal.jsonl"
