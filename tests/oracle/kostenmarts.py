"""Why cost changed, on whom it fell and who pays it: the second computation of the cost marts (SPEC 6 and 7).

Lives here: groei_ontleding, concentratie, verrekening and bijdragen, from the parts of lines (kosten.py).
Keep out: targets and measures (doelen.py); what is still to come (naijling.py).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise

import polars as pl

from pipeline.domain.maanden import Maand
from tests.oracle.indicatoren import Rekenaar, te_onzeker
from tests.oracle.invoer import REGIO, SEGMENTEN, TOTAAL, D, Regel, Regio
from tests.oracle.kosten import Deel, euro
from tests.oracle.naijling import rond
from tests.oracle.perioden import perioden, rijping

Rij = dict[str, object]
MINUTEN = {"01": 1, "04": 60, "16": 240}
"""SPEC 7 asks for "price per unit": units of time with a length are one unit."""


def delentabel(regio: Regio, delen: Iterable[Deel]) -> pl.DataFrame:
    """One row per part of a line in a published month; the volume of a line stands at its first part in a year."""
    published = set(regio.maanden)
    rijen, gezien = [], set()
    for d in delen:
        # "a denominator leaves out what its numerator leaves out"
        if d.zorgmaand not in published or d.houdt_bedrag:
            continue
        r, jaar = d.regel, d.zorgmaand.jaar
        is_eerste = (r.nummer, jaar) not in gezien
        gezien.add((r.nummer, jaar))
        rijen.append(
            {
                "jaar": jaar,
                "maand": d.zorgmaand.maand,
                "gemeente": r.gemeente,
                "bsn": r.bsn,
                "segment": d.soort.segment,
                "product": r.productcode,
                "eenheid": "minuten" if r.eenheid in MINUTEN else r.eenheid,
                "cent": d.cent,
                "volume": _volume(r, jaar) if is_eerste and not d.houdt_volume else 0.0,
            }
        )
    return pl.DataFrame(rijen, infer_schema_length=None)


def _volume(r: Regel, jaar: int) -> float:
    """Volume of a line in a year, "by days", to a millionth; units of time with a length in minutes."""
    begin, eind = max(r.productperiode_begin, dt.date(jaar, 1, 1)), min(r.productperiode_eind, dt.date(jaar, 12, 31))
    dagen, alle = ((y - x).days + 1 for x, y in ((begin, eind), (r.productperiode_begin, r.productperiode_eind)))
    per_eenheid = round(Fraction(r.geleverd_volume or 0) * dagen / alle, 6)
    return float(r.teken * per_eenheid * MINUTEN.get(r.eenheid or "", 1))


def volledige_jaren(regio: Regio) -> list[int]:
    """Years of which every month is published: "a year that is not complete has no groei_ontleding"."""
    return [p.begin.year for p in perioden(regio, ("jaar",)) if p.is_heel]


def concentratie(r: Rekenaar, segment: str | None = None) -> Iterator[Rij]:
    """SPEC 6: "share of cost of the most expensive 1, 5, 15 percent of youths and of the twelve most expensive"."""
    delen = delentabel(r.regio, r.delen)
    if segment:
        delen = delen.filter(pl.col("segment") == segment)
    for p in perioden(r.regio, ("jaar",)):
        for code, gemeenten in r.regio.gebieden.items():
            eigen = delen.filter((pl.col("jaar") == p.begin.year) & pl.col("gemeente").is_in(gemeenten))
            bedragen = sorted(eigen.group_by("bsn").agg(pl.col("cent").sum())["cent"].to_list(), reverse=True)
            som, n = sum(bedragen), len(bedragen)
            uit: Rij = {"jaar": p.begin.year, "gebied_code": code, "n_jeugdigen": n, "kosten_eur": euro(som)}
            tops = {f"top{x}pct": math.ceil(Fraction(n * x, 100)) for x in (1, 5, 15)} | {"top12": min(n, 12)}
            for naam, k in tops.items():
                uit[f"n_{naam}"] = k
                uit[f"kosten_{naam}_eur"] = euro(sum(bedragen[:k]))
                uit[f"aandeel_{naam}"] = sum(bedragen[:k]) / som if som > 0 else None
            yield uit | _zekerheid(r, code, p.begin.year)


def _zekerheid(r: Rekenaar, code: str, jaar: int) -> Rij:
    (p,) = (p for p in perioden(r.regio, ("jaar",)) if p.begin.year == jaar)
    return {"dekking": r.dekking(code, p.dekkingsmaanden, D), "rijping": rijping(r.regio, p, D)}


def ontleed(toen: pl.DataFrame, nu: pl.DataFrame) -> list[int]:
    """Effects in cents of youths, months, volume, price and mix: "by successive substitution in the order named"."""
    k0, k1 = (int(x["cent"].sum()) for x in (toen, nu))
    if toen.is_empty():
        return [k1, 0, 0, 0, 0]
    jeugdigen = nu["bsn"].n_unique() / toen["bsn"].n_unique()
    maanden = nu.select("bsn", "maand").n_unique() / toen.select("bsn", "maand").n_unique()
    # what has no volume to compare changes as its months do
    volume = volumegroei(toen, nu) or maanden
    niveaus = [k0, *(rond(k0 * g) for g in (jeugdigen, maanden, volume, volume * prijsindex(toen, nu))), k1]
    return [y - x for x, y in pairwise(niveaus)]


def _per(df: pl.DataFrame, *kolommen: str) -> dict[tuple[object, ...], tuple[int, float]]:
    """Cents and volume by the columns named."""
    rijen = df.group_by(kolommen).agg(pl.col("cent", "volume").sum()).iter_rows() if not df.is_empty() else ()
    return {tuple(r[:-2]): (r[-2], r[-1]) for r in rijen}


def volumegroei(toen: pl.DataFrame, nu: pl.DataFrame) -> float | None:
    """Growth of volume over units, each at what it cost on average in the base year, else in the year itself.

    A unit of which credits leave no cost or no volume says nothing; None when nothing is left to compare.
    """
    eerst, later = _per(toen, "eenheid"), _per(nu, "eenheid")
    som = [0.0, 0.0]
    for eenheid in {*eerst, *later}:
        paren = [eerst.get(eenheid, (0, 0.0)), later.get(eenheid, (0, 0.0))]
        gewicht = next((c / v for c, v in paren if c > 0 and v > 0), 0.0)
        som = [x + gewicht * v for x, (_, v) in zip(som, paren, strict=True)]
    eens, nu_ = (round(x, 3) for x in som)  # to a thousandth of a cent
    return nu_ / eens if eens and nu_ / eens > 0 else None


def prijsindex(toen: pl.DataFrame, nu: pl.DataFrame) -> float:
    """Prices "at the old mix, for products both years know": others have no change of price."""
    eerst, later = _per(toen, "product", "eenheid"), _per(nu, "product", "eenheid")
    mee = {p: (c, v) for p, (c, v) in eerst.items() if c > 0 and v > 0}
    som = 0.0
    for p, (c0, v0) in mee.items():
        c1, v1 = later.get(p, (0, 0.0))
        som += c0 * ((c1 / v1) / (c0 / v0) if c1 > 0 and v1 > 0 else 1)
    return som / sum(c for c, _ in mee.values()) if mee else 1.0


EFFECTEN = ("jeugdigen", "duur", "intensiteit", "tarief", "mix")


def groei_ontleding(r: Rekenaar) -> Iterator[Rij]:
    """kosten.groei_ontleding, over the gemeenten that delivered both years whole, of years that are definitief."""
    delen = delentabel(r.regio, r.delen)
    for jaar in volledige_jaren(r.regio):
        maanden = [Maand(j, m) for j in (jaar - 1, jaar) for m in range(1, 13)]
        volledig = {g for g in r.regio.gemeenten if all((g, D, m) in r.regio.gedekt for m in maanden)}
        if _zekerheid(r, REGIO, jaar)["rijping"] != "definitief":
            volledig = set()
        for code, leden in r.regio.gebieden.items():
            mee = volledig.intersection(leden)
            eigen = delen.filter(pl.col("gemeente").is_in(list(mee)))
            som = [0] * 7
            for s in SEGMENTEN:
                toen, nu = (eigen.filter((pl.col("jaar") == j) & (pl.col("segment") == s)) for j in (jaar - 1, jaar))
                waarden = [int(toen["cent"].sum()), int(nu["cent"].sum()), *ontleed(toen, nu)]
                som = [x + y for x, y in zip(som, waarden, strict=True)]
                yield _ontleding(r, jaar, code, s, waarden, sorted(mee), maanden)
            yield _ontleding(r, jaar, code, TOTAAL, som, sorted(mee), maanden)


def _ontleding(
    r: Rekenaar, jaar: int, code: str, segment: str, waarden: Sequence[int], leden: list[str], maanden: Sequence[Maand]
) -> Rij:
    n = len(leden)
    zeker = bool(n) and not any(
        te_onzeker(r, leden, segment, [m for m in maanden if m.jaar == j], w)
        for j, w in zip((jaar - 1, jaar), waarden[:2], strict=True)
    )
    namen = ("kosten_vorig_jaar_eur", "kosten_eur", *(f"effect_{e}_eur" for e in EFFECTEN))
    bedragen = {k: euro(w) if zeker else None for k, w in zip(namen, waarden, strict=True)}
    return {
        "jaar": jaar,
        "gebied_code": code,
        "segment": segment,
        **bedragen,
        "verandering_eur": euro(waarden[1] - waarden[0]) if zeker else None,
        "n_gemeenten": n,
        "dekking": r.dekking(code, tuple(maanden), D),
    }


def grootste_resten(totaal: int, gewichten: Mapping[str, int]) -> dict[str, int]:
    """Share `totaal` in proportion: whole parts, then one each to the largest remainders, ties by name."""
    som = sum(gewichten.values())
    precies = {k: Fraction(totaal * g, som) for k, g in gewichten.items()}
    uit = {k: math.floor(x) for k, x in precies.items()}
    rest = totaal - sum(uit.values())
    for k in sorted(precies, key=lambda k: (-(precies[k] - uit[k]), k))[:rest]:
        uit[k] += 1
    return uit


def verrekening(r: Rekenaar) -> Iterator[Rij]:
    """kosten.verrekening: "what each gemeente pays under" five methods; "cents by largest remainder"."""
    regio = r.regio
    delen = delentabel(regio, r.delen)
    eigen: dict[tuple[int, str], int] = {
        (j, g): c for j, g, c in delen.group_by("jaar", "gemeente").agg(pl.col("cent").sum()).iter_rows()
    }
    heel = volledige_jaren(regio)
    for p in perioden(regio, ("jaar",)):
        jaar = p.begin.year
        kosten = {g: eigen.get((jaar, g), 0) for g in regio.gemeenten}
        totaal = sum(kosten.values())
        sleutels: dict[str, dict[str, int] | None] = {"woonplaats": kosten, "werkelijk_t0": kosten, "vast_t2": None}
        sleutels["solidariteit"] = {g: regio.referentie.inwoners_0_17(g, jaar) for g in regio.gemeenten}
        sleutels["inwoners"] = {g: _inwoners(regio, g, jaar) for g in regio.gemeenten}
        # `dekking` is a number in every row; the others in it are texts too
        if jaar - 2 in heel and _zekerheid(r, REGIO, jaar - 2)["dekking"] >= regio.catalogus.getal("dekking_minimum"):  # type: ignore[operator]
            sleutels["vast_t2"] = {g: eigen.get((jaar - 2, g), 0) for g in regio.gemeenten}
        for methode, sleutel in sleutels.items():
            bedragen = grootste_resten(totaal, sleutel) if sleutel else None
            for g in regio.gemeenten:
                yield {
                    "jaar": jaar,
                    "methode": methode,
                    "gebied_code": g,
                    "sleutel_aandeel": sleutel[g] / sum(sleutel.values()) if sleutel else None,
                    "bedrag_eur": euro(bedragen[g]) if bedragen else None,
                    "eigen_kosten_eur": euro(kosten[g]),
                    "regiokosten_eur": euro(totaal),
                    **_zekerheid(r, g, jaar),
                }


def _inwoners(regio: Regio, gemeente: str, jaar: int) -> int:
    """All inhabitants on 1 January; of a year without figures those of the nearest year."""
    bekend = {i.jaar: i.inwoners for i in regio.catalogus.inwoners if i.gemeente == gemeente}
    return bekend[min(max(jaar, min(bekend)), max(bekend))]


def bijdragen(regio: Regio) -> Iterator[Rij]:
    """kosten.bijdragen: "bedrag_eur rounded per cell, bedrag_sluitend_eur by largest remainder"."""
    for b in regio.catalogus.bijdragen:
        inwoners = {g: _inwoners(regio, g, b.inwoners_jaar) for g in regio.gemeenten}
        sluitend = grootste_resten(int(b.bedrag_eur / b.afronding_eur), inwoners)
        for g, n in inwoners.items():
            eenheden = b.bedrag_eur * n / sum(inwoners.values()) / b.afronding_eur
            yield {
                "bijdrage_id": b.bijdrage_id,
                "gemeente": g,
                "inwoners": n,
                "bedrag_eur": eenheden.quantize(Decimal(1), ROUND_HALF_UP) * b.afronding_eur,
                "bedrag_sluitend_eur": sluitend[g] * b.afronding_eur,
            }
