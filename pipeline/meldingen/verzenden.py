"""One round of alerts: see what is the matter, decide what to say, say it.

Lives here: the order. Decisions are written before anything is sent; every attempt is written after it. Killed between
the two, a message is handed over again, with the same number. Keep out: what to say and how.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.contacten import Contact, lees_contacten
from pipeline.domain.kalender import lokale_dag
from pipeline.domain.leveringen import REGIO
from pipeline.meldingen import kanalen, teksten
from pipeline.meldingen.bijwerken import Grenzen, werk_bij
from pipeline.meldingen.boek import NIEMAND, Bericht, Bezorging, Schrijver, Stand, schrijver
from pipeline.meldingen.bundel import Verteld, bundel_voor
from pipeline.meldingen.melding import Gebeurtenis, Identiteit, Melding, Onderwerp, Waarneming, pas_toe
from pipeline.reports.werklijst import Werk
from pipeline.settings import Settings


@dataclass(frozen=True)
class Ronde:
    """What one round did: events, messages made, attempts to deliver."""

    gebeurtenissen: tuple[Gebeurtenis, ...]
    berichten: tuple[Bericht, ...]
    bezorgingen: tuple[Bezorging, ...]

    @property
    def mislukt(self) -> tuple[Bezorging, ...]:
        """Attempts that failed: tried again at the next round of the day, and said again the day after."""
        return tuple(b for b in self.bezorgingen if not b.gelukt and b.kanaal != NIEMAND)

    @property
    def aan_niemand(self) -> tuple[Bezorging, ...]:
        """Messages for which no channel is set: in the outbox, and said again every day until there is one."""
        return tuple(b for b in self.bezorgingen if b.kanaal == NIEMAND)


def ronde(
    settings: Settings,
    catalogus: Catalogus,
    waarnemingen: Sequence[Waarneming],
    *,
    beoordeeld: frozenset[Onderwerp],
    nu: dt.datetime,
    werk: Sequence[Werk] = (),
    zonder_verzenden: bool = False,
) -> Ronde:
    """Bring the alerts up to what was observed, make the messages of today, deliver what waits.

    `werk`: the worklist of what is published, heaviest first.
    """
    grenzen, contacten = Grenzen.uit(catalogus), lees_contacten(catalogus)
    with schrijver(settings.huis) as boek:
        gebeurtenissen = werk_bij(boek.stand.meldingen, waarnemingen, beoordeeld=beoordeeld, nu=nu, grenzen=grenzen)
        meldingen = _na(boek.stand, gebeurtenissen)
        berichten = _berichten(boek.stand, meldingen, contacten, catalogus, nu, grenzen, werk)
        boek.besluit(gebeurtenissen, berichten)
        bezorgingen = () if zonder_verzenden else _bezorg(boek, settings, contacten, nu)
    return Ronde(tuple(gebeurtenissen), tuple(berichten), tuple(bezorgingen))


def _na(stand: Stand, gebeurtenissen: Sequence[Gebeurtenis]) -> list[Melding]:
    uit: dict[Identiteit, Melding] = dict(stand.meldingen)
    for g in gebeurtenissen:
        uit[g.identiteit] = pas_toe(uit.get(g.identiteit), g)
    return list(uit.values())


def _berichten(
    stand: Stand,
    meldingen: Sequence[Melding],
    contacten: Sequence[Contact],
    catalogus: Catalogus,
    nu: dt.datetime,
    grenzen: Grenzen,
    werk: Sequence[Werk],
) -> list[Bericht]:
    vandaag = lokale_dag(nu)
    uit = []
    for contact in contacten:
        bericht_id = f"B-{vandaag.isoformat()}-{contact.contact}"
        if bericht_id in stand.berichten or not contact.geldig_op(vandaag):
            continue
        bundel = bundel_voor(
            contact,
            meldingen,
            stand.verteld.get(contact.contact, {}),
            laatste_weeklijst=stand.weeklijst.get(contact.contact),
            nu=nu,
            weekdag=grenzen.weeklijst_weekdag,
            werk=[w.zin(catalogus) for w in werk if _hoort_werk(contact, w)],
        )
        if bundel is not None:
            genoemd = {
                m.melding_id: Verteld.van(m) for m in (*(bundel.weeklijst or ()), *(m for _, m in bundel.nieuws))
            }
            uit.append(
                Bericht(
                    bericht_id,
                    contact.contact,
                    vandaag,
                    teksten.titel(contact, bundel, vandaag),
                    teksten.tekst(contact, bundel, catalogus, nu),
                    genoemd,
                    bundel.weeklijst is not None,
                )
            )
    return uit


def _hoort_werk(contact: Contact, werk: Werk) -> bool:
    return contact.gemeente in (REGIO, werk.gemeente) and contact.bericht in (None, werk.bericht)


def _bezorg(boek: Schrijver, settings: Settings, contacten: Sequence[Contact], nu: dt.datetime) -> list[Bezorging]:
    """Deliver the messages of today that wait; a channel that fails stops none of the others."""
    per_naam = {c.contact: c for c in contacten}
    uit = []
    for bericht in boek.stand.wachtend(lokale_dag(nu)):
        contact = per_naam.get(bericht.contact)
        if contact is None:
            continue
        bezorging = _probeer(bericht, contact, settings, nu)
        if bezorging.kanaal == NIEMAND and _staat_er(boek.stand, bezorging):
            continue
        boek.bezorging(bezorging)
        uit.append(bezorging)
    return uit


def _staat_er(stand: Stand, b: Bezorging) -> bool:
    """Tell whether the book says already that nobody got this message."""
    return any((p.bericht_id, p.kanaal) == (b.bericht_id, NIEMAND) for p in stand.pogingen)


def _probeer(bericht: Bericht, contact: Contact, settings: Settings, nu: dt.datetime) -> Bezorging:
    kanalen.leg_in_uitbak(settings.huis, bericht)
    url = kanalen.adres(contact, settings.kanalen)
    if url is None and contact.kanaal == "uitbak":
        return Bezorging(bericht.bericht_id, contact.kanaal, nu, True)
    if url is None:
        return Bezorging(bericht.bericht_id, NIEMAND, nu, False, "in de uitbak, aan niemand verzonden")
    try:
        kanalen.stuur(url, bericht)
    except kanalen.KanaalFout as fout:
        return Bezorging(bericht.bericht_id, contact.kanaal, nu, False, str(fout))
    return Bezorging(bericht.bericht_id, contact.kanaal, nu, True)
