"""`regiomonitor alerts` as an engineer meets it, and that no alert ever makes a run fail."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from click.testing import CliRunner

from pipeline.cli import hulp as cli_hulp
from pipeline.cli import main
from pipeline.cli import meldingen as cli_meldingen
from pipeline.domain.catalogus import Catalogus
from pipeline.meldingen import rondgang
from pipeline.settings import load_settings
from tests.kleine_regio import maak_seeds

NU = dt.datetime(2025, 3, 27, 6, tzinfo=dt.UTC)  # February was due on the 15th, its grace ended on the 25th


@pytest.fixture(scope="module")
def env(tmp_path_factory) -> dict[str, str]:
    pad = tmp_path_factory.mktemp("alerts")
    env = {
        "REGIOMONITOR_HOME": str(pad / "data"),
        "REGIOMONITOR_SEEDS": str(maak_seeds(pad / "seeds", ("GM0141", "GM0153"))),
        "REGIOMONITOR_SLEUTEL": "sleutel-van-de-tests-0123456789abcdef",
        "REGIOMONITOR_BSN_REEKS": "synthetisch",
        "REGIOMONITOR_MAIL": "",
    }
    load_settings(env).controleer_huis()
    return env


@pytest.fixture(autouse=True)
def klok(monkeypatch):
    monkeypatch.setattr(cli_meldingen, "klok", lambda: NU)


def roep(env, *woorden, verwacht: int = 0):
    uit = CliRunner().invoke(main, list(woorden), env=env)
    if uit.exception and not isinstance(uit.exception, SystemExit):
        raise uit.exception
    assert uit.exit_code == verwacht, uit.output
    return uit


@pytest.fixture(scope="module")
def gestuurd(env):
    """One round in a home where nothing ever came."""
    met_klok = pytest.MonkeyPatch()
    met_klok.setattr(cli_meldingen, "klok", lambda: NU)
    antwoord = json.loads(roep(env, "alerts", "send", "--json").stdout)
    met_klok.undo()
    return antwoord


def test_send_tells_what_is_missing_and_not_what_is_not_due(gestuurd):
    # January and February of Almelo; Enschede delivers the quarter in April
    assert {(g["gemeente"], g["periode"], g["soort"]) for g in gestuurd["gebeurtenissen"]} == {
        ("GM0141", "2025-01", "ONTBREEKT"),
        ("GM0141", "2025-02", "ONTBREEKT"),
    }
    assert {b["bericht_id"] for b in gestuurd["berichten"]} == {
        "B-2025-03-27-levering-almelo",
        "B-2025-03-27-beheer",
        "B-2025-03-27-beheer-kanaal",
    }


def test_list_and_ack(gestuurd, env):
    uit = roep(env, "alerts", "list").stdout
    id_ = re.search(r"M-[0-9a-f]{8}", uit)[0]
    assert "Almelo declaraties 2025-01" in uit
    assert "bevestigd door beheer" in roep(env, "alerts", "ack", id_, "--door", "beheer", "--tot", "2025-04-30").stdout
    staat = {m["melding_id"]: m["staat"] for m in json.loads(roep(env, "alerts", "list", "--json").stdout)["meldingen"]}
    assert staat[id_] == "BEVESTIGD"
    assert len(staat) == 4


def test_without_a_channel_it_says_that_nobody_was_told(gestuurd, env):
    assert {b["kanaal"] for b in gestuurd["bezorgingen"]} == {"niemand"}
    uit = roep(env, "alerts", "list").stdout
    assert "In de uitbak, aan niemand verzonden: levering-almelo, beheer, beheer-kanaal." in uit
    assert json.loads(roep(env, "alerts", "list", "--json").stdout)["niet_bezorgd"] == []
    gezond = json.loads(roep(env, "health", "--json", verwacht=1).stdout)["controles"]["meldingen"]
    assert gezond == {
        "is_goed": False,
        "toelichting": "0 berichten niet bezorgd; aan 3 geadresseerden niets verzonden (alleen de uitbak)",
    }


def test_list_shows_what_a_run_calls_not_in_order_yet(gestuurd, env):
    uit = roep(env, "alerts", "list").stdout
    kop, gemeld = uit.split("Gemeld (")
    assert kop.startswith("Nog niet in orde (")
    assert "Almelo: declaraties" in kop
    assert json.loads(roep(env, "alerts", "list", "--json").stdout)["nog_niet_in_orde"]
    assert "niveau 0" in gemeld


def test_ack_of_what_is_not_there_says_so(gestuurd, env):
    assert "Geen melding M-weg" in roep(env, "alerts", "ack", "M-weg", "--door", "beheer", verwacht=1).output


def test_wrong_use(env):
    roep(env, "alerts", "ack", verwacht=2)
    assert "--json" in roep(env, "alerts", "send", "--help").output


def test_an_alert_that_cannot_be_made_never_makes_a_run_fail(gestuurd, env, monkeypatch, capsys):
    def stuk(*_, **__):
        raise ValueError("999900006")

    monkeypatch.setattr(rondgang, "meld", stuk)
    settings = load_settings(env)
    assert cli_hulp.meld_na_run(settings, Catalogus.load(settings.seeds), nu=NU) is None
    fout = capsys.readouterr().err
    assert "meldingen zijn niet bijgewerkt: ValueError" in fout
    assert "999900006" not in fout
