"""*Per segment*, the year report: how many, flows, duration, referrers, cost, forecast, gemeenten, doubts, measures.

And the quarter report: the same figures for the last whole quarter, beside the quarter before and a year earlier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from statistics import median
from typing import Any

from pipeline.rapport import beelden, koppen, segmenten, taal, zekerheid
from pipeline.rapport.beweging import is_heel, is_vast, is_zuiver, vergelijk
from pipeline.rapport.blokken import (
    Beeld,
    Blok,
    Doelen,
    Duiding,
    Figuur,
    Gezegd,
    Inhoud,
    Kolom,
    Pagina,
    Plek,
    Punten,
    Sectie,
    Tabel,
    Tabelblok,
    Tegel,
    Tegels,
    Verwijzingen,
    beantwoord,
)
from pipeline.rapport.boek import Boek
from pipeline.rapport.bron import REGIO, Deelvraag, Rijen
from pipeline.rapport.paginas import vragen
from pipeline.rapport.paginas.veranderd import WERKLIJST, kort_bevinding
from pipeline.rapport.taal import bedrag, euro, geleverd, getal, maand, procent

SEGMENTEN = """
SELECT segment, max(stand_eind) AS hoogste FROM sturing.stromen WHERE gebied_code = $gebied GROUP BY 1"""

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

ONTLEDING = """
SELECT jaar, kosten_vorig_jaar_eur AS vorig, kosten_eur, verandering_eur AS v, effect_jeugdigen_eur, effect_duur_eur,
    effect_intensiteit_eur, effect_tarief_eur, effect_mix_eur, n_jeugdigen_vorig_jaar, n_jeugdigen, voorbehoud_eur,
    voorbehoud_vorig_jaar_eur, n_gemeenten, dekking, rijping
FROM kosten.groei_ontleding WHERE gebied_code = $gebied AND segment = $segment ORDER BY jaar"""

CONCENTRATIE = """
SELECT jaar, aandeel_top15pct AS v, aandeel_top1pct, aandeel_top5pct, aandeel_top15pct, aandeel_top12, n_jeugdigen, kosten_eur,
    voorbehoud_eur, (abs(voorbehoud_eur) / nullif(abs(voorbehoud_eur) + abs(kosten_eur), 0))::DOUBLE AS reserve,
    dekking, rijping
FROM {tabel} WHERE {waar}gebied_code = $gebied ORDER BY jaar"""

PROGNOSE = """
SELECT maand, stand_verwacht AS v, ondergrens AS lo, bovengrens AS hi, status, stand_nu, peilmaand
FROM sturing.prognose_plekken WHERE gebied_code = $gebied AND segment = $segment ORDER BY maand"""

TERUGBLIK = """
SELECT count(*) AS n, count(*) FILTER (is_binnen_grenzen) AS raak FROM sturing.prognose_terugblik
WHERE gebied_code = $gebied AND segment = $segment AND maanden_vooruit <= 6 AND is_binnen_grenzen IS NOT NULL"""

PER_1000 = """
SELECT s.gebied_code, s.maand, s.stand_eind, CASE WHEN s.dekking >= 0.5 THEN 1000.0 * s.stand_eind / nullif(g.inwoners_0_17, 0) END AS v, s.dekking, s.rijping
FROM sturing.stromen AS s
JOIN meta.gebieden AS g ON g.gebied_code = s.gebied_code AND g.jaar = year(s.maand)
WHERE s.segment = $segment ORDER BY s.gebied_code, s.maand"""

MAATREGELEN = """
SELECT naam, startmaand, investering_eur, verwachte_besparing_eur, n_maanden, eenheid, dekking, rijping, voorbehoud_eur,
    CASE WHEN is_te_vergelijken THEN waarde_bij_trend END AS waarde_bij_trend,
    CASE WHEN is_te_vergelijken THEN waarde END AS waarde,
    CASE WHEN is_te_vergelijken THEN verandering_na_trend END AS verandering_na_trend
FROM (
    SELECT *, dekking >= 0.95 AND rijping = 'definitief' AND abs(voorbehoud_eur) <= 0.01 * abs(waarde) AS is_te_vergelijken
    FROM kosten.maatregelen
)
WHERE gebied_code = $gebied AND segment IS NOT NULL AND list_contains(string_split(segment, '+'), $segment)
    AND jaar = (SELECT max(jaar) FROM kosten.maatregelen WHERE n_maanden > 0)
