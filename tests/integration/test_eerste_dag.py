"""The first day of another region, by its commands only: from an empty folder to published figures, and back again.

Five gemeenten whose back office exports its own dress: semicolons, Dutch headings, words for codes, euros, title rows,
cp1252. One sends cents by mistake and mends it, one sends nothing. At most ten commands. The commands are processes, as
a user starts them; the rows are invented.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from pipeline.domain.maanden import Maand
from pipeline.settings import PROJECT
from tests.orchestration.hulp import vrije_poort
from tests.tweede_regio import env_van, vul

pytestmark = pytest.mark.slow

GEMEENTEN = {
    "GM0197": "Aalten",
    "GM1859": "Berkelland",
    "GM1876": "Bronckhorst",
    "GM0222": "Doetinchem",
    "GM0294": "Winterswijk",
}
PRODUCTEN = (  # code, category, segment, form, with stay, unit, word for it, euros
    ("45BE1", "45", "ambulant", "02", "nee", "04", "uur", 72.50),
    ("44PL1", "44", "wonen", "11", "ja", "14", "etmaal", 61.25),
    ("43VB1", "43", "verblijf", "14", "ja", "14", "etmaal", 285.00),
)
MAANDEN = [Maand.van(dt.datetime.now(dt.UTC).date()).plus(-n) for n in (4, 3, 2)]
"""Long over, whatever day it is: of the last one everything is due and its grace has ended."""
TOEWIJZINGEN = (
    *("BSN jeugdige", "Geb. datum", "Geslacht", "AGB-code aanbieder", "Toewijzingsnummer", "Productcategorie"),
    *(
        "Productcode",
        "Toegewezen op",
        "Ingangsdatum toewijzing",
        "Geldig tot en met",
        "Volume",
        "Eenheid",
        "Frequentie",
    ),
    *("Verwijzer", "Zaaknummer"),
)
DECLARATIES = (
    *("AGB", "Declaratie nr", "Declaratiedatum", "BSN jeugdige", "Referentie", "Toewijzing nr", "Productcategorie"),
    *("Productcode", "Productperiode van", "Productperiode tot en met", "Aantal", "Eenheid", "Tarief"),
    *("Declaratiebedrag", "D/C"),
)


def bsns(n: int) -> list[str]:
    """The first numbers of the official test range that pass the eleven-test."""
    gewichten = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    kandidaten = (str(x) for x in range(999900006, 999999990))
    goed = (b for b in kandidaten if sum(w * int(c) for w, c in zip(gewichten, b, strict=True)) % 11 == 0)
    return [next(goed) for _ in range(n)]


def _dag(dag: dt.date) -> str:
    return f"{dag:%d-%m-%Y}"


def _euro(bedrag: float) -> str:
    return f"{bedrag:.2f}".replace(".", ",")


def _export(titel: str, kop: tuple[str, ...], rijen: list[list[object]]) -> bytes:
    uit = io.StringIO()
    csv.writer(uit, delimiter=";").writerows([[titel], [], kop, *rijen])
    return uit.getvalue().encode("cp1252")


def exporteer(landing: Path) -> None:
    """What the back office of each gemeente puts in its folder."""
    nummers = bsns(40 * len(GEMEENTEN))
    begin = MAANDEN[0].plus(-2).eerste_dag
    for g, (gemeente, naam) in enumerate(GEMEENTEN.items()):
        klanten = [(1000 + 40 * g + i, nummers[40 * g + i], PRODUCTEN[i % len(PRODUCTEN)]) for i in range(40)]
        for maand in MAANDEN:
            toegewezen = [
                [
                    *(bsn, _dag(dt.date(2012, 1 + nr % 12, 5)), "MV"[nr % 2], f"0300{nr % 9:04d}", nr, p[1], p[0]),
                    *(_dag(begin), _dag(begin), "", "4", p[6], "Per week", "Huisarts", f"Z{nr}"),
                ]
                for nr, bsn, p in klanten
                if maand == MAANDEN[0]
            ] or [
                [
                    *(
                        klanten[0][1],
                        _dag(dt.date(2012, 1, 5)),
                        "M",
                        "03000001",
                        90_000 + maand.volgnummer % 100 + 100 * g,
                    ),
                    *("45", "45BE1", _dag(maand.eerste_dag), _dag(maand.eerste_dag), "", "2", "uur", "Per week"),
                    *("Gemeente", "Z1"),
                ]
            ]
            zorg = maand.plus(-1)
            gedeclareerd = [
                [
                    *(
                        f"0300{nr % 9:04d}",
                        f"D{maand.maand:02d}{nr}",
                        _dag(maand.eerste_dag),
                        bsn,
                        f"R{maand.maand:02d}{nr}",
                    ),
                    *(nr, p[1], p[0], _dag(zorg.eerste_dag), _dag(zorg.laatste_dag), 12, p[6], _euro(p[7])),
                    *(_euro(12 * p[7]), "Debet"),
                ]
                for nr, bsn, p in klanten
            ]
            for bericht, kop, rijen in (
                ("toewijzingen", TOEWIJZINGEN, toegewezen),
                ("declaraties", DECLARATIES, gedeclareerd),
            ):
                pad = landing / gemeente / f"{bericht}_{gemeente}_{maand}.csv"
                pad.write_bytes(_export(f"Export {bericht} {naam}", kop, rijen))


def vul_in(map_: Path) -> None:
    """What the engineer fills in, with the example rows in view."""
    vul(map_, "gemeenten", [f"{g},{g[2:]},{n},{n},Gelderland,Achterhoek,2015-01-01,,CBS" for g, n in GEMEENTEN.items()])
    vanaf = MAANDEN[0].eerste_dag
    vul(
        map_,
        "leveringsafspraken",
        [
            f"{g},{b},mutaties,euro,maand,{vanaf},{MAANDEN[-1].laatste_dag},15,10,alle,"
            for g in GEMEENTEN
            for b in ("toewijzingen", "declaraties")
        ],
    )
    jaren = {m.jaar for m in (MAANDEN[0].plus(-12), *MAANDEN)}
    vul(map_, "inwoners", [f"{g},{j},40000,8000,10000,CBS" for g in GEMEENTEN for j in sorted(jaren)])
    vul(
        map_,
        "contacten",
        [f"levering-{n.lower()},{g},,gewoon,mail,jeugd@{n.lower()}.nl,0,nee,{vanaf}," for g, n in GEMEENTEN.items()]
        + [f"beheer,REGIO,,technisch,mail,beheer@achterhoek.nl,0,nee,{vanaf},"],
    )
    vul(
        map_,
        "productcodes",
        [
            f"{c},{k},{c},{s},{h},{v},nee,nee,nee,{e},{p * 100:.0f},2020-01-01,,,inkoop"
            for c, k, s, h, v, e, _, p in PRODUCTEN
        ],
    )


class Post:
    """A mail server that keeps what it was given: addressee and text."""

    def __init__(self) -> None:
        self.berichten: list[tuple[str, str]] = []

    async def handle_DATA(self, _server: object, _sessie: object, envelop: object) -> str:  # noqa: N802
        import email
        import email.policy

        bericht = email.message_from_bytes(envelop.content, policy=email.policy.default)  # type: ignore[attr-defined]
        self.berichten += [(wie, bericht.get_content()) for wie in envelop.rcpt_tos]  # type: ignore[attr-defined]
        return "250 ok"


def test_a_day_from_an_empty_folder_to_figures_and_back(tmp_path: Path) -> None:
    map_, env, opdrachten = tmp_path / "regio", {}, 0

    def doe(*woorden: str, verwacht: int = 0, **anders: str) -> str:
        nonlocal opdrachten
        opdrachten += 1
        schoon = {k: v for k, v in os.environ.items() if not k.startswith("REGIOMONITOR_")}
        uit = subprocess.run(
            [sys.executable, "-m", "pipeline", *woorden],
            env=schoon | {"PYTHONPATH": str(PROJECT)} | env | anders,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert uit.returncode == verwacht, uit.stdout + uit.stderr
        return " ".join(uit.stdout.split())

    post, poort = Post(), vrije_poort()
    server = Controller(post, hostname="127.0.0.1", port=poort)
    server.start()
    try:
        doe("nieuw", str(map_))
        vul_in(map_)
        env = env_van(map_, REGIOMONITOR_MAIL=f"mailto://127.0.0.1:{poort}?from=cijfers@achterhoek.nl&mode=insecure")
        assert "Niets houdt een run tegen." in doe("controleer", "--maak")
        landing = map_ / "data" / "landing"
        exporteer(landing)
        laatste = MAANDEN[-1]
        (landing / "GM1876" / f"declaraties_GM1876_{laatste}.csv").unlink()
        centen = landing / "GM0294" / f"declaraties_GM0294_{laatste}.csv"
        goed = centen.read_bytes()
        for _, _, _, _, _, _, _, euro in PRODUCTEN:
            centen.write_bytes(centen.read_bytes().replace(_euro(euro).encode(), f"{euro * 100:.0f}".encode()))
        assert "De bedragen lijken in cent te staan; afgesproken is euro." in doe("check", str(centen), verwacht=1)

        gezegd = doe("run")
        assert "29 leveringen van 5 gemeenten: 28 geaccepteerd, 1 afgekeurd" in gezegd
        assert f"Winterswijk: declaraties {laatste}" in gezegd
        assert "L08" in gezegd
        assert f"Bronckhorst: declaraties {laatste} ontbreekt" in gezegd
        assert "Gepubliceerd" in gezegd
        wie = dict(post.berichten)
        assert set(wie) == {"jeugd@bronckhorst.nl", "jeugd@winterswijk.nl", "beheer@achterhoek.nl"}
        assert "afgesproken is euro" in " ".join(wie["jeugd@winterswijk.nl"].replace("=\n", "").split())

        centen.write_bytes(goed)
        gezegd = doe("run")
        assert "1 levering van 1 gemeente: 1 geaccepteerd, 0 afgekeurd" in gezegd
        assert "Gepubliceerd" in gezegd
        assert "Winterswijk" not in doe("status", verwacht=1).split("Verwacht ")[1]

        doe("backup", str(tmp_path / "backup"))
        elders = {"REGIOMONITOR_HOME": str(tmp_path / "terug")}
        doe("restore", str(tmp_path / "backup"), **elders)
        assert "Identiek" in doe("replay", **elders)
    finally:
        server.stop()
    assert opdrachten <= 10
    for pad in (map_ / "data" / "published").resolve().rglob("*.csv"):
        assert "twente" not in pad.read_text(encoding="utf-8").lower(), pad
