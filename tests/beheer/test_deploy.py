"""What is in deploy/ agrees with the code: commands that exist, settings that are read and documented, no secrets."""

from __future__ import annotations

import configparser
import datetime as dt
import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from packaging.specifiers import SpecifierSet

from pipeline.cli import main
from pipeline.proces.wekker import seconden_tot
from pipeline.settings import PROJECT, load_settings

DEPLOY = PROJECT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
TIMERS = sorted((DEPLOY / "systemd").glob("*.timer"))


def unit(pad) -> configparser.ConfigParser:
    lezer = configparser.ConfigParser(strict=False, interpolation=None)
    lezer.optionxform = str
    lezer.read(pad, encoding="utf-8")
    return lezer


def commando_bestaat(woorden: list[str]) -> bool:
    naam, *rest = woorden
    if naam.startswith("dagster"):
        return "pipeline.definitions" in rest
    namen = [w for w in rest if not w.startswith(("-", "/")) and not w.replace(".", "").isdigit()]
    return CliRunner().invoke(main, [*namen, "--help"]).exit_code == 0


@pytest.mark.parametrize("pad", UNITS, ids=lambda p: p.stem)
def test_every_unit_starts_something_that_exists_as_the_right_user(pad):
    dienst = unit(pad)["Service"]
    woorden = shlex.split(dienst["ExecStart"])
    assert woorden[0].startswith("/opt/regiomonitor/.venv/bin/")
    assert commando_bestaat([woorden[0].rsplit("/", 1)[1], *woorden[1:]])
    assert dienst["User"] == "regiomonitor"
    assert dienst["UMask"] == "0077"
    assert dienst["EnvironmentFile"] == "/etc/regiomonitor/regiomonitor.env"
    assert "/srv/regiomonitor" in dienst["ReadWritePaths"].split()


@pytest.mark.parametrize("pad", UNITS, ids=lambda p: p.stem)
def test_every_unit_can_do_no_more_than_it_needs(pad):
    dienst = unit(pad)["Service"]
    assert dienst["CapabilityBoundingSet"] == ""
    assert set(dienst["RestrictAddressFamilies"].split()) <= {"AF_UNIX", "AF_INET", "AF_INET6"}
    assert re.fullmatch(r"\d+G", dienst["MemoryMax"])
    for naam in ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "RestrictNamespaces", "ProtectKernelTunables"):
        assert dienst[naam] == "true", naam
    assert dienst["ProtectSystem"] == "strict"


def test_the_web_server_only_shows_and_has_no_key():
    dienst = unit(DEPLOY / "systemd" / "regiomonitor-webserver.service")["Service"]
    assert "--read-only" in dienst["ExecStart"].split()
    assert set(dienst["UnsetEnvironment"].split()) == {"REGIOMONITOR_SLEUTEL", "REGIOMONITOR_SLEUTELBESTAND"}
    assert {"-/etc/regiomonitor/sleutel", "-/srv/regiomonitor/data/archive"} <= set(dienst["InaccessiblePaths"].split())
    web = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]["webserver"]
    assert "--read-only" in web["command"]
    assert web["secrets"] == []
    assert web["environment"]["REGIOMONITOR_SLEUTELBESTAND"] == ""


def test_every_container_can_do_no_more_than_it_needs():
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    for dienst in compose["services"].values():
        assert dienst["cap_drop"] == ["ALL"]
        assert dienst["read_only"] is True
        assert dienst["mem_limit"]
        assert dienst["pids_limit"]
        assert dienst["security_opt"] == ["no-new-privileges:true"]
    # a new volume takes over who owns /data in the image
    assert "install -d -o regiomonitor -g regiomonitor -m 0700 /data" in (DEPLOY / "Dockerfile").read_text()


def test_every_timer_has_its_unit_and_catches_up():
    assert TIMERS
    for pad in TIMERS:
        assert pad.with_suffix(".service") in UNITS
        assert unit(pad)["Timer"]["Persistent"] == "true"


def test_the_compose_file_starts_what_exists():
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    assert set(compose["services"]) == {"begin", "webserver", "daemon", "health", "alerts", "backup"}
    for naam, dienst in compose["services"].items():
        woorden = dienst["command"]
        if woorden[0] == "sh":
            wekker, opdracht = re.fullmatch(r"while true; do sleep (.+); regiomonitor (.+); done", woorden[2]).groups()
            timer = unit(DEPLOY / "systemd" / f"regiomonitor-{naam}.timer")["Timer"]["OnCalendar"]
            assert wekker == f"$$(python -m pipeline.proces.wekker {timer.split()[1].removesuffix(':00')})"
            woorden = ["regiomonitor", *opdracht.split()]
        assert naam == "begin" or list(dienst["depends_on"]) == ["begin"]  # what makes the data home
        assert commando_bestaat([w for w in woorden if w != "0.0.0.0"]), naam  # noqa: S104  a word in a unit
        assert dienst["environment"]["REGIOMONITOR_HOME"] == "/data"
        assert all(p.startswith("127.0.0.1:") for p in dienst.get("ports", []))


