"""How sure a figure is, in the one line under it, and what makes it unusable, in the box below that.

Lives here: sentences on coverage, maturity, reserve and small numbers; always month and year, always in the same words.
Keep out: what a figure says (koppen.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.rapport.beweging import DEFINITIEF, is_heel, is_zuiver
from pipeline.rapport.blokken import Plek
from pipeline.rapport.bron import Rijen
from pipeline.rapport.taal import bedrag, geleverd, maand, meervoud, procent, rij, tel, zin

OPEN = "Open stip: minder dan 95% geleverd; een lager cijfer is dan geen daling, een hoger geen stijging."
"""What every hollow marker means."""


def voorlopig_sinds(rijen: Sequence[Mapping[str, Any]]) -> dt.date | None:
    """Return the first month that is not definitive; None when all are."""
    return next((r["maand"] for r in rijen if r["rijping"] != DEFINITIEF), None)


def reeks(rijen: Rijen, _plek: Plek) -> str:
    """Say of a series of months how complete its last one is, since when it is provisional, and what hollow means."""
    met = [r for r in rijen if r["v"] is not None]
    if not met:
        return waarom_niets(rijen)
    laatste = met[-1]
    delen = [
        f"{zin(maand(laatste['maand']))} is compleet."
        if laatste["dekking"] is not None and laatste["dekking"] >= 1
        else f"Van {maand(laatste['maand'])} is {geleverd(laatste['dekking'])} geleverd."
    ]
    if sinds := voorlopig_sinds(met):
        delen.append(f"Vanaf {maand(sinds)} voorlopig (onderbroken lijn).")
    if any(not is_heel(r) for r in met):
        delen.append(OPEN)
    if gaten := [r["maand"] for r in rijen[:-1] if r["v"] is None]:
        delen.append(f"Geen cijfer over {rij([maand(m) for m in gaten[-3:]])}.")
    return " ".join(delen)


def waarom_niets(rijen: Rijen) -> str:
    """Say why a series has no value at all: nothing is there, too little was delivered, or too much is under reserve."""
    if not rijen:
        return "Hierover is nog niets te zeggen: er zijn geen gegevens."
    laatste = rijen[-1]
    if not is_zuiver(laatste):
        return (
            "Er is geen cijfer: er staat te veel onder voorbehoud om te vergelijken. Bedragen die niet kunnen kloppen tellen niet "
            "mee tot de gemeente ze herstelt of bevestigt."
        )
    if not is_heel(laatste):
        return f"Er is nog geen cijfer: voor {maand(laatste['maand'])} is {geleverd(laatste['dekking'])} geleverd."
    return "Er is geen cijfer: wat ervoor nodig is, is er niet of is nog niet definitief."


def periode(rij_: Mapping[str, Any], wat: str) -> str:
    """Say of one figure over a period how complete and definitive it is; `wat`: what it is about, with a capital."""
    compleet = rij_["dekking"] is not None and rij_["dekking"] >= 1
    hoe = "definitief" if rij_["rijping"] == DEFINITIEF else "voorlopig"
    uit = (
        f"{wat} is compleet en {hoe}."
        if compleet
        else f"Van {wat[:1].lower() + wat[1:]} is {geleverd(rij_['dekking'])} geleverd; het cijfer is {hoe}."
    )
    return uit if is_heel(rij_) else f"{uit} Een lager cijfer is dan geen daling, een hoger geen stijging."


def reserve(voorbehoud_eur: Any, quarantaine_eur: Any = None) -> str:
    """Say what is under reserve and in quarantine; empty when nothing."""
    delen = []
    if voorbehoud_eur:
        delen.append(f"{bedrag(voorbehoud_eur)} staat onder voorbehoud en telt niet mee")
    if quarantaine_eur:
        delen.append(f"{bedrag(quarantaine_eur)} staat in geweigerde rijen")
    return f"{zin(' en '.join(delen))}, tot de gemeente het herstelt of bevestigt." if delen else ""


def maanden_onder_voorbehoud(rijen: Rijen) -> str:
    """Name the months of which so much is under reserve that they are no level; empty when there are none."""
    fout = [r for r in rijen if not is_zuiver(r)]
    if not fout:
        return ""
    som = sum(r["voorbehoud_eur"] for r in fout)
    namen = rij([maand(r["maand"]) for r in fout[-4:]])
    meer = "" if len(fout) <= 4 else f" en {meervoud(len(fout) - 4, 'eerdere maand', 'eerdere maanden')}"
    return (
        f"Over {namen}{meer} staat samen {bedrag(som)} onder voorbehoud: bedragen die niet kunnen kloppen. Zij tellen niet "
        "mee tot de gemeente ze herstelt of bevestigt. Lees die maanden niet als een niveau."
    )


def grenzen(d: Mapping[str, Any], buiten: Sequence[str] = ()) -> str:
    """Say of a target how much came in, between which bounds the end lies, who is compared and who is left out (`buiten`)."""
    delen = []
    if d["realisatie_geschat"] is not None and d["is_geschat"]:
        delen.append(
            f"Ontvangen is {bedrag(d['realisatie'])}; de rest is nog onderweg. Het eindbedrag ligt met 80% zekerheid tussen "
            f"{bedrag(d['ondergrens'])} en {bedrag(d['bovengrens'])}."
        )
        if d["streefwaarde"] is not None and d["ondergrens"] <= d["streefwaarde"] <= d["bovengrens"]:
            delen.append("De streefwaarde ligt daartussen: het kan nog beide kanten op.")
    if d["panel_dekking"] and d["gebied_code"] == "REGIO":
        wie = meervoud(d["panel_n_gemeenten"], "gemeente", "gemeenten")
        deel = geleverd(d["panel_dekking"])
        delen.append(
            f"Vergeleken zijn dezelfde {d['n_maanden']} maanden van {wie}, samen {deel} van de inwoners tot 18 jaar."
        )
        if buiten:
            delen.append(f"Niet in de vergelijking, want niet alle maanden zijn geleverd: {rij(list(buiten))}.")
    return " ".join(delen)


def is_te_noemen(d: Mapping[str, Any]) -> bool:
    """Tell whether the expectation of the year lies within its own bounds, as far as there are any."""
    onder, boven = d["jaarverwachting_ondergrens"], d["jaarverwachting_bovengrens"]
    return onder is None or bool(onder <= d["jaarverwachting"] <= boven)


def jaarverwachting(d: Mapping[str, Any]) -> str:
    """Say what the whole year is expected to come to; empty when that is not known."""
    if d["jaarverwachting"] is None:
        return ""
    onder, boven = d["jaarverwachting_ondergrens"], d["jaarverwachting_bovengrens"]
    uit = f"Over heel {d['jaar']} verwachten we {_panel(d)}"
    if onder is None:
        uit += bedrag(d["jaarverwachting"])
    elif is_te_noemen(d):
        uit += f"{bedrag(d['jaarverwachting'])} (80% zekerheid: {bedrag(onder)} tot {bedrag(boven)})"
    else:
        # the same rule came out on one side nearly every time before: what it says is no estimate, its bounds are
        uit += f"{bedrag(onder)} tot {bedrag(boven)} (80% zekerheid)"
    if d["streefwaarde_jaar"] is not None:
        uit += f"; de streefwaarde van dat jaar is {bedrag(d['streefwaarde_jaar'])}"
    return f"{uit}."


def heel_jaar(d: Mapping[str, Any]) -> str:
    """Say of what the expectation of a year is made, of whom, and what stands beside it (kosten.jaarverwachting)."""
    deel = d["ontvangen_eur"] / d["jaarverwachting_eur"] if d["jaarverwachting_eur"] else None
    delen = [f"Daarvan is {bedrag(d['ontvangen_eur'])} binnen ({procent(deel)})." if deel is not None else ""]
    if d["ondergrens_eur"] is not None:
        delen.append(f"Met 80% zekerheid wordt het {bedrag(d['ondergrens_eur'])} tot {bedrag(d['bovengrens_eur'])}.")
    else:
        delen.append("Er is te weinig geschiedenis om te zeggen hoe zeker dat is.")
    if d["n_maanden_verwacht"]:
        n = d["n_maanden_verwacht"]
        wat = f"Elk van de {tel(n)} maanden" if n > 1 else "De maand"
        delen.append(
            f"{wat} na {maand(d['t_m_maand'])} is verwacht als het gemiddelde van de twaalf nieuwste definitieve "
            f"maanden{_bijstelling(d['bijstelling'])}."
        )
    if d["dekking"] < 1:
        wie = meervoud(d["n_gemeenten"], "gemeente", "gemeenten")
        delen.append(f"Het is de verwachting van {wie} ({geleverd(d['dekking'])} van de inwoners tot 18 jaar).")
    return " ".join(x for x in delen if x)


def _bijstelling(deel: float) -> str:
    """Say how far that average was off before."""
    if abs(deel) < 0.0005:
        return ""
    return f" {'plus' if deel > 0 else 'min'} {procent(abs(deel), 1)}, want zoveel {'hoger' if deel > 0 else 'lager'} werd het eerder"


def _panel(d: Mapping[str, Any]) -> str:
    """Say of how many gemeenten a figure of the regio is, where it is not of all."""
    if d["gebied_code"] != "REGIO" or d["panel_dekking"] is None or d["panel_dekking"] >= 1:
        return ""
    return f"voor de {tel(d['panel_n_gemeenten'])} beoordeelde gemeenten "


def doel_letop(d: Mapping[str, Any]) -> str:
    """Say what makes a verdict doubtful or missing; empty when nothing."""
    if d["realisatie"] is None or not d["voorbehoud_eur"]:
        return ""
    deel = abs(d["voorbehoud_eur"]) / (abs(d["realisatie"]) + abs(d["voorbehoud_eur"]))
    if is_zuiver({"reserve": deel}):
        return ""
    uit = reserve(d["voorbehoud_eur"])
    if d["status"] == "onvoldoende_data":
        return uit
    return f"{uit} Ook als het meetelt is het oordeel hetzelfde."
