"""From an offer in landing/ to what is to be judged, and whether it was received before.

Lives here: what a run takes for the same offer. Keep out: finding and reading files (landing.py), taking in
(inname.py).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.berichten import bestandsregels
from pipeline.domain.leveringen import Ontvangstbewijs
from pipeline.domain.sleutels import inhoudsmerk
from pipeline.intake.landing import Aanbod, Inhoud, canonieke_naam, identiteit, lees_controle
from pipeline.intake.uitkomst import Overgeslagen, Stuk


@dataclass
class Bekend:
    """What was received before, by levering, and what this run adds."""

    bewijzen: dict[str, Ontvangstbewijs]
    ongewijzigd: int = 0
    onderweg: set[str] = field(default_factory=set)
    per_map: Counter[str] = field(default_factory=Counter)
    te_veel: Counter[str] = field(default_factory=Counter)
    uitgesteld: list[Aanbod] = field(default_factory=list)
    over: list[Overgeslagen] = field(default_factory=list)
    nieuw: dict[str, Ontvangstbewijs] = field(default_factory=dict)

    def neem_uitgesteld(self) -> list[Aanbod]:
        """Hand over what waited for a verdict in this run."""
        self.onderweg.clear()
        uitgesteld, self.uitgesteld = self.uitgesteld, []
        return uitgesteld

    def zelfde(self, stuk: Stuk) -> Ontvangstbewijs | None:
        """Return the receipt of the same offer: the same bytes, with control totals that say the same about them."""
        if oud := self.bewijzen.get(stuk.controle_id):
            return oud
        oud = self.bewijzen.get(stuk.levering_id)
        if oud is None or stuk.controle is None:
            return oud
        nihil = bestandsregels.nihil_volgens(stuk.controle) and not oud.rijen.ontvangen
        fout = bestandsregels.controle_klopt_niet(
            stuk.controle, rijen=oud.rijen.ontvangen, bedrag_cent=oud.bedrag_cent.ontvangen, sha256=oud.sha256
        )
        return None if nihil or fout else oud


def maak_stuk(a: Aanbod, inhoud: Inhoud, nu: dt.datetime, inhoudsleutel: bytes, basis: Path | None = None) -> Stuk:
    """Return what is to be judged. From here on a content is known by its keyed hash, also where a sender names it."""
    nu = nu.astimezone(dt.UTC)
    sha256 = inhoudsmerk(inhoudsleutel, inhoud.sha256)
    controle = lees_controle(a.pad, basis=basis)
    if controle is not None and "sha256" in controle:
        controle["sha256"] = inhoudsmerk(inhoudsleutel, controle["sha256"])
    return Stuk(
        sleutel=a.sleutel,
        levering_id=identiteit(a.sleutel, sha256, a.zij_map),
        controle_id=identiteit(a.sleutel, sha256, a.zij_map, controle),
        sha256=sha256,
        n_bytes=inhoud.n_bytes,
        bestandsnaam=canonieke_naam(a.sleutel, a.extensie, a.zij_map),
        extensie=a.extensie,
        ontvangen_op=min(inhoud.gewijzigd_op, nu),
        verwerkt_op=nu,
        data=inhoud.data,
        te_groot=inhoud.te_groot,
        zij_map=a.zij_map,
        controle=controle,
    )
