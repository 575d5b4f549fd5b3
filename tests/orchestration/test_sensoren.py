"""Arrivals: what is complete, once, in one run, whatever Dagster remembers; and what a failed run leaves behind."""

from __future__ import annotations

import datetime as dt
import json
import os
from types import SimpleNamespace

import dagster as dg
import pytest
from dagster._core.errors import DagsterUserCodeUnreachableError
from dagster._core.launcher import WorkerStatus
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG, GRPC_INFO_TAG
from dagster._grpc.types import CanCancelExecutionResult
from dagster._serdes import serialize_value
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from pipeline import intake, meldingen
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht
from pipeline.domain.maanden import Maand
from pipeline.domain.runs import RunUitkomst
from pipeline.intake import wachtend
from pipeline.intake.wachtend import bekijk
from pipeline.meldingen import rondgang
from pipeline.orchestration import opslag, rooster, sensoren
from pipeline.orchestration.bewaking import BewaakteLauncher
from pipeline.orchestration.omgeving import Omgeving
from pipeline.orchestration.opslag import schrijf_zonder_wachten
from pipeline.proces import runboek
from pipeline.settings import PROJECT, load_settings
from tests.intake.hulp import als_csv, rij
from tests.kleine_regio import maak_seeds
from tests.orchestration.hulp import bouw_defs

D = Bericht.DECLARATIES


@pytest.fixture
def huis(tmp_path):
    env = {
        "REGIOMONITOR_HOME": str(tmp_path / "huis"),
        "REGIOMONITOR_SEEDS": str(maak_seeds(tmp_path / "seeds", ("GM0141", "GM0147"))),
        "REGIOMONITOR_SLEUTEL": "sleutel-van-de-tests-0123456789abcdef",
        "REGIOMONITOR_BSN_REEKS": "synthetisch",
    }
    settings = load_settings(env)
    settings.controleer_huis()
    return SimpleNamespace(env=env, settings=settings, catalogus=Catalogus.load(settings.seeds))


def leg_neer(huis, gemeente="GM0141", maand="2025-03", naam="", nummer="1", geleden=600.0):
    pad = huis.settings.huis.landing / gemeente / f"declaraties_{gemeente}_{maand}{naam}.csv"
    pad.parent.mkdir(parents=True, exist_ok=True)
    dag = Maand.lees(maand).laatste_dag.isoformat()
    pad.write_bytes(als_csv(D, [rij(D, referentienummer=nummer, declaratiedagtekening=dag, productperiode_eind=dag)]))
    moment = dt.datetime.now(dt.UTC).timestamp() - geleden
    os.utime(pad, (moment, moment))
    return pad


@pytest.fixture
def rustig(monkeypatch):
    """Files count as whole at once, for tests on something else."""
    monkeypatch.setattr(wachtend, "RUST", dt.timedelta(0))


def tik(huis, instance):
    sensor = sensoren.maak_aankomst(Omgeving(huis.env), "maandlevering")
    return sensor(dg.build_sensor_context(instance=instance))


@pytest.fixture
def instance():
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def test_without_a_data_home_the_sensor_says_so_and_starts_nothing(huis, instance, tmp_path):
    sensor = sensoren.maak_aankomst(Omgeving(huis.env | {"REGIOMONITOR_HOME": str(tmp_path / "dta")}), "maandlevering")
    uit = sensor(dg.build_sensor_context(instance=instance))
    assert isinstance(uit, dg.SkipReason)
    assert "geen data home" in uit.skip_message
    assert not (tmp_path / "dta").exists()


def test_everything_that_waits_is_one_run_over_its_months(huis, instance, rustig):
    leg_neer(huis, "GM0141", "2025-01")
    leg_neer(huis, "GM0141", "2025-03")
    leg_neer(huis, "GM0147", "2025-03")
    verzoek = tik(huis, instance)
    assert verzoek.tags[ASSET_PARTITION_RANGE_START_TAG] == "2025-01-01"
    assert verzoek.tags[ASSET_PARTITION_RANGE_END_TAG] == "2025-03-01"


