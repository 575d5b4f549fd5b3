"""The words: plain Dutch for who delivers and steers, codes for who runs the pipeline. Pure.

Lives here: titles, sentences and grouping of a message. Months in a row with one story share a sentence. Never a value
of a row: the reasons are sentences of the catalogue. Keep out: who gets it (bundel.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.contacten import Contact
from pipeline.domain.kalender import AMSTERDAM, lokale_dag
from pipeline.domain.leveringen import REGIO
from pipeline.domain.maanden import MAANDNAMEN, Maand
from pipeline.meldingen.bundel import Bundel, Nieuws
from pipeline.meldingen.melding import Melding, Soort, Staat

_WERK_GENOEMD = 5
_KOPPEN = {
    Nieuws.NIEUW: "Nieuw",
    Nieuws.VERANDERD: "Veranderd",
    Nieuws.NOG_OPEN: "Staat nog open",
    Nieuws.OPGELOST: "Opgelost",
}
_TELWOORDEN = {
    Nieuws.NIEUW: "nieuw",
    Nieuws.VERANDERD: "veranderd",
    Nieuws.NOG_OPEN: "nog open",
    Nieuws.OPGELOST: "opgelost",
}


@dataclass(frozen=True)
class Groep:
    """Alerts that share a sentence: one gemeente, bericht and kind, months in a row."""

    meldingen: tuple[Melding, ...]

    @property
    def eerste(self) -> Melding:
        """The oldest month."""
        return self.meldingen[0]

    @property
    def laatste(self) -> Melding:
        """The newest month."""
        return self.meldingen[-1]

    def feit(self, naam: str) -> Any:
        """A fact of the oldest month; empty when it has none."""
        return self.eerste.feiten.get(naam, "")

    @property
    def redenen(self) -> list[str]:
        """All reasons, each once, in order."""
        return list(dict.fromkeys(r for m in self.meldingen for r in m.feiten.get("redenen", ())))


def titel(contact: Contact, bundel: Bundel, dag: dt.date) -> str:
    """Return the subject line: how much is new, or that this is the weekly list."""
    aantallen = [f"{n} {_TELWOORDEN[waarom]}" for waarom in Nieuws if (n := sum(w is waarom for w, _ in bundel.nieuws))]
    in_lijst = f"{len(bundel.weeklijst)} open" if bundel.weeklijst else f"{len(bundel.werk)} te doen"
    wat = ", ".join(aantallen) or f"weeklijst, {in_lijst}"
    if contact.tekst == "technisch":
        return f"[regiomonitor] {wat} ({dag.isoformat()})"
    return f"Regiomonitor jeugdzorg, {datum(dag)}: {wat}"


def tekst(contact: Contact, bundel: Bundel, catalogus: Catalogus, nu: dt.datetime) -> str:
    """Return the body of a message."""
    technisch = contact.tekst == "technisch"
    zin = _technisch if technisch else _over if contact.gemeente == REGIO else _gewoon
    delen: list[str] = []
    if bundel.werk:
        rest = len(bundel.werk) - _WERK_GENOEMD
        meer = [f"- en nog {rest} die minder wegen (kwaliteit.werklijst)"] if rest > 0 else []
        delen += ["Wat het meest weegt in de cijfers", *(f"- {w}" for w in bundel.werk[:_WERK_GENOEMD]), *meer, ""]
    for waarom in Nieuws:
        groepen = groepeer([m for w, m in bundel.nieuws if w is waarom])
        if groepen:
            delen += [f"{_KOPPEN[waarom]}", *(f"- {zin(g, catalogus, nu)}" for g in groepen), ""]
    if bundel.weeklijst:
        delen += [f"Alles wat nu openstaat ({len(bundel.weeklijst)})"]
        delen += [f"- {_kort(g, catalogus, nu, technisch=technisch)}" for g in groepeer(bundel.weeklijst)]
        delen += [""]
    return "\n".join([*_aanhef(contact, catalogus), *delen, *_slot(contact)])


def groepeer(meldingen: Sequence[Melding]) -> list[Groep]:
    """Put months in a row with one story together; refused files only when their reasons are the same."""
    uit: list[Groep] = []
    for _, zelfde in groupby(sorted(meldingen, key=_soortsleutel), key=_verhaal):
        reeks: list[Melding] = []
        for m in sorted(zelfde, key=lambda m: m.identiteit.periode):
            if reeks and not _volgt(reeks[-1], m):
                uit.append(Groep(tuple(reeks)))
                reeks = []
            reeks.append(m)
        uit.append(Groep(tuple(reeks)))
    return sorted(uit, key=lambda g: g.eerste.identiteit)


def _soortsleutel(m: Melding) -> tuple[Any, ...]:
    return (*_verhaal(m), m.identiteit.periode)


def _verhaal(m: Melding) -> tuple[Any, ...]:
    i = m.identiteit
    return i.gemeente, i.bericht, i.onderwerp.value, m.soort.value, m.staat.value, tuple(m.feiten.get("redenen", ()))


def _volgt(vorige: Melding, m: Melding) -> bool:
    if not vorige.identiteit.periode or not m.identiteit.periode:
        return False
    return Maand.lees(vorige.identiteit.periode).plus(1) == Maand.lees(m.identiteit.periode)


def datum(dag: dt.date) -> str:
    """Return a day in words."""
    return f"{dag.day} {MAANDNAMEN[dag.month - 1]} {dag.year}"


def _dag(tekst_: Any) -> dt.date:
    return dt.date.fromisoformat(str(tekst_)[:10])


def _maandnaam(periode: str) -> str:
    m = Maand.lees(periode)
    return m.naam


def _wat(g: Groep) -> str:
    """`de declaraties van maart tot en met mei 2025`; of what is no plural `de opgaven capaciteit van ...`."""
    van, tot = g.eerste.identiteit.periode, g.laatste.identiteit.periode
    maanden = _maandnaam(van) if van == tot else f"{_maandnaam(van)} tot en met {_maandnaam(tot)}"
    bericht = g.eerste.identiteit.bericht
    return f"de {bericht if bericht.endswith(('en', 's')) else f'opgaven {bericht}'} van {maanden}"


def _naam(gemeente: str, catalogus: Catalogus) -> str:
    return catalogus.naam_van(gemeente)


def _aanhef(contact: Contact, catalogus: Catalogus) -> list[str]:
    if contact.tekst == "technisch":
        return []
    if contact.gemeente == REGIO:
        return ["Beste collega,", ""]
    return [f"Beste collega van {_naam(contact.gemeente, catalogus)},", ""]


def _slot(contact: Contact) -> list[str]:
    if contact.tekst == "technisch":
        return ["Bevestigen: regiomonitor alerts ack MELDING --door NAAM. Alles: regiomonitor alerts list."]
    return [
        "U krijgt dit bericht omdat uw organisatie gegevens levert aan de Regiomonitor jeugdzorg of daarmee werkt.",
        "Er staan geen gegevens over personen in. Stuur die ook niet terug per mail.",
    ]


# --- plain Dutch: to the sender, and about a sender to who steers ----------------------------------------------------


def _over(g: Groep, catalogus: Catalogus, nu: dt.datetime) -> str:
    """Return the same to somebody who does not deliver: what is the matter, since when, and why."""
    if not g.eerste.is_open:
        return _gewoon(g, catalogus, nu)
    uiterst = g.feit("uiterste_datum")
    delen = [
        _kort(g, catalogus, nu, technisch=False),
        f"De uiterste dag was {datum(_dag(uiterst))}." if uiterst else "",
    ]
    return " ".join(x for x in (*delen, _waarom(g)) if x)


def _gewoon(g: Groep, catalogus: Catalogus, _nu: dt.datetime) -> str:
    wie = _naam(g.eerste.identiteit.gemeente, catalogus)
    if g.eerste.is_open:
        return f"{wie}: {_OPEN[g.eerste.soort](g)}"
    return f"{wie}: {_OPGELOST[g.eerste.soort](g)}"


def _te_laat(g: Groep) -> str:
    return (
        f"wij hebben {_wat(g)} nog niet ontvangen. De uiterste dag was {datum(_dag(g.feit('uiterste_datum')))}. "
        f"Lever alsnog, het liefst voor {datum(_dag(g.feit('respijt_tot')))}."
    )


def _ontbreekt(g: Groep) -> str:
    return (
        f"{_wat(g)} ontbreken. De uiterste dag was {datum(_dag(g.feit('uiterste_datum')))}. De cijfers van de regio "
        "zijn nu niet volledig. Lever alsnog, of laat weten dat er niets te leveren was."
    )


def _afgekeurd(g: Groep) -> str:
    return f"het bestand met {_wat(g)} is afgekeurd en niet verwerkt. {_waarom(g)} Verbeter het en lever het opnieuw."


def _herlevering(g: Groep) -> str:
    return f"uw nieuwe bestand met {_wat(g)} is afgekeurd. Wat u eerder leverde blijft gelden. {_waarom(g)}"


def _sprong(g: Groep) -> str:
    return (
        f"{_wat(g)} wijken sterk af van wat u gewoonlijk levert. {_waarom(g)} Klopt dat? Laat dan weten hoe het komt. "
        "Klopt het niet, lever dan opnieuw."
    )


def _waarom(g: Groep) -> str:
    return " ".join(r.split(": ", 1)[-1] for r in g.redenen)


def _met_wat(zin: str) -> Callable[[Groep], str]:
    return lambda g: zin.format(wat=_wat(g))


_OPEN: dict[Soort, Callable[[Groep], str]] = {
    Soort.TE_LAAT: _te_laat,
    Soort.ONTBREEKT: _ontbreekt,
    Soort.AFGEKEURD: _afgekeurd,
    Soort.HERLEVERING_AFGEKEURD: _herlevering,
    Soort.SPRONG: _sprong,
}
_OPGELOST: dict[Soort, Callable[[Groep], str]] = {
    Soort.TE_LAAT: _met_wat("over {wat} staat niets meer open. Dank u wel."),
    Soort.ONTBREEKT: _met_wat("over {wat} staat niets meer open. Dank u wel."),
    Soort.AFGEKEURD: _met_wat("over {wat} staat niets meer open. Dank u wel."),
    Soort.HERLEVERING_AFGEKEURD: _met_wat("over het afgekeurde bestand met {wat} staat niets meer open. Dank u wel."),
    Soort.SPRONG: _met_wat("over {wat} staat geen vraag meer open."),
}


# --- technical -------------------------------------------------------------------------------------------------------


def _technisch(g: Groep, catalogus: Catalogus, nu: dt.datetime) -> str:
    m = g.eerste
    delen = [_kort(g, catalogus, nu, technisch=True)]
    if m.is_open:
        delen += [f"bestand {f}" for f in dict.fromkeys(x.feiten.get("bestand", "") for x in g.meldingen) if f]
        delen += [f"fout: {g.feit('fout')}"] if g.feit("fout") else []
        delen += [f"laatste geslaagde run {_moment(g.feit('laatste'))}"] if g.feit("laatste") else []
        delen += g.redenen
    return "\n    ".join(delen)


def _kort(g: Groep, catalogus: Catalogus, nu: dt.datetime, *, technisch: bool) -> str:
    """Return one line for a list: who, what, which months, since when."""
    m = g.eerste
    naam = _naam(m.identiteit.gemeente, catalogus)
    dagen = (lokale_dag(nu) - lokale_dag(m.geopend_op)).days
    if not technisch:
        return f"{naam}: {_wat(g)} {_IN_HET_KORT[m.soort]}, {_sinds(dagen)}."
    maanden = m.identiteit.periode if m is g.laatste else f"{m.identiteit.periode}..{g.laatste.identiteit.periode}"
    wie = m.identiteit.gemeente if m.identiteit.gemeente == REGIO else f"{m.identiteit.gemeente} {naam}"
    wat = " ".join(x for x in (wie, m.identiteit.bericht, maanden) if x)
    staat = f"bevestigd door {m.door}" if m.staat is Staat.BEVESTIGD else f"niveau {m.niveau}"
    hoe = f"{m.soort.value}, open sinds {dagen} d, {staat}" if m.is_open else f"{m.soort.value} opgelost"
    return f"{wat}: {hoe} [{' '.join(x.melding_id for x in g.meldingen)}]"


def _sinds(dagen: int) -> str:
    return {0: "sinds vandaag", 1: "sinds gisteren"}.get(dagen, f"sinds {dagen} dagen")


def _moment(tekst_: Any) -> str:
    return f"{dt.datetime.fromisoformat(str(tekst_)).astimezone(AMSTERDAM):%Y-%m-%d %H:%M}"


_IN_HET_KORT = {
    Soort.TE_LAAT: "zijn te laat",
    Soort.ONTBREEKT: "ontbreken",
    Soort.AFGEKEURD: "zijn afgekeurd",
    Soort.HERLEVERING_AFGEKEURD: "zijn opnieuw geleverd en toen afgekeurd",
    Soort.SPRONG: "wijken sterk af van wat gewoon is",
}
