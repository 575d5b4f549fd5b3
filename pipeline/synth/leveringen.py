"""Which files were sent, and when: the plan of all leveringen up to a moment.

Lives here: the value `Levering` and the calendar of arrivals. Keep out: what goes wrong (bestandsgebreken.py), how a
file looks (dracht.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import KERN, Sleutel, Status
from pipeline.domain.maanden import Maand
from pipeline.domain.seedrijen import Afspraak
from pipeline.synth.dracht import GEWOON, Dracht


@dataclass(frozen=True)
class Levering:
    """One file. `gebrek` names what is wrong with it as a whole; `inhoud_van` the month whose rows it holds."""

    sleutel: Sleutel
    bestand: str
    ontvangen_op: dt.datetime
    soort: str
    bedrag_eenheid: str
    versies: str
    dracht: Dracht = GEWOON
    gebrek: str = ""
    inhoud_van: Maand | None = None
    status: Status = Status.GEACCEPTEERD
    toelichting: str = ""
    met_controle: bool = False
    weggelaten: frozenset[int] = field(default_factory=frozenset)
    """toewijzingnummers that vanished from this stand"""

    @property
    def is_geaccepteerd(self) -> bool:
        """Tell whether the door is expected to take this file in."""
        return self.status is not Status.AFGEKEURD

    @property
    def maand_van_inhoud(self) -> Maand:
        """Month whose rows are in the file: its own, unless something went wrong."""
        return self.inhoud_van or self.sleutel.maand


def bestandspad(sleutel: Sleutel, achter: str = "") -> str:
    """Path relative to landing/ (SPEC 2)."""
    return f"{sleutel.gemeente}/{sleutel.bericht.value}_{sleutel.gemeente}_{sleutel.maand}{achter}.csv"


def maand_van_aankomst(afspraak: Afspraak, maand: Maand) -> Maand:
    """Month in which a levering arrives: the month after, for quarters the month after the quarter."""
    return maand.plus(3 - (maand.maand - 1) % 3) if afspraak.cadans == "kwartaal" else maand.plus(1)


def maak_plan(
    catalogus: Catalogus, gemeenten: Sequence[str], maanden: Sequence[Maand], nu: dt.datetime, rng: np.random.Generator
) -> list[Levering]:
    """All leveringen that arrived not later than `nu`, without anything wrong, ordered by gemeente, bericht, maand."""
    plan: list[Levering] = []
    for gemeente in gemeenten:
        for bericht in KERN:
            for maand in maanden:
                dag, seconde = int(rng.integers(3, 14)), int(rng.integers(7 * 3600, 20 * 3600))
                afspraak = catalogus.afspraak(gemeente, bericht, maand)
                if afspraak is None:
                    continue
                aankomst = dt.datetime.combine(
                    maand_van_aankomst(afspraak, maand).dag(dag), dt.time(), dt.UTC
                ) + dt.timedelta(seconds=seconde)
                if aankomst > nu:
                    continue
                sleutel = Sleutel(gemeente, bericht, maand)
                plan.append(
                    Levering(
                        sleutel,
                        bestandspad(sleutel),
                        aankomst,
                        afspraak.soort,
                        afspraak.bedrag_eenheid,
                        afspraak.versies,
                    )
                )
    return plan
