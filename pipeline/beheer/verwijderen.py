"""Deletion: of one youth, of one gemeente, of what is older than it may be kept.

Lives here: taking data out of every room of a data home. First everything is found, then the first byte goes; killed
anywhere, doing it again finishes it. The next run publishes figures without it. Publications of before hold aggregates
only and stay; back-ups are another place (docs/beheer.md). Keep out: deciding that it must go; finding a number in
bytes (doorzoeken.py).
"""

from __future__ import annotations

import hmac
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.beheer.doorzoeken import NietDoorzocht, Zoeker
from pipeline.berichten import CONTRACTEN
from pipeline.domain.fouten import RunFout
from pipeline.domain.leveringen import Ontvangstbewijs, Sleutel, Telling
from pipeline.domain.maanden import Maand
from pipeline.domain.sleutels import inhoudsmerk
from pipeline.domain.tonen import toonbaar
from pipeline.intake.archief import archiefpad
from pipeline.intake.bewijzen import (
    GEZUIVERD,
    bewijspad,
    geldigpad,
    lees_bewijzen,
    quarantainepad,
    schrijf_bewijs,
)
from pipeline.intake.bijwerken import werk_bij
from pipeline.intake.landing import CONTROLE, NietStabiel, lees_naam, lees_stabiel, verwijder
from pipeline.intake.pseudoniemen import HEXTEKENS
from pipeline.proces.slot import enige_schrijver
from pipeline.settings import Huis, Settings

if TYPE_CHECKING:
    import polars as pl


class VerwijderFout(RunFout):
    """What was asked cannot be deleted as asked; nothing was changed."""


@dataclass(frozen=True)
class Verwijderd:
    """What was taken out: leveringen touched, rows, files of bytes (archive and landing).

    `niet_doorzocht`: files that stay and of which nobody can tell what is in them, with the reason; while there are
    any, the deletion is not complete.
    """

    leveringen: int
    rijen: int
    bestanden: int
    niet_doorzocht: tuple[str, ...] = ()


def vergeet_jeugdige(settings: Settings, bsn: str, *, ook_zonder_rijen: bool = False) -> Verwijderd:
    """Take every row of one person out of the home, and every file of bytes that holds the number.

    The other rows of those leveringen stay; they can no longer be judged anew, and their receipts say `gezuiverd`. A
    sender who delivers the person again brings the person back. Raises VerwijderFout, with nothing changed, when `bsn`
    is not nine digits, and when the number is in an accepted levering while no row is of this person (unless
    `ook_zonder_rijen`): then something is wrong that deletion would hide. InstellingFout with another key.
    """
    if not (bsn.isascii() and bsn.isdigit() and len(bsn) == 9):
        raise VerwijderFout("Een BSN heeft negen cijfers.")
    settings.controleer_huis()
    pseudoniem = hmac.digest(settings.eis_sleutel(), bsn.encode(), "sha256").hex()[:HEXTEKENS]
    huis, zoeker = settings.huis, Zoeker(bsn)
    with enige_schrijver(huis, wacht_seconden=600):
        werk_bij(settings)
        bewijzen = lees_bewijzen(huis)
        rijen = {b.levering_id: n for b in bewijzen if (n := _aantal_rijen(huis, b, pseudoniem))}
        gevonden, dicht = _doorzoek(huis, zoeker)
        van_bytes = [b for b in bewijzen if archiefpad(huis, b.sha256) in gevonden]
        if not rijen and not ook_zonder_rijen and any(b.is_geaccepteerd for b in van_bytes):
            raise VerwijderFout(
                "Het nummer staat in bestanden die zijn goedgekeurd, en geen enkele rij is van deze persoon. Er is "
                "niets verwijderd. Kijk of dit het goede nummer is; staat het er alleen als kenmerk in, geef dan "
                "--ook-zonder-rijen."
            )
        geraakt = {b.levering_id for b in van_bytes} | rijen.keys()
        weg = gevonden | {
            p for b in bewijzen if b.levering_id in geraakt and (p := archiefpad(huis, b.sha256)).exists()
        }
        _begin_te_vernietigen(huis)
        # first the bytes: while they are there, the next run would make the rows again
        bestanden, blijft_liggen = _verwijder_bestanden(huis, weg)
        for bewijs in bewijzen:
            _zuiver(huis, bewijs, pseudoniem)
    return Verwijderd(len(geraakt), sum(rijen.values()), bestanden, (*dicht, *blijft_liggen))


