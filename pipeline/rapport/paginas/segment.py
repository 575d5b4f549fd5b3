"""*Per segment*, the year report: how many, flows, duration, referrers, cost, forecast, gemeenten, doubts, measures.

And the quarter report: the same figures for the last whole quarter, beside the quarter before and a year earlier.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from pipeline.rapport import beelden, koppen, segmenten, taal, zekerheid
from pipeline.rapport.beweging import is_vast, is_zuiver, vergelijk
from pipeline.rapport.blokken import (
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
from pipeline.rapport.paginas import doelen, geld, leveringen, vragen, zorg
from pipeline.rapport.paginas.veranderd import WERKLIJST, kort_bevinding
from pipeline.rapport.taal import euro, geleverd, getal, maand, procent

SEGMENTEN = """
SELECT segment, max(stand_eind) AS hoogste FROM sturing.stromen WHERE gebied_code = $gebied GROUP BY 1"""

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
        stand = vergelijk(hier.vraag(zorg.STAND), "aantal")
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
    verwijzers = zorg.VERWIJZERS_BLOK if heeft_verwijzers else zorg.VERWIJZERKOSTEN_BLOK
    kaarten = doelen.alle(plek, alleen=s)
    kosten = [geld.KOSTEN_BLOK, geld.ONTLEDING_BLOK, *geld.concentratie(plek)]
    secties = [
        Sectie("hoeveel", "Hoeveel jeugdigen", _figuren(boek, plek, zorg.STAND_BLOK, zorg.STROMEN_BLOK)),
        Sectie("hoelang", "Hoe lang en via wie", _figuren(boek, plek, zorg.DUUR_BLOK, verwijzers)),
        Sectie("geld", "Wat het kost", [*geld.jaarkosten(plek), *_figuren(boek, plek, *kosten)]),
    ]
    if plek.vraag(zorg.PROGNOSE):
        secties.append(Sectie("straks", "Hoeveel plekken straks", _figuren(boek, plek, zorg.PROGNOSE_BLOK)))
    if kaarten.doelen:
        secties.insert(0, Sectie("doelen", "Het doel" if len(kaarten.doelen) == 1 else "De doelen", [kaarten]))
    if not boek.editie.gemeente:
        secties.append(Sectie("gemeenten", "Per gemeente", per_gemeente(plek)))
        if s != "totaal":
            secties.append(Sectie("maatregelen", "Maatregelen", maatregelen(plek)))
    if gezegd := _elders_gezegd(boek, plek, secties):
        secties.append(Sectie("gezegd", "Wat er verder over is gezegd", [Gezegd(gezegd)]))
    secties.append(Sectie("weten", "Wat u moet weten over deze cijfers", voorbehouden(boek, plek)))
    secties = [x for x in secties if x.inhoud]
    stand = vergelijk(plek.vraag(zorg.STAND), "aantal")
    # the first target is that of this segment alone; one on several segments together is not its verdict
    eigen = next((d for d in kaarten.doelen if not d.teken.twijfel), None)
    verdict = (eigen.kort.split()[0].lower(), eigen.teken.status) if eigen else None
    kop = koppen.segment(stand, segmenten.naam(s), segmenten.waar(s), verdict)
    return Pagina(
        pad=f"segment/{s}.html",
        titel=f"{segmenten.naam(s)}: jaarrapport",
        kicker=f"Jaarrapport segment · {plek.gebied_naam} · tot en met {maand(boek.bron.laatste_maand)}",
        kop=f"{kop}.",
        lead=_segmentlead(plek, kaarten),
        secties=secties,
        hier="segment",
        tekens=[(d.kort, f"#{d.id}", d.teken) for d in kaarten.doelen],
        is_afdruk=True,
        met_inhoud=True,
    )


def _elders_gezegd(boek: Boek, plek: Plek, secties: Sequence[Sectie]) -> list[Duiding]:
    """Return what was said about figures of this segment that have no block on the page."""
    getoond = {d.tekst for s in secties for x in s.inhoud if isinstance(x, Figuur) for d in x.duidingen}
    return [d for d in boek.duid("*", plek) if d.tekst not in getoond]


def _segmentlead(plek: Plek, kaarten: Doelen) -> str:
    if kaarten.doelen:
        return " ".join(kaarten.doelen[0].zin)
    return leveringen.geloof(plek)


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
        Sectie("verloop", "Het verloop", _figuren(boek, plek, zorg.STAND_BLOK, geld.KOSTEN_BLOK)),
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
