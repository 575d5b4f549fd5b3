"""What an expectation of the gate is made of: where it measures, what it measured, what that must satisfy.

Lives here: those values. Keep out: the expectations (verwachtingen.py, verwachtingen_openbaar.py), judging (poort.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import duckdb

from pipeline.domain.catalogus import Catalogus
from pipeline.publish.oordeel import Zwaarte


@dataclass(frozen=True)
class Eis:
    """One demand on a column of the measurement: the name of the expectation and its bounds."""

    kolom: str
    minimum: float | None = None
    maximum: float | None = None
    strikt_minimum: bool = False


@dataclass(frozen=True)
class Verwachting:
    """An expectation with its measurement: column name -> values, all aggregates."""

    naam: str
    zin: str
    zwaarte: Zwaarte
    meting: dict[str, list[Any]]
    eisen: tuple[Eis, ...]
    waargenomen: str


@dataclass(frozen=True)
class Bron:
    """Where measurements come from.

    `con` has the candidate attached as `n`, its public edition, if any, as `p` and the last publication, if any, as
    `o`.
    """

    con: duckdb.DuckDBPyConnection
    catalogus: Catalogus
    tabellen: frozenset[str]
    heeft_vorige: bool
    heeft_declaraties: bool
    heeft_openbaar: bool = False

    def vraag(self, sql: str, *waarden: Any) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        return self.con.execute(sql, list(waarden)).fetchall()

    @property
    def kernindicatoren(self) -> list[str]:
        """The indicators that stand for the two kinds of extract."""
        return ["jeugdigen_in_zorg", *(["kosten"] if self.heeft_declaraties else [])]


@dataclass(frozen=True)
class Meting:
    """A function that measures, with the tables it needs; an absent table is an objection of its own."""

    meet: Callable[[Bron], Iterator[Verwachting]]
    nodig: tuple[str, ...] = field(default=("sturing.indicatoren",))
