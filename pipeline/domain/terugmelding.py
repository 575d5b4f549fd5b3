"""What there is to say back about the rows of a levering: row numbers, own keys, rules, columns; never a value.

Lives here: the plain values that pass from the rooms that hold rows (intake, warehouse) to the reports for senders.
Keep out: reading rows, wording.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.domain.leveringen import Bericht
from pipeline.domain.maanden import Maand

GEMASKEERD = "<gemaskeerd>"
"""What stands in quarantine for a text that may say something about a person."""
_SLEUTEL = re.compile(r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9 ._/\-]{0,29}")
_DATUM = re.compile(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}")
_NEGEN = re.compile(r"(?<![0-9])[0-9]{9}(?![0-9])")


def toonbare_sleutel(tekst: str) -> str:
    """Return an own key that may be shown; empty where it could be a person number, a date of birth or a name.

    >>> toonbare_sleutel("REF-2025/1"), toonbare_sleutel("999900006"), toonbare_sleutel("Jan Jansen")
    ('REF-2025/1', '', '')
    """
    if not _SLEUTEL.fullmatch(tekst) or _DATUM.search(tekst):
        return ""
    return "" if any(_elfproef(nummer) for nummer in _NEGEN.findall(tekst)) else tekst


def _elfproef(nummer: str) -> bool:
    gewichten = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(int(c) * w for c, w in zip(nummer, gewichten, strict=True)) % 11 == 0


@dataclass(frozen=True)
class GeweigerdeRij:
    """A refused row: number in the file, own key (empty when it cannot be shown), the codes of the rules."""

    rij: int
    sleutel: str
    regels: tuple[str, ...]


@dataclass(frozen=True)
class Plaats:
    """One rule on one row, with the columns to look at (empty: those of the finding on the levering)."""

    rij: int
    sleutel: str
    regel_code: str
    kolommen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Terugblik:
    """What the rows of a levering have to say; the tuples are cut at a maximum, `n_geweigerd` counts all there is."""

    geweigerd: tuple[GeweigerdeRij, ...] = ()
    n_geweigerd: int = 0
    plaatsen: tuple[Plaats, ...] = ()


@dataclass(frozen=True)
class Signaaltelling:
    """How often a build-time rule fired on a geldende levering (`n_rijen` > 0), and whether that is explained."""

    gemeente: str
    bericht: Bericht
    maand: Maand
    bestandsnaam: str
    regel_code: str
    n_rijen: int
    is_verklaard: bool = False


@dataclass(frozen=True)
class Signaal:
    """A build-time finding on one row (`rij` None: the levering as a whole, or an allocation that is not in it)."""

    gemeente: str
    bericht: Bericht
    maand: Maand
    bestandsnaam: str
    regel_code: str
    rij: int | None
    sleutel: str
