"""Back-up of a data home, and its restore.

A back-up folder holds contents by their hash (`inhoud/`), each once, and per moment a list of what the home held
(`momenten/<moment>.json`), written last. So every back-up is whole, costs what is new, and any of them can be restored.
What can be made again is left out: validated rows and warehouse (but the rows of leveringen whose bytes are gone are
kept). The key is never in it. It holds the archive, so it is as confidential as the home.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.domain.fouten import RunFout
from pipeline.intake.bewijzen import onvervangbaar
from pipeline.proces.slot import enige_schrijver
from pipeline.publish import gemeente
from pipeline.settings import Huis

KAMERS = ("archive", "receipts", "meldingen", "runs", "publications")
LOSSE = ("huis.json",)
MAP_RECHTEN, BESTAND_RECHTEN = 0o700, 0o600
"""Of a back-up, whatever the folder it is put in."""
HOOGSTENS = 0o750
"""What a restored file may give to others at most: the editions of gemeenten are for their group."""


class BackupFout(RunFout):
    """A back-up is not whole, or cannot be put where it was asked."""


@dataclass(frozen=True)
class Backup:
    """One moment: its name, how many files and bytes it lists, how many bytes it added."""

    moment: str
    bestanden: int
    bytes: int
    bytes_nieuw: int


def maak_backup(huis: Huis, doel: Path, *, seeds: Path, nu: dt.datetime) -> Backup:
    """Copy what the home holds now to the back-up folder `doel`; waits for a run to finish, and holds the next one.

    Killed halfway there is no list of this moment, and the next back-up uses what was copied.
    """
    if doel.resolve().is_relative_to(huis.pad.resolve()):
        raise BackupFout("Een back-up in het data home zelf is geen back-up; kies een andere schijf.")
    for map_ in (doel, doel / "inhoud", doel / "momenten"):
        map_.mkdir(parents=True, exist_ok=True, mode=MAP_RECHTEN)
        with suppress(PermissionError):  # of a disk that is not ours; what is in it is closed one by one
            map_.chmod(MAP_RECHTEN)
    lijst: list[dict[str, Any]] = []
    nieuw = 0
    with enige_schrijver(huis, wacht_seconden=3600):
        for naam, pad in _te_bewaren(huis, seeds):
            sha, grootte, erbij = _bewaar(pad, doel)
            lijst.append({"pad": naam, "sha256": sha, "bytes": grootte, "modus": _modus(pad)})
            nieuw += erbij
        mappen = {m: _modus(huis.pad / m) for m in _mappen([b["pad"] for b in lijst]) if (huis.pad / m).is_dir()}
        gepubliceerd = huis.published.readlink().name if huis.published.is_symlink() else ""
    moment = nu.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    inhoud = {"moment": moment, "published": gepubliceerd, "bestanden": lijst, "mappen": mappen}
    _schrijf(doel / "momenten" / f"{moment}.json", inhoud)
    return Backup(moment, len(lijst), sum(b["bytes"] for b in lijst), nieuw)


def momenten(bron: Path) -> list[str]:
    """Moments that can be restored, oldest first."""
    return sorted(p.stem for p in (bron / "momenten").glob("*.json"))


def zet_terug(bron: Path, huis: Huis, *, moment: str | None = None) -> Backup:
    """Make a data home of a back-up (the last one, or that of `moment`); every byte is checked against its hash.

    The home must be absent or empty. The seeds of that moment come as `seeds/` in the home, to compare or to use.
    The next run (or `replay`) makes the rows and the warehouse again. Raises BackupFout.
    """
    alle = momenten(bron)
    moment = moment or (alle[-1] if alle else None)
    if moment not in alle:
        raise BackupFout(f"Geen back-up {moment or ''} in {bron}; er zijn: {', '.join(alle) or 'geen'}.")
    if huis.pad.exists() and any(huis.pad.iterdir()):
        raise BackupFout(f"{huis.pad} is niet leeg; zet een back-up terug in een nieuw data home.")
    lijst = json.loads((bron / "momenten" / f"{moment}.json").read_text(encoding="utf-8"))
    huis.maak()
    for b in lijst["bestanden"]:
        doel = huis.pad / _binnen(b["pad"])
        _haal(bron, b["sha256"], doel)
        doel.chmod(b.get("modus", BESTAND_RECHTEN) & HOOGSTENS)
    _zet_mappen(huis, lijst)
    if lijst["published"]:
        huis.published.symlink_to(Path("publications") / lijst["published"], target_is_directory=True)
    totaal = sum(b["bytes"] for b in lijst["bestanden"])
    return Backup(moment, len(lijst["bestanden"]), totaal, totaal)


def _mappen(paden: list[str]) -> list[str]:
    """Every folder of the home that holds something that is kept, inner ones last."""
    return sorted({m.as_posix() for p in paden for m in Path(p).parents if m != Path()})


def _zet_mappen(huis: Huis, lijst: dict[str, Any]) -> None:
    """Give folders the modes they had; of a back-up of before only what editions of gemeenten have is known."""
    modi: dict[str, int] = lijst.get("mappen", {})
    for naam in _mappen([b["pad"] for b in lijst["bestanden"]]):
        (huis.pad / _binnen(naam)).chmod(modi.get(naam, MAP_RECHTEN) & HOOGSTENS)
    if not modi:
        for editie in huis.publications.glob(f"*/{gemeente.MAP}"):
            gemeente.sluit_af(editie)


def _modus(pad: Path) -> int:
    return stat.S_IMODE(pad.stat().st_mode)


def _te_bewaren(huis: Huis, seeds: Path) -> list[tuple[str, Path]]:
    paden = [p for k in KAMERS for p in (huis.pad / k).rglob("*") if p.is_file() and not _is_klad(p, huis)]
    paden += [huis.pad / n for n in LOSSE if (huis.pad / n).exists()]
    paden += onvervangbaar(huis)
    van_huis = [(p.relative_to(huis.pad).as_posix(), p) for p in paden]
    return sorted([*van_huis, *((f"seeds/{p.name}", p) for p in seeds.glob("ref_*.csv"))])


def _is_klad(pad: Path, huis: Huis) -> bool:
    delen = pad.relative_to(huis.pad).parts
    return pad.suffix == ".klad" or pad.name == ".lock" or any(d.startswith(".kandidaat-") for d in delen)


def _bewaar(pad: Path, doel: Path) -> tuple[str, int, int]:
    """Copy one content when it is not there yet; return its hash, its size, and the bytes that were added."""
    sha = _hash(pad)
    plek = doel / "inhoud" / sha[:2] / sha
    grootte = pad.stat().st_size
    if plek.exists() and plek.stat().st_size == grootte:
        return sha, grootte, 0
    plek.parent.mkdir(parents=True, exist_ok=True, mode=MAP_RECHTEN)
    plek.parent.chmod(MAP_RECHTEN)
    klad = plek.with_name(f"{sha}.{os.getpid()}.klad")
    shutil.copyfile(pad, klad)
    if _hash(klad) != sha:
        klad.unlink()
        raise BackupFout(f"{pad.name} veranderde tijdens de back-up; probeer het opnieuw.")
    klad.chmod(BESTAND_RECHTEN)
    _naar_schijf(klad)
    os.replace(klad, plek)
    return sha, grootte, grootte


def _haal(bron: Path, sha: str, doel: Path) -> None:
    doel.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copyfile(bron / "inhoud" / sha[:2] / sha, doel)
    except FileNotFoundError:
        raise BackupFout(f"De inhoud van {doel.name} ontbreekt in de back-up; kies een ander moment.") from None
    if _hash(doel) != sha:
        raise BackupFout(f"De inhoud van {doel.name} in de back-up is beschadigd; kies een ander moment.")


def _binnen(naam: str) -> Path:
    pad = Path(naam)
    if pad.is_absolute() or ".." in pad.parts:
        raise BackupFout(f"De back-up noemt een pad buiten het data home: {naam}")
    return pad


def _hash(pad: Path) -> str:
    with pad.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def _schrijf(pad: Path, inhoud: dict[str, Any]) -> None:
    pad.parent.mkdir(parents=True, exist_ok=True)
    klad = pad.with_suffix(f".{os.getpid()}.klad")
    klad.write_text(json.dumps(inhoud, ensure_ascii=False) + "\n", encoding="utf-8")
    klad.chmod(BESTAND_RECHTEN)
    _naar_schijf(klad)
    os.replace(klad, pad)


def _naar_schijf(pad: Path) -> None:
    fd = os.open(pad, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
