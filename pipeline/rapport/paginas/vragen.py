"""Queries and blocks that more than one family of pages uses.

Lives here: series of an indicator, cost of every gebied and segment, key figures. Keep out: targets (doelen.py), money
(geld.py), care (zorg.py), leveringen (leveringen.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from pipeline.rapport import beelden, taal
from pipeline.rapport.beweging import Beweging, is_zuiver, vergelijk
from pipeline.rapport.blokken import (
    Kern,
    Kernen,
    Kolom,
    Plek,
    Tabel,
)
from pipeline.rapport.boek import Boek
from pipeline.rapport.bron import Deelvraag, Rij, Rijen
from pipeline.rapport.taal import bedrag, euro, geleverd, getal, maand, procent

# less than half delivered is no figure yet: it is not shown, only how much is there (design guide, 8.6)
REEKS = Deelvraag(
    """
SELECT {sleutel}periode AS maand, CASE WHEN dekking >= 0.5 THEN waarde END AS v, teller, noemer, n_jeugdigen AS n, dekking, rijping
FROM sturing.indicatoren
WHERE {waar}
ORDER BY periode""",
    indicator="indicator_id",
    gebied="gebied_code",
    segment="segment",
    soort="periode_soort",
)

_GELD = ("kosten", "kostengroei", "kosten_per_jeugdige", "kosten_per_inwoner_0_17", "gemiddeld_tarief")
"""Indicators of money: beside their figures stands the share under reserve."""

GELD_PER_MAAND = """
    SELECT gebied_code, coalesce(segment, 'totaal') AS segment, zorgmaand, sum(netto_eur) AS netto_eur,
        sum(voorbehoud_eur) AS voorbehoud_eur, sum(quarantaine_eur) AS quarantaine_eur
    FROM kosten.kosten_zorgmaand
    GROUP BY GROUPING SETS ((gebied_code, segment, zorgmaand), (gebied_code, zorgmaand))"""
"""Cost of every gebied and segment, and of all segments together."""

REEKS_GELD = Deelvraag(
    f"""
WITH geld AS ({GELD_PER_MAAND}
)
SELECT {{sleutel}}i.periode AS maand, CASE WHEN i.dekking >= 0.5 THEN i.waarde END AS v, i.teller, i.noemer, i.n_jeugdigen AS n,
    i.dekking, i.rijping,
    (
        SELECT sum(abs(g.voorbehoud_eur))::DOUBLE / nullif(sum(abs(g.voorbehoud_eur) + abs(g.netto_eur)), 0)::DOUBLE FROM geld AS g
        WHERE g.gebied_code = i.gebied_code AND g.segment = i.segment AND CASE i.periode_soort
            WHEN 'jaar' THEN year(g.zorgmaand) = year(i.periode)
            WHEN '12m' THEN g.zorgmaand <= i.periode AND g.zorgmaand > i.periode - INTERVAL 12 MONTH
            ELSE g.zorgmaand = i.periode END
    ) AS reserve
