"""Sensors: what arrived in landing/, and a run that failed.

Lives here: when a run is due. The answer comes from the receipts, never from Dagster's own memory: what has a receipt
was taken in, what has none was not; so a lost database or a daemon that was down changes nothing. Keep out: taking in.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence

import dagster as dg
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG

from pipeline.domain.maanden import Maand
from pipeline.domain.runs import RunUitkomst
from pipeline.intake.wachtend import Landing, Wachtend, bekijk
from pipeline.orchestration import partities
from pipeline.orchestration.assets import meld
from pipeline.orchestration.omgeving import Omgeving
from pipeline.orchestration.rooster import is_aan
from pipeline.settings import InstellingFout

PARTIJ = "regiomonitor/partij"
POGINGEN = 3
BEZIG = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def maak_aankomst(omgeving: Omgeving, job: str) -> dg.SensorDefinition:
    """Return the sensor that starts one run for everything that waits, and no other while one is under way."""

    @dg.sensor(
        name="aankomst",
        job_name=job,
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING if is_aan(omgeving) else dg.DefaultSensorStatus.STOPPED,
        description="Neemt in wat compleet in landing/ ligt en nog niet is ingenomen: een run voor alles samen.",
    )
    def aankomst(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        try:
            landing = bekijk(omgeving.settings(), nu=dt.datetime.now(dt.UTC))
        except InstellingFout as fout:  # no data home, no key: nothing to do until somebody mends it
            return dg.SkipReason(str(fout))
        if not landing.wachtend:
            return dg.SkipReason(
                f"Niets nieuws in landing/; {landing.onderweg} bestanden worden nog geschreven{_mislukt(landing)}."
            )
        bekend = partities.als_maanden(list(partities.maanden(omgeving.catalogus()).get_partition_keys()))
        nieuw = [w for w in landing.wachtend if bekend[0] <= w.sleutel.maand <= bekend[-1]]
        if not nieuw:
            return dg.SkipReason("Wat in landing/ ligt is van een maand die nog niet begonnen is (of te lang geleden).")
        if context.instance.get_runs_count(dg.RunsFilter(job_name=job, statuses=BEZIG)):
            return dg.SkipReason("Er loopt al een run; wat daarna nog wacht komt in de volgende.")
        partij = kenmerk(nieuw)
        eerder = context.instance.get_runs_count(dg.RunsFilter(job_name=job, tags={PARTIJ: partij}))
        if eerder >= POGINGEN:
            return dg.SkipReason(f"{eerder} runs namen deze bestanden niet in; kijk waarom, en start er dan zelf een.")
        return dg.RunRequest(run_key=f"{partij}-{eerder}", tags={PARTIJ: partij, **reeks_tags(nieuw)})

    return aankomst


def _mislukt(landing: Landing) -> str:
    return f"; {landing.mislukt} konden door een fout van ons niet worden bekeken" if landing.mislukt else ""


def kenmerk(wachtend: Sequence[Wachtend]) -> str:
    """Return the name of a batch: the same content is the same batch, whatever its files are called."""
    return hashlib.sha256("|".join(sorted(w.kenmerk for w in wachtend)).encode()).hexdigest()[:16]


def reeks_tags(wachtend: Sequence[Wachtend]) -> dict[str, str]:
    """Return the months of a batch as one range of partitions: one run, also for months in between."""
    maanden: list[Maand] = sorted({w.sleutel.maand for w in wachtend})
    return {
        ASSET_PARTITION_RANGE_START_TAG: maanden[0].eerste_dag.isoformat(),
        ASSET_PARTITION_RANGE_END_TAG: maanden[-1].eerste_dag.isoformat(),
    }


def maak_mislukt(omgeving: Omgeving) -> dg.SensorDefinition:
    """Return the sensor that notes a failed run in the book of runs and tells who must know."""

    @dg.run_failure_sensor(
        name="mislukte_run",
        default_status=dg.DefaultSensorStatus.RUNNING if is_aan(omgeving) else dg.DefaultSensorStatus.STOPPED,
        description="Zet een mislukte run in het runboek en meldt hem.",
    )
    def mislukte_run(context: dg.RunFailureSensorContext) -> None:
        record = context.instance.get_run_record_by_id(context.dagster_run.run_id)
        if record is None:
            return
        begonnen, nu = record.create_timestamp.astimezone(dt.UTC), dt.datetime.now(dt.UTC)
        omgeving.eindig(context.dagster_run.run_id, begonnen, nu, uitkomst=RunUitkomst.MISLUKT, fout=fout_van(context))
        meld(omgeving, nu)

    return mislukte_run


def fout_van(context: dg.RunFailureSensorContext) -> str:
    """Return which step failed and the kind of error; never its text, which a library may have filled with values."""
    stappen = [e for e in context.get_step_failure_events() if e.step_key]
    if not stappen:
        return f"run {context.dagster_run.job_name} is afgebroken"
    soorten = []
    for e in stappen:
        fout = e.step_failure_data.error
        while fout is not None and fout.cause is not None:
            fout = fout.cause
        soorten.append(f"{e.step_key}: {fout.cls_name if fout else 'onbekend'}")
    return "stap mislukt: " + ", ".join(soorten)