def test_every_setting_of_the_example_is_documented_and_holds_no_secret():
    tekst = (DEPLOY / "regiomonitor.env.example").read_text(encoding="utf-8")
    gelezen = dict(r.split("=", 1) for r in tekst.splitlines() if r and not r.startswith("#"))
    uitleg = (PROJECT / "docs" / "settings.md").read_text(encoding="utf-8")
    for naam in gelezen:
        assert naam == "DAGSTER_HOME" or re.sub(r"KANAAL_\w+", "KANAAL_<NAAM>", naam) in uitleg, naam
    assert "REGIOMONITOR_SLEUTEL" not in gelezen
    assert "password" not in "".join(gelezen.values())


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Path:
    """What install.sh makes of an empty machine."""
    wortel = tmp_path_factory.mktemp("server")
    _installeer(wortel)
    return wortel


def _installeer(wortel: Path) -> str:
    env = os.environ | {"DESTDIR": str(wortel), "PYTHONPATH": str(PROJECT)}
    return subprocess.run(
        ["/bin/sh", DEPLOY / "install.sh"], env=env, check=True, capture_output=True, text=True
    ).stdout


def test_install_is_repeatable_and_leaves_what_was_filled_in(server):
    env = server / "etc" / "regiomonitor" / "regiomonitor.env"
    gemeenten = server / "srv" / "regiomonitor" / "seeds" / "ref_gemeenten.csv"
    for pad in (env, gemeenten):
        pad.write_text(pad.read_text(encoding="utf-8") + "# ingevuld\n", encoding="utf-8")
    voor = {p: p.read_bytes() for p in server.rglob("*") if p.is_file()}
    assert "systemctl enable --now" in _installeer(server)
    assert {p: p.read_bytes() for p in server.rglob("*") if p.is_file()} == voor
    assert {stat.S_IMODE(p.stat().st_mode) for p in (env, env.with_name("sleutel"))} == {0o600}
    assert {stat.S_IMODE(p.stat().st_mode) for p in (env.parent, gemeenten.parents[1])} == {0o700}
    assert not (server / "srv" / "regiomonitor" / "data").exists()  # made by `controleer --maak`, on a real server
    tekst = gemeenten.read_text(encoding="utf-8").lower()
    assert "twente" not in tekst
    assert "enschede" not in tekst


@pytest.mark.parametrize("pad", UNITS, ids=lambda p: p.stem)
def test_every_unit_starts_with_exactly_what_install_makes(server, pad):
    """A path that is not there keeps a unit from starting; one that may be absent says so with `-`."""
    dienst = unit(pad)["Service"]
    paden = [dienst["EnvironmentFile"], dienst["WorkingDirectory"]]
    paden += dienst["ReadWritePaths"].split() + dienst.get("InaccessiblePaths", "").split()
    mis = [p for p in paden if not p.startswith("-") and not (server / p.lstrip("/")).exists()]
    assert mis == []
    assert (server / "etc" / "systemd" / "system" / pad.name).read_bytes() == pad.read_bytes()


def test_the_settings_that_install_makes_are_those_of_what_it_makes(server):
    tekst = (server / "etc" / "regiomonitor" / "regiomonitor.env").read_text(encoding="utf-8")
    env = dict(r.split("=", 1) for r in tekst.splitlines() if r and not r.startswith("#"))
    for naam in ("REGIOMONITOR_SEEDS", "REGIOMONITOR_SLEUTELBESTAND", "DAGSTER_HOME"):
        assert (server / env[naam].lstrip("/")).exists(), naam
    hier = env | {n: str(server / env[n].lstrip("/")) for n in ("REGIOMONITOR_SEEDS", "REGIOMONITOR_SLEUTELBESTAND")}
    assert load_settings(hier).eis_sleutel()
    assert (server / env["DAGSTER_HOME"].lstrip("/") / "dagster.yaml").exists()
    assert {"REGIOMONITOR_HOME": "/srv/regiomonitor/data", "REGIOMONITOR_BSN_REEKS": "productie"}.items() <= env.items()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here")
