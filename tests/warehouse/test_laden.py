"""Load: what comes in, what is replaced, and the sums that must bite."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.fouten import InvariantFout, SlotFout
from pipeline.domain.leveringen import KERN, Bericht, Ontvangstbewijs, Status, Telling
from pipeline.domain.maanden import Maand
from pipeline.settings import Settings
from pipeline.warehouse import Laadresultaat, laad, laden
from tests.warehouse.conftest import NU, Lever, gegevens, schrijf_rijen


def _laad(
    settings: Settings, catalogus: Catalogus, bewijzen: list[Ontvangstbewijs], peilmoment: dt.datetime = NU
) -> Laadresultaat:
    rij: Any = SimpleNamespace(
        gemeente="GM0153",
        bericht=Bericht.DECLARATIES,
        maand=Maand(2025, 5),
        status=Status.GEACCEPTEERD,
        uiterste_datum=dt.date(2025, 6, 15),
        respijt_tot=dt.date(2025, 6, 20),
        levering_id=None,
        dagen_te_laat=None,
        is_verplicht=True,
        reden="",
    )
    return laad(
        settings,
        catalogus,
        bewijzen,
        peilmoment=peilmoment,
        publicatie=gegevens(bewijzen, peilmoment),
        kalender=[rij],
    )


def _vraag(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(settings.huis.warehouse)) as con:
        return con.execute(sql).fetchall()


def test_rows_and_small_tables_arrive(settings: Settings, catalogus: Catalogus, lever: Lever) -> None:
    a = lever(centen=(100, 250))
    b = lever(bericht=Bericht.TOEWIJZINGEN, centen=(70,), inhoud="t")
    uit = _laad(settings, catalogus, [a, b])
    geen = {b.value: 0 for b in Bericht}
    assert uit.rijen == geen | {"declaraties": 2, "toewijzingen": 1}
    assert uit.bedrag_cent == geen | {"declaraties": 350, "toewijzingen": 70}
    assert uit.is_nieuw_warehouse
    assert _vraag(settings, "SELECT sum(ingediend_bedrag_cent), min(rij) FROM raw.declaraties") == [(350, 2)]
    assert _vraag(settings, "SELECT toewijzingstijd FROM raw.toewijzingen") == [(dt.time(9, 30, 1),)]
    assert _vraag(settings, "SELECT count(*), sum(n_rijen) FROM raw.bevindingen") == [(4, 2)]
    assert _vraag(settings, "SELECT count(*), max(uiterste_datum) FROM raw.leveringskalender") == [
        (1, dt.date(2025, 6, 15))
    ]
    assert _vraag(settings, "SELECT min(datum), max(datum) FROM raw.kalender") == [
        (dt.date(2010, 1, 1), dt.date(2040, 12, 31))
    ]
    assert _vraag(settings, "SELECT peilmoment, reeks FROM raw.publicatie") == [
        (NU.replace(tzinfo=None), "synthetisch")
    ]
    # half past midnight in the Netherlands: the day of arrival is the next one
    assert _vraag(settings, "SELECT DISTINCT ontvangen_op, ontvangen_dag FROM raw.leveringen") == [
        (dt.datetime(2025, 6, 12, 22, 30, tzinfo=dt.UTC).replace(tzinfo=None), dt.date(2025, 6, 13))
    ]


def test_a_second_load_adds_only_what_is_new(settings: Settings, catalogus: Catalogus, lever: Lever) -> None:
    a = lever()
    _laad(settings, catalogus, [a])
    b = lever(maand="2025-06", centen=(5,))
    uit = _laad(settings, catalogus, [a, b])
    assert (uit.leveringen_toegevoegd, uit.leveringen_verwijderd, uit.is_nieuw_warehouse) == (1, 0, False)
    assert _laad(settings, catalogus, [a, b]).leveringen_toegevoegd == 0
    assert _vraag(settings, "SELECT count(*) FROM raw.declaraties") == [(3,)]


def test_geldend_and_versie_follow_the_peilmoment(settings: Settings, catalogus: Catalogus, lever: Lever) -> None:
    dag = dt.datetime(2025, 6, 10, tzinfo=dt.UTC)
    v1 = lever(inhoud="1", ontvangen_op=dag)
    v2 = lever(inhoud="2", ontvangen_op=dag + dt.timedelta(days=1), status=Status.AFGEKEURD)
    v3 = lever(inhoud="3", ontvangen_op=dag + dt.timedelta(days=2))
    vraag = "SELECT versie, status, is_geldend FROM raw.leveringen ORDER BY versie"
    _laad(settings, catalogus, [v3, v1, v2])
    assert _vraag(settings, vraag) == [(1, "GEACCEPTEERD", False), (2, "AFGEKEURD", False), (3, "GEACCEPTEERD", True)]
    _laad(settings, catalogus, [v1, v2, v3], peilmoment=dag + dt.timedelta(days=1, hours=1))
    assert _vraag(settings, vraag) == [(1, "GEACCEPTEERD", True), (2, "AFGEKEURD", False)]


def test_rejudging_replaces_the_rows(settings: Settings, catalogus: Catalogus, lever: Lever) -> None:
    blijft = lever(gemeente="GM0141", centen=(1,))
    oud = lever(centen=(100, 250))
    _laad(settings, catalogus, [blijft, oud])
    nieuw = lever(centen=(100,), deurversie="d2")
    assert nieuw.levering_id == oud.levering_id
    uit = _laad(settings, catalogus, [blijft, nieuw])
    assert (uit.leveringen_toegevoegd, uit.leveringen_verwijderd) == (1, 1)
    assert _vraag(settings, "SELECT count(*), sum(ingediend_bedrag_cent)::BIGINT FROM raw.declaraties") == [(2, 101)]


def test_all_rejudged_at_once(settings: Settings, catalogus: Catalogus, lever: Lever) -> None:
    _laad(settings, catalogus, [lever(), lever(gemeente="GM0141")])
    uit = _laad(settings, catalogus, [lever(deurversie="d2"), lever(gemeente="GM0141", deurversie="d2")])
    assert (uit.leveringen_toegevoegd, uit.leveringen_verwijderd) == (2, 2)
    assert _vraag(settings, "SELECT count(*) FROM raw.declaraties") == [(4,)]


def test_a_levering_refused_on_rejudging_leaves(settings: Settings, catalogus: Catalogus, lever: Lever) -> None:
    a, b = lever(), lever(gemeente="GM0141")
    _laad(settings, catalogus, [a, b])
    _laad(settings, catalogus, [lever(status=Status.AFGEKEURD, deurversie="d2"), b])
    assert _vraag(settings, "SELECT DISTINCT gemeente FROM raw.declaraties") == [("GM0141",)]


@pytest.mark.parametrize(
    ("veld", "telling"), [("rijen", Telling(3, 3, 0)), ("bedrag_cent", Telling(351, 351, 0))], ids=["rows", "cents"]
)
def test_the_invariant_bites(
    settings: Settings, catalogus: Catalogus, lever: Lever, veld: str, telling: Telling
) -> None:
    goed = lever(gemeente="GM0141")
    _laad(settings, catalogus, [goed])
    fout = replace(lever(), **{veld: telling})
    with pytest.raises(InvariantFout, match=fout.levering_id):
        _laad(settings, catalogus, [goed, fout])
    assert _vraag(settings, "SELECT DISTINCT levering_id FROM raw.declaraties") == [(goed.levering_id,)]
    assert _vraag(settings, "SELECT count(*) FROM raw.leveringen") == [(1,)]


def test_rows_of_another_levering_in_the_file_bite(settings: Settings, catalogus: Catalogus, lever: Lever) -> None:
    a = lever()
    schrijf_rijen(
        settings.huis, a, [{"ingediend_bedrag_cent": 100}, {"ingediend_bedrag_cent": 250, "levering_id": "vreemd"}]
    )
    with pytest.raises(InvariantFout):
        _laad(settings, catalogus, [a])


def test_rows_nobody_vouches_for_bite(settings: Settings, catalogus: Catalogus, lever: Lever) -> None:
    a = lever()
    _laad(settings, catalogus, [a])
    with duckdb.connect(str(settings.huis.warehouse)) as con:
        con.execute("INSERT INTO raw.declaraties (levering_id) VALUES ('onbekend')")
    with pytest.raises(InvariantFout, match="onbekend"):
        _laad(settings, catalogus, [a])


def test_a_missing_file_says_what_to_do(settings: Settings, catalogus: Catalogus, lever: Lever) -> None:
    a = lever()
    laden.validated_pad(settings.huis, a).unlink()
    with pytest.raises(InvariantFout, match="replay"):
        _laad(settings, catalogus, [a])


def test_nil_needs_no_file(settings: Settings, catalogus: Catalogus, lever: Lever) -> None:
    uit = _laad(settings, catalogus, [lever(centen=(), status=Status.NIHIL_BEVESTIGD)])
    assert uit.rijen["declaraties"] == 0
    assert _vraag(settings, "SELECT is_geldend, rijen_niet_data FROM raw.leveringen") == [(True, 1)]


@pytest.mark.parametrize("schade", ["rommel", "schema", "leeg"])
def test_an_unusable_warehouse_is_rebuilt(settings: Settings, catalogus: Catalogus, lever: Lever, schade: str) -> None:
    a = lever()
    _laad(settings, catalogus, [a])
    if schade == "schema":
        with duckdb.connect(str(settings.huis.warehouse)) as con:
            con.execute("UPDATE raw.schemaversie SET versie = 'oud'")
    elif schade == "rommel":
        settings.huis.warehouse.write_bytes(b"geen database" * 999)
    else:
        settings.huis.warehouse.write_bytes(b"")
    uit = _laad(settings, catalogus, [a])
    assert uit.is_nieuw_warehouse
    assert _vraag(settings, "SELECT count(*) FROM raw.declaraties") == [(2,)]


def test_damage_that_shows_only_while_loading_is_rebuilt(
    settings: Settings, catalogus: Catalogus, lever: Lever
) -> None:
    a = lever()
    _laad(settings, catalogus, [a])
    with duckdb.connect(str(settings.huis.warehouse)) as con:
        con.execute("DROP TABLE raw.declaraties")
    assert _laad(settings, catalogus, [a]).is_nieuw_warehouse
    assert _vraag(settings, "SELECT count(*) FROM raw.declaraties") == [(2,)]


def test_what_an_earlier_build_made_is_gone(settings: Settings, catalogus: Catalogus, lever: Lever) -> None:
    a = lever()
    _laad(settings, catalogus, [a])
    with duckdb.connect(str(settings.huis.warehouse)) as con:
        con.execute("CREATE SCHEMA sturing")
        con.execute("CREATE TABLE sturing.oud_model AS SELECT 1 AS x")
    _laad(settings, catalogus, [a])
    assert _vraag(settings, "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'sturing'") == [(0,)]


def test_an_open_warehouse_gives_a_clear_message(
    settings: Settings, catalogus: Catalogus, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bezet(_pad: str) -> None:
        raise duckdb.IOException("IO Error: Could not set lock on file")

    settings.huis.warehouse.write_bytes(b"x")
    monkeypatch.setattr(laden, "_SLOT_GEDULD_SECONDEN", 0.0)
    monkeypatch.setattr(laden.duckdb, "connect", bezet)
    with pytest.raises(SlotFout, match="in gebruik"):
        _laad(settings, catalogus, [])
    assert settings.huis.warehouse.read_bytes() == b"x", "a file that is merely in use is not thrown away"


@pytest.mark.slow
def test_a_thousand_leveringen_load_in_seconds(settings: Settings, catalogus: Catalogus, lever: Lever) -> None:
    maanden = [str(Maand(2018, 1).plus(i)) for i in range(36)]
    bewijzen = [
        lever(gemeente=g, bericht=b, maand=m, centen=(1,)) for g in catalogus.gemeenten for m in maanden for b in KERN
    ]
    begin = time.perf_counter()
    uit = _laad(settings, catalogus, bewijzen)
    assert uit.leveringen_totaal == 14 * 36 * 2
    assert time.perf_counter() - begin < 10
