"""The helper of a publication: imports great_expectations, then writes editions of gemeenten and judges when asked.

Started by `start_werker` (poort.py), never by hand. Its memory is empty by its environment (schrijven.LEEG_GEHEUGEN).
Lives here: the loop. Keep out: how editions are written (gemeente.py) and judged (poort.py), how the
talking goes (werkproces.py).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.publicaties import PublicatieGegevens
from pipeline.proces.werkproces import bedien
from pipeline.publish.gemeente import schrijf_gemeenten
from pipeline.publish.kandidaat import Kandidaat
from pipeline.publish.poort import beoordeel_hier, laad_bibliotheek
from pipeline.publish.woordenboek import Tabel

_GEDULD = 19
"""The lowest priority there is: while this imports, the build goes on."""


def warm_op() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Import what is slow, in what others leave of the processor; return what answers a question."""
    with ThreadPoolExecutor(1) as geduldig:  # a priority is of a thread, and cannot be raised again
        geduldig.submit(_laad_geduldig).result()
    return lambda vraag: _schrijf(vraag) if "gemeenten" in vraag else _oordeel(vraag)


def _laad_geduldig() -> None:
    os.setpriority(os.PRIO_PROCESS, 0, _GEDULD)
    laad_bibliotheek()


def _schrijf(vraag: dict[str, Any]) -> dict[str, Any]:
    openbaar, intern = ([Tabel.van_dict(t) for t in vraag[lijst]] for lijst in ("openbaar", "intern"))
    schrijf_gemeenten(Path(vraag["pad"]), openbaar, intern, vraag["gemeenten"], vraag["publicatie_id"])
    return {"geschreven": len(vraag["gemeenten"])}


def _oordeel(vraag: dict[str, Any]) -> dict[str, Any]:
    kandidaat = Kandidaat(Path(vraag["kandidaat"]), PublicatieGegevens.van_dict(vraag["publicatie"]))
    vorige = Path(vraag["vorige"]) if vraag["vorige"] else None
    return beoordeel_hier(kandidaat, Catalogus.load(Path(vraag["seeds"])), vorige).als_dict()


if __name__ == "__main__":
    bedien(warm_op)
