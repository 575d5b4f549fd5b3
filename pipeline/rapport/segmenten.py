"""The words for a segment: its name, and how one says that a youth has it.

Lives here: those words, in the order in which segments are shown. A segment that is not here (a region can name its
own) is called by its own name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.rapport.blokken import Plek

_WOORDEN = {
    "totaal": ("Alle jeugdzorg", "met jeugdzorg"),
    "verblijf": ("Verblijf", "in verblijf"),
    "wonen": ("Wonen", "in wonen"),
    "ambulant": ("Ambulant", "met ambulante hulp"),
    "crisis": ("Crisis", "met crisishulp"),
    "jb": ("Jeugdbescherming", "met jeugdbescherming"),
    "jr": ("Jeugdreclassering", "met jeugdreclassering"),
    "overig": ("Overig", "met overige hulp"),
    "onbekend": ("Onbekend", "met hulp van onbekende soort"),
    "overig_en_kleine": ("Overig en kleine segmenten", "met hulp in kleine segmenten"),
}
VOLGORDE = tuple(_WOORDEN)
VERWIJZERS = {
    "gemeente_en_gi": "Gemeente of gecertificeerde instelling",
    "huisarts": "Huisarts",
    "jeugdarts": "Jeugdarts",
    "medisch_specialist": "Medisch specialist",
    "rechter": "Rechter",
    "geen": "Geen verwijzer",
    "onbekend": "Onbekend",
}


def naam(segment: str) -> str:
    """Return the name of a segment, of several (`verblijf+wonen`), or of a split (`totaal:huisarts`)."""
    basis, _, splitsing = segment.partition(":")
    namen = [_WOORDEN.get(s, (s.capitalize(), ""))[0] for s in basis.split("+")]
    uit = " en ".join([namen[0], *[n.lower() for n in namen[1:]]])
    return f"{uit}: {VERWIJZERS.get(splitsing, splitsing).lower()}" if splitsing else uit


def waar(segment: str) -> str:
    """Return how a youth has it: `in verblijf`, `met ambulante hulp`."""
    return _WOORDEN.get(segment, ("", f"in {segment}"))[1]


def van(segment: str) -> str:
    """Return whose cost it is: `van verblijf`, `van ambulante hulp`."""
    return f"van {waar(segment).partition(' ')[2]}"


def verwijzer(code: str) -> str:
    """Return the name of a kind of referrer."""
    return VERWIJZERS.get(code, str(code).capitalize())


def plaats(segment: str) -> int:
    """Return the place of a segment in a list."""
    return VOLGORDE.index(segment) if segment in VOLGORDE else len(VOLGORDE)


def vul(zin: str, plek: Plek) -> str:
    """Fill in the words of a place."""
    return zin.format(
        waar=waar(plek.segment), van=van(plek.segment), naam=plek.gebied_naam, segment=naam(plek.segment).lower()
    )
