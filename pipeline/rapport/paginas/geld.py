"""What care costs: per month with what is still to come, per year, why it changed, on whom it falls, and the running year.

Lives here: the blocks on money of a gebied and segment. Keep out: providers (aanbieder.py), targets (doelen.py).
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from statistics import median
from typing import Any

from pipeline.rapport import beelden, koppen, segmenten, taal, zekerheid
from pipeline.rapport.beweging import is_heel, is_vast, is_zuiver
from pipeline.rapport.blokken import (
    Beeld,
    Blok,
    Inhoud,
    Kolom,
    Plek,
    Tabel,
    Tabelblok,
)
from pipeline.rapport.bron import Deelvraag, Rij, Rijen
from pipeline.rapport.paginas import vragen
from pipeline.rapport.taal import bedrag, euro, geleverd, getal, maand, procent

_MAANDKOSTEN = f"""
WITH k AS ({vragen.GELD_PER_MAAND}
), n AS (
    SELECT gebied_code, segment, zorgmaand, arg_max(verwacht_eindbedrag_eur, vertraging_maanden) AS verwacht,
        arg_max(ondergrens_eur, vertraging_maanden) AS lo, arg_max(bovengrens_eur, vertraging_maanden) AS hi
    FROM kosten.naijling GROUP BY gebied_code, segment, zorgmaand
)
SELECT {{sleutel}}i.periode AS maand, i.waarde AS v, n.verwacht, n.lo, n.hi,
    i.waarde / nullif(n.verwacht, 0)::DOUBLE AS deel_binnen,
    coalesce(k.voorbehoud_eur, 0) AS voorbehoud_eur, coalesce(k.quarantaine_eur, 0) AS quarantaine_eur,
    (abs(k.voorbehoud_eur) / nullif(abs(k.voorbehoud_eur) + abs(i.waarde), 0))::DOUBLE AS reserve, i.dekking, i.rijping
FROM sturing.indicatoren AS i
LEFT JOIN k ON k.gebied_code = i.gebied_code AND k.segment = i.segment AND k.zorgmaand = i.periode
LEFT JOIN n ON n.gebied_code = i.gebied_code AND n.segment = i.segment AND n.zorgmaand = i.periode
WHERE i.indicator_id = 'kosten' AND i.periode_soort = 'maand' AND {{waar}}
ORDER BY i.periode"""

MAANDKOSTEN = Deelvraag(_MAANDKOSTEN, gebied="i.gebied_code", segment="i.segment")

JAARKOSTEN = Deelvraag(
    f"""
SELECT {{sleutel}}year(maand) AS jaar, count(*) AS n_maanden, sum(v) AS ontvangen, sum(coalesce(verwacht, v)) AS v,
    sum(voorbehoud_eur) AS voorbehoud_eur, (sum(abs(voorbehoud_eur)) / nullif(sum(abs(voorbehoud_eur)) + sum(abs(v)), 0))::DOUBLE AS reserve,
    min(dekking) AS dekking, CASE WHEN bool_and(rijping = 'definitief') THEN 'definitief' ELSE 'voorlopig' END AS rijping
FROM ({_MAANDKOSTEN.format(sleutel="i.gebied_code, i.segment, ", waar="TRUE")}
) WHERE {{waar}} GROUP BY ALL ORDER BY jaar""",
    gebied="gebied_code",
    segment="segment",
)
"""Per year, of the months published; completed by naijling."""

MAANDKOLOMMEN = (
    Kolom("maand", "Maand", maand),
    Kolom("v", "Ontvangen", euro),
    Kolom("verwacht", "Verwacht eindbedrag", euro),
    Kolom("deel_binnen", "Deel dat binnen is", procent),
    Kolom("lo", "Ondergrens 80%", euro),
    Kolom("hi", "Bovengrens 80%", euro),
    Kolom("voorbehoud_eur", "Onder voorbehoud", euro),
    Kolom("dekking", "Geleverd", geleverd),
    Kolom("rijping", "Voorlopig of definitief"),
)

JAARVERWACHTING = """
SELECT * EXCLUDE (publicatie_id), ontvangen_eur::DOUBLE / nullif(jaarverwachting_eur, 0)::DOUBLE AS deel_binnen
FROM kosten.jaarverwachting WHERE gebied_code = $gebied"""


def heel_jaar(plek: Plek) -> Rij | None:
    """Return what the running year comes to for a gebied and segment; None where it is not known."""
    if "kosten.jaarverwachting" not in plek.bron.tabellen:
        return None
    return next((r for r in plek.vraag(JAARVERWACHTING) if r["segment"] == plek.segment), None)


def jaarverwachting(plek: Plek) -> list[Inhoud]:
    """Return what the running year will cost, of every segment and of all together."""
    totaal = heel_jaar(plek.met(segment="totaal"))
    if totaal is None:
        return []
    rijen = sorted(plek.vraag(JAARVERWACHTING), key=lambda r: (segmenten.plaats(r["segment"]), r["segment"]))
    kolommen = (
        Kolom("segment", "Segment", segmenten.naam),
        Kolom("ontvangen_eur", "Binnen", euro),
        Kolom("deel_binnen", "Deel dat binnen is", procent),
        Kolom("jaarverwachting_eur", f"Verwacht over {totaal['jaar']}", euro),
        Kolom("ondergrens_eur", "Ondergrens 80%", euro),
        Kolom("bovengrens_eur", "Bovengrens 80%", euro),
        Kolom("voorbehoud_eur", "Onder voorbehoud", euro),
    )
    zeker = (
        f"{zekerheid.heel_jaar(totaal)} Elk segment heeft een eigen schatting, dus ze tellen niet precies op. Bij een doel staat wat "
        "het jaar kost van de gemeenten die over twee jaar te vergelijken zijn; dat kunnen er minder zijn."
    )
    kop = koppen.jaarverwachting(totaal)
    tabel = Tabel(kop, kolommen, rijen, "kosten.jaarverwachting")
    onder = f"Kosten van {totaal['jaar']}, {plek.gebied_naam}: wat binnen is en wat nog komt."
    return [Tabelblok(kop, onder, tabel, zeker=zeker, letop=_jaar_letop(totaal))]


def _jaar_letop(r: Rij) -> str:
    samen = abs(r["voorbehoud_eur"]) + abs(r["ontvangen_eur"])
    if not samen or is_zuiver({"reserve": abs(r["voorbehoud_eur"]) / samen}):
        return ""
    return f"{zekerheid.reserve(r['voorbehoud_eur'])} De verwachting rekent met het bedrag dat het waarschijnlijk moet zijn."


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
    sql=MAANDKOSTEN,
    bron="kosten.kosten_zorgmaand en kosten.naijling",
    kop=lambda rijen, _p: koppen.maandkosten(*_gewone_maand(rijen)),
    kolommen=MAANDKOLOMMEN,
    zeker=_kosten_zeker,
    beeld=lambda rijen, p: beelden.maandkosten(rijen, f"Kosten per maand {segmenten.waar(p.segment)}", p.maten),
    letop=lambda rijen, _p: zekerheid.maanden_onder_voorbehoud(rijen),
    definitie="kosten",
)


def jaarkosten(plek: Plek) -> list[Inhoud]:
    """Return what every year cost, as received and with what is still expected."""
    rijen = plek.vraag(JAARKOSTEN)
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
    if (verwacht := heel_jaar(plek)) and is_heel(verwacht):
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
