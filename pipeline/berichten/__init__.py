"""What a row of each bericht is: columns, header names, types, rules, examples, and the schemas of accepted rows.

Lives here: what holds for every bericht, and a room per bericht, named as the member of `Bericht`: `kolommen.py` (its
`CONTRACT`), `regels.py` (its rules), `voorbeelden.py` (an example of each). Nowhere else is a bericht named.
Add here: a bericht (a room), or a column (its room; `gedeeld.py` when two have it). Keep out: reading (intake/).
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from pipeline.berichten.kolom import Contract, Kolom, Vorm
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht
from pipeline.domain.synoniemen import kolomsynoniemen

DELEN = ("kolommen", "regels", "voorbeelden")
"""The modules of a room."""


def kamer(bericht: Bericht, deel: str) -> Any:
    """Return a module of the room of a bericht; loaded when asked for, as rules bring polars along."""
    return import_module(f"pipeline.berichten.{bericht.value}.{deel}")


CONTRACTEN: dict[Bericht, Contract] = {bericht: kamer(bericht, "kolommen").CONTRACT for bericht in Bericht}


def contracten(catalogus: Catalogus) -> dict[Bericht, Contract]:
    """Return the contracts with the header names that this region added (`seeds/ref_kolomsynoniemen.csv`)."""
    extra = kolomsynoniemen(catalogus)
    return {
        bericht: contract.met_synoniemen((s.synoniem, s.kolom) for s in extra if s.bericht in (None, bericht))
        for bericht, contract in CONTRACTEN.items()
    }


__all__ = ["CONTRACTEN", "DELEN", "Contract", "Kolom", "Vorm", "contracten", "kamer"]
