"""The helper's own side: import dbt, parse, then build when asked. Started by `start_dbt_werker`, never by hand.

Lives here: the loop. Keep out: how dbt is called (bouwen.py), how the talking goes (werkproces.py).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from pipeline.domain.fouten import BouwFout
from pipeline.proces.werkproces import bedien
from pipeline.warehouse.bouwen import Plek, ontleed, voer_uit


def warm_op() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Import dbt and parse the project; return what answers a question."""
    plek = Plek.van_dict(json.loads(os.environ["REGIOMONITOR_DBT_PLEK"]))
    manifest = ontleed(plek)

    def antwoord(vraag: dict[str, Any]) -> dict[str, Any]:
        try:
            knopen = voer_uit(plek, manifest, vraag["vars"], vraag["selectie"])
        except BouwFout as fout:
            return {"fout": str(fout)}
        return {"knopen": [asdict(k) for k in knopen]}

    return antwoord


if __name__ == "__main__":
    bedien(warm_op)