def _doorzoek(huis: Huis, zoeker: Zoeker) -> tuple[set[Path], list[str]]:
    """Return every file in archive/ and landing/ that holds the number, and what could not be looked through."""
    gevonden: set[Path] = set()
    dicht: list[str] = []
    for kamer in (huis.archive, huis.landing):
        for pad, is_map in _alles(kamer, dicht):
            naam = pad.relative_to(huis.pad)
            try:
                in_naam = kamer == huis.landing and zoeker.in_naam(pad.name)
                if is_map and in_naam:
                    dicht.append(f"{toonbaar(naam.as_posix())}/: de map heet zo; hernoem haar")
                elif not is_map and (in_naam or zoeker.in_bestand(pad, basis=huis.pad)):
                    gevonden.add(pad)
            except NietDoorzocht as fout:
                dicht.append(f"{toonbaar(naam.as_posix())}: {fout.reden}")
    return gevonden, dicht


def _alles(kamer: Path, dicht: list[str]) -> Iterator[tuple[Path, bool]]:
    """Yield everything below a room, and whether it is a folder; a folder that cannot be opened goes into `dicht`."""

    def meld(fout: OSError) -> None:
        if Path(fout.filename) != kamer:
            dicht.append(f"{toonbaar(Path(fout.filename).name)}/: de map kan niet worden gelezen")

    for map_, mappen, namen in os.walk(kamer, followlinks=False, onerror=meld):
        yield from ((Path(map_) / m, True) for m in sorted(mappen) if not (Path(map_) / m).is_symlink())
        yield from ((Path(map_) / n, False) for n in sorted(namen))


def _begin_te_vernietigen(huis: Huis) -> None:
    """What is made again from the rooms goes whole: the warehouse holds the same rows, scratch space copies of them."""
    for pad in (huis.warehouse, huis.warehouse.with_name(huis.warehouse.name + ".wal")):
        pad.unlink(missing_ok=True)
    if huis.work.exists():
        for map_ in huis.work.iterdir():
            if map_.is_dir() and not map_.is_symlink():
                shutil.rmtree(map_)
            else:
                map_.unlink()


def _verwijder_bestanden(huis: Huis, paden: set[Path]) -> tuple[int, list[str]]:
    """Remove files, those of a control file beside one too; return how many, and which of them stay."""
    n, blijft = 0, []
    for pad in sorted(paden):
        try:
            verwijder(pad, huis.pad)
            n += 1
        except FileNotFoundError:
            pass
        except OSError:
            blijft.append(f"{toonbaar(pad.relative_to(huis.pad).as_posix())}: kan niet worden verwijderd")
    return n, blijft


def _aantal_rijen(huis: Huis, bewijs: Ontvangstbewijs, pseudoniem: str) -> int:
    import polars as pl

    if not CONTRACTEN[bewijs.sleutel.bericht].over_personen:
        return 0
    paden = [p for p in (geldigpad(huis, bewijs), quarantainepad(huis, bewijs)) if p.exists()]
    return sum(int((pl.read_parquet(p, columns=["pseudoniem"])["pseudoniem"] == pseudoniem).sum()) for p in paden)


def _zuiver(huis: Huis, bewijs: Ontvangstbewijs, pseudoniem: str) -> None:
    """Take the rows of a person out of one levering: first the receipt says how many will be left, then they go.

    So a levering is seen to hold the person until it does not, also when this was killed between the two.
    """
    import polars as pl

    _wis_quarantaine(huis, bewijs, pseudoniem)
    pad = geldigpad(huis, bewijs)
    if not pad.exists():
        return
    alles = pl.read_parquet(pad)
    blijft = alles.filter(pl.col("pseudoniem").ne_missing(pl.lit(pseudoniem)))
    if blijft.height == alles.height:
        return
    n = bewijs.rijen.geaccepteerd - blijft.height
    if n:
        geld = CONTRACTEN[bewijs.sleutel.bericht].geld_bewaard
        cent = int(blijft[geld].sum() or 0) if geld else 0
        schrijf_bewijs(huis, _zonder(bewijs, n, bewijs.bedrag_cent.geaccepteerd - cent))
    _schrijf_parquet(huis, pad, blijft)


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


