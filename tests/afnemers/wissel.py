"""Run by a Python that has nothing but some version of duckdb: what it sees when the link turns, as JSON."""

import json
import os
import sys
from pathlib import Path

import duckdb

link, nieuw = Path(sys.argv[1]), sys.argv[2]
bestand = link / "intern" / "marts.duckdb"


def welke(con):
    return con.execute("SELECT publicatie_id FROM meta.publicatie").fetchone()[0]


def verbind(pad):
    return duckdb.connect(str(pad), read_only=True)


uit = {}
eerste = verbind(bestand)
uit["eerst"] = welke(eerste)
eerste.execute("SELECT * FROM sturing.indicatoren")
klad = link.with_name("link.nieuw")
klad.symlink_to(nieuw)
os.replace(klad, link)
uit["nog open"] = welke(eerste)
with verbind(bestand) as zelfde:
    uit["zelfde pad"] = welke(zelfde)
with verbind(bestand.resolve()) as tweede:
    uit["opgezocht pad"] = welke(tweede)
eerste.close()
with verbind(bestand) as derde:
    uit["opnieuw"] = welke(derde)
print(json.dumps(uit))
