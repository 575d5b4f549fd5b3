"""Who delivered what, of which months that is enough, and whether the figures may be believed.

Lives here: the matrix of leveringen, who is missing and why, coverage per bericht. Keep out: findings (kwaliteit.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from pipeline.domain.leveringen import KERN
from pipeline.rapport import taal
from pipeline.rapport.beweging import is_zuiver
from pipeline.rapport.blokken import (
    Cel,
    Matrix,
    Plek,
)
from pipeline.rapport.bron import REGIO, Rij, Rijen
from pipeline.rapport.taal import bedrag, geleverd, maand, procent

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
