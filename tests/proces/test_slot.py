"""The lock of the one writer: between processes, and after a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.domain.fouten import SlotFout
from pipeline.proces.slot import enige_schrijver
from pipeline.settings import PROJECT, Huis

_HOUDER = """
import sys
from pathlib import Path
from pipeline.settings import Huis
from pipeline.proces.slot import enige_schrijver
with enige_schrijver(Huis(Path(sys.argv[1]))):
    print("vast", flush=True)
    sys.stdin.readline()
"""


def _houder(huis: Huis) -> subprocess.Popen[str]:
    proces = subprocess.Popen(
        [sys.executable, "-c", _HOUDER, str(huis.pad)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
    )
    assert proces.stdout and proces.stdout.readline() == "vast\n"
    return proces


def test_a_second_writer_is_told_who_is_busy_until_that_one_is_killed(tmp_path: Path) -> None:
    huis = Huis(tmp_path)
    proces = _houder(huis)
    try:
        with pytest.raises(SlotFout, match=str(proces.pid)), enige_schrijver(huis):
            pytest.fail("two writers at once")
    finally:
        os.kill(proces.pid, signal.SIGKILL)
        proces.wait()
    with enige_schrijver(huis):
        pass


def test_a_second_writer_can_wait(tmp_path: Path) -> None:
    huis = Huis(tmp_path)
    proces = _houder(huis)
    assert proces.stdin
    proces.stdin.write("klaar\n")
    proces.stdin.flush()
    with enige_schrijver(huis, wacht_seconden=30):
        pass
    assert proces.wait() == 0


def test_the_lock_ends_with_the_block_also_after_an_error(tmp_path: Path) -> None:
    huis = Huis(tmp_path / "nieuw")
    with pytest.raises(ZeroDivisionError), enige_schrijver(huis):
        raise ZeroDivisionError
    with enige_schrijver(huis), pytest.raises(SlotFout), enige_schrijver(huis):
        pytest.fail("two writers at once")
