"""The door: from files in landing/ to validated rows, refused rows with reasons, and a receipt per levering.

Lives here: landing, archive, readers, pseudonyms, the doors in order, receipts. These functions are the way in.
Add here: a reader (readers.py). Keep out: what a rule looks at, what a column is (berichten/), the clock.
Heavy libraries are imported when a function needs them: a command that only reads receipts starts at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht, Ontvangstbewijs
from pipeline.domain.maanden import Maand
from pipeline.domain.terugmelding import Terugblik
from pipeline.intake.bewijzen import lees_bewijzen, neem_onvervangbaar_over
from pipeline.intake.bijwerken import werk_bij
from pipeline.intake.uitkomst import Inname, Oordeel, Overgeslagen, Rijbevinding
from pipeline.intake.versie import deurversie
from pipeline.settings import Huis, Settings

Voortgang = Callable[[int, int, str], None]
"""Called with (done, total, what is being done)."""


def neem_in(
    settings: Settings,
    catalogus: Catalogus,
    *,
    nu: dt.datetime,
    maanden: Sequence[Maand] | None = None,
    voortgang: Voortgang | None = None,
) -> Inname:
    """Take in everything new in landing/ (of `maanden`, or all), after judging anew what another door judged.

    Idempotent, and safe to kill at any instant: the receipt comes last, the next run does what is missing. What is new
    is decided by content. One bad file never stops the others. `nu` is aware. Raises InstellingFout without a key.
    """
    from pipeline.intake.inname import neem_in as _neem_in

    return _neem_in(settings, catalogus, nu=nu, maanden=maanden, voortgang=voortgang)


def beoordeel_opnieuw(
    settings: Settings,
    catalogus: Catalogus,
    *,
    nu: dt.datetime,
    alles: bool = False,
    voortgang: Voortgang | None = None,
) -> tuple[Ontvangstbewijs, ...]:
    """Judge from archive/ every levering whose door has changed or whose rows are gone (`alles`: every levering).

    Moments of arrival and of first processing stay as they were. A levering whose bytes are not in the archive keeps
    its receipt. Returns the new receipts.
    """
    from pipeline.intake.herbeoordelen import beoordeel_opnieuw as _opnieuw

    return _opnieuw(settings, catalogus, nu=nu, alles=alles, voortgang=voortgang)


def controleer_bestand(
    pad: Path,
    settings: Settings,
    catalogus: Catalogus,
    *,
    bericht: Bericht | None = None,
    gemeente: str | None = None,
    maand: Maand | None = None,
    nu: dt.datetime,
) -> Oordeel:
    """Judge one file as a run would; writes nothing, needs no key.

    What is not given is taken from the file name; ValueError with a Dutch sentence when the name does not say it.
    """
    from pipeline.intake.controleren import controleer_bestand as _controleer

    return _controleer(pad, settings, catalogus, bericht=bericht, gemeente=gemeente, maand=maand, nu=nu)


def lees_terugblik(huis: Huis, bewijs: Ontvangstbewijs, max_rijen: int) -> Terugblik:
    """Look back at the rows of a levering for its sender; the rows themselves stay where they are."""
    if not any(b.n_rijen and b.rijen for b in bewijs.bevindingen):
        return Terugblik()
    from pipeline.intake.terugblik import lees_terugblik as _lees

    return _lees(huis, bewijs, max_rijen)


__all__ = [
    "Inname",
    "Oordeel",
    "Overgeslagen",
    "Rijbevinding",
    "Voortgang",
    "beoordeel_opnieuw",
    "controleer_bestand",
    "deurversie",
    "lees_bewijzen",
    "lees_terugblik",
    "neem_in",
    "neem_onvervangbaar_over",
    "werk_bij",
]
