"""*Per aanbieder en GI*, internal only: cost, youths, market share, flows, duration, referrers, per year and quarter.

Strategic partners first, then certified institutions (more than half of their cost is in jb and jr), then by cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from pipeline.rapport import beelden, koppen, segmenten, taal, zekerheid
from pipeline.rapport.beweging import is_zuiver
from pipeline.rapport.blokken import (
    Beeld,
    Blok,
    Inhoud,
    Kolom,
    Pagina,
    Plek,
    Sectie,
    Tabel,
    Tabelblok,
    Verwijzingen,
    beantwoord,
)
from pipeline.rapport.boek import Boek
from pipeline.rapport.bron import Deelvraag, Rij, Rijen
from pipeline.rapport.taal import bedrag, euro, geleverd, getal, maand, procent

LIJST = """
WITH jaar AS (
    SELECT max(year(periode)) AS j FROM kosten.aanbieders WHERE periode_soort = 'jaar' AND rijping = 'definitief' AND dekking >= 0.95
), alles AS (
    SELECT a.aanbieder_agb, any_value(a.naam) AS naam, bool_or(is_strategisch) AS is_strategisch,
        sum(netto_eur) FILTER (segment IN ('jb', 'jr')) / nullif(sum(netto_eur) FILTER (segment <> 'totaal'), 0) AS gi,
        sum(netto_eur) FILTER (segment = 'totaal') AS alles_eur
    FROM kosten.aanbieders AS a WHERE periode_soort = 'jaar' GROUP BY 1
)
SELECT l.aanbieder_agb, coalesce(l.naam, '') AS naam, l.is_strategisch, coalesce(l.gi, 0) > 0.5 AS is_gi, (SELECT j FROM jaar) AS jaar,
    t.netto_eur, t.voorbehoud_eur, t.aandeel, t.groei, t.n_jeugdigen, t.dekking, t.rijping
FROM alles AS l LEFT JOIN kosten.aanbieders AS t ON t.aanbieder_agb = l.aanbieder_agb AND t.periode_soort = 'jaar'
    AND year(t.periode) = (SELECT j FROM jaar) AND t.segment = 'totaal'
ORDER BY l.is_strategisch DESC, coalesce(l.gi, 0) > 0.5 DESC, l.alles_eur DESC NULLS LAST, l.aanbieder_agb"""

PER_JAAR = Deelvraag(
    """
SELECT {sleutel}periode, segment, netto_eur, voorbehoud_eur, aandeel, groei, n_jeugdigen, instroom, uitstroom, gem_duur_dagen,
    aandeel_gi_verwijzingen, dekking, rijping
FROM kosten.aanbieders WHERE {waar} AND periode_soort = 'jaar'
    AND periode >= (SELECT date_trunc('year', eerste_maand) FROM meta.publicatie)
ORDER BY periode DESC, segment""",
    aanbieder="aanbieder_agb",
)

KWARTALEN = Deelvraag(
    """
SELECT {sleutel}periode AS maand, netto_eur AS v, netto_eur, voorbehoud_eur, n_jeugdigen, instroom, uitstroom, gem_duur_dagen,
    (abs(voorbehoud_eur) / nullif(abs(voorbehoud_eur) + abs(netto_eur), 0))::DOUBLE AS reserve, dekking, rijping
FROM kosten.aanbieders WHERE {waar} AND periode_soort = 'kwartaal' AND segment = 'totaal'
    AND periode >= (SELECT eerste_maand FROM meta.publicatie)
