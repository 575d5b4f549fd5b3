"""What a person does with an alert: acknowledge it, or close it.

Lives here: those two. Acknowledged means known: it does not escalate (until `tot`, when given) and stays on the weekly
list. Closed means that nothing more is expected; it opens again only for another cause.
"""

from __future__ import annotations

import datetime as dt

from pipeline.meldingen.boek import schrijver
from pipeline.meldingen.melding import Gebeurtenis, Melding, Wat, pas_toe
from pipeline.settings import Huis


def bevestig(
    huis: Huis, melding_id: str, *, door: str, toelichting: str = "", tot: dt.date | None = None, nu: dt.datetime
) -> Melding:
    """Acknowledge an open alert. KeyError when there is no such alert, ValueError when it is not open."""
    gegevens = {"door": door, "toelichting": toelichting, "tot": tot.isoformat() if tot else None}
    return _doe(huis, melding_id, Wat.BEVESTIGD, gegevens, nu)


def sluit(huis: Huis, melding_id: str, *, door: str, toelichting: str = "", nu: dt.datetime) -> Melding:
    """Close an open alert by hand. Raises as `bevestig` does."""
    return _doe(huis, melding_id, Wat.GESLOTEN, {"door": door, "toelichting": toelichting}, nu)


def _doe(huis: Huis, melding_id: str, wat: Wat, gegevens: dict[str, str | None], nu: dt.datetime) -> Melding:
    with schrijver(huis) as boek:
        melding = boek.stand.zoek(melding_id)
        gebeurtenis = Gebeurtenis(wat, melding.identiteit, nu, gegevens)
        pas_toe(melding, gebeurtenis)
        boek.besluit([gebeurtenis])
        return boek.stand.meldingen[melding.identiteit]
