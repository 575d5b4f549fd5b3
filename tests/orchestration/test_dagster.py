"""The Dagster side: it loads, it takes a range of months in one run, and a refused levering is a successful run."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.tags import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
    SCHEDULED_EXECUTION_TIME_TAG,
)

from pipeline import maand as maandloop
from pipeline import meldingen, naspelen, publish
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import GEACCEPTEERDE_STATUSSEN
from pipeline.domain.maanden import Maand
from pipeline.domain.runs import RunUitkomst
from pipeline.orchestration import rooster
from pipeline.orchestration.assets import in_volgorde
from pipeline.orchestration.dbt_manifest import manifest
from pipeline.proces import runboek
from pipeline.settings import PROJECT, load_settings
from pipeline.synth import maak_regio
from pipeline.warehouse import Knoop
from tests.in_dit_proces import in_dit_proces
from tests.kleine_regio import maak_seeds
from tests.orchestration.hulp import bouw_defs

NU = dt.datetime(2026, 5, 20, 12, tzinfo=dt.UTC)
GEMEENTEN = ("GM0141", "GM1742", "GM0153")


@pytest.fixture(scope="module")
def env(tmp_path_factory) -> dict[str, str]:
    pad = tmp_path_factory.mktemp("dagster")
    maak_regio(
        pad / "regio",
        Catalogus.load(maak_seeds(pad / "seeds", GEMEENTEN)),
        n_maanden=13,
        seed=11,
        laatste_maand=Maand(2026, 4),
        nu=NU,
        schaal=0.05,
    )
    shutil.move(pad / "regio" / "landing", pad / "data" / "landing")
    env = {
        "REGIOMONITOR_HOME": str(pad / "data"),
        "REGIOMONITOR_SEEDS": str(pad / "seeds"),
        "REGIOMONITOR_SLEUTEL": "sleutel-van-de-tests-0123456789abcdef",
        "REGIOMONITOR_BSN_REEKS": "synthetisch",
    }
    load_settings(env).controleer_huis()
    return env


@pytest.fixture(scope="module")
def defs(env) -> dg.Definitions:
    return bouw_defs(env)


@pytest.fixture(scope="module")
def gedraaid(defs):
    """One run over a range of all months."""
    with dg.instance_for_test() as instance:
        job = defs.resolve_job_def("maandlevering")
        with in_dit_proces():
            uitkomst = job.execute_in_process(
                instance=instance,
                tags={ASSET_PARTITION_RANGE_START_TAG: "2025-01-01", ASSET_PARTITION_RANGE_END_TAG: "2026-04-01"},
            )
        yield uitkomst, instance


def test_a_range_of_months_is_one_successful_run_that_publishes(gedraaid, env):
    uitkomst, _ = gedraaid
    assert uitkomst.success
    assert (Path(env["REGIOMONITOR_HOME"]) / "published" / "intern" / "marts.duckdb").exists()


def test_a_refused_levering_is_a_failed_check_in_a_successful_run(gedraaid):
    uitkomst, _ = gedraaid
    checks = {e.check_name: e for e in uitkomst.get_asset_check_evaluations() if e.check_name.startswith("levering_")}
    assert len(checks) == len(GEMEENTEN)
    gefaald = [c for c in checks.values() if not c.passed]
    assert gefaald
    assert all(c.severity is dg.AssetCheckSeverity.WARN for c in gefaald)
    assert any(c.metadata["redenen"].value for c in gefaald)
    assert any(c.passed for c in checks.values())


def test_the_ui_shows_who_delivered_what(gedraaid):
    _, instance = gedraaid
    partities = instance.get_materialized_partitions(dg.AssetKey("leveringen"))
    assert "GM0141|2025-06-01" in partities
    assert not any(p.endswith("|2024-12-01") for p in partities)


def verwacht_gevuld(env, nu) -> set[str]:
    """Gemeente x maand of which something stands and nothing that is owed does not, from the calendar itself."""
    staand, open_ = set(), set()
    for r in maandloop.bereid_voor(load_settings(env), Catalogus.load(Path(env["REGIOMONITOR_SEEDS"])), nu=nu).kalender:
        cel = f"{r.gemeente}|{r.maand}-01"
        if r.status in GEACCEPTEERDE_STATUSSEN:
            staand.add(cel)
        elif r.is_verplicht:
            open_.add(cel)
    return staand - open_


def test_the_partition_view_is_the_calendar_also_in_a_dagster_that_remembers_nothing(gedraaid, defs, env):
    _, instance = gedraaid
    gevuld = set(instance.get_materialized_partitions(dg.AssetKey("leveringen")))
    assert gevuld == verwacht_gevuld(env, dt.datetime.now(dt.UTC))
    assert len(gevuld) > 20
    with dg.DagsterInstance.ephemeral() as leeg:
        job = defs.resolve_job_def("maandlevering")
        keuze = {"instance": leeg, "asset_selection": [dg.AssetKey("extracten")], "partition_key": "2026-04-01"}
        for nieuw in (len(gevuld), 0):  # what the UI knows is not told again
            uitkomst = job.execute_in_process(**keuze)
            gemaakt = [e for e in uitkomst.get_asset_materialization_events() if e.partition and "|" in e.partition]
            assert len(gemaakt) == nieuw
        assert set(leeg.get_materialized_partitions(dg.AssetKey("leveringen"))) == gevuld


def test_the_run_leaves_what_it_cost_and_who_was_told(gedraaid, env):
    huis = load_settings(env).huis
    run, *_ = runboek.lees(huis)
    assert run.uitkomst is RunUitkomst.GEPUBLICEERD
    assert [s.naam for s in run.stappen] == ["inname", "laden", "bouwen", "uitgaven", "poort en publicatie", "rapport"]
    assert all(s.seconden > 0 and s.piek_mb > 50 for s in run.stappen[:-1])  # no pages are made here
    assert run.stappen[0].rijen > 0
    assert meldingen.lees(huis).berichten
    gebeurtenissen = gedraaid[0].get_asset_materialization_events()
    (gemaakt,) = [e.materialization for e in gebeurtenissen if e.asset_key == dg.AssetKey("publicatie")]
    assert "| poort en publicatie |" in gemaakt.metadata["kosten"].value


def draai_job(naam, defs, instance, **tags):
    uitkomst = defs.resolve_job_def(naam).execute_in_process(instance=instance, tags=tags)
    assert uitkomst.success
    return [e.user_message for e in instance.all_logs(uitkomst.run_id) if e.level == 20]


def test_a_freeze_keeps_the_publication_under_the_name_of_its_month_and_quarter(gedraaid, defs, env):
    with dg.DagsterInstance.ephemeral() as instance:
        for job in ("maandbevriezing", "kwartaalbevriezing"):
            draai_job(job, defs, instance, **{SCHEDULED_EXECUTION_TIME_TAG: "2026-04-27T04:00:00+00:00"})
    pad = publish.huidige(load_settings(env)).pad
    assert (pad / "kwaliteitsdocs" / "index.html").is_file()  # what is kept has its data docs
    merk = publish.bewaarmerk(pad)
    assert merk.reden == "maand 2026-03; kwartaal 2026-1"


def test_the_daily_status_says_nothing_twice(gedraaid, defs, env):
    eerder = len(meldingen.lees(load_settings(env).huis).berichten)
    with dg.DagsterInstance.ephemeral() as instance:
        assert "berichten: 0" in draai_job("dagelijkse_status", defs, instance)
    assert len(meldingen.lees(load_settings(env).huis).berichten) == eerder


def test_housekeeping_deletes_runs_of_more_than_half_a_year_ago_with_their_events(gedraaid, defs, env):
    with dg.DagsterInstance.ephemeral() as instance:
        oud = instance.add_run(dg.DagsterRun(job_name="publiceren", status=dg.DagsterRunStatus.SUCCESS))
        bezig = instance.add_run(dg.DagsterRun(job_name="publiceren", status=dg.DagsterRunStatus.STARTED))
        nu = dt.datetime.now(dt.UTC)
        assert rooster.ruim_runs_op(instance, nu + rooster.BEWAAR_RUNS - dt.timedelta(days=1)) == 0
        assert rooster.ruim_runs_op(instance, nu + rooster.BEWAAR_RUNS + dt.timedelta(days=1)) == 1
        assert not instance.has_run(oud.run_id)
        assert instance.has_run(bezig.run_id)
        draai_job("huishouding", defs, instance)
    assert publish.huidige(load_settings(env)) is not None  # what is current stays, however old


@pytest.mark.slow
def test_the_weekly_proof_rebuilds_what_is_published_and_fails_when_it_is_something_else(
    gedraaid, defs, env, monkeypatch
):
    staand = publish.huidige(load_settings(env)).publicatie_id
    with dg.DagsterInstance.ephemeral() as instance:
        assert any(m.startswith("leveringen: ") for m in draai_job("wekelijks_bewijs", defs, instance))
        assert publish.huidige(load_settings(env)).publicatie_id == staand
        monkeypatch.setattr(naspelen, "speel_na", lambda *_a, **_k: naspelen.Replay(False, ("sturing.stromen",), 1, {}))
        job = defs.resolve_job_def("wekelijks_bewijs")
        uitkomst = job.execute_in_process(instance=instance, raise_on_error=False)
        assert not uitkomst.success


def test_every_published_table_has_lineage_to_the_door(gedraaid):
    graaf = bouw_defs().resolve_asset_graph()
    boven = dg.AssetSelection.assets(dg.AssetKey("publicatie")).upstream().resolve(graaf)
    assert {dg.AssetKey("extracten"), dg.AssetKey(["raw", "toewijzingen"])} <= boven
    assert dg.AssetKey(["sturing", "indicatoren"]) in boven
    assert graaf.get(dg.AssetKey("extracten")).parent_keys == {dg.AssetKey("leveringen")}


def test_what_a_build_left_as_it_was_comes_before_what_depends_on_it():
    inhoud = manifest(PROJECT / "seeds")
    knopen = [Knoop(uid, n["resource_type"], "success", 0.0, None) for uid, n in inhoud["nodes"].items()]
    volgorde = [k.unique_id for k in in_volgorde(knopen[::-1], inhoud)]
    assert sorted(volgorde) == sorted(inhoud["nodes"])
    gezien: set[str] = set()
    for uid in volgorde:
        assert {o for o in inhoud["parent_map"][uid] if o in inhoud["nodes"]} <= gezien, uid
        gezien.add(uid)


def test_no_value_of_a_row_is_in_the_event_log(gedraaid, env):
    _, instance = gedraaid
    tekst = "".join(e.user_message + str(e.dagster_event) for e in instance.all_logs(gedraaid[0].run_id))
    landing = Path(env["REGIOMONITOR_HOME"]) / "landing" / "GM0141"
    bsns = {r.split(";")[0] for p in landing.glob("toewijzingen*") for r in p.read_text("latin-1").splitlines()[1:]}
    bsns = {b for b in bsns if b.isdigit() and len(b) == 9}
    assert len(bsns) > 10
    assert not [b for b in bsns if b in tekst]
