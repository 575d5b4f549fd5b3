"""Many regions in one Dagster: a run per region, in its own environment, at the same time; and what deploy/ says."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import duckdb
import pytest
import yaml

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.maanden import Maand
from pipeline.orchestration import landelijk
from pipeline.settings import PROJECT, InstellingFout, load_settings
from pipeline.synth import maak_regio
from tests.kleine_regio import maak_seeds
from tests.orchestration.hulp import Proces, wacht
from tests.postgres import Postgres, postgres

DEPLOY = PROJECT / "deploy" / "landelijk"
NAMEN = ("drenthe", "twente", "zeeland")
MODULE = ["--module-name", "pipeline.orchestration.landelijk"]


def maak_namen(map_: Path, **inhoud: str) -> Path:
    map_.mkdir()
    for naam in NAMEN:
        (map_ / f"{naam}.env").write_text(inhoud.get(naam, ""), encoding="utf-8")
    return map_


def test_every_region_is_a_partition_with_its_own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InstellingFout, match="REGIOMONITOR_REGIOS"):
        landelijk.regios(tmp_path)
    map_ = maak_namen(
        tmp_path / "regios", twente='# van Twente\nREGIOMONITOR_HOME="/srv/een huis"  # met spatie\nA=b=c\n'
    )
    monkeypatch.setenv("REGIOMONITOR_HOME", "van de server")
    assert landelijk.omgeving_van(map_, "twente") == os.environ | {"REGIOMONITOR_HOME": "/srv/een huis", "A": "b=c"}
    assert landelijk.omgeving_van(map_, "zeeland") == os.environ
    defs = landelijk.bouw_defs(map_)
    for naam in ("delen", "vergelijken"):
        assert defs.resolve_job_def(naam).partitions_def.get_partition_keys() == list(NAMEN)  # type: ignore[union-attr]  # a job of a region has partitions
        schema = defs.resolve_schedule_def(f"{naam}_schema")
        moment = dt.datetime(2026, 4, 28, 1, tzinfo=dt.UTC)
        repository = defs.get_repository_def()
        with dg.build_schedule_context(scheduled_execution_time=moment, repository_def=repository) as context:
            runs = schema.evaluate_tick(context).run_requests
        assert [(r.partition_key, r.tags["regio"]) for r in runs] == [(n, n) for n in NAMEN]
        assert len({r.run_key for r in runs}) == len(NAMEN)
        # in Kubernetes a pod has the Secret of its region, and no other
        geheimen = [json.loads(r.tags["dagster-k8s/config"])["container_config"]["env_from"] for r in runs]
        assert geheimen == [[{"secret_ref": {"name": f"regio-{n}"}}] for n in NAMEN]


def test_what_deploy_says_is_what_the_code_asks() -> None:
    dagster, compose, values = (
        yaml.safe_load((DEPLOY / n).read_text(encoding="utf-8"))
        for n in ("dagster.yaml", "compose.yaml", "values.yaml")
    )
    (grens,) = dagster["concurrency"]["runs"]["tag_concurrency_limits"]
    assert (grens["key"], grens["limit"]) == (landelijk.REGIO, 1)
    assert not dagster["telemetry"]["enabled"] and not values["telemetry"]["enabled"]
    module = MODULE[1]
    assert module in compose["services"]["code"]["command"]
    assert module in values["dagster-user-deployments"]["deployments"][0]["codeServerArgs"]
    assert "REGIOMONITOR_REGIOS" in dagster["run_launcher"]["config"]["env_vars"]
    # one socket, for the one who starts containers; every service without capabilities
    diensten = {n: d for n, d in compose["services"].items() if n != "postgres"}
    assert [n for n, d in diensten.items() if any("docker.sock" in v for v in d["volumes"])] == ["daemon"]
    assert all(d["cap_drop"] == ["ALL"] for d in diensten.values())
    assert "--read-only" in diensten["webserver"]["command"] and values["dagsterWebserver"]["readOnly"]


# the whole of it ------------------------------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[Postgres]:
    with postgres() as s:
        yield s


def maak_dagster_home(pad: Path, url: str) -> dict[str, str]:
    """What deploy/landelijk says, but that a run is a process here and no container."""
    pad.mkdir()
    instellingen = yaml.safe_load((DEPLOY / "dagster.yaml").read_text(encoding="utf-8"))
    del instellingen["run_launcher"]
    (pad / "dagster.yaml").write_text(yaml.safe_dump(instellingen), encoding="utf-8")
    pad_python = os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")])
    return {"DAGSTER_HOME": str(pad), "DAGSTER_POSTGRES_URL": url, "PYTHONPATH": pad_python}


def maak_regio_env(map_: Path, naam: str, nr: int, server: Postgres) -> str:
    """Make a region with a name of its own, delivered and not yet taken in; return its settings."""
    gemeenten = ("GM0141", "GM0147")
    seeds = maak_seeds(map_ / naam / "seeds", gemeenten)
    bestand = seeds / "ref_gemeenten.csv"
    bestand.write_text(bestand.read_text(encoding="utf-8").replace(",Twente,", f",{naam.title()},"), encoding="utf-8")
    env = {
        "REGIOMONITOR_HOME": str(map_ / naam / "data"),
        "REGIOMONITOR_SEEDS": str(seeds),
        "REGIOMONITOR_SLEUTEL": f"sleutel-van-{naam}-0123456789abcdef-0123456789",
        "REGIOMONITOR_BSN_REEKS": "synthetisch",
        "REGIOMONITOR_RAPPORT": "uit",
        "REGIOMONITOR_WINKEL": server.catalogus,
        "REGIOMONITOR_WINKEL_GEGEVENS": str(map_ / "winkel"),
    }
    settings = load_settings(env)
    settings.controleer_huis()
    nu = dt.datetime.now(dt.UTC)
    maak_regio(
        map_ / naam,
        Catalogus.load(seeds),
        n_maanden=26,
        seed=nr,
        laatste_maand=Maand.van(nu.date()).plus(-1),
        nu=nu,
        schaal=0.05,
    )
    (map_ / naam / "landing").rename(settings.huis.landing.with_name("landing-nieuw"))
    settings.huis.landing.rmdir()
    settings.huis.landing.with_name("landing-nieuw").rename(settings.huis.landing)
    return "".join(f"{k}='{v}'\n" for k, v in env.items())


@pytest.mark.slow
def test_three_regions_run_share_and_compare_at_once(
    tmp_path: Path, server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    inhoud = {naam: maak_regio_env(tmp_path, naam, nr, server) for nr, naam in enumerate(NAMEN)}
    map_ = maak_namen(tmp_path / "regios", **inhoud)
    url = f"postgresql+psycopg2://regio@/postgres?host={server.map}"
    env = {**maak_dagster_home(tmp_path / "dagster", url), "REGIOMONITOR_REGIOS": str(map_)}
    for naam, waarde in env.items():
        monkeypatch.setenv(naam, waarde)
    daemon = Proces(["dagster._daemon", "run", *MODULE], env, tmp_path / "daemon.log")
    try:
        with dg.DagsterInstance.from_config(str(tmp_path / "dagster")) as instance:
            for job in ("delen", "vergelijken"):
                _start(job, env)
                runs = wacht(f"{job} van alle regio's", lambda job=job: _klaar(instance, job), 900, stap=1)
                assert {r.status for r in runs} == {dg.DagsterRunStatus.SUCCESS}, (tmp_path / "daemon.log").read_text()
                assert {r.tags["regio"] for r in runs} == set(NAMEN)
            delen = instance.get_run_records(dg.RunsFilter(job_name="delen"))
        # they really ran side by side
        assert max(r.start_time for r in delen) < min(r.end_time for r in delen)
    finally:
        daemon.dood()
    for naam in NAMEN:
        with duckdb.connect(str(tmp_path / naam / "data" / "vergelijking.duckdb"), read_only=True) as con:
            assert con.execute("SELECT list(regio_code ORDER BY 1) FROM landelijk.regios").fetchall() == [
                (list(NAMEN),)
            ]


def _start(job: str, env: dict[str, str]) -> None:
    opdracht = [sys.executable, "-m", "dagster", "job", "backfill", *MODULE, "-j", job, "--all", "x", "--noprompt"]
    subprocess.run(opdracht, check=True, cwd=PROJECT, env=os.environ | env, capture_output=True)


def _klaar(instance: dg.DagsterInstance, job: str) -> list[dg.DagsterRun] | None:
    runs = instance.get_runs(dg.RunsFilter(job_name=job))
    return list(runs) if len(runs) == len(NAMEN) and all(r.is_finished for r in runs) else None
