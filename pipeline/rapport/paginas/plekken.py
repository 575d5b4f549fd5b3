"""*Plekken en plaatsing* (intern): places with providers against places needed, requests for a place, what went before.

Everything here is made of extracts that a region has by agreement only (docs/adr/0011): of each the page says so when it
is not there. Lives here: the questions of that page. Keep out: the forecast per segment (zorg.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from pipeline.rapport import beelden, segmenten, taal
from pipeline.rapport.blokken import (
    Beeld,
    Blok,
    Inhoud,
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
from pipeline.rapport.bron import Rij, Rijen
from pipeline.rapport.taal import geleverd, getal, maand, procent

PAD = "plekken.html"

PLEKKEN = """
SELECT maand, 100 * bezettingsgraad AS v, plekken, bezet, overbezet, vrij, dicht, stand_toewijzingen, dekking, rijping
FROM sturing.plekken WHERE gebied_code = $gebied AND hulpvorm = 'totaal' ORDER BY maand"""

PER_HULPVORM = """
SELECT hulpvorm, hulpvorm_naam, n_locaties, plekken, bezet, vrij, dicht, bezettingsgraad, stand_toewijzingen, maand
FROM sturing.plekken
WHERE gebied_code = $gebied AND hulpvorm <> 'totaal' AND plekken IS NOT NULL
    AND maand = (SELECT max(maand) FROM sturing.plekken WHERE gebied_code = $gebied AND plekken IS NOT NULL)
ORDER BY hulpvorm"""

VOORUIT = """
SELECT p.segment, any_value(h.hulpvorm_naam) AS hulpvorm_naam, p.maanden_vooruit, any_value(p.maand) AS maand, any_value(p.plekken) AS plekken,
    any_value(p.n_vrij) AS n_vrij, any_value(p.n_komt_vrij) AS n_komt_vrij, any_value(p.n_komt) AS n_komt, any_value(p.saldo) AS saldo,
    any_value(p.plekken_maand) AS plekken_maand, any_value(p.saldo_ondergrens) AS lo, any_value(p.saldo_bovengrens) AS hi, any_value(p.status) AS status
FROM sturing.prognose_plekken AS p
JOIN sturing.plekken AS h ON h.hulpvorm = split_part(p.segment, ':', 2) AND h.gebied_code = p.gebied_code
WHERE p.gebied_code = $gebied AND p.segment LIKE 'totaal:%' AND p.maanden_vooruit IN (3, 6, 12)
GROUP BY p.segment, p.maanden_vooruit ORDER BY p.segment, p.maanden_vooruit"""

# what is needed follows from allocations, whether or not places are delivered
NODIG = """
SELECT segment, maand, stand_verwacht AS v, ondergrens AS lo, bovengrens AS hi FROM sturing.prognose_plekken
WHERE gebied_code = $gebied AND segment IN ('verblijf', 'wonen') AND stand_verwacht IS NOT NULL
QUALIFY maand = max(maand) OVER (PARTITION BY segment) ORDER BY segment"""

# of a month that was not delivered nothing is known: its zeros in the mart, at dekking 0, are not shown as few requests
PLAATSING = """
WITH alle AS (SELECT * FROM sturing.plaatsing WHERE gebied_code = $gebied AND hulpvorm = 'totaal')
SELECT alle.maand, er.mediaan_dagen_tot_plaatsing AS v, er.n_verzoeken, er.n_spoed, er.n_gematcht, er.n_geplaatst,
    er.n_zonder_match, er.mediaan_dagen_tot_match, alle.dekking, alle.rijping
FROM alle LEFT JOIN alle AS er ON er.maand = alle.maand AND er.dekking >= 0.5 ORDER BY alle.maand"""

WACHTEN = """
SELECT hulpvorm_naam, sum(n_verzoeken) AS n_verzoeken, sum(n_geplaatst) AS n_geplaatst,
    arg_max(n_zonder_match, maand) AS n_zonder_match, max(maand) AS maand
FROM sturing.plaatsing
WHERE gebied_code = $gebied AND hulpvorm <> 'totaal' AND dekking >= 0.5
    AND maand > (SELECT max(maand) FROM sturing.plaatsing) - INTERVAL 12 MONTH
