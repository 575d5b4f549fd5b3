"""Published findings that nobody explained yet: what alerts ask about.

Lives here: one question to the current publication, read only. Keep out: what is done with the answer.
"""

from __future__ import annotations

import datetime as dt

import duckdb

from pipeline.publish.vergelijk import marts_bestand
from pipeline.settings import Settings


def onverklaard(settings: Settings, regel_code: str) -> list[tuple[str, str, dt.date]] | None:
    """Return (gemeente, bericht, maand) where a rule fired without an explanation, in order.

    None when it cannot be said: nothing is published, or the publication is of before findings could be explained.
    """
    bestand = marts_bestand(settings.huis.published)
    if not bestand.exists():
        return None
    vraag = (
        "SELECT DISTINCT gemeente, bericht, maand FROM kwaliteit.bevindingen "
        "WHERE regel_code = ? AND n_rijen > 0 AND NOT is_verklaard ORDER BY ALL"
    )
    try:
        with duckdb.connect(str(bestand), read_only=True) as con:
            return con.execute(vraag, [regel_code]).fetchall()
    except duckdb.Error:
        return None
