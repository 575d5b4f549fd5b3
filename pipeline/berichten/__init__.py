"""What a row of each bericht looks like: columns, header names, types, and the pandera schemas of accepted rows.

Lives here: one module per bericht (`toewijzingen.py`, `declaraties.py`), the header names as data, the schemas
(`schemas.py`, the only place with pandera).
Add here: a bericht (one room, one entry in `CONTRACTEN`) or a column. Keep out: judging (the rules of a room), reading
(intake/).
"""

from __future__ import annotations

from pipeline.berichten.declaraties.kolommen import DECLARATIES
from pipeline.berichten.kolom import Contract, Kolom, Vorm
from pipeline.berichten.toewijzingen.kolommen import TOEWIJZINGEN
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht
from pipeline.domain.synoniemen import kolomsynoniemen

CONTRACTEN: dict[Bericht, Contract] = {
    Bericht.TOEWIJZINGEN: TOEWIJZINGEN,
    Bericht.DECLARATIES: DECLARATIES,
}


def contracten(catalogus: Catalogus) -> dict[Bericht, Contract]:
    """Return the contracts with the header names that this region added (`seeds/ref_kolomsynoniemen.csv`)."""
    extra = kolomsynoniemen(catalogus)
    return {
        bericht: contract.met_synoniemen((s.synoniem, s.kolom) for s in extra if s.bericht in (None, bericht))
        for bericht, contract in CONTRACTEN.items()
    }


__all__ = ["CONTRACTEN", "Contract", "Kolom", "Vorm", "contracten"]
