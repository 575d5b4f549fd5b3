"""What changed since the previous publication: figures, by which leveringen, findings, verdicts.

Read from this edition's file and the same edition of the publication before; the cause of what moved are the leveringen
that came or went.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import duckdb

from pipeline.publish.vergelijk import LeveringVerschil
from pipeline.rapport import koppen, segmenten, taal
from pipeline.rapport.blokken import Bakken, Inhoud, Kolom, Pagina, Punten, Sectie, Tabel, Tabelblok, Verwijzingen
from pipeline.rapport.boek import Boek
from pipeline.rapport.bron import REGIO, Rijen
from pipeline.rapport.paginas.vragen import vorm_van
from pipeline.rapport.taal import bedrag, getal, maand, procent

HOOGSTENS = 25
"""Figures shown: those that moved most."""
GEEN_VORIGE = (
    "Er is nog geen eerdere publicatie om mee te vergelijken. Vanaf de volgende staat hier welke cijfers zijn veranderd, "
    "met hoeveel, en door welke leveringen."
)
# what moved is ordered by the share of itself that it moved, weighed by what is behind it: a jump of few is no news
_VERSCHIL = """
WITH v AS (
    SELECT indicator_id, n.periode_soort, n.periode, n.gebied_code, n.segment, n.waarde, n.eenheid, o.waarde AS was,
        abs(coalesce(n.waarde, 0) - coalesce(o.waarde, 0)) / greatest(abs(n.waarde), abs(o.waarde)) AS deel,
        {gewicht} AS achter
    FROM {tabel} AS n JOIN vorige.{tabel} AS o USING (indicator_id, periode_soort, periode, gebied_code, segment)
    WHERE n.waarde IS DISTINCT FROM o.waarde AND instr(n.segment, ':') = 0
)
SELECT *, count(*) OVER () AS aantal FROM v
ORDER BY coalesce(deel, 1) * sqrt(greatest(achter, 1)) DESC, indicator_id, periode_soort, periode, gebied_code, segment
LIMIT {hoogstens}"""


def paginas(boek: Boek) -> Sequence[Pagina]:
    """Return the page of what changed."""
    n, cijfers = verschillen(boek)
    n_leveringen = len(mijn_leveringen(boek))
    kop = koppen.veranderd(n, n_leveringen) if boek.vorige else "Wat is er veranderd?"
    lead = waarmee(boek) or GEEN_VORIGE
    secties = [Sectie("cijfers", "Welke cijfers zijn veranderd", [_cijfertabel(boek, cijfers)])]
    if not boek.editie.is_openbaar:
        secties += [
            Sectie("leveringen", "Door welke leveringen", _leveringen(boek)),
            Sectie("oordelen", "Oordelen die zijn veranderd", [_oordelen(boek)]),
            Sectie("bevindingen", "Bevindingen: nieuw, gebleven, opgelost", [bevindingen(boek)]),
        ]
    return [
        Pagina(
            pad="veranderd.html",
            titel="Wat is er veranderd",
            kicker=f"Sinds de vorige publicatie · {maand(boek.bron.laatste_maand)}",
            kop=f"{kop}." if not kop.endswith("?") else kop,
            lead=lead,
            secties=secties,
            hier="kwaliteit",
        )
    ]


def waarmee(boek: Boek) -> str:
    """Say with which publication this one is compared, and whether that was of the same months; empty without one."""
    if boek.vorige is None:
        return ""
    uit = f"Vergeleken met publicatie {boek.vorige.publicatie_id}"
    if not boek.bron.leg_naast(boek.vorige.marts):
        return f"{uit}."
    toen = boek.bron.een("SELECT gemaakt_op::DATE AS dag, laatste_maand FROM vorige.meta.publicatie")
    uit += f", van {taal.dag(toen['dag'])}, met cijfers tot en met {maand(toen['laatste_maand'])}."
    if toen["laatste_maand"] == boek.bron.laatste_maand:
        uit += " Die ging over dezelfde maanden: wat de nieuwste maand bracht, stond daar al in."
    return uit


def kort(boek: Boek) -> list[Inhoud]:
    """Return what of it stands on the first page."""
    verder = Verwijzingen([("Alles wat is veranderd", "veranderd.html", "")])
    if boek.vorige is None:
        return [Punten((), leeg=GEEN_VORIGE), Punten(_binnen(boek)), verder]
    n, cijfers = verschillen(boek, 5)
    zin = koppen.veranderd(n, len(mijn_leveringen(boek)))
    return [Punten([(f"{zin}.", waarmee(boek), "")]), _cijfertabel(boek, cijfers), verder]


def _binnen(boek: Boek) -> list[tuple[str, str, str]]:
    """Say what came in lately, from this publication alone."""
    if "meta.herkomst" not in boek.bron.tabellen:
        return []
    r = boek.bron.een(
        "SELECT count(*) AS n, count(*) FILTER (NOT is_geaccepteerd) AS nee, min(ontvangen_op)::DATE AS van "
        "FROM meta.herkomst WHERE ontvangen_op > (SELECT max(ontvangen_op) FROM meta.herkomst) - INTERVAL 31 DAY"
    )
    if not r.get("n"):
        return []
    afgekeurd = f"; {taal.tel(r['nee'])} daarvan {'is' if r['nee'] == 1 else 'zijn'} afgekeurd" if r["nee"] else ""
    return [
        (
            f"{taal.zin(taal.meervoud(r['n'], 'levering', 'leveringen'))} kwamen binnen sinds {taal.dag(r['van'])}{afgekeurd}.",
            "",
            "",
        )
    ]


def verschillen(boek: Boek, hoogstens: int = HOOGSTENS) -> tuple[int, Rijen]:
    """Return how many figures that both publications have moved, and those that moved most, most first."""
    if boek.vorige is None or not boek.bron.leg_naast(boek.vorige.marts):
        return 0, []
    if boek.editie.is_openbaar:
        sql = _VERSCHIL.format(tabel="openbaar.kerncijfers", gewicht="1", hoogstens=hoogstens)
    else:
        gewicht = "greatest(coalesce(n.n_jeugdigen, 0), coalesce(o.n_jeugdigen, 0))"
        sql = _VERSCHIL.format(tabel="sturing.indicatoren", gewicht=gewicht, hoogstens=hoogstens)
    try:
        rijen = boek.bron.vraag(sql)
    except duckdb.Error:  # a publication of an older release has other tables: nothing to compare with
        return 0, []
    return (rijen[0]["aantal"] if rijen else 0), rijen


def mijn_leveringen(boek: Boek) -> list[LeveringVerschil]:
    """Return the leveringen that came or went, those of the own gemeente in its edition."""
    return [v for v in boek.vorige.leveringen if boek.gebied in (REGIO, v.gemeente)] if boek.vorige else []


def _cijfertabel(boek: Boek, cijfers: Rijen) -> Tabelblok:
    rijen = []
    for r in cijfers:
        vorm = vorm_van(r["eenheid"])
        periode = taal.jaar(r["periode"]) if r["periode_soort"] == "jaar" else maand(r["periode"])
        if r["periode_soort"] == "12m":
            periode = f"12 maanden t/m {periode}"
        elif r["periode_soort"] == "kwartaal":
            periode = taal.kwartaal(r["periode"])
        verschil = None if r["was"] is None or r["waarde"] is None else r["waarde"] - r["was"]
        rijen.append(
            {
                "naam": boek.bron.indicatoren.get(r["indicator_id"], {}).get("naam", r["indicator_id"]),
                "waar": boek.regio if r["gebied_code"] == "REGIO" else boek.bron.naam(r["gebied_code"]),
                "segment": segmenten.naam(r["segment"]),
                "periode": periode,
                "was": vorm(r["was"]),
                "nu": vorm(r["waarde"]),
                "verschil": taal.LEEG if verschil is None else _met_teken(r["eenheid"], verschil),
            }
        )
    kolommen = (
        Kolom("naam", "Cijfer"),
        Kolom("waar", "Waar"),
        Kolom("segment", "Segment"),
        Kolom("periode", "Periode"),
        Kolom("was", "Was", rechts=True),
        Kolom("nu", "Is nu", rechts=True),
        Kolom("verschil", "Verschil", rechts=True),
    )
    bron = "openbaar.kerncijfers" if boek.editie.is_openbaar else "sturing.indicatoren"
    leeg = GEEN_VORIGE if boek.vorige is None else "Geen cijfer dat er al stond is veranderd."
    if boek.vorige is not None and boek.vorige.marts is None:
        leeg = "De vorige publicatie is opgeruimd: wat er precies is veranderd is niet meer na te gaan."
    titel = (
        f"De {taal.tel(len(rijen))} cijfers die het meest zijn veranderd" if len(rijen) > 1 else "Veranderde cijfers"
    )
    return Tabelblok(titel, "Alleen cijfers die er al stonden.", Tabel(titel, kolommen, rijen, bron), leeg=leeg)


def _met_teken(eenheid: str, x: float) -> str:
    teken = "+" if x > 0 else "−"
    return f"{teken}{koppen.verschil_vorm(eenheid, x)}"


def _leveringen(boek: Boek) -> list[Inhoud]:
    if boek.vorige is None:
        return [Punten((), leeg=GEEN_VORIGE)]
    mijn = mijn_leveringen(boek)
    groepen = Counter((v.gemeente, v.bericht, v.soort) for v in mijn)
    maanden: dict[tuple[str, str, str], list[str]] = {}
    for v in mijn:
        maanden.setdefault((v.gemeente, v.bericht, v.soort), []).append(v.maand)
    rijen = [
        {
            "gemeente": boek.bron.naam(g),
            "bericht": b,
            "soort": "erbij gekomen" if s == "erbij" else "vervangen of vervallen",
            "n": n,
            "maanden": _maandreeks(maanden[g, b, s]),
        }
        for (g, b, s), n in sorted(groepen.items())
    ]
    kolommen = (
        Kolom("gemeente", "Gemeente"),
        Kolom("bericht", "Bericht"),
        Kolom("soort", "Wat"),
        Kolom("n", "Leveringen", getal),
        Kolom("maanden", "Over"),
    )
    titel = "Leveringen die erbij kwamen of vervielen"
    return [
        Tabelblok(
            titel,
            "Alles wat hierboven veranderde komt hierdoor, of door andere instellingen of regels.",
            Tabel(titel, kolommen, rijen, "publicatie.json"),
            leeg="Er kwamen geen leveringen bij.",
        )
    ]


def _maandreeks(maanden: Sequence[str]) -> str:
    geordend = sorted(maanden)
    return geordend[0] if len(geordend) == 1 else f"{geordend[0]} t/m {geordend[-1]}"


_OORDEEL = """
SELECT n.naam, n.jaar, n.status, n.reden, n.t_m_maand, o.status AS was, o.reden AS reden_was, o.t_m_maand AS t_m_was
FROM sturing.doelrealisatie AS n JOIN vorige.sturing.doelrealisatie AS o USING (doel_id, jaar, gebied_code)
WHERE gebied_code = $gebied AND n.status <> o.status ORDER BY n.jaar, n.naam"""


def _oordelen(boek: Boek) -> Tabelblok:
    titel = "Oordelen die zijn veranderd"
    rijen = []
    if boek.vorige is not None and boek.bron.leg_naast(boek.vorige.marts):
        try:
            anders = boek.bron.vraag(_OORDEEL, boek.plek.waarden)
        except duckdb.Error:
            anders = []
        rijen = [
            {
                "naam": f"{r['naam']} {r['jaar']}",
                "was": koppen.STATUSWOORD[r["was"]],
                "nu": koppen.STATUSWOORD[r["status"]],
                "waarom": _waarom(r),
            }
            for r in anders
        ]
    kolommen = (Kolom("naam", "Doel"), Kolom("was", "Was"), Kolom("nu", "Is nu"), Kolom("waarom", "Waarom"))
    leeg = GEEN_VORIGE if boek.vorige is None else "Geen oordeel is veranderd."
    return Tabelblok(titel, "", Tabel(titel, kolommen, rijen, "sturing.doelrealisatie"), leeg=leeg)


_REDENEN = {
    "dekking": "er is te weinig geleverd",
    "voorbehoud": "er staat te veel onder voorbehoud",
    "te_vroeg": "er is nog niets geleverd",
    "geen_basis": "het basisjaar is niet bruikbaar",
}


def _waarom(r: dict[str, Any]) -> str:
    if r["reden"]:
        return taal.zin(_REDENEN.get(r["reden"], r["reden"])) + "."
    if r["reden_was"]:
        return f"Eerst gold: {_REDENEN.get(r['reden_was'], r['reden_was'])}; nu niet meer."
    if r["t_m_maand"] and r["t_m_maand"] != r["t_m_was"]:
        return f"Er wordt nu tot en met {maand(r['t_m_maand'])} vergeleken."
    return "Leveringen over deze maanden zijn aangevuld of vervangen."


WERKLIJST = """
SELECT gemeente, bericht, maand, regel_code, titel, zin, ernst, n_rijen, bedrag_eur, n_jeugdigen, raakt, effect_aandeel,
    sinds, toestand, verklaring, is_te_doen
