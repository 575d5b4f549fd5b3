"""Who is told what: at most one message a day to each addressee, each thing said once. Pure.

Lives here: which alerts an addressee hears of, what is new to them since the last message that reached them, when the
weekly list is due. What was not delivered was not said, so that the next message says it. An alert that opened and was
solved before anyone heard of it is not told. Keep out: words (teksten.py), sending (verzenden.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pipeline.domain.contacten import Contact
from pipeline.domain.kalender import lokale_dag
from pipeline.domain.leveringen import REGIO
from pipeline.meldingen.melding import VAN_DE_PIJPLIJN, Melding, Soort


class Nieuws(StrEnum):
    """Why an alert is in a message."""

    NIEUW = "NIEUW"
    VERANDERD = "VERANDERD"
    NOG_OPEN = "NOG_OPEN"
    OPGELOST = "OPGELOST"


@dataclass(frozen=True)
class Verteld:
    """What an addressee was last told about an alert."""

    volgnr: int
    soort: Soort
    kenmerk: str
    niveau: int
    is_open: bool

    @classmethod
    def van(cls, m: Melding) -> Verteld:
        """Return what is told when it is told as it now stands."""
        return cls(m.volgnr, m.soort, m.kenmerk, m.niveau, m.is_open)

    def als_dict(self) -> dict[str, Any]:
        """Plain form, ready for JSON."""
        return {
            "volgnr": self.volgnr,
            "soort": self.soort.value,
            "kenmerk": self.kenmerk,
            "niveau": self.niveau,
            "is_open": self.is_open,
        }

    @classmethod
    def van_dict(cls, d: Mapping[str, Any]) -> Verteld:
        """Read the plain form back."""
        return cls(d["volgnr"], Soort(d["soort"]), d["kenmerk"], d["niveau"], d["is_open"])


@dataclass(frozen=True)
class Bundel:
    """What goes into one message: news, and every open alert when the weekly list is due (None: not due).

    An empty list: it was due, and the news says it all, or there is only `werk`: lines of the worklist, heaviest first.
    """

    nieuws: tuple[tuple[Nieuws, Melding], ...]
    weeklijst: tuple[Melding, ...] | None
    werk: tuple[str, ...] = ()


def hoort(contact: Contact, m: Melding) -> bool:
    """Tell whether an alert is any business of this addressee, whatever its level."""
    if m.identiteit.onderwerp in VAN_DE_PIJPLIJN:
        return contact.gemeente == REGIO and contact.tekst == "technisch"
    if contact.gemeente not in (REGIO, m.identiteit.gemeente):
        return False
    return contact.bericht is None or contact.bericht.value == m.identiteit.bericht


def nieuws_voor(contact: Contact, m: Melding, verteld: Verteld | None) -> Nieuws | None:
    """Return why this addressee must hear of `m` now; None when there is nothing new."""
    if not hoort(contact, m):
        return None
    wist_open = verteld is not None and verteld.is_open and verteld.volgnr == m.volgnr
    if not m.is_open:
        # also when it was open, solved and opened and solved again: what they believe open is not
        return Nieuws.OPGELOST if verteld is not None and verteld.is_open else None
    if m.niveau < contact.vanaf_niveau:
        return None
    if verteld is None or not wist_open:
        return Nieuws.NIEUW
    if (verteld.soort, verteld.kenmerk) != (m.soort, m.kenmerk):
        return Nieuws.VERANDERD
    return Nieuws.NOG_OPEN if m.niveau > verteld.niveau else None


def bundel_voor(
    contact: Contact,
    meldingen: Sequence[Melding],
    verteld: Mapping[str, Verteld],
    *,
    laatste_weeklijst: dt.date | None,
    nu: dt.datetime,
    weekdag: int,
    werk: Sequence[str] = (),
) -> Bundel | None:
    """Return what this addressee must hear today; None when there is nothing.

    `werk`: what the worklist asks of it; it comes with the weekly list, and is reason enough to send one.
    """
    nieuws = tuple(
        (waarom, m)
        for m in sorted(meldingen, key=lambda m: m.identiteit)
        if (waarom := nieuws_voor(contact, m, verteld.get(m.melding_id))) is not None
    )
    open_ = tuple(
        m
        for m in sorted(meldingen, key=lambda m: m.identiteit)
        if m.is_open and hoort(contact, m) and m.niveau >= contact.vanaf_niveau
    )
    is_toe = contact.weeklijst and weeklijst_toe(laatste_weeklijst, nu, weekdag)
    lijst = open_ if is_toe and (open_ or werk) else None
    if not nieuws and lijst is None:
        return None
    is_alles_gezegd = lijst is not None and {m.identiteit for m in lijst} <= {m.identiteit for _, m in nieuws}
    return Bundel(nieuws, () if is_alles_gezegd else lijst, tuple(werk) if lijst is not None else ())


def weeklijst_toe(laatste: dt.date | None, nu: dt.datetime, weekdag: int) -> bool:
    """Tell whether the list of this week is due: from its weekday on, once a week, also when that day was missed."""
    vandaag = lokale_dag(nu)
    laatste_beurt = vandaag - dt.timedelta(days=(vandaag.isoweekday() - weekdag) % 7)
    return laatste is None or laatste < laatste_beurt