GROUP BY hulpvorm, hulpvorm_naam ORDER BY hulpvorm"""

VOORAF = """
SELECT indicator_id, periode AS maand, 100 * waarde AS v, teller, noemer, dekking, rijping FROM sturing.indicatoren
WHERE indicator_id = $indicator AND gebied_code = $gebied AND segment = 'totaal' AND periode_soort = $soort ORDER BY periode"""
DOSSIER = (
    (
        "aandeel_uithuisplaatsing_met_verklarende_analyse",
        "12m",
        "Uithuisplaatsingen met een verklarende analyse vooraf, twaalf maanden",
    ),
    (
        "aandeel_16plus_met_perspectiefplan",
        "maand",
        "Jeugdigen van 16 jaar en ouder met een perspectiefplan, einde van de maand",
    ),
)


def paginas(boek: Boek) -> Sequence[Pagina]:
    """Return the one page; also where nothing was agreed, so that it says so."""
    plek = boek.plek
    return [
        Pagina(
            pad=PAD,
            titel="Plekken en plaatsing",
            kicker="Plekken en plaatsing",
            kop=_kop(plek),
            lead="Wat aanbieders aan plekken hebben, hoe lang een plaatsing duurt en wat eraan vooraf ging. "
            "Uit extracten die een regio apart afspreekt.",
            secties=[
                Sectie("plekken", "Hoeveel plekken zijn er, en hoeveel zijn er nodig?", _plekken(plek)),
                Sectie("plaatsing", "Hoe lang duurt het tot een plaatsing?", _plaatsing(plek)),
                Sectie("vooraf", "Wat ging eraan vooraf?", _vooraf(plek)),
                Sectie("verder", "Verder lezen", [_verder()]),
            ],
            hier="plekken",
        )
    ]


def _verder() -> Verwijzingen:
    return Verwijzingen(
        [
            (
                "De prognose per segment",
                "segment/index.html",
                "hoeveel jeugdigen er een plek zullen hebben",
            ),
            ("Wat de cijfers betekenen", "begrip/index.html", "definitie, teller en noemer"),
        ]
    )


def niet_afgesproken(bericht: str) -> Punten:
    """Say that an extract is not there, and what a region does about that."""
    zin = f"In deze regio is over het extract {bericht} niets afgesproken, of er is nog niets geleverd. Er is dus geen cijfer, ook geen nul."
    return Punten([("Er is geen cijfer", zin, "")])


def _rijen(plek: Plek, tabel: str, sql: str) -> Rijen:
    """Ask of a table, which a publication of before it has not."""
    return plek.vraag(sql) if tabel in plek.bron.tabellen else []


def _laatste(rijen: Rijen) -> Rij:
    met = [r for r in rijen if r["v"] is not None]
    return met[-1] if met else {}


def _kop(plek: Plek) -> str:
    r = _laatste(_rijen(plek, "sturing.plekken", PLEKKEN))
    if not r:
        return "Over plekken en plaatsing is er nog geen cijfer"
    wanneer = taal.zin(maand(r["maand"]))
    return (
        f"{wanneer}: van de {getal(r['plekken'])} plekken waren er {getal(r['vrij'])} vrij en {getal(r['dicht'])} dicht"
    )


# places ---------------------------------------------------------------------------------------------------------------


def _plekken(plek: Plek) -> list[Inhoud]:
    if not _rijen(plek, "sturing.plekken", PLEKKEN):
        return [*_nodig(plek), niet_afgesproken("capaciteit")]
    rijen = plek.vraag(PER_HULPVORM)
    tabel = Tabel("Plekken per hulpvorm", _PER_HULPVORM, rijen, "sturing.plekken")
    per = Tabelblok(f"Plekken per hulpvorm, {maand(rijen[0]['maand'])}" if rijen else "Plekken per hulpvorm", "", tabel,
                    leeg="Over geen enkele maand is capaciteit geleverd.")  # fmt: skip
    return [*_nodig(plek), beantwoord(BEZETTING, plek), per, _vooruit(plek)]


def _nodig(plek: Plek) -> list[Inhoud]:
    """Return how many places will be needed when it goes on as now, by segment."""
    punten = [
        (
            segmenten.naam(r["segment"]),
            f"Gaat het door zoals nu, dan zijn er eind {maand(r['maand'])} ongeveer {getal(r['v'])} plekken nodig "
            f"(80% zekerheid: {getal(r['lo'])} tot {getal(r['hi'])}).",
            f"segment/{r['segment']}.html",
        )
        for r in _rijen(plek, "sturing.prognose_plekken", NODIG)
    ]
    return [Punten(punten)] if punten else []


def _bezetting_beeld(rijen: Rijen, plek: Plek) -> Beeld | None:
    return beelden.lijn(rijen, "Bezettingsgraad van alle plekken", maten=plek.maten)


def _bezetting_kop(rijen: Rijen, _plek: Plek) -> str:
    r = _laatste(rijen)
    if not r:
        return "Over geen enkele maand is capaciteit geleverd"
    return f"In {maand(r['maand'])} was {getal(r['v'])}% van de plekken bezet"


def _bezetting_zeker(rijen: Rijen, _plek: Plek) -> str:
    weg = sum(r["plekken"] is None for r in rijen)
    if not weg:
        return "Over elke maand is geleverd. Wat dicht is telt als plek."
    return f"Over {taal.meervoud(weg, 'maand', 'maanden')} is niet geleverd. Wat dicht is telt als plek."


_PER_HULPVORM = (
    Kolom("hulpvorm_naam", "Hulpvorm"),
    Kolom("n_locaties", "Locaties", getal),
    Kolom("plekken", "Plekken", getal),
    Kolom("bezet", "Bezet", getal),
    Kolom("vrij", "Vrij", getal),
    Kolom("dicht", "Dicht", getal),
    Kolom("bezettingsgraad", "Bezetting", procent),
    Kolom("stand_toewijzingen", "Jeugdigen van de regio", getal),
)
BEZETTING = Blok(
    id="bezetting",
    vraag="Bezette plekken van alle plekken op de peildatum, in procenten, {naam}. De as begint niet bij nul.",
    sql=PLEKKEN,
    bron="sturing.plekken",
    kop=_bezetting_kop,
    kolommen=(
        Kolom("maand", "Maand", maand),
        Kolom("v", "Bezetting (%)", partial(getal, decimalen=1)),
        Kolom("plekken", "Plekken", getal),
        Kolom("bezet", "Bezet", getal),
        Kolom("overbezet", "Boven het aantal plekken", getal),
        Kolom("vrij", "Vrij", getal),
        Kolom("dicht", "Dicht", getal),
        Kolom("stand_toewijzingen", "Jeugdigen van de regio", getal),
        Kolom("dekking", "Geleverd", geleverd),
    ),
    zeker=_bezetting_zeker,
    beeld=_bezetting_beeld,
    definitie="bezettingsgraad",
)


def _vooruit(plek: Plek) -> Tabelblok:
    """What comes free against what is needed, a quarter, half a year and a year ahead."""
    rijen = plek.vraag(VOORUIT)
    geschat = [r for r in rijen if r["status"] == "geschat"]
    tekort = sorted({r["hulpvorm_naam"] for r in geschat if r["hi"] < 0})
    misschien = sorted({r["hulpvorm_naam"] for r in geschat if r["lo"] < 0 <= r["hi"]})
    if tekort:
        kop = f"Er zijn te weinig plekken voor {taal.rij(t.lower() for t in tekort)}"
    elif misschien:
        kop = f"Misschien te weinig plekken voor {taal.rij(t.lower() for t in misschien)}"
    else:
        kop = "Wat er vrijkomt tegen wat er nodig is"
    kolommen = (
        Kolom("hulpvorm_naam", "Hulpvorm"),
        Kolom("maand", "Eind", maand),
        Kolom("n_vrij", "Nu vrij", getal),
        Kolom("n_komt_vrij", "Komt vrij", partial(getal, decimalen=1)),
        Kolom("n_komt", "Nodig", partial(getal, decimalen=1)),
        Kolom("saldo", "Over of tekort", partial(getal, decimalen=1, plus=True)),
        Kolom("lo", "Ondergrens 80%", partial(getal, plus=True)),
        Kolom("hi", "Bovengrens 80%", partial(getal, plus=True)),
    )
    return Tabelblok(
        kop,
        "Per hulpvorm na drie, zes en twaalf maanden: wat nu vrij is en vrijkomt, min wie er een plek nodig heeft.",
        Tabel("Vrijkomend tegen nodig", kolommen, geschat, "sturing.prognose_plekken"),
        zeker="De verwachting kent geen nieuw beleid en geen plekken die erbij komen of sluiten."
        + (f" Nu vrij: de opgave van {maand(max(r['plekken_maand'] for r in geschat))}." if geschat else ""),
        leeg="Er is te weinig geschiedenis om vooruit te kijken.",
    )


# placement ------------------------------------------------------------------------------------------------------------


def _plaatsing(plek: Plek) -> list[Inhoud]:
    if not _rijen(plek, "sturing.plaatsing", PLAATSING):
        return [niet_afgesproken("verzoeken")]
    rijen = plek.vraag(WACHTEN)
    kolommen = (
        Kolom("hulpvorm_naam", "Hulpvorm"),
        Kolom("n_verzoeken", "Verzoeken", getal),
        Kolom("n_geplaatst", "Geplaatst", getal),
        Kolom("n_zonder_match", "Nu zonder match", getal),
    )
    tabel = Tabel("Verzoeken per hulpvorm", kolommen, rijen, "sturing.plaatsing")
    return [beantwoord(TOT_PLAATSING, plek), Tabelblok("Verzoeken per hulpvorm, laatste twaalf maanden", "", tabel)]


def _plaatsing_beeld(rijen: Rijen, plek: Plek) -> Beeld | None:
    return beelden.lijn(rijen, "Dagen van verzoek tot plaatsing, mediaan", maten=plek.maten)


def _plaatsing_kop(rijen: Rijen, _plek: Plek) -> str:
    r = _laatste(rijen)
    if not r:
        return "Er is nog niemand geplaatst op een verzoek"
    return f"In {maand(r['maand'])} duurde het in de helft van de gevallen {getal(r['v'])} dagen of korter"


def _plaatsing_zeker(rijen: Rijen, _plek: Plek) -> str:
    bekend = [r["n_geplaatst"] for r in rijen[-12:] if r["n_geplaatst"] is not None]
    weg = len(rijen[-12:]) - len(bekend)
    zin = f"In {taal.meervoud(len(bekend), 'maand', 'maanden')} zijn {getal(sum(bekend))} jeugdigen geplaatst; bij weinig plaatsingen in een maand zegt een mediaan weinig."
    return zin + (f" Over {taal.meervoud(weg, 'maand', 'maanden')} daarnaast is niet geleverd." if weg else "")


TOT_PLAATSING = Blok(
    id="plaatsing-duur",
    vraag="Dagen van verzoek tot plaatsing, mediaan van wie in de maand is geplaatst, {naam}.",
    sql=PLAATSING,
    bron="sturing.plaatsing",
    kop=_plaatsing_kop,
    kolommen=(
        Kolom("maand", "Maand", maand),
        Kolom("v", "Dagen tot plaatsing", getal),
        Kolom("mediaan_dagen_tot_match", "Dagen tot match", getal),
        Kolom("n_verzoeken", "Verzoeken", getal),
        Kolom("n_spoed", "Met spoed", getal),
        Kolom("n_gematcht", "Gematcht", getal),
        Kolom("n_geplaatst", "Geplaatst", getal),
        Kolom("n_zonder_match", "Zonder match", getal),
        Kolom("dekking", "Geleverd", geleverd),
    ),
    zeker=_plaatsing_zeker,
    beeld=_plaatsing_beeld,
    definitie="dagen_tot_plaatsing",
)


# what went before -----------------------------------------------------------------------------------------------------


def _vooraf(plek: Plek) -> list[Inhoud]:
    uit: list[Inhoud] = []
    for indicator, soort, naam in DOSSIER:
        eigen = plek.met(indicator=indicator, extra={"soort": soort})
        if eigen.vraag(VOORAF):
            uit.append(beantwoord(_dossierblok(indicator, naam), eigen))
    return uit or [niet_afgesproken("dossierfeiten")]


def _dossierblok(indicator: str, naam: str) -> Blok:
    def kop(rijen: Rijen, _plek: Plek) -> str:
        r = _laatste(rijen)
        return f"{naam}: {getal(r['v'])}%" if r else f"{naam}: nog geen cijfer"

    def zeker(rijen: Rijen, _plek: Plek) -> str:
        r = _laatste(rijen)
        if not r:
            return "Er is nog te weinig geleverd om iets te zeggen."
        return f"{getal(r['teller'])} van {getal(r['noemer'])}; gemeenten en maanden die niet leverden tellen niet mee."

    return Blok(
        id=indicator,
        vraag=f"{naam}, in procenten, {{naam}}. De as begint niet bij nul.",
        sql=VOORAF,
        bron="sturing.indicatoren",
        kop=kop,
        kolommen=(
            Kolom("maand", "Tot en met", maand),
            Kolom("v", "Procent", partial(getal, decimalen=1)),
            Kolom("teller", "Teller", getal),
            Kolom("noemer", "Noemer", getal),
            Kolom("dekking", "Geleverd", geleverd),
        ),
        zeker=zeker,
        beeld=lambda rijen, plek: beelden.lijn(rijen, naam, maten=plek.maten),
        definitie=indicator,
    )
