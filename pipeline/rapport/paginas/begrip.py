"""*Per indicator*: definition, fraction with real numbers, series, traps, download, the query behind it.

Lives here: the page of an indicator within the region. Keep out: the public one (openbaar_begrip.py), words
(definities.py), the list of all (begrippenlijst.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.rapport import beelden, koppen, segmenten, taal, zekerheid
from pipeline.rapport.beweging import laatste_vaste, vergelijk
from pipeline.rapport.blokken import (
    Beeld,
    Blok,
    Breuk,
    Inhoud,
    Kolom,
    Pagina,
    Plek,
    Punten,
    Sectie,
    Tabel,
    Tabelblok,
    Verwijzingen,
    Zoekvraag,
    beantwoord,
)
from pipeline.rapport.boek import Boek
from pipeline.rapport.bron import Deelvraag, Rij, Rijen
from pipeline.rapport.paginas import openbaar_begrip, vragen
from pipeline.rapport.paginas.begrippenlijst import lijst
from pipeline.rapport.paginas.definities import GROEPEN, feiten, is_geld, punt, valkuilen
from pipeline.rapport.taal import euro, geleverd, getal, maand, procent

_SOORTEN = ("12m", "maand", "jaar")


def paginas(boek: Boek) -> Sequence[Pagina]:
    """Return the list of indicators, and a page of each."""
    namen = list(boek.bron.indicatoren.values())
    return [lijst(boek, namen), *(_pagina(boek, d) for d in namen)]


def _segment(d: Rij) -> str:
    """Return the segment to show of an indicator: all together where it has that, else its first."""
    eigen = d["segmenten"].split("|")
    return "totaal" if "alle" in eigen or "totaal" in eigen else eigen[0]


# of all indicators at once: asked one by one this is most of what the pages of an edition cost
_SOORTEN_VAN = """
SELECT DISTINCT indicator_id, segment, periode_soort FROM sturing.indicatoren WHERE gebied_code = $gebied"""


def _soort(boek: Boek, d: Rij, segment: str) -> str:
    aanwezig = {
        r["periode_soort"]
        for r in boek.plek.vraag(_SOORTEN_VAN)
        if (r["indicator_id"], r["segment"]) == (d["indicator_id"], segment)
    }
    return next((s for s in _SOORTEN if s in aanwezig), "")


def _pagina(boek: Boek, d: Rij) -> Pagina:
    if boek.editie.is_openbaar:
        return openbaar_begrip.pagina(boek, d)
    segment = _segment(d)
    soort = _soort(boek, d, segment)
    plek = boek.plek.met(indicator=d["indicator_id"], segment=segment, extra={"soort": soort})
    rijen = plek.vraag(vragen.reeks_sql(d["indicator_id"])) if soort else []
    secties = []
    if rijen:
        secties.append(
            Sectie(
                "verloop", "Het verloop", [beantwoord(_blok(boek, d, soort), plek, boek.duid(d["indicator_id"], plek))]
            )
        )
    else:
        splitsing = _splitsing(boek, d)
        if splitsing is not None:
            secties.append(Sectie("verloop", "De laatste stand", [splitsing]))
    if not secties and d["reden_niet_berekend"]:
        secties.append(
            Sectie("verloop", "Er is geen cijfer", [Punten([("Waarom niet", d["reden_niet_berekend"], "")])])
        )
    secties += [
        Sectie("hoe", "Zo is het berekend", [*_breuk(d, rijen), feiten(d)]),
        Sectie("lees", "Lees dit voor u het cijfer gebruikt", [Punten(valkuilen(boek, d))]),
    ]
    if rijen:
        secties.append(Sectie("jaren", "Per jaar", _jaren(boek, d)))
    secties += _vroeger(boek, d)
    secties.append(Sectie("halen", "Gegevens ophalen", _halen(boek, d, segment, soort)))
    return Pagina(
        pad=f"begrip/{d['indicator_id']}.html",
        titel=d["naam"],
        kicker=f"Begrip · {GROEPEN.get(d['groep'], d['groep'])} · versie {d['indicator_versie']}",
        kop=d["naam"],
        lead=punt(d["definitie"]),
        secties=secties,
        hier="begrip",
    )


_HISTORIE = Deelvraag(
    """
