"""Dagster for many regions: one code location, a partition and a run per region, each with its home, key and process.

A step calls the command line of the project in the environment of its region, so that no process has the key of two,
and what runs here runs the same by hand. Lives here: assets, jobs and schedules of deploy/landelijk; the code location
is this module. Add here: another step that every region does. Keep out: the month of one region (assets.py).
"""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg

from pipeline.settings import PROJECT, UMASK, InstellingFout

REGIO = "regio"
"""Tag of every run: no two of one region at the same time (deploy/landelijk/dagster.yaml)."""
GROEP = "landelijk"


def regios(map_: Path) -> list[str]:
    """Return the regions: a file `<regio>.env` each, with its settings as its server has them.

    A file may be empty where something else gives a run its environment (a Secret per region in Kubernetes).
    """
    namen = sorted(p.stem for p in map_.glob("*.env"))
    if not namen:
        raise InstellingFout(f"REGIOMONITOR_REGIOS wijst naar {map_}; leg daar een bestand <regio>.env per regio.")
    return namen


def omgeving_van(map_: Path, regio: str) -> dict[str, str]:
    """Return the environment of a region: that of this process, and over it what its file says."""
    regels = (map_ / f"{regio}.env").read_text(encoding="utf-8").splitlines()
    woorden = [w for regel in regels for w in shlex.split(regel, comments=True)]
    return os.environ | dict(w.split("=", 1) for w in woorden)


def doe(context: dg.AssetExecutionContext, map_: Path, *opdracht: str) -> Mapping[str, Any]:
    """Run a command of the project for the region of this run; return its answer, or fail with what it said."""
    proces = subprocess.run(  # noqa: S603 our own program
        [sys.executable, "-m", "pipeline", *opdracht, "--json"],
        env=omgeving_van(map_, context.partition_key),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if proces.returncode != 0:
        raise dg.Failure(proces.stderr.strip() or f"regiomonitor {opdracht[0]} lukte niet: {proces.stdout[-2000:]}")
    antwoord: Mapping[str, Any] = json.loads(proces.stdout)
    return antwoord


def bouw_defs(map_: Path) -> dg.Definitions:
    """Assemble the code location of the regions in `map_`."""
    partities = dg.StaticPartitionsDefinition(regios(map_))

    @dg.asset(partitions_def=partities, group_name=GROEP)
    def publicatie(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        """De maand van een regio: innemen, bouwen, keuren, publiceren, rapportpagina's."""
        uit = doe(context, map_, "run")
        return dg.MaterializeResult(metadata={"publicatie_id": str(uit.get("publicatie_id"))})

    @dg.asset(partitions_def=partities, group_name=GROEP, deps=[publicatie])
    def gedeeld(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        """De openbare cijfers van de regio in de gedeelde winkel."""
        uit = doe(context, map_, "deel")
        return dg.MaterializeResult(metadata={k: uit[k] for k in ("publicatie_id", "is_nieuw", "n_rijen")})

    alle = dg.AssetDep(gedeeld, partition_mapping=dg.AllPartitionMapping())

    @dg.asset(partitions_def=partities, group_name=GROEP, deps=[alle])
    def vergelijking(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        """De regio naast de andere, met de pagina Vergelijken."""
        uit = doe(context, map_, "vergelijk")
        doe(context, map_, "rapport")
        return dg.MaterializeResult(metadata={"regios": len(uit["regios"]), "n_cijfers": uit["n_cijfers"]})

    per_regio = dg.PartitionedConfig(
        partitions_def=partities,
        run_config_for_partition_key_fn=lambda _regio: {},
        tags_for_partition_key_fn=tags_van,
    )
    delen = dg.define_asset_job("delen", selection=[publicatie, gedeeld], config=per_regio)
    vergelijken = dg.define_asset_job("vergelijken", selection=[vergelijking], config=per_regio)
    return dg.Definitions(
        assets=[publicatie, gedeeld, vergelijking],
        jobs=[delen, vergelijken],
        schedules=[_elke_dag(delen, "0 3 * * *", map_), _elke_dag(vergelijken, "0 6 * * *", map_)],
        executor=dg.in_process_executor,
    )


def tags_van(regio: str) -> dict[str, str]:
    """Return the tags of a run: its region; in Kubernetes its pod has the Secret of that region and no other."""
    geheim = {"container_config": {"env_from": [{"secret_ref": {"name": f"regio-{regio}"}}]}}
    return {REGIO: regio, "dagster-k8s/config": json.dumps(geheim)}


def _elke_dag(job: Any, wanneer: str, map_: Path) -> dg.ScheduleDefinition:
    """Ask for a run of every region; what is asked twice in one tick is asked once."""

    @dg.schedule(job=job, cron_schedule=wanneer, execution_timezone="Europe/Amsterdam", name=f"{job.name}_schema")
    def schema(context: dg.ScheduleEvaluationContext) -> list[dg.RunRequest]:
        nu = context.scheduled_execution_time.isoformat()
        return [dg.RunRequest(f"{r} {nu}", partition_key=r, tags=tags_van(r)) for r in regios(map_)]

    return schema


os.umask(UMASK)
if _map := os.environ.get("REGIOMONITOR_REGIOS"):
    defs = bouw_defs(Path(_map))
