"""Programs of others, as their users install them: each in a folder of its own in a cache outside the repository.

Installed by the ordinary client of its registry, from whatever index the machine is set to, once; a folder whose
install did not end is made anew.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

HIER = Path(__file__).parent
_AF = ".compleet"


def cache() -> Path:
    """Where they are kept; may be deleted at any time."""
    eigen = os.environ.get("XDG_CACHE_HOME")
    return (Path(eigen) if eigen else Path.home() / ".cache") / "regiomonitor-tests"


def _klaar(naam: str, maak: Callable[[Path], None]) -> Path:
    map_ = cache() / naam
    map_.parent.mkdir(parents=True, exist_ok=True)
    with _slot(map_.with_name(f"{map_.name}.slot")):
        if not (map_ / _AF).exists():
            shutil.rmtree(map_, ignore_errors=True)
            maak(map_)
            (map_ / _AF).touch()
    return map_


@contextmanager
def _slot(pad: Path) -> Iterator[None]:
    with pad.open("w") as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        yield


def _draai(*opdracht: str | Path, cwd: Path | None = None) -> None:
    uit = subprocess.run([str(o) for o in opdracht], cwd=cwd, capture_output=True, text=True, check=False)
    assert uit.returncode == 0, f"{' '.join(str(o) for o in opdracht)}:\n{uit.stdout[-2000:]}{uit.stderr[-4000:]}"


PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps")


def pakket(eis: str) -> Path:
    """A folder for PYTHONPATH with one Python package, `name==version`."""
    return _klaar(eis, lambda map_: _draai(sys.executable, *PIP, "--target", map_, eis))


def python_met(requirements: Path) -> Path:
    """The python of a virtual environment that holds exactly what a hashed requirements file names."""
    som = hashlib.sha256(requirements.read_bytes()).hexdigest()[:12]

    def maak(map_: Path) -> None:
        _draai(sys.executable, "-m", "venv", map_)
        _draai(map_ / "bin" / "python", *PIP, "--require-hashes", "--requirement", requirements)

    return _klaar(f"venv-{som}", maak) / "bin" / "python"


def node_met(bron: Path) -> Path:
    """A folder with the node_modules that the package.json in `bron` names."""
    npm = shutil.which("npm")
    assert npm and shutil.which("node"), "Install Node.js 18 or newer with npm (Debian: apt-get install nodejs npm)."
    som = hashlib.sha256((bron / "package.json").read_bytes()).hexdigest()[:12]

    def maak(map_: Path) -> None:
        map_.mkdir()
        shutil.copyfile(bron / "package.json", map_ / "package.json")
        _draai(npm, "install", "--no-package-lock", "--no-audit", "--no-fund", cwd=map_)

    return _klaar(f"node-{som}", maak)
