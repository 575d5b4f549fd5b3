"""The edition of a gemeente: its own figures in full, the region's as the public sees them, nothing of anybody else."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import duckdb
import pytest

from tests.conftest import GedraaideRegio

KOLOMMEN = (
    "SELECT schema_name || '.' || table_name, list(column_name ORDER BY column_index) FROM duckdb_columns() "
    "WHERE database_name = '{}' AND NOT internal GROUP BY ALL ORDER BY ALL"
)


@pytest.fixture(scope="module", params=["schone_regio", "rommelige_regio"])
def uitgave(request: pytest.FixtureRequest) -> Path:
    """Folder of a publication of a region that was built."""
    regio: GedraaideRegio = request.getfixturevalue(request.param)
    return regio.marts.parent.parent


def _gemeenten(uitgave: Path) -> list[str]:
    return sorted(p.name for p in (uitgave / "gemeente").iterdir())


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


def test_own_rows_are_the_internal_ones_and_the_others_the_public_ones(uitgave: Path) -> None:
    """Every table: rows of the gemeente as in intern, rows of the region or of no gebied as in openbaar, no other."""
    for g in _gemeenten(uitgave)[:3]:
        with duckdb.connect() as con:
            for naam, pad in (("i", "intern"), ("o", "openbaar"), ("e", f"gemeente/{g}")):
                con.execute(f"ATTACH '{uitgave / pad / 'marts.duckdb'}' AS {naam} (READ_ONLY)")
            eigen = dict(con.execute(KOLOMMEN.format("e")).fetchall())
            assert eigen == dict(con.execute(KOLOMMEN.format("o")).fetchall())
            for tabel, kolommen in eigen.items():
                gebied = next((k for k in ("gebied_code", "gemeente") if k in kolommen), None)
                gezet = [k for k in kolommen if k != "is_onderdrukt"]
                lijst = ", ".join(gezet)
                if gebied is None:
                    delen = [("o", lijst, "true", "true")]
                else:
                    is_regio, is_eigen = f"{gebied} = 'REGIO'", f"{gebied} = '{g}'"
                    delen = [("o", ", ".join(kolommen), is_regio, is_regio), ("i", lijst, is_eigen, is_eigen)]
                    anders = f"SELECT count(*) FROM e.{tabel} WHERE NOT ({is_regio} OR {is_eigen})"
                    assert con.execute(anders).fetchall() == [(0,)], tabel
                for bron, welke, daar, hier in delen:
                    links = f"SELECT {welke} FROM {bron}.{tabel} WHERE {daar}"
                    rechts = f"SELECT {welke} FROM e.{tabel} WHERE {hier}"
                    for een, twee in ((links, rechts), (rechts, links)):
                        verschil = con.execute(f"SELECT count(*) FROM ({een} EXCEPT ALL {twee})").fetchall()
                        assert verschil == [(0,)], (tabel, bron)


def test_its_own_figures_are_whole(uitgave: Path) -> None:
    """Something of every gemeente is hidden from the public, and nothing from itself."""
    for g in _gemeenten(uitgave):
        tellen = "SELECT count(*) FILTER (is_onderdrukt) FROM sturing.indicatoren WHERE gebied_code = ?"
        uit = []
        for pad in ("openbaar", f"gemeente/{g}"):
            with duckdb.connect(str(uitgave / pad / "marts.duckdb"), read_only=True) as con:
                uit += con.execute(tellen, [g]).fetchall()[0]
        assert uit[0] > 0
        assert uit[1] == 0


def test_no_other_gemeente_is_in_any_byte_of_it(uitgave: Path) -> None:
    alle = set(_gemeenten(uitgave))
    for g in alle:
        inhoud = (uitgave / "gemeente" / g / "marts.duckdb").read_bytes()
        gezien = {code.decode() for code in re.findall(rb"GM[0-9]{4}", inhoud)}
        assert g in gezien
        assert not gezien & (alle - {g}), g
