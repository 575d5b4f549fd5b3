"""Receipts on disk: one JSON per levering, and one per later offer of the same bytes (docs/architecture.md section 2).

Lives here: paths, reading, writing. A receipt is written last and whole: what has a receipt was processed.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.domain.fouten import InvariantFout
from pipeline.domain.leveringen import Ontvangstbewijs, Sleutel, Status
from pipeline.intake.archief import archiefpad
from pipeline.settings import Huis

_AANBOD = ".aanbod-"
GEZUIVERD = "gezuiverd"
"""Behind the deurversie of a receipt: a person was taken out (beheer/verwijderen), whom its bytes do not bring back."""


def sleutelmap(basis: Path, sleutel: Sleutel) -> Path:
    """Folder of one (gemeente, bericht, maand) in a room."""
    return basis / sleutel.gemeente / sleutel.bericht.value / str(sleutel.maand)


def bewijspad(huis: Huis, sleutel: Sleutel, levering_id: str) -> Path:
    """Where the receipt of a levering is."""
    return sleutelmap(huis.receipts, sleutel) / f"{levering_id}.json"


def geldigpad(huis: Huis, bewijs: Ontvangstbewijs) -> Path:
    """Where the accepted rows of a levering are."""
    return sleutelmap(huis.validated, bewijs.sleutel) / f"{bewijs.levering_id}.parquet"


def quarantainepad(huis: Huis, bewijs: Ontvangstbewijs) -> Path:
    """Where the refused rows of a levering are."""
    return sleutelmap(huis.quarantine, bewijs.sleutel) / f"{bewijs.levering_id}.parquet"


def lees_bewijzen(huis: Huis) -> list[Ontvangstbewijs]:
    """All receipts, each with the earliest moment at which its bytes were offered; ordered by key, arrival and hash.

    Raises InvariantFout when a file is no receipt: receipts are the truth, and one that cannot be read must not be
    passed over in silence.
    """
    bewijzen: dict[tuple[Sleutel, str], Ontvangstbewijs] = {}
    momenten: list[tuple[tuple[Sleutel, str], dt.datetime]] = []
    for pad in sorted(huis.receipts.glob("*/*/*/*.json")):
        bewijs = _lees(pad)
        plek = (bewijs.sleutel, bewijs.levering_id)
        if bewijs.status is Status.ONGEWIJZIGD:
            momenten.append((plek, bewijs.ontvangen_op))
        else:
            bewijzen[plek] = bewijs
    for plek, moment in momenten:
        if plek in bewijzen:
            bewijzen[plek] = bewijzen[plek].eerder_aangeboden(moment)
    return sorted(bewijzen.values(), key=lambda b: (b.sleutel, b.ontvangen_op, b.sha256, b.levering_id))


def _lees(pad: Path) -> Ontvangstbewijs:
    try:
        kenmerk = pad.stat()
    except OSError:
        raise _onleesbaar(pad) from None
    return _lees_eens(pad, kenmerk.st_ino, kenmerk.st_mtime_ns, kenmerk.st_size)


# one run asks for the receipts several times; a receipt that is replaced is another file with another time
@lru_cache(maxsize=4096)
def _lees_eens(pad: Path, _inode: int, _gewijzigd: int, _bytes: int) -> Ontvangstbewijs:
    try:
        plat: dict[str, Any] = json.loads(pad.read_bytes())
        return Ontvangstbewijs.van_dict(plat)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise _onleesbaar(pad) from None


def _onleesbaar(pad: Path) -> InvariantFout:
    return InvariantFout(
        f"Het ontvangstbewijs {pad.parent.name}/{pad.name} kan niet worden gelezen; zet het terug uit de back-up."
    )


def schrijf_bewijs(huis: Huis, bewijs: Ontvangstbewijs) -> None:
    """Write a receipt in its place; an offer (ONGEWIJZIGD) gets its own file, named by its moment."""
    from pipeline.intake.schrijven import schrijf

    pad = bewijspad(huis, bewijs.sleutel, bewijs.levering_id)
    if bewijs.status is Status.ONGEWIJZIGD:
        moment = bewijs.ontvangen_op.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%S%f")
        pad = pad.with_name(f"{bewijs.levering_id}{_AANBOD}{moment}.json")
    tekst = json.dumps(bewijs.als_dict(), ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"
    schrijf(huis, pad, lambda klad: klad.write_text(tekst, encoding="utf-8"))


def onvervangbaar(huis: Huis) -> list[Path]:
    """Return the files with rows of leveringen whose bytes are not in the archive: nobody can make them again."""
    weg = [b for b in lees_bewijzen(huis) if not archiefpad(huis, b.sha256).exists()]
    return [p for b in weg for p in (geldigpad(huis, b), quarantainepad(huis, b)) if p.exists()]


def neem_onvervangbaar_over(huis: Huis, naar: Huis) -> None:
    """Copy those files to another home."""
    for pad in onvervangbaar(huis):
        doel = naar.pad / pad.relative_to(huis.pad)
        doel.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(pad, doel)
