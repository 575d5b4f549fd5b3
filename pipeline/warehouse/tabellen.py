"""The raw tables of warehouse.duckdb, column by column (docs/architecture.md, section 3).

Lives here: names and types. The row table of a bericht follows from its columns (berichten/). Add here: a table of the
house itself. Any change of this file gives another `SCHEMA_VERSIE`, and the next run builds the warehouse anew.
"""

from __future__ import annotations

import hashlib

from pipeline.berichten import CONTRACTEN
from pipeline.berichten.uitvoer import rijtabel
from pipeline.domain.leveringen import Bericht

Kolommen = dict[str, str]

RIJTABELLEN: dict[Bericht, Kolommen] = {bericht: rijtabel(bericht) for bericht in Bericht}
"""Tables that only grow: `raw.<bericht>`, the accepted rows of every accepted levering."""

QUARANTAINE = "quarantaine"
QUARANTAINEKOLOMMEN: Kolommen = {
    "levering_id": "VARCHAR",
    "gemeente": "VARCHAR",
    "leveringsmaand": "DATE",
    "rij": "INTEGER",
    "aanbieder_agb": "VARCHAR",
    "referentienummer": "VARCHAR",
    "productcategorie": "VARCHAR",
    "productcode": "VARCHAR",
    "productperiode_begin": "DATE",
    "productperiode_eind": "DATE",
    "eenheid": "VARCHAR",
    "ingediend_bedrag_cent": "BIGINT",
    "debet_credit": "VARCHAR",
    "status": "VARCHAR",
}
"""`raw.quarantaine`: refused claim lines of accepted leveringen, as far as their cells could be read and without their
person; what could not be read is NULL. It grows and shrinks with the leveringen, as the row tables do."""

CLAIMS = tuple(b for b in Bericht if {"debet_credit", "productperiode_begin"} <= CONTRACTEN[b].per_naam.keys())
"""Berichten whose rows are claim lines."""

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
    rijtabellen = {b.value: k for b, k in RIJTABELLEN.items()} | {QUARANTAINE: QUARANTAINEKOLOMMEN}
    return rijtabellen | KLEINE_TABELLEN | BOEKHOUDING


def maak_sql(naam: str, kolommen: Kolommen) -> str:
    """Return the CREATE TABLE of one raw table."""
    return f"CREATE TABLE raw.{naam} ({', '.join(f'{k} {t}' for k, t in kolommen.items())})"


SCHEMA_VERSIE = hashlib.sha256("\n".join(maak_sql(n, k) for n, k in alle_tabellen().items()).encode()).hexdigest()[:16]
