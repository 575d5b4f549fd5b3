"""How many youths will have a place, and what that would have said before (docs/adr/0007): the second computation.

Lives here: the forecast from one month as origin, youth by youth, and the tables made of all of them. Keep out: which
allocations are valid (gebruik.py).
"""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from pipeline.domain.maanden import Maand
from tests.oracle.gebruik import OPEN, geldige_toewijzingen, groepeer, is_verwijderd, laatste_dag
from tests.oracle.indicatoren import Rekenaar
from tests.oracle.invoer import REGIO, Soort, T, Toewijzing
from tests.oracle.naijling import rond

Rij = dict[str, object]
PLEKKEN = ("verblijf", "wonen")
VOORUIT = range(1, 13)
ORIGINS_INSTROOM, ORIGINS_BLIJVEN = 12, 24
Z_80 = 1.2816


@dataclass(frozen=True)
class Plek:
    """A youth with a place on the last day of the origin: until when it was planned then, and of what product."""

    gepland_tot: dt.date
    product: str

    def plan(self, doel: Maand) -> str:
        """What was planned for the last day of a later month."""
        if self.gepland_tot == OPEN:
            return "open"
        return "loopt" if self.gepland_tot >= doel.laatste_dag else "voorbij"


@dataclass(frozen=True)
class Voorspelling:
    """One gebied, segment, origin and horizon."""

    stand_nu: int
    n_origins: int
    n_blijft: float
    n_komt: float
    spreiding: float
    is_voorspeld: bool
    werkelijk: int | None

    @property
    def verwacht(self) -> float:
        """Expected number with a place."""
        return self.n_blijft + self.n_komt

    @property
    def grenzen(self) -> tuple[int, int]:
        """Bounds of 80 percent, "outward to whole youths"."""
        wijdte = Z_80 * self.spreiding
        laag, hoog = round(self.verwacht - wijdte, 4), round(self.verwacht + wijdte, 4)
        return max(math.floor(laag), 0), math.ceil(hoog)


