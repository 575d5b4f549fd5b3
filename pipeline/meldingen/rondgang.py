"""The round of alerts over a data home: gather what there is to tell, and hand it to the book.

Lives here: which rooms are looked at. The one module of this room that opens others. Keep out: what an alert is, when
it counts, how it is sent (the rest of the room).
"""

from __future__ import annotations

import datetime as dt

import duckdb

from pipeline import intake, meldingen, publish
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.kalender import kalender
from pipeline.domain.leveringen import Ontvangstbewijs
from pipeline.domain.maanden import Maand
from pipeline.domain.seedrijen import GEEN_LEVERING
from pipeline.intake.landing import sleutels_in_landing
from pipeline.meldingen import Onderwerp, Ronde, Sprong
from pipeline.proces import runboek
from pipeline.reports.redenen import redenen
from pipeline.reports.werklijst import Werk, lees_werklijst
from pipeline.settings import Settings


def meld(settings: Settings, catalogus: Catalogus, *, nu: dt.datetime, zonder_verzenden: bool = False) -> Ronde:
    """Tell who must know: what is late, missing, refused, suddenly different, held, failed or silent as of `nu`.

    After a run, and apart from any run (a pipeline that stands still tells nothing itself). At most one message a day
    to each addressee; see pipeline.meldingen. Takes no lock of the load.
    """
    grenzen = meldingen.Grenzen.uit(catalogus)
    bewijzen = [b for b in intake.lees_bewijzen(settings.huis) if b.ontvangen_op <= nu]
    gevonden = sprongen(settings, catalogus)

    def waarom(bewijs: Ontvangstbewijs) -> list[str]:
        return redenen(bewijs, catalogus)

    waarnemingen = [
        *meldingen.wat_nog_ligt(
            meldingen.uit_kalender(
                kalender(catalogus, bewijzen, nu, niet_voor=settings.huis.demo_vanaf), bewijzen, waarom
            ),
            sleutels_in_landing(settings.huis),
            meldingen.lees(settings.huis).meldingen,
        ),
        *meldingen.herleveringen(bewijzen, nu, waarom),
        *meldingen.uit_runs(runboek.lees(settings.huis), nu, grenzen.stil_uren),
        *meldingen.sprongen(gevonden or (), nu, grenzen.sprong_maanden),
    ]
    # where nothing can be read, nothing is solved either
    beoordeeld = frozenset(Onderwerp) - ({Onderwerp.SPRONG} if gevonden is None else set())
    return meldingen.ronde(
        settings,
        catalogus,
        waarnemingen,
        beoordeeld=beoordeeld,
        nu=nu,
        werk=werk(settings, catalogus),
        zonder_verzenden=zonder_verzenden,
    )


def werk(settings: Settings, catalogus: Catalogus) -> list[Werk]:
    """Return what the worklist of the current publication asks, but for what is an alert of its own (`sprongen`).

    Nothing when nothing is published, or a publication that cannot be read: alerts go out all the same.
    """
    eigen = {r.regel_code for r in catalogus.regels.values() if r.gevolg == GEEN_LEVERING}
    try:
        gelezen = lees_werklijst(settings.huis.published / "intern" / "marts.duckdb")
    except duckdb.Error:
        return []
    return [w for w in gelezen.te_doen if w.regel_code not in eigen]


def sprongen(settings: Settings, catalogus: Catalogus) -> list[Sprong] | None:
    """Return the unexplained leveringen of the current publication that cannot be those of their month.

    By the rules whose `gevolg` is GEEN_LEVERING; None when there is no publication to look at.
    """
    regels = [r.regel_code for r in catalogus.regels.values() if r.gevolg == GEEN_LEVERING]
    rijen = publish.onverklaard(settings, regels)
    if rijen is None:
        return None
    return [Sprong(gemeente, bericht, Maand.van(maand), zin) for gemeente, bericht, maand, zin in rijen]
