"""The rows of one bericht while the region is made, from what happened to what is delivered.

Lives here: what planting, writing and accounting share about rows. Keep out: how any of them works (voorraad.py,
bestanden.py, boekhouding.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from pipeline.domain.leveringen import Bericht
from pipeline.synth.planter import Boeking

PRODUCTDAG = {
    Bericht.TOEWIJZINGEN: ("T21", "ingangsdatum"),
    Bericht.DECLARATIES: ("D30", "productperiode_begin"),
}
"""The rule on products that were not in the table on a day, and that day."""
LAAT = pl.col("declaratiedagtekening") > pl.col("productperiode_eind").dt.offset_by("1mo").dt.month_end()
"""Lines that came later than a month after their period."""


@dataclass
class Berichtrijen:
    """Everything about one bericht while the region is made."""

    bericht: Bericht
    waarheid: pl.DataFrame
    rijen: pl.DataFrame
    ruw: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    boekingen: list[Boeking] = field(default_factory=list)
    soorten: set[str] = field(default_factory=set)
