"""Dagster shows what the command line did: from an empty database, within one tick, and only once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import dagster as dg
import duckdb
import pytest

from pipeline import maand as maandloop
from pipeline import publish, rapport
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import GEACCEPTEERDE_STATUSSEN
from pipeline.orchestration import assets, partities
from pipeline.orchestration.vertaler import GROEPEN, groep
from tests.klein_huis import KleinHuis
from tests.orchestration.hulp import bouw_defs


@pytest.fixture(scope="module")
def defs(klein_huis: KleinHuis) -> dg.Definitions:
    s = klein_huis.settings_na
    return bouw_defs(
        {
            "REGIOMONITOR_HOME": str(s.huis.pad),
            "REGIOMONITOR_SEEDS": str(s.seeds),
            "REGIOMONITOR_SLEUTEL": s.eis_sleutel().decode(),
            "REGIOMONITOR_BSN_REEKS": s.bsn_reeks.value,
        }
    )


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def tik(defs: dg.Definitions, instance: dg.DagsterInstance) -> list[Any]:
    """One tick as the daemon does it; what it says happened is in the database afterwards."""
    sensor = defs.resolve_sensor_def("bijhouden")
    uit = sensor.evaluate_tick(dg.build_sensor_context(instance=instance, definitions=defs))
    assert not uit.run_requests
    for gebeurtenis in uit.asset_events:
        instance.report_runless_asset_event(gebeurtenis)
    return list(uit.asset_events)


def test_a_lost_database_shows_the_same_calendar_and_tables_after_one_tick(
    klein_huis: KleinHuis, defs: dg.Definitions, instance: dg.DagsterInstance
) -> None:
    eerste = tik(defs, instance)
    settings = klein_huis.settings_na
    catalogus = Catalogus.load(settings.seeds)
    opdracht = maandloop.bereid_voor(settings, catalogus, nu=dt.datetime.now(dt.UTC))
    gevuld = instance.get_materialized_partitions(assets.LEVERINGEN)
    staat, schuldig = set(), set()
    for r in opdracht.kalender:
        cel = f"{r.gemeente}|{r.maand}-01"
        if r.status in GEACCEPTEERDE_STATUSSEN:
            staat.add(cel)
        elif r.is_verplicht:
            schuldig.add(cel)
    assert gevuld == (staat - schuldig) & set(partities.gemeente_maanden(catalogus).get_partition_keys())
    maanden = {f"{b.sleutel.maand}-01" for b in opdracht.bewijzen}
    assert instance.get_materialized_partitions(assets.EXTRACTEN) == maanden

    staand = publish.huidige(settings)
    assert staand is not None
    gezien = instance.get_latest_materialization_event(assets.PUBLICATIE)
    assert gezien is not None
    assert gezien.asset_materialization.metadata["publicatie_id"].value == staand.publicatie_id
    with duckdb.connect(str(settings.huis.published / "intern" / "marts.duckdb"), read_only=True) as con:
        for tabel in ("sturing.indicatoren", "kosten.kosten_zorgmaand", "meta.regels"):
            gebeurtenis = instance.get_latest_materialization_event(dg.AssetKey(tabel.split(".")))
            assert gebeurtenis is not None, tabel
            metadata = gebeurtenis.asset_materialization.metadata
            assert metadata["publicatie_id"].value == staand.publicatie_id
            assert (metadata["dagster/row_count"].value,) == con.execute(f"SELECT count(*) FROM {tabel}").fetchone()
    assert tik(defs, instance) == []  # said once

    with dg.DagsterInstance.ephemeral() as leeg:
        nog_eens = tik(defs, leeg)
    assert [(type(e), e.asset_key) for e in nog_eens] == [(type(e), e.asset_key) for e in eerste]


def test_every_table_of_the_last_build_has_its_rows_and_every_sure_check_its_verdict(
    defs: dg.Definitions, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the regions of the tests have no pages of their own
    opgave = {"publicatie_id": "P", "paginas": {"intern": 3, "gemeente/GM0141": 2}}
    monkeypatch.setattr(rapport, "lees_opgave", lambda _pad: opgave)
    gebeurtenissen = tik(defs, instance)
    (paginas,) = (e for e in gebeurtenissen if e.asset_key == assets.RAPPORT)
    assert isinstance(paginas, dg.AssetMaterialization)
    assert paginas.metadata[assets.RIJEN].value == 5
    graaf = defs.resolve_asset_graph()
    verteld = {e.asset_key for e in gebeurtenissen if isinstance(e, dg.AssetMaterialization)}
    van_ons = {assets.LEVERINGEN, dg.AssetKey("meldingen")}  # of meldingen the book of alerts knows more than we
    assert set(graaf.get_all_asset_keys()) - van_ons <= verteld
    toetsen = {(e.asset_key, e.check_name): e for e in gebeurtenissen if isinstance(e, dg.AssetCheckEvaluation)}
    assert toetsen[assets.PUBLICATIE, "poort"].passed
    assert {f"compleet_{g}" for g in ("GM0141", "GM1742")} <= {naam for _, naam in toetsen}
    assert len(toetsen) > 150


def test_while_a_run_is_under_way_it_says_nothing(defs: dg.Definitions, instance: dg.DagsterInstance) -> None:
    instance.create_run_for_job(defs.resolve_job_def("dagelijkse_status"), status=dg.DagsterRunStatus.STARTED)
    assert tik(defs, instance) == []


def test_everything_has_an_owner_a_dutch_text_without_sql_a_kind_and_a_place_in_the_flow(defs: dg.Definitions) -> None:
    graaf = defs.resolve_asset_graph()
    for sleutel in graaf.get_all_asset_keys():
        node = graaf.get(sleutel)
        assert node.owners == ["team:regiomonitor"], sleutel
        assert node.kinds, sleutel
        assert node.description, sleutel
        assert "select" not in node.description.lower().split(), sleutel
        assert "```" not in node.description, sleutel
    groepen = {graaf.get(k).group_name for k in graaf.get_all_asset_keys()}
    assert groepen == {groep(g) for g in GROEPEN}
    assert sorted(groepen) == [groep(g) for g in GROEPEN]


def test_every_check_says_in_a_sentence_what_holds(defs: dg.Definitions) -> None:
    graaf = defs.resolve_asset_graph()
    for sleutel in graaf.asset_check_keys:
        zin = graaf.get_check_spec(sleutel).description
        assert zin, sleutel
        assert zin.rstrip().endswith("."), (sleutel, zin)
