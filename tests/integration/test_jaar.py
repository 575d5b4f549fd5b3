"""A year of 14 gemeenten, day by day, with an injected clock: exactly these messages go out, and nothing else.

The scenario is `SCENARIO` below; what must be received, by a real mail server and a real web server, is written beside
it in jaar_meldingen.csv: one line per message with its day, addressee, subject and every line that it lists. The door,
the receipts, the calendar and the alerts are the real ones; the warehouse is left out, because no alert needs it but
the findings of one rule, which are put in a small published file.
"""

from __future__ import annotations

import csv
import datetime as dt
import email
import email.policy
import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import duckdb
import pytest
from aiosmtpd.controller import Controller

from pipeline import maand as maandloop
from pipeline import meldingen
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.fouten import BouwFout
from pipeline.domain.leveringen import KERN, Bericht
from pipeline.domain.maanden import Maand, reeks
from pipeline.domain.runs import RunUitkomst
from pipeline.meldingen import rondgang
from pipeline.proces import runboek
from pipeline.settings import Settings, load_settings
from tests.intake.hulp import als_csv, rij
from tests.kleine_regio import maak_seeds

pytestmark = pytest.mark.slow

T, D = Bericht.TOEWIJZINGEN, Bericht.DECLARATIES
VERWACHT = Path(__file__).with_name("jaar_meldingen.csv")
EERSTE_DAG, LAATSTE_DAG = dt.date(2025, 2, 1), dt.date(2026, 1, 31)
EERSTE_MAAND, LAATSTE_MAAND = Maand(2025, 1), Maand(2025, 12)
DAG = dt.timedelta(days=1)
EURO = ("GM0163", "GM1735", "GM0173")
ENSCHEDE = "GM0153"


@dataclass(frozen=True)
class Afwijking:
    """What one gemeente does otherwise with one levering. Days of arrival; `goed` None: it never comes."""

    gemeente: str
    bericht: Bericht
    maand: Maand
    goed: dt.date | None
    slecht: dt.date | None = None
    nog_eens: dt.date | None = None
    hetzelfde: dt.date | None = None


def d(tekst: str) -> dt.date:
    return dt.date.fromisoformat(tekst)


# Who deviates from "everything on the 10th of the next month" (Enschede: of the month after the quarter), and how.
SCENARIO = (
    # late: due 15 March, arrives on the 20th
    Afwijking("GM0141", D, Maand(2025, 2), d("2025-03-20")),
    # missing: due 15 May, late from the 16th, 7 days later one level up, missing from the 26th, two levels on 6 June
    Afwijking("GM0147", T, Maand(2025, 4), d("2025-06-20")),
    # refused before it was due, delivered well three days later
    Afwijking("GM0164", D, Maand(2025, 5), d("2025-06-13"), slecht=d("2025-06-10")),
    # stands; a refused file is delivered over it, and a good one after that
    Afwijking("GM0168", D, Maand(2025, 3), d("2025-04-10"), slecht=d("2025-05-05"), nog_eens=d("2025-05-08")),
    # delivered again, other content: nothing to tell
    Afwijking("GM0189", D, Maand(2025, 3), d("2025-04-10"), nog_eens=d("2025-04-12")),
    # the same bytes again: nothing to tell
    Afwijking("GM0158", D, Maand(2025, 3), d("2025-04-10"), hetzelfde=d("2025-04-14")),
    # missing, acknowledged on 17 July and again on 26 July: no second level
    Afwijking("GM1774", T, Maand(2025, 6), d("2025-08-20")),
    # excused by a row in ref_vrijstellingen: never comes, nothing to tell
    Afwijking("GM1742", D, Maand(2025, 7), None),
    # nothing to deliver, confirmed by a row in ref_nihil_opgaven
    Afwijking("GM1700", T, Maand(2025, 8), None),
    # a day late in the middle of the second outage: nobody needs to hear of it afterwards
    Afwijking("GM0183", D, Maand(2025, 9), d("2025-10-16")),
)
BUILD_FAILS = (d("2025-09-01"), d("2025-09-03"))  # first outage: every run fails, the alerts do go out
NO_RUNS = (d("2025-11-05"), d("2025-11-08"))  # no run starts, the alerts do go out: the pipeline is silent
MACHINE_OFF = (d("2025-10-14"), d("2025-10-18"))  # second outage: nothing runs at all
GATE_HOLDS = d("2025-12-03")
JUMP, EXPLAINED = d("2025-11-12"), d("2025-11-20")  # Oldenzaal, declaraties of October
ACKNOWLEDGED = {d("2025-07-17"): "GM1774", d("2025-07-26"): "GM1774"}
MAIL_DOWN_MORNING = d("2025-05-23")  # taken at the second round of that day
MAIL_DOWN_ALL_DAY = d("2025-06-14")  # said by the message of the next day


