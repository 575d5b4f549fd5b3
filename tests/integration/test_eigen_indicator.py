"""An indicator is a row: what CONTRIBUTING promises of it, followed to the end on the small home.

What it divides are figures of an indicator of the project, so its own are known.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipeline.rapport import maken
from pipeline.rapport.blokken import Beeld
from pipeline.rapport.bron import Editie, edities
from pipeline.rapport.opmaak import maak_html, omgeving
from pipeline.rapport.paginas import begrip
from tests.klein_huis import KleinHuis, gepubliceerd

EIGEN = "aandeel_eigen"


@pytest.fixture(scope="module")
def publicatie(klein_huis: KleinHuis) -> Path:
    return gepubliceerd(klein_huis.na)


def _vraag(marts: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(marts), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_it_is_published_for_every_segment_gebied_and_month_also_at_zero(publicatie: Path) -> None:
    """Youths of the segment in all youths of the gebied: both are `jeugdigen_in_zorg`."""
    marts = publicatie / "intern" / "marts.duckdb"
    eigen = _vraag(
        marts,
        f"""SELECT e.teller = s.teller, e.noemer = t.teller,
                CASE WHEN s.waarde IS NULL OR t.teller = 0 THEN e.waarde IS NULL
                     ELSE abs(e.waarde - s.teller / t.teller) < 1e-12 END
            FROM sturing.indicatoren AS e
            JOIN sturing.indicatoren AS s USING (periode_soort, periode, gebied_code, segment)
            JOIN sturing.indicatoren AS t USING (periode_soort, periode, gebied_code)
            WHERE e.indicator_id = '{EIGEN}' AND s.indicator_id = 'jeugdigen_in_zorg'
                AND t.indicator_id = 'jeugdigen_in_zorg' AND t.segment = 'totaal'""",
    )
    tel = "SELECT count(*), count(*) FILTER (waarde > 0) FROM sturing.indicatoren WHERE periode_soort = 'maand'"
    [(n, n_meer)] = _vraag(marts, f"{tel} AND indicator_id = 'jeugdigen_in_zorg'")
    assert len(eigen) == n > n_meer > 100
    assert set(eigen) == {(True, True, True)}
    assert _vraag(marts, f"{tel} AND indicator_id = '{EIGEN}'") == [(n, n_meer)]


def test_the_public_and_every_gemeente_have_it_where_the_row_says(publicatie: Path) -> None:
    openbaar = _vraag(
        publicatie / "openbaar" / "marts.duckdb",
        f"SELECT DISTINCT periode_soort, gebied_code, segment FROM openbaar.kerncijfers WHERE indicator_id = '{EIGEN}'",
    )
    assert set(openbaar) == {("kwartaal", g, "totaal") for g in ("REGIO", "GM0141", "GM1742")}
    for gemeente in ("GM0141", "GM1742"):
        eigen = _vraag(
            publicatie / "gemeente" / gemeente / "marts.duckdb",
            f"SELECT DISTINCT gebied_code FROM sturing.indicatoren WHERE indicator_id = '{EIGEN}'",
        )
        assert eigen == [(gemeente,)]


def test_every_edition_explains_it(publicatie: Path) -> None:
    alle = edities(publicatie)
    assert {maken.soort_van(e) for e in alle} == {"intern", "openbaar", "gemeente"}
    for editie in alle:
        assert "Aandeel van eigen makelij" in _begrippen(publicatie, editie), editie.naam


def _begrippen(publicatie: Path, editie: Editie) -> str:
    boek = maken.open_boek(publicatie, editie)
    try:
        env = omgeving()
        return "".join(
            maak_html(env, p, boek, [], lambda beeld: dict.fromkeys(beeld.maten, "10 10\n<g></g>"))
            for p in begrip.paginas(boek)
        )
    finally:
        boek.bron.sluit()


def _leeg_beeld(beeld: Beeld) -> dict[str, str]:
    return dict.fromkeys(beeld.maten, "10 10\n<g></g>")
