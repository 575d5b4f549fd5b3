"""Which columns a header row names: canonical names and the documented synonyms (SPEC 3, DOMAIN 1.8).

Lives here: matching a header against the contracts. Keep out: finding the header row in a file (intake/).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.berichten.kolom import Contract, kaal

ALGEMEEN = frozenset(
    {"datum", "code", "type", "begindatum", "datumstart", "datumeinde", "datumstop", "omvang", "bedrag"}
)
"""Element names that say little by themselves: they count only when no other cell claims the same column."""


@dataclass(frozen=True)
class Kop:
    """What a header row says: position of every known column, positions that are unknown, columns named twice."""

    plaatsen: dict[str, int]
    onbekend: tuple[int, ...]
    dubbel: tuple[str, ...]
    namen: tuple[tuple[str, str], ...] = ()
    """Per cell the column, and the known name that it was taken for (`kaal`: never the text of the cell)."""

    def waar(self, kolom: str) -> str:
        """Every header that names a column, in words."""
        plekken = [f"{naam} (kolom {i})" for i, (k, naam) in enumerate(self.namen, start=1) if k == kolom]
        return f"{', '.join(plekken[:-1])} en {plekken[-1]}"

    def ontbrekend(self, contract: Contract) -> tuple[str, ...]:
        """Required columns that are not in the header, in contract order."""
        return tuple(k.naam for k in contract.kolommen if k.verplicht and k.naam not in self.plaatsen)


def lees_kop(cellen: Sequence[str], contract: Contract) -> Kop:
    """Match a header row with the columns of a contract."""
    namen = [contract.kopnaam(c) for c in cellen]
    zeker = [eigen and (n not in ALGEMEEN or n == kaal(contract.kopnamen[n])) for n, eigen in namen]
    kolommen = [contract.kopnamen.get(n, "") for n, _ in namen]
    sterk = {k for k, z in zip(kolommen, zeker, strict=True) if z}
    kolommen = ["" if k in sterk and not z else k for k, z in zip(kolommen, zeker, strict=True)]
    telling = Counter(k for k in kolommen if k)
    plaatsen: dict[str, int] = {}
    for plaats, kolom in enumerate(kolommen):
        if kolom:
            plaatsen.setdefault(kolom, plaats)
    onbekend = tuple(i for i, k in enumerate(kolommen) if not k and kaal(cellen[i]))
    gevonden = tuple((k, n) for k, (n, _) in zip(kolommen, namen, strict=True))
    return Kop(plaatsen, onbekend, tuple(k for k, n in telling.items() if n > 1), gevonden)


def herkenning(cellen: Sequence[str], contracten: Sequence[Contract]) -> int:
    """Return how many columns of the best fitting bericht a row names; how a header row is told from a title."""
    return max(len({c.kopnamen[n] for n, _ in map(c.kopnaam, cellen) if n}) for c in contracten)


def past_beter(cellen: Sequence[str], eigen: Contract, andere: Sequence[Contract]) -> Contract | None:
    """Return another bericht whose required columns are all there while those of the own bericht are not; else None."""
    if not lees_kop(cellen, eigen).ontbrekend(eigen):
        return None
    for ander in andere:
        if ander is not eigen and not lees_kop(cellen, ander).ontbrekend(ander):
            return ander
    return None
