"""*Per gemeente*: its figures beside the region's, its targets, its calendar, lateness, findings to mend.

In the internal edition a page per gemeente beside the region in full; in the edition of a gemeente its first page, beside
what the public sees of the region.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from pipeline.rapport import beelden, koppen, taal, zekerheid
from pipeline.rapport.beweging import is_heel, is_vast, is_zuiver, vergelijk
from pipeline.rapport.blokken import (
    Beeld,
    Blok,
    Figuur,
    Inhoud,
    Kolom,
    Pagina,
    Plek,
    Punten,
    Sectie,
    Tabel,
    Tabelblok,
    Teken,
    Verwijzingen,
    beantwoord,
)
from pipeline.rapport.boek import Boek
from pipeline.rapport.bron import REGIO, Rijen
from pipeline.rapport.paginas import doelen, geld, leveringen, veranderd, vragen
from pipeline.rapport.taal import bedrag, euro, geleverd, getal, maand, procent

NAAST = (
    ("Jeugdigen met jeugdzorg", "aandeel_jeugdigen_in_zorg"),
    ("Kosten per inwoner tot 18 jaar", "kosten_per_inwoner_0_17"),
    ("Kosten per jeugdige", "kosten_per_jeugdige"),
    ("Gemiddelde duur van een traject", "trajectduur_gemiddeld"),
    ("Gezinsgericht verblijf", "aandeel_gezinsgericht_breed"),
    ("Start vanuit crisis", "aandeel_start_crisis"),
)
"""Name and indicator: all are comparable between gemeenten of different size."""

_JAAR = """
SELECT indicator_id, gebied_code, waarde, dekking, rijping, n_jeugdigen AS n, periode, eenheid FROM sturing.indicatoren
WHERE periode_soort = 'jaar' AND segment = 'totaal' AND list_contains($indicatoren, indicator_id)
    AND year(periode) = $jaar"""
_JAAR_OPENBAAR = """
SELECT indicator_id, gebied_code, waarde, dekking, 'definitief' AS rijping, NULL AS n, periode, eenheid
FROM openbaar.kerncijfers
WHERE periode_soort = 'jaar' AND segment = 'totaal' AND list_contains($indicatoren, indicator_id)
    AND year(periode) = $jaar AND waarde IS NOT NULL"""
_LAATSTE_JAAR = """
SELECT max(year(periode)) AS jaar FROM sturing.indicatoren
WHERE indicator_id = 'aandeel_jeugdigen_in_zorg' AND periode_soort = 'jaar' AND segment = 'totaal' AND rijping = 'definitief'
    AND dekking >= 0.95"""

TIJDIGHEID = """
WITH e AS (
    SELECT date_trunc('quarter', maand)::DATE AS maand, CASE WHEN min(dekking) >= 0.5 THEN sum({teller})::DOUBLE / nullif(sum({noemer}), 0) END AS v,
        sum({teller}) AS teller, sum({noemer}) AS noemer, min(dekking) AS dekking,
        CASE WHEN bool_and(rijping = 'definitief') THEN 'definitief' ELSE 'voorlopig' END AS rijping, count(*) AS maanden
    FROM kwaliteit.tijdigheid WHERE gebied_code = $gebied AND segment = 'totaal'
        AND maand >= (SELECT eerste_maand FROM meta.publicatie) GROUP BY 1
)
SELECT maand, v, teller, noemer, dekking, rijping FROM e WHERE maanden = 3 ORDER BY maand"""


def _deel(teller: str, noemer: str) -> str:
    return TIJDIGHEID.format(teller=teller, noemer=noemer)


def _tijd_zeker(rijen: Rijen, _plek: Plek) -> str:
    laatste = next((r for r in reversed(rijen) if r["v"] is not None), None)
    if laatste is None:
        return "Hierover is nog geen heel kwartaal geleverd."
    wat = f"Het {taal.kwartaal(laatste['maand'])}"
    hoeveel = f" Het gaat om {getal(laatste['teller'])} van {getal(laatste['noemer'])} in dat kwartaal."
    return zekerheid.periode(laatste, wat) + hoeveel


def _tijdblok(naam: str, wat: str, vraag: str, teller: str, noemer: str, definitie: str) -> Blok:
    sql = _deel(teller, noemer)

    def beeld(rijen: Rijen, plek: Plek) -> Beeld | None:
        return beelden.lijn(
            rijen, wat, vorm=procent, as_vorm=",.0f", nul=True, schaal=100, maten=("smal",), **_naast(plek, sql)
        )

    return Blok(
        id=naam,
        vraag=vraag + _NAAST_ZIN,
        sql=sql,
        bron="kwaliteit.tijdigheid",
        kop=lambda rijen, _p: koppen.aandeel(vergelijk(rijen, "aandeel"), wat),
        kolommen=(
            Kolom("maand", "Kwartaal", taal.kwartaal),
            Kolom("v", "Aandeel", partial(procent, decimalen=1)),
            Kolom("teller", "Aantal", getal),
            Kolom("noemer", "Van", getal),
            Kolom("dekking", "Minst geleverde maand", geleverd),
            Kolom("rijping", "Voorlopig of definitief"),
        ),
        zeker=_tijd_zeker,
        beeld=beeld,
        definitie=definitie,
    )


_NAAST_ZIN = " Procent per heel kwartaal, {naam}."


def _naast(plek: Plek, sql: str) -> dict[str, Any]:
    """Return the region in grey beside a gemeente, where its edition has it."""
    if plek.gebied == REGIO or not plek.editie.is_intern:
        return {}
    return {"tweede": plek.met(gebied=REGIO).vraag(sql), "tweede_naam": "regio"}


TIJDBLOKKEN = (
    _tijdblok(
        "te_laat",
        "van de meetbare toewijzingen is te laat afgegeven",
        "Later dan vijf werkdagen na het verzoek, of nadat de zorg al was begonnen.",
        "n_te_laat",
        "n_meetbaar",
        "aandeel_te_laat",
    ),
    _tijdblok(
        "terugwerkend",
        "van de toewijzingen is met terugwerkende kracht afgegeven",
        "De zorg begon eerder dan de toewijzing er was; crisis en rechterlijke uitspraken tellen hier mee, bij het begrip niet.",
        "n_terugwerkend",
        "n_toewijzingen",
        "aandeel_terugwerkend",
    ),
    _tijdblok(
        "declaraties_te_laat",
        "van de declaraties is te laat ingediend",
        "Ingediend na de laatste dag van de maand die op de zorg volgt.",
        "n_declaraties_te_laat",
        "n_declaraties",
        "aandeel_declaraties_te_laat",
    ),
)


def paginas(boek: Boek) -> Sequence[Pagina]:
    """Return the pages of gemeenten: all of them in the internal edition, its own first page in that of a gemeente."""
    if boek.editie.gemeente:  # in both sizes, as its page in the internal edition: they are the same drawings
        return [_pagina(replace(boek, maten=("breed", "smal")), boek.plek, "index.html")]
    return [
        _overzicht(boek),
        *(_pagina(boek, boek.plek.met(gebied=code), f"gemeente/{code}.html") for code in boek.bron.gemeenten),
    ]


def _overzicht(boek: Boek) -> Pagina:
    plek = boek.plek
    jaar = plek.bron.een(_LAATSTE_JAAR).get("jaar")
    hier = plek.met(extra={"indicatoren": [i for _, i in NAAST], "jaar": jaar})
    waarden = {(r["indicator_id"], r["gebied_code"]): r for r in hier.vraag(_JAAR)} if jaar else {}
    eh = {i: boek.bron.indicatoren[i]["eenheid"] for _, i in NAAST if i in boek.bron.indicatoren}
    rijen = []
    for code, naam in [(REGIO, f"Regio {boek.regio}"), *boek.bron.gemeenten.items()]:
        rij: dict[str, Any] = {"naam": naam, "pad": f"gemeente/{code}.html", "is_regio": code == REGIO}
        for _, i in NAAST:
            r = waarden.get((i, code))
            rij[i] = r["waarde"] if r and is_heel(r) else None
        rijen.append(rij)
    kolommen = [Kolom("naam", "Gemeente")]
    kolommen += [Kolom(i, naam, vragen.vorm_van(eh[i])) for naam, i in NAAST if i in eh]
    titel = f"Gemeenten naast elkaar, {jaar}" if jaar else "Gemeenten naast elkaar"
    tabel = Tabel(
        titel,
        kolommen,
        rijen,
        "sturing.indicatoren",
        verwijs=lambda r: "" if r["is_regio"] else str(r["pad"]),
        nadruk=lambda r: bool(r["is_regio"]),
    )
    zeker = (
        "Alleen wat voor minstens 95% is geleverd; een streepje is niet compleet. Kosten zijn wat is ontvangen en telt, zonder wat onder "
        "voorbehoud staat. Gemeenten verschillen in bevolking en aanbod: hoger of lager is geen oordeel."
    )
    return Pagina(
        pad="gemeente/index.html",
        titel="Gemeenten",
        kicker=f"Gemeenten · {boek.regio}",
        kop="De gemeenten naast elkaar, per inwoner",
        lead="Kies een gemeente voor haar eigen pagina: cijfers naast de regio, wat er is geleverd, of het op tijd was, en wat er te herstellen is.",
        secties=[Sectie("naast", "Naast elkaar", [Tabelblok(titel, "", tabel, zeker=zeker)])],
        hier="gemeente",
    )


def _pagina(boek: Boek, plek: Plek, pad: str) -> Pagina:
    naam = plek.gebied_naam
    jaar = plek.bron.een(_LAATSTE_JAAR + " AND gebied_code = $gebied", plek.waarden).get("jaar")
    kaarten = doelen.alle(plek)
    strook = _strook(boek, plek, jaar)
    eigen_editie = bool(boek.editie.gemeente)
    secties = [
        Sectie("naast", f"{naam} naast de regio", [strook]),
        Sectie("doelen", "De doelen", [kaarten] if eigen_editie else [_doelentabel(plek)]),
        Sectie("kern", "Kerncijfers", [vragen.kernen(boek, plek)]),
        Sectie(
            "kosten",
            "Wat het kost",
            [beantwoord(geld.KOSTEN_BLOK, plek, boek.duid("kosten", plek)), *geld.jaarverwachting(plek)],
        ),
        Sectie("leveren", "Wat er is geleverd", _geleverd(plek), _lever_zin(plek)),
        Sectie("tijd", "Op tijd afgegeven?", tijd(boek, plek), TIJD_INTRO),
        Sectie("herstel", f"Wat kan {naam} herstellen?", herstel(boek, plek)),
    ]
    if eigen_editie:
        secties.append(Sectie("nieuw", "Wat is er veranderd?", veranderd.kort(boek)))
        secties.append(
            Sectie(
                "verder",
                "Verder",
                [
                    Verwijzingen(
                        [
                            ("Per segment", "segment/index.html", "jaar- en kwartaalrapport"),
                            ("Begrippen", "begrip/index.html", "wat elk cijfer betekent"),
                        ]
                    )
                ],
            )
        )
    return Pagina(
        pad=pad,
        titel=naam,
        kicker=f"Gemeente · cijfers tot en met {maand(plek.bron.laatste_maand)}",
        kop=f"{_kop(boek, plek, jaar)}.",
        lead=leveringen.geloof(plek),
        secties=secties,
        hier="regio" if eigen_editie else "gemeente",
        tekens=[(d.kort, f"#{d.id}" if eigen_editie else "#doelen", d.teken) for d in kaarten.doelen],
    )


TIJD_INTRO = (
    "Zorg die te laat of met terugwerkende kracht is vastgelegd telt gewoon mee in alle cijfers. Dit zegt iets over de toegang en de "
    "administratie, niet over de zorg."
)


def tijd(boek: Boek, plek: Plek) -> list[Inhoud]:
    """Return how much was allocated late, retroactively, and claimed late."""
    return [beantwoord(b, plek, boek.duid(b.definitie, plek)) for b in TIJDBLOKKEN]


def _waarden_van_jaar(boek: Boek, plek: Plek, jaar: int | None) -> tuple[dict[str, Any], dict[str, Any], Rijen]:
    """Return of the year: own figures, those of the region, and those of the other gemeenten."""
    if jaar is None:
        return {}, {}, []
    hier = plek.met(extra={"indicatoren": [i for _, i in NAAST], "jaar": jaar})
    eigen = {r["indicator_id"]: r for r in hier.vraag(_JAAR) if r["gebied_code"] == plek.gebied}
    rond = hier.vraag(_JAAR_OPENBAAR if boek.editie.gemeente else _JAAR)
    regio = {r["indicator_id"]: r for r in rond if r["gebied_code"] == REGIO}
    anders = [r for r in rond if r["gebied_code"] not in (REGIO, plek.gebied)]
    return eigen, regio, anders


def _strook(boek: Boek, plek: Plek, jaar: int | None) -> Figuur:
    eigen, regio, anders = _waarden_van_jaar(boek, plek, jaar)
    rijen, punten, hoger, lager = [], [], [], []
    for naam, i in NAAST:
        e, r = eigen.get(i), regio.get(i)
        if e is None or r is None or e["waarde"] is None or not r["waarde"]:
            continue
        vorm = vragen.vorm_van(e["eenheid"], kort=True)
        # what is rounded is not shown finer than it is
        regio_vorm = procent if boek.editie.gemeente and e["eenheid"] == "aandeel" else vorm
        rijen.append(
            {
                "naam": naam,
                "eigen": e["waarde"],
                "regio": r["waarde"],
                "l": vorm(e["waarde"]),
                "regio_l": regio_vorm(r["waarde"]),
                "dekking": e["dekking"],
                "rijping": e["rijping"],
                "n": e["n"],
            }
        )
        punten += [
            {"naam": naam, "v": a["waarde"] / r["waarde"] * 100}
            for a in anders
            if a["indicator_id"] == i and a["waarde"] is not None and is_heel(a)
        ]
        index = e["waarde"] / r["waarde"]
        if (
            is_vast({"v": e["waarde"], **e})
            and is_vast({"v": r["waarde"], **r})
            and not (e["n"] is not None and e["n"] < 10)
        ):
            if index > 1.1:
                hoger.append(naam[:1].lower() + naam[1:])
            elif index < 0.9:
                lager.append(naam[:1].lower() + naam[1:])
    kop = koppen.strook(hoger, lager, plek.gebied_naam)
    kolommen = (
        Kolom("naam", "Cijfer"),
        Kolom("l", plek.gebied_naam, rechts=True),
        Kolom("regio_l", "Regio", rechts=True),
        Kolom("dekking", "Geleverd", geleverd),
        Kolom("rijping", "Voorlopig of definitief"),
    )
    rond = (
        " Van de regio staat hier wat iedereen mag zien: afgerond. Een klein verschil kan van het afronden komen."
        if boek.editie.gemeente
        else " Grijs zijn de andere gemeenten."
    )
    onderkop = f"{jaar or ''}. De lijn is de regio (100), de blauwe stip is {plek.gebied_naam} met het echte cijfer erbij. Boven 200 staat een stip op de rand.{rond}"
    zeker = "Een hogere of lagere stip is geen oordeel: bevolking en aanbod verschillen."
    if rijen:
        zeker = f"{zekerheid.periode(min(rijen, key=lambda r: r['dekking'] or 0), f'Het jaar {jaar}')} {zeker}"
    else:
        zeker = "Er is nog geen jaar dat van deze gemeente en van de regio compleet en definitief is."
    beeld = beelden.strook(rijen, punten, f"{plek.gebied_naam} naast de regio", boek.maten)
    tabel = Tabel(kop, kolommen, rijen, "sturing.indicatoren")
    return Figuur("strook", kop, onderkop, beeld, zeker, "", tabel, open=beeld is None)


def _doelentabel(plek: Plek) -> Tabelblok:
    rijen = []
    for d in doelen.doelrijen(plek):
        vorm = euro if d["eenheid"] == "euro" else getal
        t: Teken = doelen.teken_van(d)
        rijen.append(
            {
                "naam": koppen.doel_naam(d["naam"].split(" (")[0], d["jaarlijkse_verandering"]),
                "oordeel": t.woord,
                "geschat": vorm(d["realisatie_geschat"]),
                "streef": vorm(d["streefwaarde"]) if d["realisatie_geschat"] is not None else taal.LEEG,
                "afwijking": procent(d["afwijking"], 1, plus=True),
                "periode": doelen.tot_en_met(d),
                "voorbehoud": bedrag(d["voorbehoud_eur"]) if d["voorbehoud_eur"] else taal.LEEG,
            }
        )
    kolommen = (
        Kolom("naam", "Doel"),
        Kolom("oordeel", "Oordeel"),
        Kolom("geschat", "Schatting", rechts=True),
        Kolom("streef", "Streefwaarde", rechts=True),
        Kolom("afwijking", "Afwijking", rechts=True),
        Kolom("periode", "Over"),
        Kolom("voorbehoud", "Onder voorbehoud", rechts=True),
    )
    titel = f"De doelen, gemeten voor {plek.gebied_naam}"
    zeker = "De doelen zijn van de regio. Een gemeente wordt over dezelfde maanden gemeten; wat zij niet leverde telt niet als daling, dan is er geen oordeel."
    return Tabelblok(
        titel,
        "",
        Tabel(titel, kolommen, rijen, "sturing.doelrealisatie"),
        zeker=zeker,
        leeg="Er zijn geen doelen afgesproken.",
    )


def _kop(boek: Boek, plek: Plek, jaar: int | None) -> str:
    """Cost per inhabitant beside the region; where it may not be compared, the share of youths; else the name alone."""
    eigen, regio, _ = _waarden_van_jaar(boek, plek, jaar)
    i = "kosten_per_inwoner_0_17"
    e, r = eigen.get(i), regio.get(i)
    if jaar is None or e is None or e["waarde"] is None or not is_heel(e):
        return koppen.gemeente(plek.gebied_naam, "", "", jaar or 0)
    if not _zuiver(plek, jaar):
        a, b = eigen.get("aandeel_jeugdigen_in_zorg"), regio.get("aandeel_jeugdigen_in_zorg")
        if a is None or a["waarde"] is None:
            return koppen.gemeente(plek.gebied_naam, "", "", jaar)
        return koppen.gemeente_aandeel(
            plek.gebied_naam, procent(a["waarde"], 1), procent(b["waarde"], 1) if b and b["waarde"] else "", jaar
        )
    mag_regio = (
        r is not None and r["waarde"] is not None and (boek.editie.gemeente or _zuiver(plek.met(gebied=REGIO), jaar))
    )
    return koppen.gemeente(plek.gebied_naam, euro(e["waarde"]), euro(r["waarde"]) if mag_regio and r else "", jaar)


def _zuiver(plek: Plek, jaar: int) -> bool:
    r = plek.bron.een(
        "SELECT abs(sum(voorbehoud_eur)) AS b, abs(sum(netto_eur)) AS n FROM kosten.kosten_zorgmaand "
        "WHERE gebied_code = $gebied AND year(zorgmaand) = $jaar",
        {**plek.waarden, "jaar": jaar},
    )
    return not r.get("b") or is_zuiver({"reserve": float(r["b"]) / (float(r["b"]) + float(r["n"]))})


def _lever_zin(plek: Plek) -> str:
    r = plek.bron.een(
        "SELECT count(*) AS n, count(*) FILTER (status LIKE 'GEACCEPTEERD%' AND coalesce(dagen_te_laat, 0) = 0) AS op_tijd, "
        "count(*) FILTER (status IN ('AFGEKEURD', 'ONTBREEKT', 'TE_LAAT')) AS open, any_value(nullif(reden, '')) AS reden "
        "FROM kwaliteit.leveringsstatus WHERE gemeente = $gebied AND is_verplicht AND status NOT IN ('VERWACHT', 'NOG_NIET_AANGESLOTEN') "
        "AND maand > (SELECT max(maand) FROM kwaliteit.leveringsstatus WHERE status <> 'VERWACHT') - INTERVAL 12 MONTH",
        plek.waarden,
    )
    if not r.get("n"):
        return "Over de laatste twaalf maanden hoefde nog niets geleverd te worden."
    uit = f"Van de {getal(r['n'])} bestanden die over de laatste twaalf maanden nodig waren, {'kwam' if r['op_tijd'] == 1 else 'kwamen'} er {getal(r['op_tijd'])} op tijd."
    if r["open"]:
        uit += f" {taal.zin(taal.tel(r['open']))} {'is' if r['open'] == 1 else 'zijn'} er nog niet, of afgekeurd."
    return f"{uit} {taal.zin(r['reden'])}." if r["reden"] else uit


def _geleverd(plek: Plek) -> list[Inhoud]:
    matrix = leveringen.leveringenmatrix(
        plek, titel=f"Leveringen van {plek.gebied_naam}, laatste twaalf maanden", per_bericht=True
    )
    return [matrix] if matrix else []


def herstel(boek: Boek, plek: Plek) -> list[Inhoud]:
    """Return the findings that move a figure, heaviest first; row numbers are in the feedback workbook, never here."""
    rijen = plek.vraag(veranderd.WERKLIJST)
    te_doen = [r | {"regel": f"{r['titel']} ({r['regel_code']})"} for r in rijen if r["is_te_doen"]]
    kolommen = (
        Kolom("regel", "Wat er is"),
        Kolom("bericht", "In"),
        Kolom("maand", "Over", maand),
        Kolom("n_rijen", "Rijen", getal),
        Kolom("bedrag_eur", "Bedrag", euro),
        Kolom("raakt", "Raakt"),
        Kolom("effect_aandeel", "Deel daarvan", partial(procent, decimalen=1)),
        Kolom("sinds", "Sinds", lambda d: taal.LEEG if d is None else taal.dag(d)),
        Kolom("toestand", "Toestand"),
    )
    titel = f"Bevindingen van {plek.gebied_naam}, wat het meest beweegt eerst"
    opgelost = sum(r["toestand"] == "opgelost" for r in rijen)
    verklaard = sum(bool(r["verklaring"]) and r["toestand"] != "opgelost" for r in rijen)
    slot = [
        f"{taal.zin(taal.meervoud(n, 'bevinding is', 'bevindingen zijn'))} {wat}."
        for n, wat in ((opgelost, "opgelost"), (verklaard, "verklaard"))
        if n
    ]
    zinnen = {r["regel_code"]: (r["titel"], r["zin"]) for r in te_doen}
    uit: list[Inhoud] = [
        Tabelblok(
            titel,
            "Welke rijen het zijn staat in de terugmelding aan de gemeente, met haar eigen nummers.",
            Tabel(titel, kolommen, te_doen[:40], "kwaliteit.werklijst"),
            zeker=" ".join(slot),
            leeg="Er is niets te herstellen dat een cijfer merkbaar verandert.",
        )
    ]
    if zinnen:
        uit.append(Punten([(t, z, "") for t, z in sorted(zinnen.values())]))
    return uit