FROM sturing.indicatoren AS i
WHERE i.indicator_id IN {_GELD} AND {{waar}}
ORDER BY i.periode""",
    indicator="i.indicator_id",
    gebied="i.gebied_code",
    segment="i.segment",
    soort="i.periode_soort",
)


def reeks_sql(indicator: str) -> str:
    """Return the query for a series of an indicator: of money with its share under reserve."""
    return REEKS_GELD if indicator in _GELD else REEKS


def vorm_van(eenheid: str, *, kort: bool = False) -> taal.Vorm:
    """How values of a unit are written: in a table exactly, `kort` beside a chart."""
    if eenheid == "aandeel":
        return partial(procent, decimalen=1)
    if eenheid == "euro":
        return bedrag if kort else euro
    return partial(getal, decimalen=1) if eenheid == "dagen" and not kort else getal


def reekskolommen(kop: str, eenheid: str) -> tuple[Kolom, ...]:
    """Columns of the table under a series."""
    return (
        Kolom("maand", "Maand", maand),
        Kolom("v", kop, vorm_van(eenheid)),
        Kolom("dekking", "Geleverd", geleverd),
        Kolom("rijping", "Voorlopig of definitief"),
    )


def kopjes_maand(rijen: Sequence[Rij]) -> list[dt.date]:
    """Return the months of rows, once, in order."""
    return sorted({r["maand"] for r in rijen})


KERNCIJFERS = (
    ("Jeugdigen met jeugdzorg", "jeugdigen_in_zorg", "totaal", "maand", "jeugdigen in die maand"),
    ("Jeugdigen in verblijf of wonen", "jeugdigen_met_verblijf", "totaal", "maand", "jeugdigen in die maand"),
    ("Nieuwe trajecten per maand", "instroom", "totaal", "maand", "trajecten in die maand"),
    ("Hoe lang een traject duurt", "trajectduur_mediaan", "totaal", "12m", "dagen (mediaan, 12 maanden)"),
    ("Start vanuit crisis", "aandeel_start_crisis", "totaal", "12m", "van de trajecten, over 12 maanden"),
    ("Kosten per inwoner tot 18 jaar", "kosten_per_inwoner_0_17", "totaal", "12m", "over 12 maanden, zoals ontvangen"),
    ("Toewijzing te laat afgegeven", "aandeel_te_laat", "totaal", "12m", "van de meetbare toewijzingen, 12 maanden"),
    (
        "Onverwacht met terugwerkende kracht",
        "aandeel_terugwerkend",
        "totaal",
        "12m",
        "van de toewijzingen, over 12 maanden",
    ),
)
"""Name, indicator, segment, kind of period, unit in words."""


def kernen(boek: Boek, plek: Plek, naar: str = "") -> Kernen:
    """Return the key figures of a gebied; `naar`: the way to the root of the edition."""
    uit = []
    for naam, indicator, segment, soort, eenheid in KERNCIJFERS:
        hier = plek.met(segment=segment, indicator=indicator, extra={"soort": soort})
        rijen = hier.vraag(reeks_sql(indicator))
        eh = boek.bron.indicatoren[indicator]["eenheid"] if indicator in boek.bron.indicatoren else ""
        if eh:
            uit.append(_kern(naam, eenheid, eh, rijen, f"{naar}begrip/{indicator}.html"))
    return Kernen(uit)


def _kern(naam: str, eenheid: str, eh: str, rijen: Rijen, verwijs: str) -> Kern:
    vorm = vorm_van(eh, kort=True)
    v = vergelijk(rijen, eh)
    tabel = Tabel(naam, reekskolommen(naam, eh), rijen[::-1], "sturing.indicatoren")
    if v.nu is None:
        return Kern(naam, taal.LEEG, eenheid, "Er is nog geen cijfer dat genoeg is geleverd.", verwijs, None, tabel)
    hoe = "definitief" if v.is_vast else f"nog niet definitief of compleet ({geleverd(v.nu['dekking'])} geleverd)"
    zin = f"{taal.zin(maand(v.nu['maand']))}, {hoe}. {_een_jaar_eerder(v, v.nu, eh, vorm)}"
    return Kern(naam, vorm(v.nu["v"]), eenheid, zin.strip(), verwijs, beelden.vonk(rijen, naam, vorm), tabel)


def _een_jaar_eerder(v: Any, nu: Mapping[str, Any], eh: str, vorm: taal.Vorm) -> str:
    if not is_zuiver(nu):
        return f"Hiervan staat {procent(nu['reserve'])} onder voorbehoud en telt niet mee: vergelijk niet."
    if v.toen is None or v.toen["v"] is None or v.beweging is Beweging.ZWIJGT:
        return ""
    if eh == "aandeel":
        verschil = f"{getal(float(v.verschil) * 100, 1, plus=True)} procentpunt"
    else:
        verschil = procent(v.verschil / float(v.toen["v"]), 1, plus=True) if v.toen["v"] else ""
    return f"Een jaar eerder {vorm(v.toen['v'])}" + (f" ({verschil})." if verschil else ".")
