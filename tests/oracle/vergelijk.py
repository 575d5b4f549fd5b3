"""Two tables side by side: which keys only one of them has, and which values differ.

Lives here: the comparison and how it is told. Keep out: what the figures mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

Rij = Mapping[str, object]
MARGE = 1e-9
N_VOORBEELDEN = 12


@dataclass(frozen=True)
class Verschil:
    """One key on which both tables do not agree; an absent side is None."""

    tabel: str
    sleutel: tuple[object, ...]
    kolom: str
    mart: object
    orakel: object

    def __str__(self) -> str:
        return f"{self.tabel} {' | '.join(map(str, self.sleutel))}: {self.kolom} mart={self.mart} orakel={self.orakel}"


def lees_mart(pad: Path, sql: str) -> list[dict[str, object]]:
    """Rows of a query on a published file."""
    with duckdb.connect(str(pad), read_only=True) as con:
        uitslag = con.execute(sql)
        namen = [k[0] for k in uitslag.description or ()]
        return [dict(zip(namen, rij, strict=True)) for rij in uitslag.fetchall()]


def is_gelijk(a: object, b: object) -> bool:
    """Amounts and counts exactly, doubles within 1e-9 (relative above 1); NULL only to NULL."""
    if a is None or b is None:
        return a is b
    if isinstance(a, float) or isinstance(b, float):
        x, y = float(str(a)), float(str(b))
        return abs(x - y) <= MARGE * max(1.0, abs(x), abs(y))
    if isinstance(a, int | Decimal) and isinstance(b, int | Decimal):
        return Decimal(a) == Decimal(b)
    return a == b


def vergelijk(
    tabel: str, mart: Iterable[Rij], orakel: Iterable[Rij], sleutel: Sequence[str], kolommen: Sequence[str]
) -> list[Verschil]:
    """All differences, in order of key; a key that occurs twice in one table is a difference as well."""
    uit: list[Verschil] = []
    links, rechts = _op_sleutel(tabel, mart, sleutel, uit), _op_sleutel(tabel, orakel, sleutel, uit)
    for s in sorted({*links, *rechts}, key=lambda s: tuple(f"{x:06d}" if isinstance(x, int) else str(x) for x in s)):
        a, b = links.get(s), rechts.get(s)
        if a is None or b is None:
            getoond = [{k: r.get(k) for k in kolommen} if r else None for r in (a, b)]
            uit.append(Verschil(tabel, s, "rij", *getoond))
            continue
        uit += [Verschil(tabel, s, k, a[k], b[k]) for k in kolommen if not is_gelijk(a[k], b[k])]
    return uit


def _op_sleutel(
    tabel: str, rijen: Iterable[Rij], sleutel: Sequence[str], verschillen: list[Verschil]
) -> dict[tuple[object, ...], Rij]:
    uit: dict[tuple[object, ...], Rij] = {}
    for r in rijen:
        s = tuple(r[k] for k in sleutel)
        if s in uit:
            verschillen.append(Verschil(tabel, s, "dubbele sleutel", None, None))
        uit[s] = r
    return uit


def verslag(verschillen: Sequence[Verschil]) -> str:
    """Return the first differences and how many there are per table and column."""
    if not verschillen:
        return "gelijk"
    aantallen: dict[str, int] = {}
    for v in verschillen:
        naam = f"{v.tabel}.{v.kolom}" + (f" {v.sleutel[0]}" if v.tabel == "sturing.indicatoren" else "")
        aantallen[naam] = aantallen.get(naam, 0) + 1
    regels = [f"{n:6d}  {naam}" for naam, n in sorted(aantallen.items())]
    return "\n".join([f"{len(verschillen)} verschillen", *regels, *map(str, verschillen[:N_VOORBEELDEN])])
