"""Leveringen whose rows cannot be those of their month, computed a second time from the delivered rows (L12, L13).

Lives here: which leveringen do not count as delivered. L16 is in deur3.py.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from pipeline.domain.leveringen import KERN
from pipeline.domain.maanden import Maand
from tests.oracle.deur3 import Deur3, Sleutel
from tests.oracle.invoer import D, Regio
from tests.oracle.kosten import nieuwste_regels, tellende_regels
from tests.oracle.voorbehoud import onder_voorbehoud

Rij = dict[str, Any]


@dataclass(frozen=True)
class Stand:
    """What one levering holds: rows, cents that came for the first time and count, and its accepted rows."""

    rijen: int
    cent: int
    inhoud: frozenset[tuple[tuple[Any, ...], int]]


class Twijfel:
    """Of one synthetic region."""

    def __init__(self, bron: Path, regio: Regio) -> None:
        self.deur3 = Deur3(bron, regio.catalogus)
        self.catalogus = regio.catalogus
        self.regio = regio
        self.nieuw: Counter[tuple[str, dt.date]] = Counter()
        for (gemeente, maand, _), cent in _nieuw(regio).items():
            self.nieuw[gemeente, maand] += cent
        self.reeksen = {b.value: self._reeksen(b.value) for b in KERN}

    def geen_levering(self) -> set[Sleutel]:
        """(gemeente, bericht, maand) that do not count as delivered."""
        anders = {k for k in self.deur3.sprongen() if not self._is_stand(k[0], k[1])}  # a young stand grows fast
        # after a merger the new gemeente rightly delivers what the old one did
        andermans = set() if self.regio.fusie else self.deur3.andermans_rijen()
        return self.weinig_of_veel() | self.kopieen() | anders | andermans

    def niet_heel(self, twijfels: Collection[tuple[str, str, Maand]]) -> set[tuple[str, Maand]]:
        """Months of care of which more than may be missing came with a doubtful levering."""
        alles: Counter[tuple[str, Maand]] = Counter()
        ervan: Counter[tuple[str, Maand]] = Counter()
        for (gemeente, maand, zorgmaand), cent in _nieuw(self.regio).items():
            alles[gemeente, zorgmaand] += cent
            if (gemeente, D, Maand.van(maand)) in twijfels:
                ervan[gemeente, zorgmaand] += cent
        ruimte = 1 - self.catalogus.getal("dekking_minimum")
        return {k for k, cent in ervan.items() if cent > ruimte * alles[k]}

    def kopieen(self) -> set[Sleutel]:
        """L13: the accepted rows of an earlier month; a stand of fewer rows than the threshold may well be the same."""
        (vanaf,) = (float(d) for d in self.catalogus.regels["L13"].drempel.split("|"))
        uit = set()
        for bericht, reeksen in self.reeksen.items():
            for gemeente, reeks in reeksen.items():
                gezien: set[frozenset[Any]] = set()
                for maand in sorted(reeks):
                    s = reeks[maand]
                    if s.inhoud in gezien and not (self._is_stand(gemeente, bericht) and s.rijen < vanaf):
                        uit.add((gemeente, bericht, maand))
                    if s.inhoud:
                        gezien.add(s.inhoud)
        return uit

    def weinig_of_veel(self) -> set[Sleutel]:
        """L12: few rows that nothing makes up for, or a high amount of claims; beyond what chance allows."""
        deel, maal, kans, minstens = (float(d) for d in self.catalogus.regels["L12"].drempel.split("|"))
        uit = set()
        for bericht, reeksen in self.reeksen.items():
            for gemeente, reeks in reeksen.items():
                maanden = sorted(m for m in reeks if reeks[m].rijen)
                for i, maand in enumerate(maanden[3:], start=3):
                    eerder = [reeks[m] for m in maanden[max(0, i - 6) : i]]
                    gewoon, s = median(e.rijen for e in eerder), reeks[maand]
                    weinig = s.rijen < deel * gewoon and gewoon - s.rijen > kans * math.sqrt(gewoon)
                    if weinig:
                        later = [reeks[m].rijen for m in maanden[i + 1 : i + 3]]
                        weinig = not _aangevuld(s.rijen, later, gewoon, is_stand=self._is_stand(gemeente, bericht))
                    veel = False
                    if bericht == "declaraties" and s.rijen >= minstens:
                        midden = median(e.cent for e in eerder)
                        logs = [math.log(e.cent) for e in eerder if e.cent > 0]
                        spreiding = 1.4826 * median(abs(x - median(logs)) for x in logs) if logs else 0.0
                        veel = midden > 0 and s.cent > midden * max(maal, math.exp(kans * spreiding))
                    if weinig or veel:
                        uit.add((gemeente, bericht, maand))
        return uit

    def _is_stand(self, gemeente: str, bericht: str) -> bool:
        return any(
            a.soort == "stand" for a in self.catalogus.afspraken if (a.gemeente, a.bericht.value) == (gemeente, bericht)
        )

    def _reeksen(self, bericht: str) -> dict[str, dict[dt.date, Stand]]:
        per: dict[tuple[str, dt.date], list[Rij]] = defaultdict(list)
        for r in self.deur3._rijen(bericht):
            per[r["gemeente"], r["leveringsmaand"]].append(r)
        uit: dict[str, dict[dt.date, Stand]] = defaultdict(dict)
        for (gemeente, maand), rijen in per.items():
            uit[gemeente][maand] = Stand(
                rijen=len(rijen),
                cent=self.nieuw[gemeente, maand] if bericht == "declaraties" else sum(r["budget"] or 0 for r in rijen),
                inhoud=frozenset(Counter(_inhoud(r) for r in rijen if not r["in_quarantaine"]).items()),
            )
        return uit


def _nieuw(regio: Regio) -> Counter[tuple[str, dt.date, Maand]]:
    """Cents of counted lines that are not under reserve, by the month they first came in and that of the care."""
    eerste: dict[tuple[str, str, str], dt.date] = {}
    for r in regio.regels:
        maand = r.leveringsmaand.eerste_dag
        eerste[r.nummer] = min(eerste.get(r.nummer, maand), maand)
    tellend = tellende_regels(regio)
    voorbehoud = onder_voorbehoud(regio, nieuwste_regels(regio.regels), tellend)
    uit: Counter[tuple[str, dt.date, Maand]] = Counter()
    for r in tellend:
        if r.nummer not in voorbehoud or not voorbehoud[r.nummer].bedrag:
            uit[r.gemeente, eerste[r.nummer], Maand.van(r.productperiode_begin)] += r.ingediend_bedrag
    return uit


def _inhoud(r: Rij) -> tuple[Any, ...]:
    niet = {"bestand", "rij", "leveringsmaand", "in_quarantaine", "levering_geaccepteerd", "is_geldend"}
    return tuple(v for k, v in sorted(r.items()) if k not in niet)


def _aangevuld(rijen: int, later: list[int], gewoon: float, *, is_stand: bool) -> bool:
    if is_stand:
        return max(later, default=0) >= 0.8 * gewoon
    return any(rijen + sum(later[:n]) >= (n + 1) * 0.8 * gewoon for n in range(1, len(later) + 1))
