"""Readers beside a writer, as processes of their own: through fifty publications they see whole ones, and none breaks.

The publications are as small as can be, for it is the change from one to the next that counts.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from pipeline.publish import Kandidaat, bewaar, geef_vrij, huidige, publicaties, rol_terug, ruim_op
from pipeline.publish.oordeel import Poortresultaat, Verwachtingsresultaat, Zwaarte, schrijf_poort
from tests.publish.conftest import Proefmarts

N_RIJEN = 2000
BEWAARD, OPGERUIMD_TOT = 1, 4

# looks up where the link points once, reads everything there, and says each id that it saw
LEZER = """
import csv, json, os, sys, duckdb
link = sys.argv[1]
while True:
    map_ = os.path.realpath(link)
    with open(map_ + "/publicatie.json") as f:
        gezien = {json.load(f)["publicatie_id"]}
    with duckdb.connect(map_ + "/intern/marts.duckdb", read_only=True) as con:
        gezien |= {r[0] for r in con.execute("SELECT DISTINCT publicatie_id FROM meta.t").fetchall()}
        [(n,)] = con.execute("SELECT count(*) FROM meta.t").fetchall()
    with open(map_ + "/intern/csv/meta.t.csv") as f:
        rijen = list(csv.DictReader(f))
    gezien |= {r["publicatie_id"] for r in rijen} | {os.path.basename(map_)}
    # a dashboard that knows the path through the link only: one file, whole
    with duckdb.connect(link + "/intern/marts.duckdb", read_only=True) as con:
        los = con.execute("SELECT publicatie_id, count(*) FROM meta.t GROUP BY ALL").fetchall()
    print(json.dumps([sorted(gezien), n, len(rijen), los]), flush=True)
"""
# keeps open what it opened first, and asks it again at every line it gets
HOUDER = """
import sys, duckdb
con = duckdb.connect(sys.argv[1] + "/intern/marts.duckdb", read_only=True)
for _ in sys.stdin:
    print(con.execute("SELECT min(publicatie_id), count(*), sum(i) FROM meta.t").fetchone(), flush=True)
"""


@contextmanager
def _proces(code: str, link: Path) -> Iterator[subprocess.Popen[str]]:
    proces = subprocess.Popen(
        [sys.executable, "-c", code, str(link)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield proces
    finally:
        proces.kill()
        proces.wait()


def _vraag(houder: subprocess.Popen[str]) -> str:
    assert houder.stdin
    assert houder.stdout
    houder.stdin.write("nog een keer\n")
    houder.stdin.flush()
    return houder.stdout.readline()


def _kandidaat(marts: Proefmarts, nummer: int) -> Kandidaat:
    gegevens = marts.gegevens(nummer)
    kandidaat = Kandidaat(marts.settings.huis.publications / f".kandidaat-{gegevens.publicatie_id}", gegevens)
    (kandidaat.marts.parent / "csv").mkdir(parents=True)
    with duckdb.connect(str(kandidaat.marts)) as con:
        con.execute("CREATE SCHEMA meta")
        rij = f"SELECT '{gegevens.publicatie_id}' AS publicatie_id, i FROM range({N_RIJEN}) AS r (i)"
        con.execute(f"CREATE TABLE meta.t AS {rij}")
        con.execute(f"COPY meta.t TO '{kandidaat.marts.parent / 'csv' / 'meta.t.csv'}' (HEADER)")
    (kandidaat.pad / "publicatie.json").write_text(json.dumps(gegevens.als_dict() | {"leveringen": []}))
    goed = Verwachtingsresultaat("v", "Alles is goed.", Zwaarte.KRITIEK, True, "alles")
    schrijf_poort(kandidaat.pad, Poortresultaat(gegevens.publicatie_id, "", (goed,)))
    return kandidaat


def _tot(lezer: subprocess.Popen[str], publicatie_id: str) -> list[str]:
    """What the reader said until it had seen a publication."""
    assert lezer.stdout
    regels = [lezer.stdout.readline()]
    while json.loads(regels[-1])[0] != [publicatie_id]:
        regels.append(lezer.stdout.readline())
    return regels


@pytest.mark.parametrize("n", [8, pytest.param(50, marks=pytest.mark.slow)])
def test_readers_through_many_publications(marts: Proefmarts, n: int) -> None:
    huis = marts.settings.huis
    ids = [geef_vrij(_kandidaat(marts, 1), marts.settings).publicatie_id]
    with _proces(HOUDER, huis.published) as houder, _proces(LEZER, huis.published) as lezer:
        eerst = _vraag(houder)
        assert ids[0] in eerst
        regels = _tot(lezer, ids[0])
        for nummer in range(2, n + 1):
            nieuw = geef_vrij(_kandidaat(marts, nummer), marts.settings)
            ids.append(nieuw.publicatie_id)
            if nummer % 7 == 0:
                regels += _tot(lezer, ids[-1])
        rol_terug(marts.settings, ids[0])
        regels += _tot(lezer, ids[0])
        rol_terug(marts.settings, ids[-1])
        regels += _tot(lezer, ids[-1])

        # what is held open is cleared away: its holder reads on
        nu = marts.gegevens(n).gemaakt_op
        bewaar(marts.settings, ids[BEWAARD], reden="verslag", nu=nu)
        oud = nu - marts.gegevens(OPGERUIMD_TOT + 1).gemaakt_op
        assert ruim_op(marts.settings, ouder_dan=oud, nu=nu) == [ids[0], *ids[BEWAARD + 1 : OPGERUIMD_TOT]]
        assert _vraag(houder) == eerst

    for samen, n_rijen, n_csv, los in (json.loads(r) for r in regels):
        assert len(samen) == 1
        assert (n_rijen, n_csv) == (N_RIJEN, N_RIJEN)
        [(los_id, n_los)] = los
        assert los_id in ids
        assert n_los == N_RIJEN
    staand = huidige(marts.settings)
    assert staand is not None
    assert staand.publicatie_id == ids[-1]
    assert [p.publicatie_id for p in publicaties(marts.settings)] == [ids[BEWAARD], *ids[OPGERUIMD_TOT:]]
