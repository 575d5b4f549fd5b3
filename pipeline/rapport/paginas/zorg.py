"""How many youths, how long, by whom referred, how many places: the blocks on care of a gebied and segment.

Keep out: money (geld.py), the pages that these stand on (segment.py).
"""

from __future__ import annotations

from functools import partial
from typing import Any

from pipeline.rapport import beelden, koppen, segmenten, taal, zekerheid
from pipeline.rapport.beweging import is_vast, vergelijk
from pipeline.rapport.blokken import (
    Beeld,
    Blok,
    Kolom,
    Plek,
)
from pipeline.rapport.bron import Deelvraag, Rijen
from pipeline.rapport.paginas import vragen
from pipeline.rapport.taal import euro, geleverd, getal, maand, procent

STAND = Deelvraag(
    """
SELECT {sleutel}maand, CASE WHEN dekking >= 0.5 THEN stand_eind END AS v, dekking, rijping FROM sturing.stromen
WHERE {waar} ORDER BY maand""",
    gebied="gebied_code",
    segment="segment",
)

# the twelve months up to the last one that is complete and definitive
STROMEN = """
WITH tot AS (
    SELECT max(maand) AS m FROM sturing.stromen
    WHERE gebied_code = $gebied AND segment = $segment AND rijping = 'definitief' AND dekking >= 0.95
), jaar AS (
    SELECT s.* FROM sturing.stromen AS s, tot
    WHERE gebied_code = $gebied AND segment = $segment AND maand <= m AND maand > m - INTERVAL 12 MONTH
)
SELECT count(*) AS maanden, min(maand) AS van, max(maand) AS tot, arg_min(stand_begin, maand) AS stand_begin,
    sum(instroom) AS instroom, sum(doorstroom_in) AS doorstroom_in, sum(doorstroom_uit) AS doorstroom_uit,
    sum(uitstroom) AS uitstroom, arg_max(stand_eind, maand) AS stand_eind, min(dekking) AS dekking, 'definitief' AS rijping
FROM jaar HAVING count(*) = 12"""

VERWIJZERS = """
SELECT uitsplitsing, periode AS maand, waarde AS v, teller AS n, dekking, rijping FROM sturing.indicatoren
WHERE indicator_id = 'aandeel_verwijzer' AND gebied_code = $gebied AND segment_basis = $segment AND periode_soort = 'jaar'
    AND periode = (
        SELECT max(periode) FROM sturing.indicatoren WHERE indicator_id = 'aandeel_verwijzer' AND gebied_code = $gebied
            AND segment_basis = $segment AND periode_soort = 'jaar' AND rijping = 'definitief' AND dekking >= 0.95
    )
ORDER BY waarde DESC, uitsplitsing"""

# of segments without referrers of allocations: over which referrers the cost is spread
VERWIJZERKOSTEN = """
WITH jaren AS (
    SELECT year(periode) AS jaar, dekking, rijping FROM sturing.indicatoren
    WHERE indicator_id = 'kosten' AND gebied_code = $gebied AND segment = $segment AND periode_soort = 'jaar'
        AND rijping = 'definitief' AND dekking >= 0.95
    ORDER BY periode DESC LIMIT 1
)
SELECT verwijzer_groep AS uitsplitsing, make_date(any_value(j.jaar)::INTEGER, 1, 1) AS maand, sum(netto_eur) AS netto_eur,
    (sum(netto_eur) / nullif(sum(sum(netto_eur)) OVER (), 0))::DOUBLE AS v, NULL AS n,
    any_value(j.dekking) AS dekking, any_value(j.rijping) AS rijping
FROM kosten.kosten_zorgmaand AS k JOIN jaren AS j ON year(k.zorgmaand) = j.jaar
WHERE gebied_code = $gebied AND ($segment = 'totaal' OR segment = $segment)
GROUP BY 1 ORDER BY 4 DESC, 1"""

