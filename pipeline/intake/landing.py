"""The drop zone: which files are leveringen, of what, and reading them whole and unchanged (SPEC 2).

Lives here: names and stable reading. Keep out: what is in the files.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.domain.leveringen import Bericht, Sleutel
from pipeline.domain.maanden import Maand
from pipeline.intake.uitkomst import Overgeslagen
from pipeline.settings import Huis

EXTENSIES = ("csv", "xlsx", "parquet", "xml", "zip")
_NAAM = re.compile(
    rf"(?P<bericht>{'|'.join(b.value for b in Bericht)})_(?:GM)?(?P<gemeente>\d{{4}})"
    r"_(?P<maand>\d{4}-(?:0[1-9]|1[0-2]))"
    rf"(?P<rest>_.*)?\.(?P<ext>{'|'.join(EXTENSIES)})",
    re.IGNORECASE | re.DOTALL,
)
_GEMEENTEMAP = re.compile(r"(?:GM)?(\d{4})", re.IGNORECASE)
_CONTROLE = ".controle.json"
_CONTROLEVELDEN = ("rijen", "som_bedrag_cent", "sha256")
_CONTROLE_MAX_BYTES = 65_536
_LANGE_REEKS = re.compile(r"\d{8,}")
_BLOK = 1 << 20


@dataclass(frozen=True)
class Aanbod:
    """A file in landing/ whose name says what it is. `zij_map`: the gemeente of its folder when that is another."""

    pad: Path
    sleutel: Sleutel
    extensie: str
    zij_map: str = ""


@dataclass(frozen=True)
class Inhoud:
    """A file as it was read: whole, and the same before and after. `data` is empty when it is over the limit."""

    data: bytes
    sha256: str
    n_bytes: int
    gewijzigd_op: dt.datetime
    te_groot: bool


class NietStabiel(Exception):
    """The file changed while it was read, is gone, or is no plain file; `reden` is one Dutch sentence."""

    def __init__(self, reden: str) -> None:
        super().__init__(reden)
        self.reden = reden


def lees_naam(naam: str) -> tuple[Sleutel, str] | None:
    """Return key and extension of a file name; None when it is not one that SPEC 2 describes."""
    gevonden = _NAAM.fullmatch(naam)
    if gevonden is None:
        return None
    sleutel = Sleutel(f"GM{gevonden['gemeente']}", Bericht(gevonden["bericht"].lower()), Maand.lees(gevonden["maand"]))
    return sleutel, gevonden["ext"].lower()


def lees_gemeentemap(naam: str) -> str | None:
    """Return the gemeente whose folder has this name; None when it is no folder of a gemeente."""
    gevonden = _GEMEENTEMAP.fullmatch(naam)
    return f"GM{gevonden[1]}" if gevonden else None


def maskeer_naam(naam: str) -> str:
    """Hide runs of eight or more digits in a name; gemeente and period are shorter and stay (SPEC 7)."""
    return _LANGE_REEKS.sub(lambda m: "#" * len(m[0]), naam)


def verken(huis: Huis) -> tuple[list[Aanbod], list[Overgeslagen]]:
    """List what is offered, in a fixed order, and what is left alone with the reason why."""
    aanbod: list[Aanbod] = []
    over: list[Overgeslagen] = []
    for pad in _bestanden(huis.landing):
        relatief = pad.relative_to(huis.landing)
        if pad.name.startswith((".", "~")) or pad.name.lower().endswith(_CONTROLE):
            continue
        gevonden = _plaats(pad, relatief)
        if isinstance(gevonden, Aanbod):
            aanbod.append(gevonden)
        else:
            over.append(Overgeslagen(maskeer_naam(relatief.as_posix()), gevonden))
    return aanbod, over


def _bestanden(landing: Path) -> Iterator[Path]:
    for map_, mappen, namen in os.walk(landing, followlinks=False):
        # a folder with the name of a levering is one thing to tell about, not as many as there are files in it
        als_bestand = [m for m in mappen if (Path(map_) / m).is_symlink() or lees_naam(m) is not None]
        mappen[:] = sorted(set(mappen) - set(als_bestand))
        for naam in sorted([*namen, *als_bestand]):
            yield Path(map_) / naam


def _plaats(pad: Path, relatief: Path) -> Aanbod | str:
    """Return what a file is offered as, or why it is not."""
    if pad.is_symlink():
        return "Dit is een verwijzing en geen bestand; lever het bestand zelf."
    if pad.is_dir():
        return "Dit is een map en geen bestand; lever het bestand zelf."
    gelezen = lees_naam(pad.name)
    if len(relatief.parts) != 2:
        return "Het bestand ligt niet in een map van een gemeente, zoals landing/GM0153/."
    map_gemeente = lees_gemeentemap(relatief.parts[0])
    if map_gemeente is None:
        return "De map heeft niet de naam van een gemeente, zoals GM0153."
    if gelezen is None:
        return "De bestandsnaam is niet van de vorm bericht_gemeente_JJJJ-MM.csv, zoals declaraties_GM0153_2025-03.csv."
    sleutel, extensie = gelezen
    return Aanbod(pad, sleutel, extensie, map_gemeente if map_gemeente != sleutel.gemeente else "")


def lees_stabiel(pad: Path, max_bytes: int) -> Inhoud:
    """Read a file whole; NietStabiel when it changed meanwhile, or is no plain file that can be read."""
    try:
        nummer = os.open(pad, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        raise NietStabiel("Het bestand kan niet worden geopend; de volgende run probeert het opnieuw.") from None
    with os.fdopen(nummer, "rb") as f:
        voor = os.fstat(f.fileno())
        if not stat.S_ISREG(voor.st_mode):
            raise NietStabiel("Dit is geen gewoon bestand.")
        try:
            te_groot = voor.st_size > max_bytes
            data, sha256, gelezen = _lees(f.fileno(), bewaren=not te_groot)
            na, op_pad = os.fstat(f.fileno()), pad.stat(follow_symlinks=False)
        except OSError:
            raise NietStabiel("Het bestand kan niet worden gelezen; de volgende run probeert het opnieuw.") from None
    kenmerken = {(s.st_ino, s.st_size, s.st_mtime_ns) for s in (voor, na, op_pad)}
    if len(kenmerken) != 1 or gelezen != voor.st_size:
        raise NietStabiel("Het bestand veranderde terwijl het werd gelezen; de volgende run neemt het in.")
    gewijzigd = dt.datetime.fromtimestamp(0, dt.UTC) + dt.timedelta(microseconds=voor.st_mtime_ns // 1000)
    return Inhoud(data, sha256, gelezen, gewijzigd, te_groot)


def _lees(nummer: int, *, bewaren: bool) -> tuple[bytes, str, int]:
    h = hashlib.sha256()
    delen: list[bytes] = []
    gelezen = 0
    while blok := os.read(nummer, _BLOK):
        h.update(blok)
        gelezen += len(blok)
        if bewaren:
            delen.append(blok)
    return b"".join(delen), h.hexdigest(), gelezen


def sleutels_in_landing(huis: Huis) -> frozenset[Sleutel]:
    """Return what the files in landing/ say they are about, taken in or not; looks at names only."""
    return frozenset(a.sleutel for a in verken(huis)[0])


def lees_controle(pad: Path) -> dict[str, Any] | None:
    """Return the control totals beside a file; None without them. A file that cannot be read gives `onleesbaar`."""
    for kandidaat in (pad.with_name(pad.name + _CONTROLE), pad.with_name(pad.stem + _CONTROLE)):
        try:
            gegevens = kandidaat.stat(follow_symlinks=False)
        except OSError:
            continue
        return _controlevelden(kandidaat, gegevens)
    return None


def _controlevelden(pad: Path, gegevens: os.stat_result) -> dict[str, Any]:
    onleesbaar = {"onleesbaar": True}
    if not stat.S_ISREG(gegevens.st_mode) or gegevens.st_size > _CONTROLE_MAX_BYTES:
        return onleesbaar
    try:
        # bytes: JSON in UTF-16 is read as well, as some programs write it
        gelezen = json.loads(pad.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except (OSError, ValueError, RecursionError):
        return onleesbaar
    if not isinstance(gelezen, dict):
        return onleesbaar
    velden = {n: _controlewaarde(n, gelezen[n]) for n in _CONTROLEVELDEN if gelezen.get(n) is not None}
    if not velden or None in velden.values():
        return {"onleesbaar": True}
    return {**velden}


def _controlewaarde(naam: str, waarde: object) -> int | str | None:
    """Return a total in its one form; None when it is none. Only numbers and a hash are taken over."""
    if naam == "sha256":
        goed = isinstance(waarde, str) and re.fullmatch(r"[0-9a-fA-F]{64}", waarde.strip())
        return str(waarde).strip().lower() if goed else None
    if isinstance(waarde, bool):
        return None
    if isinstance(waarde, str) and re.fullmatch(r"-?\d{1,15}", waarde.strip()):
        return int(waarde)
    if isinstance(waarde, float):
        return int(waarde) if waarde.is_integer() else None
    return waarde if isinstance(waarde, int) else None
