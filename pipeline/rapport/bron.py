"""The file of an edition, as a page asks it: SQL in, rows out, and the few facts that every page needs.

Lives here: reading the marts of one edition of one publication, and its seeds and gate beside it; nothing else is ever
read for a page of that edition, so that nothing of another edition can be on it. Keep out: what is asked (paginas/).
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import duckdb

from pipeline.domain import seedbestand
from pipeline.domain.fouten import RunFout

Rij = dict[str, Any]
Rijen = list[Rij]
REGIO = "REGIO"
_PARAMETER = re.compile(r"\$(\w+)")


class RapportFout(RunFout):
    """The report pages cannot be made; the publication itself stands, and so do the pages that stood."""


def letterlijk(waarde: Any) -> str:
    """Return a value as SQL; of text every quote doubled, which is all that can end it.

    Binding it would be usual, but makes duckdb import pandas: a second and 90 MB for pages that need none of it.
    """
    if waarde is None:
        return "NULL"
    if isinstance(waarde, bool | int | float):
        return str(waarde)
    if isinstance(waarde, dt.date):
        return f"DATE '{waarde.isoformat()}'"
    if isinstance(waarde, list | tuple):
        return f"[{', '.join(letterlijk(w) for w in waarde)}]"
    return "'" + str(waarde).replace("'", "''") + "'"


class Deelvraag(str):
    """A question about one part of a table, that is asked once about all parts: to plan it costs more than to answer.

    `{sleutel}` stands first among its columns and `{waar}` among its conditions; `delen` names the parameters that say
    which part, each with its column. As text it is the question about one part. Its order is that within a part.
    """

    alles: str
    delen: tuple[str, ...]

    def __new__(cls, sql: str, **delen: str) -> Deelvraag:
        """Make both questions of one."""
        een = sql.format(sleutel="", waar=" AND ".join(f"{kolom} = ${naam}" for naam, kolom in delen.items()))
        self = super().__new__(cls, een)
        self.alles = sql.format(sleutel="".join(f"{kolom}, " for kolom in delen.values()), waar="TRUE")
        self.delen = tuple(delen)
        return self


@dataclass(frozen=True)
class _Antwoord:
    """What was answered, to be asked for again: rows without their names, which would take three times the memory."""

    namen: list[str]
    rijen: list[tuple[Any, ...]]


_NIETS = _Antwoord([], [])
_GROEP = 10_000
"""Rows taken at a time of an answer that is divided."""


class Bron:
    """The marts of one edition, read-only. `vraag` gives rows as dictionaries."""

    def __init__(self, marts: Path) -> None:
        """Open `marts`; RapportFout when it is not there."""
        if not marts.is_file():
            raise RapportFout(f"{marts} is er niet; is dit een publicatie van voor deze editie?")
        self.pad = marts
        self._con = duckdb.connect(str(marts), read_only=True)
        self._con.execute("SET threads = 1")
        self._gevraagd: dict[str, _Antwoord] = {}
        self._verdeeld: dict[str, dict[tuple[Any, ...], _Antwoord]] = {}

    def sluit(self) -> None:
        """Close the file."""
        self._con.close()

    def vergeet(self) -> None:
        """Let go of what was answered: the pages hold what they need of it."""
        self._gevraagd.clear()
        self._verdeeld.clear()

    def vraag(self, sql: str, waarden: Mapping[str, Any] | None = None) -> Rijen:
        """Return the rows of a query; of `waarden` it takes what the query names with a dollar sign.

        A file that is published never changes: the same question is asked once.
        """
        if isinstance(sql, Deelvraag) and waarden:
            antwoord = self._delen(sql, waarden).get(tuple(waarden[d] for d in sql.delen), _NIETS)
        else:
            antwoord = self._antwoord(_PARAMETER.sub(lambda m: letterlijk(waarden[m[1]]) if waarden else m[0], sql))
        return [dict(zip(antwoord.namen, rij, strict=True)) for rij in antwoord.rijen]

    def _antwoord(self, vraag: str) -> _Antwoord:
        if vraag not in self._gevraagd:
            antwoord = self._con.execute(vraag)
            self._gevraagd[vraag] = _Antwoord([k[0] for k in antwoord.description], antwoord.fetchall())
        return self._gevraagd[vraag]

    def _delen(self, sql: Deelvraag, waarden: Mapping[str, Any]) -> dict[tuple[Any, ...], _Antwoord]:
        vraag = _PARAMETER.sub(lambda m: letterlijk(waarden[m[1]]), sql.alles)
        if vraag not in self._verdeeld:
            antwoord = self._con.execute(vraag)
            n = len(sql.delen)
            namen = [k[0] for k in antwoord.description][n:]
            verdeeld: dict[tuple[Any, ...], _Antwoord] = {}
            while groep := antwoord.fetchmany(_GROEP):
                for rij in groep:
                    deel = verdeeld.get(rij[:n])
                    if deel is None:
                        deel = verdeeld[rij[:n]] = _Antwoord(namen, [])
                    deel.rijen.append(rij[n:])
            self._verdeeld[vraag] = verdeeld
        return self._verdeeld[vraag]

    def een(self, sql: str, waarden: Mapping[str, Any] | None = None) -> Rij:
        """Return the first row of a query; an empty one when there is none."""
        rijen = self.vraag(sql, waarden)
        return rijen[0] if rijen else {}

    def leg_naast(self, marts: Path | None) -> bool:
        """Attach the same edition of another publication as `vorige`; tell whether it is there to compare with."""
        if marts is None or not marts.is_file():
            return False
        if not self._con.execute("SELECT 1 FROM duckdb_databases() WHERE database_name = 'vorige'").fetchone():
            self._con.execute(f"ATTACH '{str(marts).replace(chr(39), chr(39) * 2)}' AS vorige (READ_ONLY)")
        return True

    def schrijf_csvs(self, sql: str, map_: Path) -> list[str]:
        """Write what a query gives as CSV with headings, a file per value of its first column; return those values."""
        antwoord = self._con.execute(f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({sql})")
        koppen = [k[0] for k in antwoord.description][1:]
        namen = []
        for naam, rijen in groupby(antwoord.fetchall(), key=itemgetter(0)):
            with (map_ / f"{naam}.csv").open("w", encoding="utf-8", newline="") as f:
                schrijver = csv.writer(f, lineterminator="\n")
                schrijver.writerow(koppen)
                schrijver.writerows(rij[1:] for rij in rijen)
            namen.append(naam)
        return namen

    @cached_property
    def tabellen(self) -> frozenset[str]:
        """The tables there are, as `schema.table`."""
        return frozenset(
            r["t"]
            for r in self.vraag(
                "SELECT schema_name || '.' || table_name AS t FROM duckdb_tables() WHERE database_name <> 'vorige'"
            )
        )

    @cached_property
    def publicatie(self) -> Rij:
        """The row of meta.publicatie."""
        return self.een("SELECT * FROM meta.publicatie")

    @cached_property
    def laatste_maand(self) -> dt.date:
        """The last month that anything was delivered about."""
        maand: dt.date = self.publicatie["laatste_maand"]
        return maand

    @cached_property
    def namen(self) -> dict[str, str]:
        """Names of gebieden by code, of the last year, by name."""
        rijen = self.vraag("SELECT gebied_code, arg_max(naam, jaar) AS naam FROM meta.gebieden GROUP BY 1 ORDER BY 2")
        return {r["gebied_code"]: r["naam"] for r in rijen}

    def naam(self, gebied: str) -> str:
        """Return the name of a gebied; one that is not of the region is called by its code."""
        return self.namen.get(gebied) or gebied

    @cached_property
    def gemeenten(self) -> dict[str, str]:
        """Names of the gemeenten by code, by name."""
        return {code: naam for code, naam in self.namen.items() if code != REGIO}

    @cached_property
    def indicatoren(self) -> dict[str, Rij]:
        """Definitions of the indicators, by id."""
        return {r["indicator_id"]: r for r in self.vraag("SELECT * FROM meta.indicatordefinities ORDER BY groep, naam")}


@dataclass(frozen=True)
class Editie:
    """Whom the pages are for: `intern`, `openbaar`, or one gemeente with its own figures and those of the public."""

    naam: str
    gemeente: str = ""

    @property
    def is_intern(self) -> bool:
        """Of the region's own analysts: everything."""
        return self.naam == "intern"

    @property
    def is_openbaar(self) -> bool:
        """For everybody: public tables only."""
        return self.naam == "openbaar"

    @property
    def mag(self) -> str:
        """What the badge on every page says about who may see it."""
        if self.is_openbaar:
            return "Openbaar"
        return "Intern: niet verspreiden" if self.is_intern else "Alleen voor deze gemeente"

    @property
    def terug(self) -> str:
        """The way from its folder up to the folder of all editions."""
        return "../" * (self.naam.count("/") + 1)


def edities(publicatie: Path) -> list[Editie]:
    """Return the editions of a publication folder, those that have a file."""
    uit = [Editie(n) for n in ("intern", "openbaar") if (publicatie / n / "marts.duckdb").is_file()]
    gemeenten = sorted((publicatie / "gemeente").glob("GM*/marts.duckdb"))
    return uit + [Editie(f"gemeente/{p.parent.name}", p.parent.name) for p in gemeenten]


def lees_seed(publicatie: Path, naam: str) -> list[dict[str, str]]:
    """Return the rows of a seed as the publication keeps it; none when it was made before there was such a seed."""
    pad = publicatie / "seeds" / f"ref_{naam}.csv"
    return [rij for _, rij in seedbestand.lees(pad)] if pad.is_file() else []


def regionaam(seeds: Sequence[Mapping[str, str]]) -> str:
    """Return the name of the region from the rows of ref_gemeenten."""
    namen = {r["jeugdregio"] for r in seeds}
    return namen.pop() if len(namen) == 1 else "de regio"