ORDER BY naam"""


def segmenten_van(plek: Plek) -> list[str]:
    """Return the segments of a gebied in which anybody ever was, in order, all together first."""
    rijen = plek.vraag(SEGMENTEN)
    met = [r["segment"] for r in rijen if r["hoogste"]]
    return sorted(met, key=lambda s: (segmenten.plaats(s), s))


def paginas(boek: Boek) -> Sequence[Pagina]:
    """Return the list of segments, and of each the year and the quarter report."""
    plek = boek.plek
    alle = segmenten_van(plek)
    jaren = [jaarrapport(boek, plek.met(segment=segment)) for segment in alle]
    kwartalen = [k for segment in alle if (k := kwartaalrapport(boek, plek.met(segment=segment))) is not None]
    return [_overzicht(boek, alle, kwartalen), *jaren, *kwartalen]


def _overzicht(boek: Boek, alle: Sequence[str], kwartalen: Sequence[Pagina]) -> Pagina:
    rijen = []
    for s in alle:
        hier = boek.plek.met(segment=s)
        stand = vergelijk(hier.vraag(STAND), "aantal")
        kosten = hier.met(indicator="kosten", extra={"soort": "12m"}).vraag(vragen.REEKS_GELD)
        geld = vergelijk(kosten, "euro")
        rijen.append(
            {
                "segment": segmenten.naam(s),
                "pad": f"segment/{s}.html",
                "stand": stand.nu["v"] if stand.nu else None,
                "per": stand.nu["maand"] if stand.nu else None,
                "kosten": geld.nu["v"] if geld.nu else None,
                "tot": geld.nu["maand"] if geld.nu else None,
                "reserve": geld.nu.get("reserve") if geld.nu else None,
            }
        )
    kolommen = (
        Kolom("segment", "Segment"),
        Kolom("stand", "Jeugdigen", getal),
        Kolom("per", "Eind", maand),
        Kolom("kosten", "Kosten over 12 maanden", euro),
        Kolom("tot", "Tot en met", maand),
        Kolom("reserve", "Daarnaast onder voorbehoud", partial(procent, decimalen=1)),
    )
    titel = "Jeugdigen en kosten per segment"
    tabel = Tabel(titel, kolommen, rijen, "sturing.stromen, sturing.indicatoren", verwijs=lambda r: str(r["pad"]))
    return Pagina(
        pad="segment/index.html",
        titel="Segmenten",
        kicker=f"Segmenten · {maand(boek.bron.laatste_maand)}",
        kop="Per segment: hoeveel jeugdigen, hoe lang, en wat het kost",
        lead="Van elk segment een jaarrapport en een kwartaalrapport. Segmenten tellen niet op: wie ambulante hulp en verblijf "
        "krijgt, telt in beide en in het totaal één keer.",
        secties=[
            Sectie(
                "segmenten",
                "De segmenten",
                [
                    Tabelblok(
                        titel,
                        "De laatste maand die compleet en definitief is.",
                        tabel,
                        zeker="Kosten zijn wat is ontvangen en telt.",
                    )
                ],
            ),
            *(
                [Sectie("kwartalen", "Per kwartaal", [Verwijzingen([(k.titel, k.pad, "") for k in kwartalen])])]
                if kwartalen
                else []
            ),
            *_verder(boek),
        ],
        hier="segment",
    )


def _verder(boek: Boek) -> list[Sectie]:
    if not boek.editie.is_intern:
        return []
    pakketten = Verwijzingen(
        [
            (
                "Pakketten voor de duidingssessies",
                "duidingssessie/index.html",
                "per segment, en per strategische partner en GI",
            )
        ]
    )
    return [Sectie("sessies", "Duidingssessies", [pakketten])]


# the blocks -----------------------------------------------------------------------------------------------------------


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


_GEWOON_VANAF = 6
"""Months from which can be said what is usual."""


def _gewone_maand(rijen: Rijen) -> tuple[float | None, int]:
    """Return the median of the last twelve definitive complete months without reserve, and how many are not judged.

    Of less than half a year nothing is usual yet.
    """
    vast = [r for r in rijen if is_vast(r)][-12:]
    goed = [float(r["v"]) for r in vast if is_zuiver(r)]
    return (median(goed) if len(goed) >= _GEWOON_VANAF else None), len(vast) - len(goed)


def _kosten_zeker(rijen: Rijen, _plek: Plek) -> str:
    if not rijen:
        return "Hierover zijn geen gegevens."
    vast = [r for r in rijen if is_vast(r)]
    delen = [f"Definitief tot en met {maand(vast[-1]['maand'])}." if vast else "Nog geen maand is definitief."]
    los = [r for r in rijen if not is_vast(r)]
    if los:
        laatste = rijen[-1]
        delen.append(
            f"Over {maand(laatste['maand'])} is {geleverd(laatste['dekking'])} geleverd; wat gearceerd is verwachten we nog. Een maand wordt vooral in "
            "de maand erna gedeclareerd: van de laatste maand is er bijna niets, ook als alle bestanden er zijn."
        )
    geweigerd = sum(r["quarantaine_eur"] for r in rijen[-12:])
    if geweigerd:
        delen.append(
            f"In geweigerde rijen van de laatste twaalf maanden staat nog {bedrag(geweigerd)}; dat is niet meegeteld."
        )
    return " ".join(delen)


KOSTEN_BLOK = Blok(
    id="kosten",
    vraag="Kosten {van} per zorgmaand, {naam}. Vol: ontvangen. Gearceerd: nog verwacht, met een streepje van onder- tot bovengrens (80%). "
    "Uitroepteken: te veel onder voorbehoud.",
    sql=vragen.MAANDKOSTEN,
    bron="kosten.kosten_zorgmaand en kosten.naijling",
    kop=lambda rijen, _p: koppen.maandkosten(*_gewone_maand(rijen)),
    kolommen=vragen.MAANDKOLOMMEN,
    zeker=_kosten_zeker,
    beeld=lambda rijen, p: beelden.maandkosten(rijen, f"Kosten per maand {segmenten.waar(p.segment)}", p.maten),
    letop=lambda rijen, _p: zekerheid.maanden_onder_voorbehoud(rijen),
    definitie="kosten",
)


def jaarkosten(plek: Plek) -> list[Inhoud]:
    """Return what every year cost, as received and with what is still expected."""
    rijen = plek.vraag(vragen.JAARKOSTEN)
    heel = [r for r in rijen if r["n_maanden"] == 12 and is_vast(r) and is_zuiver(r)]
    kolommen = (
        Kolom("jaar", "Jaar", taal.jaar),
        Kolom("n_maanden", "Maanden", getal),
        Kolom("ontvangen", "Ontvangen", euro),
        Kolom("v", "Met wat nog komt", euro),
        Kolom("voorbehoud_eur", "Onder voorbehoud", euro),
        Kolom("dekking", "Minst geleverde maand", geleverd),
        Kolom("rijping", "Voorlopig of definitief"),
    )
    zeker = (
        "Met wat nog komt: ontvangen en, waar declaraties nog onderweg zijn, wat we daarvan verwachten. Een jaar met minder "
        "dan twaalf maanden is niet te vergelijken met een heel jaar. Wat onder voorbehoud staat telt niet mee."
    )
    if (verwacht := vragen.heel_jaar(plek)) and is_heel(verwacht):
        zeker = f"{koppen.jaarverwachting(verwacht)}. {zekerheid.heel_jaar(verwacht)} {zeker}"
    onzuiver = [r for r in rijen if not is_zuiver(r)]
    letop = _jaren_onzuiver(onzuiver) if onzuiver else ""
    titel = koppen.jaarkosten(heel[-1] if heel else None)
    tabel = Tabel(titel, kolommen, rijen, "kosten.kosten_zorgmaand en kosten.naijling")
    onder = f"Kosten {segmenten.van(plek.segment)} per jaar."
    return [Tabelblok(titel, onder, tabel, zeker=zeker, letop=letop)] if rijen else []


def _jaren_onzuiver(rijen: Rijen) -> str:
    """Say which whole years are no level, because of what is under reserve."""
    namen = taal.rij([f"{r['jaar']} ({procent(r['reserve'])})" for r in rijen])
    return f"Lees {namen} niet als een niveau: tussen haakjes staat welk deel onder voorbehoud is en niet meetelt."


_EFFECTEN = (
    ("effect_jeugdigen_eur", "Aantal jeugdigen", "het aantal jeugdigen"),
    ("effect_duur_eur", "Maanden per jeugdige", "de maanden per jeugdige"),
    ("effect_intensiteit_eur", "Zorg per maand", "de zorg per maand"),
    ("effect_tarief_eur", "Prijs", "de prijs"),
    ("effect_mix_eur", "Andere producten", "de keuze van producten"),
)


def _ontleding_rij(rijen: Rijen) -> dict[str, Any] | None:
    return next((r for r in reversed(rijen) if r["v"] is not None), None)


def _ontleding_kop(rijen: Rijen, _plek: Plek) -> str:
    r = _ontleding_rij(rijen)
    if r is None:
        return koppen.ontleding(None, ())
    effecten = [(zin, float(r[k])) for k, _, zin in _EFFECTEN]
    return koppen.ontleding(r | {"is_vast": is_vast(r)}, effecten)


def _ontleding_beeld(rijen: Rijen, plek: Plek) -> Beeld | None:
    r = _ontleding_rij(rijen)
    if r is None or not r["vorig"]:
        return None
    stappen = [(f"Kosten {r['jaar'] - 1}", float(r["vorig"]), bedrag(r["vorig"]), True)]
    stappen += [(naam, float(r[k]), bedrag(r[k], plus=True), False) for k, naam, _ in _EFFECTEN]
    stappen.append((f"Kosten {r['jaar']}", float(r["kosten_eur"]), bedrag(r["kosten_eur"]), True))
    return beelden.waterval(stappen, "Waaruit de verandering van de kosten bestaat", plek.maten)


def _ontleding_zeker(rijen: Rijen, _plek: Plek) -> str:
    r = _ontleding_rij(rijen)
    if r is not None:
        wie = taal.meervoud(r["n_gemeenten"], "gemeente", "gemeenten") if r["n_gemeenten"] else "deze gemeente"
        zijn = "zijn" if (r["n_gemeenten"] or 1) > 1 else "is"
        return f"Vergeleken {zijn} {wie} over beide jaren. De stukken tellen precies op."
    laatste = rijen[-1] if rijen else None
    if laatste is None:
        return "Er zijn nog geen twee hele jaren om te vergelijken."
    if vb := max(abs(laatste["voorbehoud_eur"] or 0), abs(laatste["voorbehoud_vorig_jaar_eur"] or 0)):
        return (
            f"Van {laatste['jaar']} of het jaar ervoor staat {bedrag(vb)} onder voorbehoud. Dat is te veel om de verandering uit "
            "elkaar te halen."
        )
    return f"{laatste['jaar'] - 1} en {laatste['jaar']} zijn niet allebei compleet, dus we halen de verandering niet uit elkaar."


ONTLEDING_BLOK = Blok(
    id="ontleding",
    vraag="De verandering van de kosten {van} uit elkaar gehaald, {naam}.",
    sql=ONTLEDING,
    bron="kosten.groei_ontleding",
    kop=_ontleding_kop,
    kolommen=(
        Kolom("jaar", "Jaar", taal.jaar),
        Kolom("vorig", "Kosten jaar ervoor", euro),
        *(Kolom(k, naam, partial(euro, plus=True)) for k, naam, _ in _EFFECTEN),
        Kolom("kosten_eur", "Kosten", euro),
        Kolom("voorbehoud_vorig_jaar_eur", "Onder voorbehoud, jaar ervoor", euro),
        Kolom("voorbehoud_eur", "Onder voorbehoud", euro),
    ),
    zeker=_ontleding_zeker,
    beeld=_ontleding_beeld,
    definitie="kostengroei",
)


def _concentratie_rij(rijen: Rijen) -> dict[str, Any] | None:
    return next((r for r in reversed(rijen) if is_vast(r)), None)


def _concentratie_beeld(rijen: Rijen, plek: Plek) -> Beeld | None:
    r = _concentratie_rij(rijen)
    if r is None:
        return None
    velden = (("aandeel_top1pct", "Duurste 1%"), ("aandeel_top5pct", "Duurste 5%"), ("aandeel_top15pct", "Duurste 15%"))
    balken = [{"naam": naam, "v": r[k]} for k, naam in velden]
    return beelden.balken(balken, "Aandeel van de duurste jeugdigen", procent, maten=plek.maten)


CONCENTRATIE_BLOK = Blok(
    id="concentratie",
    vraag="Aandeel in de kosten van de duurste 1, 5 en 15 procent van de jeugdigen, {naam}, het laatste jaar dat compleet is.",
    sql=CONCENTRATIE.format(tabel="kosten.concentratie", waar=""),
    bron="kosten.concentratie",
    kop=lambda rijen, _p: koppen.concentratie((r | {"is_vast": True}) if (r := _concentratie_rij(rijen)) else None),
    kolommen=(
        Kolom("jaar", "Jaar", taal.jaar),
        Kolom("n_jeugdigen", "Jeugdigen", getal),
        Kolom("kosten_eur", "Kosten", euro),
        *(
            Kolom(k, naam, partial(procent, decimalen=1))
            for k, naam in (
                ("aandeel_top1pct", "Duurste 1%"),
                ("aandeel_top5pct", "Duurste 5%"),
                ("aandeel_top15pct", "Duurste 15%"),
            )
        ),
        Kolom("dekking", "Geleverd", geleverd),
        Kolom("rijping", "Voorlopig of definitief"),
    ),
    zeker=lambda rijen, _p: (
        zekerheid.periode(r, f"Het jaar {r['jaar']}")
        if (r := _concentratie_rij(rijen))
        else "Nog geen jaar is compleet en definitief."
    ),
    beeld=_concentratie_beeld,
    letop=lambda rijen, _p: (
        zekerheid.reserve(r["voorbehoud_eur"]) if (r := _concentratie_rij(rijen)) and not is_zuiver(r) else ""
    ),
    definitie="aandeel_duurste_15pct",
)


def concentratie(plek: Plek) -> list[Blok]:
    """Return the question for a segment, or for all together; a publication of before has no answer for a segment."""
    if plek.segment == "totaal":
        return [CONCENTRATIE_BLOK]
    bron = "kosten.concentratie_segment"
    sql = CONCENTRATIE.format(tabel=bron, waar="segment = $segment AND ")
    return [replace(CONCENTRATIE_BLOK, sql=sql, bron=bron)] if bron in plek.bron.tabellen else []


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


# tiles, doubts, measures ----------------------------------------------------------------------------------------------


def per_gemeente(plek: Plek) -> list[Inhoud]:
    """Return the gemeenten side by side, per thousand inhabitants up to 18, on one scale with the region in grey."""
    alle: dict[str, Rijen] = {}
    for r in plek.vraag(PER_1000):
        alle.setdefault(r["gebied_code"], []).append(r)
    regio = alle.pop(REGIO, [])
    waarden = [r["v"] for rijen in (*alle.values(), regio) for r in rijen if r["v"] is not None]
    if not waarden or not alle:
        return []
    grenzen = (0.0, beelden.ronde_top(max(waarden)))
    vorm = partial(getal, decimalen=1)
    as_vorm = ",.0f" if grenzen[1] >= 3 else ",.1f"
    tegels, laatste = [], []
    for code, naam in plek.bron.gemeenten.items():
        rijen = alle.get(code, [])
        titel = f"{naam}: jeugdigen {segmenten.waar(plek.segment)} per 1.000 inwoners tot 18 jaar"
        beeld = beelden.tegel(rijen, regio, grenzen, titel, vorm, as_vorm)
        if beeld is not None:
            tegels.append(Tegel(naam, f"gemeente/{code}.html", beeld))
            vast = [r for r in rijen if is_vast(r)]
            slot = (vast or [r for r in rijen if r["v"] is not None])[-1]
            laatste.append(slot | {"naam": naam, "pad": f"gemeente/{code}.html", "is_vast": bool(vast)})
    goed = sorted((r["v"], r["naam"]) for r in laatste if r["is_vast"] and r["v"] is not None)
    uitersten = [(naam, vorm(v)) for v, naam in goed]
    kop = koppen.naast_elkaar(
        uitersten[0] if uitersten else None, uitersten[-1] if uitersten else None, "Per 1.000 inwoners tot 18 jaar"
    )
    kolommen = (
        Kolom("naam", "Gemeente"),
        Kolom("maand", "Eind", maand),
        Kolom("stand_eind", "Jeugdigen", getal),
        Kolom("v", "Per 1.000 inwoners tot 18", vorm),
        Kolom("dekking", "Geleverd", geleverd),
        Kolom("rijping", "Voorlopig of definitief"),
    )
    tabel = Tabel(kop, kolommen, laatste, "sturing.stromen en meta.gebieden", verwijs=lambda r: str(r["pad"]))
    return [
        Tegels(
            kop,
            f"Jeugdigen {segmenten.waar(plek.segment)} op de laatste dag van de maand. Blauw is de gemeente, grijs de regio; alle vakken hebben "
            "dezelfde schaal.",
            tegels,
            "Kleine gemeenten springen: vergelijk richtingen, geen losse maanden. Open stip: minder dan 95% geleverd. Gemeenten verschillen in "
            "bevolking en aanbod: hoger of lager is geen oordeel.",
            tabel,
        )
    ]


VOORBEHOUD_PER_JAAR = Deelvraag(
    f"""
