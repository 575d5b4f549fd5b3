"""Sharing: a publication goes into the store whole or not at all, and leaves it the same way.

Lives here: which tables are shared, what stands beside them (`regio_code`, `gedeeld_op`), `landelijk.publicaties`
(what was shared by whom), withdrawal, and what is kept. Sharing and clearing away are one transaction, so one
snapshot: whoever reads sees the publication before or after. Keep out: the store itself (winkel.py), the comparison
(vergelijken.py).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline.domain.publicaties import als_utc
from pipeline.landelijk.winkel import WINKEL, WinkelFout, eis_winkel, schrijf
from pipeline.publish.schrijven import tekst
from pipeline.publish.vrijgave import Publicatie, huidige
from pipeline.rapport.bron import lees_seed, letterlijk
from pipeline.settings import Settings, Winkelplek

BOEK = f"{WINKEL}.landelijk.publicaties"
_BOEK_KOLOMMEN = """
    regio_code VARCHAR, regio_naam VARCHAR, publicatie_id VARCHAR, peilmoment TIMESTAMP, gemaakt_op TIMESTAMP,
    gedeeld_op TIMESTAMP, ingetrokken_op TIMESTAMP, opgeruimd_op TIMESTAMP, reeks VARCHAR, editie VARCHAR,
    codeversie VARCHAR, n_tabellen INTEGER, n_rijen BIGINT"""
_STAAT = "ingetrokken_op IS NULL AND opgeruimd_op IS NULL"
_SCHEMAS = {"openbaar": ("openbaar", "meta"), "intern": ("sturing", "kosten", "kwaliteit")}
"""Which schemas of which edition are shared; who shares `intern` shares `openbaar` too."""


@dataclass(frozen=True)
class Gedeeld:
    """What came of it. `is_nieuw`: False when all was so already. `opgeruimd`: publications that are kept no longer."""

    regio_code: str
    publicatie_id: str
    is_nieuw: bool
    n_tabellen: int = 0
    n_rijen: int = 0
    opgeruimd: tuple[str, ...] = ()

    def als_dict(self) -> dict[str, Any]:
        """Plain form, ready for JSON."""
        return asdict(self)


def deel(settings: Settings, *, nu: dt.datetime) -> Gedeeld:
    """Put the current publication into the store; nothing changes when it is there already.

    WinkelFout when it may not: withdrawn, older than what is shared, or of test data among real ones. What the
    region keeps no longer goes in the same snapshot.
    """
    plek, p = eis_winkel(settings), huidige(settings)
    if p is None:
        raise WinkelFout("Er is nog niets gepubliceerd; `regiomonitor run` maakt de eerste publicatie.")
    naam, code = regio_van(p.pad)
    with schrijf(plek) as con:
        _maak_boek(con)
        if _staat_er(con, code, p):
            return Gedeeld(code, p.publicatie_id, is_nieuw=False)
        _eis_passend(con, code, p)
        tellingen = [n for editie in _edities(plek) for n in _voeg_toe(con, code, p, editie, nu)]
        _schrijf(con, BOEK, {
            "regio_code": code, "regio_naam": naam, "publicatie_id": p.publicatie_id,
            "peilmoment": als_utc(p.peilmoment), "gemaakt_op": als_utc(p.gemaakt_op), "gedeeld_op": als_utc(nu),
            "reeks": p.gegevens.reeks, "editie": plek.editie, "codeversie": p.gegevens.codeversie,
            "n_tabellen": len(tellingen), "n_rijen": sum(tellingen),
        })  # fmt: skip
        weg = _te_veel(con, code, plek.bewaren)
        _haal_weg(con, code, weg, "opgeruimd_op", nu)
    return Gedeeld(code, p.publicatie_id, True, len(tellingen), sum(tellingen), tuple(weg))


def trek_in(settings: Settings, publicatie_id: str, *, nu: dt.datetime) -> Gedeeld:
    """Take a publication of this region out of the store, for good; WinkelFout when it was never there."""
    plek, p = eis_winkel(settings), huidige(settings)
    if p is None:
        raise WinkelFout("Er is nog niets gepubliceerd, dus er is niets van deze regio om in te trekken.")
    code = regio_van(p.pad)[1]
    with schrijf(plek) as con:
        _maak_boek(con)
        stand = _stand(con, code, publicatie_id)
        if stand is None:
            raise WinkelFout(f"{publicatie_id} is niet gedeeld door {code}; zie `regiomonitor publications`.")
        if nieuw := stand[0] is None:
            _haal_weg(con, code, [publicatie_id], "ingetrokken_op", nu)
    return Gedeeld(code, publicatie_id, is_nieuw=nieuw)


def regio_van(publicatie: Path) -> tuple[str, str]:
    """Return name and code of the region, from the seeds that the publication was made with: `Twente`, `twente`."""
    namen = {r["jeugdregio"] for r in lees_seed(publicatie, "gemeenten")}
    naam = namen.pop() if len(namen) == 1 else ""
    ascii_ = unicodedata.normalize("NFKD", naam).encode("ascii", "ignore").decode()
    if not (code := re.sub(r"[^a-z0-9]+", "-", ascii_.lower()).strip("-")):
        raise WinkelFout("Delen kan als in ref_gemeenten.csv bij alle gemeenten dezelfde jeugdregio staat; vul die in.")
    return naam, code


def _maak_boek(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {WINKEL}.landelijk")
    con.execute(f"CREATE TABLE IF NOT EXISTS {BOEK} ({_BOEK_KOLOMMEN})")


def _edities(plek: Winkelplek) -> tuple[str, ...]:
    return ("openbaar",) if plek.editie == "openbaar" else ("openbaar", "intern")


def _stand(con: duckdb.DuckDBPyConnection, code: str, publicatie_id: str) -> tuple[Any, Any] | None:
    """Return when a publication was withdrawn and cleared away; None when it was never shared."""
    wie = f"regio_code = {letterlijk(code)} AND publicatie_id = {letterlijk(publicatie_id)}"
    return con.execute(f"SELECT ingetrokken_op, opgeruimd_op FROM {BOEK} WHERE {wie}").fetchone()


def _staat_er(con: duckdb.DuckDBPyConnection, code: str, p: Publicatie) -> bool:
    stand = _stand(con, code, p.publicatie_id)
    if stand and (stand[0] or stand[1]):
        hoe = "ingetrokken" if stand[0] else "opgeruimd, omdat er nieuwere zijn"
        raise WinkelFout(
            f"{p.publicatie_id} is in de winkel {hoe} en komt er niet opnieuw in; maak met "
            "`regiomonitor run` een nieuwe publicatie."
        )
    return stand is not None


def _eis_passend(con: duckdb.DuckDBPyConnection, code: str, p: Publicatie) -> None:
    """Refuse what would mislead whoever reads the store: an older publication, or test data among real ones."""
    nieuwer = con.execute(
        f"SELECT max_by(publicatie_id, peilmoment) FROM {BOEK} WHERE {_STAAT} AND regio_code = {letterlijk(code)} "
        f"AND peilmoment > {_moment(p.peilmoment)}"
    ).fetchall()[0][0]
    if nieuwer:
        raise WinkelFout(
            f"{p.publicatie_id} is ouder dan {nieuwer}, dat al is gedeeld. Is die ingetrokken, doe dan eerst "
            f"`regiomonitor deel --intrekken {nieuwer}`; er is niets veranderd."
        )
    reeks = letterlijk(p.gegevens.reeks)
    ander = con.execute(f"SELECT any_value(reeks) FROM {BOEK} WHERE {_STAAT} AND reeks <> {reeks}").fetchall()[0][0]
    if ander:
        raise WinkelFout(
            f"In deze winkel staan gegevens van de reeks '{ander}', en deze regio is '{p.gegevens.reeks}': proef "
            "en echt gaan niet samen. Zet REGIOMONITOR_WINKEL op een andere winkel; er is niets veranderd."
        )


def _voeg_toe(con: duckdb.DuckDBPyConnection, code: str, p: Publicatie, editie: str, nu: dt.datetime) -> list[int]:
    """Append every table of an edition; return how many rows each had."""
    con.execute(f"ATTACH '{tekst(p.pad / editie / 'marts.duckdb')}' AS {editie} (READ_ONLY)")
    tabellen = con.execute(
        f"SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = '{editie}' "
        f"AND schema_name IN {_SCHEMAS[editie]} ORDER BY ALL"
    ).fetchall()
    tellingen = []
    for schema, tabel in tabellen:
        doel = f"{WINKEL}.{schema}.{tabel}"
        erbij = f"{letterlijk(code)} AS regio_code, {_moment(nu)} AS gedeeld_op"
        rijen = f"SELECT {erbij}, * FROM {editie}.{schema}.{tabel}"
        _maak_passend(con, doel, rijen)
        tellingen.append(con.execute(f"INSERT INTO {doel} BY NAME {rijen}").fetchall()[0][0])
    return tellingen


def _maak_passend(con: duckdb.DuckDBPyConnection, doel: str, rijen: str) -> None:
    """Make the table, or give it the columns that it lacks: another region may use a newer version of the project."""
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {doel.rpartition('.')[0]}")
    con.execute(f"CREATE TABLE IF NOT EXISTS {doel} AS {rijen} LIMIT 0")
    staan = {r[0]: r[1] for r in con.execute(f"DESCRIBE {doel}").fetchall()}
    for naam, soort, *_ in con.execute(f"DESCRIBE {rijen}").fetchall():
        if naam not in staan:
            con.execute(f'ALTER TABLE {doel} ADD COLUMN "{naam}" {soort}')
        elif staan[naam] != soort:
            raise WinkelFout(
                f"Kolom {naam} van {doel.removeprefix(f'{WINKEL}.')} is hier {soort} en in de winkel "
                f"{staan[naam]}; gebruik de versie die de andere regio's gebruiken. Er is niets veranderd."
            )


def _te_veel(con: duckdb.DuckDBPyConnection, code: str, bewaren: int) -> list[str]:
    """Return the publications of a region beyond the newest `bewaren`."""
    rijen = con.execute(
        f"SELECT publicatie_id FROM {BOEK} WHERE {_STAAT} AND regio_code = {letterlijk(code)} "
        f"ORDER BY peilmoment DESC, publicatie_id DESC OFFSET {bewaren}"
    ).fetchall()
    return [r[0] for r in rijen]


def _haal_weg(con: duckdb.DuckDBPyConnection, code: str, weg: list[str], waarom: str, nu: dt.datetime) -> None:
    """Delete the rows of publications of a region from every table, and note when and why."""
    if not weg:
        return
    wie = f"regio_code = {letterlijk(code)} AND publicatie_id IN ({', '.join(map(letterlijk, weg))})"
    tabellen = con.execute(
        f"SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = '{WINKEL}' AND schema_name "
        "<> 'landelijk'"
    ).fetchall()
    for schema, tabel in tabellen:
        con.execute(f"DELETE FROM {WINKEL}.{schema}.{tabel} WHERE {wie}")
    con.execute(f"UPDATE {BOEK} SET {waarom} = {_moment(nu)} WHERE {wie}")


def _schrijf(con: duckdb.DuckDBPyConnection, tabel: str, rij: dict[str, Any]) -> None:
    waarden = [_moment(w) if isinstance(w, dt.datetime) else letterlijk(w) for w in rij.values()]
    con.execute(f"INSERT INTO {tabel} ({', '.join(rij)}) VALUES ({', '.join(waarden)})")


def _moment(moment: dt.datetime) -> str:
    return f"TIMESTAMP '{als_utc(moment):%Y-%m-%d %H:%M:%S.%f}'"
