"""The calendar of who owes what, read a second time from SPEC 1, 4 and 7 ("Calendar", "leveringsstatus")."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from pipeline.domain.maanden import Maand
from pipeline.domain.seedrijen import Afspraak
from tests.oracle.invoer import D, Levering, Regio, T

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def uiterste_datum(afspraak: Afspraak, maand: Maand) -> dt.date:
    """SPEC 7: "due together on uiterste_dag of the month after the quarter"; past the end of a month its last day."""
    laatste = maand.plus((3 - maand.maand) % 3) if afspraak.cadans == "kwartaal" else maand
    erna = laatste.plus(1)
    return dt.date(erna.jaar, erna.maand, min(afspraak.uiterste_dag, calendar.monthrange(erna.jaar, erna.maand)[1]))


def _status(afspraak: Afspraak, maand: Maand, getoond: Levering | None, *, vandaag: dt.date, nihil: bool) -> str:
    """SPEC 7: "VERWACHT through uiterste_datum, TE_LAAT for respijt_dagen days after it, then ONTBREEKT"."""
    if getoond and (getoond.is_geaccepteerd or not nihil):
        return getoond.verwachte_status.removesuffix("_MET_OPMERKINGEN")
    if nihil:
        return "NIHIL_BEVESTIGD"
    if maand.eerste_dag < afspraak.vanaf:
        return "NOG_NIET_AANGESLOTEN"
    te_laat = (vandaag - uiterste_datum(afspraak, maand)).days
    return "VERWACHT" if te_laat <= 0 else "TE_LAAT" if te_laat <= afspraak.respijt_dagen else "ONTBREEKT"


def leveringskalender(regio: Regio, inhoud: Mapping[str, str]) -> Iterator[dict[str, object]]:
    """Rows "from vanaf to the first month not yet due", and every month since the first that was received.

    `inhoud` is the hash of each file: "versie = rank by ontvangen_op among all distinct contents received".
    """
    nihil = {(n.gemeente, n.bericht.value, n.maand) for n in regio.catalogus.nihil_opgaven}
    for gemeente in regio.gemeenten:
        for bericht in (T, D):
            (afspraak,) = (a for a in regio.catalogus.afspraken if (a.gemeente, a.bericht) == (gemeente, bericht))
            maand = min(Maand.van(afspraak.vanaf), regio.maanden[0])
            while True:
                sleutel = (gemeente, bericht, maand)
                alle = [b for b in regio.leveringen if (b.gemeente, b.bericht, b.maand) == sleutel]
                yield _rij(regio, afspraak, maand, alle, inhoud, nihil=sleutel in nihil)
                if uiterste_datum(afspraak, maand) >= regio.peildatum and maand >= regio.maanden[-1]:
                    break
                maand = maand.plus(1)


def _rij(
    regio: Regio, afspraak: Afspraak, maand: Maand, alle: list[Levering], inhoud: Mapping[str, str], *, nihil: bool
) -> dict[str, object]:
    goed = [b for b in alle if b.is_geaccepteerd]
    getoond = max(goed or alle, key=lambda b: (b.ontvangen_op, inhoud[b.bestand]), default=None)
    eerste = min((b.ontvangen_op for b in goed), default=None)
    aankomst = eerste.astimezone(AMSTERDAM).date() if eerste else regio.peildatum
    uiterst = uiterste_datum(afspraak, maand)
    return {
        "gemeente": afspraak.gemeente,
        "bericht": afspraak.bericht.value,
        "maand": maand.eerste_dag,
        "status": _status(afspraak, maand, getoond, vandaag=regio.peildatum, nihil=nihil),
        "uiterste_datum": uiterst,
        "ontvangen_op": getoond.ontvangen_op.replace(tzinfo=None) if getoond else None,
        # nothing is late before the agreement begins
        "dagen_te_laat": max(0, (aankomst - uiterst).days) if maand.eerste_dag >= afspraak.vanaf else None,
        "versie": _versie(getoond, alle, inhoud) if getoond else None,
    }


def _versie(getoond: Levering, alle: list[Levering], inhoud: Mapping[str, str]) -> int:
    eerste: dict[str, dt.datetime] = {}
    for b in alle:
        eerste[inhoud[b.bestand]] = min(b.ontvangen_op, eerste.get(inhoud[b.bestand], b.ontvangen_op))
    op_volgorde = sorted(eerste, key=lambda h: (eerste[h], h))
    return op_volgorde.index(inhoud[getoond.bestand]) + 1
