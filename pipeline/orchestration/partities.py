"""Partitions: leveringsmaand for the door, gemeente x maand for who delivered what.

Lives here: partition definitions, built from the seeds. Keep out: assets.
"""

from __future__ import annotations

import dagster as dg

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.maanden import Maand


def maanden(catalogus: Catalogus) -> dg.MonthlyPartitionsDefinition:
    """Return the leveringsmaanden, from setting `eerste_leveringsmaand` to the running one: extracts may come early."""
    eerste = Maand.lees(catalogus.instellingen["eerste_leveringsmaand"])
    return dg.MonthlyPartitionsDefinition(start_date=f"{eerste}-01", timezone="Europe/Amsterdam", end_offset=1)


def gemeenten(catalogus: Catalogus) -> dg.StaticPartitionsDefinition:
    """Return the gemeenten that ever belonged to the regio, and the regio itself where it delivers."""
    return dg.StaticPartitionsDefinition(sorted(catalogus.afzenders))


def gemeente_maanden(catalogus: Catalogus) -> dg.MultiPartitionsDefinition:
    """Return gemeente x maand: what the UI shows of who delivered what; never what runs are cut by."""
    return dg.MultiPartitionsDefinition({"gemeente": gemeenten(catalogus), "maand": maanden(catalogus)})


def als_maanden(sleutels: list[str]) -> list[Maand]:
    """Partition keys (`YYYY-MM-DD`) as months."""
    return [Maand.lees(s[:7]) for s in sleutels]