SELECT {{sleutel}}year(zorgmaand) AS jaar, sum(voorbehoud_eur) AS b, sum(quarantaine_eur) AS q,
    coalesce(abs(sum(voorbehoud_eur)) / nullif(abs(sum(voorbehoud_eur)) + abs(sum(netto_eur)), 0), 0)::DOUBLE AS reserve
FROM ({vragen.GELD_PER_MAAND}
) WHERE {{waar}} AND zorgmaand >= (SELECT eerste_maand FROM meta.publicatie) GROUP BY ALL ORDER BY jaar DESC""",
    gebied="gebied_code",
    segment="segment",
)
_GENOEMD = 5
"""Findings of the worklist named on the page of a segment."""


def voorbehouden(boek: Boek, plek: Plek) -> list[Inhoud]:
    """Return what to know about these figures: reserve per year and the heaviest findings of the worklist."""
    jaren = [r for r in plek.vraag(VOORBEHOUD_PER_JAAR) if not is_zuiver(r)]
    punten = [(f"Kosten {r['jaar']}", zekerheid.reserve(r["b"], r["q"]), "") for r in jaren]
    if plek.segment != "totaal":
        mijn = [r for r in plek.vraag(WERKLIJST) if r["is_te_doen"] and f" {plek.segment} " in f" {r['raakt']} "]
        punten += [
            (f"Levering van {r['bericht']} over {maand(r['maand'])}", kort_bevinding(r, boek) + ".", "kwaliteit.html")
            for r in mijn[:_GENOEMD]
        ]
        if rest := len(mijn[_GENOEMD:]):
            punten.append(
                (f"En nog {taal.meervoud(rest, 'bevinding', 'bevindingen')}", "bij dit segment.", "kwaliteit.html")
            )
    return [Punten(punten, leeg="Er is geen bekend voorbehoud bij deze cijfers, anders dan bij de grafieken staat.")]


_MAATREGELWAARDEN = ("waarde_bij_trend", "waarde", "verandering_na_trend")


def _in_eenheid(x: Any, eenheid: str, *, plus: bool) -> str:
    """Write what a measure moves in its own unit: money or trajecten."""
    if x is None:
        return taal.LEEG
    return euro(x, plus=plus) if eenheid == "euro" else f"{getal(x, plus=plus)} trajecten"


def maatregelen(plek: Plek) -> list[Inhoud]:
    """Return the measures aimed at a segment, and what the figure they aim at did since."""
    if "kosten.maatregelen" not in plek.bron.tabellen:
        return []
    rijen = [
        r | {k: _in_eenheid(r[k], r["eenheid"], plus=k == "verandering_na_trend") for k in _MAATREGELWAARDEN}
        for r in plek.vraag(MAATREGELEN)
    ]
    kolommen = (
        Kolom("naam", "Maatregel"),
        Kolom("startmaand", "Vanaf", maand),
        Kolom("investering_eur", "Investering per jaar", euro),
        Kolom("verwachte_besparing_eur", "Verwachte besparing per jaar", euro),
        Kolom("waarde_bij_trend", "Bij dezelfde trend", rechts=True),
        Kolom("waarde", "Werkelijk", rechts=True),
        Kolom("verandering_na_trend", "Verschil met trend", rechts=True),
        Kolom("dekking", "Geleverd", geleverd),
    )
    titel = "Maatregelen voor dit segment"
    zeker = (
        "Verschil met trend: het cijfer na en voor de maatregel naast elkaar. Het zegt niet waardoor. De drie laatste getallen staan er "
        "alleen als alles is geleverd en definitief is, en hoogstens 1 procent onder voorbehoud staat: van wat ontbreekt "
        "is een lager bedrag geen besparing."
    )
    return [
        Tabelblok(
            titel,
            "",
            Tabel(titel, kolommen, rijen, "kosten.maatregelen"),
            zeker=zeker,
            leeg="Er is geen maatregel op dit segment gericht.",
        )
    ]


# the reports ----------------------------------------------------------------------------------------------------------


def _figuren(boek: Boek, plek: Plek, *blokken: Blok) -> list[Inhoud]:
    return [beantwoord(b, plek, boek.duid(b.definitie, plek)) for b in blokken]


def jaarrapport(boek: Boek, plek: Plek) -> Pagina:
    """Return the year report of a segment."""
    s = plek.segment
    heeft_verwijzers = bool(
        plek.vraag(
            "SELECT 1 FROM sturing.indicatoren WHERE indicator_id = 'aandeel_verwijzer' AND segment_basis = $segment LIMIT 1"
        )
    )
    verwijzers = VERWIJZERS_BLOK if heeft_verwijzers else VERWIJZERKOSTEN_BLOK
    doelen = vragen.doelen(plek, alleen=s)
    kosten = [KOSTEN_BLOK, ONTLEDING_BLOK, *concentratie(plek)]
    secties = [
        Sectie("hoeveel", "Hoeveel jeugdigen", _figuren(boek, plek, STAND_BLOK, STROMEN_BLOK)),
        Sectie("hoelang", "Hoe lang en via wie", _figuren(boek, plek, DUUR_BLOK, verwijzers)),
        Sectie("geld", "Wat het kost", [*jaarkosten(plek), *_figuren(boek, plek, *kosten)]),
    ]
    if plek.vraag(PROGNOSE):
        secties.append(Sectie("straks", "Hoeveel plekken straks", _figuren(boek, plek, PROGNOSE_BLOK)))
    if doelen.doelen:
        secties.insert(0, Sectie("doelen", "Het doel" if len(doelen.doelen) == 1 else "De doelen", [doelen]))
    if not boek.editie.gemeente:
        secties.append(Sectie("gemeenten", "Per gemeente", per_gemeente(plek)))
        if s != "totaal":
            secties.append(Sectie("maatregelen", "Maatregelen", maatregelen(plek)))
    if gezegd := _elders_gezegd(boek, plek, secties):
        secties.append(Sectie("gezegd", "Wat er verder over is gezegd", [Gezegd(gezegd)]))
    secties.append(Sectie("weten", "Wat u moet weten over deze cijfers", voorbehouden(boek, plek)))
    secties = [x for x in secties if x.inhoud]
    stand = vergelijk(plek.vraag(STAND), "aantal")
    # the first target is that of this segment alone; one on several segments together is not its verdict
    eigen = next((d for d in doelen.doelen if not d.teken.twijfel), None)
    verdict = (eigen.kort.split()[0].lower(), eigen.teken.status) if eigen else None
    kop = koppen.segment(stand, segmenten.naam(s), segmenten.waar(s), verdict)
    return Pagina(
        pad=f"segment/{s}.html",
        titel=f"{segmenten.naam(s)}: jaarrapport",
        kicker=f"Jaarrapport segment · {plek.gebied_naam} · tot en met {maand(boek.bron.laatste_maand)}",
        kop=f"{kop}.",
        lead=_segmentlead(plek, doelen),
        secties=secties,
        hier="segment",
        tekens=[(d.kort, f"#{d.id}", d.teken) for d in doelen.doelen],
        is_afdruk=True,
        met_inhoud=True,
    )


def _elders_gezegd(boek: Boek, plek: Plek, secties: Sequence[Sectie]) -> list[Duiding]:
    """Return what was said about figures of this segment that have no block on the page."""
    getoond = {d.tekst for s in secties for x in s.inhoud if isinstance(x, Figuur) for d in x.duidingen}
    return [d for d in boek.duid("*", plek) if d.tekst not in getoond]


def _segmentlead(plek: Plek, doelen: Doelen) -> str:
    if doelen.doelen:
        return " ".join(doelen.doelen[0].zin)
    return vragen.geloof(plek)


# the quarter ----------------------------------------------------------------------------------------------------------

# one row per quarter: flows and cost are sums, the stand is that of the last month; the lesser coverage, the lesser ripeness
KWARTALEN = Deelvraag(
    f"""
