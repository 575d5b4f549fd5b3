"""Release: a candidate becomes a publication, and the publication becomes current, in two renames.

Lives here: the only code that touches the link `published`. Whatever instant a run is killed at, that link points to a
complete publication, the old or the new one. Nobody opens a published file for writing, ever: a stale .wal beside it
would lock every reader out. Keep out: what is in a publication (kandidaat.py), whether it may go out (poort.py).
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.domain.fouten import RunFout
from pipeline.domain.publicaties import PUBLICATIE_ID, PublicatieGegevens
from pipeline.publish.kandidaat import Kandidaat
from pipeline.publish.oordeel import Poortresultaat, lees_poort, schrijf_poort
from pipeline.publish.vergelijk import marts_bestand, zelfde_inhoud
from pipeline.settings import Huis, Settings

TEGENGEHOUDEN = ".tegengehouden"
# the name holds the peilmoment to the second: --per a moment written without its fraction is the same publication
_MAG_VERSCHILLEN = ("publicatie_id", "gemaakt_op", "peilmoment")


class PublicatieFout(RunFout):
    """A publication cannot be released or made current; what was current still is."""


@dataclass(frozen=True)
class Publicatie:
    """A released publication, as its folder tells it."""

    pad: Path
    gegevens: PublicatieGegevens
    poort: Poortresultaat | None
    is_actueel: bool

    @property
    def publicatie_id(self) -> str:
        """Its name, also of its folder."""
        return self.gegevens.publicatie_id

    @property
    def peilmoment(self) -> dt.datetime:
        """As of when (aware)."""
        return self.gegevens.peilmoment

    @property
    def gemaakt_op(self) -> dt.datetime:
        """When it was made (aware)."""
        return self.gegevens.gemaakt_op

    @property
    def n_leveringen(self) -> int:
        """Receipts known at the peilmoment."""
        return self.gegevens.n_leveringen

    def als_dict(self) -> dict[str, Any]:
        """Plain form, ready for JSON."""
        return self.gegevens.als_dict() | {
            "is_actueel": self.is_actueel,
            "poort": self.poort.als_dict() if self.poort else None,
        }


def geef_vrij(kandidaat: Kandidaat, settings: Settings) -> Publicatie:
    """Make an approved candidate the current publication.

    Raises PublicatieFout when the gate did not approve it, or when a publication of this name has other content. The
    same publication released twice is the first one, made current again.
    """
    poort = lees_poort(kandidaat.pad)
    if poort is None or not poort.is_doorgelaten:
        raise PublicatieFout(f"{kandidaat.publicatie.publicatie_id} is niet door de poort; er is niets veranderd.")
    doel = settings.huis.publications / kandidaat.publicatie.publicatie_id
    _noteer_poort(kandidaat.pad, poort)
    _zonder_wal(kandidaat.pad)
    maak_duurzaam(kandidaat.pad)
    if doel.exists():
        _eis_zelfde(doel, kandidaat)
        shutil.rmtree(kandidaat.pad)
    else:
        kandidaat.pad.rename(doel)
        fsync(doel.parent)
    _maak_actueel(settings.huis, doel)
    return _lees(doel, settings.huis)


def houd_tegen(kandidaat: Kandidaat, settings: Settings, poort: Poortresultaat) -> Path:
    """Keep a refused candidate as publications/<id>.tegengehouden/ for whoever must judge; return that folder."""
    schrijf_poort(kandidaat.pad, poort)
    _noteer_poort(kandidaat.pad, poort)
    doel = settings.huis.publications / f"{kandidaat.publicatie.publicatie_id}{TEGENGEHOUDEN}"
    if doel.exists():
        shutil.rmtree(doel)
    kandidaat.pad.rename(doel)
    return doel


def publicaties(settings: Settings) -> list[Publicatie]:
    """All released publications, oldest peilmoment first; what was held or is half made is not among them."""
    mappen = settings.huis.publications.glob("P*") if settings.huis.publications.exists() else ()
    alle = [_lees(p, settings.huis) for p in mappen if _is_publicatie(p)]
    return sorted(alle, key=lambda p: (p.peilmoment, p.gemaakt_op, p.publicatie_id))


def tegengehouden(settings: Settings) -> list[Publicatie]:
    """Candidates that the gate held, oldest first."""
    mappen = settings.huis.publications.glob(f"P*{TEGENGEHOUDEN}") if settings.huis.publications.exists() else ()
    alle = [_lees(p, settings.huis) for p in mappen if marts_bestand(p).exists()]
    return sorted(alle, key=lambda p: (p.peilmoment, p.gemaakt_op, p.publicatie_id))


def huidige(settings: Settings) -> Publicatie | None:
    """The current publication; None when nothing was published."""
    doel = _doel(settings.huis)
    return _lees(doel, settings.huis) if doel is not None and _is_publicatie(doel) else None


def rol_terug(settings: Settings, publicatie_id: str) -> Publicatie:
    """Make an earlier publication current again. KeyError when there is no such publication."""
    doel = settings.huis.publications / publicatie_id
    if not PUBLICATIE_ID.fullmatch(publicatie_id) or not _is_publicatie(doel):
        raise KeyError(publicatie_id)
    _maak_actueel(settings.huis, doel)
    return _lees(doel, settings.huis)


def _is_publicatie(pad: Path) -> bool:
    return (
        PUBLICATIE_ID.fullmatch(pad.name) is not None
        and (pad / "publicatie.json").is_file()
        and marts_bestand(pad).is_file()
    )


def _lees(pad: Path, huis: Huis) -> Publicatie:
    inhoud = json.loads((pad / "publicatie.json").read_text(encoding="utf-8"))
    return Publicatie(
        pad=pad,
        gegevens=PublicatieGegevens.van_dict(inhoud),
        poort=lees_poort(pad),
        is_actueel=_doel(huis) == pad,
    )


def _doel(huis: Huis) -> Path | None:
    try:
        return huis.publications / huis.published.readlink().name
    except OSError:
        return None


def _noteer_poort(pad: Path, poort: Poortresultaat) -> None:
    bestand = pad / "publicatie.json"
    inhoud = json.loads(bestand.read_text(encoding="utf-8"))
    inhoud["poort"] = {"is_doorgelaten": poort.is_doorgelaten, "bezwaren": list(poort.bezwaren)}
    bestand.write_text(json.dumps(inhoud, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _eis_zelfde(doel: Path, kandidaat: Kandidaat) -> None:
    if _is_publicatie(doel) and not (anders := zelfde_inhoud(doel, kandidaat.pad, _MAG_VERSCHILLEN)):
        return
    oorzaak = f"andere inhoud in {', '.join(anders)}" if _is_publicatie(doel) else "een onvolledige map"
    raise PublicatieFout(
        f"{doel.name} bestaat al, met {oorzaak}. Dezelfde invoer hoort dezelfde cijfers te geven: zoek uit wat er "
        f"verschilt, en haal dan {doel} weg. De actuele publicatie is niet veranderd."
    )


def _zonder_wal(pad: Path) -> None:
    """Take away what a program left that opened a published file for writing: it would lock every reader out."""
    for wal in pad.rglob("*.duckdb.wal"):
        wal.unlink(missing_ok=True)


def maak_duurzaam(pad: Path) -> None:
    """Put everything in a folder on disk before it gets the name by which it is found.

    A link to a file that a power cut emptied is no publication.
    """
    for p in sorted(pad.rglob("*"), reverse=True):
        fsync(p)
    fsync(pad)


def fsync(pad: Path) -> None:
    """Wait until a file, or the names in a folder, are on disk."""
    fd = os.open(pad, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _maak_actueel(huis: Huis, doel: Path) -> None:
    """Point `published` at `doel`: one rename of a new link over the old one."""
    if huis.published.exists() and not huis.published.is_symlink():
        raise PublicatieFout(f"{huis.published} is geen link maar een bestand of map; haal dat weg en start opnieuw.")
    _zonder_wal(doel)
    tijdelijk = huis.pad / ".published.nieuw"
    tijdelijk.unlink(missing_ok=True)
    tijdelijk.symlink_to(Path(huis.publications.name) / doel.name, target_is_directory=True)
    os.replace(tijdelijk, huis.published)
    fsync(huis.pad)
