"""The public edition: which tables and columns it holds. Everything in it is computed in dbt (models/marts/openbaar).

Lives here: the allow-list, which is a promise to the public and to those who read the files; a table or column that is
not in it is not published, and the gate holds a candidate to it. Add here: what the public may see more, with
docs/bescherming.md. Keep out: rounding and withholding (dbt_project/macros/openbaar.sql), how files are written
(schrijven.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from pipeline.publish.woordenboek import WOORDENBOEK, Editie, KandidaatFout, Tabel

OPENBAAR = Editie(
    "openbaar",
    "Regiomonitor jeugdzorg: openbare cijfers",
    "De kerncijfers van de regio en haar gemeenten per jaar en kwartaal. Aantallen onder de tien staan er niet in, "
    "andere zijn afgerond op vijf en bedragen op duizend euro; al het andere is berekend uit wat er staat. "
    "Getoonde cijfers tellen daardoor niet precies op tot getoonde totalen.",
    "PUBLIC",
)
KERNCIJFERS = "openbaar.kerncijfers"
_ID = "publicatie_id"

TABELLEN: dict[str, tuple[str, ...]] = {
    KERNCIJFERS: (
        *(_ID, "indicator_id", "periode_soort", "periode", "gebied_code", "segment"),
        *("waarde", "teller", "noemer", "eenheid", "teken", "dekking"),
    ),
    "openbaar.doelen": (
        *(_ID, "doel_id", "jaar", "naam", "basiswaarde", "streefwaarde", "realisatie", "status", "t_m_maand"),
    ),
    "openbaar.leveringen": (_ID, "gemeente", "bericht", "maand", "status"),
    "openbaar.bijdragen": (
        *(_ID, "bijdrage_id", "gemeente", "omschrijving", "totaal_eur", "inwoners_jaar", "inwoners"),
        *("sleutel_aandeel", "afronding_eur", "bedrag_eur", "bedrag_sluitend_eur"),
    ),
    "openbaar.referentiewaarden": (
        *(_ID, "indicator_id", "gebied", "segment", "uitsplitsing", "jaar", "waarde", "eenheid", "bron", "opmerking"),
    ),
    "meta.publicatie": (
        *(_ID, "peilmoment", "gemaakt_op", "codeversie", "seedversie", "deurversie", "reeks"),
        *("eerste_maand", "laatste_maand"),
    ),
    "meta.gebieden": (_ID, "gebied_code", "jaar", "naam", "inwoners", "inwoners_0_17", "is_geschat"),
    "meta.regels": (
        *(_ID, "regel_code", "titel", "zin", "ernst", "bericht", "deur", "drempel", "eenheid", "geldig_vanaf"),
        *("bron", "blinde_vlek", "marts"),
    ),
    "meta.indicatordefinities": (
        *(_ID, "indicator_id", "indicator_versie", "naam", "groep", "definitie", "teller", "noemer", "eenheid"),
        *("richting", "segmenten", "periodes", "bron"),
        *("openbaar", "openbaar_vorm", "is_berekend", "reden_niet_berekend"),
    ),
    WOORDENBOEK: (_ID, "tabel", "kolom", "volgnummer", "type", "omschrijving", "eenheid"),
}
"""What the public edition holds: tables with their columns, in order."""


def openbare_tabellen(tabellen: Sequence[Tabel]) -> list[Tabel]:
    """Return of all described tables what is public, with the columns that are.

    KandidaatFout when something declared was not built, or a table of schema openbaar was built that nobody declared.
    """
    er_zijn = {t.naam: t for t in tabellen}
    klachten = [
        f"{naam} staat in de lijst van openbare tabellen maar is niet gebouwd" for naam in TABELLEN.keys() - er_zijn
    ]
    klachten += [f"{n} is gebouwd maar staat niet in de lijst van openbare tabellen" for n in er_zijn if onverklaard(n)]
    uit = []
    for naam in sorted(TABELLEN.keys() & er_zijn):
        kolommen = {k.naam: k for k in er_zijn[naam].kolommen}
        klachten += [f"{naam}.{k} is openbaar verklaard maar niet gebouwd" for k in TABELLEN[naam] if k not in kolommen]
        gekozen = tuple(kolommen[k] for k in TABELLEN[naam] if k in kolommen)
        uit.append(replace(er_zijn[naam], kolommen=gekozen))
    if klachten:
        raise KandidaatFout("De openbare editie kan zo niet worden gemaakt:\n  - " + "\n  - ".join(sorted(klachten)))
    return uit


def onverklaard(naam: str) -> bool:
    """Tell whether a table would be public if anybody had said so."""
    return naam.startswith(f"{OPENBAAR.naam}.") and naam not in TABELLEN


def vulling(publicatie: Path) -> dict[str, int] | None:
    """Count the public core figures of a publication by `teken` (empty: shown); None when it has none.

    A publication of before the small public edition has no core figures.
    """
    pad = publicatie / OPENBAAR.naam / "marts.duckdb"
    if not pad.is_file():
        return None
    with duckdb.connect(str(pad), read_only=True) as con:
        if not con.execute(
            "SELECT 1 FROM duckdb_tables() WHERE schema_name || '.' || table_name = ?", [KERNCIJFERS]
        ).fetchone():
            return None
        return dict(con.execute(f"SELECT teken, count(*) FROM {KERNCIJFERS} GROUP BY ALL ORDER BY ALL").fetchall())
