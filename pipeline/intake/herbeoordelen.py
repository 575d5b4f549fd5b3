"""Judging anew, from the archive, what another door judged or of which the rows are gone.

Lives here: which leveringen are due, and their contents as they came. Keep out: writing (verwerken.py), versions of the
door (versie.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.fouten import InvariantFout
from pipeline.domain.leveringen import Ontvangstbewijs
from pipeline.intake import archief
from pipeline.intake.bewijzen import geldigpad, lees_bewijzen, quarantainepad
from pipeline.intake.bijwerken import werk_bij
from pipeline.intake.landing import canonieke_naam
from pipeline.intake.uitkomst import Overgeslagen, Stuk
from pipeline.intake.versie import deurversie
from pipeline.intake.verwerken import Voortgang, maak_deur, partijen_van, stil, verwerk, volgorde
from pipeline.settings import Huis, Settings


def beoordeel_opnieuw(
    settings: Settings,
    catalogus: Catalogus,
    *,
    nu: dt.datetime,
    alles: bool = False,
    voortgang: Voortgang | None = None,
) -> tuple[Ontvangstbewijs, ...]:
    """Judge anew from the archive; see pipeline.intake. A verdict knows no clock: `nu` is not used."""
    werk_bij(settings)
    bewijzen = lees_bewijzen(settings.huis)
    over: list[Overgeslagen] = []
    uit = herbeoordeel(settings, catalogus, bewijzen, alles=alles, meld=voortgang or stil, over=over)
    if over:  # who asks for this wants all of it (a proof, another key): there is nothing to go on with
        raise InvariantFout(f"{over[0].bestand}: {over[0].reden}")
    return uit


def herbeoordeel(
    settings: Settings,
    catalogus: Catalogus,
    bewijzen: Sequence[Ontvangstbewijs],
    *,
    alles: bool,
    meld: Voortgang,
    over: list[Overgeslagen],
) -> tuple[Ontvangstbewijs, ...]:
    """Judge anew what is due of these receipts; what we fail on is told in `over`."""
    versie = deurversie(catalogus)
    toe_aan = [b for b in bewijzen if alles or b.deurversie != versie or _rijen_weg(settings.huis, b)]
    if not toe_aan:
        return ()
    deur = maak_deur(settings, catalogus, settings.eis_sleutel())
    uit: list[Ontvangstbewijs] = []
    for partij in partijen_van(_uit_archief(settings, catalogus, toe_aan, meld)):
        uit += verwerk(settings.huis, deur, partij, over)
    return tuple(sorted(uit, key=volgorde))


def _rijen_weg(huis: Huis, b: Ontvangstbewijs) -> bool:
    """Tell whether the rows of a levering are no longer there (deleted, or never finished)."""
    if b.is_geaccepteerd and b.rijen.geaccepteerd and not geldigpad(huis, b).exists():
        return True
    return bool(b.rijen.quarantaine) and not quarantainepad(huis, b).exists()


def _uit_archief(
    settings: Settings, catalogus: Catalogus, bewijzen: Sequence[Ontvangstbewijs], meld: Voortgang
) -> Iterator[Stuk]:
    from pipeline.intake.bestandsdeur import grenzen

    huis, inhoudsleutel = settings.huis, settings.inhoudsleutel
    max_bytes = grenzen(catalogus).max_bytes
    for i, b in enumerate(bewijzen):
        meld(i, len(bewijzen), f"{b.sleutel}")
        te_groot = b.bytes > max_bytes
        data = b"" if te_groot else archief.haal(huis, b.sha256, inhoudsleutel)
        if data is None:
            continue
        extensie = Path(b.bestandsnaam).suffix.lower().removeprefix(".")
        zij_map = b.bestandsnaam.partition("/")[0] if "/" in b.bestandsnaam else ""
        yield Stuk(
            sleutel=b.sleutel,
            levering_id=b.levering_id,
            controle_id=b.levering_id,
            sha256=b.sha256,
            n_bytes=b.bytes,
            bestandsnaam=canonieke_naam(b.sleutel, extensie, zij_map),
            extensie=extensie,
            ontvangen_op=b.ontvangen_op,
            verwerkt_op=b.verwerkt_op,
            data=data,
            te_groot=te_groot,
            zij_map=zij_map,
            controle=b.controle,
        )
    meld(len(bewijzen), len(bewijzen), "")
