"""Regions with a small publication of known figures, to share; and a store in a file.

Lives here: what the tests of many regions begin with. A figure of a region is its base times a factor of its own, so
that whoever mixes two of them up is seen.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb

from pipeline.domain.publicaties import PublicatieGegevens, maak_publicatie_id
from pipeline.settings import BsnReeks, Huis, Settings, Winkelplek

DAG = dt.datetime(2026, 4, 28, 9, tzinfo=dt.UTC)
TABELLEN = {
    "meta.publicatie": "publicatie_id VARCHAR, peilmoment TIMESTAMP, reeks VARCHAR, laatste_maand DATE",
    "meta.gebieden": "publicatie_id VARCHAR, gebied_code VARCHAR, jaar INTEGER, inwoners_0_17 BIGINT",
    "meta.indicatordefinities": "publicatie_id VARCHAR, indicator_id VARCHAR, indicator_versie INTEGER, naam VARCHAR, "
    "eenheid VARCHAR",
    "openbaar.kerncijfers": "publicatie_id VARCHAR, indicator_id VARCHAR, periode_soort VARCHAR, periode DATE, "
    "gebied_code VARCHAR, segment VARCHAR, waarde DOUBLE, teller DECIMAL(18,2), noemer DECIMAL(18,2), eenheid VARCHAR, "
    "teken VARCHAR, dekking DOUBLE",
}
# indicator, gebied, waarde, teller, noemer, eenheid
CIJFERS = (
    ("jeugdigen_in_zorg", "REGIO", 1000, 1000, None, "aantal"),
    ("jeugdigen_in_zorg", "GM0141", 700, 700, None, "aantal"),
    ("kosten", "REGIO", 15_400_000.25, 15_400_000.25, None, "euro"),
    ("kosten_per_jeugdige", "REGIO", 15_400, 15_400_000, 1000, "euro"),
    ("gemiddeld_tarief", "REGIO", 81.25, None, None, "euro"),
    ("aandeel_jeugdigen_in_zorg", "REGIO", 0.125, 1000, 8000, "aandeel"),
)


def maak_winkel(map_: Path, *, editie: str = "openbaar", bewaren: int = 12) -> Winkelplek:
    """Return a store in a file."""
    map_.mkdir(parents=True, exist_ok=True)
    return Winkelplek(str(map_ / "catalogus.sqlite"), str(map_ / "gegevens"), editie, bewaren)


class Regio:
    """A region with a home; `publiceer` makes a publication and makes it the current one."""

    def __init__(self, map_: Path, naam: str, winkel: Winkelplek) -> None:
        self.naam = naam
        self.settings = Settings(Huis(map_ / naam), map_, BsnReeks.SYNTHETISCH, "", winkel=winkel)
        self.settings.huis.publications.mkdir(parents=True)
        (self.settings.huis.pad / "huis.json").write_text('{"bsn_reeks": "synthetisch", "sleutel_vingerafdruk": ""}')

    def met(self, winkel: Winkelplek) -> Settings:
        """Return its settings with another store, or another wish."""
        return replace(self.settings, winkel=winkel)

    def publiceer(
        self,
        dag: int,
        *,
        factor: float = 1,
        reeks: str = "synthetisch",
        versie: int = 1,
        erbij: str = "",
        leeg: tuple[str, ...] = (),
        jaren: int = 1,
    ) -> str:
        """Publish as of `dag` days after the first; return its id.

        `erbij`: another column of kerncijfers; `leeg`: indicators without a value; `jaren`: how many years of figures.
        """
        moment = DAG + dt.timedelta(days=dag)
        naam = maak_publicatie_id(moment, "0" * 8)
        map_ = self.settings.huis.publications / naam
        for deel in ("openbaar", "intern", "seeds"):
            (map_ / deel).mkdir(parents=True)
        (map_ / "seeds" / "ref_gemeenten.csv").write_text(
            f"gemeente,jeugdregio\nGM0141,{self.naam}\nGM0153,{self.naam}\n"
        )
        with duckdb.connect(str(map_ / "openbaar" / "marts.duckdb")) as con:
            _vul(con, naam, factor, reeks, versie, erbij, leeg, jaren)
        with duckdb.connect(str(map_ / "intern" / "marts.duckdb")) as con:
            con.execute("CREATE SCHEMA sturing")
            con.execute(f"CREATE TABLE sturing.indicatoren AS SELECT '{naam}' AS publicatie_id, 7 AS n_jeugdigen")
        gegevens = PublicatieGegevens(naam, moment, moment, "0.1.0", "seed", "deur", 1, reeks)
        (map_ / "publicatie.json").write_text(json.dumps(gegevens.als_dict()))
        self.maak_huidig(naam)
        return naam

    def maak_huidig(self, naam: str) -> None:
        """Do what rollback does."""
        self.settings.huis.published.unlink(missing_ok=True)
        self.settings.huis.published.symlink_to(Path("publications") / naam)

    @property
    def marts(self) -> Path:
        """The public file of the current publication."""
        return self.settings.huis.published / "openbaar" / "marts.duckdb"


def _vul(
    con: duckdb.DuckDBPyConnection,
    naam: str,
    factor: float,
    reeks: str,
    versie: int,
    erbij: str,
    leeg: tuple[str, ...],
    jaren: int,
) -> None:
    for tabel, kolommen in TABELLEN.items():
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {tabel.split('.')[0]}; CREATE TABLE {tabel} ({kolommen})")
    con.execute(f"INSERT INTO meta.publicatie VALUES ('{naam}', now()::TIMESTAMP, '{reeks}', '2026-03-01')")
    con.execute(f"INSERT INTO meta.gebieden VALUES ('{naam}', 'REGIO', 2025, {int(8000 * factor)})")
    for i in dict.fromkeys(c[0] for c in CIJFERS):
        con.execute(f"INSERT INTO meta.indicatordefinities VALUES ('{naam}', '{i}', {versie}, '{i}', '')")
    for i, gebied, waarde, teller, noemer, eenheid in CIJFERS:
        if i in leeg:
            getallen, teken = "NULL, NULL, NULL", "onvolledig"
        else:
            geheel = [None if x is None else Decimal(str(x)) * Decimal(str(factor)) for x in (waarde, teller, noemer)]
            getallen, teken = ", ".join("NULL" if x is None else str(x) for x in geheel), ""
        con.execute(
            f"INSERT INTO openbaar.kerncijfers SELECT '{naam}', '{i}', 'jaar', make_date(2024 - j::INTEGER, 1, 1), "
            f"'{gebied}', 'totaal', {getallen}, '{eenheid}', '{teken}', 1.0 FROM range({jaren}) AS r(j)"
        )
    if erbij:
        con.execute(f"ALTER TABLE openbaar.kerncijfers ADD COLUMN {erbij}")
