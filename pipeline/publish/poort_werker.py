"""The helper's own side: import great_expectations, then judge when asked.

Started by `start_poort_werker`, never by hand.
Lives here: the loop. Keep out: how a candidate is judged (poort.py), how the talking goes (werkproces.py).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.publicaties import PublicatieGegevens
from pipeline.publish.kandidaat import Kandidaat
from pipeline.publish.poort import beoordeel_hier, laad_bibliotheek
from pipeline.werkproces import bedien


def warm_op() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Import what is slow; return what answers a question."""
    laad_bibliotheek()

    def antwoord(vraag: dict[str, Any]) -> dict[str, Any]:
        kandidaat = Kandidaat(Path(vraag["kandidaat"]), PublicatieGegevens.van_dict(vraag["publicatie"]))
        vorige = Path(vraag["vorige"]) if vraag["vorige"] else None
        return beoordeel_hier(kandidaat, Catalogus.load(Path(vraag["seeds"])), vorige).als_dict()

    return antwoord


if __name__ == "__main__":
    bedien(warm_op)
