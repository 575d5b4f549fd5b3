"""The drop zone: which files are leveringen, of what, and reading them whole and unchanged (SPEC 2).

Whoever can write in landing/ is not trusted: a name, a link, a size or a mode can stop that file only. Lives here:
names, and opening and reading without following anything out of landing/. Keep out: what is in the files.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.domain.leveringen import REGIO, Bericht, Sleutel, levering_id
from pipeline.domain.maanden import Maand
from pipeline.domain.tonen import toonbaar
from pipeline.intake.uitkomst import Overgeslagen
from pipeline.settings import Huis

EXTENSIES = ("csv", "xlsx", "parquet", "xml", "zip")
_NAAM = re.compile(
    rf"(?P<bericht>{'|'.join(b.value for b in Bericht)})_(?:(?:GM)?(?P<gemeente>\d{{4}})|{REGIO})"
    r"_(?P<maand>20\d\d-(?:0[1-9]|1[0-2]))"
    rf"(?P<rest>_.*)?\.(?P<ext>{'|'.join(EXTENSIES)})",
    re.ASCII | re.IGNORECASE | re.DOTALL,
)
"""What counts is ASCII; what a sender puts behind the maand may be anything, for it is looked at and kept nowhere."""
_AFZENDERMAP = re.compile(rf"(?:GM)?(\d{{4}})|{REGIO}", re.ASCII | re.IGNORECASE)
CONTROLE = ".controle.json"
_CONTROLEVELDEN = ("rijen", "som_bedrag_cent", "sha256")
_CONTROLE_MAX_BYTES = 65_536
_BLOK = 1 << 20
MAX_HASH_BYTES = 4 * 2**30
"""What is larger is not even hashed: it would hold up the run for everybody else."""
_LEES = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
_NIET_OPENEN = "Het bestand kan niet worden geopend; de volgende run probeert het opnieuw."
_EPOCHE = dt.datetime.fromtimestamp(0, dt.UTC)


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
    sleutel = Sleutel(_code(gevonden["gemeente"]), Bericht(gevonden["bericht"].lower()), Maand.lees(gevonden["maand"]))
    return sleutel, gevonden["ext"].lower()


def lees_gemeentemap(naam: str) -> str | None:
    """Return whose folder has this name, a gemeente or REGIO; None when it is no folder of a sender."""
    gevonden = _AFZENDERMAP.fullmatch(naam)
    return _code(gevonden[1]) if gevonden else None


def _code(cijfers: str | None) -> str:
    """Return the code of a sender by the digits in a name; without them it is the regio."""
    return f"GM{cijfers}" if cijfers else REGIO


def canonieke_naam(sleutel: Sleutel, extensie: str, zij_map: str = "") -> str:
    """Return the name under which a file is kept on its receipt: what it is about, and nothing else the sender wrote.

    In the folder of another gemeente (`zij_map`) that folder stands before it.
    """
    naam = f"{sleutel.bericht.value}_{sleutel.gemeente}_{sleutel.maand}.{extensie}"
    return f"{zij_map}/{naam}" if zij_map else naam


def identiteit(sleutel: Sleutel, sha256: str, zij_map: str, controle: dict[str, Any] | None = None) -> str:
    """Identity of a levering: its key and bytes, and what came with them where that decides the verdict.

    The same bytes in the wrong folder, or with control totals that differ from them, are another offer, which can never
    stand; so the verdict on the good offer does not depend on which came first.
    """
    delen = [sha256]
    if zij_map:
        delen.append(f"map {zij_map}")
    if controle is not None:
        delen.append("controle " + json.dumps(controle, sort_keys=True))
    return levering_id(sleutel, "|".join(delen))


def verken(huis: Huis) -> tuple[list[Aanbod], list[Overgeslagen]]:
    """List what is offered, in a fixed order, and what is left alone with the reason why."""
    aanbod: list[Aanbod] = []
    over: list[Overgeslagen] = []
    for pad, dicht in _bestanden(huis.landing):
        relatief = pad.relative_to(huis.landing)
        if not dicht and (pad.name.startswith((".", "~")) or pad.name.lower().endswith(CONTROLE)):
            continue
        gevonden = dicht or _plaats(pad, relatief)
        if isinstance(gevonden, Aanbod):
            aanbod.append(gevonden)
        else:
            over.append(overgeslagen(huis, pad, gevonden))
    return aanbod, over


def overgeslagen(huis: Huis, pad: Path, reden: str, *, is_fout: bool = False) -> Overgeslagen:
    """Say of a file in landing/ that it was left alone, under a name that can be printed anywhere."""
    return Overgeslagen(toonbaar(pad.relative_to(huis.landing).as_posix()), reden, is_fout)


def _bestanden(landing: Path) -> Iterator[tuple[Path, str]]:
    """Yield every file, and every folder that cannot be looked into with the reason why."""
    dicht: list[Path] = []
    for map_, mappen, namen in os.walk(landing, followlinks=False, onerror=lambda f: dicht.append(Path(f.filename))):
        # a folder with the name of a levering is one thing to tell about, not as many as there are files in it
        als_bestand = [m for m in mappen if (Path(map_) / m).is_symlink() or lees_naam(m) is not None]
        mappen[:] = sorted(set(mappen) - set(als_bestand))
        for naam in sorted([*namen, *als_bestand]):
            yield Path(map_) / naam, ""
    for pad in sorted(dicht):
        if pad != landing:
            yield pad, "De map kan niet worden gelezen; geef de pijplijn leesrecht."


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


def moment_van(mtime_ns: int) -> dt.datetime:
    """Return a modification time (UTC, whole microseconds); one that no calendar knows is its nearest end."""
    try:
        return max(_EPOCHE, _EPOCHE + dt.timedelta(microseconds=mtime_ns // 1000))
    except OverflowError:
        return _EPOCHE if mtime_ns < 0 else dt.datetime.max.replace(tzinfo=dt.UTC)


def lees_stabiel(pad: Path, max_bytes: int, *, basis: Path | None = None) -> Inhoud:
    """Read a file whole; NietStabiel when it changed meanwhile, or is no plain file that can be read.

    `basis`: the folder (landing/) below which nothing on the way to the file may be a link. Everything is asked of the
    open file, so that a name that starts to point elsewhere changes nothing of what is read.
    """
    with geopend(pad, basis) as nummer:
        voor = os.fstat(nummer)
        if not stat.S_ISREG(voor.st_mode):
            raise NietStabiel("Dit is geen gewoon bestand.")
        if basis is not None and voor.st_nlink > 1:
            raise NietStabiel("Dit bestand heeft nog een andere naam (een harde koppeling); lever een kopie.")
        if voor.st_size > MAX_HASH_BYTES:
            raise NietStabiel("Het bestand is groter dan 4 GB en is niet bekeken; lever het in delen.")
        try:
            te_groot = voor.st_size > max_bytes
            data, sha256, gelezen = _lees(nummer, bewaren=not te_groot, hoogstens=voor.st_size)
            na, op_pad = os.fstat(nummer), pad.stat(follow_symlinks=False)
        except OSError:
            raise NietStabiel("Het bestand kan niet worden gelezen; de volgende run probeert het opnieuw.") from None
    kenmerken = {(s.st_ino, s.st_size, s.st_mtime_ns) for s in (voor, na, op_pad)}
    if len(kenmerken) != 1 or gelezen != voor.st_size:
        raise NietStabiel("Het bestand veranderde terwijl het werd gelezen; de volgende run neemt het in.")
    return Inhoud(data, sha256, gelezen, moment_van(voor.st_mtime_ns), te_groot)


@contextmanager
def geopend(pad: Path, basis: Path | None) -> Iterator[int]:
    """Open a file for reading, from `basis` on folder by folder; links are not followed, pipes not waited for.

    NietStabiel when it cannot be opened so.
    """
    open_: list[int] = []
    try:
        try:
            if basis is not None:
                *mappen, naam = pad.relative_to(basis).parts
                open_.append(os.open(basis, os.O_RDONLY | os.O_DIRECTORY))
                for map_ in mappen:
                    open_.append(os.open(map_, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=open_[-1]))
                open_.append(os.open(naam, _LEES, dir_fd=open_[-1]))
            else:
                open_.append(os.open(pad, _LEES))
        except OSError:
            raise NietStabiel(_NIET_OPENEN) from None
        yield open_[-1]
    finally:
        for nummer in open_:
            os.close(nummer)


def verwijder(pad: Path, basis: Path) -> None:
    """Remove a file below `basis`; a folder on the way that has become a link is not followed. OSError: it stays."""
    *mappen, naam = pad.relative_to(basis).parts
    open_ = [os.open(basis, os.O_RDONLY | os.O_DIRECTORY)]
    try:
        for map_ in mappen:
            open_.append(os.open(map_, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=open_[-1]))
        os.unlink(naam, dir_fd=open_[-1])
    finally:
        for nummer in open_:
            os.close(nummer)


def _lees(nummer: int, *, bewaren: bool, hoogstens: int) -> tuple[bytes, str, int]:
    """Read to the end; a file that grows as fast as it is read is left when it is past `hoogstens`."""
    h = hashlib.sha256()
    delen: list[bytes] = []
    gelezen = 0
    while gelezen <= hoogstens and (blok := os.read(nummer, _BLOK)):
        h.update(blok)
        gelezen += len(blok)
        if bewaren:
            delen.append(blok)
    return b"".join(delen), h.hexdigest(), gelezen


def sleutels_in_landing(huis: Huis) -> frozenset[Sleutel]:
    """Return what the files in landing/ say they are about, taken in or not; looks at names only."""
    return frozenset(a.sleutel for a in verken(huis)[0])


def lees_controle(pad: Path, *, basis: Path | None = None) -> dict[str, Any] | None:
    """Return the control totals beside a file; None without them. A file that cannot be read gives `onleesbaar`."""
    for kandidaat in (pad.with_name(pad.name + CONTROLE), pad.with_name(pad.stem + CONTROLE)):
        try:
            kandidaat.stat(follow_symlinks=False)
        except OSError:
            continue
        return _controlevelden(kandidaat, basis)
    return None


def _controlevelden(pad: Path, basis: Path | None) -> dict[str, Any]:
    onleesbaar = {"onleesbaar": True}
    try:
        # bytes: JSON in UTF-16 is read as well, as some programs write it
        inhoud = lees_stabiel(pad, _CONTROLE_MAX_BYTES, basis=basis)
        gelezen = None if inhoud.te_groot else json.loads(inhoud.data.removeprefix(b"\xef\xbb\xbf"))
    except (NietStabiel, ValueError, RecursionError):
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
