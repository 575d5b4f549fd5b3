"""The public pages: years and quarters, rounded, from the public tables and nothing finer.

A figure that is not shown stands in its table with why (`teken`); a page, the file and the CSV say the same number.
Lives here: figures of the region, a page per segment and per gemeente. Keep out: what they share with the pages of
indicators (openbaar_vragen.py, openbaar_begrip.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.rapport import beelden, koppen, segmenten, taal
from pipeline.rapport.beweging import Beweging, jaar_eerder, vergelijk
from pipeline.rapport.blokken import (
    Feiten,
    Figuur,
    Inhoud,
    Kern,
    Kernen,
    Kolom,
    Pagina,
    Plek,
    Punten,
    Sectie,
    Tabel,
    Tabelblok,
    Verwijzingen,
    beantwoord,
)
from pipeline.rapport.boek import Boek
from pipeline.rapport.bron import REGIO, Rijen
from pipeline.rapport.paginas.kwaliteit import AFRONDEN
from pipeline.rapport.paginas.openbaar_vragen import JAREN, STAND_BLOK, TEKENZIN, jarentabel, stroomtabel, vorm_van
from pipeline.rapport.taal import getal, maand, procent

KERN = (
    ("Jeugdigen met jeugdzorg", "jeugdigen_in_zorg", "totaal", "jeugdigen"),
    ("Van alle inwoners tot 18 jaar", "aandeel_jeugdigen_in_zorg", "totaal", "kreeg jeugdzorg"),
    ("Jeugdigen in verblijf of wonen", "jeugdigen_met_verblijf", "totaal", "jeugdigen"),
    ("Jeugdigen met jeugdbescherming", "jeugdigen_in_zorg", "jb", "jeugdigen"),
    ("Kosten", "kosten", "totaal", "zoals ontvangen"),
    ("Kosten per inwoner tot 18 jaar", "kosten_per_inwoner_0_17", "totaal", "zoals ontvangen"),
)
TOTALEN = """
SELECT gebied_code, indicator_id, segment, waarde AS v, teken, dekking FROM openbaar.kerncijfers
WHERE periode_soort = 'jaar' AND year(periode) = $jaar
    AND (indicator_id, segment) IN (('jeugdigen_in_zorg', 'totaal'), ('jeugdigen_in_zorg', 'ambulant'), ('jeugdigen_in_zorg', 'wonen'),
        ('jeugdigen_in_zorg', 'verblijf'), ('jeugdigen_in_zorg', 'jb'), ('jeugdigen_in_zorg', 'crisis'), ('aandeel_jeugdigen_in_zorg', 'totaal'))"""
DOELEN = """
SELECT doel_id, jaar, naam, basiswaarde, streefwaarde, realisatie, status, t_m_maand FROM openbaar.doelen
WHERE t_m_maand IS NOT NULL OR realisatie IS NOT NULL ORDER BY jaar DESC, naam"""


def paginas(boek: Boek) -> Sequence[Pagina]:
    """Return the public pages: figures, a page per segment and per gemeente."""
    segs = _segmenten(boek.plek)
    return [
        _eerste(boek, segs),
        *(_segment(boek, boek.plek.met(segment=s)) for s in segs),
        *(_gemeente(boek, boek.plek.met(gebied=code)) for code in boek.bron.gemeenten),
    ]


def _segmenten(plek: Plek) -> list[str]:
    rijen = plek.vraag(
        "SELECT DISTINCT segment AS s FROM openbaar.kerncijfers WHERE gebied_code = 'REGIO' AND indicator_id IN ('stand', 'jeugdigen_in_zorg') "
        "AND segment NOT LIKE '%:%'"
    )
    return sorted((r["s"] for r in rijen if r["s"] != "totaal"), key=lambda s: (segmenten.plaats(s), s))


def _laatste_jaar(plek: Plek) -> int | None:
    """Return the last year of which the region's number of youths is shown."""
    r = plek.bron.een(
        "SELECT max(year(periode)) AS j FROM openbaar.kerncijfers WHERE indicator_id = 'jeugdigen_in_zorg' AND gebied_code = 'REGIO' "
        "AND segment = 'totaal' AND periode_soort = 'jaar' AND teken = ''"
    )
    return r.get("j")