def test_an_empty_landing_starts_nothing(huis, instance):
    assert isinstance(tik(huis, instance), dg.SkipReason)


def test_a_file_that_is_being_written_waits_until_it_is_quiet_or_has_its_control_file(huis, instance):
    pad = leg_neer(huis)  # its modification time says ten minutes ago, the inode knows better
    assert bekijk(huis.settings, nu=dt.datetime.now(dt.UTC)).onderweg == 1
    assert isinstance(tik(huis, instance), dg.SkipReason)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=61)
    assert len(bekijk(huis.settings, nu=later).wachtend) == 1
    pad.with_name(pad.name + ".controle.json").write_text(json.dumps({"rijen": 1}), encoding="utf-8")
    assert isinstance(tik(huis, instance), dg.RunRequest)


def test_a_control_file_about_other_bytes_does_not_make_a_half_file_whole(huis):
    pad = leg_neer(huis)
    pad.with_name(pad.name + ".controle.json").write_text(json.dumps({"sha256": "0" * 64}), encoding="utf-8")
    assert not bekijk(huis.settings, nu=dt.datetime.now(dt.UTC)).wachtend


def test_what_has_a_receipt_is_never_taken_again_also_by_a_dagster_that_remembers_nothing(huis, rustig):
    leg_neer(huis)
    with dg.DagsterInstance.ephemeral() as eerste:
        assert isinstance(tik(huis, eerste), dg.RunRequest)
    intake.neem_in(huis.settings, huis.catalogus, nu=dt.datetime.now(dt.UTC))
    leg_neer(huis, naam="_nog_eens")  # the same bytes under another name
    with dg.DagsterInstance.ephemeral() as tweede:
        assert isinstance(tik(huis, tweede), dg.SkipReason)


def test_what_has_no_receipt_is_not_forgotten_when_the_database_is_lost(huis, rustig):
    leg_neer(huis)
    sleutels = []
    for _ in range(2):
        with dg.DagsterInstance.ephemeral() as instance:
            sleutels.append(tik(huis, instance).run_key)
    assert sleutels[0] == sleutels[1]


def test_an_overwritten_file_is_new_by_its_content_and_a_touched_one_is_not(huis, instance, rustig):
    pad = leg_neer(huis)
    intake.neem_in(huis.settings, huis.catalogus, nu=dt.datetime.now(dt.UTC))
    os.utime(pad)
    assert isinstance(tik(huis, instance), dg.SkipReason)
    leg_neer(huis, nummer="2")
    assert isinstance(tik(huis, instance), dg.RunRequest)


def test_a_sender_is_not_told_that_something_is_missing_that_lies_in_landing(huis):
    dag = dt.datetime(2026, 5, 28, 12, tzinfo=dt.UTC)

    def stand(na_dagen):
        nu = dag + dt.timedelta(days=na_dagen)
        rondgang.meld(huis.settings, huis.catalogus, nu=nu)
        alle = meldingen.lees(huis.settings.huis)
        open_ = {(i.gemeente, i.bericht, i.periode): m for i, m in alle.meldingen.items() if m.is_open}
        return open_, [g for g in alle.gebeurtenissen if (g.identiteit.gemeente, g.identiteit.periode) == cel]

    cel = ("GM0141", "2026-04")
    hier, elders = (*cel[:1], "declaraties", cel[1]), ("GM0147", "declaraties", "2026-04")
    pad = leg_neer(huis, *cel)  # delivered, while nothing runs
    open_, _ = stand(0)
    assert hier not in open_
    assert elders in open_
    pad.unlink()
    open_, eerder = stand(1)
    assert open_[hier].soort is meldingen.Soort.ONTBREEKT
    leg_neer(huis, *cel)
    open_, later = stand(2)
    assert hier in open_  # neither solved nor worse until it was judged
    assert later == eerder
    intake.neem_in(huis.settings, huis.catalogus, nu=dag + dt.timedelta(days=3))
    assert hier not in stand(3)[0]


