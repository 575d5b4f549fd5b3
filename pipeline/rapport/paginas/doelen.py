"""Targets of a gebied: how each stands, what it may rest on, who is compared.

Lives here: the cards of targets and what is asked for them. Keep out: whether there is a verdict (dbt), words (koppen.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from pipeline.rapport import beelden, koppen, taal, zekerheid
from pipeline.rapport.blokken import (
    Doel,
    Doelen,
    Kolom,
    Plek,
    Tabel,
    Teken,
)
from pipeline.rapport.bron import REGIO, Rij, Rijen
from pipeline.rapport.taal import euro, getal, maand

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
    rijen = plek.vraag(DOELEN)
    jaar = doeljaar(rijen, plek.bron.laatste_maand)

    def plaats(r: Rij) -> tuple[int, str]:
        s = r["segment"]
        return (_DOELVOLGORDE.index(s) if s in _DOELVOLGORDE else len(_DOELVOLGORDE), r["doel_id"])

    return sorted((r for r in rijen if r["jaar"] == jaar), key=plaats)


def teken_van(d: Mapping[str, Any]) -> Teken:
    """Return the sign of a target: doubted when a caveat stands beside it."""
    return koppen.teken(d["status"], twijfel=bool(zekerheid.doel_letop(d)))


def alle(plek: Plek, *, alleen: str = "") -> Doelen:
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
