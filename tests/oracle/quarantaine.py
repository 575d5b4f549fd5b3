"""What refused claim lines would cost, a second time (SPEC 13, Quarantine is doubt too).

Lives here: which refused lines are in doubt, their amounts and where they belong. Keep out: what verdicts do with it
(doelrealisatie.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from statistics import mean

from pipeline.domain.maanden import Maand
from tests.oracle.invoer import TOTAAL, D, Geweigerd, Regel, Regio
from tests.oracle.kosten import nieuwste_regels
from tests.oracle.voorbehoud import Banden

Cel = tuple[str, int, str, bool]
"""Gemeente, month of care (number), segment, without ambulant alternatives."""
Plek = tuple[str, int, bool]
"""Segment, month of care, ambulant alternative."""


def in_twijfel(regio: Regio) -> list[Geweigerd]:
    """Refused lines of leveringen that stand, not accepted elsewhere, one per line where its number can be read."""
    aanvaard = {(r.gemeente, r.aanbieder_agb, r.referentienummer) for r in regio.regels}
    nieuwste = {g: max((m for h, b, m in regio.staand if (h, b) == (g, D)), default=None) for g in regio.gemeenten}
    per: dict[object, Geweigerd] = {}
    for i, q in enumerate(sorted(regio.geweigerd, key=lambda q: (q.leveringsmaand, q.rij))):
        if (q.status or "").lower() == "afgekeurd":
            continue
        if q.is_stand and q.leveringsmaand != nieuwste[q.gemeente]:
            continue
        nummer = (q.gemeente, q.aanbieder_agb, q.referentienummer)
        if q.aanbieder_agb and q.referentienummer:
            if nummer not in aanvaard:
                per[nummer] = q  # the newest refusal
        else:
            per[i] = q
    return list(per.values())


def quarantaine(regio: Regio) -> dict[Cel, float]:
    """Cents by cell, `totaal` added."""
    banden = Banden(nieuwste_regels(regio.regels), int(regio.catalogus.regels["D38"].drempel.split("|")[1]))
    maal = float(regio.catalogus.regels["D38"].drempel.split("|")[0])
    per_levering: dict[tuple[str, Maand], list[Regel]] = defaultdict(list)
    for r in regio.regels:
        per_levering[r.gemeente, r.leveringsmaand].append(r)
    soort = regio.referentie.soort
    uit: dict[Cel, float] = defaultdict(float)
    for q in in_twijfel(regio):
        eigen = per_levering[q.gemeente, q.leveringsmaand]
        plekken = [(_plek(regio, r), r.ingediend_bedrag) for r in eigen]
        van = soort(q.gemeente, q.productcode, q.productcategorie, q.begin or q.leveringsmaand.eerste_dag)
        segment = van.segment if q.productcode else None
        maand = Maand.van(q.begin).volgnummer if q.begin else None
        bedrag = _bedrag(
            q, banden, maal, [c for (s, _, _), c in plekken if segment in (None, s)], [c for _, c in plekken]
        )
        teken = -1 if q.debet_credit == "C" else 1
        for (s, m, alternatief), deel in _waar(q, segment, maand, van.ambulant_alternatief, plekken):
            for zonder in (False, True):
                if not (zonder and alternatief):
                    for naam in (s, TOTAAL):
                        uit[q.gemeente, m, naam, zonder] += teken * bedrag * deel
    return uit


def _plek(regio: Regio, r: Regel) -> Plek:
    s = regio.referentie.soort(r.gemeente, r.productcode, r.productcategorie, r.productperiode_begin)
    return s.segment, Maand.van(r.productperiode_begin).volgnummer, s.ambulant_alternatief


def _bedrag(q: Geweigerd, banden: Banden, maal: float, van_segment: list[int], van_levering: list[int]) -> float:
    """Its own where that can be read and is usual, else the mean accepted line of levering and segment."""
    gewoon = banden.bedrag_van(q.gemeente, q.productcode) if q.productcode else None
    if q.bedrag is not None and gewoon is not None and gewoon / maal <= q.bedrag <= gewoon * maal:
        return q.bedrag
    return mean(van_segment or van_levering or [0])


def _waar(
    q: Geweigerd, segment: str | None, maand: int | None, alternatief: bool, plekken: Iterable[tuple[Plek, int]]
) -> list[tuple[Plek, float]]:
    """Where it belongs: what it says itself, else in proportion to the accepted lines of its levering."""
    if segment is not None and maand is not None:
        return [((segment, maand, alternatief), 1.0)]
    gewicht: dict[Plek, int] = defaultdict(int)
    for (s, m, a), cent in plekken:
        if segment in (None, s) and maand in (None, m):
            gewicht[s, m, a] += cent
    som = sum(gewicht.values())
    if som == 0:
        return [((segment or "onbekend", maand or q.leveringsmaand.volgnummer, alternatief), 1.0)]
    return [(plek, cent / som) for plek, cent in gewicht.items()]
