"""Columns and types of accepted rows (architecture.md section 3): what validated/ holds and the warehouse loads."""

from __future__ import annotations

import polars as pl

from pipeline.domain.leveringen import Bericht

_VOOR: dict[str, pl.DataType] = {
    "levering_id": pl.String(),
    "gemeente": pl.String(),
    "leveringsmaand": pl.Date(),
    "rij": pl.Int32(),
    "rij_hash": pl.String(),
}
_HOEVEELHEID = pl.Decimal(14, 2)

UITVOER: dict[Bericht, dict[str, pl.DataType]] = {
    Bericht.TOEWIJZINGEN: _VOOR
    | {
        "pseudoniem": pl.String(),
        "leeftijdsmaand": pl.Date(),
        "geslacht": pl.String(),
        "aanbieder_agb": pl.String(),
        "toewijzingnummer": pl.Int64(),
        "productcategorie": pl.String(),
        "productcode": pl.String(),
        "toewijzingsdatum": pl.Date(),
        "toewijzingstijd": pl.Time(),
        "ingangsdatum": pl.Date(),
        "einddatum": pl.Date(),
        "reden_wijziging": pl.String(),
        "volume": _HOEVEELHEID,
        "eenheid": pl.String(),
        "frequentie": pl.String(),
        "budget_cent": pl.Int64(),
        "besluitdatum": pl.Date(),
        "datum_ontvangst_verzoek": pl.Date(),
        "verwijzer_type": pl.String(),
        "startdatum_levering": pl.Date(),
        "stopdatum_levering": pl.Date(),
        "reden_beeindiging": pl.String(),
        "leveringsvorm": pl.String(),
        "signalen": pl.String(),
    },
    Bericht.DECLARATIES: _VOOR
    | {
        "aanbieder_agb": pl.String(),
        "declaratienummer": pl.String(),
        "declaratieperiode_begin": pl.Date(),
        "declaratiedagtekening": pl.Date(),
        "pseudoniem": pl.String(),
        "referentienummer": pl.String(),
        "vorig_referentienummer": pl.String(),
        "toewijzingnummer": pl.Int64(),
        "productcategorie": pl.String(),
        "productcode": pl.String(),
        "productperiode_begin": pl.Date(),
        "productperiode_eind": pl.Date(),
        "geleverd_volume": _HOEVEELHEID,
        "eenheid": pl.String(),
        "producttarief_cent": pl.Decimal(14, 4),
        "ingediend_bedrag_cent": pl.Int64(),
        "debet_credit": pl.String(),
        "status": pl.String(),
        "retourcode": pl.String(),
        "datum_antwoord": pl.Date(),
        "signalen": pl.String(),
    },
}