WITH s AS (
    SELECT gebied_code, segment, date_trunc('quarter', maand)::DATE AS kwartaal, count(*) AS maanden, arg_max(stand_eind, maand) AS stand,
        sum(instroom + doorstroom_in) AS erbij, sum(uitstroom + doorstroom_uit) AS eraf, min(dekking) AS dekking,
        CASE WHEN bool_and(rijping = 'definitief') THEN 'definitief' ELSE 'voorlopig' END AS rijping
    FROM sturing.stromen GROUP BY ALL
), k AS (
    SELECT gebied_code, segment, date_trunc('quarter', periode)::DATE AS kwartaal, sum(waarde) AS kosten, min(dekking) AS dekking_kosten
    FROM sturing.indicatoren
    WHERE indicator_id = 'kosten' AND periode_soort = 'maand' GROUP BY ALL
), n AS (
    SELECT gebied_code, segment, date_trunc('quarter', zorgmaand)::DATE AS kwartaal, sum(eind) AS verwacht FROM (
        SELECT gebied_code, segment, zorgmaand, arg_max(verwacht_eindbedrag_eur, vertraging_maanden) AS eind
        FROM kosten.naijling GROUP BY ALL
    ) GROUP BY ALL
), v AS (
    SELECT gebied_code, segment, date_trunc('quarter', zorgmaand)::DATE AS kwartaal, sum(voorbehoud_eur) AS voorbehoud_eur
    FROM ({vragen.GELD_PER_MAAND}
    ) GROUP BY ALL
)
SELECT {{sleutel}}s.kwartaal, s.kwartaal AS maand, s.stand AS v, s.stand, s.erbij, s.eraf, k.kosten, n.verwacht,
    coalesce(v.voorbehoud_eur, 0) AS voorbehoud_eur,
    (abs(v.voorbehoud_eur) / nullif(abs(v.voorbehoud_eur) + abs(k.kosten), 0))::DOUBLE AS reserve,
    s.dekking, k.dekking_kosten, s.rijping
