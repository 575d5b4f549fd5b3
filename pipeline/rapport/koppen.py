"""Headlines: the finding in one sentence, from rules, with a neutral sentence where no rule applies.

Lives here: every sentence above a chart or a page that says something about figures. A rule gets what is known and what
may be said (beweging.py) and gives plain Dutch that is right for one and for many. A cause is never given: that is for
the duiding. Add here: a rule, with its cases in `tests/rapport/koppen.txt`, which a reader has read. Keep out: whether
a change may be named (beweging.py); how sure a figure is (zekerheid.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.rapport.beweging import VOLDOENDE, Beweging, Vergelijking
from pipeline.rapport.blokken import Teken
from pipeline.rapport.taal import bedrag, getal, kwartaal, maand, meervoud, procent, rij, tel, zin

STATUSWOORD = {
    "op_koers": "Op koers",
    "aandacht": "Aandacht",
    "niet_op_koers": "Niet op koers",
    "onvoldoende_data": "Niet te beoordelen",
}
TWIJFEL = "Op koers, maar we twijfelen"


def teken(status: str, *, twijfel: bool) -> Teken:
    """Return the sign of a verdict; a full check is never shown beside a caveat."""
    if status == "op_koers" and twijfel:
        return Teken(status, TWIJFEL, twijfel=True)
    return Teken(status, STATUSWOORD[status])


def eenheid_vorm(eenheid: str, x: Any) -> str:
    """Write a value of an indicator by its unit."""
    if eenheid == "aandeel":
        return procent(x, 1)
    return bedrag(x) if eenheid == "euro" else getal(x)


def verschil_vorm(eenheid: str, x: float) -> str:
    """Write a difference, without its sign."""
    if eenheid == "aandeel":
        return f"{getal(abs(x) * 100, 1)} procentpunt"
    if eenheid == "dagen":
        return meervoud_cijfer(round(abs(x)), "dag", "dagen")
    return bedrag(abs(x)) if eenheid == "euro" else getal(abs(x))


def meervoud_cijfer(n: Any, een: str, meer: str) -> str:
    """Return `1 dag`, `24 dagen`."""
    heel = round(float(n))
    return f"{getal(heel)} {een if heel == 1 else meer}"


def dan_een_jaar_eerder(v: Vergelijking, eenheid: str) -> str:
    """Say how a figure stands beside a year earlier, with a comma before it; nothing where nothing may be said."""
    if v.beweging is Beweging.ZWIJGT:
        return ""
    if v.beweging is Beweging.GELIJK:
        return ", ongeveer evenveel als een jaar eerder" if eenheid == "aantal" else ", ongeveer als een jaar eerder"
    woorden = {"aantal": ("meer", "minder"), "dagen": ("langer", "korter")}.get(eenheid, ("hoger", "lager"))
    woord = woorden[0] if v.beweging is Beweging.MEER else woorden[1]
    return f", {verschil_vorm(eenheid, v.verschil)} {woord} dan een jaar eerder"


def stand(v: Vergelijking, waar: str) -> str:
    """Say how many youths there are at the end of a month."""
    if v.nu is None:
        return f"Hoeveel jeugdigen {waar}?"
    wie = meervoud_cijfer(v.nu["v"], "jeugdige", "jeugdigen")
    return f"Eind {maand(v.nu['maand'])}: {wie} {waar}{dan_een_jaar_eerder(v, 'aantal')}"


def stromen(rij_: Mapping[str, Any] | None) -> str:
    """What came and what went, in the twelve months up to the last complete one (`erbij`, `eraf`, `is_vast`)."""
    if rij_ is None or not rij_["is_vast"]:
        return "Wat kwam erbij en wat ging eraf?"
    bij, af = round(float(rij_["erbij"])), round(float(rij_["eraf"]))
    kwam = "kwam" if bij == 1 else "kwamen"
    ging = "ging" if af == 1 else "gingen"
    return f"Er {kwam} {meervoud_cijfer(bij, 'traject', 'trajecten')} bij en er {ging} er {getal(af)} af"


def duur(v: Vergelijking) -> str:
    """How long does a traject last? (median of those that ended)."""
    if v.nu is None:
        return "Hoe lang duurt een traject?"
    lang = meervoud_cijfer(v.nu["v"], "dag", "dagen")
    return f"De helft van de beëindigde trajecten duurde langer dan {lang}{dan_een_jaar_eerder(v, 'dagen')}"


def verwijzers(grootste: Mapping[str, Any] | None, *, van: str) -> str:
    """By whom do youths come in? (`naam`, `v` a share, `is_vast`); `van`: of what it is a share."""
    if grootste is None or not grootste["is_vast"]:
        return "Via wie komen jeugdigen binnen?"
    naam = _VIA.get(grootste["naam"])
    if naam is None:  # nobody, or unknown, is no referrer
        return "Via wie komen jeugdigen binnen?"
    deel = procent(grootste["v"])
    if grootste["v"] > 0.5:
        return f"Het meeste loopt via {naam}: {deel} van {van}"
    return f"Geen verwijzer is goed voor meer dan de helft; de grootste is {naam} met {deel} van {van}"


_VIA = {
    "Gemeente of gecertificeerde instelling": "de gemeente of een gecertificeerde instelling",
    "Huisarts": "de huisarts",
    "Jeugdarts": "de jeugdarts",
    "Medisch specialist": "de medisch specialist",
    "Rechter": "de rechter",
}


def maandkosten(mediaan: float | None, n_niet: int) -> str:
    """What does a month cost? The median of twelve definitive months without reserve; `n_niet` months not judged."""
    if mediaan is None:
        return "Kosten per maand"
    basis = f"Een gewone maand kost {bedrag(mediaan)}"
    if not n_niet:
        return basis
    staat = "staat" if n_niet == 1 else "staan"
    return f"{basis}; {meervoud(n_niet, 'maand', 'maanden')} {staat} er niet bij, daar is te veel onder voorbehoud"


def jaarkosten(rij_: Mapping[str, Any] | None) -> str:
    """What does a year cost? (`jaar`, `v` with what is still expected; the last whole year that is definitive)."""
    if rij_ is None:
        return "Wat kost een jaar?"
    return f"Heel {rij_['jaar']} kostte {bedrag(rij_['v'])}"


def jaarverwachting(rij_: Mapping[str, Any] | None) -> str:
    """What will the running year cost? (`jaar`, `jaarverwachting_eur`, `n_gemeenten`, `dekking`); below 95 percent no headline."""
    if rij_ is None or rij_["dekking"] < VOLDOENDE:
        return "Wat gaat het jaar kosten?"
    wie = "" if rij_["dekking"] >= 1 else f" in {meervoud(rij_['n_gemeenten'], 'gemeente', 'gemeenten')}"
    return f"Heel {rij_['jaar']} gaat naar verwachting {bedrag(rij_['jaarverwachting_eur'])} kosten{wie}"


def ontleding(rij_: Mapping[str, Any] | None, effecten: Sequence[tuple[str, float]]) -> str:
    """Why did cost change? (`jaar`, `v` the change, `is_vast`) and the parts it falls into, by name."""
    if rij_ is None or rij_["v"] is None or not rij_["is_vast"]:
        return "Waaruit bestaat de verandering van de kosten?"
    verschil, jaar_ = float(rij_["v"]), rij_["jaar"]
    van_naar = f"Van {jaar_ - 1} naar {jaar_}"
    if not effecten or abs(verschil) < 0.005 * abs(float(rij_["vorig"] or 0)):
        return f"{van_naar} bleven de kosten ongeveer gelijk"
    kant = 1 if verschil > 0 else -1
    naam, groot = max(effecten, key=lambda e: kant * e[1])
    woord = "namen de kosten toe" if verschil > 0 else "namen de kosten af"
    meest = f", het meest bij {naam} ({bedrag(groot, plus=True)})" if kant * groot > 0 else ""
    return f"{van_naar} {woord} met {bedrag(abs(verschil))}{meest}"


def concentratie(rij_: Mapping[str, Any] | None) -> str:
    """How much of the money goes to few? (`v` the share of the most expensive 15 percent, `jaar`, `is_vast`)."""
    if rij_ is None or rij_["v"] is None or not rij_["is_vast"]:
        return "Hoe zijn de kosten over jeugdigen verdeeld?"
    return f"De duurste 15% van de jeugdigen kostte in {rij_['jaar']} {procent(rij_['v'])} van het geld"


def prognose(rij_: Mapping[str, Any] | None) -> str:
    """How many places are needed? (`maand`, `v` expected, of the last month that is forecast)."""
    if rij_ is None or rij_["v"] is None:
        return "Hoeveel plekken zijn er straks nodig?"
    plekken = meervoud_cijfer(rij_["v"], "plek", "plekken")
    zijn = "is" if round(float(rij_["v"])) == 1 else "zijn"
    return f"Gaat het door zoals nu, dan {zijn} er eind {maand(rij_['maand'])} ongeveer {plekken} nodig"


def naast_elkaar(laagste: tuple[str, str] | None, hoogste: tuple[str, str] | None, wat: str) -> str:
    """How do gemeenten stand beside each other? (name and value); only those that are complete take part."""
    if laagste is None or hoogste is None or laagste == hoogste:
        return wat
    return f"{wat}: van {laagste[1]} in {laagste[0]} tot {hoogste[1]} in {hoogste[0]}"


def plaats(regio: str, rang: int, n: int, wat: str) -> str:
    """Where does a region stand among the regions? `rang` 1 is the highest value."""
    return f"{regio} staat in {wat} op plaats {rang} van {n} regio's, van hoog naar laag."


def strook(hoger: Sequence[str], lager: Sequence[str], naam: str) -> str:
    """Say where a gemeente differs from the region by more than ten percent."""
    delen = [f"{woord} bij {rij(lijst)}" for woord, lijst in (("hoger", hoger[:2]), ("lager", lager[:2])) if lijst]
    return f"{naam} zit {', en '.join(delen)}" if delen else f"{naam} naast de regio"


def aandeel(v: Vergelijking, wat: str) -> str:
    """Which share of a quarter? (`wat`: `van de toewijzingen is te laat afgegeven`)."""
    if v.nu is None:
        return f"Welk deel {wat}?"
    return f"In het {kwartaal(v.nu['maand'])}: {procent(v.nu['v'])} {wat}{dan_een_jaar_eerder(v, 'aandeel')}"


def indicator(v: Vergelijking, naam: str, eenheid: str) -> str:
    """Say the newest complete value of an indicator."""
    if v.nu is None:
        return naam
    return f"{naam}: {eenheid_vorm(eenheid, v.nu['v'])}{_eenheid_erbij(eenheid)}{dan_een_jaar_eerder(v, eenheid)}"


def _eenheid_erbij(eenheid: str) -> str:
    return " dagen" if eenheid == "dagen" else ""


# targets -------------------------------------------------------------------------------------------------------------


def doel_naam(naam: str, verandering: float) -> str:
    """Name a target and what was agreed: `Uitgaven verblijf (doel: elk jaar 10% minder)`."""
    hoeveel = getal(abs(verandering) * 100, 0 if round(verandering * 100, 6).is_integer() else 1)
    return f"{naam} (doel: elk jaar {hoeveel}% {'minder' if verandering < 0 else 'meer'})"


def doel_zin(d: Mapping[str, Any], periode: str) -> list[str]:
    """Say how a target stands: the estimate, and how far it is from the path; or why there is no verdict."""
    if d["realisatie_geschat"] is None:
        return [_GEEN_OORDEEL[d["reden"] or "dekking"].format(jaar=d["jaar"], basisjaar=d["basisjaar"])]
    is_geld = d["eenheid"] == "euro"
    vorm = bedrag if is_geld else getal
    if is_geld:
        eerst = f"De uitgaven komen naar schatting uit op {vorm(d['realisatie_geschat'])} over {periode}."
    else:
        n = round(float(d["realisatie_geschat"]))
        eerst = f"Er {'begon' if n == 1 else 'begonnen'} {meervoud_cijfer(n, 'traject', 'trajecten')} over {periode}."
    eerst = eerst[:-1] + _naast_basis(d) + "."
    if d["streefwaarde"] is None or d["afwijking"] is None:
        return [eerst]
    afstand = abs(d["afwijking"])
    streef = vorm(d["streefwaarde"])
    if afstand < 0.0005:
        return [eerst, f"Dat is gelijk aan de streefwaarde van {streef}."]
    kant = "onder" if d["afwijking"] < 0 else "boven"
    tweede = f"Dat is {procent(afstand, 1)} {kant} de streefwaarde van {streef}."
    if d["status"] == "onvoldoende_data":
        return [eerst, tweede, _GEEN_OORDEEL[d["reden"] or "dekking"].format(jaar=d["jaar"], basisjaar=d["basisjaar"])]
    return [eerst, tweede]


def _naast_basis(d: Mapping[str, Any]) -> str:
    """Say how far a target's figure is from the same months of the base year; nothing where there is no verdict.

    Where the base year lies within the bounds it is about the same.
    """
    if not d["basiswaarde"] or d["status"] == "onvoldoende_data":
        return ""
    toen = f"dezelfde maanden van {d['basisjaar']}"
    if d["ondergrens"] <= d["basiswaarde"] <= d["bovengrens"]:
        return f", ongeveer als in {toen}"
    deel = float(d["realisatie_geschat"]) / float(d["basiswaarde"]) - 1
    return f", {procent(abs(deel), 1)} {'boven' if deel > 0 else 'onder'} {toen}"


_GEEN_OORDEEL = {
    "te_vroeg": "Over {jaar} is nog niets geleverd.",
    "geen_basis": "Met {basisjaar} is niet te vergelijken: over dat jaar is te weinig bekend.",
    "dekking": "Er is te weinig geleverd om te vergelijken. Wie niet leverde zou als daling tellen; daarom geven we geen oordeel.",
    "voorbehoud": "Er staat zoveel onder voorbehoud dat het oordeel anders wordt als het meetelt; daarom geven we geen oordeel.",
}


def antwoord(statussen: Sequence[str], *, twijfel: int = 0) -> str:
    """Answer at once: how do the targets stand? `twijfel` of those on course are doubted."""
    n = len(statussen)
    if not n:
        return "Er zijn geen doelen afgesproken"
    niet = statussen.count("niet_op_koers")
    op = statussen.count("op_koers") - twijfel
    rest = n - niet - op
    if rest == n:
        return (
            "Over geen van de doelen kunnen we nu iets zeker zeggen"
            if n > 1
            else "Over het doel is nu niets zeker te zeggen"
        )
    delen = []
    if niet:
        delen.append(_ligt(niet, n, "niet op koers"))
    if op:
        delen.append(_ligt(op, n if not niet else 0, "op koers"))
    eerste = zin(" en ".join(delen))
    if not rest:
        return eerste
    if rest == 1:
        return f"{eerste}. Over het andere doel kunnen we nog niets zeker zeggen"
    return f"{eerste}. Over de andere {tel(rest)} kunnen we nog niets zeker zeggen"


def _ligt(k: int, van: int, hoe: str) -> str:
    """`twee van de vijf doelen liggen niet op koers`; without `van`: `een ligt op koers`."""
    ligt = "ligt" if k == 1 else "liggen"
    wie = "één" if k == 1 else tel(k)
    if not van:
        return f"{wie} {ligt} {hoe}"
    if van == 1:
        return f"het doel ligt {hoe}"
    if k == van == 2:
        return f"beide doelen liggen {hoe}"
    if k == van and hoe.startswith("niet "):
        return f"geen van de {tel(van)} doelen ligt {hoe.removeprefix('niet ')}"
    return f"alle {tel(van)} doelen liggen {hoe}" if k == van else f"{wie} van de {tel(van)} doelen {ligt} {hoe}"


# whole pages ---------------------------------------------------------------------------------------------------------


def segment(v: Vergelijking, naam: str, waar: str, doel: tuple[str, str] | None) -> str:
    """Headline of a segment: its youths, and how its target stands (`uitgaven` or `instroom`, and the verdict)."""
    n = abs(round(v.verschil)) if v.beweging in (Beweging.MEER, Beweging.MINDER) else 0
    jeugdigen = meervoud_cijfer(n, "jeugdige", "jeugdigen")
    if v.beweging in (Beweging.MEER, Beweging.MINDER):
        eerst = f"{jeugdigen} {v.beweging} dan een jaar eerder"
    elif v.beweging is Beweging.GELIJK:
        eerst = "ongeveer evenveel jeugdigen als een jaar eerder"
    elif v.nu is not None:
        eerst = f"{meervoud_cijfer(v.nu['v'], 'jeugdige', 'jeugdigen')} {waar}"
    else:
        return naam
    if doel is None:
        return f"{naam}: {eerst}"
    wat, status = doel
    ligt = "liggen" if wat == "uitgaven" else "ligt"
    hoe = {
        "op_koers": f"{ligt} op koers",
        "niet_op_koers": f"{ligt} niet op koers",
        "aandacht": f"{'zijn' if wat == 'uitgaven' else 'is'} nog onzeker",
        "onvoldoende_data": f"{'zijn' if wat == 'uitgaven' else 'is'} niet te beoordelen",
    }
    return f"{naam}: {eerst}; de {wat} {hoe[status]}"


def gemeente(naam: str, eigen: str, regio: str, jaar_: int) -> str:
    """Headline of a gemeente: what care costs per inhabitant up to 18, beside the region."""
    if not eigen:
        return naam
    naast = f", de regio {regio}" if regio else ""
    return f"{naam}: {eigen} per inwoner tot 18 jaar in {jaar_}{naast}"


def gemeente_aandeel(naam: str, eigen: str, regio: str, jaar_: int) -> str:
    """Headline of a gemeente of which cost may not be compared: which share of its youths had care."""
    naast = f", in de regio {regio}" if regio else ""
    return f"{naam}: {eigen} van de inwoners tot 18 jaar kreeg in {jaar_} jeugdzorg{naast}"


def kwaliteit(maand_: dt.date, per_bericht: Sequence[tuple[str, float]], score: float | None) -> str:
    """Headline on quality: what of the last month came in, and the score."""
    minst = min(per_bericht, key=lambda b: b[1], default=None)
    if minst is None:
        eerst = f"Over {maand(maand_)} is nog niets bekend"
    elif minst[1] >= 1:
        eerst = f"Over {maand(maand_)} is alles binnen"
    elif minst[1] == 0:
        eerst = f"Over {maand(maand_)} zijn nog geen {minst[0]} binnen"
    else:
        eerst = f"Over {maand(maand_)} is {procent(minst[1]) if minst[1] < 0.995 else 'bijna 100%'} van de {minst[0]} binnen"
    if score is None:
        return eerst
    return f"{eerst}; het kwaliteitscijfer, waarin telt wat ontbreekt, is {getal(score)} van 100"


def aanbieder(naam: str, kosten: Any, jaar_: int, deel: float | None) -> str:
    """Headline of a provider: what it cost in the last whole year and which share of all cost that is."""
    if kosten is None:
        return naam
    return f"{naam}: {bedrag(kosten)} in {jaar_}" + (f", {procent(deel, 1)} van de kosten" if deel is not None else "")


def veranderd(n: int, n_leveringen: int) -> str:
    """Headline on what changed since the previous publication."""
    if not n and not n_leveringen:
        return "Sinds de vorige publicatie is geen cijfer veranderd"
    if not n:
        return f"Sinds de vorige publicatie {_kwam(n_leveringen)}; geen cijfer dat er al stond is veranderd"
    cijfers = f"{getal(n)} {'cijfer dat er al stond is' if n == 1 else 'cijfers die er al stonden zijn'} veranderd"
    if not n_leveringen:
        return f"Sinds de vorige publicatie: {cijfers}, zonder nieuwe leveringen"
    return f"Sinds de vorige publicatie {_kwam(n_leveringen)}; {cijfers}"


def _kwam(n: int) -> str:
    return "kwam één levering binnen" if n == 1 else f"kwamen {tel(n)} leveringen binnen"


def openbaar(rij_: Mapping[str, Any] | None, regio: str) -> str:
    """Headline for the public: how many youths got help in the last year that is shown (`v` rounded, `jaar`)."""
    if rij_ is None or rij_["v"] is None:
        return f"Jeugdzorg in {regio}"
    return f"{getal(rij_['v'])} kinderen en jongeren in {regio} kregen in {rij_['jaar']} jeugdzorg"
