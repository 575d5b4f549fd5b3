"""From what is the matter now to what happened: opened, changed, escalated, solved. Pure.

Lives here: the comparison of observations with the alerts as they stood. Keep out: where observations come from
(vaststellen.py), who is told (bundel.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.kalender import lokale_dag
from pipeline.meldingen.melding import Gebeurtenis, Identiteit, Melding, Onderwerp, Staat, Waarneming, Wat, pas_toe


@dataclass(frozen=True)
class Grenzen:
    """Thresholds of ref_instellingen: days open before each level, hours of silence, ISO weekday of the list."""

    escalatie_dagen: tuple[int, int]
    stil_uren: float
    weeklijst_weekdag: int
    sprong_maanden: int

    @classmethod
    def uit(cls, catalogus: Catalogus) -> Grenzen:
        """Read them; SeedFout when one is absent."""
        return cls(
            (int(catalogus.getal("melding_escalatie_1_dagen")), int(catalogus.getal("melding_escalatie_2_dagen"))),
            catalogus.getal("melding_stil_uren"),
            int(catalogus.getal("melding_weeklijst_weekdag")),
            int(catalogus.getal("melding_sprong_maanden")),
        )


def werk_bij(
    stand: Mapping[Identiteit, Melding],
    waarnemingen: Iterable[Waarneming],
    *,
    beoordeeld: frozenset[Onderwerp],
    nu: dt.datetime,
    grenzen: Grenzen,
) -> list[Gebeurtenis]:
    """Return what happened since, in a fixed order; nothing when nothing did.

    `beoordeeld`: subjects whose source could be read; an alert on another subject is not solved because nobody looked.
    """
    nu_zo = {w.identiteit: w for w in waarnemingen}
    uit: list[Gebeurtenis] = []
    for identiteit, w in sorted(nu_zo.items()):
        uit += _waargenomen(stand.get(identiteit), w, nu, grenzen)
    for identiteit, m in sorted(stand.items()):
        if m.is_open and identiteit not in nu_zo:
            if identiteit.onderwerp in beoordeeld:
                uit.append(Gebeurtenis(Wat.OPGELOST, identiteit, nu))
            else:
                uit += _escalatie(m, nu, grenzen)
    return uit


def _waargenomen(m: Melding | None, w: Waarneming, nu: dt.datetime, grenzen: Grenzen) -> list[Gebeurtenis]:
    inhoud = {"soort": w.soort.value, "kenmerk": w.kenmerk, "feiten": dict(w.feiten)}
    zelfde = m is not None and (m.soort, m.kenmerk) == (w.soort, w.kenmerk)
    if m is None or not m.is_open:
        if m is not None and m.is_gesloten and zelfde:
            return []  # closed by hand, and it is still that very thing
        return [Gebeurtenis(Wat.GEOPEND, w.identiteit, nu, inhoud)]
    if zelfde:
        return _escalatie(m, nu, grenzen)
    veranderd = Gebeurtenis(Wat.VERANDERD, w.identiteit, nu, inhoud)
    return [veranderd, *_escalatie(pas_toe(m, veranderd), nu, grenzen)]


def _escalatie(m: Melding, nu: dt.datetime, grenzen: Grenzen) -> list[Gebeurtenis]:
    """One step up when it is old enough and nobody acknowledged it (or the acknowledgement has run out)."""
    if m.staat is Staat.BEVESTIGD and (m.tot is None or lokale_dag(nu) <= m.tot):
        return []
    oud = (lokale_dag(nu) - lokale_dag(m.geopend_op)).days
    niveau = sum(oud >= dagen for dagen in grenzen.escalatie_dagen)
    if niveau > m.niveau:
        return [Gebeurtenis(Wat.GEESCALEERD, m.identiteit, nu, {"niveau": niveau})]
    return []
