"""What waits in landing/: complete, and not taken in yet. For whoever must decide whether a run is due.

Lives here: completeness of a file that somebody may still be writing, and whether its content is known; by content, so
that the answer needs no memory but the receipts. Keep out: taking in (inname.py).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.domain.leveringen import Sleutel
from pipeline.domain.sleutels import inhoudsmerk, pak_uit, verpak
from pipeline.intake.bewijzen import lees_bewijzen
from pipeline.intake.landing import Aanbod, Inhoud, NietStabiel, lees_controle, lees_stabiel, moment_van, verken
from pipeline.intake.stukken import Bekend, maak_stuk
from pipeline.settings import Huis, Settings

RUST = dt.timedelta(seconds=60)
"""A file at which nothing changed for so long is whole, when there is no control file that says so."""


@dataclass(frozen=True, order=True)
class Wachtend:
    """One file that the next run will take in. `kenmerk`: hash of what it is about and its content."""

    sleutel: Sleutel
    kenmerk: str


@dataclass(frozen=True)
class Landing:
    """What waits, how many files are still being written, and on how many looking itself failed."""

    wachtend: tuple[Wachtend, ...]
    onderweg: int
    mislukt: int = 0


def bekijk(settings: Settings, *, nu: dt.datetime) -> Landing:
    """Return what the next run would take in; reads only. InstellingFout without a key: receipts know no plain hash.

    Content is hashed once per version of a file: what is known of unchanged files is kept in work/, which may be
    deleted.
    """
    huis, inhoudsleutel = settings.huis, settings.inhoudsleutel
    aanbod, _ = verken(huis)
    bekend = Bekend({b.levering_id: b for b in lees_bewijzen(huis)})
    oud, nieuw = _lees_geheugen(huis), {}
    wachtend, onderweg, mislukt = set(), 0, 0
    for a in aanbod:
        try:
            merk, inhoud = _inhoud(a.pad, oud, huis.landing, inhoudsleutel)
            compleet = _is_compleet(a, inhoud, nu, huis.landing)
            stuk = maak_stuk(a, inhoud, nu, inhoudsleutel, huis.landing)
        except (NietStabiel, OSError):
            onderweg += 1
            continue
        except Exception:  # one file never stops the others: the run that tries it says what is wrong with it
            mislukt += 1
            continue
        nieuw[_plek(a.pad, inhoudsleutel)] = [merk, verpak(inhoudsleutel, bytes.fromhex(inhoud.sha256))]
        if bekend.zelfde(stuk) is None:
            if compleet:
                wachtend.add(Wachtend(a.sleutel, stuk.controle_id))
            else:
                onderweg += 1
    if nieuw != oud:
        _bewaar_geheugen(huis, nieuw)
    return Landing(tuple(sorted(wachtend)), onderweg, mislukt)


def _inhoud(pad: Path, oud: Mapping[str, Any], landing: Path, inhoudsleutel: bytes) -> tuple[list[int], Inhoud]:
    """Return what identifies this version of the file, and its hash (without its bytes)."""
    s = pad.stat(follow_symlinks=False)
    merk = [s.st_ino, s.st_size, s.st_mtime_ns, s.st_ctime_ns]
    if (was := oud.get(_plek(pad, inhoudsleutel))) and was[0] == merk:
        sha256 = pak_uit(inhoudsleutel, was[1]).hex()
        return merk, Inhoud(b"", sha256, s.st_size, moment_van(s.st_mtime_ns), te_groot=True)
    return merk, lees_stabiel(pad, max_bytes=0, basis=landing)


def _plek(pad: Path, inhoudsleutel: bytes) -> str:
    """Name of a file in the memory: neither its hash nor what the sender called it is right of archive/."""
    return inhoudsmerk(inhoudsleutel, hashlib.sha256(os.fsencode(pad)).hexdigest())[:32]


def _is_compleet(a: Aanbod, inhoud: Inhoud, nu: dt.datetime, landing: Path) -> bool:
    """Tell whether the file is whole: its control file says so, or nothing changed at it for a while.

    The time of the inode counts too: a sender who sets the modification time back cannot hide that he is writing.
    """
    controle = lees_controle(a.pad, basis=landing)
    if controle is not None and "onleesbaar" not in controle and controle.get("sha256", inhoud.sha256) == inhoud.sha256:
        return True
    s = a.pad.stat(follow_symlinks=False)
    return nu.timestamp() - max(s.st_mtime, s.st_ctime) >= RUST.total_seconds()


def _geheugen(huis: Huis) -> Path:
    return huis.work / "landing.json"


def _lees_geheugen(huis: Huis) -> dict[str, Any]:
    with suppress(OSError, ValueError):
        gelezen = json.loads(_geheugen(huis).read_text(encoding="utf-8"))
        if isinstance(gelezen, dict):
            return gelezen
    return {}


def _bewaar_geheugen(huis: Huis, inhoud: Mapping[str, Any]) -> None:
    klad = _geheugen(huis).with_suffix(f".{os.getpid()}.klad")
    with suppress(OSError):
        klad.parent.mkdir(parents=True, exist_ok=True)
        klad.write_text(json.dumps(inhoud), encoding="utf-8")
        os.replace(klad, _geheugen(huis))
