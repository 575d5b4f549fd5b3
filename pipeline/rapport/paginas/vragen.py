"""Queries and blocks that more than one family of pages uses.

Lives here: series of an indicator, cost per month with what is still to come, key figures, targets, deliveries.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from pipeline.domain.leveringen import KERN
from pipeline.rapport import beelden, koppen, segmenten, taal, zekerheid
from pipeline.rapport.beweging import Beweging, is_zuiver, vergelijk
from pipeline.rapport.blokken import (
    Cel,
    Doel,
    Doelen,
    Inhoud,
    Kern,
    Kernen,
    Kolom,
    Matrix,
    Plek,
    Tabel,
    Tabelblok,
    Teken,
)
from pipeline.rapport.boek import Boek
from pipeline.rapport.bron import REGIO, Deelvraag, Rij, Rijen
from pipeline.rapport.taal import bedrag, euro, geleverd, getal, maand, procent

# less than half delivered is no figure yet: it is not shown, only how much is there (design guide, 8.6)
REEKS = Deelvraag(
    """
SELECT {sleutel}periode AS maand, CASE WHEN dekking >= 0.5 THEN waarde END AS v, teller, noemer, n_jeugdigen AS n, dekking, rijping
FROM sturing.indicatoren
WHERE {waar}
ORDER BY periode""",
    indicator="indicator_id",
    gebied="gebied_code",
    segment="segment",
    soort="periode_soort",
)

_GELD = ("kosten", "kostengroei", "kosten_per_jeugdige", "kosten_per_inwoner_0_17", "gemiddeld_tarief")
"""Indicators of money: beside their figures stands the share under reserve."""

GELD_PER_MAAND = """
    SELECT gebied_code, coalesce(segment, 'totaal') AS segment, zorgmaand, sum(netto_eur) AS netto_eur,
        sum(voorbehoud_eur) AS voorbehoud_eur, sum(quarantaine_eur) AS quarantaine_eur
    FROM kosten.kosten_zorgmaand
    GROUP BY GROUPING SETS ((gebied_code, segment, zorgmaand), (gebied_code, zorgmaand))"""
"""Cost of every gebied and segment, and of all segments together."""

REEKS_GELD = Deelvraag(
    f"""
WITH geld AS ({GELD_PER_MAAND}
)
SELECT {{sleutel}}i.periode AS maand, CASE WHEN i.dekking >= 0.5 THEN i.waarde END AS v, i.teller, i.noemer, i.n_jeugdigen AS n,
    i.dekking, i.rijping,
    (
        SELECT sum(abs(g.voorbehoud_eur))::DOUBLE / nullif(sum(abs(g.voorbehoud_eur) + abs(g.netto_eur)), 0)::DOUBLE FROM geld AS g
        WHERE g.gebied_code = i.gebied_code AND g.segment = i.segment AND CASE i.periode_soort
            WHEN 'jaar' THEN year(g.zorgmaand) = year(i.periode)
            WHEN '12m' THEN g.zorgmaand <= i.periode AND g.zorgmaand > i.periode - INTERVAL 12 MONTH
            ELSE g.zorgmaand = i.periode END
    ) AS reserve
