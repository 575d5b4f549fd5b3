"""Schedules: what happens every night, day, week, month and quarter without anybody doing anything.

Lives here: the jobs that are no assets, and when everything runs. Off until REGIOMONITOR_ROOSTER=aan (`dagster dev`
on a laptop must not start loads by itself); a switch in the UI stands above it. Keep out: what the jobs do (maand.py).
"""

import datetime as dt
import os
from collections.abc import Callable

import dagster as dg
from dagster._core.storage.tags import SCHEDULED_EXECUTION_TIME_TAG

from pipeline import naspelen, publish
from pipeline.domain.fouten import SlotFout
from pipeline.domain.kalender import lokale_dag
from pipeline.domain.maanden import Maand
from pipeline.meldingen import rondgang
from pipeline.orchestration.assets import OPNIEUW, POOL, alleen
from pipeline.orchestration.omgeving import Omgeving
from pipeline.publish.kwaliteitsdocs import maak_kwaliteitsdocs

TIJDZONE = "Europe/Amsterdam"
Doen = Callable[[dg.OpExecutionContext], dict[str, object]]
BEWAAR_RUNS = dt.timedelta(days=180)


def is_aan(omgeving: Omgeving) -> bool:
    """Tell whether schedules and sensors start by themselves."""
    env = os.environ if omgeving.env is None else omgeving.env
    return env.get("REGIOMONITOR_ROOSTER", "").strip().lower() == "aan"


def maak_jobs(omgeving: Omgeving) -> list[dg.JobDefinition]:
    """Return the jobs that are one function each."""
    return [
        _job(
            "dagelijkse_status", "Wat is te laat of ontbreekt; meld wie het moet weten.", _status(omgeving), pool=None
        ),
        _job(
            "wekelijks_bewijs", "Bouw alles opnieuw uit het archief; de cijfers moeten gelijk zijn.", _bewijs(omgeving)
        ),
        _job("maandbevriezing", "Bewaar de publicatie van deze maand.", _bevries(omgeving, maand_van)),
        _job("kwartaalbevriezing", "Bewaar de publicatie van dit kwartaal.", _bevries(omgeving, kwartaal_van)),
        _job("huishouding", "Ruim oude publicaties en oude runs op.", _huishouding(omgeving)),
    ]


def maak_schemas(omgeving: Omgeving, publiceren: str) -> list[dg.ScheduleDefinition]:
    """Return when: nightly build and publication, daily status, weekly proof, freezes, housekeeping."""
    stand = dg.DefaultScheduleStatus.RUNNING if is_aan(omgeving) else dg.DefaultScheduleStatus.STOPPED
    wanneer = {
        publiceren: "0 3 * * *",
        "dagelijkse_status": "0 7 * * *",
        "wekelijks_bewijs": "0 4 * * 6",
        "maandbevriezing": "0 6 27 * *",  # everything is due on the 15th, and its grace ends on the 25th
        "kwartaalbevriezing": "30 6 27 1,4,7,10 *",
        "huishouding": "0 5 * * 0",
    }
    return [
        dg.ScheduleDefinition(
            name=f"{job}_schema", job_name=job, cron_schedule=cron, execution_timezone=TIJDZONE, default_status=stand
        )
        for job, cron in wanneer.items()
    ]


def _job(naam: str, omschrijving: str, doe: Doen, pool: str | None = POOL) -> dg.JobDefinition:
    @dg.op(name=f"doe_{naam}", description=omschrijving, pool=pool, out=dg.Out(dg.Nothing))
    def stap(context: dg.OpExecutionContext) -> None:
        for regel, waarde in doe(context).items():
            context.log.info(f"{regel}: {waarde}")

    @dg.job(name=naam, description=omschrijving, executor_def=dg.in_process_executor)
    def job() -> None:
        stap()

    return job


def _nu(context: dg.OpExecutionContext) -> dt.datetime:
    """Return the moment for which it was planned, else the moment of the run."""
    gepland = context.run_tags.get(SCHEDULED_EXECUTION_TIME_TAG)
    if gepland:
        return dt.datetime.fromisoformat(gepland).astimezone(dt.UTC)
    return dt.datetime.now(dt.UTC)


def _status(omgeving: Omgeving) -> Doen:
    def doe(_: dg.OpExecutionContext) -> dict[str, object]:
        ronde = rondgang.meld(omgeving.settings(), omgeving.catalogus(), nu=dt.datetime.now(dt.UTC))
        return {"berichten": len(ronde.berichten), "niet_bezorgd": len(ronde.mislukt)}

    return doe


def _bewijs(omgeving: Omgeving) -> Doen:
    def doe(_: dg.OpExecutionContext) -> dict[str, object]:
        settings = omgeving.settings()
        try:
            bewijs = naspelen.speel_na(settings, omgeving.catalogus(), nu=dt.datetime.now(dt.UTC))
        except SlotFout as fout:
            raise dg.RetryRequested(max_retries=OPNIEUW, seconds_to_wait=600) from fout
        if not bewijs.is_identiek:
            raise dg.Failure(f"Niet identiek; deze tabellen verschillen: {', '.join(bewijs.verschillen)}")
        return {"leveringen": bewijs.n_leveringen}

    return doe


def _bevries(omgeving: Omgeving, reden: Callable[[dt.date], str]) -> Doen:
    def doe(context: dg.OpExecutionContext) -> dict[str, object]:
        nu = _nu(context)
        settings = omgeving.settings()
        with alleen(settings):
            p = publish.bevries(settings, reden=reden(lokale_dag(nu)), nu=nu)
            if p is None:
                raise dg.Failure("Er is nog niets gepubliceerd om te bewaren.")
            maak_kwaliteitsdocs(settings, p.publicatie_id)
        return {"publicatie_id": p.publicatie_id, "reden": reden(lokale_dag(nu))}

    return doe


def maand_van(dag: dt.date) -> str:
    """Return which month a freeze on `dag` is of: the one before."""
    return f"maand {Maand.van(dag).plus(-1)}"


def kwartaal_van(dag: dt.date) -> str:
    """Return which quarter a freeze on `dag` is of: the last one that is over."""
    einde = Maand.van(dag).plus(-1 - (dag.month - 1) % 3)
    return f"kwartaal {einde.jaar}-{einde.maand // 3}"


def _huishouding(omgeving: Omgeving) -> Doen:
    def doe(context: dg.OpExecutionContext) -> dict[str, object]:
        settings, nu = omgeving.settings(), dt.datetime.now(dt.UTC)
        dagen = omgeving.catalogus().getal("publicatie_bewaar_dagen")
        with alleen(settings):
            weg = publish.ruim_op(settings, ouder_dan=dt.timedelta(days=dagen), nu=nu)
        return {"publicaties": len(weg), "runs": ruim_runs_op(context.instance, nu)}

    return doe


def ruim_runs_op(instance: dg.DagsterInstance, nu: dt.datetime) -> int:
    """Delete runs with their events that are older than half a year; what they did is in the book of runs."""
    oud = instance.get_run_records(dg.RunsFilter(created_before=nu - BEWAAR_RUNS), limit=1000)
    for record in oud:
        if record.dagster_run.is_finished:
            instance.delete_run(record.dagster_run.run_id)
    return sum(r.dagster_run.is_finished for r in oud)