def _eerste(boek: Boek, segs: Sequence[str]) -> Pagina:
    plek, jaar = boek.plek, _laatste_jaar(boek.plek)
    rijen = plek.met(indicator="jeugdigen_in_zorg").vraag(JAREN)
    nu = next((r for r in reversed(rijen) if r["v"] is not None), None)
    secties = [
        Sectie("kern", "De regio in het kort", [_kernen(plek, jaar)]),
        Sectie("gemeenten", "Per gemeente", _gemeententabel(boek, jaar)),
        Sectie(
            "verloop", "Hoeveel jeugdigen krijgen jeugdzorg?", [beantwoord(STAND_BLOK, plek, boek.duid("stand", plek))]
        ),
        Sectie("doelen", "De doelen van de regio", [_doelen(plek)]),
        Sectie(
            "segmenten",
            "Per soort hulp",
            [Verwijzingen([(segmenten.naam(s), f"segment/{s}.html", UITLEG.get(s, "")) for s in segs])],
        ),
        Sectie(
            "wat",
            "Wat is jeugdzorg?",
            [Feiten([(segmenten.naam(s), UITLEG[s]) for s in ("totaal", *segs) if s in UITLEG])],
        ),
        Sectie("afronden", "Hoe is afgerond", [Punten(AFRONDEN)]),
        Sectie("gegevens", "Gegevens ophalen", _alle_gegevens(boek)),
    ]
    return Pagina(
        pad="index.html",
        titel="Openbare cijfers",
        kicker=f"Openbare cijfers · {jaar or maand(boek.bron.laatste_maand)}",
        kop=f"{koppen.openbaar(nu and {**nu, 'jaar': nu['maand'].year}, boek.regio)}.",
        lead=_lead(plek, rijen, jaar),
        secties=secties,
        hier="cijfers",
    )


UITLEG = {
    "totaal": "Hulp, bescherming en reclassering voor kinderen en jongeren, betaald door de gemeente.",
    "ambulant": "Hulp thuis, op school of bij de hulpverlener; het kind slaapt thuis.",
    "wonen": "Wonen buiten het eigen gezin, zoals in een pleeggezin of gezinshuis.",
    "verblijf": "Dag en nacht in een instelling, met behandeling.",
    "crisis": "Hulp die direct nodig is, soms met een plek voor de nacht.",
    "jb": "De rechter heeft bepaald dat een kind bescherming nodig heeft.",
    "jr": "Begeleiding van jongeren die met de politie in aanraking kwamen.",
    "overig": "Andere hulp, en hulp waarvan de soort niet bekend is.",
}


def _lead(plek: Plek, rijen: Rijen, jaar: int | None) -> str:
    if jaar is None:
        return "Er is nog geen heel jaar dat compleet en definitief is. Zodra dat er is, staan hier de cijfers."
    deel = plek.met(indicator="aandeel_jeugdigen_in_zorg").vraag(JAREN)
    nu = next((r for r in reversed(deel) if r["v"] is not None), None)
    uit = f"Dat is {procent(nu['v'])} van de inwoners tot 18 jaar. " if nu and nu["maand"].year == jaar else ""
    v = vergelijk(rijen, "aantal")
    woord = {Beweging.MEER: "meer dan", Beweging.MINDER: "minder dan", Beweging.GELIJK: "ongeveer evenveel als"}.get(
        v.beweging
    )
    if woord and v.toen is not None:
        uit += f"Het zijn er {woord} in {v.toen['maand'].year}. "
    return f"{uit}Op deze pagina staan de belangrijkste cijfers per jaar. Aantallen zijn afgerond op vijf."


def _kernen(plek: Plek, jaar: int | None) -> Kernen:
    kernen = []
    for naam, i, s, eenheid in KERN:
        d = plek.bron.indicatoren.get(i)
        if d is None or jaar is None:
            continue
        rijen = plek.met(indicator=i, segment=s).vraag(JAREN)
        nu = next((r for r in rijen if r["maand"].year == jaar), None)
        if nu is None:
            continue
        vorm = vorm_van(d["eenheid"])
        toen = next((r for r in rijen if r["maand"] == jaar_eerder(nu["maand"])), None)
        if nu["v"] is None:
            zin = f"In {jaar}: {TEKENZIN[nu['teken']]}."
        else:
            zin = f"In {jaar}." + (f" In {jaar - 1}: {vorm(toen['v'])}." if toen and toen["v"] is not None else "")
        tabel = Tabel(
            naam,
            (Kolom("maand", "Jaar", taal.jaar), Kolom("v", naam, vorm, "teken")),
            rijen[::-1],
            "openbaar.kerncijfers",
        )
        kernen.append(Kern(naam, vorm(nu["v"]), eenheid, zin, f"begrip/{i}.html", None, tabel))
    return Kernen(kernen, met_lijn=False)


