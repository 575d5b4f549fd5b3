"""What a row of each bericht looks like: columns, header names, types, and the pandera schemas of accepted rows.

Lives here: one module per bericht (`toewijzingen.py`, `declaraties.py`), the header names as data, the schemas
(`schemas.py`, the only place with pandera).
Add here: a bericht (one module, one entry in `CONTRACTEN`) or a column. Keep out: rules about rows (rules/), reading
(intake/).
"""

from __future__ import annotations

from pipeline.contracts.declaraties import DECLARATIES
from pipeline.contracts.kolommen import Contract, Kolom, Vorm
from pipeline.contracts.toewijzingen import TOEWIJZINGEN
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
