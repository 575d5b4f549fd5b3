"""Columns of the bericht `capaciteit` (SPEC 12): places with providers on a day, gathered by the regio; no persons."""

from __future__ import annotations

from dataclasses import replace

from pipeline.berichten.gedeeld import AANBIEDER_AGB, HULPVORM, PRODUCTCODE
from pipeline.berichten.kolom import Contract, Kolom, Vorm
from pipeline.domain.leveringen import Bericht

REDENEN_DICHT = frozenset({"personeel", "verbouwing", "incident", "afbouw", "overig"})

CONTRACT = Contract(
    bericht=Bericht.CAPACITEIT,
    korrel="een rij per locatie, hulpvorm en product op een peildatum",
    productdag="peildatum",
    eigen_sleutel="locatie_code",
    orde=(),
    periodekolommen=("peildatum",),
    kolommen=(
        AANBIEDER_AGB,
        Kolom(
            "locatie_code",
            Vorm.KENMERK,
            "Uw eigen code van de locatie of groep; elke maand dezelfde.",
            "L0012",
            verplicht=True,
            kenmerk="locatie",
            breedte=12,
            ggm=("LOCATIE/LOCATIECODE", "VESTIGING/VESTIGINGSCODE"),
            bewaard="locatie_code",
        ),
        replace(HULPVORM, weigert="K01"),
        replace(PRODUCTCODE, betekenis="Product uit de productentabel, als de plekken bij een product horen.",
                voorbeeld="43A01"),
        Kolom(
            "peildatum",
            Vorm.DATUM,
            "Dag waarop de plekken zijn geteld: de laatste dag van de maand, of een dag daarin.",
            "2025-03-31",
            verplicht=True,
            bewaard="peildatum",
        ),
        Kolom(
            "plekken",
            Vorm.NUMMER,
            "Alle plekken op de locatie, ook wat bezet of dicht is.",
            "8",
            verplicht=True,
            bewaard="plekken",
        ),
        Kolom("bezet", Vorm.NUMMER, "Plekken waarop iemand woont.", "6", verplicht=True, bewaard="bezet"),
        Kolom("vrij", Vorm.NUMMER, "Plekken waar morgen iemand terecht kan.", "2", verplicht=True, bewaard="vrij"),
        Kolom(
            "reden_dicht",
            Vorm.WOORD,
            "Waarom plekken bezet noch vrij zijn.",
            "personeel",
            waarden=REDENEN_DICHT,
            ggm=("LOCATIE/REDENDICHT",),
            bewaard="reden_dicht",
        ),
    ),
)  # fmt: skip
