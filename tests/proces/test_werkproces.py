"""The helper process: it answers, it hides its trouble, and it does not outlive its caller."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.proces.werkproces import Werkproces, WerkprocesFout
from pipeline.settings import PROJECT

_HULP = """
import sys, time
from pipeline.proces.werkproces import bedien

def maak():
    print("lawaai van een bibliotheek")
    def antwoord(vraag):
        print("meer lawaai")
        if vraag["wat"] == "stuk":
            raise ValueError("999990007")
        if vraag["wat"] == "slaap":
            time.sleep(60)
        return {"dubbel": vraag["wat"] * 2}
    return antwoord

bedien(maak)
"""


@pytest.fixture
def hulp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "hulp_in_test.py").write_text(_HULP)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "hulp_in_test"


def test_it_answers_whatever_libraries_print(hulp: str) -> None:
    with Werkproces(hulp) as w:
        assert w.vraag({"wat": "ja"}) == {"dubbel": "jaja"}
        assert w.vraag({"wat": "é"}) == {"dubbel": "éé"}


def test_trouble_is_for_the_caller(hulp: str, capfd: pytest.CaptureFixture[str]) -> None:
    with Werkproces(hulp) as w:
        for _ in range(2):
            with pytest.raises(WerkprocesFout):
                w.vraag({"wat": "stuk"})
    with Werkproces("bestaat_niet") as w, pytest.raises(WerkprocesFout):
        w.vraag({})
    assert "999990007" not in "".join(capfd.readouterr())


@pytest.mark.parametrize("bezig", [False, True], ids=["idle", "busy"])
def test_it_does_not_outlive_a_killed_caller(hulp: str, bezig: bool) -> None:
    code = (
        "import json, sys, time\n"
        "from pipeline.proces.werkproces import Werkproces\n"
        f"w = Werkproces({hulp!r})\n"
        "w.vraag({'wat': 'ja'})\n"
        "print(w._proces.pid, flush=True)\n" + ("w.vraag({'wat': 'slaap'})\n" if bezig else "time.sleep(60)\n")
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(PROJECT), os.environ["PYTHONPATH"]])}
    baas = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=env)
    assert baas.stdout
    pid = int(baas.stdout.readline())
    os.kill(baas.pid, signal.SIGKILL)
    baas.wait()
    grens = time.monotonic() + 20
    while _leeft(pid):
        assert time.monotonic() < grens, "the helper lives on"
        time.sleep(0.05)


def _leeft(pid: int) -> bool:
    """Tell whether a process runs; one that ended and that nobody waits for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