def test_systemd_has_nothing_to_say_about_the_units(tmp_path):
    for pad in (*UNITS, *TIMERS):
        tekst = pad.read_text(encoding="utf-8").replace("/opt/regiomonitor/.venv/bin", str(Path(sys.executable).parent))
        (tmp_path / pad.name).write_text(tekst, encoding="utf-8")
    uit = subprocess.run(
        ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    gezegd = [r for r in uit.stderr.splitlines() if "regiomonitor" in r]
    assert gezegd == []


@pytest.mark.parametrize(
    ("nu", "tijd", "seconden"),
    [
        ("2026-01-10T06:00:00+01:00", "07:30", 5400),
        ("2026-01-10T07:30:00+01:00", "07:30", 86_400),  # not twice
        ("2026-03-28T05:00:01+01:00", "05:00", 23 * 3600 - 1),  # the night that the clock goes forward
        ("2026-10-24T05:00:00+02:00", "05:00", 25 * 3600),
    ],
)
def test_a_container_wakes_at_the_time_of_the_timer(nu, tijd, seconden):
    assert seconden_tot(dt.time.fromisoformat(tijd), dt.datetime.fromisoformat(nu)) == seconden


INSTRUCTIES = {"FROM", "RUN", "WORKDIR", "COPY", "USER", "ENV", "CMD"}


def dockerfile() -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile, continued lines joined."""
    tekst = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    regels = [r for r in tekst.splitlines() if r and not r.startswith("#")]
    return [(r.split(maxsplit=1)[0], r.split(maxsplit=1)[1]) for r in regels]


def test_the_image_is_made_of_what_there_is():
    stappen = dockerfile()
    assert {naam for naam, _ in stappen} <= INSTRUCTIES
    assert stappen[0][0] == "FROM"
    gekopieerd = {w for naam, rest in stappen if naam == "COPY" for w in rest.split()[:-1]}
    assert all((PROJECT / w).exists() for w in gekopieerd)
    # everything that the code reads from its own checkout, and everything the build of the package asks for
    assert gekopieerd >= {"pipeline", "dbt_project", "seeds", "dagster.yaml", "pyproject.toml", "requirements.lock"}
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {project["readme"], *project["license-files"]} <= gekopieerd
    versie = re.search(r"python:(\d+\.\d+)", stappen[0][1])[1]
    assert versie in SpecifierSet(project["requires-python"])
    waarden = dict(stappen)
    assert waarden["USER"] == "regiomonitor"  # the last word: nothing runs as root
    assert f"{waarden['WORKDIR']}/.venv/bin" in waarden["ENV"]
    assert commando_bestaat(json.loads(waarden["CMD"]))
    for _, opdracht in [s for s in stappen if s[0] == "RUN"]:
        for deel in opdracht.split("&&"):
            assert shlex.split(deel)[0] in (
                "useradd",
                "python",
                ".venv/bin/pip",
                ".venv/bin/python",
                "mkdir",
                "chown",
                "install",
            )


def test_the_compose_file_names_only_what_it_declares():
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    werkmap = dict(dockerfile())["WORKDIR"]
    assert (DEPLOY / "regiomonitor.env.example").exists()
    for dienst in compose["services"].values():
        bouw = dienst["build"]
        assert (DEPLOY / bouw["context"] / bouw["dockerfile"]).resolve() == DEPLOY / "Dockerfile"
        assert set(dienst["secrets"]) <= set(compose["secrets"])
        namen = [v.split(":")[0] for v in dienst["volumes"] if not v.startswith("${")]
        assert set(namen) <= set(compose["volumes"])
        assert dienst["environment"]["DAGSTER_HOME"] == werkmap  # where dagster.yaml was copied to
        assert "backup" in str(dienst["command"]) or any(f":{werkmap}/var" in v for v in dienst["volumes"])


@pytest.mark.parametrize("naam", ["regiomonitor", "dagster", "dagster-webserver", "dagster-daemon"])
def test_every_program_that_is_started_comes_with_what_is_installed(naam):
    assert naam in {e.name for e in entry_points(group="console_scripts")}


def test_the_runbook_knows_the_cases():
    runbook = (PROJECT / "docs" / "runbook.md").read_text(encoding="utf-8").lower()
    for geval in (
        "te laat",
        "opnieuw geleverd",
        "afgekeurd",
        "replay",
        "rollback",
        "database",
        "sleutel kwijt",
        "schijf vol",
        "nieuwe gemeente",
        "herindeling",
    ):
        assert geval in runbook, geval
    assert all(f"regiomonitor {c}" in runbook for c in ("health", "backup", "restore", "forget", "alerts", "keep"))
