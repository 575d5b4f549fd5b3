"""Which publications are kept: a mark on those that a report was made from, and clearing away the others.

Lives here: the mark `bewaard.json` in the folder of a publication, and retention. What is cleared away keeps its
publicatie.json, gate, figure diff and seeds as publications/<id>.opgeruimd/: `--per` needs to know which seeds were
current when. Never cleared: what is current, what is marked. Keep out: release (vrijgave.py).
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from pipeline.domain.publicaties import PUBLICATIE_ID, PublicatieGegevens
from pipeline.publish.vrijgave import (
    TEGENGEHOUDEN,
    Publicatie,
    fsync,
    huidige,
    maak_duurzaam,
    publicaties,
    tegengehouden,
)
from pipeline.settings import Settings

BEWAARD = "bewaard.json"
OPGERUIMD = ".opgeruimd"
_BLIJFT = ("publicatie.json", "poort.json", "verschil.csv", "seeds")


@dataclass(frozen=True)
class Bewaarmerk:
    """Why a publication is kept, since when (aware)."""

    reden: str
    op: dt.datetime


def bewaar(settings: Settings, publicatie_id: str, *, reden: str, nu: dt.datetime) -> Bewaarmerk:
    """Mark a publication as kept; a second reason is added. KeyError when there is no such publication."""
    p = next((p for p in publicaties(settings) if p.publicatie_id == publicatie_id), None)
    if p is None:
        raise KeyError(publicatie_id)
    was = bewaarmerk(p.pad)
    if was is not None:
        redenen = was.reden.split("; ")
        reden = was.reden if reden in redenen else f"{was.reden}; {reden}"
    merk = Bewaarmerk(reden, was.op if was else nu)
    klad = p.pad / f".{BEWAARD}"
    klad.write_text(json.dumps({"reden": merk.reden, "op": merk.op.isoformat()}, ensure_ascii=False) + "\n", "utf-8")
    fsync(klad)
    os.replace(klad, p.pad / BEWAARD)
    fsync(p.pad)
    return merk


def bevries(settings: Settings, *, reden: str, nu: dt.datetime) -> Publicatie | None:
    """Mark the current publication as kept and return it; None when nothing is published."""
    p = huidige(settings)
    if p is not None:
        bewaar(settings, p.publicatie_id, reden=reden, nu=nu)
    return p


def bewaarmerk(pad: Path) -> Bewaarmerk | None:
    """Return the mark of a publication; None when it has none."""
    try:
        d = json.loads((pad / BEWAARD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Bewaarmerk(d["reden"], dt.datetime.fromisoformat(d["op"]))


def ruim_op(settings: Settings, *, ouder_dan: dt.timedelta, nu: dt.datetime) -> list[str]:
    """Clear away publications without a mark, and held candidates, made longer ago; return their names.

    Only for the holder of the lock. Killed halfway it is finished by the next time.
    """
    grens = nu - ouder_dan
    weg = []
    for p in publicaties(settings):
        if p.gemaakt_op < grens and not p.is_actueel and bewaarmerk(p.pad) is None:
            _maak_klein(p.pad)
            weg.append(p.publicatie_id)
    for p in tegengehouden(settings):
        if p.gemaakt_op < grens:
            shutil.rmtree(p.pad)
            weg.append(f"{p.publicatie_id}{TEGENGEHOUDEN}")
    return weg


def _maak_klein(pad: Path) -> None:
    klad = pad.with_name(f"{pad.name}{OPGERUIMD}-klad")
    shutil.rmtree(klad, ignore_errors=True)
    klad.mkdir()
    for naam in _BLIJFT:
        bron = pad / naam
        if bron.is_dir():
            shutil.copytree(bron, klad / naam)
        elif bron.exists():
            shutil.copyfile(bron, klad / naam)
    doel = pad.with_name(f"{pad.name}{OPGERUIMD}")
    shutil.rmtree(doel, ignore_errors=True)
    maak_duurzaam(klad)
    klad.rename(doel)
    fsync(doel.parent)
    shutil.rmtree(pad)


def seedgeschiedenis(settings: Settings) -> list[tuple[dt.datetime, Path]]:
    """When each publication was made and where its seeds are, cleared away or not, oldest first."""
    uit = []
    for pad in settings.huis.publications.glob("P*") if settings.huis.publications.exists() else ():
        if PUBLICATIE_ID.fullmatch(pad.name.removesuffix(OPGERUIMD)) and (pad / "seeds").is_dir():
            inhoud = json.loads((pad / "publicatie.json").read_text(encoding="utf-8"))
            uit.append((PublicatieGegevens.van_dict(inhoud).gemaakt_op, pad / "seeds"))
    return sorted(uit)