FROM s LEFT JOIN k USING (gebied_code, segment, kwartaal) LEFT JOIN n USING (gebied_code, segment, kwartaal)
    LEFT JOIN v USING (gebied_code, segment, kwartaal)
WHERE s.maanden = 3 AND {{waar}} ORDER BY s.kwartaal""",
    gebied="s.gebied_code",
    segment="s.segment",
)


def kwartaalrapport(boek: Boek, plek: Plek) -> Pagina | None:
    """Return the quarter report of a segment: the last whole quarter beside others; None when there is none."""
    rijen = plek.vraag(KWARTALEN)
    if not rijen:
        return None
    laatste = rijen[-1]
    s = plek.segment
    stand = vergelijk(rijen, "aantal")
    titel = f"Kwartalen {segmenten.waar(s)}"
    kolommen = (
        Kolom("kwartaal", "Kwartaal", taal.kwartaal),
        Kolom("stand", "Jeugdigen, eind", getal),
        Kolom("erbij", "Erbij", getal),
        Kolom("eraf", "Eraf", getal),
        Kolom("kosten", "Kosten ontvangen", euro),
        Kolom("verwacht", "Kosten verwacht", euro),
        Kolom("voorbehoud_eur", "Onder voorbehoud", euro),
        Kolom("dekking", "Toewijzingen geleverd", geleverd),
        Kolom("dekking_kosten", "Declaraties geleverd", geleverd),
        Kolom("rijping", "Voorlopig of definitief"),
    )
    blok = Tabelblok(
        f"Tot en met het {taal.kwartaal(laatste['kwartaal'])}",
        f"Per kwartaal, {plek.gebied_naam}, het nieuwste eerst. Van een kwartaal telt de minst geleverde maand.",
        Tabel(titel, kolommen, rijen[:-9:-1], "sturing.stromen, kosten.kosten_zorgmaand en kosten.naijling"),
        zeker=zekerheid.periode(laatste, f"Het {taal.kwartaal(laatste['kwartaal'])}"),
        letop=zekerheid.reserve(laatste["voorbehoud_eur"]) if not is_zuiver(laatste) else "",
    )
    inhoud: list[Inhoud] = [blok]
    secties = [
        Sectie("kwartaal", "Het kwartaal naast eerdere", inhoud),
        Sectie("verloop", "Het verloop", _figuren(boek, plek, STAND_BLOK, KOSTEN_BLOK)),
        Sectie("weten", "Wat u moet weten over deze cijfers", voorbehouden(boek, plek)),
    ]
    erbij = taal.meervoud(int(laatste["erbij"]), "traject", "trajecten")
    lead = f"In het {taal.kwartaal(laatste['kwartaal'])} begonnen {erbij} en eindigden er {taal.tel(int(laatste['eraf']))}."
    if not is_vast(laatste):
        lead += f" Dat kwartaal is nog voorlopig of niet compleet ({geleverd(laatste['dekking'])} geleverd): vergelijk het nog niet."
    kop = koppen.segment(
        stand, f"{segmenten.naam(s)}, {taal.kwartaal((stand.nu or laatste)['maand'])}", segmenten.waar(s), None
    )
    return Pagina(
        pad=f"segment/{s}-kwartaal.html",
        titel=f"{segmenten.naam(s)}: kwartaalrapport",
        kicker=f"Kwartaalrapport segment · {plek.gebied_naam}",
        kop=f"{kop}.",
        lead=lead,
        secties=secties,
        hier="segment",
        is_afdruk=True,
    )
