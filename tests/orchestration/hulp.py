"""Dagster as real processes, with a DAGSTER_HOME and free ports of its own: start, ask, kill."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import requests

from pipeline.settings import PROJECT

GEDULD = 300.0
T = TypeVar("T")


def wacht(wat: str, vraag: Callable[[], T], geduld: float = GEDULD, stap: float = 0.2) -> T:
    """Ask until the answer is something; AssertionError that says what did not come."""
    grens = time.monotonic() + geduld
    while True:
        if antwoord := vraag():
            return antwoord
        assert time.monotonic() < grens, f"{wat} kwam niet binnen {geduld:.0f} s"
        time.sleep(stap)


def vrije_poort() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def maak_dagster_home(pad: Path) -> Path:
    """Make a DAGSTER_HOME with the project's own dagster.yaml, its household inside it and its monitoring at once."""
    pad.mkdir(parents=True)
    tekst = (PROJECT / "dagster.yaml").read_text(encoding="utf-8")
    assert "enabled: false" in tekst.split("telemetry:")[1].split("nux:")[0]
    tekst = tekst.replace("var/dagster", str(pad)).replace("poll_interval_seconds: 30", "poll_interval_seconds: 2")
    (pad / "dagster.yaml").write_text(tekst, encoding="utf-8")
    return pad


def bouw_defs(env: Mapping[str, str] | None = None) -> Any:
    """Dagster's code location. Imported here: reading the module makes one, which takes seconds."""
    from pipeline.definitions import build_defs

    return build_defs(env)


class Proces:
    """A process with everything it starts, in a session of its own."""

    def __init__(self, woorden: list[str], env: dict[str, str], log: Path) -> None:
        schoon = {k: v for k, v in os.environ.items() if not k.startswith(("REGIOMONITOR_", "DAGSTER"))}
        self._log = log.open("ab")
        self.popen = subprocess.Popen(
            [sys.executable, "-m", *woorden],
            env={**schoon, "PYTHONPATH": str(PROJECT), **env},
            cwd=PROJECT,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def nazaten(self) -> dict[int, str]:
        """Return pid and command line of everything in its session, itself included."""
        uit = {}
        for pad in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                sessie = int((pad / "stat").read_text().rsplit(")", 1)[1].split()[3])
                if sessie == self.popen.pid:
                    uit[int(pad.name)] = (pad / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        return {pid: regel for pid, regel in uit.items() if regel}

    def run_proces(self) -> int | None:
        """Return the pid of the process that executes a run; None when there is none."""
        return next((p for p, regel in sorted(self.nazaten().items()) if "multiprocessing.spawn" in regel), None)

    def dood(self, *, alles: bool = True) -> None:
        """Kill -9: with everything it started (a power cut), or the first process alone."""
        for pid in self.nazaten() if alles else [self.popen.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.popen.wait(timeout=30)


class Webserver(Proces):
    """dagster-webserver, or `dagster dev`, which has one."""

    def __init__(self, woorden: list[str], env: dict[str, str], log: Path) -> None:
        self.poort = vrije_poort()
        super().__init__([*woorden, "--host", "127.0.0.1", "--port", str(self.poort)], env, log)
        self.adres = f"http://127.0.0.1:{self.poort}"
        wacht("de webserver", self._luistert)

    def _luistert(self) -> bool:
        assert self.popen.poll() is None, "de webserver is gestopt"
        with contextlib.suppress(requests.RequestException):
            return requests.get(f"{self.adres}/server_info", timeout=10).ok
        return False

    def vraag(self, graphql: str, **variabelen: Any) -> dict[str, Any]:
        antwoord = requests.post(
            f"{self.adres}/graphql", json={"query": graphql, "variables": variabelen}, timeout=60
        ).json()
        assert "errors" not in antwoord, antwoord
        return dict(antwoord["data"])

    def runs(self) -> list[dict[str, Any]]:
        """Return id, job, status and tags of all runs, oldest first."""
        vraag = "{runsOrError {... on Runs {results {runId jobName status tags {key value}}}}}"
        return self.vraag(vraag)["runsOrError"]["results"][::-1]

    def backfills(self) -> list[dict[str, Any]]:
        """Return id, status and number of partitions of all backfills that are over."""

        def klaar() -> list[dict[str, Any]]:
            vraag = "{partitionBackfillsOrError {... on PartitionBackfills {results {id status numPartitions}}}}"
            alle = self.vraag(vraag)["partitionBackfillsOrError"]["results"]
            return alle if all(b["status"].startswith("COMPLETED") for b in alle) else []

        return wacht("het einde van de backfill", klaar, stap=1)


@contextlib.contextmanager
def gestart(proces: Proces) -> Iterator[Proces]:
    """Leave nothing behind, whatever happens."""
    try:
        yield proces
    finally:
        proces.dood()
