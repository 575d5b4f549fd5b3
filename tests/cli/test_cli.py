"""The command line as a user meets it: exit codes, --json, sentences that say what to do."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.settings import load_settings
from tests.grenzen import bestanden_hoogstens
from tests.in_dit_proces import in_dit_proces
from tests.kleine_regio import maak_seeds

GEMEENTEN = ("GM0141", "GM0153", "GM0164", "GM1742")
COMMANDOS = ("demo", "run", "check", "status", "synth", "replay", "publications", "rollback", "diff", "rapport")
COMMANDOS += ("health", "backup", "restore", "rotate-key", "keep", "prune", "ggm")


@pytest.fixture(scope="module")
def env(tmp_path_factory) -> dict[str, str]:
    pad = tmp_path_factory.mktemp("cli")
    return {
        "REGIOMONITOR_HOME": str(pad / "data"),
        "HOME": str(pad),
        "XDG_STATE_HOME": str(pad / "state"),
        "REGIOMONITOR_SLEUTEL": "",
        "REGIOMONITOR_SLEUTELBESTAND": "",
        "REGIOMONITOR_BSN_REEKS": "",
        "REGIOMONITOR_SEEDS": str(maak_seeds(pad / "seeds", GEMEENTEN)),
    }


def roep(env, *woorden, verwacht: int | None = 0):
    uit = CliRunner().invoke(main, list(woorden), env=env)
    if uit.exception and not isinstance(uit.exception, SystemExit):
        raise uit.exception
    if verwacht is not None:
        assert uit.exit_code == verwacht, uit.output
    return uit


@pytest.fixture(scope="module")
def demo(env):
    """The demo on a small region, as JSON."""
    with in_dit_proces():
        return json.loads(roep(env, "demo", "--months", "14", "--schaal", "0.04", "--json").stdout)


@pytest.mark.parametrize("commando", COMMANDOS)
def test_every_command_has_help(env, commando):
    assert "--json" in roep(env, commando, "--help").output


@pytest.mark.parametrize(
    "woorden", [("run", "--month", "2025-13"), ("check", "bestaat-niet.csv"), ("demo", "--months", "0"), ("onzin",)]
)
def test_wrong_use_is_exit_code_2(env, woorden):
    roep(env, *woorden, verwacht=2)


def test_without_a_key_it_says_what_to_do(env, tmp_path):
    leeg = {**env, "REGIOMONITOR_HOME": str(tmp_path / "leeg"), "REGIOMONITOR_BSN_REEKS": "synthetisch"}
    load_settings({**leeg, "REGIOMONITOR_SLEUTEL": "sleutel-van-de-tests-0123456789abcdef"}).controleer_huis()
    uit = roep(leeg, "run", verwacht=1)
    assert "REGIOMONITOR_SLEUTELBESTAND" in uit.output
    assert "Traceback" not in uit.output


ALLES_WAT_EEN_HUIS_VRAAGT: tuple[tuple[str, ...], ...] = (
    ("run",),
    ("status",),
    ("replay",),
    ("publications",),
    ("rollback", "P20000101T000000-00000000"),
    ("diff", "P20000101T000000-00000000", "P20000101T000000-00000000"),
    ("alerts", "list"),
    ("alerts", "send"),
    ("alerts", "ack", "M-00000000", "--door", "beheer"),
    ("backup", "ergens"),
    ("forget", "before", "2020-01", "--yes"),
    ("keep", "P20000101T000000-00000000", "--reden", "jaarrapport"),
    ("prune",),
    ("ggm", "--gemeente", "GM0153", "--naar", "ergens"),
)


@pytest.mark.parametrize("woorden", ALLES_WAT_EEN_HUIS_VRAAGT, ids=" ".join)
def test_a_path_that_is_no_data_home_is_refused_and_nothing_is_made_there(env, tmp_path, woorden):
    """A mistyped path would tell fifteen people that everything is missing."""
    tiktypo = {**env, "REGIOMONITOR_HOME": str(tmp_path / "dta"), "REGIOMONITOR_MAIL": "mailto://127.0.0.1:1"}
    uit = roep({**tiktypo, "REGIOMONITOR_SLEUTEL": "sleutel-van-de-tests-0123456789abcdef"}, *woorden, verwacht=1)
    assert f"{tmp_path / 'dta'}, en dat is geen data home" in uit.output
    assert "controleer --maak" in uit.output
    assert not list(tmp_path.iterdir())


def test_health_of_no_data_home_is_not_well(env, tmp_path):
    uit = roep({**env, "REGIOMONITOR_HOME": str(tmp_path / "dta")}, "health", verwacht=1)
    assert "FOUT  data_home: is er niet" in uit.output


def test_demo_publishes_and_tells_what_was_refused_and_why(demo, env):
    assert demo["is_gepubliceerd"]
    assert demo["inname"]["nieuw"] > 90
    assert demo["inname"]["afgekeurd"]
    assert all(a["redenen"] for a in demo["inname"]["afgekeurd"])
    assert demo["openstaand"]
    assert (Path(env["REGIOMONITOR_HOME"]) / "published" / "intern" / "marts.duckdb").exists()


def test_the_truth_with_its_person_numbers_stays_outside_the_data_home(demo, env):
    assert Path(demo["waarheid"]).exists()
    assert not Path(demo["waarheid"]).is_relative_to(env["REGIOMONITOR_HOME"])


def test_run_after_the_demo_finds_nothing_new(demo, env):
    antwoord = json.loads(roep(env, "run", "--json").stdout)
    assert antwoord["inname"]["nieuw"] == 0
    assert antwoord["is_ongewijzigd"]
    assert antwoord["publicatie_id"] == demo["publicatie_id"]
    assert "Niets nieuws" in roep(env, "run").output


def test_ggm_writes_the_rows_of_a_gemeente_as_a_levering_that_check_accepts(demo, env, tmp_path):
    wat = ("ggm", "--gemeente", "GM0164", "--naar", str(tmp_path / "ggm"))
    antwoord = json.loads(roep(env, *wat, "--json").stdout)
    assert antwoord["rijen"]["DECLARATIEREGEL"] > 10
    assert "`RM_BUDGET`" in (tmp_path / "ggm" / "LEESMIJ.md").read_text(encoding="utf-8")
    assert "al iets in staat" in roep(env, *wat, verwacht=2).output
    onbekend = ("ggm", "--gemeente", "GM9999", "--naar", str(tmp_path / "niets"))
    assert "Van GM9999 staat geen levering" in roep(env, *onbekend, verwacht=1).output
    for zip_ in sorted((tmp_path / "ggm" / "leveringen").glob("*.zip"))[-2:]:
        roep({**env, "REGIOMONITOR_BSN_REEKS": "synthetisch"}, "check", str(zip_))


def test_status_is_1_when_something_is_missing_and_shows_the_matrix(demo, env):
    antwoord = json.loads(roep(env, "status", "--json", verwacht=1).stdout)
    assert antwoord["tellingen"]["verwacht"] > antwoord["tellingen"]["ontvangen"]
    # agreements begin earlier than the demo, of which nothing is missing from before its first month
    # by the day of the month on which this runs: the newest is not asked for yet, is, or the one after it is as well
    assert len(antwoord["per_maand"]) in (13, 14, 15)
    tekst = roep(env, "status", "--months", "6", verwacht=1).output
    assert "Enschede" in tekst
    assert "geaccepteerd" in tekst


def test_check_gives_the_verdict_of_run_and_shows_no_value_of_a_person(demo, env):
    landing = Path(env["REGIOMONITOR_HOME"]) / "landing"
    anders = {}
    for afgekeurd in demo["inname"]["afgekeurd"]:
        bestand = afgekeurd["bestand"]
        pad = landing / (bestand if "/" in bestand else f"{afgekeurd['gemeente']}/{bestand}")
        antwoord = json.loads(roep(env, "check", str(pad), "--json", verwacht=1).stdout)
        redenen = {b["regel_code"] for b in antwoord["bevindingen"] if b["ernst"] == "BLOKKEREND" and b["n_rijen"]}
        if (antwoord["status"], redenen) != ("AFGEKEURD", {r.split(":")[0] for r in afgekeurd["redenen"]}):
            anders[bestand] = (antwoord["status"], redenen)
    assert anders == {}
    soorten = {r.split(":")[0] for a in demo["inname"]["afgekeurd"] for r in a["redenen"]}
    assert {"L01", "L02"} <= soorten
    assert len(soorten) >= 6


def test_check_shows_what_was_expected_against_what_was_found(demo, env, tmp_path):
    goed = next(
        p for p in sorted((Path(env["REGIOMONITOR_HOME"]) / "landing" / "GM1742").glob("decl*_GM1742_2025-*.csv"))
    )
    bestand = tmp_path / goed.name
    bestand.write_bytes(goed.read_bytes())
    (tmp_path / f"{goed.name}.controle.json").write_text('{"rijen": 1, "som_bedrag_cent": 100}', encoding="utf-8")
    uit = roep({**env, "REGIOMONITOR_BSN_REEKS": "synthetisch"}, "check", str(bestand), verwacht=1).output
    assert "Controletotalen: opgegeven tegen gevonden" in uit
    assert "rijen: klopt niet: opgegeven 1, in het bestand" in uit
    assert " euro: " in uit


def test_check_of_a_good_file_writes_nothing(demo, env, tmp_path):
    home = Path(env["REGIOMONITOR_HOME"])
    goed = next(p for p in sorted((home / "landing" / "GM1742").glob("toewijzingen_GM1742_2025-*.csv")))
    leeg = {**env, "REGIOMONITOR_HOME": str(tmp_path / "elders"), "REGIOMONITOR_BSN_REEKS": "synthetisch"}
    roep(leeg, "check", str(goed), verwacht=0)
    assert not (tmp_path / "elders").exists()


def test_publications_lists_the_current_one(demo, env):
    lijst = json.loads(roep(env, "publications", "--json").stdout)["publicaties"]
    assert [p["publicatie_id"] for p in lijst if p["is_actueel"]] == [demo["publicatie_id"]]
    uit = roep(env, "publications").output
    assert demo["publicatie_id"] in uit
    assert max(map(len, uit.splitlines())) <= 80
    assert "Stappen van de laatste run" in uit


def test_rollback_to_an_unknown_publication_is_an_error_that_says_where_to_look(demo, env):
    assert "publications" in roep(env, "rollback", "P20000101T000000-00000000", verwacht=1).output


def test_diff_of_a_publication_with_itself_is_empty(demo, env):
    antwoord = json.loads(roep(env, "diff", demo["publicatie_id"], demo["publicatie_id"], "--json").stdout)
    assert antwoord == {"figuren": [], "leveringen": []}
    assert "0 veranderd" in roep(env, "diff", demo["publicatie_id"], demo["publicatie_id"]).output


def test_synth_writes_the_region_with_its_truth_beside_it(env, tmp_path):
    antwoord = roep(env, "synth", "--out", str(tmp_path / "r"), "--months", "4", "--schaal", "0.01", "--json").stdout
    assert json.loads(antwoord)
    assert {"landing", "waarheid", "geleverd", "grootboek.csv", "leveringen.csv"} <= {
        p.name for p in (tmp_path / "r").iterdir()
    }


def test_a_full_disk_is_said_in_words(env, tmp_path):
    with bestanden_hoogstens(2000):
        uit = roep(env, "synth", "--out", str(tmp_path / "r"), "--months", "2", "--schaal", "0.01", verwacht=1)
    assert "De schijf is vol" in uit.output
    assert "Traceback" not in uit.output


@pytest.mark.parametrize("fout", [duckdb.IOException("Could not write: No space left on device"), OSError(28, "vol")])
def test_a_full_disk_in_a_run_is_said_in_words(env, demo, monkeypatch, fout):
    def vol(*_args, **_opties):
        raise fout

    monkeypatch.setattr("pipeline.maand.draai", vol)
    assert "De schijf is vol" in roep(env, "run", verwacht=1).output


def test_another_error_stays_an_error(env, demo, monkeypatch):
    def stuk(*_args, **_opties):
        raise OSError(5, "stuk")

    monkeypatch.setattr("pipeline.maand.draai", stuk)
    with pytest.raises(OSError, match="stuk"):
        roep(env, "run", verwacht=1)
