"""Queries, tables and the block that more than one public page uses; from the public tables and nothing finer.

Lives here: how a public value is written, and why one is not shown. Keep out: the pages (openbaar.py,
openbaar_begrip.py).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from pipeline.rapport import beelden, koppen, segmenten, taal
from pipeline.rapport.beweging import Vergelijking, beweging, jaar_eerder, vergelijk
from pipeline.rapport.blokken import Blok, Inhoud, Kolom, Plek, Punten, Tabel, Tabelblok
from pipeline.rapport.bron import Rijen
from pipeline.rapport.taal import euro, geleverd, getal, procent

JAREN = """
SELECT periode AS maand, waarde AS v, teken, dekking, CASE WHEN teken = '' THEN 'definitief' ELSE 'voorlopig' END AS rijping
FROM openbaar.kerncijfers
WHERE indicator_id = $indicator AND gebied_code = $gebied AND segment = $segment AND periode_soort = 'jaar' ORDER BY periode"""
KWARTALEN = JAREN.replace("'jaar'", "'kwartaal'")
ALLES = """
SELECT indicator_id, periode, segment, waarde AS v, eenheid, teken, dekking FROM openbaar.kerncijfers
WHERE gebied_code = $gebied AND segment = $segment AND periode_soort = 'jaar' ORDER BY indicator_id, periode"""
TEKENZIN = {
    "onvolledig": "nog niet compleet en definitief, of te veel onder voorbehoud",
    "<10": "minder dan tien",
    "te_klein": "te weinig om te tonen",
}


def vorm_van(eenheid: str) -> taal.Vorm:
    """How a public value is written: it is rounded already, so nothing finer."""
    if eenheid == "aandeel":
        return lambda x: procent(x, 0) if x is None or round(x * 100, 6) == round(x * 100) else procent(x, 1)
    return euro if eenheid == "euro" else getal


def _kwartaal_kop(rijen: Rijen, plek: Plek) -> str:
    met = [r for r in rijen if r["v"] is not None]
    if not met:
        return koppen.stand(vergelijk(rijen, "aantal"), segmenten.waar(plek.segment))
    nu = met[-1]
    toen = next((r for r in rijen if r["maand"] == jaar_eerder(nu["maand"])), None)
    slot = dict(nu) | {"maand": _slotmaand(nu["maand"])}

    return koppen.stand(Vergelijking(slot, toen, beweging(nu, toen, "aantal")), segmenten.waar(plek.segment))


def _slotmaand(d: dt.date) -> dt.date:
    return d.replace(month=d.month + 2)


def _kwartaal_zeker(rijen: Rijen, _plek: Plek) -> str:
    met = [r for r in rijen if r["v"] is not None]
    if not met:
        return "Er is nog geen kwartaal dat compleet en definitief is."
    uit = f"Tot en met het {taal.kwartaal(met[-1]['maand'])}. Alleen kwartalen die voor minstens 95% zijn geleverd en definitief zijn; aantallen zijn afgerond op vijf."
    leeg = [r for r in rijen if r["v"] is None]
    if leeg:
        uit += f" Niet getoond: {taal.meervoud(len(leeg), 'kwartaal', 'kwartalen')} ({taal.rij(sorted({TEKENZIN[r['teken']] for r in leeg}))})."
    return uit


STAND_BLOK = Blok(
    id="stand",
    vraag="Jeugdigen {waar} op de laatste dag van het kwartaal, {naam}. De as begint niet bij nul.",
    sql=KWARTALEN.replace("$indicator", "'stand'"),
    bron="openbaar.kerncijfers",
    kop=_kwartaal_kop,
    kolommen=(
        Kolom("maand", "Kwartaal", taal.kwartaal),
        Kolom("v", "Jeugdigen", getal, "teken"),
        Kolom("dekking", "Geleverd", geleverd),
    ),
    zeker=_kwartaal_zeker,
    beeld=lambda rijen, p: beelden.lijn(rijen, f"Jeugdigen {segmenten.waar(p.segment)}"),
    definitie="stand",
)


def jarentabel(plek: Plek) -> list[Inhoud]:
    """Return all public figures of a gebied and segment, a row per indicator, a column per year."""
    rijen = plek.vraag(ALLES)
    jaren = sorted({r["periode"].year for r in rijen}, reverse=True)
    per: dict[str, dict[str, Any]] = {}
    for r in rijen:
        d = plek.bron.indicatoren.get(r["indicator_id"], {})
        rij = per.setdefault(
            r["indicator_id"],
            {
                "naam": d.get("naam", r["indicator_id"]),
                "pad": f"begrip/{r['indicator_id']}.html",
                **{f"{j}": taal.LEEG for j in jaren},
                **{f"{j}t": "" for j in jaren},
            },
        )
        j = str(r["periode"].year)
        rij[j] = vorm_van(r["eenheid"])(r["v"]) + (" dagen" if r["eenheid"] == "dagen" and r["v"] is not None else "")
        rij[f"{j}t"] = r["teken"]
    if not per:
        return [Punten((), leeg="Er is nog geen heel jaar.")]
    kolommen = [Kolom("naam", "Cijfer"), *(Kolom(str(j), str(j), taal.tekst, f"{j}t") for j in jaren)]
    titel = f"Cijfers per jaar, {plek.gebied_naam}, {segmenten.naam(plek.segment).lower()}"
    tabel = Tabel(
        titel,
        kolommen,
        sorted(per.values(), key=lambda r: r["naam"]),
        "openbaar.kerncijfers",
        verwijs=lambda r: str(r["pad"]),
    )
    return [Tabelblok("", "", tabel, zeker="Afgerond, en alleen wat voor minstens 95% is geleverd en definitief is.")]


def stroomtabel(plek: Plek) -> list[Inhoud]:
    """Return flows and cost of a gebied and segment, a row per quarter."""
    soorten = (
        ("instroom", "Instroom", getal),
        ("uitstroom", "Uitstroom", getal),
        ("crisis_instroom", "Begonnen crisistrajecten", getal),
        ("kosten", "Kosten", euro),
    )
    per: dict[Any, dict[str, Any]] = {}
    er: list[tuple[str, str, taal.Vorm]] = []
    for i, kop, vorm in soorten:
        rijen = plek.met(indicator=i).vraag(KWARTALEN)
        if rijen:
            er.append((i, kop, vorm))
        for r in rijen:
            per.setdefault(r["maand"], {"maand": r["maand"]}).update({i: r["v"], f"{i}t": r["teken"]})
    if not er:
        return []
    tabel = [
        {**{i: None for i, _, _ in er}, **{f"{i}t": "" for i, _, _ in er}, **r}
        for _, r in sorted(per.items(), reverse=True)
    ]
    kolommen = [Kolom("maand", "Kwartaal", taal.kwartaal), *(Kolom(i, kop, vorm, f"{i}t") for i, kop, vorm in er)]
    titel = f"Per kwartaal, {segmenten.naam(plek.segment).lower()}"
    zeker = (
        ""
        if plek.segment == "totaal"
        else "Wie uit een andere soort hulp komt of daarheen gaat, telt niet als in- of uitstroom: het verschil is dus niet hoeveel jeugdigen er bijkomen."
    )
    return [Tabelblok(titel, "", Tabel(titel, kolommen, tabel, "openbaar.kerncijfers"), zeker=zeker)]
