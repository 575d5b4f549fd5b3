"""Other names and words that senders use: for a column (header) and for a code (value), as the seeds list them.

Lives here: `seeds/ref_kolomsynoniemen.csv` and `seeds/ref_waardesynoniemen.csv`, typed. Both may be absent: a folder of
seeds from before they existed has none. Add here: a kind of synonym. Keep out: how a text is compared (berichten/).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from pipeline.domain import seedbestand as cel
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht

T = TypeVar("T")

SEEDS = ("ref_kolomsynoniemen.csv", "ref_waardesynoniemen.csv")


@dataclass(frozen=True)
class Kolomsynoniem:
    """Another header name for a column; `bericht` None is any extract that has the column."""

    bericht: Bericht | None
    synoniem: str
    kolom: str
    bron: str


@dataclass(frozen=True)
class Waardesynoniem:
    """Another word for a code of a column; an empty `code` is a word for nothing."""

    kolom: str
    invoer: str
    code: str
    bron: str


def kolomsynoniemen(catalogus: Catalogus) -> list[Kolomsynoniem]:
    """All header synonyms, in file order; SeedFout for a bericht that does not exist or an empty name."""
    return _alle(catalogus, "kolomsynoniemen", kolomsynoniem)


def waardesynoniemen(catalogus: Catalogus) -> list[Waardesynoniem]:
    """All value synonyms, in file order; SeedFout for an empty column or word."""
    return _alle(catalogus, "waardesynoniemen", waardesynoniem)


def kolomsynoniem(r: cel.Rij) -> Kolomsynoniem:
    """Read one row of ref_kolomsynoniemen.csv."""
    bericht = cel.een_van(r, "bericht", ("alle", *Bericht))
    wie = None if bericht == "alle" else Bericht(bericht)
    return Kolomsynoniem(wie, cel.gevuld(r, "synoniem"), cel.gevuld(r, "kolom"), r["bron"])


def waardesynoniem(r: cel.Rij) -> Waardesynoniem:
    """Read one row of ref_waardesynoniemen.csv."""
    return Waardesynoniem(cel.gevuld(r, "kolom"), cel.gevuld(r, "invoer"), r["code"], r["bron"])


def _alle(catalogus: Catalogus, naam: str, maak: Callable[[cel.Rij], T]) -> list[T]:
    pad = catalogus.pad(naam)
    return cel.alle(pad, maak) if pad.exists() else []