def verwijder_leveringen(
    settings: Settings, welke: Callable[[Ontvangstbewijs], bool], van_naam: Callable[[Sleutel], bool]
) -> Verwijderd:
    """Take leveringen out of every room, receipts included; bytes that another levering has too stay.

    `van_naam`: which files in landing/ go by what their name says, taken in or not.
    """
    settings.controleer_huis()
    huis = settings.huis
    with enige_schrijver(huis, wacht_seconden=600):
        werk_bij(settings)
        alle = lees_bewijzen(huis)
        weg = [b for b in alle if welke(b)]
        hashes = {b.sha256 for b in weg} - {b.sha256 for b in alle if not welke(b)}
        in_landing, dicht = _in_landing(settings, hashes, van_naam)
        paden = {p for sha in hashes if (p := archiefpad(huis, sha)).exists()} | in_landing
        _begin_te_vernietigen(huis)
        bestanden, blijft = _verwijder_bestanden(huis, paden)
        for b in weg:
            geldigpad(huis, b).unlink(missing_ok=True)
            quarantainepad(huis, b).unlink(missing_ok=True)
            pad = bewijspad(huis, b.sleutel, b.levering_id)
            for aanbod in sorted(pad.parent.glob(f"{b.levering_id}*.json"), reverse=True):
                aanbod.unlink()
    return Verwijderd(len(weg), sum(b.rijen.ontvangen for b in weg), bestanden, (*dicht, *blijft))


def _in_landing(
    settings: Settings, hashes: set[str], van_naam: Callable[[Sleutel], bool]
) -> tuple[set[Path], list[str]]:
    """Return the files in landing/ that go: by their name, or because their content is one of `hashes`."""
    huis, inhoudsleutel = settings.huis, settings.inhoudsleutel
    gevonden: set[Path] = set()
    dicht: list[str] = []
    for pad, is_map in _alles(huis.landing, dicht):
        gelezen = lees_naam(pad.name) or lees_naam(pad.name.removesuffix(CONTROLE))
        if is_map:
            continue
        if gelezen and van_naam(gelezen[0]):
            gevonden.add(pad)
            continue
        try:
            if inhoudsmerk(inhoudsleutel, lees_stabiel(pad, max_bytes=0, basis=huis.landing).sha256) in hashes:
                gevonden.add(pad)
        except NietStabiel as fout:
            if pad.is_file() and not pad.is_symlink():
                dicht.append(f"{toonbaar(pad.relative_to(huis.pad).as_posix())}: {fout.reden}")
    return gevonden, dicht


def verwijder_gemeente(settings: Settings, gemeente: str) -> Verwijderd:
    """Take everything of one gemeente out: leveringen, feedback, what lies in landing/."""
    uit = verwijder_leveringen(settings, lambda b: b.sleutel.gemeente == gemeente, lambda s: s.gemeente == gemeente)
    blijft = []
    for map_ in (settings.huis.feedback / gemeente, settings.huis.landing / gemeente):
        if map_.is_symlink():
            map_.unlink()
        elif map_.exists():
            shutil.rmtree(map_, ignore_errors=True)
            if map_.exists():
                blijft.append(f"{map_.relative_to(settings.huis.pad)}/: kan niet worden verwijderd")
    # what could not be looked through in its own folder went with the folder
    dicht = [d for d in uit.niet_doorzocht if not d.startswith(f"landing/{gemeente}/")]
    return replace(uit, niet_doorzocht=(*dicht, *blijft))


def verwijder_voor(settings: Settings, maand: Maand) -> Verwijderd:
    """Take leveringen of months before `maand` out: retention."""
    return verwijder_leveringen(settings, lambda b: b.sleutel.maand < maand, lambda s: s.maand < maand)
