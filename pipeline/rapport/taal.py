"""Numbers, amounts, dates and lists as a Dutch reader expects them.

Lives here: values into words, for headlines, tables and charts alike, so that one figure reads the same everywhere.
Add here: a way to write a quantity. Keep out: what is said about a figure (koppen.py, zekerheid.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from pipeline.domain.maanden import MAANDNAMEN

MAANDEN = MAANDNAMEN
KORT = tuple("mrt" if m == "maart" else m[:3] for m in MAANDEN)
VAST = "\u00a0"
"""A space on which a line never breaks."""
LEEG = "–"
"""What stands where there is no value."""
_WOORDEN = ("nul", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf")
MILJOEN = 1_000_000

_onthoud = lru_cache(maxsize=1 << 15, typed=True)
"""The same figure stands on many pages."""

Vorm = Callable[[Any], str]
"""How a column writes its values; None gives LEEG."""


def _rond(x: Any, decimalen: int) -> Decimal:
    """Round half up, as a reader does on paper; floats by the digits that they show."""
    d = x if isinstance(x, Decimal) else Decimal(str(x))
    return d.quantize(Decimal(1).scaleb(-decimalen), rounding=ROUND_HALF_UP)


@_onthoud
def getal(x: Any, decimalen: int = 0, *, plus: bool = False) -> str:
    """Write a number: 16506 is `16.506`, -3 is `−3`; `plus` shows the sign of what is positive too."""
    if x is None:
        return LEEG
    d = _rond(x, decimalen)
    tekst = f"{abs(d):,.{decimalen}f}".translate(str.maketrans(",.", ".,"))
    return ("−" if d < 0 else "+" if plus and d > 0 else "") + tekst


@_onthoud
def euro(x: Any, *, plus: bool = False) -> str:
    """Write an amount in whole euros: `€ 47.912`."""
    if x is None:
        return LEEG
    d = _rond(x, 0)
    return f"{'−' if d < 0 else '+' if plus and d > 0 else ''}€{VAST}{getal(abs(d))}"


@_onthoud
def bedrag(x: Any, *, plus: bool = False) -> str:
    """Write an amount as one says it: from a million on in millions with one decimal, else in whole euros."""
    if x is None:
        return LEEG
    if abs(x) < 999_500:
        return euro(x, plus=plus)
    teken = "−" if x < 0 else "+" if plus else ""
    return f"{teken}€{VAST}{getal(abs(Decimal(str(x))) / MILJOEN, 1)}{VAST}mln"


@_onthoud
def procent(x: Any, decimalen: int = 0, *, plus: bool = False) -> str:
    """Write a share (0-1) as a percentage: 0.134 is `13%`, with one decimal `13,4%`."""
    return LEEG if x is None else getal(Decimal(str(x)) * 100, decimalen, plus=plus) + "%"


@_onthoud
def geleverd(x: Any) -> str:
    """Write a coverage: never rounded up to all of it while something is missing, nor down to nothing."""
    if x is None:
        return LEEG
    heel = _rond(Decimal(str(x)) * 100, 0)
    if heel == 100 and x < 1:
        return "bijna 100%"
    return "minder dan 1%" if heel == 0 and x > 0 else f"{heel}%"


def tel(n: int) -> str:
    """Write a count in a sentence: small ones in words."""
    return _WOORDEN[n] if 0 <= n < len(_WOORDEN) else getal(n)


def meervoud(n: int, een: str, meer: str) -> str:
    """Return `een gemeente`, `twee gemeenten`: the count in words and the noun that goes with it."""
    return f"één {een}" if n == 1 else f"{tel(n)} {meer}"


def maand(d: Any) -> str:
    """Write a month: `juli 2026`."""
    return LEEG if d is None else f"{MAANDEN[d.month - 1]} {d.year}"


def maand_kort(d: dt.date) -> str:
    """Write a month for a narrow place: `jul ’26`."""
    return f"{KORT[d.month - 1]} ’{d.year % 100:02d}"


def kwartaal(d: dt.date) -> str:
    """Write the quarter that begins on `d`: `derde kwartaal van 2026`."""
    return f"{('eerste', 'tweede', 'derde', 'vierde')[(d.month - 1) // 3]} kwartaal van {d.year}"


def dag(d: dt.date) -> str:
    """Write a day: `30 november 2026`."""
    return f"{d.day} {MAANDEN[d.month - 1]} {d.year}"


def jaar(d: Any) -> str:
    """Write the year of a date, or a year."""
    return LEEG if d is None else str(d.year if isinstance(d, dt.date) else d)


def tekst(x: Any) -> str:
    """Write what is a word already."""
    return LEEG if x is None or x == "" else str(x)


def rij(woorden: Iterable[str]) -> str:
    """Join words: `a, b en c`."""
    w = list(woorden)
    return LEEG if not w else w[0] if len(w) == 1 else f"{', '.join(w[:-1])} en {w[-1]}"


def zin(tekst_: str) -> str:
    """Begin a sentence with a capital; of `één` only the first letter, without its accent."""
    if tekst_.startswith("één"):
        return f"Eén{tekst_[3:]}"
    return tekst_[:1].upper() + tekst_[1:]
