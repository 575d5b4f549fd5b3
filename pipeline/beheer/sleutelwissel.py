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
from pipeline.berichten import CONTRACTEN
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.fouten import RunFout
from pipeline.domain.leveringen import Ontvangstbewijs
from pipeline.intake.bewijzen import geldigpad, lees_bewijzen, quarantainepad
from pipeline.proces.slot import enige_schrijver
from pipeline.settings import Huis, Settings, schrijf_merk

PERSOON = "persoon"
"""Kind of the pseudonyms, beside those of `Kolom.kenmerk`."""


class SleutelFout(RunFout):
    """The key cannot be changed without losing links; nothing was changed."""


@dataclass(frozen=True)
class Wissel:
    """What was done: leveringen judged anew, leveringen translated, persons (pseudonyms) carried over."""

    opnieuw: int
    vertaald: int
    personen: int


def wissel(
    settings: Settings, catalogus: Catalogus, *, nieuw: bytes, nu: dt.datetime, met_verlies: bool = False
) -> Wissel:
    """Change the key of a data home from that of `settings` to `nieuw`.

    Killed at any instant: the home is still of the old key, or already of the new one, and rows that are not there
    are made again from the archive by the next run. Raises SleutelFout when a levering without its bytes holds a
    person, or (unless `met_verlies`) a number of a sender, of which no pair is known.
    """
    settings.controleer_huis()
    huis = settings.huis
    with enige_schrijver(huis, wacht_seconden=600):
        shutil.rmtree(huis.work / "sleutelwissel", ignore_errors=True)
        intake.werk_bij(settings)
        zij = maandloop.zijhuis(huis, "sleutelwissel")
        inhoudsleutel = settings.inhoudsleutel  # contents keep their names: figures say which leveringen they are of
        schrijf_merk(replace(settings, huis=zij, sleutel=nieuw), inhoudsleutel=inhoudsleutel)
        gedaan = intake.beoordeel_opnieuw(replace(settings, huis=zij, sleutel=nieuw), catalogus, nu=nu, alles=True)
        over = [b for b in lees_bewijzen(huis) if b.levering_id not in {g.levering_id for g in gedaan}]
        paren = _paren(huis, zij, gedaan)
        _eis_vertaalbaar(huis, zij, over, paren, met_verlies=met_verlies)
        for oud, doel in _paden(huis, zij, over):
            _vertaal(oud, doel, paren)
        _neem_over(settings, zij, nieuw, inhoudsleutel)
        shutil.rmtree(zij.pad, ignore_errors=True)
    return Wissel(len(gedaan), len(over), paren.personen)


@dataclass(frozen=True)
class Paren:
    """What was called what under the old key and is called what under the new one, per kind of number."""

    per_soort: dict[str, dict[str, str]]

    @property
    def personen(self) -> int:
        """How many persons were carried over."""
        return len(self.per_soort[PERSOON])


def _soorten() -> dict[str, str]:
    """Every column that holds a keyed hash, with its kind: the same number is the same in all columns of a kind."""
    kenmerken = {k.naam: k.kenmerk for c in CONTRACTEN.values() for k in c.kolommen if k.kenmerk}
    return {"pseudoniem": PERSOON} | kenmerken


def _paren(huis: Huis, zij: Huis, bewijzen: tuple[Ontvangstbewijs, ...]) -> Paren:
    """Return old -> new of every row that both judgements kept."""
    import polars as pl

    soorten = _soorten()
    paren: dict[str, dict[str, str]] = {soort: {} for soort in soorten.values()}
    for oud, nieuw in _paden(huis, zij, bewijzen):
        if not nieuw.exists():
            continue
        kolommen = [k for k in pl.read_parquet_schema(oud) if k in soorten]
        samen = pl.read_parquet(oud, columns=["rij", *kolommen]).join(
            pl.read_parquet(nieuw, columns=["rij", *kolommen]), on="rij", suffix="_nieuw"
        )
        for k in kolommen:
            paren[soorten[k]] |= dict(samen.select(k, f"{k}_nieuw").drop_nulls().unique().rows())
    return Paren(paren)


def _paden(huis: Huis, zij: Huis, bewijzen: Sequence[Ontvangstbewijs]) -> Iterator[tuple[Path, Path]]:
    """Every file with rows that exists, and where it goes."""
    for b in bewijzen:
        for pad in (geldigpad, quarantainepad):
            if pad(huis, b).exists():
                yield pad(huis, b), pad(zij, b)


def _eis_vertaalbaar(
    huis: Huis, zij: Huis, over: Sequence[Ontvangstbewijs], paren: Paren, *, met_verlies: bool
) -> None:
    """Raise SleutelFout when a person or a number is in no levering of which the bytes are there."""
    import polars as pl

    onbekend: dict[str, set[str]] = {soort: set() for soort in paren.per_soort}
    for oud, _ in _paden(huis, zij, over):
        rijen = pl.read_parquet(oud)
        for k, soort in _soorten().items():
            if k in rijen.columns:
                onbekend[soort] |= set(rijen[k].drop_nulls().unique()) - paren.per_soort[soort].keys()
    if personen := len(onbekend.pop(PERSOON)):
        raise SleutelFout(
            f"Van {personen} personen in leveringen zonder bytes in het archief is het nieuwe pseudoniem niet te "
            "bepalen; hun geschiedenis zou losraken. Er is niets veranderd. Zet de bytes terug uit de back-up."
        )
    nummers = sum(map(len, onbekend.values()))
    if nummers and not met_verlies:
        raise SleutelFout(
            f"Van {nummers} nummers (toewijzingen, declaratieregels) in leveringen zonder bytes in het archief is het "
            "nieuwe kenmerk niet te bepalen; wat er later over wordt geleverd zou dubbel tellen. Er is niets veranderd."
            " Zet de bytes terug uit de back-up, laat de gemeente die maanden opnieuw leveren, of geef --met-verlies."
        )


def _vertaal(oud: Path, doel: Path, paren: Paren) -> None:
    """Translate the rows of a levering whose bytes are gone by what the others tell."""
    import polars as pl

    rijen = pl.read_parquet(oud)
    vertaald = [
        rijen[k].replace(paren.per_soort[soort]).alias(k) for k, soort in _soorten().items() if k in rijen.columns
    ]
    doel.parent.mkdir(parents=True, exist_ok=True)
    rijen.with_columns(vertaald).write_parquet(doel, compression="zstd")


def _neem_over(settings: Settings, zij: Huis, nieuw: bytes, inhoudsleutel: bytes) -> None:
    """First nothing of the old key is left, then the home is of the new key, then its rows come: in that order."""
    huis = settings.huis
    huis.warehouse.unlink(missing_ok=True)
    oud = huis.work / "sleutelwissel-oud"
    shutil.rmtree(oud, ignore_errors=True)
    oud.mkdir(parents=True)
    for kamer in (huis.validated, huis.quarantine):
        if kamer.exists():
            kamer.rename(oud / kamer.name)
    schrijf_merk(replace(settings, sleutel=nieuw), inhoudsleutel=inhoudsleutel)
    for kamer, vers in ((huis.validated, zij.validated), (huis.quarantine, zij.quarantine)):
        if vers.exists():
            vers.rename(kamer)
    shutil.copytree(zij.receipts, huis.receipts, dirs_exist_ok=True)
    huis.maak()
    shutil.rmtree(oud)
