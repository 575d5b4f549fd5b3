"""Another pseudonym key: every person gets another pseudonym, and stays one person.

Lives here: the change as a whole. All leveringen are judged anew from the archive with the new key, aside; leveringen
whose bytes are gone are translated by the pairs (old, new) that the others gave. The old key is needed for nothing
afterwards. Figures do not change: no figure depends on which pseudonym it is. Keep out: making pseudonyms (intake).
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import intake
from pipeline import maand as maandloop
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.fouten import RunFout
from pipeline.domain.leveringen import Ontvangstbewijs
from pipeline.intake.bewijzen import geldigpad, lees_bewijzen, quarantainepad
from pipeline.proces.slot import enige_schrijver
from pipeline.settings import Huis, Settings, schrijf_merk


class SleutelFout(RunFout):
    """The key cannot be changed without losing links; nothing was changed."""


@dataclass(frozen=True)
class Wissel:
    """What was done: leveringen judged anew, leveringen translated, persons (pseudonyms) carried over."""

    opnieuw: int
    vertaald: int
    personen: int


def wissel(settings: Settings, catalogus: Catalogus, *, nieuw: bytes, nu: dt.datetime) -> Wissel:
    """Change the key of a data home from that of `settings` to `nieuw`.

    Killed at any instant: the home is still of the old key, or already of the new one, and rows that are not there
    are made again from the archive by the next run. Raises SleutelFout when a levering without its bytes holds a
    person of whom no pair is known.
    """
    settings.controleer_huis()
    huis = settings.huis
    with enige_schrijver(huis, wacht_seconden=600):
        shutil.rmtree(huis.work / "sleutelwissel", ignore_errors=True)
        zij = maandloop.zijhuis(huis, "sleutelwissel")
        gedaan = intake.beoordeel_opnieuw(replace(settings, huis=zij, sleutel=nieuw), catalogus, nu=nu, alles=True)
        over = [b for b in lees_bewijzen(huis) if b.levering_id not in {g.levering_id for g in gedaan}]
        paren = _paren(huis, zij, gedaan)
        for oud, doel in _paden(huis, zij, over):
            _vertaal(oud, doel, paren)
        _neem_over(settings, zij, nieuw)
        shutil.rmtree(zij.pad, ignore_errors=True)
    return Wissel(len(gedaan), len(over), len(paren))


def _paren(huis: Huis, zij: Huis, bewijzen: tuple[Ontvangstbewijs, ...]) -> dict[str, str]:
    """Return old -> new pseudonym, of every row that both judgements kept."""
    import polars as pl

    paren: dict[str, str] = {}
    for oud, nieuw in _paden(huis, zij, bewijzen):
        if not nieuw.exists():
            continue
        kolommen = ["rij", "pseudoniem"]
        samen = (
            pl.read_parquet(oud, columns=kolommen)
            .join(pl.read_parquet(nieuw, columns=kolommen), on="rij", suffix="_nieuw")
            .drop_nulls()
        )
        paren |= dict(samen.select("pseudoniem", "pseudoniem_nieuw").unique().rows())
    return paren


def _paden(huis: Huis, zij: Huis, bewijzen: Sequence[Ontvangstbewijs]) -> Iterator[tuple[Path, Path]]:
    """Every file with rows that exists, and where it goes."""
    for b in bewijzen:
        for pad in (geldigpad, quarantainepad):
            if pad(huis, b).exists():
                yield pad(huis, b), pad(zij, b)


def _vertaal(oud: Path, doel: Path, paren: dict[str, str]) -> None:
    import polars as pl

    rijen = pl.read_parquet(oud)
    onbekend = set(rijen["pseudoniem"].drop_nulls().unique()) - paren.keys()
    if onbekend:
        raise SleutelFout(
            f"Van {len(onbekend)} personen in leveringen zonder bytes in het archief is het nieuwe pseudoniem niet te "
            "bepalen; hun geschiedenis zou losraken. Er is niets veranderd. Zet de bytes terug uit de back-up."
        )
    doel.parent.mkdir(parents=True, exist_ok=True)
    rijen.with_columns(pl.col("pseudoniem").replace(paren)).write_parquet(doel, compression="zstd")


def _neem_over(settings: Settings, zij: Huis, nieuw: bytes) -> None:
    """First nothing of the old key is left, then the home is of the new key, then its rows come: in that order."""
    huis = settings.huis
    huis.warehouse.unlink(missing_ok=True)
    oud = huis.work / "sleutelwissel-oud"
    shutil.rmtree(oud, ignore_errors=True)
    oud.mkdir(parents=True)
    for kamer in (huis.validated, huis.quarantine):
        if kamer.exists():
            kamer.rename(oud / kamer.name)
    schrijf_merk(replace(settings, sleutel=nieuw))
    for kamer, vers in ((huis.validated, zij.validated), (huis.quarantine, zij.quarantine)):
        if vers.exists():
            vers.rename(kamer)
    shutil.copytree(zij.receipts, huis.receipts, dirs_exist_ok=True)
    huis.maak()
    shutil.rmtree(oud)