FROM sturing.indicatoren AS i
WHERE i.indicator_id IN {_GELD} AND {{waar}}
ORDER BY i.periode""",
    indicator="i.indicator_id",
    gebied="i.gebied_code",
    segment="i.segment",
    soort="i.periode_soort",
)

_MAANDKOSTEN = f"""
WITH k AS ({GELD_PER_MAAND}
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


def reeks_sql(indicator: str) -> str:
    """Return the query for a series of an indicator: of money with its share under reserve."""
    return REEKS_GELD if indicator in _GELD else REEKS


def vorm_van(eenheid: str, *, kort: bool = False) -> taal.Vorm:
    """How values of a unit are written: in a table exactly, `kort` beside a chart."""
    if eenheid == "aandeel":
        return partial(procent, decimalen=1)
    if eenheid == "euro":
        return bedrag if kort else euro
    return partial(getal, decimalen=1) if eenheid == "dagen" and not kort else getal


def reekskolommen(kop: str, eenheid: str) -> tuple[Kolom, ...]:
    """Columns of the table under a series."""
    return (
        Kolom("maand", "Maand", maand),
        Kolom("v", kop, vorm_van(eenheid)),
        Kolom("dekking", "Geleverd", geleverd),
        Kolom("rijping", "Voorlopig of definitief"),
    )


def kopjes_maand(rijen: Sequence[Rij]) -> list[dt.date]:
    """Return the months of rows, once, in order."""
    return sorted({r["maand"] for r in rijen})


# key figures ----------------------------------------------------------------------------------------------------------

KERNCIJFERS = (
    ("Jeugdigen met jeugdzorg", "jeugdigen_in_zorg", "totaal", "maand", "jeugdigen in die maand"),
    ("Jeugdigen in verblijf of wonen", "jeugdigen_met_verblijf", "totaal", "maand", "jeugdigen in die maand"),
    ("Nieuwe trajecten per maand", "instroom", "totaal", "maand", "trajecten in die maand"),
    ("Hoe lang een traject duurt", "trajectduur_mediaan", "totaal", "12m", "dagen (mediaan, 12 maanden)"),
    ("Start vanuit crisis", "aandeel_start_crisis", "totaal", "12m", "van de trajecten, over 12 maanden"),
    ("Kosten per inwoner tot 18 jaar", "kosten_per_inwoner_0_17", "totaal", "12m", "over 12 maanden, zoals ontvangen"),
    ("Toewijzing te laat afgegeven", "aandeel_te_laat", "totaal", "12m", "van de meetbare toewijzingen, 12 maanden"),
    (
        "Onverwacht met terugwerkende kracht",
        "aandeel_terugwerkend",
        "totaal",
        "12m",
        "van de toewijzingen, over 12 maanden",
    ),
)
"""Name, indicator, segment, kind of period, unit in words."""


def kernen(boek: Boek, plek: Plek, naar: str = "") -> Kernen:
    """Return the key figures of a gebied; `naar`: the way to the root of the edition."""
    uit = []
    for naam, indicator, segment, soort, eenheid in KERNCIJFERS:
        hier = plek.met(segment=segment, indicator=indicator, extra={"soort": soort})
        rijen = hier.vraag(reeks_sql(indicator))
        eh = boek.bron.indicatoren[indicator]["eenheid"] if indicator in boek.bron.indicatoren else ""
        if eh:
            uit.append(_kern(naam, eenheid, eh, rijen, f"{naar}begrip/{indicator}.html"))
    return Kernen(uit)


def _kern(naam: str, eenheid: str, eh: str, rijen: Rijen, verwijs: str) -> Kern:
    vorm = vorm_van(eh, kort=True)
    v = vergelijk(rijen, eh)
    tabel = Tabel(naam, reekskolommen(naam, eh), rijen[::-1], "sturing.indicatoren")
    if v.nu is None:
        return Kern(naam, taal.LEEG, eenheid, "Er is nog geen cijfer dat genoeg is geleverd.", verwijs, None, tabel)
    hoe = "definitief" if v.is_vast else f"nog niet definitief of compleet ({geleverd(v.nu['dekking'])} geleverd)"
    zin = f"{taal.zin(maand(v.nu['maand']))}, {hoe}. {_een_jaar_eerder(v, v.nu, eh, vorm)}"
    return Kern(naam, vorm(v.nu["v"]), eenheid, zin.strip(), verwijs, beelden.vonk(rijen, naam, vorm), tabel)


def _een_jaar_eerder(v: Any, nu: Mapping[str, Any], eh: str, vorm: taal.Vorm) -> str:
    if not is_zuiver(nu):
        return f"Hiervan staat {procent(nu['reserve'])} onder voorbehoud en telt niet mee: vergelijk niet."
    if v.toen is None or v.toen["v"] is None or v.beweging is Beweging.ZWIJGT:
        return ""
    if eh == "aandeel":
        verschil = f"{getal(float(v.verschil) * 100, 1, plus=True)} procentpunt"
    else:
        verschil = procent(v.verschil / float(v.toen["v"]), 1, plus=True) if v.toen["v"] else ""
    return f"Een jaar eerder {vorm(v.toen['v'])}" + (f" ({verschil})." if verschil else ".")


# targets --------------------------------------------------------------------------------------------------------------

DOELEN = """
SELECT * EXCLUDE (publicatie_id) FROM sturing.doelrealisatie
WHERE gebied_code = $gebied ORDER BY doel_id, jaar"""
_BUITEN = """
SELECT doel_id, jaar, gebied_code FROM sturing.doelrealisatie
WHERE gebied_code <> 'REGIO' AND coalesce(panel_dekking, 0) < 1 ORDER BY ALL"""
_DOELKOLOMMEN = (Kolom("wat", "Onderdeel"), Kolom("waarde", "Waarde", rechts=True))
_DOELVOLGORDE = ("verblijf", "wonen", "verblijf+wonen", "ambulant", "crisis")


def doeljaar(rijen: Rijen, laatste: dt.date) -> int | None:
    """Return the year to judge: that of the last month, or the one before while nothing of it can be judged."""
    jaren = sorted({r["jaar"] for r in rijen if r["jaar"] <= laatste.year})
    met = [j for j in jaren if any(r["jaar"] == j and r["reden"] != "te_vroeg" for r in rijen)]
    return met[-1] if met else (jaren[-1] if jaren else None)


def doelrijen(plek: Plek) -> Rijen:
    """Return the targets of a gebied in the year to judge, in the order in which they are shown."""
    alle = plek.vraag(DOELEN)
    jaar = doeljaar(alle, plek.bron.laatste_maand)

    def plaats(r: Rij) -> tuple[int, str]:
        s = r["segment"]
        return (_DOELVOLGORDE.index(s) if s in _DOELVOLGORDE else len(_DOELVOLGORDE), r["doel_id"])

    return sorted((r for r in alle if r["jaar"] == jaar), key=plaats)


def teken_van(d: Mapping[str, Any]) -> Teken:
    """Return the sign of a target: doubted when a caveat stands beside it."""
    return koppen.teken(d["status"], twijfel=bool(zekerheid.doel_letop(d)))


def doelen(plek: Plek, *, alleen: str = "") -> Doelen:
    """Return the targets of a gebied as cards; `alleen`: those of this segment."""
    rijen = doelrijen(plek)
    tot = {r["doel_id"]: r["jaar"] for r in plek.vraag(DOELEN)}  # by year: the last one stays
    paden = {r["doel_id"]: _pad(r, tot[r["doel_id"]]) for r in rijen}
    indexen = [v for d in rijen for _, v in paden[d["doel_id"]]]
    for d in rijen:
        if d["realisatie_geschat"] is not None and d["basiswaarde"]:
            indexen += [float(d[k] / d["basiswaarde"]) * 100 for k in ("ondergrens", "bovengrens", "realisatie")]
    grenzen = (
        (min(50.0, *(20.0 * (x // 20) for x in indexen)), max(120.0, *(20.0 * (x // 20 + 1) for x in indexen)))
        if indexen
        else (50.0, 120.0)
    )
    kaarten = [
        _doel(plek, d, paden[d["doel_id"]], grenzen) for d in rijen if not alleen or alleen in d["segment"].split("+")
    ]
    if not kaarten:
        return Doelen((), "Voor dit jaar zijn geen doelen afgesproken.")
    basis, jaar = rijen[0]["basisjaar"], rijen[0]["jaar"]
    intro = (
        f"Elk doel is een jaarlijkse verandering ten opzichte van {basis}, vergeleken over dezelfde maanden. In elke grafiek is {basis} 100 en "
        f"is de schaal gelijk: de dunne lijn is het streefpad, de stip de schatting voor {jaar}, de balk loopt van de laagste tot de "
        "hoogste waarde die we verwachten."
    )
    return Doelen(kaarten, intro)


def _buiten(plek: Plek, d: Rij) -> list[str]:
    """Return the names of gemeenten that are not in the panel of a target of the regio."""
    if plek.gebied != REGIO:
        return []
    zijn = (d["doel_id"], d["jaar"])
    return [plek.bron.naam(r["gebied_code"]) for r in plek.vraag(_BUITEN) if (r["doel_id"], r["jaar"]) == zijn]


def _pad(d: Rij, tot: int) -> list[tuple[int, float]]:
    factor = 1 + d["jaarlijkse_verandering"]
    return [(j, 100 * factor ** (j - d["basisjaar"])) for j in range(d["basisjaar"], tot + 1)]


def tot_en_met(d: Mapping[str, Any]) -> str:
    """Say over which months a target is judged."""
    if not d["n_maanden"] or d["t_m_maand"] is None:
        return str(d["jaar"])
    if d["n_maanden"] == d["t_m_maand"].month:
        return f"januari tot en met {maand(d['t_m_maand'])}"
    return f"{taal.meervoud(d['n_maanden'], 'maand', 'maanden')} van {d['jaar']}, tot en met {taal.MAANDEN[d['t_m_maand'].month - 1]}"


def _zonder(d: Rij) -> str:
    """Say which care a target leaves out, so that its cost is not that of the whole segment."""
    wat = d.get("uitsluiting")
    return f"Zonder {wat}: deze kosten zijn lager dan die van het hele segment." if wat else ""


def _doel(plek: Plek, d: Rij, pad: list[tuple[int, float]], grenzen: tuple[float, float]) -> Doel:
    teken = teken_van(d)
    naam = koppen.doel_naam(d["naam"].split(" (")[0], d["jaarlijkse_verandering"])
    vorm = euro if d["eenheid"] == "euro" else getal
    velden = (
        ("basiswaarde", f"Basis {d['basisjaar']}, zelfde maanden"),
        ("streefwaarde", "Streefwaarde"),
        ("realisatie", "Ontvangen"),
        ("realisatie_geschat", "Schatting"),
        ("ondergrens", "Ondergrens 80%"),
        ("bovengrens", "Bovengrens 80%"),
        ("voorbehoud_eur", "Onder voorbehoud"),
        ("jaarverwachting", f"Verwachting heel {d['jaar']}"),
        ("streefwaarde_jaar", f"Streefwaarde heel {d['jaar']}"),
    )
    tabel = [
        {"wat": wat, "waarde": (euro if k == "voorbehoud_eur" else vorm)(d[k])}
        for k, wat in velden
        if d[k] is not None
        and (k != "jaarverwachting" or zekerheid.is_te_noemen(d))
        and (k != "voorbehoud_eur" or d["eenheid"] == "euro")
    ]
    zeker = " ".join(z for z in (zekerheid.grenzen(d, _buiten(plek, d)), zekerheid.jaarverwachting(d), _zonder(d)) if z)
    segment = d["segment"].split("+")[0]
    return Doel(
        id=d["doel_id"],
        naam=naam,
        kort=d["naam"].split(" (")[0],
        teken=teken,
        zin=koppen.doel_zin(d, tot_en_met(d)),
        zeker=zeker,
        letop=zekerheid.doel_letop(d),
        tabel=Tabel(naam, _DOELKOLOMMEN, tabel, "sturing.doelrealisatie"),
        beeld=beelden.streefpad(d, pad, grenzen, naam, teken.woord),
        verwijs=f"segment/{segment}.html",
    )


# the year -------------------------------------------------------------------------------------------------------------

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


# deliveries -----------------------------------------------------------------------------------------------------------

LEVERINGEN = """
SELECT gemeente, bericht, maand, status, dagen_te_laat, is_verplicht FROM kwaliteit.leveringsstatus ORDER BY ALL"""
LEVERINGEN_OPENBAAR = """
SELECT gemeente, bericht, maand, status, NULL AS dagen_te_laat, true AS is_verplicht FROM openbaar.leveringen ORDER BY ALL"""
OPEN_STATUS = ("AFGEKEURD", "ONTBREEKT", "TE_LAAT")
_CELLEN = {
    "AFGEKEURD": (5, Cel("fout", "✕", "afgekeurd")),
    "ONTBREEKT": (4, Cel("mist", "!", "ontbreekt")),
    "TE_LAAT": (3, Cel("mist", "!", "te laat, nog niet binnen")),
    "VERWACHT": (1, Cel("straks", "·", "nog niet nodig")),
    "NOG_NIET_AANGESLOTEN": (1, Cel("straks", "·", "niet aangesloten")),
}
_LAAT = (2, Cel("laat", "L", "geleverd, te laat"))
_ER = (0, Cel("goed", "✓", "geleverd"))
"""In the public edition, which does not say when."""
_GOED = (0, Cel("goed", "✓", "geleverd op tijd"))
_NIETS = (0, Cel("straks", "·", "niet verplicht"))


def _cel(rij: Rij | None) -> tuple[int, Cel]:
    if rij is None:
        return _NIETS
    if rij["status"] in _CELLEN:
        return _CELLEN[rij["status"]]
    if rij["dagen_te_laat"] is None:
        return _ER
    return _LAAT if rij["dagen_te_laat"] else _GOED


def leveringsmaanden(rijen: Rijen, n: int) -> list[dt.date]:
    """Return the last `n` months of which anything was due."""
    return sorted({r["maand"] for r in rijen if r["status"] != "VERWACHT"})[-n:]


def maandkoppen(maanden: Sequence[dt.date]) -> list[dict[str, Any]]:
    """Return headings of months; older than six months go on a phone."""
    return [
        {
            "boven": taal.KORT[m.month - 1],
            "onder": f"’{m.year % 100:02d}",
            "vol": maand(m),
            "oud": m not in maanden[-6:],
        }
        for m in maanden
    ]


def leveringenmatrix(
    plek: Plek,
    *,
    titel: str,
    n: int = 12,
    bericht: str = "",
    per_bericht: bool = False,
    kop: str = "",
    onderkop: str = "",
) -> Matrix | None:
    """Return who delivered what: a row per gemeente (or per bericht of one), the worst of the berichten in a cell."""
    is_openbaar = plek.editie.is_openbaar
    alle = plek.vraag(LEVERINGEN_OPENBAAR if is_openbaar else LEVERINGEN)
    maanden = leveringsmaanden(alle, n)
    if not maanden:
        return None
    mijn = {r["bericht"] for r in alle if not per_bericht or r["gemeente"] == plek.gebied}
    kern = [b for b in sorted(KERN, reverse=True) if b in mijn]
    verder = sorted(mijn - set(kern))
    # of all together those every gemeente delivers: what is agreed on apart is shown apart
    berichten = [bericht] if bericht else [*kern, *verder] if per_bericht else kern
    zoek = {(r["gemeente"], r["bericht"], r["maand"]): r for r in alle}

    def ergste(gemeente: str, m: dt.date, welke: Sequence[str]) -> Cel:
        # of equals the first: the order is that of the berichten
        waarde, cel, b = max(((*_cel(zoek.get((gemeente, b, m))), b) for b in welke), key=lambda x: x[0])
        woord = cel.woord.replace("ontbreekt", "ontbreken")  # berichten are more than one
        return Cel(cel.klasse, cel.teken, f"{b} {woord}" if waarde > 1 and len(welke) > 1 else cel.woord)

    if per_bericht:
        rijen = [(b.capitalize(), "", [ergste(plek.gebied, m, [b]) for m in maanden]) for b in berichten]
    else:
        rijen = [
            (
                naam,
                "" if plek.editie.gemeente else f"gemeente/{code}.html",
                [ergste(code, m, berichten) for m in maanden],
            )
            for code, naam in plek.bron.gemeenten.items()
            if any(r["gemeente"] == code and r["bericht"] in berichten for r in alle)
        ]
        if any(r["gemeente"] == REGIO and r["bericht"] in berichten for r in alle):
            rijen.append(("De regio", "", [ergste(REGIO, m, berichten) for m in maanden]))
    bron = "openbaar.leveringen" if is_openbaar else "kwaliteit.leveringsstatus"
    eerste = "Bericht" if per_bericht else "Gemeente"
    koppen_ = maandkoppen(maanden)
    return Matrix(titel, eerste, koppen_, rijen, kop=kop, onderkop=onderkop, bron=bron, met_tijd=not is_openbaar)


def mist(plek: Plek, maand_: dt.date) -> dict[str, list[str]]:
    """Return by bericht the names of gemeenten of which what is due over a month is not there."""
    rijen = plek.vraag(LEVERINGEN_OPENBAAR if plek.editie.is_openbaar else LEVERINGEN)
    uit: dict[str, list[str]] = {}
    for r in rijen:
        if r["maand"] == maand_ and r["is_verplicht"] and r["status"] in OPEN_STATUS and _van_hier(plek, r):
            uit.setdefault(r["bericht"], []).append(plek.bron.naam(r["gemeente"]))
    return {b: sorted(n) for b, n in uit.items()}


def _van_hier(plek: Plek, levering: Rij) -> bool:
    """Tell whether a levering is of the gebied: of the regio all are."""
    return bool(plek.gebied in (REGIO, levering["gemeente"]))


def _hoeft_later(plek: Plek, maand_: dt.date) -> bool:
    """Tell whether everything over a month that is not there is not due yet."""
    rijen = plek.vraag(LEVERINGEN_OPENBAAR if plek.editie.is_openbaar else LEVERINGEN)
    mijn = [r["status"] for r in rijen if r["maand"] == maand_ and _van_hier(plek, r) and r["bericht"] in KERN]
    return "VERWACHT" in mijn and not set(mijn) & set(OPEN_STATUS)


# of whom a month does not count as delivered, the heaviest first: the part of the youths of the region that is not in a figure
_NIET_GETELD = """
SELECT CASE i.indicator_id WHEN 'stand' THEN 'toewijzingen' ELSE 'declaraties' END AS bericht, i.periode AS maand, i.gebied_code,
    g.inwoners_0_17::DOUBLE / nullif(sum(g.inwoners_0_17) OVER (PARTITION BY i.indicator_id, i.periode), 0) AS aandeel, i.dekking
FROM sturing.indicatoren AS i JOIN meta.gebieden AS g ON g.gebied_code = i.gebied_code AND g.jaar = year(i.periode)
WHERE i.indicator_id IN ('stand', 'kosten') AND i.gebied_code <> 'REGIO' AND i.segment = 'totaal' AND i.periode_soort = 'maand'
ORDER BY aandeel DESC, i.gebied_code"""


def zwaarste(plek: Plek, maand_: dt.date) -> dict[str, list[tuple[str, float]]]:
    """Return by bericht of whom a month does not count as delivered, with their part of the youths, heaviest first.

    Of the regio, where the figures of its gemeenten are in the file; otherwise nothing.
    """
    uit: dict[str, list[tuple[str, float]]] = {}
    if plek.gebied == REGIO and not plek.editie.is_openbaar:
        for r in plek.vraag(_NIET_GETELD):
            if r["maand"] == maand_ and (r["dekking"] or 0) < 1 and r["aandeel"] is not None:
                uit.setdefault(r["bericht"], []).append((r["gebied_code"], r["aandeel"]))
    return uit


def wie_ontbreekt(plek: Plek, bericht: str | None, maand_: dt.date) -> list[str]:
    """Say of whom a month is not there and why, heaviest first with their part of the youths; nothing where all is.

    Of one bericht, or (None) of those that every gemeente delivers together.
    """
    berichten = KERN if bericht is None else (bericht,)
    gewogen = {c: deel for b in berichten for c, deel in zwaarste(plek, maand_).get(b, [])}
    stand: dict[str, bool] = {}
    open_van: dict[str, list[str]] = {}
    for r in plek.vraag(LEVERINGEN_OPENBAAR if plek.editie.is_openbaar else LEVERINGEN):
        if r["maand"] == maand_ and r["bericht"] in berichten and not r["status"].startswith(("GEACCEPTEERD", "NIHIL")):
            mist_nu = bool(r["is_verplicht"] and r["status"] in OPEN_STATUS)
            stand[r["gemeente"]] = stand.get(r["gemeente"], False) or mist_nu
            open_van.setdefault(r["gemeente"], []).append(r["bericht"])
    if not gewogen:
        namen = sorted({n for b in berichten for n in mist(plek, maand_).get(b, [])})
        return [f"Niet binnen of afgekeurd: {taal.rij(namen)}."] if namen else []
    soorten: dict[str, list[str]] = {}
    for code, deel in sorted(gewogen.items(), key=lambda x: (-x[1], x[0])):
        soort = "geteld" if code not in stand else "mist" if stand[code] else "straks"
        welk = f"{open_van[code][0]}, " if bericht is None and len(open_van.get(code, ())) == 1 else ""
        soorten.setdefault(soort, []).append(f"{plek.bron.naam(code)} ({welk}{procent(deel)})")
    uit = [f"{_ONTBREEKT[s]}: {taal.rij(soorten[s])}." for s in _ONTBREEKT if s in soorten]
    return [*uit, "Tussen haakjes staat welk deel van de jeugd van de regio er woont."]


_ONTBREEKT = {
    "mist": "Niet binnen of afgekeurd",
    "straks": "Hoeft pas later",
    "geteld": "Wel binnen, maar niet heel: te veel geweigerd, of rijen die niet bij deze maand kunnen horen",
}


DEKKING = """
SELECT CASE indicator_id WHEN 'stand' THEN 'toewijzingen' ELSE 'declaraties' END AS bericht, periode AS maand, dekking, rijping
FROM sturing.indicatoren
WHERE indicator_id IN ('stand', 'kosten') AND gebied_code = $gebied AND segment = 'totaal' AND periode_soort = 'maand'
ORDER BY bericht DESC, maand"""


def dekking_per_bericht(plek: Plek) -> dict[str, Rijen]:
    """Return per bericht the coverage and maturity of every month of a gebied."""
    uit: dict[str, Rijen] = {}
    for r in plek.vraag(DEKKING):
        uit.setdefault(r["bericht"], []).append(r)
    return uit


def geloof(plek: Plek) -> str:
    """May one believe this? In a few sentences: what of the last month is in, until when it is definitive, reserve."""
    per = dekking_per_bericht(plek)
    laatste = plek.bron.laatste_maand
    nu = {b: next((r["dekking"] for r in rijen if r["maand"] == laatste), 0.0) or 0.0 for b, rijen in per.items()}
    vast = [r["maand"] for r in next(iter(per.values()), []) if r["rijping"] == "definitief"]
    reserve = (
        plek.bron.een(
            "SELECT sum(voorbehoud_eur) AS b, sum(netto_eur) AS n FROM kosten.kosten_zorgmaand "
            "WHERE gebied_code = $gebied AND year(zorgmaand) = year($laatste)",
            plek.waarden,
        )
        if "kosten.kosten_zorgmaand" in plek.bron.tabellen
        else {}
    )
    vb, netto = reserve.get("b") or 0, reserve.get("n") or 0
    te_veel = bool(vb) and not is_zuiver({"reserve": abs(vb) / (abs(vb) + abs(netto))})
    open_ = mist(plek, laatste)
    wie = len({n for namen in open_.values() for n in namen})
    if not vast:
        woord = "Nog niet."
    elif all(d >= 0.95 for d in nu.values()) and not open_ and not te_veel:
        woord = "Ja."
    else:
        woord = "Deels."
    delen = [f"Mag u dit geloven? {woord}"]
    if nu:
        delen.append(
            f"Over {maand(laatste)} is {taal.rij(f'{geleverd(d)} van de {b}' for b, d in nu.items())} geleverd."
        )
    if plek.gebied == REGIO and zwaarste(plek, laatste):
        delen += wie_ontbreekt(plek, None, laatste)
    elif wie and plek.gebied == REGIO:
        ontbreekt = "ontbreekt een bestand of is het afgekeurd"
        delen.append(f"Van {taal.meervoud(wie, 'gemeente', 'gemeenten')} {ontbreekt}.")
    elif plek.gebied != REGIO and not open_ and nu and min(nu.values()) < 1 and _hoeft_later(plek, laatste):
        delen.append("Dat hoeft ook nog niet.")
    if vast:
        delen.append(
            f"Cijfers tot en met {maand(vast[-1])} zijn definitief (er komt hoogstens nog een paar procent bij), daarna voorlopig."
        )
    if te_veel:
        delen.append(f"Van de kosten van {laatste.year} staat {bedrag(vb)} onder voorbehoud: dat telt niet mee.")
    return " ".join(delen)
