"""Deletion: of one youth, of one gemeente, of what is older than it may be kept.

Lives here: taking data out of every room of a data home. The next run publishes figures without it. Publications of
before hold aggregates only and stay; back-ups are another place (docs/beheer.md). Keep out: deciding that it must go.
"""

from __future__ import annotations

import hmac
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.berichten import CONTRACTEN
from pipeline.domain.fouten import RunFout
from pipeline.domain.leveringen import Ontvangstbewijs, Telling
from pipeline.domain.maanden import Maand
from pipeline.intake.archief import archiefpad
from pipeline.intake.bewijzen import bewijspad, geldigpad, lees_bewijzen, quarantainepad, schrijf_bewijs
from pipeline.intake.landing import lees_stabiel, verken
from pipeline.intake.pseudoniemen import HEXTEKENS
from pipeline.proces.slot import enige_schrijver
from pipeline.settings import Huis, Settings

if TYPE_CHECKING:
    import polars as pl

GEZUIVERD = "gezuiverd"


class VerwijderFout(RunFout):
    """What was asked cannot be deleted as asked; nothing was changed."""


@dataclass(frozen=True)
class Verwijderd:
    """What was taken out: leveringen touched, rows, files of bytes (archive and landing)."""

    leveringen: int
    rijen: int
    bestanden: int


def vergeet_jeugdige(settings: Settings, bsn: str) -> Verwijderd:
    """Take every row of one person out of the home, and the bytes of every levering that holds one.

    The other rows of those leveringen stay; they can no longer be judged anew, and their receipts say `gezuiverd`. A
    sender who delivers the person again brings the person back. VerwijderFout when `bsn` is not nine digits.
    """
    if not (bsn.isascii() and bsn.isdigit() and len(bsn) == 9):
        raise VerwijderFout("Een BSN heeft negen cijfers.")
    pseudoniem = hmac.digest(settings.eis_sleutel(), bsn.encode(), "sha256").hex()[:HEXTEKENS]
    huis = settings.huis
    leveringen = rijen = bestanden = 0
    with enige_schrijver(huis, wacht_seconden=600):
        # the warehouse holds the same rows; it is made again
        huis.warehouse.unlink(missing_ok=True)
        for bewijs in lees_bewijzen(huis):
            n = _aantal_rijen(huis, bewijs, pseudoniem)
            if n or _staat_in_bytes(huis, bewijs, bsn):
                # first the bytes: while they are there, the next run would make the rows again
                bestanden += _verwijder_bytes(huis, {bewijs.sha256})
                leveringen, rijen = leveringen + 1, rijen + n
            _zuiver(huis, bewijs, pseudoniem)
    return Verwijderd(leveringen, rijen, bestanden)


def _aantal_rijen(huis: Huis, bewijs: Ontvangstbewijs, pseudoniem: str) -> int:
    import polars as pl

    paden = [p for p in (geldigpad(huis, bewijs), quarantainepad(huis, bewijs)) if p.exists()]
    return sum(int((pl.read_parquet(p, columns=["pseudoniem"])["pseudoniem"] == pseudoniem).sum()) for p in paden)


def _zuiver(huis: Huis, bewijs: Ontvangstbewijs, pseudoniem: str) -> None:
    """Take the rows of a person out of one levering, then bring its receipt in line with the rows that are there.

    Also when an earlier deletion was killed between the two.
    """
    import polars as pl

    _wis_quarantaine(huis, bewijs, pseudoniem)
    pad = geldigpad(huis, bewijs)
    if not pad.exists():
        return
    alles = pl.read_parquet(pad)
    blijft = alles.filter(pl.col("pseudoniem").ne_missing(pl.lit(pseudoniem)))
    if blijft.height < alles.height:
        _schrijf_parquet(huis, pad, blijft)
    n = bewijs.rijen.geaccepteerd - blijft.height
    if n:
        cent = int(blijft[CONTRACTEN[bewijs.sleutel.bericht].geld_bewaard].sum() or 0)
        schrijf_bewijs(huis, _zonder(bewijs, n, bewijs.bedrag_cent.geaccepteerd - cent))


