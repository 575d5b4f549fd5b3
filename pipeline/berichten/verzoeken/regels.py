"""Rules on a row of verzoeken, and on the rows of one file together: V01-V13."""

from __future__ import annotations

import polars as pl

from pipeline.berichten.rijregels import andere_inhoud, beide, codetoets, gevuld
from pipeline.berichten.toets import Regelboek, Toets
from pipeline.berichten.verzoeken.kolommen import GEPLAATST, JA_NEE, OPEN, UITKOMSTEN

DAGEN = ("verzoekdatum", "matchdatum", "plaatsingsdatum")


def contract(boek: Regelboek) -> list[Toets]:
    """Door 1: codes from their lists, and a gemeente of the regio."""
    eigen = pl.col("woongemeente").is_in(sorted(boek.catalogus.gemeenten))
    bekend = pl.col("woongemeente").is_not_null()
    return [
        codetoets("V01", "hulpvorm", boek.codes("cbs_hulpvorm")),
        codetoets("V02", "spoed", sorted(JA_NEE)),
        codetoets("V03", "uitkomst", sorted(UITKOMSTEN)),
        Toets("V09", ~eigen, bekend, ("woongemeente",)),
    ]


def regels(boek: Regelboek) -> list[Toets]:
    """Door 2."""
    sleutel = ("verzoek_id",)
    return [*_volgorde(boek), *_uitkomst(), *_na_de_maand(), andere_inhoud("V10", list(sleutel), sleutel, pl.col)]


def _volgorde(boek: Regelboek) -> list[Toets]:
    verzoek, match, plaatsing = (pl.col(k) for k in DAGEN)
    (dagen,) = boek.drempels("V11")
    wachttijd = (plaatsing - verzoek).dt.total_days()
    return [
        Toets("V04", match < verzoek, beide("verzoekdatum", "matchdatum"), ("verzoekdatum", "matchdatum")),
        Toets(
            "V05", plaatsing < verzoek, beide("verzoekdatum", "plaatsingsdatum"), ("verzoekdatum", "plaatsingsdatum")
        ),
        Toets("V05", plaatsing < match, beide("matchdatum", "plaatsingsdatum"), ("matchdatum", "plaatsingsdatum")),
        Toets("V11", wachttijd > dagen, beide("verzoekdatum", "plaatsingsdatum"), ("verzoekdatum", "plaatsingsdatum")),
    ]


def _uitkomst() -> list[Toets]:
    """What the outcome says and what the days say."""
    uitkomst = pl.col("uitkomst")
    bekend = uitkomst.is_in(sorted(UITKOMSTEN))
    geplaatst, gematcht = gevuld("plaatsingsdatum"), gevuld("matchdatum")
    return [
        Toets("V06", (uitkomst == GEPLAATST) & ~geplaatst, bekend, ("uitkomst", "plaatsingsdatum")),
        Toets("V07", (uitkomst != GEPLAATST) & geplaatst, bekend, ("uitkomst", "plaatsingsdatum")),
        Toets("V08", gematcht & ~gevuld("aanbieder_agb"), gematcht, ("matchdatum", "aanbieder_agb")),
        Toets("V13", (uitkomst == OPEN) & gematcht & ~geplaatst, bekend, ("uitkomst", "matchdatum")),
    ]


def _na_de_maand() -> list[Toets]:
    laatste = pl.col("leveringsmaand").dt.month_end()
    return [Toets("V12", pl.col(k) > laatste, pl.col(k).is_not_null(), (k,)) for k in DAGEN]