@dataclass
class Ontvangst:
    """What came in: (day, addressee, subject, listed lines)."""

    berichten: list[tuple[str, str, str, str]] = field(default_factory=list)
    nummers: list[str] = field(default_factory=list)
    is_stuk: bool = False
    vandaag: str = ""

    def neem(self, wie: str, titel: str, tekst: str, nummer: str) -> None:
        regels = [r[2:] for r in tekst.replace("\n    ", " · ").splitlines() if r.startswith("- ")]
        self.berichten.append((self.vandaag, wie, titel, " | ".join(regels)))
        self.nummers.append(nummer)


@contextmanager
def mailserver(ontvangst: Ontvangst) -> Iterator[int]:
    class Bus:
        async def handle_DATA(self, _server, _sessie, envelop):  # noqa: N802  the name that aiosmtpd calls
            if ontvangst.is_stuk:
                return "451 try again later"
            bericht = email.message_from_bytes(envelop.content, policy=email.policy.default)
            assert bericht["From"] == "regiomonitor@regio.example"
            tekst = bericht.get_content().replace("\r\n", "\n")
            for wie in envelop.rcpt_tos:
                ontvangst.neem(wie, bericht["Subject"], tekst, bericht["X-Regiomonitor-Bericht"])
            return "250 ok"

    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        poort = s.getsockname()[1]
    server = Controller(Bus(), hostname="127.0.0.1", port=poort)
    server.start()
    try:
        yield poort
    finally:
        server.stop()


