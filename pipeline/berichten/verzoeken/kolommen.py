"""Columns of the bericht `verzoeken` (SPEC 12): requests for a place at the coordination point of the regio."""

from __future__ import annotations

from dataclasses import replace

from pipeline.berichten.gedeeld import AANBIEDER_AGB, BSN, HULPVORM
from pipeline.berichten.kolom import Contract, Kolom, Vorm
from pipeline.domain.leveringen import Bericht

JA_NEE = frozenset({"ja", "nee"})
OPEN, GEMATCHT, GEPLAATST, INGETROKKEN, GEEN_PLEK = "open", "gematcht", "geplaatst", "ingetrokken", "geen_plek"
UITKOMSTEN = frozenset({OPEN, GEMATCHT, GEPLAATST, INGETROKKEN, GEEN_PLEK})

CONTRACT = Contract(
    bericht=Bericht.VERZOEKEN,
    korrel="een rij per verzoek om een plek, zoals het er nu voor staat",
    eigen_sleutel="verzoek_id",
    orde=(("verzoekdatum", "matchdatum", "V04"), ("verzoekdatum", "plaatsingsdatum", "V05")),
    periodekolommen=("verzoekdatum", "matchdatum", "plaatsingsdatum"),
    kolommen=(
        Kolom(
            "verzoek_id",
            Vorm.KENMERK,
            "Nummer van het verzoek bij het coordinatiepunt; gelijk zolang het om hetzelfde verzoek gaat.",
            "V2025-0173",
            verplicht=True,
            kenmerk="verzoek",
            breedte=20,
            bewaard="verzoek_id",
        ),
        BSN,
        Kolom(
            "woongemeente",
            Vorm.GEMEENTE,
            "Gemeente die verantwoordelijk is voor de jeugdige; de kop `gemeente` is ook goed.",
            "GM0141",
            verplicht=True,
            ggm=("VERZOEK/GEMEENTE",),
            bewaard="woongemeente",
        ),
        Kolom(
            "verzoekdatum",
            Vorm.DATUM,
            "Dag waarop het verzoek bij het coordinatiepunt binnenkwam.",
            "2025-03-03",
            verplicht=True,
            bewaard="verzoekdatum",
        ),
        replace(HULPVORM, betekenis="Hulpvorm waar een plek voor wordt gezocht (indeling van CBS).", weigert="V01"),
        Kolom(
            "spoed",
            Vorm.WOORD,
            "Of het spoed heeft.",
            "nee",
            verplicht=True,
            waarden=JA_NEE,
            weigert="V02",
            bewaard="spoed",
        ),
        Kolom(
            "matchdatum",
            Vorm.DATUM,
            "Dag waarop een aanbieder ja zei; leeg zolang dat niet is gebeurd.",
            "2025-03-10",
            bewaard="matchdatum",
        ),
        replace(AANBIEDER_AGB, betekenis="AGB-code van de aanbieder die ja zei.", verplicht=False),
        Kolom(
            "plaatsingsdatum",
            Vorm.DATUM,
            "Dag waarop de jeugdige op de plek kwam.",
            "2025-03-20",
            bewaard="plaatsingsdatum",
        ),
        Kolom(
            "uitkomst",
            Vorm.WOORD,
            "Hoe het verzoek ervoor staat.",
            "geplaatst",
            verplicht=True,
            waarden=UITKOMSTEN,
            weigert="V03",
            bewaard="uitkomst",
        ),
    ),
)
