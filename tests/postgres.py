"""A PostgreSQL of our own for as long as a test lasts; skipped with the reason where there is none.

Lives here: finding its programs, starting and stopping. It refuses to run as root: then it runs as the user `postgres`.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def _programma(naam: str) -> Path | None:
    mappen = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    gevonden = shutil.which(naam) or next((p for m in mappen if (p := m / naam).is_file()), None)
    return Path(gevonden) if gevonden else None


def _als_gebruiker() -> list[str]:
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []


def _maak_taal(map_: Path, locale: str) -> None:
    """Make a locale for this server alone: few machines have all of them."""
    if locale.startswith("C."):
        return
    map_.mkdir()
    opdracht = ["localedef", "-i", locale.split(".", maxsplit=1)[0], "-f", "UTF-8", str(map_ / locale)]
    if shutil.which("localedef") is None or subprocess.run(opdracht, capture_output=True, check=False).returncode:
        pytest.skip(f"de taal {locale} is hier niet te maken: installeer het pakket locales")
    # whatever the umask of this process is by now: another user reads it
    for pad in (map_, *map_.rglob("*")):
        pad.chmod(0o755 if pad.is_dir() else 0o644)


class Postgres:
    """A server that listens on a socket in its own folder; it can be stopped hard and started again."""

    def __init__(self, map_: Path, locale: str) -> None:
        self.map = map_
        initdb = _programma("initdb")
        if initdb is None:
            pytest.skip("er is geen PostgreSQL: installeer het pakket postgresql")
        if os.geteuid() == 0:
            try:
                wie = pwd.getpwnam("postgres")
            except KeyError:
                pytest.skip("PostgreSQL draait niet als root en er is geen gebruiker postgres")
            os.chown(map_, wie.pw_uid, wie.pw_gid)
        self.pg_ctl = initdb.with_name("pg_ctl")
        _maak_taal(map_ / "talen", locale)
        opties = ["--auth=trust", "--encoding=UTF8", "--username=regio", "--no-sync", f"--locale={locale}"]
        self._doe(str(initdb), "-D", str(map_ / "data"), *opties)
        self.start()

    def _doe(self, *opdracht: str) -> None:
        stil = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        taal = os.environ | {"LOCPATH": str(self.map / "talen")}
        subprocess.run([*_als_gebruiker(), *opdracht], check=True, cwd=self.map, env=taal, **stil)  # type: ignore[call-overload]

    def psql(self, sql: str) -> str:
        """Run SQL and return what it prints; CalledProcessError when it fails."""
        opdracht = [str(_programma("psql")), "-h", str(self.map), "-U", "regio", "-d", "postgres", "-qAtX"]
        klaar = subprocess.run(
            [*opdracht, "-v", "ON_ERROR_STOP=1"], input=sql, check=True, capture_output=True, text=True
        )
        return klaar.stdout.strip()

    def start(self) -> None:
        """Start it and wait until it answers."""
        opties = f"-k {self.map} -c listen_addresses='' -c fsync=off -c port=5432"
        self._doe(
            str(self.pg_ctl), "-D", str(self.map / "data"), "-o", opties, "-l", str(self.map / "log"), "-w", "start"
        )

    def stop(self) -> None:
        """Stop it at once, as a machine that goes down does."""
        self._doe(str(self.pg_ctl), "-D", str(self.map / "data"), "-m", "immediate", "-w", "stop")

    @property
    def catalogus(self) -> str:
        """What REGIOMONITOR_WINKEL is then."""
        return f"postgres:host={self.map} dbname=postgres user=regio"


@contextmanager
def postgres(locale: str = "C.UTF-8") -> Iterator[Postgres]:
    """Run a server within the block."""
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as map_:
        server = Postgres(Path(map_), locale)
        try:
            yield server
        finally:
            subprocess.run(
                [*_als_gebruiker(), str(server.pg_ctl), "-D", f"{map_}/data", "-m", "immediate", "stop"],
                check=False,
                capture_output=True,
            )