def _gemeententabel(boek: Boek, jaar: int | None) -> list[Inhoud]:
    if jaar is None:
        return [Punten((), leeg="Er is nog geen heel jaar dat compleet en definitief is.")]
    rijen = boek.plek.met(extra={"jaar": jaar}).vraag(TOTALEN)
    zoek = {(r["gebied_code"], r["indicator_id"], r["segment"]): r for r in rijen}
    soorten = [
        ("aandeel_jeugdigen_in_zorg", "totaal", "Van de inwoners tot 18", procent),
        ("jeugdigen_in_zorg", "totaal", "Jeugdigen", getal),
    ]
    soorten += [
        ("jeugdigen_in_zorg", s, segmenten.naam(s), getal) for s in ("ambulant", "wonen", "verblijf", "jb", "crisis")
    ]
    tabel = []
    for code, naam in [(REGIO, f"Regio {boek.regio}"), *boek.bron.gemeenten.items()]:
        rij: dict[str, Any] = {"naam": naam, "pad": "" if code == REGIO else f"gemeente/{code}.html"}
        for i, s, _, _ in soorten:
            r = zoek.get((code, i, s))
            rij[f"{i}:{s}"] = r["v"] if r else None
            rij[f"{i}:{s}:teken"] = r["teken"] if r else ""
        tabel.append(rij)
    kolommen = [Kolom("naam", "Gemeente")]
    kolommen += [Kolom(f"{i}:{s}", kop, vorm, f"{i}:{s}:teken") for i, s, kop, vorm in soorten]
    titel = f"Jeugdigen met jeugdzorg per gemeente, {jaar}"
    deel = [
        {"naam": r["naam"], "v": r["aandeel_jeugdigen_in_zorg:totaal"], "pad": r["pad"]}
        for r in tabel
        if r["aandeel_jeugdigen_in_zorg:totaal"] is not None
    ]
    deel.sort(key=lambda r: (-r["v"], r["naam"]))
    uitersten = [(r["naam"], procent(r["v"])) for r in deel if r["pad"]]
    zeker = "Aantallen zijn afgerond op vijf. Wie in twee soorten hulp krijgt telt in beide. Gemeenten tellen niet op tot de regio: wie verhuist telt in twee gemeenten."
    blok = Tabelblok(
        "",
        "",
        Tabel(
            titel,
            kolommen,
            tabel,
            "openbaar.kerncijfers",
            verwijs=lambda r: str(r["pad"]),
            nadruk=lambda r: not r["pad"],
        ),
        zeker=zeker,
    )
    if not uitersten:
        return [blok]
    kop = koppen.naast_elkaar(
        _samen(uitersten, uitersten[-1][1]), _samen(uitersten, uitersten[0][1]), "Jeugdigen met jeugdzorg"
    )
    beeld = beelden.balken(deel, kop, procent, eigen=lambda r: not r["pad"])
    figuur = Figuur(
        "aandeel",
        kop,
        f"Van elke honderd inwoners tot 18 jaar, {jaar}. Blauw is de regio.",
        beeld,
        "Verschillen zeggen niets over goed of slecht: gemeenten verschillen in bevolking en aanbod.",
        "",
        Tabel(kop, (Kolom("naam", "Gemeente"), Kolom("v", "Aandeel", procent)), deel, "openbaar.kerncijfers"),
        definitie="aandeel_jeugdigen_in_zorg",
    )
    return [figuur, blok]


def _samen(waarden: Sequence[tuple[str, str]], waarde: str) -> tuple[str, str]:
    """Name whoever has a rounded value: of several nobody is the highest."""
    namen = [naam for naam, v in waarden if v == waarde]
    if len(namen) > 2:
        return f"{taal.tel(len(namen))} gemeenten", waarde
    return taal.rij(namen), waarde