ORDER BY periode""",
    aanbieder="aanbieder_agb",
)

JAARKOLOMMEN = (
    Kolom("periode", "Jaar", taal.jaar),
    Kolom("segment", "Segment", segmenten.naam),
    Kolom("netto_eur", "Kosten", euro),
    Kolom("voorbehoud_eur", "Onder voorbehoud", euro),
    Kolom("aandeel", "Deel van het segment", partial(procent, decimalen=1)),
    Kolom("groei", "Groei", partial(procent, decimalen=1, plus=True)),
    Kolom("n_jeugdigen", "Jeugdigen", getal),
    Kolom("instroom", "Begonnen", getal),
    Kolom("uitstroom", "Beëindigd", getal),
    Kolom("gem_duur_dagen", "Duur (dagen)", getal),
    Kolom("aandeel_gi_verwijzingen", "Via een GI", procent),
    Kolom("dekking", "Geleverd", geleverd),
    Kolom("rijping", "Voorlopig of definitief"),
)


def naam_van(r: Rij) -> str:
    """Return the name of a provider, or its code."""
    return r["naam"] or f"Aanbieder {r['aanbieder_agb']}"


def soort_van(r: Rij) -> str:
    """Return what kind of provider it is."""
    if r["is_strategisch"]:
        return "Strategische partner"
    return "Gecertificeerde instelling" if r["is_gi"] else "Aanbieder"


def lijst(plek: Plek) -> Rijen:
    """Return all providers, in the order in which they are shown; none when the edition has no such table."""
    return plek.vraag(LIJST) if "kosten.aanbieders" in plek.bron.tabellen else []


def paginas(boek: Boek) -> Sequence[Pagina]:
    """Return the list of providers and a page of each."""
    alle = lijst(boek.plek)
    return [_overzicht(boek, alle), *(_pagina(boek, r) for r in alle)] if alle else []


def _overzicht(boek: Boek, alle: Rijen) -> Pagina:
    jaar = alle[0]["jaar"]
    rijen = [
        r | {"wie": naam_van(r), "soort": soort_van(r), "pad": f"aanbieder/{r['aanbieder_agb']}.html"} for r in alle
    ]
    kolommen = (
        Kolom("wie", "Aanbieder"),
        Kolom("soort", "Soort"),
        Kolom("netto_eur", "Kosten", euro),
        Kolom("voorbehoud_eur", "Onder voorbehoud", euro),
        Kolom("aandeel", "Deel van de kosten", partial(procent, decimalen=1)),
        Kolom("groei", "Groei", partial(procent, decimalen=1, plus=True)),
        Kolom("n_jeugdigen", "Jeugdigen", getal),
    )
    titel = f"Aanbieders, {jaar}" if jaar else "Aanbieders"
    tabel = Tabel(titel, kolommen, rijen, "kosten.aanbieders", verwijs=lambda r: str(r["pad"]))
    groeiers = sorted(
        (r for r in rijen if r["groei"] is not None and (r["aandeel"] or 0) >= 0.01), key=lambda r: -r["groei"]
    )[:10]
    groeititel = f"Wie het meest groeide in {jaar}, voor zover dat te zeggen is"
    groei = Tabel(groeititel, kolommen, groeiers, "kosten.aanbieders", verwijs=lambda r: str(r["pad"]))
    zeker = (
        "Groei is over de gemeenten die in beide jaren alles leverden, en volgt dus niet altijd uit de kosten ernaast. Zij "
        "staat er niet waar een jaar voorlopig is of meer dan 1% van beide jaren samen onder voorbehoud staat."
    )
    zonder = [r["wie"] for r in rijen if r["groei"] is None and (r["aandeel"] or 0) >= 0.01]
    if zonder:
        zeker += f" Geen groei te noemen is van {taal.rij(zonder)}: zij kunnen harder zijn gegroeid dan wie hier staat."
    return Pagina(
        pad="aanbieder/index.html",
        titel="Aanbieders",
        kicker=f"Aanbieders · {boek.regio}",
        kop="Aanbieders: wie groeit, wie krimpt, en wat gaat er om",
        lead="Strategische partners eerst, dan gecertificeerde instellingen (GI), dan naar omvang. Van elke aanbieder een eigen pagina; van de eerste twee "
        "ook een pakket voor de duidingssessie.",
        secties=[
            Sectie(
                "groei",
                "Wie groeit het hardst",
                [
                    Tabelblok(
                        groeititel,
                        "Van de aanbieders met minstens 1% van de kosten.",
                        groei,
                        zeker=zeker,
                        leeg="Er is nog geen groei te noemen.",
                    )
                ],
            ),
            Sectie("alle", "Alle aanbieders", [Tabelblok(titel, "", tabel)]),
        ],
        hier="aanbieder",
    )


def _kwartaalbalken(veld: str, wat: str, vorm: taal.Vorm) -> Any:
    def beeld(rijen: Rijen, _plek: Plek) -> Beeld | None:
        balken = [
            {
                "naam": f"{taal.kwartaal(r['maand']).split()[0].capitalize()} kw. {r['maand'].year}",
                "v": r[veld] if veld != "v" or is_zuiver(r) else None,
                "dekking": r["dekking"],
                "rijping": r["rijping"],
            }
            for r in rijen[-8:]
        ]
        return beelden.balken(balken, wat, vorm)

    return beeld


_KWARTAALKOLOMMEN = (
    Kolom("maand", "Kwartaal", taal.kwartaal),
    Kolom("netto_eur", "Kosten", euro),
    Kolom("voorbehoud_eur", "Onder voorbehoud", euro),
    Kolom("n_jeugdigen", "Jeugdigen", getal),
    Kolom("instroom", "Begonnen", getal),
    Kolom("uitstroom", "Beëindigd", getal),
    Kolom("gem_duur_dagen", "Duur (dagen)", getal),
    Kolom("dekking", "Geleverd", geleverd),
    Kolom("rijping", "Voorlopig of definitief"),
)


def _kwartaal_zeker(rijen: Rijen, _plek: Plek) -> str:
    if not rijen:
        return "Er is nog geen heel kwartaal."
    return (
        zekerheid.periode(rijen[-1], f"Het {taal.kwartaal(rijen[-1]['maand'])}")
        + " Gearceerd: voorlopig of niet compleet."
    )


def _kwartaal_letop(rijen: Rijen, _plek: Plek) -> str:
    fout = [r for r in rijen[-8:] if not is_zuiver(r)]
    if not fout:
        return ""
    som = sum(r["voorbehoud_eur"] for r in fout)
    wanneer = taal.rij("het " + taal.kwartaal(r["maand"]) for r in fout)
    return f"Over {wanneer} staat samen {bedrag(som)} onder voorbehoud: die kwartalen tonen we niet als niveau."


KOSTEN_BLOK = Blok(
    id="kosten",
    vraag="Kosten per kwartaal bij deze aanbieder, alle segmenten, zoals ontvangen.",
    sql=KWARTALEN,
    bron="kosten.aanbieders",
    kop=lambda _r, _p: "Kosten per kwartaal",
    kolommen=_KWARTAALKOLOMMEN,
    zeker=_kwartaal_zeker,
    beeld=_kwartaalbalken("v", "Kosten per kwartaal", bedrag),
    letop=_kwartaal_letop,
    definitie="kosten",
)
JEUGDIGEN_BLOK = Blok(
    id="jeugdigen",
    vraag="Jeugdigen met declaraties per kwartaal bij deze aanbieder.",
    sql=KWARTALEN,
    bron="kosten.aanbieders",
    kop=lambda _r, _p: "Jeugdigen per kwartaal",
    kolommen=_KWARTAALKOLOMMEN,
    zeker=_kwartaal_zeker,
    beeld=_kwartaalbalken("n_jeugdigen", "Jeugdigen per kwartaal", getal),
)


def per_jaar(plek: Plek, naam: str) -> Tabelblok:
    """Return the figures of a provider per year and segment."""
    rijen = sorted(plek.vraag(PER_JAAR), key=lambda r: (-r["periode"].year, segmenten.plaats(r["segment"])))
    titel = f"{naam} per jaar en segment"
    return Tabelblok(
        titel,
        "Deel van het segment: van de kosten van alle aanbieders. Begonnen en beëindigd: trajecten bij deze aanbieder.",
        Tabel(titel, JAARKOLOMMEN, rijen, "kosten.aanbieders", nadruk=lambda r: r["segment"] == "totaal"),
        zeker="Een jaar dat voorlopig of niet compleet is, is niet te vergelijken.",
    )


def _pagina(boek: Boek, r: Rij) -> Pagina:
    naam = naam_van(r)
    plek = boek.plek.met(aanbieder=r["aanbieder_agb"])
    met_grafiek = r["is_strategisch"] or r["is_gi"]
    kwartaal: list[Inhoud]
    if met_grafiek:
        kwartaal = [beantwoord(b, plek, boek.duid(b.definitie, plek)) for b in (KOSTEN_BLOK, JEUGDIGEN_BLOK)]
    else:
        titel = f"{naam} per kwartaal"
        rijen = plek.vraag(KWARTALEN)
        kwartaal = [
            Tabelblok(
                titel,
                "",
                Tabel(titel, _KWARTAALKOLOMMEN, rijen[::-1], "kosten.aanbieders"),
                letop=_kwartaal_letop(rijen, plek),
                leeg="Er is nog geen heel kwartaal.",
            )
        ]
    secties = [
        Sectie("jaren", "Per jaar en segment", [per_jaar(plek, naam)]),
        Sectie("kwartalen", "Per kwartaal", kwartaal),
    ]
    if met_grafiek:
        verder = Verwijzingen(
            [
                (
                    "Pakket voor de duidingssessie",
                    f"duidingssessie/{r['aanbieder_agb']}.html",
                    "eigen cijfers naast de regio, om af te drukken",
                )
            ]
        )
        secties.append(Sectie("sessie", "Duidingssessie", [verder]))
    lead = f"{soort_van(r)}."
    if r["n_jeugdigen"] is not None:
        lead += f" In {r['jaar']} {koppen.meervoud_cijfer(r['n_jeugdigen'], 'jeugdige', 'jeugdigen')}."
    if r["voorbehoud_eur"]:
        lead += f" Daarnaast staat {bedrag(r['voorbehoud_eur'])} onder voorbehoud."
    return Pagina(
        pad=f"aanbieder/{r['aanbieder_agb']}.html",
        titel=naam,
        kicker=f"Aanbieder · tot en met {maand(boek.bron.laatste_maand)}",
        kop=f"{koppen.aanbieder(naam, r['netto_eur'], r['jaar'], r['aandeel'])}.",
        lead=lead,
        secties=secties,
        hier="aanbieder",
    )
