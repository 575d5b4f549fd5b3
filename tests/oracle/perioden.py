"""Periods, dekking and rijping (SPEC 7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pipeline.domain.maanden import Maand, reeks
from tests.oracle.invoer import Regio


@dataclass(frozen=True)
class Periode:
    """One period of publication: its name (`soort`, `begin` as published) and the published months in it."""

    soort: str
    begin: dt.date
    maanden: tuple[Maand, ...]

    @cached_property
    def eerste_dag(self) -> dt.date:
        """First day that counts."""
        return self.maanden[0].eerste_dag

    @property
    def leeftijdsdag(self) -> dt.date:
        """Day on which ages are taken: "the first day of the period", of a year 1 January, published or not."""
        return self.begin if self.soort == "jaar" else self.eerste_dag

    @cached_property
    def laatste_dag(self) -> dt.date:
        """Last day that counts."""
        return self.maanden[-1].laatste_dag

    @property
    def laatste_maand(self) -> Maand:
        """The period's own last month: December of a year, published or not."""
        return Maand(self.begin.year, 12) if self.soort == "jaar" else self.maanden[-1]

    @cached_property
    def dekkingsmaanden(self) -> tuple[Maand, ...]:
        """The months a figure spans: of a year from January on, also when the first published month is later."""
        eerste = Maand(self.begin.year, 1) if self.soort == "jaar" else self.maanden[0]
        return tuple(reeks(eerste, self.maanden[-1]))

    @property
    def is_heel(self) -> bool:
        """Tell whether every month of it is published."""
        return len(self.maanden) == {"maand": 1, "jaar": 12, "12m": 12}[self.soort]

    @cached_property
    def is_begonnen_in(self) -> frozenset[Maand]:
        """The months as a set."""
        return frozenset(self.maanden)


def perioden(regio: Regio, soorten: Iterable[str]) -> list[Periode]:
    """SPEC 6 and 7: months; years "over the months published so far"; 12m "from the twelfth published month on"."""
    uit = []
    alle = regio.maanden
    if "maand" in soorten:
        uit += [Periode("maand", m.eerste_dag, (m,)) for m in alle]
    if "jaar" in soorten:
        # "a year that began before the first published month is not published as `jaar`"
        for jaar in sorted({m.jaar for m in alle if Maand(m.jaar, 1) in alle}):
            uit.append(Periode("jaar", dt.date(jaar, 1, 1), tuple(m for m in alle if m.jaar == jaar)))
    if "12m" in soorten:
        uit += [Periode("12m", alle[i].eerste_dag, alle[i - 11 : i + 1]) for i in range(11, len(alle))]
    return uit


def dekking(regio: Regio, gebied: str, maanden: Iterable[Maand], bericht: str) -> float:
    """SPEC 7: 0-17 inhabitants of the gemeenten and months delivered, divided by those of all it spans."""
    gedekt = alles = 0
    for m in maanden:
        for g in regio.gebieden[gebied]:
            inwoners = regio.referentie.inwoners_0_17(g, m.jaar)
            alles += inwoners
            gedekt += inwoners if (g, bericht, m) in regio.gedekt else 0
    return gedekt / alles


def rijping(regio: Regio, periode: Periode, bericht: str) -> str:
    """SPEC 7: voorlopig "while the period's last month is less than 3 months before the last leveringsmaand"."""
    rest = regio.laatste_leveringsmaand(bericht).volgnummer - periode.laatste_maand.volgnummer
    niet_voorbij = periode.laatste_maand.laatste_dag >= regio.peildatum
    return "voorlopig" if rest < regio.getal("rijping_maanden") or niet_voorbij else "definitief"