PROGNOSE = """
SELECT maand, stand_verwacht AS v, ondergrens AS lo, bovengrens AS hi, status, stand_nu, peilmaand
FROM sturing.prognose_plekken WHERE gebied_code = $gebied AND segment = $segment ORDER BY maand"""

TERUGBLIK = """
SELECT count(*) AS n, count(*) FILTER (is_binnen_grenzen) AS raak FROM sturing.prognose_terugblik
WHERE gebied_code = $gebied AND segment = $segment AND maanden_vooruit <= 6 AND is_binnen_grenzen IS NOT NULL"""


def _stand_kop(rijen: Rijen, plek: Plek) -> str:
    return koppen.stand(vergelijk(rijen, "aantal"), segmenten.waar(plek.segment))


def _stand_beeld(rijen: Rijen, plek: Plek) -> Beeld | None:
    return beelden.lijn(rijen, f"Jeugdigen {segmenten.waar(plek.segment)}", maten=plek.maten)


STAND_BLOK = Blok(
    id="stand",
    vraag="Jeugdigen {waar} op de laatste dag van de maand, {naam}. Een korte onderbreking telt door; bij het begrip Stand "
    "niet, dat is iets lager. De as begint niet bij nul.",
    sql=STAND,
    bron="sturing.stromen",
    kop=_stand_kop,
    kolommen=vragen.reekskolommen("Jeugdigen", "aantal"),
    zeker=zekerheid.reeks,
    beeld=_stand_beeld,
    definitie="stand",
)


def _stroom_rij(rijen: Rijen) -> dict[str, Any] | None:
    if not rijen:
        return None
    r = rijen[0]
    return {
        "erbij": r["instroom"] + r["doorstroom_in"],
        "eraf": r["uitstroom"] + r["doorstroom_uit"],
        "is_vast": is_vast(r | {"v": r["stand_eind"]}),
    }


def _stroom_beeld(rijen: Rijen, plek: Plek) -> Beeld | None:
    r = rijen[0]
    stappen = [
        (f"Stand begin {maand(r['van'])}", float(r["stand_begin"]), getal(r["stand_begin"]), True),
        ("Nieuw in jeugdzorg", float(r["instroom"]), getal(r["instroom"], plus=True), False),
        ("Uit een ander segment", float(r["doorstroom_in"]), getal(r["doorstroom_in"], plus=True), False),
        ("Naar een ander segment", -float(r["doorstroom_uit"]), getal(-r["doorstroom_uit"]), False),
        ("Uit jeugdzorg", -float(r["uitstroom"]), getal(-r["uitstroom"]), False),
        (f"Stand eind {maand(r['tot'])}", float(r["stand_eind"]), getal(r["stand_eind"]), True),
    ]
    if plek.segment == "totaal":
        stappen = [s for s in stappen if "ander segment" not in s[0]]
    return beelden.waterval(stappen, f"In- en uitstroom {segmenten.waar(plek.segment)}", plek.maten)


STROMEN_BLOK = Blok(
    id="stromen",
    vraag="Begonnen en beëindigde trajecten {waar}, {naam}, de laatste twaalf maanden die compleet en definitief zijn.",
    sql=STROMEN,
    bron="sturing.stromen",
    kop=lambda rijen, _p: koppen.stromen(_stroom_rij(rijen)),
    kolommen=(
        Kolom("tot", "Twaalf maanden tot en met", maand),
        Kolom("stand_begin", "Stand begin", getal),
        Kolom("instroom", "Nieuw in jeugdzorg", getal),
        Kolom("doorstroom_in", "Uit een ander segment", getal),
        Kolom("doorstroom_uit", "Naar een ander segment", getal),
        Kolom("uitstroom", "Uit jeugdzorg", getal),
        Kolom("stand_eind", "Stand eind", getal),
        Kolom("dekking", "Minst geleverde maand", geleverd),
    ),
    zeker=lambda rijen, _p: _stroom_zeker(rijen),
    beeld=_stroom_beeld,
    definitie="instroom",
)


