"""Why a levering was refused, in the words of the rules.

Lives here: which sentence goes with a finding. Keep out: the sentences (seeds), finding anything (intake/).
"""

from __future__ import annotations

from pipeline.domain.bevindingen import Bevinding, Ernst
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Ontvangstbewijs


def zin_van(bevinding: Bevinding, catalogus: Catalogus) -> str:
    """Return the sentence for the sender: the finding's own, else the catalogue's."""
    regel = catalogus.regels.get(bevinding.regel_code)
    return bevinding.zin or (regel.zin if regel else bevinding.regel_code)


def redenen(bewijs: Ontvangstbewijs, catalogus: Catalogus) -> list[str]:
    """Why a levering was refused, one sentence per blocking rule."""
    return [
        f"{b.regel_code}: {zin_van(b, catalogus)}"
        for b in bewijs.bevindingen
        if b.ernst is Ernst.BLOKKEREND and b.n_rijen > 0
    ]
