"""The calendar of who owes what: every gemeente x bericht x maand with its state (SPEC 4, SPEC 7 "Calendar").

Lives here: due dates, grace, states as of a peilmoment. Pure: receipts and seeds in, rows out. The mart
kwaliteit.leveringsstatus, the command `status` and the alerts all read these rows; nobody derives a state again.
Keep out: where receipts come from, how states are shown.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pipeline.domain import seedbestand as cel
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import REGIO, Bericht, Ontvangstbewijs, Sleutel, Status, geldende
from pipeline.domain.maanden import Maand, reeks
from pipeline.domain.seedrijen import Afspraak

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ONTBREEKT_OF_AFGEKEURD = frozenset({Status.ONTBREEKT, Status.AFGEKEURD})


@dataclass(frozen=True)
class KalenderRij:
    """One cell of the calendar. `uiterste_datum` is the last day on which the levering is on time."""

    gemeente: str
    bericht: Bericht
    maand: Maand
    status: Status
    uiterste_datum: dt.date
    respijt_tot: dt.date
    levering_id: str | None
    dagen_te_laat: int | None
    is_verplicht: bool
    reden: str


@dataclass(frozen=True)
class Vrijstelling:
    """Months for which a gemeente need not deliver, with the reason; known from `vastgesteld_op` on."""

    gemeente: str
    bericht: Bericht | None
    van: Maand
    tot: Maand
    reden: str
    vastgesteld_op: dt.date

    def geldt(self, sleutel: Sleutel, vandaag: dt.date) -> bool:
        """Tell whether it excuses this levering, as known on `vandaag`."""
        wie = self.gemeente == sleutel.gemeente and self.bericht in (None, sleutel.bericht)
        return wie and self.van <= sleutel.maand <= self.tot and self.vastgesteld_op <= vandaag


def vrijstellingen(catalogus: Catalogus) -> list[Vrijstelling]:
    """All rows of ref_vrijstellingen.csv; none where the seed is absent (publications of before it existed)."""
    pad = catalogus.pad("vrijstellingen")
    return cel.alle(pad, vrijstelling) if pad.exists() else []


def vrijstelling(r: cel.Rij) -> Vrijstelling:
    """Read one row of ref_vrijstellingen.csv."""
    cel.volgorde(r, "van", "tot")
    return Vrijstelling(
        gemeente=r["gemeente"],
        bericht=Bericht(cel.een_van(r, "bericht", tuple(Bericht))) if r["bericht"] else None,
        van=cel.maand(r, "van"),
        tot=cel.maand(r, "tot"),
        reden=r["reden"],
        vastgesteld_op=cel.dag(r, "vastgesteld_op"),
    )


def lokale_dag(moment: dt.datetime) -> dt.date:
    """Return the day in the Netherlands at `moment` (aware)."""
    return moment.astimezone(AMSTERDAM).date()


def uiterste_datum(afspraak: Afspraak, maand: Maand) -> dt.date:
    """Last day on time: `uiterste_dag` of the month after the period; for a quarter, of the month after the quarter."""
    laatste = maand.plus(2 - (maand.maand - 1) % 3) if afspraak.cadans == "kwartaal" else maand
    return laatste.plus(1).dag(afspraak.uiterste_dag)


def eerste_niet_verschuldigde(afspraak: Afspraak, vandaag: dt.date) -> Maand:
    """First month whose due date still lies ahead: the last one the calendar shows."""
    maand = Maand.van(vandaag).plus(-5)
    while uiterste_datum(afspraak, maand) < vandaag:
        maand = maand.plus(1)
    return maand


def kalender(
    catalogus: Catalogus,
    bewijzen: Iterable[Ontvangstbewijs],
    peilmoment: dt.datetime,
    *,
    niet_voor: Maand | None = None,
) -> list[KalenderRij]:
    """All rows of the calendar as of `peilmoment`, ordered by gemeente, bericht, maand.

    Months run, per gemeente and bericht, from the start of the agreement (or the first month the regio received
    anything for, if earlier) to the first month not yet due. Receipts after the peilmoment are not known yet. Of a
    bericht that is optional there is a row where it was agreed or came, and no other.
    `niet_voor`: a month before which nothing was ever to be expected, whatever the agreements say (a demo).
    """
    bekend = [b for b in bewijzen if b.ontvangen_op <= peilmoment]
    per_sleutel: dict[Sleutel, list[Ontvangstbewijs]] = defaultdict(list)
    for b in bekend:
        per_sleutel[b.sleutel].append(b)
    stand = geldende(bekend, peilmoment)
    vandaag = lokale_dag(peilmoment)
    vrij = vrijstellingen(catalogus)
    nihil = {Sleutel(n.gemeente, n.bericht, n.maand) for n in catalogus.nihil_opgaven if n.bevestigd_op <= vandaag}
    rijen = [
        _rij(sleutel, catalogus, per_sleutel, stand, nihil, vrij, vandaag)
        for sleutel in _sleutels(catalogus, per_sleutel, vandaag, niet_voor)
    ]
    return sorted(rijen, key=lambda r: (r.gemeente, r.bericht, r.maand))


def _sleutels(
    catalogus: Catalogus,
    per_sleutel: Mapping[Sleutel, Sequence[Ontvangstbewijs]],
    vandaag: dt.date,
    niet_voor: Maand | None,
) -> set[Sleutel]:
    uit = {s for s in per_sleutel if s.gemeente in catalogus.afzenders}
    # a refused file with a mistyped year must not stretch the calendar; what is optional begins with its own agreement
    eerste = min(
        (s.maand for s in uit if not s.bericht.is_optioneel and any(b.is_geaccepteerd for b in per_sleutel[s])),
        default=None,
    )
    for afzender in catalogus.afzenders:
        for bericht in Bericht:
            afspraken = [a for a in catalogus.afspraken if (a.gemeente, a.bericht) == (afzender, bericht)]
            ook = [eerste] if eerste and not bericht.is_optioneel and afzender != REGIO else []
            begin = min([Maand.van(a.vanaf) for a in afspraken] + ook, default=None)
            if begin is None:
                continue
            begin = max(begin, niet_voor or begin)
            einde = (
                eerste_niet_verschuldigde(max(afspraken, key=lambda a: a.vanaf), vandaag)
                if afspraken
                else Maand.van(vandaag).plus(-1)
            )
            uit |= {Sleutel(afzender, bericht, m) for m in reeks(begin, einde) if _bestaat(catalogus, afzender, m)}
    return uit


def _bestaat(catalogus: Catalogus, afzender: str, maand: Maand) -> bool:
    """Tell whether a sender is there in a month; the regio always is."""
    return afzender == REGIO or catalogus.gemeenten[afzender].geldig_in(maand)


def _rij(
    sleutel: Sleutel,
    catalogus: Catalogus,
    per_sleutel: Mapping[Sleutel, Sequence[Ontvangstbewijs]],
    stand: Mapping[Sleutel, Ontvangstbewijs],
    nihil: set[Sleutel],
    vrij: Sequence[Vrijstelling],
    vandaag: dt.date,
) -> KalenderRij:
    afspraak = catalogus.afspraak(sleutel.gemeente, sleutel.bericht, sleutel.maand)
    vrijstelling = next((v for v in vrij if v.geldt(sleutel, vandaag)), None)
    # what a merged gemeente still sends under its old code is welcome and not owed
    bestaat = _bestaat(catalogus, sleutel.gemeente, sleutel.maand)
    verplicht = bestaat and afspraak is not None and afspraak.geldig_in(sleutel.maand) and vrijstelling is None
    uiterst = uiterste_datum(afspraak, sleutel.maand) if afspraak else sleutel.maand.plus(1).laatste_dag
    respijt = uiterst + dt.timedelta(days=afspraak.respijt_dagen if afspraak else 0)
    ontvangen = per_sleutel.get(sleutel, ())
    getoond = stand.get(sleutel) or max(ontvangen, key=lambda b: (b.ontvangen_op, b.sha256), default=None)
    status = _status(getoond, sleutel in nihil, verplicht=verplicht, uiterst=uiterst, respijt=respijt, vandaag=vandaag)
    geaccepteerd = [b.ontvangen_op for b in ontvangen if b.is_geaccepteerd]
    aankomst = lokale_dag(min(geaccepteerd)) if geaccepteerd else vandaag
    telt = verplicht and not (sleutel in nihil and not geaccepteerd)
    return KalenderRij(
        gemeente=sleutel.gemeente,
        bericht=sleutel.bericht,
        maand=sleutel.maand,
        status=status,
        uiterste_datum=uiterst,
        respijt_tot=respijt,
        levering_id=getoond.levering_id if getoond else None,
        dagen_te_laat=max(0, (aankomst - uiterst).days) if telt else None,
        is_verplicht=verplicht,
        reden=_reden(afspraak, vrijstelling),
    )


def _reden(afspraak: Afspraak | None, vrijstelling: Vrijstelling | None) -> str:
    """Return why nothing, or something else than usual, is due."""
    if vrijstelling is not None:
        return vrijstelling.reden
    return afspraak.reden if afspraak else ""


def _status(
    getoond: Ontvangstbewijs | None,
    is_nihil: bool,
    *,
    verplicht: bool,
    uiterst: dt.date,
    respijt: dt.date,
    vandaag: dt.date,
) -> Status:
    if getoond is not None and (getoond.is_geaccepteerd or not is_nihil):
        return getoond.status
    if is_nihil:
        return Status.NIHIL_BEVESTIGD
    if not verplicht:
        return Status.NOG_NIET_AANGESLOTEN
    if vandaag <= uiterst:
        return Status.VERWACHT
    return Status.TE_LAAT if vandaag <= respijt else Status.ONTBREEKT