def _stroom_zeker(rijen: Rijen) -> str:
    if not rijen:
        return "Er zijn nog geen twaalf maanden achter elkaar die compleet en definitief zijn."
    r = rijen[0]
    if r["dekking"] >= 1:
        return f"{taal.zin(maand(r['van']))} tot en met {maand(r['tot'])}: compleet en definitief."
    return f"Definitief. Van de minst geleverde maand is {geleverd(r['dekking'])} geleverd."


DUUR_BLOK = Blok(
    id="duur",
    vraag="Mediane duur van trajecten {waar} die eindigden, telkens over twaalf maanden, {naam}, in dagen. De as begint niet bij nul.",
    sql=vragen.REEKS.replace("$indicator", "'trajectduur_mediaan'").replace("$soort", "'12m'"),
    bron="sturing.indicatoren",
    kop=lambda rijen, _p: koppen.duur(vergelijk(rijen, "dagen")),
    kolommen=vragen.reekskolommen("Dagen (mediaan)", "dagen"),
    zeker=lambda rijen, p: _met_aantal(rijen, p, "beëindigde trajecten"),
    beeld=lambda rijen, p: beelden.lijn(rijen, f"Duur van trajecten {segmenten.waar(p.segment)}", maten=p.maten),
    definitie="trajectduur_mediaan",
)


def _met_aantal(rijen: Rijen, plek: Plek, wat: str) -> str:
    met = [r for r in rijen if r["v"] is not None and r["noemer"] is not None]
    hoeveel = f" Het gaat om {getal(met[-1]['noemer'])} {wat} over twaalf maanden." if met else ""
    return zekerheid.reeks(rijen, plek) + hoeveel


def _met_naam(rijen: Rijen) -> Rijen:
    return [r | {"naam": segmenten.verwijzer(r["uitsplitsing"])} for r in rijen]


def _verwijzer_kop(rijen: Rijen, van: str) -> str:
    beste = next((r for r in _met_naam(rijen) if r["v"] is not None), None)
    return koppen.verwijzers(beste | {"is_vast": is_vast(beste)} if beste else None, van=van)


def _verwijzer_beeld(rijen: Rijen, plek: Plek) -> Beeld | None:
    met = [r for r in _met_naam(rijen) if r["v"] is not None]
    ref = (
        {
            segmenten.verwijzer(r["uitsplitsing"]): r["waarde"]
            for r in plek.vraag(
                "SELECT uitsplitsing, waarde FROM sturing.referentiewaarden WHERE indicator_id = 'aandeel_verwijzer' "
                "AND gebied = 'Nederland' AND segment = $segment AND uitsplitsing IS NOT NULL"
            )
        }
        if _heeft_referenties(plek)
        else {}
    )
    return beelden.balken(met, "Verwijzers", procent, referenties=ref, maten=plek.maten)


def _heeft_referenties(plek: Plek) -> bool:
    return "sturing.referentiewaarden" in plek.bron.tabellen


def _verwijzer_zeker(rijen: Rijen, plek: Plek) -> str:
    if not rijen:
        return "Er is nog geen jaar dat compleet en definitief is."
    uit = zekerheid.periode(rijen[0], f"Het jaar {taal.jaar(rijen[0]['maand'])}")
    if any(r["n"] is not None and r["n"] < 10 for r in rijen):
        uit += " Gearceerd: minder dan tien."
    if _heeft_referenties(plek) and plek.vraag(
        "SELECT 1 FROM sturing.referentiewaarden WHERE indicator_id = 'aandeel_verwijzer' AND gebied = 'Nederland' "
        "AND segment = $segment AND uitsplitsing IS NOT NULL"
    ):
        uit += " Zwart streepje: Nederland 2024 (CBS, dat anders telt)."
    return uit


