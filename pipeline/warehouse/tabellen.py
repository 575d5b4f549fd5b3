"""The raw tables of warehouse.duckdb, column by column (docs/architecture.md, section 3).

Lives here: names and types, and nothing derived. Add here: a kind of extract (its row table) or a column that the door
hands over. Any change of this file gives another `SCHEMA_VERSIE`, and the next run builds the warehouse anew.
"""

from __future__ import annotations

import hashlib

from pipeline.domain.leveringen import Bericht

Kolommen = dict[str, str]

_TOEWIJZINGEN: Kolommen = {
    "levering_id": "VARCHAR",
    "gemeente": "VARCHAR",
    "leveringsmaand": "DATE",
    "rij": "INTEGER",
    "rij_hash": "VARCHAR",
    "pseudoniem": "VARCHAR",
    "leeftijdsmaand": "DATE",
    "geslacht": "VARCHAR",
    "aanbieder_agb": "VARCHAR",
    "toewijzingnummer": "BIGINT",
    "productcategorie": "VARCHAR",
    "productcode": "VARCHAR",
    "toewijzingsdatum": "DATE",
    "toewijzingstijd": "TIME",
    "ingangsdatum": "DATE",
    "einddatum": "DATE",
    "reden_wijziging": "VARCHAR",
    "volume": "DECIMAL(14,2)",
    "eenheid": "VARCHAR",
    "frequentie": "VARCHAR",
    "budget_cent": "BIGINT",
    "besluitdatum": "DATE",
    "datum_ontvangst_verzoek": "DATE",
    "verwijzer_type": "VARCHAR",
    "startdatum_levering": "DATE",
    "stopdatum_levering": "DATE",
    "reden_beeindiging": "VARCHAR",
    "leveringsvorm": "VARCHAR",
    "signalen": "VARCHAR",
}

_DECLARATIES: Kolommen = {
    "levering_id": "VARCHAR",
    "gemeente": "VARCHAR",
    "leveringsmaand": "DATE",
    "rij": "INTEGER",
    "rij_hash": "VARCHAR",
    "aanbieder_agb": "VARCHAR",
    "declaratienummer": "VARCHAR",
    "declaratieperiode_begin": "DATE",
    "declaratiedagtekening": "DATE",
    "pseudoniem": "VARCHAR",
    "referentienummer": "VARCHAR",
    "vorig_referentienummer": "VARCHAR",
    "toewijzingnummer": "BIGINT",
    "productcategorie": "VARCHAR",
    "productcode": "VARCHAR",
    "productperiode_begin": "DATE",
    "productperiode_eind": "DATE",
    "geleverd_volume": "DECIMAL(14,2)",
    "eenheid": "VARCHAR",
    "producttarief_cent": "DECIMAL(14,4)",
    "ingediend_bedrag_cent": "BIGINT",
    "debet_credit": "VARCHAR",
    "status": "VARCHAR",
    "retourcode": "VARCHAR",
    "datum_antwoord": "DATE",
    "signalen": "VARCHAR",
}

RIJTABELLEN: dict[Bericht, Kolommen] = {Bericht.TOEWIJZINGEN: _TOEWIJZINGEN, Bericht.DECLARATIES: _DECLARATIES}
"""Tables that only grow: `raw.<bericht>`, the accepted rows of every accepted levering."""

BEDRAGKOLOM: dict[Bericht, str] = {Bericht.TOEWIJZINGEN: "budget_cent", Bericht.DECLARATIES: "ingediend_bedrag_cent"}
"""The column whose plain sum is the cents of a levering (SPEC 4)."""

KLEINE_TABELLEN: dict[str, Kolommen] = {
    "leveringen": {
        "levering_id": "VARCHAR",
        "gemeente": "VARCHAR",
        "bericht": "VARCHAR",
        "leveringsmaand": "DATE",
        "sha256": "VARCHAR",
        "bytes": "BIGINT",
        "bestandsnaam": "VARCHAR",
        "ontvangen_op": "TIMESTAMP",
        "ontvangen_dag": "DATE",
        "verwerkt_op": "TIMESTAMP",
        "status": "VARCHAR",
        "is_geaccepteerd": "BOOLEAN",
        "is_geldend": "BOOLEAN",
        "versie": "INTEGER",
        "soort": "VARCHAR",
        "bedrag_eenheid": "VARCHAR",
        "versies": "VARCHAR",
        "rijen_in_bestand": "BIGINT",
        "rijen_niet_data": "BIGINT",
        "rijen_ontvangen": "BIGINT",
        "rijen_geaccepteerd": "BIGINT",
        "rijen_quarantaine": "BIGINT",
        "bedrag_ontvangen_cent": "BIGINT",
        "bedrag_geaccepteerd_cent": "BIGINT",
        "bedrag_quarantaine_cent": "BIGINT",
        "inhoud_hash": "VARCHAR",
        "deurversie": "VARCHAR",
        "codeversie": "VARCHAR",
    },
    "bevindingen": {
        "levering_id": "VARCHAR",
        "regel_code": "VARCHAR",
        "ernst": "VARCHAR",
        "n_rijen": "BIGINT",
        "n_gecontroleerd": "BIGINT",
    },
    "leveringskalender": {
        "gemeente": "VARCHAR",
        "bericht": "VARCHAR",
        "maand": "DATE",
        "status": "VARCHAR",
        "uiterste_datum": "DATE",
        "respijt_tot": "DATE",
        "levering_id": "VARCHAR",
        "dagen_te_laat": "INTEGER",
        "is_verplicht": "BOOLEAN",
        "reden": "VARCHAR",
    },
    "kalender": {"datum": "DATE", "is_werkdag": "BOOLEAN", "werkdag_nr": "INTEGER"},
    "publicatie": {
        "publicatie_id": "VARCHAR",
        "peilmoment": "TIMESTAMP",
        "gemaakt_op": "TIMESTAMP",
        "codeversie": "VARCHAR",
        "seedversie": "VARCHAR",
        "deurversie": "VARCHAR",
        "n_leveringen": "INTEGER",
        "reeks": "VARCHAR",
    },
}
"""Tables made anew at every load, from the receipts and the calendar."""

BOEKHOUDING: dict[str, Kolommen] = {
    "geladen": {"levering_id": "VARCHAR", "bericht": "VARCHAR", "deurversie": "VARCHAR"},
    "schemaversie": {"versie": "VARCHAR"},
}
"""What the loader keeps for itself: which levering is in, as judged by which door."""


def alle_tabellen() -> dict[str, Kolommen]:
    """Return every raw table by name."""
    return {b.value: k for b, k in RIJTABELLEN.items()} | KLEINE_TABELLEN | BOEKHOUDING


def maak_sql(naam: str, kolommen: Kolommen) -> str:
    """Return the CREATE TABLE of one raw table."""
    return f"CREATE TABLE raw.{naam} ({', '.join(f'{k} {t}' for k, t in kolommen.items())})"


SCHEMA_VERSIE = hashlib.sha256("\n".join(maak_sql(n, k) for n, k in alle_tabellen().items()).encode()).hexdigest()[:16]