def een_run(instance, huis, status, sleutel):
    return instance.add_run(
        dg.DagsterRun(job_name="maandlevering", status=status, tags={sensoren.PARTIJ: sleutel.rsplit("-", 1)[0]})
    )


def test_no_second_run_while_one_is_under_way(huis, instance, rustig):
    leg_neer(huis)
    een_run(instance, huis, dg.DagsterRunStatus.STARTED, tik(huis, instance).run_key)
    assert isinstance(tik(huis, instance), dg.SkipReason)


def test_a_batch_whose_run_failed_is_tried_again_and_not_for_ever(huis, instance, rustig):
    leg_neer(huis)
    sleutels = []
    for _ in range(sensoren.POGINGEN):
        verzoek = tik(huis, instance)
        sleutels.append(verzoek.run_key)
        een_run(instance, huis, dg.DagsterRunStatus.FAILURE, verzoek.run_key)
    assert len(set(sleutels)) == sensoren.POGINGEN
    assert "kijk waarom" in tik(huis, instance).skip_message
    leg_neer(huis, nummer="anders")  # something else arrived
    assert isinstance(tik(huis, instance), dg.RunRequest)


def test_a_month_that_has_not_begun_starts_nothing(huis, instance, rustig):
    leg_neer(huis, maand="2099-01")
    assert isinstance(tik(huis, instance), dg.SkipReason)


def test_a_failed_run_is_in_the_book_and_told_without_the_text_of_the_error(huis, instance):
    @dg.op
    def stuk():
        raise ValueError("999900006")

    @dg.job
    def kapot():
        stuk()

    uitkomst = kapot.execute_in_process(instance=instance, raise_on_error=False)
    sensor = sensoren.maak_mislukt(Omgeving(huis.env))
    context = dg.build_run_status_sensor_context(
        sensor_name="mislukte_run",
        dagster_event=uitkomst.get_run_failure_event(),
        dagster_instance=instance,
        dagster_run=uitkomst.dagster_run,
    )
    sensor(context.for_run_failure())
    (run,) = runboek.lees(huis.settings.huis)
    assert (run.uitkomst, run.fout) == (RunUitkomst.MISLUKT, "stap mislukt: stuk: ValueError")
    soorten = {m.soort for m in meldingen.lees(huis.settings.huis).meldingen.values()}
    assert meldingen.Soort.RUN_MISLUKT in soorten
    alles = b"".join(p.read_bytes() for p in huis.settings.huis.pad.rglob("*") if p.is_file() and p.suffix != ".csv")
    assert b"999900006" not in alles


@pytest.mark.parametrize(
    ("dag", "maand", "kwartaal"),
    [
        ("2026-01-27", "maand 2025-12", "kwartaal 2025-4"),
        ("2026-04-27", "maand 2026-03", "kwartaal 2026-1"),
        ("2026-05-27", "maand 2026-04", "kwartaal 2026-1"),
    ],
)
def test_a_freeze_is_named_after_what_is_over(dag, maand, kwartaal):
    assert rooster.maand_van(dt.date.fromisoformat(dag)) == maand
    assert rooster.kwartaal_van(dt.date.fromisoformat(dag)) == kwartaal


def test_nothing_starts_by_itself_until_it_is_told_to(huis):
    for waarde, stand in (("", dg.DefaultScheduleStatus.STOPPED), ("aan", dg.DefaultScheduleStatus.RUNNING)):
        defs = bouw_defs({**huis.env, "REGIOMONITOR_ROOSTER": waarde})
        schemas = list(defs.schedules)
        assert {s.default_status for s in schemas} == {stand}
        assert {s.default_status.value for s in defs.sensors if s.name != "bijhouden"} == {stand.value}
        assert (
            defs.resolve_sensor_def("bijhouden").default_status is dg.DefaultSensorStatus.RUNNING
        )  # it starts nothing
    assert len(schemas) == 6
    assert all(s.execution_timezone == "Europe/Amsterdam" for s in schemas)