class Prognose:
    """All forecasts of a region, per segment; another grouping is another `plekken` with its `groep`."""

    plekken: Sequence[str] = PLEKKEN

    def __init__(self, r: Rekenaar) -> None:
        """Look up what is valid now, and what was known at the end of every month."""
        self.r, self.regio = r, r.regio
        self.gewicht = r.regio.getal("prognose_gewicht")
        self.maanden = [m for m in r.regio.maanden if m <= r.regio.laatste_leveringsmaand(T)]
        self._versies = groepeer(r.regio.toewijzingen, lambda t: t.nummer)

    @cached_property
    def nu(self) -> dict[tuple[str, str, Maand], set[str]]:
        """Youths with a valid allocation on the last day of a month, as it is known today."""
        uit: dict[tuple[str, str, Maand], set[str]] = defaultdict(set)
        for t in geldige_toewijzingen(self.regio):
            for m in self.regio.maanden:
                if (groep := self.groep(t.soort)) in self.plekken and t.eerste <= m.laatste_dag <= t.laatste:
                    for gebied in (t.gemeente, REGIO):
                        uit[gebied, groep, m].add(t.jeugdige)
        return uit

    @cached_property
    def toen(self) -> dict[tuple[str, str, Maand], dict[str, Plek]]:
        """Youths with a place on the last day of a month, by the versions issued up to that day."""
        uit: dict[tuple[str, str, Maand], dict[str, list[tuple[dt.date, dt.date, str]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for m in self.maanden:
            for versies in self._versies.values():
                bekend = [t for t in versies if t.toewijzingsdatum <= m.laatste_dag]
                if not bekend:
                    continue
                t = max(bekend, key=lambda t: (t.stempel, t.leveringsmaand, t.ontvangen_op))
                if (segment := self._segment(t)) not in self.plekken or is_verwijderd(t):
                    continue
                if t.ingangsdatum <= m.laatste_dag <= laatste_dag(t):
                    product = t.productcode or t.productcategorie or "onbekend"
                    for gebied in (t.gemeente, REGIO):
                        uit[gebied, segment, m][t.bsn].append((laatste_dag(t), t.ingangsdatum, product))
        return {sleutel: {bsn: Plek(max(p)[0], max(p)[2]) for bsn, p in per.items()} for sleutel, per in uit.items()}

    def groep(self, soort: Soort) -> str:
        """What is forecast apart."""
        return soort.segment

    def _segment(self, t: Toewijzing) -> str:
        return self.groep(self.regio.referentie.soort(t.gemeente, t.productcode, t.productcategorie, t.ingangsdatum))

    @cached_property
    def origins(self) -> list[Maand]:
        """Months in which anybody had a place."""
        return sorted({m for _, _, m in self.toen})

    def is_gedekt(self, gebied: str, m: Maand) -> bool:
        """Tell whether enough of the gebied delivered the month."""
        return self.r.dekking(gebied, (m,), T) >= float(self.regio.catalogus.getal("dekking_minimum"))

    def is_leerzaam(self, gebied: str, m: Maand, vooruit: int) -> bool:
        """Tell whether the outcome is known and no month since the origin is missing."""
        erna = [m.plus(i) for i in range(1, vooruit + 1)]
        return erna[-1] <= self.origins[-1] and all(self.is_gedekt(gebied, x) for x in erna)

    def stand_eind(self, gebied: str, segment: str, m: Maand) -> int:
        """Trajecten that cover the last day of a month, as sturing.stromen counts them."""
        (g,) = (g for g in self.r.gebieden if g.code == gebied)
        return sum(t.dekt_dag(m.laatste_dag) for t in g.trajecten.get(segment, []))

    def gebleven(self, gebied: str, segment: str, m: Maand, vooruit: int) -> int:
        """Give how many of those of then had a place later."""
        later = self.nu.get((gebied, segment, m.plus(vooruit)), set())
        return len(later & self.toen.get((gebied, segment, m), {}).keys())

    @cached_property
    def _instroom(self) -> dict[tuple[str, str, Maand, int], int]:
        """Who had a place later and none at the origin, of origins that teach something."""
        return {
            (g, s, m, h): len(self.nu.get((g, s, m.plus(h)), set())) - self.gebleven(g, s, m, h)
            for g in self.regio.gebieden
            for s in self.plekken
            for m in self.origins
            for h in VOORUIT
            if self.is_gedekt(g, m) and self.is_leerzaam(g, m, h)
        }

    @cached_property
    def _uitkomst(self) -> dict[tuple[str, int, Maand], dict[tuple[str, str], list[int]]]:
        """Of the regio: per segment, horizon and origin, by (product, plan), how many there were and stayed."""
        uit: dict[tuple[str, int, Maand], dict[tuple[str, str], list[int]]] = {}
        for s in self.plekken:
            for m in self.origins:
                for h in VOORUIT:
                    telling: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
                    later = self.nu.get((REGIO, s, m.plus(h)), set())
                    for bsn, plek in self.toen.get((REGIO, s, m), {}).items():
                        paar = telling[plek.product, plek.plan(m.plus(h))]
                        paar[0] += 1
                        paar[1] += bsn in later
                    uit[s, h, m] = telling
        return uit

    def kansen(self, segment: str, m: Maand, vooruit: int) -> dict[tuple[str, str], list[int]]:
        """What was learned by then, over two years of origins; product "" is the segment as a whole."""
        uit: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        laatste = m.plus(-vooruit)
        for o in self.origins:
            if laatste.plus(1 - ORIGINS_BLIJVEN) <= o <= laatste:
                for (product, plan), (n, bleef) in self._uitkomst[segment, vooruit, o].items():
                    for wie in (product, ""):
                        uit[wie, plan][0] += n
                        uit[wie, plan][1] += bleef
        return uit

    def voorspel(self, gebied: str, segment: str, m: Maand, vooruit: int) -> Voorspelling:
        """Give who keeps a place plus who comes in, from what was known at the origin."""
        doel = m.plus(vooruit)
        geleerd = self.kansen(segment, m, vooruit)
        nu = self.toen.get((gebied, segment, m), {})
        kansen = []
        for plek in nu.values():
            plan = plek.plan(doel)
            n_segment, bleef_segment = geleerd.get(("", plan), (0, 0))
            if n_segment:
                n, bleef = geleerd.get((plek.product, plan), (0, 0))
                kansen.append((bleef + self.gewicht * bleef_segment / n_segment) / (n + self.gewicht))
        laatste = m.plus(-vooruit)
        kwam = [
            self._instroom[gebied, segment, o, vooruit]
            for o in self.origins
            if laatste.plus(1 - ORIGINS_INSTROOM) <= o <= laatste and (gebied, segment, o, vooruit) in self._instroom
        ]
        gemiddeld = statistics.fmean(kwam) if kwam else 0.0
        spreiding_instroom = max(statistics.variance(kwam) if len(kwam) > 1 else 0.0, gemiddeld)
        genoeg = len(kwam) >= self.regio.getal("prognose_minimum_maanden")
        return Voorspelling(
            stand_nu=len(nu),
            n_origins=len(kwam),
            n_blijft=round(math.fsum(kansen), 6),
            n_komt=round(gemiddeld, 6),
            spreiding=math.sqrt(math.fsum(k * (1 - k) for k in kansen) + spreiding_instroom),
            is_voorspeld=self.is_gedekt(gebied, m) and genoeg and len(kansen) == len(nu),
            werkelijk=len(self.nu.get((gebied, segment, doel), set()))
            if self.is_leerzaam(gebied, m, vooruit)
            else None,
        )


def _honderdsten(x: float) -> Decimal:
    """Two decimals, as the mart cuts a double: a half lies where binary numbers have it."""
    return Decimal(rond(round(x, 6) * 100)) / 100


def prognose_plekken(p: Prognose) -> Iterator[Rij]:
    """sturing.prognose_plekken: a year ahead, "from the last month a gebied delivered"."""
    for gebied in p.regio.gebieden:
        gedekt = [m for m in p.origins if p.is_gedekt(gebied, m)]
        m = gedekt[-1] if gedekt else p.origins[-1]
        oud = p.origins[-1].volgnummer - m.volgnummer
        is_vers = oud < p.regio.getal("rijping_maanden")
        for segment in PLEKKEN:
            for h in VOORUIT:
                v = p.voorspel(gebied, segment, m, h)
                telt = v.is_voorspeld and is_vers
                yield {
                    "gebied_code": gebied,
                    "segment": segment,
                    "maand": m.plus(h).eerste_dag,
                    "maanden_vooruit": h,
                    "peilmaand": m.eerste_dag,
                    "status": "geschat" if telt else "onvoldoende_data",
                    "stand_nu": p.stand_eind(gebied, segment, m),
                    "n_blijft": _honderdsten(v.n_blijft) if telt else None,
                    "n_komt": _honderdsten(v.n_komt) if telt else None,
                    "stand_verwacht": _honderdsten(v.verwacht) if telt else None,
                    "ondergrens": v.grenzen[0] if telt else None,
                    "bovengrens": v.grenzen[1] if telt else None,
                    "n_geleerde_maanden": v.n_origins,
                }


def prognose_terugblik(p: Prognose) -> Iterator[Rij]:
    """sturing.prognose_terugblik: what the same forecast would have said before, and what it became."""
    for gebied in p.regio.gebieden:
        for segment in PLEKKEN:
            for m in p.origins:
                for h in VOORUIT:
                    v = p.voorspel(gebied, segment, m, h)
                    if v.is_voorspeld and v.werkelijk is not None:
                        yield {
                            "gebied_code": gebied,
                            "segment": segment,
                            "peilmaand": m.eerste_dag,
                            "maand": m.plus(h).eerste_dag,
                            "stand_nu": v.stand_nu,
                            "stand_verwacht": _honderdsten(v.verwacht),
                            "ondergrens": v.grenzen[0],
                            "bovengrens": v.grenzen[1],
                            "stand_werkelijk": v.werkelijk,
                            "afwijking": _honderdsten(v.verwacht) - v.werkelijk,
                            "is_binnen_grenzen": v.grenzen[0] <= v.werkelijk <= v.grenzen[1],
                        }
