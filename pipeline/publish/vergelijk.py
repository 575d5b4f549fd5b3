"""Two publications side by side: are they the same, which figures moved, and which leveringen did it.

Lives here: comparing published files; reads only. Keep out: whether a movement is acceptable (verwachtingen.py).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline.publish.woordenboek import MARTSCHEMAS

VERSCHIL_BESTAND = "verschil.csv"
_SLEUTEL = ("indicator_id", "periode_soort", "periode", "gebied_code", "segment")


@dataclass(frozen=True)
class Verschil:
    """One figure of sturing.indicatoren that is not what it was. `soort`: gewijzigd, nieuw or vervallen."""

    indicator_id: str
    periode_soort: str
    periode: dt.date
    gebied_code: str
    segment: str
    soort: str
    waarde_oud: float | None
    waarde_nieuw: float | None
    verschil: float | None
    verschil_aandeel: float | None
    dekking_oud: float | None
    dekking_nieuw: float | None
    rijping_oud: str | None
    rijping_nieuw: str | None

    def als_dict(self) -> dict[str, Any]:
        """Plain form, ready for JSON."""
        return asdict(self) | {"periode": self.periode.isoformat()}


@dataclass(frozen=True)
class LeveringVerschil:
    """A levering that stands in one of two publications and not in the other. `soort`: erbij or eraf."""

    soort: str
    levering_id: str
    gemeente: str
    bericht: str
    maand: str
    ontvangen_op: str
    status: str


def marts_bestand(pad: Path) -> Path:
    """Return the DuckDB file of a publication folder; a file is itself."""
    return pad / "intern" / "marts.duckdb" if pad.is_dir() else pad


def _verbind(a: Path, b: Path) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    for naam, pad in (("a", a), ("b", b)):
        con.execute(f"ATTACH '{str(marts_bestand(pad)).replace(chr(39), chr(39) * 2)}' AS {naam} (READ_ONLY)")
    return con


def _tabellen(con: duckdb.DuckDBPyConnection, database: str) -> dict[str, list[tuple[str, str]]]:
    uit: dict[str, list[tuple[str, str]]] = {}
    for schema, tabel, kolom, soort in con.execute(
        "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE database_name = ? AND schema_name IN (SELECT unnest(?)) ORDER BY ALL",
        [database, list(MARTSCHEMAS)],
    ).fetchall():
        uit.setdefault(f"{schema}.{tabel}", []).append((kolom, soort))
    return uit


def zelfde_inhoud(a: Path, b: Path, negeer: Sequence[str] = ("publicatie_id", "gemaakt_op")) -> list[str]:
    """Names of the tables that differ between two publications (folders or marts files); empty when identical.

    Compared as bags of rows, exactly, without the columns in `negeer`; a table that only one has, or has with other
    columns, differs.
    """
    with _verbind(a, b) as con:
        in_a, in_b = _tabellen(con, "a"), _tabellen(con, "b")
        anders = []
        for tabel in sorted(in_a.keys() | in_b.keys()):
            if in_a.get(tabel) != in_b.get(tabel):
                anders.append(tabel)
                continue
            namen = ", ".join(f'"{k}"' for k, _ in in_a[tabel] if k not in negeer)
            if namen and _rijen_verschillen(con, tabel, namen):
                anders.append(tabel)
    return anders


def _rijen_verschillen(con: duckdb.DuckDBPyConnection, tabel: str, namen: str) -> bool:
    a, b = f"(SELECT {namen} FROM a.{tabel})", f"(SELECT {namen} FROM b.{tabel})"
    return bool(
        con.execute(
            f"SELECT 1 FROM ((({a} EXCEPT ALL {b}) LIMIT 1) UNION ALL (({b} EXCEPT ALL {a}) LIMIT 1)) LIMIT 1"
        ).fetchall()
    )


def _verschil_sql(*, alles: bool) -> str:
    gelijk = " AND ".join(f"o.{k} = n.{k}" for k in _SLEUTEL)
    sleutel = ", ".join(f"coalesce(n.{k}, o.{k}) AS {k}" for k in _SLEUTEL)
    return f"""
        SELECT {sleutel},
            CASE WHEN o.indicator_id IS NULL THEN 'nieuw' WHEN n.indicator_id IS NULL THEN 'vervallen'
                 ELSE 'gewijzigd' END AS soort,
            o.waarde::DOUBLE AS waarde_oud, n.waarde::DOUBLE AS waarde_nieuw,
            n.waarde::DOUBLE - o.waarde::DOUBLE AS verschil,
            (n.waarde::DOUBLE - o.waarde::DOUBLE) / nullif(abs(o.waarde::DOUBLE), 0) AS verschil_aandeel,
            o.dekking::DOUBLE AS dekking_oud, n.dekking::DOUBLE AS dekking_nieuw,
            o.rijping AS rijping_oud, n.rijping AS rijping_nieuw
        FROM a.sturing.indicatoren AS o
        FULL JOIN b.sturing.indicatoren AS n ON {gelijk}
        WHERE (o.waarde IS DISTINCT FROM n.waarde OR o.teller IS DISTINCT FROM n.teller
               OR o.noemer IS DISTINCT FROM n.noemer OR o.indicator_id IS NULL OR n.indicator_id IS NULL)
              {"" if alles else "AND o.indicator_id IS NOT NULL"}
        ORDER BY indicator_id, periode_soort, periode, gebied_code, segment
    """


def verschillen(a: Path, b: Path, *, met_nieuwe: bool = False) -> list[Verschil]:
    """Figures of sturing.indicatoren that moved from publication `a` to `b`, ordered by figure.

    Figures that `a` did not have yet are left out unless `met_nieuwe`: a new month adds thousands.
    """
    with _verbind(a, b) as con:
        return [Verschil(*rij) for rij in con.execute(_verschil_sql(alles=met_nieuwe)).fetchall()]


def schrijf_verschil(a: Path, b: Path, naar: Path) -> None:
    """Write `verschillen` as CSV, new figures included."""
    with _verbind(a, b) as con:
        con.execute(f"COPY ({_verschil_sql(alles=True)}) TO '{str(naar).replace(chr(39), chr(39) * 2)}' (HEADER)")


def verschil_leveringen(a: Path, b: Path) -> list[LeveringVerschil]:
    """Geldende leveringen that came or went between two publication folders: the cause of what moved."""
    oud, nieuw = _geldende(a), _geldende(b)
    paren = [("eraf", v) for k, v in oud.items() if k not in nieuw]
    paren += [("erbij", v) for k, v in nieuw.items() if k not in oud]
    uit = [
        LeveringVerschil(
            soort, v["levering_id"], v["gemeente"], v["bericht"], v["maand"], v["ontvangen_op"], v["status"]
        )
        for soort, v in paren
    ]
    return sorted(uit, key=lambda v: (v.gemeente, v.bericht, v.maand, v.soort))


def _geldende(pad: Path) -> dict[tuple[str, str], dict[str, Any]]:
    inhoud = json.loads((pad / "publicatie.json").read_text(encoding="utf-8"))
    return {(v["levering_id"], v["deurversie"]): v for v in inhoud["leveringen"] if v["is_geldend"]}