def test_dagsters_own_database_does_not_wait_for_the_disk_and_stays_whole(tmp_path):
    schrijf_zonder_wachten()
    schrijf_zonder_wachten()
    motor = create_engine(f"sqlite:///{tmp_path / 'proef.db'}")
    with motor.connect() as verbinding:
        assert verbinding.execute(text("PRAGMA synchronous")).scalar() == 1  # NORMAL
    motor.dispose()


def test_closing_a_file_of_dagster_does_not_empty_its_log_every_time(tmp_path):
    schrijf_zonder_wachten()
    for n in range(opslag.AANTAL_OPEN + 2):
        motor = create_engine(f"sqlite:///{tmp_path / f'{n}.db'}", poolclass=NullPool)
        with motor.connect() as verbinding:
            verbinding.execute(text("PRAGMA journal_mode = WAL"))
        with motor.begin() as verbinding:
            verbinding.execute(text("CREATE TABLE t (x INTEGER)"))
        assert (tmp_path / f"{n}.db-wal").stat().st_size > 0
    assert len(opslag._open) == opslag.AANTAL_OPEN
    assert not (tmp_path / "0.db-wal").exists()  # those that are no longer held are closed, and whole
    assert {p.name for p in tmp_path.glob("*.db-wal")} <= {f"{n}.db-wal" for n in range(2, 9)}


class Grpc:
    def __init__(self, antwoord):
        self.antwoord = antwoord

    def can_cancel_execution(self, _vraag):
        if isinstance(self.antwoord, Exception):
            raise self.antwoord
        return serialize_value(CanCancelExecutionResult(can_cancel=self.antwoord))


@pytest.mark.parametrize(
    ("antwoord", "status"),
    [
        (True, WorkerStatus.RUNNING),
        (False, WorkerStatus.FAILED),
        (DagsterUserCodeUnreachableError("weg"), WorkerStatus.FAILED),
    ],
)
def test_a_run_is_there_as_long_as_the_process_that_started_it_says_so(monkeypatch, antwoord, status):
    launcher = BewaakteLauncher()
    monkeypatch.setattr(launcher, "_get_grpc_client_for_termination", lambda _run_id: Grpc(antwoord))
    run = dg.DagsterRun(job_name="maandlevering", tags={GRPC_INFO_TAG: "{}"})
    assert launcher.supports_check_run_worker_health
    assert launcher.check_run_worker_health(run).status is status
    los = dg.DagsterRun(job_name="maandlevering")  # of the command line: nobody to ask
    assert launcher.check_run_worker_health(los).status is WorkerStatus.RUNNING


def test_dagster_yaml_is_accepted_and_has_one_writer():
    import yaml
    from dagster._core.instance.config import dagster_instance_config

    inhoud, _ = dagster_instance_config(str(PROJECT))
    assert inhoud == yaml.safe_load((PROJECT / "dagster.yaml").read_text(encoding="utf-8"))
    assert inhoud["concurrency"]["pools"] == {"default_limit": 1, "granularity": "op"}
    assert inhoud["freshness"] == {"enabled": True}
    assert inhoud["run_retries"]["retry_on_asset_or_op_failure"] is False
    assert inhoud["run_launcher"]["class"] == BewaakteLauncher.__name__


def test_a_load_that_is_tried_again_begins_at_the_beginning():
    defs = bouw_defs()
    for job in ("maandlevering", "publiceren"):
        assert defs.resolve_job_def(job).run_tags["dagster/retry_strategy"] == "ALL_STEPS"