FROM kwaliteit.werklijst WHERE $gebied = 'REGIO' OR gemeente = $gebied ORDER BY volgorde"""


def bevindingen(boek: Boek) -> Bakken:
    """Count the findings of the worklist that are new, stayed, and were solved, with the heaviest of each."""
    rijen = boek.plek.vraag(WERKLIJST)
    bakken = []
    for toestand, naam, zin in (
        ("nieuw", "Nieuw", "In rijen die de laatste maand binnenkwamen. Geweigerde bestanden staan bij de leveringen."),
        ("gebleven", "Gebleven", "Stonden er al, en wachten op herstel of een verklaring."),
        ("opgelost", "Opgelost", "Een eerdere versie had ze; wat nu geldt niet meer."),
    ):
        mijn = [r for r in rijen if r["toestand"] == toestand]
        bakken.append((naam, len(mijn), zin, [kort_bevinding(r, boek) for r in mijn[:3]]))
    return Bakken(bakken)


def kort_bevinding(r: dict[str, Any], boek: Boek) -> str:
    """Say a finding in a few words: what, whose, how much."""
    wat = (
        bedrag(r["bedrag_eur"])
        if r["bedrag_eur"]
        else f"{getal(r['n_rijen'])} {'rij' if r['n_rijen'] == 1 else 'rijen'}"
    )
    naam = boek.bron.naam(r["gemeente"])
    effect = (
        f", {procent(r['effect_aandeel'], 1)} van {r['raakt']} van die gemeente"
        if r["effect_aandeel"] and r["raakt"]
        else ""
    )
    return f"{r['titel']} ({naam}, {wat}{effect})"
