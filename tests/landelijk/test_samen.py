"""Many regions at once, on a real PostgreSQL: killed, cut off, in another language, and as many as there are."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.landelijk import WinkelFout, deel, delen, vergelijk
from pipeline.landelijk.winkel import lees
from pipeline.settings import PROJECT, Winkelplek
from tests.landelijk.met_de_hand import vergelijking_met_de_hand
from tests.landelijk.regios import DAG, TABELLEN, Regio
from tests.landelijk.test_vergelijken import lees_bestand
from tests.postgres import Postgres, postgres

pytestmark = pytest.mark.slow
RONDES = 20
N_REGIOS = 41

# imports first and then waits for its cue, so that regions really share at the same moment
DELER = """
import sys
from pipeline import landelijk
from pipeline.cli.hulp import klok
from pipeline.landelijk import winkel
from pipeline.settings import load_settings
winkel._OPNIEUW = int(sys.argv[1])
settings = load_settings()
print("klaar", flush=True)
sys.stdin.readline()
try:
    landelijk.deel(settings, nu=klok())
except winkel.WinkelFout as fout:
    sys.exit(str(fout))
"""


@pytest.fixture
def server() -> Iterator[Postgres]:
    with postgres() as s:
        yield s


def maak_winkel(server: Postgres, map_: Path) -> Winkelplek:
    return Winkelplek(server.catalogus, str(map_ / "gegevens"), "openbaar", 100)


def omgeving(regio: Regio, plek: Winkelplek) -> dict[str, str]:
    return os.environ | {
        "REGIOMONITOR_HOME": str(regio.settings.huis.pad),
        "REGIOMONITOR_WINKEL": plek.catalogus,
        "REGIOMONITOR_WINKEL_GEGEVENS": plek.gegevens,
        "REGIOMONITOR_WINKEL_BEWAREN": str(plek.bewaren),
    }


def start(regio: Regio, plek: Winkelplek, *, opnieuw: int = 100) -> subprocess.Popen[str]:
    pijp = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    opdracht = [sys.executable, "-c", DELER, str(opnieuw)]
    p = subprocess.Popen(opdracht, cwd=PROJECT, env=omgeving(regio, plek), text=True, **pijp)  # type: ignore[call-overload]  # an overload is not chosen by what a dict holds
    assert p.stdout.readline() == "klaar\n", p.stderr.read()
    return p


def ga(deler: subprocess.Popen[str]) -> None:
    deler.stdin.write("ga\n")
    deler.stdin.flush()


def zie_alles_heel(plek: Winkelplek) -> set[str]:
    """Look as any reader does: every publication in the book has exactly its rows, and there are no rows besides."""
    rijen = " UNION ALL ".join(f"SELECT regio_code, publicatie_id FROM winkel.{tabel}" for tabel in TABELLEN)
    with lees(plek) as con:
        boek = con.execute("SELECT regio_code, publicatie_id, n_rijen FROM winkel.landelijk.publicaties").fetchall()
        geteld = con.execute(f"SELECT regio_code, publicatie_id, count(*) FROM ({rijen}) GROUP BY ALL").fetchall()
    assert sorted(boek) == sorted(geteld)
    return {f"{regio} {p}" for regio, p, _ in boek}


def test_three_regions_share_at_once_and_some_are_killed(server: Postgres, tmp_path: Path) -> None:
    plek = maak_winkel(server, tmp_path)
    kans = random.Random(20261130)
    regios = [Regio(tmp_path, f"Regio {n}", plek) for n in "ABC"]
    gezien: set[str] = set()
    verwacht: set[str] = set()
    for ronde in range(RONDES):
        for nr, regio in enumerate(regios):
            naam = regio.publiceer(ronde, factor=1 + nr + ronde / 8, jaren=50)
            verwacht.add(f"regio-{'abc'[nr]} {naam}")
        # every second round DuckLake may not try again: taking turns is enough
        delers = [start(regio, plek, opnieuw=100 if ronde % 2 else 0) for regio in regios]
        slachtoffer = kans.choice([None, *delers])
        for d in delers:
            ga(d)
        if slachtoffer is not None:
            time.sleep(kans.uniform(0, 1.2))
            slachtoffer.send_signal(signal.SIGKILL)
        while any(d.poll() is None for d in delers):
            if ronde:
                nu = zie_alles_heel(plek)
                assert gezien <= nu
                gezien = nu
        for d, regio in zip(delers, regios, strict=True):
            assert d.returncode == (d.returncode if d is slachtoffer else 0), d.stderr.read()
            d.communicate()
            if d is slachtoffer:
                deel(regio.settings, nu=DAG)
        gezien = zie_alles_heel(plek)
        assert gezien == verwacht
    vergelijk(regios[0].settings)
    met_de_hand = vergelijking_met_de_hand({r.naam: r.marts for r in regios})
    assert lees_bestand(regios[0].settings.huis.vergelijking) == met_de_hand


def test_the_catalogue_goes_away_halfway(server: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plek = maak_winkel(server, tmp_path)
    eerder = Regio(tmp_path, "Eerder", plek)
    verwacht = {f"eerder {eerder.publiceer(0)}"}
    deel(eerder.settings, nu=DAG)
    regio = Regio(tmp_path, "Weg", plek)
    naam = regio.publiceer(0)
    with monkeypatch.context() as m:
        m.setattr(delen, "_te_veel", lambda *_: [server.stop(), []][1])
        with pytest.raises(WinkelFout, match="PostgreSQL met de catalogus van de winkel antwoordt niet"):
            deel(regio.settings, nu=DAG)
    with pytest.raises(WinkelFout, match="PostgreSQL met de catalogus van de winkel antwoordt niet"):
        vergelijk(regio.settings)
    server.start()
    assert zie_alles_heel(plek) == verwacht
    assert deel(regio.settings, nu=DAG).is_nieuw
    assert zie_alles_heel(plek) == verwacht | {f"weg {naam}"}


@pytest.mark.parametrize(
    "taal", ["nl_NL.UTF-8", "de_DE.UTF-8"]
)  # PostgreSQL knows no Dutch messages, but it does German
def test_a_server_that_speaks_another_language(tmp_path: Path, taal: str) -> None:
    with postgres(taal) as server:
        plek = maak_winkel(server, tmp_path)
        regios = [Regio(tmp_path, f"Regio {n}", plek) for n in "ABC"]
        namen = [r.publiceer(0) for r in regios]
        delers = [start(r, plek) for r in regios]
        for d in delers:
            ga(d)
        assert [d.wait(60) for d in delers] == [0, 0, 0]
        assert zie_alles_heel(plek) == {f"regio-{n} {p}" for n, p in zip("abc", namen, strict=True)}


def test_as_many_regions_as_there_are(tmp_path: Path, record_property: pytest.RecordProperty) -> None:
    """41 regions with as many public figures as Twente has: what sharing and comparing cost, from 5 regions to 41."""
    met = {}
    with postgres() as server:
        plek = maak_winkel(server, tmp_path)
        for n in range(N_REGIOS):
            regio = Regio(tmp_path, f"Regio {n:02}", plek)
            regio.publiceer(0, factor=1 + n / 8, jaren=500)
            begin = time.perf_counter()
            deel(regio.settings, nu=DAG)
            duur = time.perf_counter() - begin
            assert duur < 10
            if n + 1 in (5, N_REGIOS):
                met[n + 1] = (duur, *_vergelijk_apart(regio, plek))
    record_property("delen: seconden; vergelijken: seconden, processorseconden, MiB", json.dumps(met))
    (_, _, toen, _), (_, _, nu, mib) = met[5], met[N_REGIOS]
    assert nu < 30 and mib < 2048
    assert nu < toen * N_REGIOS / 5


def _vergelijk_apart(regio: Regio, plek: Winkelplek) -> tuple[float, float, float]:
    """Return seconds, processor seconds and peak memory (MiB) of `regiomonitor vergelijk` on two cores.

    What is held to a bound is processor time: it does not depend on what else the machine does.
    """
    begin = time.perf_counter()
    opdracht = [sys.executable, "-m", "pipeline", "vergelijk"]
    kernen = sorted(os.sched_getaffinity(0))[:2]
    proces = subprocess.Popen(opdracht, cwd=PROJECT, env=omgeving(regio, plek), stdout=subprocess.DEVNULL)
    os.sched_setaffinity(proces.pid, kernen)
    _, status, gebruik = os.wait4(proces.pid, 0)
    assert status == 0
    return time.perf_counter() - begin, gebruik.ru_utime + gebruik.ru_stime, gebruik.ru_maxrss / 1024