_VERWIJZERKOLOMMEN = (
    Kolom("uitsplitsing", "Verwijzer", segmenten.verwijzer),
    Kolom("v", "Aandeel", partial(procent, decimalen=1)),
)

VERWIJZERS_BLOK = Blok(
    id="verwijzers",
    vraag="Wie verwees, van de begonnen trajecten {waar} in het laatste jaar dat compleet is, {naam}.",
    sql=VERWIJZERS,
    bron="sturing.indicatoren",
    kop=lambda rijen, _p: _verwijzer_kop(rijen, "de begonnen trajecten"),
    kolommen=(*_VERWIJZERKOLOMMEN, Kolom("n", "Trajecten", getal)),
    zeker=_verwijzer_zeker,
    beeld=_verwijzer_beeld,
    definitie="aandeel_verwijzer",
    tabelvolgorde=1,
)

VERWIJZERKOSTEN_BLOK = Blok(
    id="verwijzers",
    vraag="Over welke verwijzers de kosten {van} zijn verdeeld in het laatste jaar dat compleet is, {naam}.",
    sql=VERWIJZERKOSTEN,
    bron="kosten.kosten_zorgmaand",
    kop=lambda rijen, _p: _verwijzer_kop(rijen, "de kosten"),
    kolommen=(*_VERWIJZERKOLOMMEN, Kolom("netto_eur", "Kosten", euro)),
    zeker=_verwijzer_zeker,
    beeld=_verwijzer_beeld,
    definitie="kosten",
    tabelvolgorde=1,
)


def _prognose_laatste(rijen: Rijen) -> dict[str, Any] | None:
    met = [r for r in rijen if r["v"] is not None]
    return met[-1] if met else None


def _prognose_beeld(rijen: Rijen, plek: Plek) -> Beeld | None:
    met = [r for r in rijen if r["v"] is not None]
    if not met:
        return None
    peil = met[0]["peilmaand"]
    stand = [r for r in plek.vraag(STAND) if r["maand"] <= peil][-24:]
    return beelden.lijn(stand, f"Verwachte plekken {segmenten.waar(plek.segment)}", band=met, maten=plek.maten)


def _prognose_zeker(rijen: Rijen, plek: Plek) -> str:
    r = _prognose_laatste(rijen)
    if r is None:
        return "Er is te weinig geschiedenis om vooruit te kijken."
    uit = f"Tussen {getal(r['lo'])} en {getal(r['hi'])} met 80% zekerheid. De verwachting kent geen nieuw beleid."
    t = plek.bron.een(TERUGBLIK, plek.waarden)
    if t.get("n"):
        uit += f" Eerdere voorspellingen tot zes maanden vooruit kwamen {getal(t['raak'])} van de {getal(t['n'])} keer binnen hun grenzen uit"
        uit += f"{_ruim(t['raak'] / t['n'])}."
    return uit


def _ruim(deel: float) -> str:
    """Say of bounds that were meant to hold 80 percent whether they hold more or less."""
    if deel > 0.9:
        return ": vaker dan bedoeld, de grenzen zijn ruim"
    return ": minder vaak dan bedoeld, de grenzen zijn krap" if deel < 0.7 else ""


PROGNOSE_BLOK = Blok(
    id="prognose",
    vraag="Stand {waar} en de verwachting voor een jaar, {naam}. Vlak: van onder- tot bovengrens (80%). De as begint niet bij nul.",
    sql=PROGNOSE,
    bron="sturing.prognose_plekken",
    kop=lambda rijen, _p: koppen.prognose(_prognose_laatste(rijen)),
    kolommen=(
        Kolom("maand", "Eind", maand),
        Kolom("v", "Verwacht", getal),
        Kolom("lo", "Ondergrens 80%", getal),
        Kolom("hi", "Bovengrens 80%", getal),
    ),
    zeker=_prognose_zeker,
    beeld=_prognose_beeld,
    definitie="stand",
    tabelvolgorde=1,
)
