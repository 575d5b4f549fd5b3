"""The pages of a messy region as data and as HTML, without drawing: what is drawn is tested by itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from pipeline.rapport import maken, tekenaar
from pipeline.rapport.blokken import Beeld, Pagina
from pipeline.rapport.boek import Boek
from pipeline.rapport.bron import Editie, edities
from pipeline.rapport.opmaak import maak_html, omgeving
from pipeline.rapport.paginas import gemeente, openbaar, regio, segment
from tests.conftest import GedraaideRegio

NIETS = "10 10\n<g></g>"
"""Stands for a drawing."""


@pytest.fixture
def zonder_tekenen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Making pages draws nothing, and of each edition only a few families: these tests are of writing and swapping."""
    weinig = {
        "intern": (regio.paginas, segment.paginas),
        "openbaar": (openbaar.paginas,),
        "gemeente": (gemeente.paginas,),
    }
    monkeypatch.setattr(maken, "FAMILIES", weinig)
    monkeypatch.setattr(tekenaar.Tekenaar, "_laat_tekenen", lambda _self, groep: [NIETS] * len(groep))


@pytest.fixture(scope="session")
def publicatie(rommelige_regio: GedraaideRegio) -> Path:
    """The folder of what was published of the messy region."""
    return rommelige_regio.settings.huis.published.resolve()


def lees_boek(publicatie: Path, editie: Editie) -> tuple[Boek, list[Pagina]]:
    """Return an edition and its pages as data."""
    boek = maken.open_boek(publicatie, editie)
    return boek, [p for familie in maken.FAMILIES[maken.soort_van(editie)] for p in familie(boek)]


def html_van(boek: Boek, paginas: list[Pagina]) -> dict[str, str]:
    """Return the HTML of pages by their path."""
    env, paden = omgeving(), {p.pad for p in paginas}
    menu = [m for m in maken.MENU[maken.soort_van(boek.editie)] if m[1] in paden]

    def haal(beeld: Beeld) -> dict[str, str]:
        return dict.fromkeys(beeld.maten, NIETS)

    return {p.pad: maak_html(env, p, boek, menu, haal) for p in paginas}


@pytest.fixture(scope="session")
def boeken(publicatie: Path) -> Iterator[dict[str, tuple[Boek, list[Pagina], dict[str, str]]]]:
    """The internal and public edition and that of one gemeente: book, pages as data, HTML by path."""
    gekozen = [e for e in edities(publicatie) if not e.gemeente] + [e for e in edities(publicatie) if e.gemeente][:1]
    uit = {}
    for editie in gekozen:
        boek, paginas = lees_boek(publicatie, editie)
        uit[editie.naam] = (boek, paginas, html_van(boek, paginas))
    yield uit
    for boek, _, _ in uit.values():
        boek.bron.sluit()


KWAAD = """<script>alert(1)</script> "d'Oude" & Aan-de-allerlangste-naam-van-een-gemeente-die-er-in-Nederland-bestaat"""
_KWAAD_SQL = KWAAD.replace("'", "''")
VIJANDIG = (
    f"UPDATE meta.gebieden SET naam = '{_KWAAD_SQL}' WHERE gebied_code = 'GM0141'",
    f"UPDATE kosten.aanbieders SET naam = '{_KWAAD_SQL}'",
    f"UPDATE meta.indicatordefinities SET naam = '{_KWAAD_SQL}' WHERE indicator_id = 'stand'",
    f"UPDATE kwaliteit.werklijst SET titel = '{_KWAAD_SQL}'",
)
"""What makes of a publication one whose names hold code, quotes and long words."""
BIJNA_LEEG = tuple(
    f"DELETE FROM {tabel}"
    for tabel in (
        "sturing.indicatoren", "sturing.doelrealisatie", "sturing.stromen", "kosten.kosten_zorgmaand",
        "kosten.aanbieders", "kwaliteit.werklijst", "kwaliteit.tijdigheid", "openbaar.kerncijfers",
        "kwaliteit.datakwaliteit", "openbaar.doelen", "kwaliteit.leveringsstatus",
    )
)  # fmt: skip
"""What makes of a publication one of a region with hardly any data."""


def verbouwd(publicatie: Path, publicaties: Path, *sql: str) -> Path:
    """Copy a publication into a folder of publications and change its files; what an edition does not have is left out."""
    naar = publicaties / publicatie.name
    weg = ("csv", "parquet", "kwaliteitsdocs", "rapport")
    shutil.copytree(publicatie, naar, ignore=lambda _m, namen: [n for n in namen if n in weg])
    for bestand in naar.rglob("marts.duckdb"):
        bestand.chmod(0o600)
        with duckdb.connect(str(bestand)) as con:
            for s in sql:
                with suppress(duckdb.CatalogException):
                    con.execute(s)
    return naar


N_REGIOS = 5


@pytest.fixture(scope="session")
def vergelijking(publicatie: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public figures of the region beside those of four others, each a tenth more than the one before."""
    pad = tmp_path_factory.mktemp("landelijk") / "vergelijking.duckdb"
    samen = "indicator_id, periode_soort, periode, segment"
    with duckdb.connect(str(pad)) as con:
        con.execute(
            f"ATTACH '{publicatie / 'openbaar' / 'marts.duckdb'}' AS marts (READ_ONLY); CREATE SCHEMA landelijk"
        )
        con.execute(
            f"""CREATE TABLE landelijk.regios AS SELECT 'r' || n AS regio_code,
                CASE n WHEN 2 THEN 'Twente' ELSE 'Regio ' || n END AS regio_naam, p.publicatie_id, p.peilmoment,
                p.peilmoment AS gedeeld_op, p.laatste_maand, 1000 * (n + 1) AS inwoners_0_17
            FROM marts.meta.publicatie AS p, range({N_REGIOS}) AS r(n)"""
        )
        con.execute(
            f"""CREATE TABLE landelijk.vergelijking AS
            WITH alle AS (
                SELECT k.* REPLACE (k.waarde + n / 10 AS waarde), d.indicator_versie, r.regio_code, r.regio_naam
                FROM marts.openbaar.kerncijfers AS k JOIN marts.meta.indicatordefinities AS d USING (indicator_id),
                    range({N_REGIOS}) AS x(n) JOIN landelijk.regios AS r ON r.regio_code = 'r' || n
                WHERE k.gebied_code = 'REGIO')
            SELECT *, CASE WHEN waarde IS NOT NULL THEN rank() OVER (w, waarde IS NULL ORDER BY waarde DESC) END AS rang,
                count(waarde) OVER w AS n_regios, {N_REGIOS} AS n_regios_totaal,
                quantile_cont(waarde, 0.25) OVER w AS kwartiel_1, quantile_cont(waarde, 0.5) OVER w AS mediaan,
                quantile_cont(waarde, 0.75) OVER w AS kwartiel_3, 1 AS kwartiel,
                CASE WHEN noemer IS NULL THEN sum(teller) OVER w END AS landelijke_som, 0.5 AS dekking_som
            FROM alle WINDOW w AS (PARTITION BY {samen})""".replace(
                "OVER (w, waarde IS NULL", f"OVER (PARTITION BY {samen}, waarde IS NULL"
            )
        )
    return pad