def _doelen(plek: Plek) -> Tabelblok:
    alle = plek.vraag(DOELEN)
    jaar = max((r["jaar"] for r in alle), default=None)
    rijen = [
        r
        | {
            "oordeel": koppen.STATUSWOORD[r["status"]],
            "periode": maand(r["t_m_maand"]) if r["t_m_maand"] else taal.LEEG,
        }
        for r in alle
        if r["jaar"] == jaar
    ]
    kolommen = (Kolom("naam", "Doel"), Kolom("oordeel", "Oordeel"), Kolom("periode", "Tot en met"))
    titel = f"De doelen in {jaar}" if jaar else "De doelen"
    zeker = (
        "Het oordeel vergelijkt dezelfde maanden en gemeenten. Bedragen volgen als het jaar compleet en definitief is."
    )
    return Tabelblok(
        titel,
        "",
        Tabel(titel, kolommen, rijen, "openbaar.doelen"),
        zeker=zeker,
        leeg="Er is nog geen oordeel over een doel.",
    )


def _segment(boek: Boek, plek: Plek) -> Pagina:
    s = plek.segment
    stand = beantwoord(STAND_BLOK, plek, boek.duid("stand", plek))
    return Pagina(
        pad=f"segment/{s}.html",
        titel=segmenten.naam(s),
        kicker=f"Openbare cijfers · {segmenten.naam(s)} · {boek.regio}",
        kop=f"{stand.kop}." if not stand.kop.endswith("?") else stand.kop,
        lead=UITLEG.get(s, ""),
        secties=[
            Sectie("verloop", "Hoeveel jeugdigen", [stand]),
            Sectie(
                "kwartalen",
                "Per kwartaal",
                stroomtabel(plek) or [Punten((), leeg="Per kwartaal is hierover niets te tonen.")],
            ),
            Sectie("jaren", "Per jaar", jarentabel(plek)),
        ],
        hier="cijfers",
    )


def _gemeente(boek: Boek, plek: Plek) -> Pagina:
    jaar = _laatste_jaar(plek)
    rijen = plek.met(indicator="jeugdigen_in_zorg").vraag(JAREN)
    nu = next((r for r in reversed(rijen) if r["v"] is not None), None)
    stand = beantwoord(STAND_BLOK, plek, boek.duid("stand", plek))
    return Pagina(
        pad=f"gemeente/{plek.gebied}.html",
        titel=plek.gebied_naam,
        kicker=f"Openbare cijfers · {plek.gebied_naam}",
        kop=f"{koppen.openbaar(nu and {**nu, 'jaar': nu['maand'].year}, plek.gebied_naam)}.",
        lead="Een gemeente staat hier alleen met perioden die zij zelf helemaal heeft geleverd."
        if jaar
        else "Er is nog geen heel jaar dat compleet is.",
        secties=[
            Sectie("verloop", "Hoeveel jeugdigen", [stand]),
            Sectie("jaren", "Per jaar", jarentabel(plek)),
            Sectie("soorten", "Per soort hulp", _soorten(plek)),
        ],
        hier="cijfers",
    )


def _soorten(plek: Plek) -> list[Inhoud]:
    rijen = plek.vraag(
        "SELECT periode, segment, waarde AS v, teken FROM openbaar.kerncijfers WHERE indicator_id = 'jeugdigen_in_zorg' AND gebied_code = $gebied "
        "AND periode_soort = 'jaar' AND segment <> 'totaal' ORDER BY periode DESC, segment"
    )
    rijen = sorted(rijen, key=lambda r: (-r["periode"].year, segmenten.plaats(r["segment"])))
    kolommen = (
        Kolom("periode", "Jaar", taal.jaar),
        Kolom("segment", "Soort hulp", segmenten.naam),
        Kolom("v", "Jeugdigen", getal, "teken"),
    )
    titel = f"Jeugdigen per soort hulp, {plek.gebied_naam}"
    return [
        Tabelblok("", "", Tabel(titel, kolommen, rijen, "openbaar.kerncijfers"), leeg="Hierover is niets te tonen.")
    ]


def _alle_gegevens(boek: Boek) -> list[Inhoud]:
    if not boek.gegevens:
        return [Punten((), leeg="De tabellen staan bij de publicatie zelf.")]
    lijst = [
        (boek.bron.indicatoren[i]["naam"], pad, "CSV") for i, pad in boek.gegevens.items() if i in boek.bron.indicatoren
    ]
    return [Verwijzingen(lijst, is_bestand=True)]