@contextmanager
def webserver(ontvangst: Ontvangst) -> Iterator[int]:
    class Haak(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            inhoud = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            ontvangst.neem("webhook", inhoud["title"], inhoud["message"], inhoud["bericht"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Haak)
    draad = threading.Thread(target=server.serve_forever, daemon=True)
    draad.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def bestand(gemeente: str, bericht: Bericht, maand: Maand, keer: int = 1) -> bytes:
    """One good row of that month; `keer` makes the content another."""
    dag = maand.laatste_dag.isoformat()
    if bericht is T:
        return als_csv(T, [rij(T, toewijzingsdatum=dag, ingangsdatum=dag, einddatum="", toewijzingnummer=str(keer))])
    geld = {"producttarief": "70.90", "ingediend_bedrag": "850.80"} if gemeente in EURO else {}
    periode = {"productperiode_begin": maand.eerste_dag.isoformat(), "productperiode_eind": dag}
    return als_csv(D, [rij(D, declaratiedagtekening=dag, referentienummer=f"REF{keer}", **periode, **geld)])


def leg_neer(settings: Settings, gemeente: str, bericht: Bericht, maand: Maand, dag: dt.date, inhoud: bytes) -> None:
    """A file that a drop server put there at nine in the morning."""
    pad = settings.huis.landing / gemeente / f"{bericht.value}_{gemeente}_{maand}.csv"
    pad.parent.mkdir(parents=True, exist_ok=True)
    pad.write_bytes(inhoud)
    moment = dt.datetime.combine(dag, dt.time(9), tzinfo=dt.UTC).timestamp()
    os.utime(pad, (moment, moment))


def aankomsten(gemeenten: list[str]) -> dict[dt.date, list[tuple[str, Bericht, Maand, bytes]]]:
    """Day -> the files that arrive on it."""
    uit: dict[dt.date, list[tuple[str, Bericht, Maand, bytes]]] = {}
    anders = {(a.gemeente, a.bericht, a.maand): a for a in SCENARIO}
    for gemeente in gemeenten:
        for bericht in KERN:
            for maand in reeks(EERSTE_MAAND, LAATSTE_MAAND):
                laatste = maand.plus(2 - (maand.maand - 1) % 3) if gemeente == ENSCHEDE else maand
                a = anders.get((gemeente, bericht, maand)) or Afwijking(
                    gemeente, bericht, maand, laatste.plus(1).dag(10)
                )
                goed = bestand(gemeente, bericht, maand)
                for dag, inhoud in (
                    (a.goed, goed),
                    (a.slecht, b"dit is;geen\nextract;ervan\n"),
                    (a.nog_eens, bestand(gemeente, bericht, maand, keer=2)),
                    (a.hetzelfde, goed),
                ):
                    if dag is not None:
                        uit.setdefault(dag, []).append((gemeente, bericht, maand, inhoud))
    return uit


def publiceer_bevindingen(settings: Settings, *, is_verklaard: bool) -> None:
    """The one published table that alerts look at, with the jump of Oldenzaal in it."""
    map_ = settings.huis.published / "intern"
    map_.mkdir(parents=True, exist_ok=True)
    pad = map_ / "marts.duckdb"
    pad.unlink(missing_ok=True)
    with duckdb.connect(str(pad)) as con:
        con.execute("CREATE SCHEMA kwaliteit")
        con.execute(
            "CREATE TABLE kwaliteit.werklijst AS SELECT 'GM0173' AS gemeente, 'declaraties' AS bericht, "
            "DATE '2025-10-01' AS maand, 'L12' AS regel_code, "
            "'Het bestand heeft veel minder rijen, of een veel hoger bedrag, dan gewoonlijk.' AS zin, "
            f"{not is_verklaard} AS is_te_doen"
        )


def nacht(settings: Settings, catalogus: Catalogus, nu: dt.datetime, *, is_er_iets: bool) -> None:
    """The nightly run without its build; how it ends is the scenario's."""
    dag = nu.date()
    if NO_RUNS[0] <= dag <= NO_RUNS[1]:
        return
    try:
        with runboek.houd_bij(settings.huis, nu=nu, bron="nacht") as lopend:
            if is_er_iets:
                maandloop.neem_in(settings, catalogus, nu=nu)
            if BUILD_FAILS[0] <= dag <= BUILD_FAILS[1]:
                raise BouwFout("De bouw is mislukt.")
            if dag == GATE_HOLDS:
                lopend.vul(uitkomst=RunUitkomst.TEGENGEHOUDEN, bezwaren=("Een regiocijfer beweegt te veel.",))
            else:
                lopend.vul(uitkomst=RunUitkomst.GEPUBLICEERD)
    except BouwFout:
        pass


def _dagen(settings: Settings, catalogus: Catalogus, ontvangst: Ontvangst) -> None:
    komt = aankomsten(sorted(catalogus.gemeenten))
    wacht = False
    dag = EERSTE_DAG
    while dag <= LAATSTE_DAG:
        ontvangst.vandaag = dag.isoformat()
        if not MACHINE_OFF[0] <= dag <= MACHINE_OFF[1]:
            _dag(settings, catalogus, ontvangst, dag, is_er_iets=wacht)
            wacht = False
        for gemeente, bericht, maand, inhoud in komt.get(dag, ()):
            leg_neer(settings, gemeente, bericht, maand, dag, inhoud)
            wacht = True
        dag += DAG


def _dag(settings: Settings, catalogus: Catalogus, ontvangst: Ontvangst, dag: dt.date, *, is_er_iets: bool) -> None:
    """Night at 03:00 UTC with its alerts, and the daily round of alerts at 07:00; files arrive at nine."""
    if dag in (JUMP, EXPLAINED):
        publiceer_bevindingen(settings, is_verklaard=dag == EXPLAINED)
    nu = dt.datetime.combine(dag, dt.time(3), tzinfo=dt.UTC)
    ontvangst.is_stuk = dag in (MAIL_DOWN_MORNING, MAIL_DOWN_ALL_DAY)
    nacht(settings, catalogus, nu, is_er_iets=is_er_iets)
    eerste = rondgang.meld(settings, catalogus, nu=nu)
    assert bool(eerste.mislukt) == (ontvangst.is_stuk and bool(eerste.bezorgingen))
    ontvangst.is_stuk = dag == MAIL_DOWN_ALL_DAY
    if ontvangst.is_stuk or eerste.gebeurtenissen or eerste.mislukt:
        tweede = rondgang.meld(settings, catalogus, nu=nu + dt.timedelta(hours=4))
        assert not tweede.gebeurtenissen
        assert not tweede.berichten
    if dag in ACKNOWLEDGED:
        stand = meldingen.lees(settings.huis)
        for m in stand.meldingen.values():
            if m.is_open and m.identiteit.gemeente == ACKNOWLEDGED[dag]:
                meldingen.bevestig(settings.huis, m.melding_id, door="beheer", nu=nu + dt.timedelta(hours=6))


@pytest.fixture(scope="module")
def jaar(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Ontvangst]:
    """The whole year, once."""
    basis = tmp_path_factory.mktemp("jaar")
    seeds = maak_seeds(basis / "seeds", [r["gemeente"] for r in Catalogus.load(_seeds()).rijen("gemeenten")])
    with (seeds / "ref_vrijstellingen.csv").open("a", encoding="utf-8") as f:
        f.write("GM1742,declaraties,2025-07,2025-07,overgang naar een ander pakket,2025-07-01\n")
    with (seeds / "ref_nihil_opgaven.csv").open("a", encoding="utf-8") as f:
        f.write("GM1700,toewijzingen,2025-08,functioneel beheer,2025-09-10\n")
    ontvangst = Ontvangst()
    with mailserver(ontvangst) as mail, webserver(ontvangst) as web:
        settings = load_settings(
            {
                "REGIOMONITOR_HOME": str(basis / "huis"),
                "REGIOMONITOR_SEEDS": str(seeds),
                "REGIOMONITOR_SLEUTEL": "sleutel-van-de-tests-0123456789abcdef",
                "REGIOMONITOR_BSN_REEKS": "synthetisch",
                "REGIOMONITOR_MAIL": f"mailto://127.0.0.1:{mail}?from=regiomonitor@regio.example&mode=insecure",
                "REGIOMONITOR_KANAAL_BEHEER": f"json://127.0.0.1:{web}/haak",
            }
        )
        settings.controleer_huis()
        _dagen(settings, Catalogus.load(seeds), ontvangst)
    return settings, ontvangst


def _seeds() -> Path:
    from pipeline.settings import PROJECT

    return PROJECT / "seeds"


def test_exactly_these_messages_go_out(jaar):
    _, ontvangst = jaar
    with VERWACHT.open(encoding="utf-8", newline="") as f:
        verwacht = [tuple(r) for r in csv.reader(f)][1:]
    assert sorted(ontvangst.berichten) == sorted(verwacht)


def test_nobody_gets_more_than_one_message_a_day_and_none_twice(jaar):
    _, ontvangst = jaar
    per_dag = [(dag, wie) for dag, wie, _, _ in ontvangst.berichten]
    assert len(set(per_dag)) == len(per_dag)
    assert len(set(ontvangst.nummers)) == len(ontvangst.nummers)


def test_known_absences_raise_nothing(jaar):
    settings, ontvangst = jaar
    stil = ("Enschede", "Rijssen-Holten", "Twenterand", "Tubbergen", "Wierden", "Haaksbergen")
    assert not [b for b in ontvangst.berichten if any(naam in "".join(b) for naam in stil)]
    assert not [m for m in meldingen.lees(settings.huis).meldingen.values() if m.is_open]


def test_the_outbox_holds_every_message_that_was_made(jaar):
    settings, _ = jaar
    stand = meldingen.lees(settings.huis)
    uitbak = {f"B-{p.parent.name}-{p.stem}" for p in (settings.huis.pad / "meldingen" / "uitbak").glob("*/*.txt")}
    assert uitbak == set(stand.berichten)


def test_a_message_holds_no_person_number(jaar):
    settings, _ = jaar
    for pad in (settings.huis.pad / "meldingen").rglob("*"):
        assert not pad.is_file() or b"999900006" not in pad.read_bytes()


def test_a_year_again_from_the_book_says_nothing_new(jaar):
    settings, _ = jaar
    catalogus = Catalogus.load(settings.seeds)
    nu = dt.datetime.combine(LAATSTE_DAG, dt.time(20), tzinfo=dt.UTC)
    ronde = rondgang.meld(replace(settings, kanalen={}), catalogus, nu=nu)
    assert not ronde.gebeurtenissen
    assert not ronde.berichten
