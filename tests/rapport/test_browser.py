"""The pages in headless Chromium, from disk: axe finds nothing, nothing is fetched from elsewhere, nothing runs over.

Of every family of pages a few of every edition, at 1280 and 320 px, light and dark, with every table unfolded; of all
pages of all editions that the console is silent. On the messy region, which is a small one and here stands beside others;
the same with names that hold code, quotes and long words, and with hardly any data.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from pipeline.rapport import maken
from pipeline.rapport.pdf import druk_af, zoek_chromium
from pipeline.settings import Huis
from tests.rapport.conftest import BIJNA_LEEG, VIJANDIG, verbouwd

pytestmark = pytest.mark.slow

AXE = "axe-core@4.14.1"
REGELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
VLAGGEN = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--allow-file-access-from-files",
)
KIES = {
    "intern": ("index.html", "segment/index.html", "segment/ambulant.html", "segment/ambulant-kwartaal.html", "gemeente/GM0141.html", "gemeente/index.html", "aanbieder/index.html", "duidingssessie/index.html", "kwaliteit.html", "veranderd.html", "vergelijken.html", "begrip/index.html", "begrip/kosten.html", "begrip/aandeel_te_laat.html"),
    "openbaar": ("index.html", "segment/ambulant.html", "gemeente/GM0141.html", "kwaliteit.html", "begrip/jeugdigen_in_zorg.html", "veranderd.html", "vergelijken.html"),
    "gemeente/GM0141": ("index.html", "segment/ambulant.html", "kwaliteit.html", "begrip/kosten.html"),
}  # fmt: skip


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The text of axe-core, from its npm package."""
    if shutil.which("npm") is None:
        pytest.fail("Deze test haalt axe-core uit npm: installeer node en npm.")
    map_ = tmp_path_factory.mktemp("axe")
    subprocess.run(["npm", "pack", AXE, "--silent"], cwd=map_, check=True, capture_output=True, timeout=120)
    subprocess.run(["tar", "xzf", *[p.name for p in map_.glob("*.tgz")]], cwd=map_, check=True)
    return (map_ / "package" / "axe.min.js").read_text(encoding="utf-8")


REGIOS = {"rommelig": (), "vijandig": VIJANDIG, "bijna_leeg": BIJNA_LEEG}


@pytest.fixture(scope="module")
def rapporten(rommelige_regio, publicatie, vergelijking, tmp_path_factory) -> dict[str, Path]:
    """The pages of each region, drawn."""
    uit = {}
    for naam, sql in REGIOS.items():
        huis = Huis(tmp_path_factory.mktemp(naam))
        pub = verbouwd(publicatie, huis.publications, *sql)
        with pytest.MonkeyPatch.context() as mp:
            mp.setattr(maken, "vergelijking_van", lambda _s: vergelijking)
            maken.maak(replace(rommelige_regio.settings, huis=huis), pub.name)
        uit[naam] = pub / maken.MAP
    return uit


@pytest.fixture(scope="module")
def rapport(rapporten) -> Path:
    """The pages of the messy region."""
    return rapporten["rommelig"]


@pytest.fixture(scope="module")
def browser(tmp_path_factory) -> Iterator[webdriver.Chrome]:
    chromium, driver = (shutil.which(p) for p in ("chromium", "chromedriver"))
    if not (chromium and driver):
        pytest.fail("Deze test heeft een browser nodig: `make browser`.")
    opties = webdriver.ChromeOptions()
    opties.binary_location = chromium
    for vlag in (*VLAGGEN, f"--user-data-dir={tmp_path_factory.mktemp('profiel')}"):
        opties.add_argument(vlag)
    opties.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    met = webdriver.Chrome(options=opties, service=webdriver.ChromeService(driver))
    yield met
    met.quit()


def open_pagina(browser: webdriver.Chrome, pagina: Path, *, breed: int = 1280, donker: bool = False) -> None:
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": breed, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    )
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"features": [{"name": "prefers-color-scheme", "value": "dark" if donker else "light"}]},
    )
    browser.get(pagina.as_uri())


def klachten(browser: webdriver.Chrome) -> list[str]:
    """Return what the console said, and what was asked of anything but the disk."""
    uit = [r["message"] for r in browser.get_log("browser")]
    for r in browser.get_log("performance"):
        bericht = json.loads(r["message"])["message"]
        if bericht["method"] == "Network.requestWillBeSent":
            adres = bericht["params"]["request"]["url"]
            if adres.startswith(("http", "ws", "//")):  # the browser's own first page is chrome://
                uit.append(adres)
    return uit


