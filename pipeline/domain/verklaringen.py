"""Explanations: what they may speak about, and which of them point at nothing.

Lives here: the names of what the gate asks an explanation for, and the check of `seeds/ref_verklaringen.csv` against
receipts and catalogue. Keep out: what an explanation excuses; for findings that is the mart kwaliteit.bevindingen, for
movements the gate.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from pipeline.domain.bevindingen import Ernst
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.kalender import lokale_dag
from pipeline.domain.leveringen import REGIO, Ontvangstbewijs, Sleutel
from pipeline.domain.seedrijen import Verklaring

BEWEGING = "beweging_bij_gelijke_dekking"
GROEI = "groei_in_een_jaar"
UITSCHIETER = "uitschieter"
POORTREGELS = (BEWEGING, GROEI, UITSCHIETER)
"""Expectations of the gate about movement, by their names in poort.json."""


def losse_verklaringen(
    catalogus: Catalogus, bewijzen: Iterable[Ontvangstbewijs], peilmoment: dt.datetime
) -> tuple[str, ...]:
    """One sentence for the engineer per explanation that excuses nothing, in file order.

    It names a levering that never came or that was replaced since, an unknown gebied, rule or figure, a rule that
    refuses (that is repaired, not explained), or a day that has yet to come.
    """
    ontvangen: dict[Sleutel, list[Ontvangstbewijs]] = {}
    for b in bewijzen:
        if b.ontvangen_op <= peilmoment:
            ontvangen.setdefault(b.sleutel, []).append(b)
    uit = []
    nummers = [nummer for nummer, _ in catalogus.genummerd("verklaringen")]
    for nummer, v in zip(nummers, catalogus.verklaringen, strict=True):
        reden = _los(v, catalogus, ontvangen, lokale_dag(peilmoment))
        if reden:
            uit.append(f"ref_verklaringen.csv regel {nummer}: {reden}")
    return tuple(uit)


def _los(
    v: Verklaring, catalogus: Catalogus, ontvangen: dict[Sleutel, list[Ontvangstbewijs]], vandaag: dt.date
) -> str | None:
    if v.op > vandaag:
        return f"de dag {v.op} moet nog komen; tot dan telt de verklaring niet."
    if v.bericht is None:
        return _losse_beweging(v, catalogus)
    reden = _losse_regel(v, catalogus)
    if reden:
        return reden
    versies = ontvangen.get(Sleutel(v.gemeente, v.bericht, v.maand), [])
    if not versies:
        return f"van {v.gemeente} is geen levering {v.bericht.value} {v.maand} ontvangen."
    nieuwste = max((b.ontvangen_op for b in versies if b.is_geaccepteerd), default=versies[0].ontvangen_op)
    # of a rule that holds back it holds while the rows it speaks about are these, whatever arrived since
    # (int_voorbehoud_bevindingen)
    if not catalogus.regels[v.regel].houdt_vast and lokale_dag(nieuwste) > v.op:
        return f"na {v.op} kwam een nieuwe versie van {v.gemeente} {v.bericht.value} {v.maand}; verklaar die opnieuw."
    return None


def _losse_regel(v: Verklaring, catalogus: Catalogus) -> str | None:
    regel = catalogus.regels.get(v.regel)
    if regel is None:
        return f"de regel {v.regel} staat niet in ref_regels.csv."
    if v.bericht is not None and not regel.geldt_voor(v.bericht):
        return f"de regel {v.regel} gaat niet over {v.bericht.value}."
    if regel.ernst not in (Ernst.SIGNAAL, Ernst.INFO):
        return f"de regel {v.regel} keurt af; dat wordt hersteld en niet verklaard."
    if regel.houdt_vast and (v.n_rijen is None or v.bedrag_cent is None):
        return f"de regel {v.regel} houdt een bedrag vast; noem n_rijen en bedrag_cent waar de verklaring over gaat."
    return None


def _losse_beweging(v: Verklaring, catalogus: Catalogus) -> str | None:
    if v.regel not in POORTREGELS:
        return f"zonder bericht is de regel een van {', '.join(POORTREGELS)}."
    if v.gemeente != REGIO and v.gemeente not in catalogus.gemeenten:
        return f"het gebied {v.gemeente} is onbekend."
    if v.indicator_id and v.indicator_id not in {r["indicator_id"] for r in catalogus.rijen("indicatoren")}:
        return f"het cijfer {v.indicator_id} staat niet in ref_indicatoren.csv."
    return None
