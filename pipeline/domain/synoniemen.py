"""Other names and words that senders use: for a column (header) and for a code (value), as the seeds list them.

Lives here: `seeds/ref_kolomsynoniemen.csv` and `seeds/ref_waardesynoniemen.csv`, typed. Both may be absent: a folder of
seeds from before they existed has none. Add here: a kind of synonym. Keep out: how a text is compared (berichten/).
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.domain.catalogus import Catalogus, SeedFout
from pipeline.domain.leveringen import Bericht

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
    return [
        Kolomsynoniem(_bericht(r["bericht"]), _gevuld(r, "synoniem"), _gevuld(r, "kolom"), r["bron"])
        for r in _rijen(catalogus, "kolomsynoniemen")
    ]


def waardesynoniemen(catalogus: Catalogus) -> list[Waardesynoniem]:
    """All value synonyms, in file order; SeedFout for an empty column or word."""
    return [
        Waardesynoniem(_gevuld(r, "kolom"), _gevuld(r, "invoer"), r["code"], r["bron"])
        for r in _rijen(catalogus, "waardesynoniemen")
    ]


def _rijen(catalogus: Catalogus, naam: str) -> list[dict[str, str]]:
    return catalogus.rijen(naam) if (catalogus.map / f"ref_{naam}.csv").exists() else []


def _bericht(tekst: str) -> Bericht | None:
    try:
        return None if tekst == "alle" else Bericht(tekst)
    except ValueError:
        raise SeedFout(f"ref_kolomsynoniemen.csv: bericht is {tekst!r}") from None


def _gevuld(rij: dict[str, str], kolom: str) -> str:
    if not rij[kolom].strip():
        raise SeedFout(f"seed met synoniemen: {kolom} is leeg")
    return rij[kolom]
