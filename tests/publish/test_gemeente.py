"""The edition of a gemeente: its own rows of the internal tables in full, and the public tables; no more."""

from __future__ import annotations

import stat
from pathlib import Path

import duckdb
import pytest

from pipeline.publish.openbaar import TABELLEN
from tests.conftest import GedraaideRegio


@pytest.fixture(scope="module", params=["schone_regio", "rommelige_regio"])
def uitgave(request: pytest.FixtureRequest) -> Path:
    """Folder of a publication of a region that was built."""
    regio: GedraaideRegio = request.getfixturevalue(request.param)
    return regio.marts.parent.parent


def _gemeenten(uitgave: Path) -> list[str]:
    return sorted(p.name for p in (uitgave / "gemeente").iterdir())


def _kolommen(con: duckdb.DuckDBPyConnection, database: str) -> dict[str, list[str]]:
    return dict(
        con.execute(
            "SELECT schema_name || '.' || table_name, list(column_name ORDER BY column_index) FROM duckdb_columns() "
            f"WHERE database_name = '{database}' AND NOT internal GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    )


def test_every_gemeente_has_its_file_and_only_its_group_may_read_it(uitgave: Path) -> None:
    with duckdb.connect(str(uitgave / "intern" / "marts.duckdb"), read_only=True) as con:
        er_zijn = con.execute(
            "SELECT DISTINCT gebied_code FROM sturing.indicatoren WHERE gebied_soort = 'gemeente' ORDER BY 1"
        ).fetchall()
    assert [(g,) for g in _gemeenten(uitgave)] == er_zijn
    assert er_zijn
    for g in _gemeenten(uitgave):
        (bestand,) = (uitgave / "gemeente" / g).iterdir()
        assert bestand.name == "marts.duckdb"
        assert stat.S_IMODE(bestand.stat().st_mode) == 0o640
        assert stat.S_IMODE(bestand.parent.stat().st_mode) == 0o750


def test_it_holds_the_public_tables_and_its_own_rows_of_the_internal_ones(uitgave: Path) -> None:
    for g in _gemeenten(uitgave)[:3]:
        with duckdb.connect() as con:
            for naam, pad in (("i", "intern"), ("o", "openbaar"), ("e", f"gemeente/{g}")):
                con.execute(f"ATTACH '{uitgave / pad / 'marts.duckdb'}' AS {naam} (READ_ONLY)")
            intern, editie = _kolommen(con, "i"), _kolommen(con, "e")
            van_iemand = {t for t, k in intern.items() if {"gebied_code", "gemeente"} & set(k)} - {"kosten.aanbieders"}
            assert set(editie) == set(TABELLEN) | van_iemand
            for tabel, kolommen in editie.items():
                lijst = ", ".join(kolommen)
                if tabel in TABELLEN:
                    assert kolommen == list(TABELLEN[tabel])
                    links = f"SELECT {lijst} FROM o.{tabel}"
                else:
                    assert kolommen == [k for k in intern[tabel] if k != "regiokosten_eur"]
                    gebied = "gebied_code" if "gebied_code" in kolommen else "gemeente"
                    links = f"SELECT {lijst} FROM i.{tabel} WHERE {gebied} = '{g}'"
                    anders = f"SELECT count(*) FROM e.{tabel} WHERE {gebied} IS DISTINCT FROM '{g}'"
                    assert con.execute(anders).fetchall() == [(0,)], tabel
                if tabel == "meta.woordenboek":  # each edition describes itself
                    beschreven = con.execute("SELECT DISTINCT tabel FROM e.meta.woordenboek").fetchall()
                    assert {t for (t,) in beschreven} == set(editie)
                    continue
                rechts = f"SELECT {lijst} FROM e.{tabel}"
                for een, twee in ((links, rechts), (rechts, links)):
                    verschil = con.execute(f"SELECT count(*) FROM ({een} EXCEPT ALL {twee})").fetchall()
                    assert verschil == [(0,)], tabel


def test_its_own_small_figures_are_whole(uitgave: Path) -> None:
    """Something of a gemeente is hidden from the public, and nothing of any from itself."""
    verborgen = 0
    for g in _gemeenten(uitgave):
        with duckdb.connect(str(uitgave / "gemeente" / g / "marts.duckdb"), read_only=True) as con:
            [(hier,)] = con.execute(
                "SELECT count(*) FROM openbaar.kerncijfers WHERE gebied_code = ? AND teken = '<10'", [g]
            ).fetchall()
            [(klein,)] = con.execute(
                "SELECT count(*) FROM sturing.indicatoren WHERE gebied_code = ? AND teller BETWEEN 1 AND 9", [g]
            ).fetchall()
        verborgen += hier
        assert klein > 0
    assert verborgen > 0


def test_nothing_internal_of_another_gemeente_is_in_any_byte_of_it(uitgave: Path) -> None:
    """Leveringen have names of their own: those of others may be in no unused end of a block either."""
    with duckdb.connect(str(uitgave / "intern" / "marts.duckdb"), read_only=True) as con:
        van = con.execute("SELECT gemeente, list(levering_id) FROM meta.herkomst GROUP BY ALL").fetchall()
    for g in _gemeenten(uitgave):
        inhoud = (uitgave / "gemeente" / g / "marts.duckdb").read_bytes()
        for anderen, leveringen in van:
            gezien = [lv for lv in leveringen if lv.encode() in inhoud]
            assert (gezien == []) == (anderen != g), (g, anderen)
