"""A helper process that warms up beside the run: imports what is slow, then answers one question per line of JSON.

Lives here: starting it, asking, and what its own side does. Two rooms use it (dbt in warehouse/, the gate in publish/).
Keep out: what is asked. Whatever goes wrong with the helper itself, the caller does the work in its own process.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

from pipeline.settings import PROJECT


class WerkprocesFout(Exception):
    """The helper is gone or does not speak; the work can still be done in the process of the caller."""


class Werkproces:
    """The side of the caller. A context manager: leaving it ends the helper."""

    def __init__(self, module: str, env: Mapping[str, str] | None = None) -> None:
        """Start `python -m module`; returns at once."""
        pad = os.pathsep.join(p for p in (str(PROJECT), os.environ.get("PYTHONPATH", "")) if p)
        # stderr to nowhere: a library may print the values of a row there
        self._proces = subprocess.Popen(  # noqa: S603 our own interpreter and module
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **(env or {}), "PYTHONPATH": pad},
            text=True,
            encoding="utf-8",
        )

    def __enter__(self) -> Werkproces:
        return self

    def __exit__(self, *_: object) -> None:
        self.sluit()

    def vraag(self, vraag: Mapping[str, Any]) -> dict[str, Any]:
        """Ask and wait for the answer; WerkprocesFout when the helper cannot give one."""
        assert self._proces.stdin and self._proces.stdout  # noqa: S101 both are pipes, see above
        try:
            self._proces.stdin.write(json.dumps(vraag) + "\n")
            self._proces.stdin.flush()
            antwoord = json.loads(self._proces.stdout.readline() or "null")
        except (OSError, ValueError):
            antwoord = None
        if not isinstance(antwoord, dict) or antwoord.get("stuk"):
            self.sluit()
            raise WerkprocesFout("het hulpproces gaf geen antwoord")
        return antwoord

    def sluit(self) -> None:
        """End the helper now, and wait until it let go of its files."""
        self._proces.kill()
        self._proces.wait()
        for pijp in (self._proces.stdin, self._proces.stdout):
            with contextlib.suppress(OSError):
                if pijp:
                    pijp.close()


def bedien(maak: Callable[[], Callable[[dict[str, Any]], dict[str, Any]]]) -> None:
    """Run the side of the helper: warm up with `maak`, then answer every line until the caller is gone.

    Everything that libraries print goes nowhere: stdout carries answers only. The helper ends at once when the
    caller does, killed or not, also in the middle of its work: nobody may keep the warehouse locked.
    """
    uit = os.fdopen(os.dup(1), "w", encoding="utf-8")
    with Path(os.devnull).open("w") as niets:
        os.dup2(niets.fileno(), 1)
    vragen: SimpleQueue[str] = SimpleQueue()
    threading.Thread(target=_lees, args=(sys.stdin, vragen), daemon=True).start()
    antwoord_op = maak()
    while True:
        try:
            antwoord = antwoord_op(json.loads(vragen.get()))
        except Exception:  # the caller does it itself and meets the same trouble, with its own message
            antwoord = {"stuk": True}
        uit.write(json.dumps(antwoord) + "\n")
        uit.flush()


def _lees(bron: IO[str], vragen: SimpleQueue[str]) -> None:
    for regel in bron:
        vragen.put(regel)
    os._exit(0)
