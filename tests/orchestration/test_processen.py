"""Kill -9 on the run, the daemon, the web server and all at once: nothing is lost and nothing is done twice."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import meldingen, publish
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.maanden import Maand
from pipeline.domain.runs import Run
from pipeline.intake.wachtend import bekijk
from pipeline.maand import draai
from pipeline.meldingen.melding import Onderwerp, Wat
from pipeline.proces import runboek
from pipeline.settings import Settings, load_settings
from pipeline.synth import maak_regio
from tests.kleine_regio import maak_seeds
from tests.orchestration.hulp import Proces, Webserver, maak_dagster_home, wacht

pytestmark = pytest.mark.slow

GEMEENTEN = ("GM0141", "GM0147")
LAATSTE = Maand(2026, 4)
N_MAANDEN = 14
NU = dt.datetime(2026, 5, 20, 12, tzinfo=dt.UTC)
MAG_VERSCHILLEN = ("publicatie_id", "gemaakt_op", "peilmoment")
DEFINITIES = ["--module-name", "pipeline.definitions"]


class Server:
    """A small server as deploy/ sets it up: web server and daemon, schedules on, one data home."""

    def __init__(self, pad: Path) -> None:
        self.env = {
            "REGIOMONITOR_HOME": str(pad / "data"),
            "REGIOMONITOR_SEEDS": str(maak_seeds(pad / "seeds", GEMEENTEN)),
            "REGIOMONITOR_SLEUTEL": "sleutel-van-de-tests-0123456789abcdef",
            "REGIOMONITOR_BSN_REEKS": "synthetisch",
            "REGIOMONITOR_ROOSTER": "aan",
            "DAGSTER_HOME": str(maak_dagster_home(pad / "dagster")),
        }
        self.settings: Settings = load_settings(self.env)
        self.settings.controleer_huis()
        self.catalogus = Catalogus.load(self.settings.seeds)
        self.pad = pad
        self.daemon: Proces
        self.web: Webserver

    def start_daemon(self) -> None:
        self.daemon = Proces(["dagster._daemon", "run", *DEFINITIES], self.env, self.pad / "daemon.log")

    def start_web(self) -> None:
        self.web = Webserver(["dagster_webserver", *DEFINITIES], self.env, self.pad / "web.log")

    def stroom_weg(self) -> None:
        for proces in (self.daemon, self.web):
            proces.dood()

    def dood_run(self) -> None:
        os.kill(wacht("een proces van een run", self.daemon.run_proces, stap=0.01), signal.SIGKILL)

    def leg_neer(self, bron: Path, maanden: range) -> None:
        """Deliver months; a file that has no control file gets one, so that it is whole at once."""
        for maand in (LAATSTE.plus(-n) for n in maanden):
            for pad in sorted(bron.glob(f"*/*_{maand}*")):
                doel = self.settings.huis.landing / pad.relative_to(bron)
                doel.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(pad, doel)
                controle = doel.with_suffix(".controle.json")
                if pad.suffix != ".json" and not pad.with_suffix(".controle.json").exists():
                    controle.write_text(json.dumps({"sha256": som(pad)}), encoding="utf-8")

    def bewijzen(self) -> list[Path]:
        return sorted(self.settings.huis.receipts.rglob("*.json"))

    def laatste(self) -> Run | None:
        return next(reversed(runboek.lees(self.settings.huis)), None)

    def na_stap(self, stap: str, behalve: set[str]) -> Callable[[], Run | None]:
        """Return a question: a run of which no kill is known is past `stap` and not over."""

        def vraag() -> Run | None:
            run = self.laatste()
            past = run is not None and run.run_id not in behalve and run.geeindigd_op is None
            return run if past and [s.naam for s in run.stappen][-1:] == [stap] else None

        return vraag

    def alles_gepubliceerd(self) -> bool:
        p = publish.huidige(self.settings)
        bezig = [r for r in self.web.runs() if r["status"] in ("QUEUED", "STARTING", "STARTED", "NOT_STARTED")]
        wacht_nog = bekijk(self.settings, nu=dt.datetime.now(dt.UTC)).wachtend
        return p is not None and p.n_leveringen == len(self.bewijzen()) and not bezig and not wacht_nog


def som(pad: Path) -> str:
    return hashlib.sha256(pad.read_bytes()).hexdigest()


@pytest.fixture
def server(tmp_path):
    s = Server(tmp_path)
    try:
        yield s
    finally:
        s.stroom_weg()


def test_killed_at_any_time_loses_nothing_and_repeats_nothing(server, tmp_path):
    maak_regio(
        tmp_path / "regio", server.catalogus, n_maanden=N_MAANDEN, seed=11, laatste_maand=LAATSTE, nu=NU, schaal=0.02
    )
    bron = tmp_path / "regio" / "landing"
    server.leg_neer(bron, range(2, N_MAANDEN))
    server.start_web()
    server.start_daemon()
    gedood: set[str] = set()

    # the run, while it takes in: some of the files have a receipt (two berichten of each gemeente and maand are there)
    wacht("de inname", lambda: len(server.bewijzen()) >= 5, stap=0.01)
    server.dood_run()
    assert len(server.bewijzen()) < 2 * len(GEMEENTEN) * (N_MAANDEN - 2)

    # everything, while it builds; files go on arriving while nothing runs
    run = wacht("de bouw", server.na_stap("laden", gedood), stap=0.02)
    server.stroom_weg()
    gedood.add(run.run_id)
    server.leg_neer(bron, range(2))
    server.start_web()
    server.start_daemon()

    # the web server, while a run is under way: nothing notices
    run = wacht("de bouw na de stroomuitval", server.na_stap("laden", gedood), stap=0.02)
    server.web.dood()
    server.start_web()
    assert server.web.runs()

    # the run, while it makes the publication
    wacht("een kandidaat", lambda: any(server.settings.huis.publications.glob(".kandidaat-*")), stap=0.01)
    server.dood_run()
    gedood.add(run.run_id)

    # the daemon alone, while a run is under way: that goes on, or is tried again
    wacht("de bouw na de publicatie", server.na_stap("laden", gedood), stap=0.02)
    oud = server.daemon
    oud.dood(alles=False)
    server.start_daemon()

    wacht("alles gepubliceerd", server.alles_gepubliceerd, 600, stap=1)
    oud.dood()
    server.stroom_weg()
    controleer(server, tmp_path)


def namen(settings: Settings) -> list[str]:
    return sorted(p.relative_to(settings.huis.receipts).as_posix() for p in settings.huis.receipts.rglob("*.json"))


def controleer(server: Server, tmp_path: Path) -> None:
    huis = server.settings.huis
    assert not list(huis.publications.glob(".kandidaat-*"))

    staand = publish.huidige(server.settings)
    ongestoord = load_settings(server.env | {"REGIOMONITOR_HOME": str(tmp_path / "ongestoord")})
    shutil.copytree(huis.landing, ongestoord.huis.landing)
    assert draai(ongestoord, server.catalogus, nu=staand.gemaakt_op).is_gepubliceerd
    # each levering once: a name is made of gemeente, bericht, maand and content; bytes offered again leave one too
    assert namen(server.settings) == namen(ongestoord)
    assert publish.zelfde_inhoud(staand.pad, ongestoord.huis.published, MAG_VERSCHILLEN) == []

    boek = meldingen.lees(huis)
    open_ = [g.identiteit for g in boek.gebeurtenissen if g.wat is Wat.GEOPEND]
    geopend = Counter(i for i in open_ if i.onderwerp is Onderwerp.LEVERING)
    assert geopend
    assert max(geopend.values()) == 1
    assert Counter(p.bericht_id for p in boek.pogingen if p.gelukt).most_common(1)[0][1] == 1
    per_dag = Counter((b.contact, b.dag) for b in boek.berichten.values())
    assert max(per_dag.values()) == 1