SELECT {sleutel}jaar, maat_naam, gebied_code, gebied_soort, uitsplitsing, waarde, eenheid, toelichting, peilmoment, telt_anders, bron
FROM sturing.historie WHERE {waar} AND uitsplitsing = 'totaal' AND gebied_soort <> 'som_gemeenten'
ORDER BY jaar, gebied_soort <> 'gemeente', waarde DESC""",
    indicator="indicator_id",
)
_GEBIED_TOEN = {
    "onbekend": "Woonplaats onbekend",
    "buiten_regio": "Van buiten de regio",
    "regio": "De regio, alles samen",
}


def _vroeger(boek: Boek, d: Rij) -> list[Sectie]:
    """Return what was counted before the region did, where the definitions allow to put it beside; never in the series."""
    if "sturing.historie" not in boek.bron.tabellen:
        return []
    rijen = boek.plek.met(indicator=d["indicator_id"]).vraag(_HISTORIE)
    if not rijen:
        return []
    met_naam = [r | {"wie": _GEBIED_TOEN.get(r["gebied_soort"]) or boek.bron.naam(r["gebied_code"])} for r in rijen]
    eerste = rijen[0]
    kolommen = (
        Kolom("wie", "Gebied"),
        Kolom("waarde", eerste["eenheid"].capitalize(), getal),
        Kolom("toelichting", "Bij dit getal"),
    )
    titel = f"{eerste['maat_naam']}, {eerste['peilmoment'] if len(eerste['peilmoment']) == 4 else taal.dag(dt.date.fromisoformat(eerste['peilmoment']))}"
    blok = Tabelblok(
        titel,
        punt(f"Bron: {eerste['bron']}"),
        Tabel(titel, kolommen, met_naam, "sturing.historie"),
        zeker="Zoals toen geteld en gedrukt.",
        letop=punt(f"Niet te vergelijken met de reeks hierboven: {eerste['telt_anders']}"),
    )
    return [Sectie("vroeger", f"In {eerste['jaar']}, zoals toen geteld", [blok])]


def _blok(boek: Boek, d: Rij, soort: str) -> Blok:
    eh = d["eenheid"]
    schaal = 100.0 if eh == "aandeel" else 1.0
    vorm = vragen.vorm_van(eh, kort=True)

    def beeld(rijen: Rijen, plek: Plek) -> Beeld | None:
        if boek.editie.gemeente:
            return beelden.vonk(rijen, d["naam"], vorm)
        refs = [
            (r["waarde"], f"{r['gebied']} {r['jaar']}: {vorm(r['waarde'])}")
            for r in plek.vraag(
                "SELECT gebied, jaar, waarde FROM sturing.referentiewaarden WHERE indicator_id = $indicator "
                "AND segment = $segment AND uitsplitsing IS NULL AND jaar >= 2023 ORDER BY gebied"
            )
        ]
        as_vorm = ",.1f" if eh == "aandeel" else ",.2~s" if eh == "euro" else ",.0f"
        return beelden.lijn(
            rijen, d["naam"], vorm=vorm, as_vorm=as_vorm, schaal=schaal, referenties=refs, maten=boek.maten
        )

    def zeker(rijen: Rijen, plek: Plek) -> str:
        met = [r for r in rijen if r["v"] is not None]
        if soort == "jaar" and met:
            uit = zekerheid.periode(met[-1], f"Het jaar {taal.jaar(met[-1]['maand'])}")
        else:
            uit = zekerheid.reeks(rijen, plek)
        if is_geld(d) and met and met[-1]["rijping"] != "definitief":
            uit += " Zoals ontvangen: over de laatste maanden komt er nog bij, een lager bedrag is daar geen daling."
        refs = (
            []
            if boek.editie.gemeente
            else plek.vraag(
                "SELECT DISTINCT bron FROM sturing.referentiewaarden WHERE indicator_id = $indicator AND segment = $segment "
                "AND uitsplitsing IS NULL AND jaar >= 2023 ORDER BY 1"
            )
        )
        return uit + (f" Gestippeld: {'; '.join(r['bron'] for r in refs)}. Die bronnen tellen anders." if refs else "")

    def letop(rijen: Rijen, _plek: Plek) -> str:
        laatste = laatste_vaste(rijen)
        if laatste is None or not laatste.get("reserve") or laatste["reserve"] <= 0.01:
            return ""
        return (
            f"Van {maand(laatste['maand'])} staat {procent(laatste['reserve'], 1)} van het geld onder voorbehoud en telt niet mee. Zo'n maand tonen "
            "we niet als niveau: daar is de lijn onderbroken."
        )

    wat = {"12m": "telkens over twaalf maanden", "maand": "per maand", "jaar": "per jaar"}[soort]
    return Blok(
        id="grafiek",
        vraag="{naam}, {segment}, " + wat + ". De as begint niet bij nul.",
        sql=vragen.reeks_sql(d["indicator_id"]),
        bron="sturing.indicatoren",
        kop=lambda rijen, _p: koppen.indicator(v := vergelijk(rijen, eh), _naam(d, v.nu), eh),
        kolommen=(
            Kolom(
                "maand", "Periode tot en met" if soort == "12m" else "Maand", taal.jaar if soort == "jaar" else maand
            ),
            Kolom("v", "Waarde", vragen.vorm_van(eh)),
            Kolom("teller", "Teller", euro if is_geld(d) else getal),
            Kolom("noemer", "Noemer", getal),
            Kolom("dekking", "Geleverd", geleverd),
            Kolom("rijping", "Voorlopig of definitief"),
        ),
        zeker=zeker,
        beeld=beeld,
        letop=letop,
    )


def _naam(d: Rij, nu: Mapping[str, Any] | None) -> str:
    """Name an indicator: a saving below zero is none."""
    is_tekort = d["indicator_id"].startswith("besparing") and nu is not None and (nu["v"] or 0) < 0
    return f"{d['naam']} (negatief: er is meer uitgegeven)" if is_tekort else str(d["naam"])


def _breuk(d: Rij, rijen: Rijen) -> list[Inhoud]:
    r = laatste_vaste(rijen)
    if r is None or r["teller"] is None or r["noemer"] is None or not r["noemer"]:
        return []
    vorm = vragen.vorm_van(d["eenheid"])
    eenheid = " dagen" if d["eenheid"] == "dagen" else ""
    teller = euro(r["teller"]) if is_geld(d) else getal(r["teller"])
    noemer = (
        euro(r["noemer"])
        if d["indicator_id"].startswith(("aandeel_duurste", "aandeel_strat", "aandeel_niet", "markt", "kostengroei"))
        else getal(r["noemer"])
    )
    return [
        Breuk(
            teller,
            d["teller"] or "teller",
            noemer,
            d["noemer"] or "noemer",
            f"{vorm(r['v'])}{eenheid} ({maand(r['maand'])})",
        )
    ]


_JAREN = """
SELECT indicator_id, periode, segment, CASE WHEN dekking >= 0.5 THEN waarde END AS waarde, dekking, rijping
FROM sturing.indicatoren WHERE gebied_code = $gebied AND periode_soort = 'jaar' AND uitsplitsing IS NULL
ORDER BY periode DESC, segment"""


def _jaren(boek: Boek, d: Rij) -> list[Inhoud]:
    plek = boek.plek.met(indicator=d["indicator_id"])
    mijn = [r for r in plek.vraag(_JAREN) if r["indicator_id"] == d["indicator_id"]]
    rijen = sorted(mijn, key=lambda r: (-r["periode"].year, segmenten.plaats(r["segment"])))
    kolommen = (
        Kolom("periode", "Jaar", taal.jaar),
        Kolom("segment", "Segment", segmenten.naam),
        Kolom("waarde", "Waarde", vragen.vorm_van(d["eenheid"])),
        Kolom("dekking", "Geleverd", geleverd),
        Kolom("rijping", "Voorlopig of definitief"),
    )
    titel = f"{d['naam']} per jaar, {plek.gebied_naam}"
    if not rijen:
        return []
    zeker = "Een jaar met minder dan 95% geleverd is niet te vergelijken."
    return [Tabelblok("", "", Tabel(titel, kolommen, rijen, "sturing.indicatoren"), zeker=zeker)]


def _splitsing(boek: Boek, d: Rij) -> Tabelblok | None:
    """Return of an indicator that exists only in splits its last definitive year, split by split."""
    plek = boek.plek.met(indicator=d["indicator_id"])
    rijen = plek.vraag(
        "SELECT segment, periode, waarde, dekking, rijping FROM sturing.indicatoren WHERE indicator_id = $indicator AND gebied_code = $gebied "
        "AND periode_soort = 'jaar' AND periode = (SELECT max(periode) FROM sturing.indicatoren WHERE indicator_id = $indicator "
        "AND periode_soort = 'jaar' AND rijping = 'definitief') ORDER BY segment"
    )
    if not rijen:
        return None
    kolommen = (
        Kolom("segment", "Segment", segmenten.naam),
        Kolom("waarde", "Waarde", vragen.vorm_van(d["eenheid"])),
        Kolom("dekking", "Geleverd", geleverd),
        Kolom("rijping", "Voorlopig of definitief"),
    )
    titel = f"{d['naam']}, {taal.jaar(rijen[0]['periode'])}, {plek.gebied_naam}"
    return Tabelblok(
        titel,
        "",
        Tabel(titel, kolommen, rijen, "sturing.indicatoren"),
        zeker=zekerheid.periode(rijen[0], f"Het jaar {taal.jaar(rijen[0]['periode'])}"),
    )


def _halen(boek: Boek, d: Rij, segment: str, soort: str) -> list[Inhoud]:
    uit: list[Inhoud] = []
    if pad := boek.gegevens.get(d["indicator_id"]):
        uit.append(
            Verwijzingen(
                [("CSV", pad, "alle gebieden, perioden en segmenten van dit cijfer in deze editie")], is_bestand=True
            )
        )
    gebied = boek.gebied
    uit.append(
        Zoekvraag(
            "SELECT periode, gebied_code, segment, teller, noemer, waarde, dekking, rijping\nFROM sturing.indicatoren\n"
            f"WHERE indicator_id = '{d['indicator_id']}' AND gebied_code = '{gebied}' AND segment = '{segment}' AND periode_soort = '{soort or 'jaar'}'"
        )
    )
    return uit


def csv_sql(boek: Boek) -> str:
    """Return the query behind the downloads: of every indicator of the catalogue, its id first."""
    if boek.editie.is_openbaar:
        kolommen, tabel = (
            "periode_soort, periode, gebied_code, segment, waarde, teller, noemer, teken, dekking",
            "openbaar.kerncijfers",
        )
    else:
        kolommen, tabel = (
            "periode_soort, periode, gebied_code, segment, waarde, teller, noemer, dekking, rijping",
            "sturing.indicatoren",
        )
    # splits of gemeenten are many and small; they are in the file of the edition
    splits = " AND (instr(segment, ':') = 0 OR gebied_code = 'REGIO')" if boek.editie.is_intern else ""
    return (
        f"SELECT indicator_id, {kolommen} FROM {tabel} "
        f"WHERE indicator_id IN (SELECT indicator_id FROM meta.indicatordefinities){splits} ORDER BY ALL"
    )
