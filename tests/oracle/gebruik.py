"""Valid allocations, trajecten and flows (SPEC 7)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pipeline.domain.maanden import Maand
from tests.oracle.invoer import SEGMENTEN, TOTAAL, Regio, Soort, Toewijzing

DAG = dt.timedelta(days=1)
OPEN = dt.date.max
X = TypeVar("X")


@dataclass(frozen=True)
class Geldig:
    """A valid allocation: the days it covers (`laatste` is OPEN without end) and what product it is of."""

    gemeente: str
    nummer: int
    jeugdige: str
    eerste: dt.date
    laatste: dt.date
    soort: Soort
    verwijzergroep: str
    leveringsvorm: str | None = None
    versie: Toewijzing | None = None

    def dekt(self, van: dt.date, tot: dt.date) -> bool:
        """Tell whether it covers at least one day from `van` up to and including `tot`."""
        return self.eerste <= tot and self.laatste >= van


@dataclass(frozen=True)
class Traject:
    """Chained allocations of one youth in one segment of one gebied."""

    jeugdige: str
    segment: str
    eerste: dt.date
    laatste: dt.date
    verwijzergroep: str

    def dekt_dag(self, dag: dt.date) -> bool:
        """Tell whether it runs on `dag`."""
        return self.eerste <= dag <= self.laatste

    @property
    def eindmaand(self) -> Maand | None:
        """Month of "the day after its last day"; None while it runs."""
        return None if self.laatste == OPEN else Maand.van(self.laatste + DAG)


def groepeer(waarden: Iterable[X], sleutel: Callable[[X], object]) -> dict[object, list[X]]:
    """Group values, order kept."""
    uit: dict[object, list[X]] = defaultdict(list)
    for w in waarden:
        uit[sleutel(w)].append(w)
    return uit


def nieuwste_versies(rijen: Iterable[Toewijzing]) -> list[Toewijzing]:
    """SPEC 7: newest (toewijzingsdatum, toewijzingstijd); same stamp: latest leveringsmaand, then ontvangen_op."""
    return [
        max(v, key=lambda t: (t.stempel, t.leveringsmaand, t.ontvangen_op))
        for v in groepeer(rijen, lambda t: t.nummer).values()
    ]


def eerste_versies(rijen: Iterable[Toewijzing]) -> list[Toewijzing]:
    """SPEC 4: "measured on the first version"; of one stamp the row that counts is chosen as above."""
    uit = []
    for versies in groepeer(rijen, lambda t: t.nummer).values():
        eerste = min(t.stempel for t in versies)
        uit.append(max((t for t in versies if t.stempel == eerste), key=lambda t: (t.leveringsmaand, t.ontvangen_op)))
    return uit


def is_verwijderd(t: Toewijzing) -> bool:
    """SPEC 7: "reden_wijziging 13, or 01 with einddatum = ingangsdatum, means it never existed"."""
    return t.reden_wijziging == "13" or (t.reden_wijziging == "01" and t.einddatum == t.ingangsdatum)


def laatste_dag(t: Toewijzing) -> dt.date:
    """SPEC 7: up to and including einddatum; an earlier stop ends it there, unless temporary (20)."""
    einde = t.einddatum or OPEN
    if t.stopdatum_levering and t.reden_beeindiging != "20" and t.stopdatum_levering < einde:
        return t.stopdatum_levering
    return einde


def geldige_toewijzingen(regio: Regio) -> list[Geldig]:
    """All valid allocations; those that cover no day ("a stop before ingangsdatum covers nothing") included."""
    return [
        Geldig(
            gemeente=t.gemeente,
            nummer=t.toewijzingnummer,
            jeugdige=t.bsn,
            eerste=t.ingangsdatum,
            laatste=laatste_dag(t),
            soort=regio.referentie.soort(t.gemeente, t.productcode, t.productcategorie, t.ingangsdatum),
            verwijzergroep=regio.referentie.verwijzergroep(t.verwijzer_type),
            leveringsvorm=t.leveringsvorm,
            versie=t,
        )
        for t in nieuwste_versies(regio.toewijzingen)
        if not is_verwijderd(t)
    ]


def leeftijdsmaanden(regio: Regio) -> dict[str, dt.date]:
    """Per youth "the first month on whose first day the birthday has been reached"; absent when unknown."""
    uit = {}
    for t in sorted(regio.toewijzingen, key=lambda t: (t.stempel, t.leveringsmaand, t.ontvangen_op)):
        if t.geboortedatum:
            uit[t.bsn] = t.geboortedatum if t.geboortedatum.day == 1 else Maand.van(t.geboortedatum).plus(1).eerste_dag
    return uit


def leeftijd(leeftijdsmaand: dt.date, dag: dt.date) -> int:
    """Whole years on the first of a month; "unborn and negative ages count as 0"."""
    jaren = dag.year - leeftijdsmaand.year - ((dag.month, dag.day) < (leeftijdsmaand.month, leeftijdsmaand.day))
    return max(0, jaren)


def trajecten(toewijzingen: Sequence[Geldig], segment: str, gat: int) -> list[Traject]:
    """SPEC 7: per youth "valid allocations chained while the gap between them is at most 30 days"."""
    mee = [t for t in toewijzingen if t.eerste <= t.laatste and segment in (TOTAAL, t.soort.segment)]
    uit = []
    for reeks in groepeer(mee, lambda t: t.jeugdige).values():
        # of allocations that start on one day the lowest number is the first: SPEC leaves it open
        reeks.sort(key=lambda t: (t.eerste, t.nummer, t.gemeente))
        begin, einde = reeks[0], reeks[0].laatste
        for t in reeks[1:]:
            if einde != OPEN and (t.eerste - einde).days - 1 > gat:
                uit.append(Traject(begin.jeugdige, segment, begin.eerste, einde, begin.verwijzergroep))
                begin, einde = t, t.laatste
            einde = max(einde, t.laatste)
        uit.append(Traject(begin.jeugdige, segment, begin.eerste, einde, begin.verwijzergroep))
    return uit


def komt_van_elders(t: Traject, andere: Iterable[Traject], gat: int) -> bool:
    """SPEC 7: had "a traject in another segment running or ended at most 30 days before"; not one begun that day."""
    return any(
        a.segment != t.segment and a.eerste < t.eerste and (a.laatste == OPEN or (t.eerste - a.laatste).days - 1 <= gat)
        for a in andere
    )


def gaat_elders_heen(t: Traject, andere: Iterable[Traject], gat: int) -> bool:
    """SPEC 7: "traject in another segment runs on or starts within 30 days"; not one that ends the same day."""
    return any(
        a.segment != t.segment and a.laatste > t.laatste and (a.eerste - t.laatste).days - 1 <= gat for a in andere
    )


@dataclass(frozen=True)
class Gebied:
    """All of one gebied: its allocations and trajecten per segment, and where each traject came from and went."""

    code: str
    toewijzingen: list[Geldig]
    trajecten: dict[str, list[Traject]]
    van_elders: frozenset[Traject]
    naar_elders: frozenset[Traject]

    def in_segment(self, segment: str) -> list[Geldig]:
        """Valid allocations of a segment that cover at least a day."""
        return [t for t in self.toewijzingen if t.eerste <= t.laatste and segment in (TOTAAL, t.soort.segment)]


def maak_gebied(code: str, toewijzingen: list[Geldig], gat: int) -> Gebied:
    """SPEC 7: "At gebied regio gemeenten are not distinguished; at a gemeente only its own allocations count"."""
    per_segment = {s: trajecten(toewijzingen, s, gat) for s in (*SEGMENTEN, TOTAAL)}
    van_jeugdige = groepeer((t for s in SEGMENTEN for t in per_segment[s]), lambda t: t.jeugdige)
    van, naar = set(), set()
    for reeks in van_jeugdige.values():
        van |= {t for t in reeks if komt_van_elders(t, reeks, gat)}
        naar |= {t for t in reeks if t.laatste != OPEN and gaat_elders_heen(t, reeks, gat)}
    return Gebied(code, toewijzingen, per_segment, frozenset(van), frozenset(naar))


def gebieden(regio: Regio) -> list[Gebied]:
    """Every gemeente and the regio."""
    geldig = geldige_toewijzingen(regio)
    gat = regio.getal("traject_gat_dagen")
    return [
        maak_gebied(code, [t for t in geldig if t.gemeente in gemeenten], gat)
        for code, gemeenten in regio.gebieden.items()
    ]


def stromen(regio: Regio, alle: Iterable[Gebied]) -> list[dict[str, object]]:
    """sturing.stromen: "stand_begin + instroom + doorstroom_in - doorstroom_uit - uitstroom = stand_eind"."""
    uit: list[dict[str, object]] = []
    for g in alle:
        for segment, lijst in g.trajecten.items():
            begonnen = groepeer(lijst, lambda t: Maand.van(t.eerste))
            geeindigd = groepeer(lijst, lambda t: t.eindmaand)
            for m in regio.maanden:
                erin, eruit = begonnen.get(m, []), geeindigd.get(m, [])
                uit.append(
                    {
                        "maand": m.eerste_dag,
                        "gebied_code": g.code,
                        "segment": segment,
                        "stand_begin": sum(t.dekt_dag(m.plus(-1).laatste_dag) for t in lijst),
                        "instroom": sum(t not in g.van_elders for t in erin),
                        "doorstroom_in": sum(t in g.van_elders for t in erin),
                        "doorstroom_uit": sum(t in g.naar_elders for t in eruit),
                        "uitstroom": sum(t not in g.naar_elders for t in eruit),
                        "stand_eind": sum(t.dekt_dag(m.laatste_dag) for t in lijst),
                    }
                )
    return uit
