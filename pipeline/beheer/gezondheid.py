"""Health: is this data home alive, for a monitor that knows nothing of it.

Lives here: the checks and a small web server of the standard library that answers them at /health. Nothing about
persons or senders is in the answer. Keep out: alerts to people (meldingen/).
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from pipeline import meldingen, publish
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.kalender import lokale_dag
from pipeline.domain.runs import RunUitkomst, laatste_beslissende, laatste_geslaagde
from pipeline.proces import runboek
from pipeline.proces.runboek import veilige_fout
from pipeline.settings import SLEUTEL_DICHT, UMASK, Settings

MIN_VRIJ_AANDEEL = 0.05
"""Less free disk than this is not healthy: a run copies its warehouse and its candidate."""


@dataclass(frozen=True)
class Controle:
    """One check: its name, whether it is well, and a short word about it."""

    naam: str
    is_goed: bool
    toelichting: str


def controleer(settings: Settings, catalogus: Catalogus, *, nu: dt.datetime) -> list[Controle]:
    """Do every check; one that breaks is not well, and says so."""
    uit = []
    for naam, check in _CHECKS.items():
        try:
            is_goed, toelichting = check(settings, catalogus, nu)
        except Exception as fout:
            is_goed, toelichting = False, veilige_fout(fout)
        uit.append(Controle(naam, is_goed, toelichting))
    return uit


def als_dict(controles: list[Controle]) -> dict[str, Any]:
    """Plain form, ready for JSON."""
    return {
        "is_gezond": all(c.is_goed for c in controles),
        "controles": {c.naam: {"is_goed": c.is_goed, "toelichting": c.toelichting} for c in controles},
    }


Uitslag = tuple[bool, str]


def _huis(s: Settings, _c: Catalogus, _nu: dt.datetime) -> Uitslag:
    if not s.huis.bestaat:
        return False, "is er niet"
    schrijfbaar = os.access(s.huis.pad, os.W_OK)
    return schrijfbaar, "schrijfbaar" if schrijfbaar else "niet schrijfbaar"


def _sleutel(s: Settings, _c: Catalogus, _nu: dt.datetime) -> Uitslag:
    return s.sleutel is not None, "aanwezig" if s.sleutel else "geen sleutel, geen run"


def _schijf(s: Settings, _c: Catalogus, _nu: dt.datetime) -> Uitslag:
    schijf = shutil.disk_usage(s.huis.pad)
    return schijf.free / schijf.total >= MIN_VRIJ_AANDEEL, f"{schijf.free / schijf.total:.0%} vrij"


def _run(s: Settings, _c: Catalogus, nu: dt.datetime) -> Uitslag:
    laatste = laatste_beslissende(runboek.lees(s.huis), nu)
    if laatste is None:
        return True, "nog geen run"
    slecht = laatste.uitkomst in (RunUitkomst.MISLUKT, RunUitkomst.BEZIG)
    return not slecht, laatste.uitkomst.value


def _versheid(s: Settings, c: Catalogus, nu: dt.datetime) -> Uitslag:
    runs = runboek.lees(s.huis)
    geslaagd = laatste_geslaagde(runs)
    if geslaagd is None:
        return not runs, "nog geen geslaagde run"
    uren = (nu - geslaagd.begonnen_op).total_seconds() / 3600
    return uren <= c.getal("melding_stil_uren"), f"{uren:.0f} uur geleden"


def _publicatie(s: Settings, _c: Catalogus, _nu: dt.datetime) -> Uitslag:
    p = publish.huidige(s)
    if p is None:
        return not s.huis.published.is_symlink(), "nog niets gepubliceerd"
    return True, p.publicatie_id


def _meldingen(s: Settings, _c: Catalogus, nu: dt.datetime) -> Uitslag:
    stand = meldingen.lees(s.huis)
    fout = {p.bericht_id for p in stand.pogingen if not p.gelukt}
    zonder = stand.aan_niemand()
    wacht = [b for b in stand.wachtend(lokale_dag(nu)) if b.bericht_id in fout and b not in zonder]
    is_goed = not wacht and (not zonder or s.huis.demo_vanaf is not None)  # who looks at a demo expects no mail
    wie = f"; aan {len(zonder)} geadresseerden niets verzonden (alleen de uitbak)" if zonder else ""
    return is_goed, f"{len(wacht)} berichten niet bezorgd{wie}"


def _rechten(s: Settings, _c: Catalogus, _nu: dt.datetime) -> Uitslag:
    """Tell what stands open: the home for anybody but its owner, the key, a folder in landing/ for everybody."""
    open_ = []
    if s.huis.pad.exists() and _modus(s.huis.pad) & UMASK:
        kamers = [s.huis.archive, s.huis.landing, s.huis.receipts, s.huis.validated, s.huis.quarantine, s.huis.work]
        dicht = {k for k in kamers if k.exists() and not _modus(k) & UMASK}
        open_ += ["data home", *(k.name for k in kamers if k.exists() and k not in dicht)]
    if s.sleutel_pad is not None and s.sleutel_pad.exists() and _modus(s.sleutel_pad) & SLEUTEL_DICHT:
        open_.append("sleutelbestand")
    mappen = sorted(s.huis.landing.iterdir()) if s.huis.landing.is_dir() else []
    wijd = sum(not m.is_symlink() and bool(_modus(m) & stat.S_IWOTH) for m in mappen)
    if wijd:
        open_.append(f"{wijd} mappen in landing voor iedereen beschrijfbaar")
    return not open_, f"open: {', '.join(open_)}" if open_ else "niets staat open"


def _modus(pad: Path) -> int:
    return stat.S_IMODE(pad.stat(follow_symlinks=False).st_mode)


_CHECKS: dict[str, Callable[[Settings, Catalogus, dt.datetime], Uitslag]] = {
    "data_home": _huis,
    "sleutel": _sleutel,
    "rechten": _rechten,
    "schijf": _schijf,
    "laatste_run": _run,
    "versheid": _versheid,
    "publicatie": _publicatie,
    "meldingen": _meldingen,
}


def maak_server(adres: tuple[str, int], vraag: Callable[[], dict[str, Any]]) -> ThreadingHTTPServer:
    """Return a server that answers GET /health: 200 when well, else 503; anything else is 404."""

    class Antwoord(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.split("?")[0] not in ("/health", "/healthz"):
                self.send_error(404)
                return
            antwoord = vraag()
            inhoud = json.dumps(antwoord, ensure_ascii=False).encode()
            self.send_response(200 if antwoord["is_gezond"] else 503)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(inhoud)))
            self.end_headers()
            self.wfile.write(inhoud)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name of the base class
            """Say nothing per request."""

    return ThreadingHTTPServer(adres, Antwoord)
