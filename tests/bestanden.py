"""Which file a receipt is of: by its identity, for what a sender wrote behind the maand is not kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from pipeline.berichten import CONTRACTEN
from pipeline.domain.leveringen import Bericht, Ontvangstbewijs
from pipeline.domain.sleutels import afgeleid, inhoudsmerk
from pipeline.intake.landing import lees_stabiel, verken
from pipeline.intake.pseudoniemen import Pseudonimiseerder
from pipeline.intake.stukken import maak_stuk
from pipeline.settings import Huis
from tests.intake.hulp import NU, SLEUTEL

INHOUDSLEUTEL = afgeleid(SLEUTEL, "inhoud")


def merk_van(data: bytes) -> str:
    """Return the hash under which these bytes stand on a receipt and in the archive of a home of the tests."""
    return inhoudsmerk(INHOUDSLEUTEL, hashlib.sha256(data).hexdigest())


def kenmerken_als_merk(rijen: pl.DataFrame, bericht: Bericht) -> pl.DataFrame:
    """Return rows in which the numbers of a sender are what is kept of them."""
    merken = Pseudonimiseerder(SLEUTEL)
    kenmerken = [k for k in CONTRACTEN[bericht].kolommen if k.kenmerk and k.naam in rijen.columns]
    return rijen.with_columns(merken.merk(rijen[k.naam], k.kenmerk).alias(k.naam) for k in kenmerken)


def kenmerk_als_merk(nummer: str, soort: str) -> str:
    """Return what is kept of one number of a sender."""
    return str(Pseudonimiseerder(SLEUTEL).merk(pl.Series([nummer]), soort)[0])


def per_pad(landing: Path, bewijzen: Iterable[Ontvangstbewijs]) -> dict[str, Ontvangstbewijs]:
    """Return the receipts by the path of their file in landing/: the same bytes beside other totals are another."""
    per_id = {b.levering_id: b for b in bewijzen}
    uit: dict[str, Ontvangstbewijs] = {}
    for a in verken(Huis(landing.parent))[0]:
        stuk = maak_stuk(a, lees_stabiel(a.pad, max_bytes=0), NU, INHOUDSLEUTEL)
        if b := per_id.get(stuk.controle_id) or per_id.get(stuk.levering_id):
            uit[a.pad.relative_to(landing).as_posix()] = b
    return uit


def paden(landing: Path, bewijzen: Iterable[Ontvangstbewijs]) -> dict[str, str]:
    """Return by levering_id the path of a file that the receipt is of."""
    return {b.levering_id: pad for pad, b in per_pad(landing, bewijzen).items()}
