"""The national history is a region many times over: nothing lost, nobody twice, and its build adds up."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from benchmarks.landelijk import _PER_RIJ, GEMEENTEN, Kopieen, draai, maak_landelijk
from pipeline.domain.catalogus import Catalogus
from pipeline.warehouse.tabellen import RIJTABELLEN, alle_tabellen
from tests.conftest import GedraaideRegio

K = 2


def test_copies_fill_every_gemeente_and_none_is_lost() -> None:
    verdeling = Kopieen(110, 14)
    codes = {verdeling.code(i, n) for i in range(14) for n in range(verdeling.van(i))}
    assert len(codes) == GEMEENTEN
    for i in range(14):
        assert sum(verdeling.in_gemeente(i, n) for n in range(verdeling.van(i))) == 110


@pytest.mark.slow
def test_a_national_history_is_k_times_the_region(schone_regio: GedraaideRegio, tmp_path: Path) -> None:
    """Rows and cents, also per levering as its receipt says; keys and youths are new ones in every copy."""
    landelijk = maak_landelijk(schone_regio.settings, tmp_path, K)
    catalogus = Catalogus.load(landelijk.seeds)
    catalogus.controleer()
    assert len(catalogus.gemeenten) == 14 * K
    tellingen = """select
        count(*), sum(ingediend_bedrag_cent), count(distinct pseudoniem),
        count(distinct (gemeente, aanbieder_agb, referentienummer)), count(distinct (levering_id, rij)),
        (select count(*) from raw.toewijzingen),
        (select count(distinct (gemeente, toewijzingnummer)) from raw.toewijzingen),
        (select sum(rijen_geaccepteerd) from raw.leveringen), (select sum(n_rijen) from raw.bevindingen)
        from raw.declaraties"""
    bron = str(schone_regio.settings.huis.warehouse)
    with duckdb.connect(bron, read_only=True) as een, duckdb.connect(str(landelijk.huis.warehouse)) as alle:
        verwacht = [w * K for w in een.execute(tellingen).fetchall()[0]]
        assert list(alle.execute(tellingen).fetchall()[0]) == verwacht
        assert alle.execute(
            "select count(*) from (select levering_id, gemeente, leveringsmaand, count(*) as n, "
            "sum(ingediend_bedrag_cent) as cent from raw.declaraties group by all) "
            "full join (from raw.leveringen where bericht = 'declaraties' and rijen_geaccepteerd > 0) as l "
            "using (levering_id, gemeente, leveringsmaand) "
            "where n is distinct from rijen_geaccepteerd or cent is distinct from bedrag_geaccepteerd_cent"
        ).fetchall() == [(0,)]


@pytest.mark.slow
def test_the_build_of_a_small_national_history_adds_up(tmp_path: Path) -> None:
    """All 342 gemeenten, six months; `draai` raises when a sum is not k times the region's."""
    uit = draai(tmp_path, regels=25_000, maanden=6, geheugen="4GB")
    assert uit["kopieen"] >= 25
    assert uit["declaraties"] > 15_000
    assert 0 < uit["piek_gib"] < 6
    assert "indicatoren" in uit["per_model"]


def test_every_bericht_knows_the_keys_of_a_copy() -> None:
    assert set(_PER_RIJ) == {b.value for b in RIJTABELLEN}
    assert all(set(sleutels) <= set(alle_tabellen()[naam]) for naam, sleutels in _PER_RIJ.items())
