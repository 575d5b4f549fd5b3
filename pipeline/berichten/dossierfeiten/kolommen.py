"""Columns of the bericht `dossierfeiten` (SPEC 12): facts in the file of a youth at the access of a gemeente."""

from __future__ import annotations

from pipeline.berichten.gedeeld import BSN
from pipeline.berichten.kolom import Contract, Kolom, Vorm
from pipeline.domain.leveringen import Bericht

ANALYSE, PERSPECTIEF = "verklarende_analyse", "perspectiefplan"
SOORTEN = frozenset({ANALYSE, PERSPECTIEF})

CONTRACT = Contract(
    bericht=Bericht.DOSSIERFEITEN,
    korrel="een rij per feit in het dossier van een jeugdige",
    orde=(),
    periodekolommen=("datum",),
    kolommen=(
        BSN,
        Kolom(
            "soort",
            Vorm.WOORD,
            "Wat er in het dossier kwam.",
            ANALYSE,
            verplicht=True,
            waarden=SOORTEN,
            weigert="F01",
            bewaard="soort",
        ),
        Kolom(
            "datum",
            Vorm.DATUM,
            "Dag waarop het is vastgesteld; niet de dag waarop het is ingevoerd.",
            "2025-03-12",
            verplicht=True,
            bewaard="datum",
        ),
    ),
)