def _wis_quarantaine(huis: Huis, bewijs: Ontvangstbewijs, pseudoniem: str) -> None:
    """Empty the refused rows of a person: that a row was refused, and why, stays."""
    import polars as pl

    pad = quarantainepad(huis, bewijs)
    if not pad.exists():
        return
    alles = pl.read_parquet(pad)
    van_hem = pl.col("pseudoniem").eq_missing(pl.lit(pseudoniem))
    if alles.filter(van_hem).height:
        blijft = {"levering_id", "gemeente", "bericht", "leveringsmaand", "rij", "redenen"}
        leeg = [pl.when(van_hem).then(None).otherwise(pl.col(k)).alias(k) for k in alles.columns if k not in blijft]
        _schrijf_parquet(huis, pad, alles.with_columns(leeg))


def _schrijf_parquet(huis: Huis, pad: Path, rijen: pl.DataFrame) -> None:
    from pipeline.intake.schrijven import schrijf

    if rijen.height:
        schrijf(huis, pad, lambda klad: rijen.write_parquet(klad, compression="zstd"))
    else:
        pad.unlink()


def _zonder(b: Ontvangstbewijs, n: int, cent: int) -> Ontvangstbewijs:
    """Return the receipt without `n` accepted rows; another deurversie, so that the next run publishes anew."""
    minder = Telling(b.rijen.ontvangen - n, b.rijen.geaccepteerd - n, b.rijen.quarantaine)
    geld = Telling(b.bedrag_cent.ontvangen - cent, b.bedrag_cent.geaccepteerd - cent, b.bedrag_cent.quarantaine)
    keer = b.deurversie.count(GEZUIVERD) + 1
    versie = f"{b.deurversie.split('-')[0]}{f'-{GEZUIVERD}' * keer}"
    uit = replace(b, rijen=minder, bedrag_cent=geld, rijen_in_bestand=b.rijen_in_bestand - n, deurversie=versie)
    uit.controleer()
    return uit


def _staat_in_bytes(huis: Huis, bewijs: Ontvangstbewijs, bsn: str) -> bool:
    """Tell whether the bytes hold the number as text, also where no row could be read (a refused file)."""
    try:
        data = archiefpad(huis, bewijs.sha256).read_bytes()
    except OSError:
        return False
    vormen = {v.encode(soort) for v in (bsn, bsn.lstrip("0")) for soort in ("ascii", "utf-16-le")}
    return any(v in data for v in vormen)


def verwijder_leveringen(settings: Settings, welke: Callable[[Ontvangstbewijs], bool]) -> Verwijderd:
    """Take leveringen out of every room, receipts included; bytes that another levering has too stay."""
    huis = settings.huis
    with enige_schrijver(huis, wacht_seconden=600):
        alle = lees_bewijzen(huis)
        weg = [b for b in alle if welke(b)]
        blijft = {b.sha256 for b in alle if not welke(b)}
        huis.warehouse.unlink(missing_ok=True)
        bestanden = _verwijder_bytes(huis, {b.sha256 for b in weg} - blijft)
        for b in weg:
            geldigpad(huis, b).unlink(missing_ok=True)
            quarantainepad(huis, b).unlink(missing_ok=True)
            pad = bewijspad(huis, b.sleutel, b.levering_id)
            for aanbod in pad.parent.glob(f"{b.levering_id}*.json"):
                aanbod.unlink()
    return Verwijderd(len(weg), sum(b.rijen.ontvangen for b in weg), bestanden)


def verwijder_gemeente(settings: Settings, gemeente: str) -> Verwijderd:
    """Take everything of one gemeente out: leveringen, feedback, what lies in landing/."""
    uit = verwijder_leveringen(settings, lambda b: b.sleutel.gemeente == gemeente)
    for map_ in (settings.huis.feedback / gemeente, settings.huis.landing / gemeente):
        shutil.rmtree(map_, ignore_errors=True)
    return uit


def verwijder_voor(settings: Settings, maand: Maand) -> Verwijderd:
    """Take leveringen of months before `maand` out: retention."""
    return verwijder_leveringen(settings, lambda b: b.sleutel.maand < maand)


def _verwijder_bytes(huis: Huis, hashes: set[str]) -> int:
    """Delete contents from the archive, and files with them from landing/."""
    n = 0
    for sha in hashes:
        if archiefpad(huis, sha).exists():
            archiefpad(huis, sha).unlink()
            n += 1
    aanbod, _ = verken(huis)
    for a in aanbod:
        if lees_stabiel(a.pad, max_bytes=0).sha256 in hashes:
            a.pad.unlink()
            n += 1
    return n
