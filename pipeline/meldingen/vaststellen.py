"""What is the matter now: from the calendar, the receipts, the runs and the published findings to observations. Pure.

Lives here: which states become an alert, and with what facts. A known absence raises nothing, because the calendar
says that nothing is due (a quarter that is not over, an agreement that ended, an exemption). Add here: a source.
Keep out: deriving a state again (domain/kalender.py) or a jump (kwaliteit.werklijst).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from pipeline.domain.kalender import KalenderRij, lokale_dag
from pipeline.domain.leveringen import REGIO, Bericht, Ontvangstbewijs, Sleutel, Status, geldende
from pipeline.domain.maanden import Maand
from pipeline.domain.runs import Run, RunUitkomst, laatste_beslissende, laatste_geslaagde
from pipeline.meldingen.melding import Identiteit, Melding, Onderwerp, Soort, Waarneming

Redenen = Callable[[Ontvangstbewijs], Sequence[str]]
"""Why a levering was refused, one Dutch sentence per rule."""

_VAN_STATUS = {
    Status.TE_LAAT: Soort.TE_LAAT,
    Status.ONTBREEKT: Soort.ONTBREEKT,
    Status.AFGEKEURD: Soort.AFGEKEURD,
}


@dataclass(frozen=True)
class Sprong:
    """A levering that differs much from what this gemeente usually delivers, and that nobody explained."""

    gemeente: str
    bericht: str
    maand: Maand
    zin: str


def uit_kalender(
    kalender: Iterable[KalenderRij], bewijzen: Sequence[Ontvangstbewijs], redenen: Redenen
) -> list[Waarneming]:
    """Late, missing, and refused without anything better."""
    per_id = {b.levering_id: b for b in bewijzen}
    uit = []
    for r in kalender:
        soort = _VAN_STATUS.get(r.status)
        if soort is None or not (r.is_verplicht or soort is Soort.AFGEKEURD):
            continue
        feiten: dict[str, Any] = {
            "uiterste_datum": r.uiterste_datum.isoformat(),
            "respijt_tot": r.respijt_tot.isoformat(),
        }
        bewijs = per_id.get(r.levering_id or "")
        if soort is Soort.AFGEKEURD and bewijs is not None:
            feiten |= _van_bewijs(bewijs, redenen)
        wie = Identiteit(r.gemeente, r.bericht.value, Onderwerp.LEVERING, str(r.maand))
        uit.append(Waarneming(wie, soort, (r.levering_id or "") if soort is Soort.AFGEKEURD else "", feiten))
    return uit


def wat_nog_ligt(
    waarnemingen: Iterable[Waarneming], in_landing: Set[Sleutel], bekend: Mapping[Identiteit, Melding]
) -> list[Waarneming]:
    """Leave senders alone about what lies in landing/ and was not taken in: that is for whoever runs the pipeline.

    What was told already is neither made worse nor solved until it has been judged.
    """
    uit = []
    for w in waarnemingen:
        melding = bekend.get(w.identiteit)
        if w.soort not in (Soort.TE_LAAT, Soort.ONTBREEKT) or _sleutel(w.identiteit) not in in_landing:
            uit.append(w)
        elif melding is not None and melding.is_open:
            uit.append(Waarneming(w.identiteit, melding.soort, melding.kenmerk, melding.feiten))
    return uit


def _sleutel(i: Identiteit) -> Sleutel:
    return Sleutel(i.gemeente, Bericht(i.bericht), Maand.lees(i.periode))


def herleveringen(bewijzen: Sequence[Ontvangstbewijs], nu: dt.datetime, redenen: Redenen) -> list[Waarneming]:
    """Refused leveringen that are newer than the one that stands: no figure changes, but the sender meant it to."""
    bekend = [b for b in bewijzen if b.ontvangen_op <= nu]
    nieuwste: dict[Sleutel, Ontvangstbewijs] = {}
    for b in sorted(bekend, key=lambda b: (b.ontvangen_op, b.sha256)):
        nieuwste[b.sleutel] = b
    uit = []
    for sleutel in sorted(geldende(bekend, nu)):
        b = nieuwste[sleutel]
        if b.status is Status.AFGEKEURD:
            wie = Identiteit(sleutel.gemeente, sleutel.bericht.value, Onderwerp.HERLEVERING, str(sleutel.maand))
            uit.append(Waarneming(wie, Soort.HERLEVERING_AFGEKEURD, b.levering_id, _van_bewijs(b, redenen)))
    return uit


def _van_bewijs(b: Ontvangstbewijs, redenen: Redenen) -> dict[str, Any]:
    return {"bestand": b.bestandsnaam, "ontvangen": lokale_dag(b.ontvangen_op).isoformat(), "redenen": [*redenen(b)]}


def sprongen(gevonden: Iterable[Sprong], nu: dt.datetime, maanden: int) -> list[Waarneming]:
    """Jumps in the last `maanden` months; older ones are history, and in the figures' own quality pages."""
    grens = Maand.van(lokale_dag(nu)).plus(-maanden)
    return [
        Waarneming(
            Identiteit(s.gemeente, s.bericht, Onderwerp.SPRONG, str(s.maand)), Soort.SPRONG, "", {"redenen": [s.zin]}
        )
        for s in gevonden
        if s.maand >= grens
    ]


def uit_runs(runs: Sequence[Run], nu: dt.datetime, stil_uren: float) -> list[Waarneming]:
    """A failed run, a gate that holds, a pipeline that fell silent."""
    uit = []
    laatste = laatste_beslissende(runs, nu)
    if laatste is not None and laatste.uitkomst in (RunUitkomst.MISLUKT, RunUitkomst.BEZIG):
        fout = laatste.fout or "de run is afgebroken zonder bericht (gestopt proces, stroom, geheugen)"
        feiten = {"fout": fout, "bron": laatste.bron, "begonnen": laatste.begonnen_op.isoformat()}
        uit.append(Waarneming(_pijplijn(Onderwerp.RUN), Soort.RUN_MISLUKT, fout, feiten))
    geslaagd = laatste_geslaagde(runs)
    if geslaagd is not None and geslaagd.uitkomst is RunUitkomst.TEGENGEHOUDEN:
        bezwaren = [*geslaagd.bezwaren]
        # the same objection with another figure in it is the same objection
        kenmerk = "|".join(b.split(" Waargenomen:")[0] for b in bezwaren)
        uit.append(Waarneming(_pijplijn(Onderwerp.POORT), Soort.POORT_HOUDT, kenmerk, {"redenen": bezwaren}))
    moment = geslaagd.begonnen_op if geslaagd else min((r.begonnen_op for r in runs), default=nu)
    if nu - moment > dt.timedelta(hours=stil_uren):
        feiten = {"laatste": moment.isoformat()}
        uit.append(Waarneming(_pijplijn(Onderwerp.VERSHEID), Soort.PIJPLIJN_STIL, "", feiten))
    return uit


def _pijplijn(onderwerp: Onderwerp) -> Identiteit:
    return Identiteit(REGIO, "", onderwerp, "")