@pytest.mark.parametrize("regio", REGIOS)
@pytest.mark.parametrize("editie", KIES)
def test_axe_finds_nothing_and_nothing_runs_over(rapporten, browser, axe, editie, regio):
    gevonden: dict[str, object] = {}
    paginas = [rapporten[regio] / editie / naam for naam in KIES[editie]]
    if regio != "rommelig":  # of a region with hardly any data some pages are not there
        paginas = [p for p in paginas if p.is_file()]
        assert len(paginas) >= 3
    for pagina in paginas:
        naam = pagina.name
        for breed, donker in ((1280, False), (1280, True), (320, False), (320, True)):
            open_pagina(browser, pagina, breed=breed, donker=donker)
            browser.execute_script("for (const d of document.querySelectorAll('details')) d.open = true")
            browser.execute_script(axe)
            uitslag = browser.execute_async_script(
                "const klaar = arguments[arguments.length - 1]; axe.run({runOnly: arguments[0]}).then(r => klaar(r.violations.map(v => [v.id, v.nodes[0].html.slice(0, 200)])))",
                REGELS,
            )
            if uitslag:
                gevonden[f"{naam} {breed} {donker}"] = uitslag
            if browser.execute_script(
                "return document.documentElement.scrollWidth > document.documentElement.clientWidth"
            ):
                gevonden[f"{naam} {breed}"] = "loopt over"
    assert gevonden == {}
    assert klachten(browser) == []


@pytest.mark.parametrize(("regio", "minstens"), [("rommelig", 200), ("vijandig", 200), ("bijna_leeg", 50)])
def test_every_page_of_every_edition_opens_without_a_word_in_the_console(rapporten, browser, regio, minstens):
    paginas = sorted(p for e in KIES for p in (rapporten[regio] / e).rglob("*.html"))
    assert len(paginas) > minstens
    for pagina in paginas:
        browser.get(pagina.as_uri())
    assert klachten(browser) == []


def test_the_keyboard_reaches_everything_in_order(rapport, browser):
    open_pagina(browser, rapport / "intern" / "index.html")
    alle = browser.execute_script(
        "return [...document.querySelectorAll('a[href], summary, [tabindex=\"0\"]')].filter(e => e.checkVisibility()).length"
    )
    lijf, bereikt = browser.find_element(By.TAG_NAME, "body"), []
    for _ in range(alle):
        lijf.send_keys(Keys.TAB)
        bereikt.append(browser.execute_script("return document.activeElement.outerHTML.slice(0, 120)"))
    assert "overslaan" in bereikt[0]
    assert "body" not in [b[1:5] for b in bereikt]


def test_print_gives_whole_figures_on_a4(rapport, tmp_path, browser):
    naar = tmp_path / "x.pdf"
    druk_af(zoek_chromium(), rapport / "intern" / "segment" / "ambulant.html", naar)
    assert naar.read_bytes()[:5] == b"%PDF-"
    open_pagina(browser, rapport / "intern" / "segment" / "ambulant.html")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    stijl = browser.execute_script(
        "return [...document.querySelectorAll('figure')].map(f => getComputedStyle(f).breakInside).concat("
        "[...document.querySelectorAll('.vlak.smal')].map(f => getComputedStyle(f).display))"
    )
    assert set(stijl) == {"avoid", "none"}
    # 180 mm of paper is 680 px wide: nothing is wider but tables, which wrap
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 680, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
    )
    assert browser.execute_script(
        "return [...document.querySelectorAll('svg')].every(s => s.getBoundingClientRect().width <= 680)"
    )


def test_pages_and_sites_keep_within_their_bounds(rapport):
    for editie in KIES:
        bestanden = [p for p in (rapport / editie).rglob("*") if p.is_file()]
        assert max(p.stat().st_size for p in bestanden if p.suffix == ".html") < 300_000
        assert sum(p.stat().st_size for p in bestanden) < 20_000_000


def test_two_processes_make_the_same_pages(rapporten, rommelige_regio, vergelijking, monkeypatch):
    publicatie = rapporten["vijandig"].parent
    een = {p.relative_to(rapporten["vijandig"]): p.read_bytes() for p in rapporten["vijandig"].rglob("*.html")}
    monkeypatch.setattr(maken, "vergelijking_van", lambda _s: vergelijking)
    monkeypatch.setattr(maken, "_SAMEN_VANAF", 1)
    rapport = maken.maak(replace(rommelige_regio.settings, huis=Huis(publicatie.parent.parent)), publicatie.name)
    twee = {p.relative_to(rapport.pad): p.read_bytes() for p in rapport.pad.rglob("*.html")}
    assert twee == een
    assert rapport.getekend == 0
    assert sum(rapport.paginas.values()) == len(een)
