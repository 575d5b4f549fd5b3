"""From contents to verdicts, and from verdicts to archive, rows and receipts; new contents and old ones alike.

Lives here: the opening of the door, batches, in which order files are written, and what is a fault of one file only.
Keep out: which contents (inname.py, herbeoordelen.py), verdicts (deuren.py).
"""

from __future__ import annotations

import datetime as dt
import errno
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Ontvangstbewijs, Sleutel
from pipeline.intake import archief
from pipeline.intake.bewijzen import geldigpad, quarantainepad, schrijf_bewijs
from pipeline.intake.schrijven import schrijf
from pipeline.intake.uitkomst import Overgeslagen, Stuk, Uitspraak
from pipeline.intake.versie import deurcatalogus, deurversie
from pipeline.proces.runboek import veilige_fout
from pipeline.settings import Huis, InstellingFout, Settings

if TYPE_CHECKING:
    from pipeline.intake.deuren import Deur

Voortgang = Callable[[int, int, str], None]

PARTIJ_BYTES = 64 * 2**20
"""Files are judged together up to this size: large enough to be fast, small enough to fit in memory."""
_INGEPAKT = (b"PK\x03\x04", b"PAR1")
INGEPAKT_KEER = 10
"""What is packed (zip, xlsx, Parquet) holds about this many times its size in text."""
SCHRIJVERS = 4
_SCHIJF = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EMFILE, errno.ENFILE)


def stil(_gedaan: int, _totaal: int, _wat: str) -> None:
    """Show no progress."""


def maak_deur(settings: Settings, catalogus: Catalogus, sleutel: bytes, **anders: Any) -> Deur:
    """Open the door; what it is made of is imported only now."""
    from pipeline.berichten.toets import Regelboek
    from pipeline.intake.deuren import Deur
    from pipeline.intake.pseudoniemen import Pseudonimiseerder

    eigen = deurcatalogus(catalogus)
    boek = Regelboek(eigen, settings.bsn_reeks)
    return Deur(eigen, boek, Pseudonimiseerder(sleutel), deurversie(catalogus), **anders)


def volgorde(b: Ontvangstbewijs) -> tuple[Sleutel, dt.datetime, str]:
    """Order in which receipts are handed back."""
    return b.sleutel, b.ontvangen_op, b.sha256


def partijen_van(stukken: Iterable[Stuk]) -> Iterator[list[Stuk]]:
    """Group contents into batches of bounded size."""
    partij: list[Stuk] = []
    grootte = 0
    for stuk in stukken:
        gewicht = len(stuk.data) * (INGEPAKT_KEER if stuk.data.startswith(_INGEPAKT) else 1)
        if partij and grootte + gewicht > PARTIJ_BYTES:
            yield partij
            partij, grootte = [], 0
        partij.append(stuk)
        grootte += gewicht
    if partij:
        yield partij


def verwerk(huis: Huis, deur: Deur, partij: Sequence[Stuk], over: list[Overgeslagen]) -> list[Ontvangstbewijs]:
    """Judge a batch and write what came of it; a content on which we fail alone is told in `over` and left."""
    try:
        return _verwerk_samen(huis, deur, partij)
    except BaseException as fout:
        eis_van_bestand(fout)
        if len(partij) == 1:
            (s,) = partij
            map_ = s.zij_map or s.sleutel.gemeente
            over.append(Overgeslagen(f"{map_}/{s.bestandsnaam.rpartition('/')[2]}", mislukt_door(fout), is_fout=True))
            return []
    # which of them it is shows when each is judged by itself; what was written already is written again, the same
    return [b for s in partij for b in verwerk(huis, deur, [s], over)]


def _verwerk_samen(huis: Huis, deur: Deur, partij: Sequence[Stuk]) -> list[Ontvangstbewijs]:
    with ThreadPoolExecutor(SCHRIJVERS) as schrijvers:
        bewaard = [schrijvers.submit(archief.bewaar, huis, s.sha256, s.data) for s in partij if not s.te_groot]
        uit: list[Ontvangstbewijs] = []
        for uitspraken in deur.in_delen(partij):
            for bytes_ in bewaard:
                bytes_.result()
            uit += schrijvers.map(lambda u: _leg_vast(huis, u), uitspraken)
        return uit


def _leg_vast(huis: Huis, u: Uitspraak) -> Ontvangstbewijs:
    """Write rows, then the receipt: what has a receipt is complete, and its bytes are in the archive."""
    _leg_rijen_vast(huis, geldigpad(huis, u.bewijs), u.geldig if u.bewijs.is_geaccepteerd else None)
    _leg_rijen_vast(huis, quarantainepad(huis, u.bewijs), u.quarantaine)
    schrijf_bewijs(huis, u.bewijs)
    return u.bewijs


def _leg_rijen_vast(huis: Huis, pad: Path, rijen: Any) -> None:
    if rijen is None or not rijen.height:
        pad.unlink(missing_ok=True)
        return
    schrijf(huis, pad, lambda klad: rijen.write_parquet(klad, compression="zstd", compression_level=1))


def eis_van_bestand(fout: BaseException) -> None:
    """Raise again what is no fault of one file: the disk, the settings, somebody who stops the run."""
    van_machine = isinstance(fout, OSError) and fout.errno in _SCHIJF
    panic = type(fout).__name__ == "PanicException"  # a reader in Rust: no Exception, and still only this file
    if van_machine or isinstance(fout, InstellingFout) or not (isinstance(fout, Exception) or panic):
        raise fout


def mislukt_door(fout: BaseException) -> str:
    """Sentence on a file that we could not do, without values."""
    return f"Door een fout van ons ({veilige_fout(fout).rstrip('.')}) is dit bestand niet verwerkt; meld dit."
