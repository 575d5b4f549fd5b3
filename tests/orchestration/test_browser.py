"""`dagster dev` in a browser: the calendar and the checks are there, and a backfill of two months succeeds."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.maanden import Maand
from pipeline.maand import draai
from pipeline.settings import load_settings
from pipeline.synth import maak_regio
from tests.kleine_regio import maak_seeds
from tests.orchestration.hulp import Webserver, gestart, maak_dagster_home, wacht

pytestmark = pytest.mark.slow

GEMEENTEN = ("GM0141", "GM0147")
NU = dt.datetime(2026, 5, 20, 12, tzinfo=dt.UTC)
MAANDEN = ("2026-03", "2026-04")
VLAGGEN = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1500,1100",
)


@pytest.fixture(scope="module")
def env(tmp_path_factory) -> dict[str, str]:
    """A home of two gemeenten in which all but the last two months came in, by the command line."""
    pad = tmp_path_factory.mktemp("browser")
    env = {
        "REGIOMONITOR_HOME": str(pad / "data"),
        "REGIOMONITOR_SEEDS": str(maak_seeds(pad / "seeds", GEMEENTEN)),
        "REGIOMONITOR_SLEUTEL": "sleutel-van-de-tests-0123456789abcdef",
        "REGIOMONITOR_BSN_REEKS": "synthetisch",
        "DAGSTER_HOME": str(maak_dagster_home(pad / "dagster")),
    }
    settings = load_settings(env)
    catalogus = Catalogus.load(settings.seeds)
    laatste = Maand.lees(MAANDEN[-1])
    maak_regio(
        pad / "regio", catalogus, n_maanden=14, seed=11, laatste_maand=laatste, nu=NU, schaal=0.02, gebreken=False
    )
    shutil.move(pad / "regio" / "landing", settings.huis.landing)
    eerder = [laatste.plus(-n) for n in range(2, 14)]
    assert draai(settings, catalogus, nu=NU, maanden=eerder).is_gepubliceerd
    return env


@pytest.fixture(scope="module")
def dagster_dev(env, tmp_path_factory) -> Iterator[Webserver]:
    with gestart(Webserver(["dagster", "dev"], env, tmp_path_factory.mktemp("log") / "dev.log")) as server:
        yield server


@pytest.fixture
def browser(tmp_path) -> Iterator[webdriver.Chrome]:
    chromium, driver = (shutil.which(p) for p in ("chromium", "chromedriver"))
    if not (chromium and driver):
        pytest.fail("Deze test heeft een browser nodig: `make test-all`, of de pakketten chromium en chromium-driver.")
    opties = webdriver.ChromeOptions()
    opties.binary_location = chromium
    for vlag in (*VLAGGEN, f"--user-data-dir={tmp_path / 'profiel'}"):
        opties.add_argument(vlag)
    venster = webdriver.Chrome(options=opties, service=webdriver.ChromeService(driver))
    try:
        yield venster
    finally:
        venster.quit()


def tekst(browser: webdriver.Chrome) -> str:
    return browser.find_element(By.TAG_NAME, "body").text


def staat_er(browser: webdriver.Chrome, *woorden: str) -> None:
    wacht(f"{woorden} in beeld", lambda: all(w in tekst(browser) for w in woorden), 90, stap=0.5)


def knop(browser: webdriver.Chrome, begin: str) -> WebElement:
    def zoek() -> WebElement | None:
        knoppen = browser.find_elements(By.TAG_NAME, "button")
        return next((k for k in knoppen if k.is_displayed() and k.is_enabled() and k.text.startswith(begin)), None)

    return wacht(f"knop {begin}", zoek, stap=0.5)


def start_backfill(browser: webdriver.Chrome, adres: str) -> None:
    """Click a backfill of two months together, as a person does."""
    browser.get(f"{adres}/locations/pipeline.definitions/jobs/maandlevering")
    knop(browser, "Materialize all").click()
    knop(browser, "Show all partitions").click()
    staat_er(browser, "All time")
    veld = browser.find_element(By.CSS_SELECTOR, "input[placeholder^='ex: ']")
    veld.send_keys(Keys.CONTROL, "a")
    veld.send_keys(f"[{MAANDEN[0]}-01...{MAANDEN[1]}-01]", Keys.ENTER)
    staat_er(browser, "2 partitions")
    knop(browser, "Launch backfill").click()


def test_a_person_sees_the_calendar_and_the_checks_and_backfills_two_months(env, dagster_dev, browser):
    browser.get(f"{dagster_dev.adres}/assets/leveringen?view=partitions")
    staat_er(browser, "leveringen", *GEMEENTEN, "2026-04-01", "2026-03-01", "Materialized (0)")

    start_backfill(browser, dagster_dev.adres)
    klaar = ("SUCCESS", "FAILURE", "CANCELED")
    run = wacht("het einde van de run", lambda: next((r for r in dagster_dev.runs() if r["status"] in klaar), None))
    assert (run["jobName"], run["status"]) == ("maandlevering", "SUCCESS")
    assert len(dagster_dev.runs()) == 1  # a range of months is one run

    # the calendar is that of the receipts: also what the command line took in stands there
    browser.get(f"{dagster_dev.adres}/assets/leveringen?view=partitions")
    staat_er(browser, f"Materialized ({14 * len(GEMEENTEN)})")
    browser.get(f"{dagster_dev.adres}/assets/extracten?view=checks")
    staat_er(browser, *(f"levering_{g}" for g in GEMEENTEN), "Passed")
    browser.get(f"{dagster_dev.adres}/assets/publicatie?view=overview")
    staat_er(browser, "poort", "is_gepubliceerd")
    browser.get(f"{dagster_dev.adres}/runs/{run['runId']}")
    staat_er(browser, run["runId"][:8], "Success")
    (backfill,) = dagster_dev.backfills()
    assert (backfill["status"], backfill["numPartitions"]) == ("COMPLETED_SUCCESS", len(MAANDEN))

    herkomst = Path(env["REGIOMONITOR_HOME"]) / "published" / "publicatie.json"
    assert all(f'"maand": "{m}"' in herkomst.read_text(encoding="utf-8") for m in MAANDEN)
