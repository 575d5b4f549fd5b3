"""A second process that makes editions: on two cores the pages of many are there in little more than half the time.

Lives here: both sides of it; what goes over the line is paths and names, never a figure. Keep out: making an edition
(maken.py). Whatever goes wrong in it, the edition goes back and the first process makes it.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.proces.werkproces import Werkproces, WerkprocesFout, bedien
from pipeline.rapport.bron import Editie
from pipeline.rapport.maken import Werk, schrijf_edities
from pipeline.rapport.tekenaar import Tekenaar


@dataclass(frozen=True)
class Deel:
    """What was made elsewhere: an edition, its number of pages, the drawings it used and how many were made anew."""

    editie: str
    paginas: int
    tekeningen: tuple[str, ...]
    getekend: int


def laat_maken(werk: Werk, rij: deque[Editie]) -> list[Deel]:
    """Have editions made from the end of `rij` until there are none; on trouble the last one goes back."""
    uit: list[Deel] = []
    with Werkproces("pipeline.rapport.helft") as hulp:
        while rij:
            try:
                editie = rij.pop()
            except IndexError:  # the first process took it
                break
            try:
                antwoord = hulp.vraag(_als_vraag(werk, editie))
            except WerkprocesFout:
                rij.append(editie)
                break
            uit.append(Deel(editie.naam, antwoord["paginas"], tuple(antwoord["tekeningen"]), antwoord["getekend"]))
    return uit


def _als_vraag(werk: Werk, editie: Editie) -> dict[str, Any]:
    return {
        "publicatie": str(werk.publicatie),
        "klad": str(werk.klad),
        "tekeningen": str(werk.tekeningen),
        "vergelijking": str(werk.vergelijking) if werk.vergelijking else None,
        "publicaties": {n: str(p) for n, p in werk.publicaties.items()},
        "dagen": {n: d.isoformat() for n, d in werk.dagen.items()},
        "editie": [editie.naam, editie.gemeente],
    }


def _werk(vraag: dict[str, Any]) -> Werk:
    vergelijking = vraag["vergelijking"]
    return Werk(
        Path(vraag["publicatie"]),
        Path(vraag["klad"]),
        Path(vraag["tekeningen"]),
        Path(vergelijking) if vergelijking else None,
        {n: Path(p) for n, p in vraag["publicaties"].items()},
        {n: dt.date.fromisoformat(d) for n, d in vraag["dagen"].items()},
    )


def _warm_op() -> Callable[[dict[str, Any]], dict[str, Any]]:
    tekenaars: list[Tekenaar] = []  # one for all editions: its helper is slow to start

    def maak(vraag: dict[str, Any]) -> dict[str, Any]:
        werk, editie = _werk(vraag), Editie(*vraag["editie"])
        if not tekenaars:
            tekenaars.append(Tekenaar(werk.tekeningen, vergeet=False))
        tekenaar = tekenaars[0]
        al = tekenaar.getekend
        paginas = schrijf_edities(werk, [editie], tekenaar)[editie.naam]
        gebruikt = sorted(tekenaar.gebruikt)
        return {"paginas": len(paginas), "tekeningen": gebruikt, "getekend": tekenaar.getekend - al}

    return maak


if __name__ == "__main__":
    bedien(_warm_op)
