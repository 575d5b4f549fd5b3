"""What is in deploy/ agrees with the code: commands that exist, settings that are read and documented, no secrets."""

from __future__ import annotations

import configparser
import re
import shlex

import pytest
import yaml
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.settings import PROJECT

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


def test_every_timer_has_its_unit_and_catches_up():
    assert TIMERS
    for pad in TIMERS:
        assert pad.with_suffix(".service") in UNITS
        assert unit(pad)["Timer"]["Persistent"] == "true"


def test_the_compose_file_starts_what_exists():
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    assert set(compose["services"]) == {"webserver", "daemon", "health", "alerts"}
    for naam, dienst in compose["services"].items():
        woorden = dienst["command"]
        if woorden[0] == "sh":
            woorden = ["regiomonitor", *re.search(r"regiomonitor ([a-z ]+);", woorden[2])[1].split()]
        assert commando_bestaat([w for w in woorden if w != "0.0.0.0"]), naam  # noqa: S104
        assert dienst["environment"]["REGIOMONITOR_HOME"] == "/data"
        assert all(p.startswith("127.0.0.1:") for p in dienst.get("ports", []))


def test_every_setting_of_the_example_is_documented_and_holds_no_secret():
    tekst = (DEPLOY / "regiomonitor.env.example").read_text(encoding="utf-8")
    gelezen = dict(r.split("=", 1) for r in tekst.splitlines() if r and not r.startswith("#"))
    leesmij = (PROJECT / "README.md").read_text(encoding="utf-8")
    for naam in gelezen:
        assert naam == "DAGSTER_HOME" or re.sub(r"KANAAL_\w+", "KANAAL_<NAAM>", naam) in leesmij, naam
    assert "REGIOMONITOR_SLEUTEL" not in gelezen
    assert "password" not in "".join(gelezen.values())


def test_the_image_copies_what_there_is():
    for regel in (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines():
        if regel.startswith("COPY"):
            assert all((PROJECT / w).exists() for w in regel.split()[1:-1]), regel


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
