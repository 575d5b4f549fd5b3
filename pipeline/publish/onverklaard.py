"""Published leveringen that cannot be those of their month and that nobody explained yet: what alerts ask about.

Lives here: one question to the current publication, read only. Keep out: what is done with the answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import duckdb

from pipeline.publish.vergelijk import marts_bestand
from pipeline.settings import Settings


def onverklaard(settings: Settings, regels: Iterable[str]) -> list[tuple[str, str, dt.date, str]] | None:
    """Return (gemeente, bericht, maand, sentence) of what one of `regels` left to do, in order.

    None when it cannot be said: nothing is published, or the publication is of before there was a worklist.
    """
    bestand = marts_bestand(settings.huis.published)
    if not bestand.exists():
        return None
    vraag = (
        "SELECT gemeente, bericht, maand, string_agg(zin, ' ' ORDER BY regel_code) FROM kwaliteit.werklijst "
        "WHERE is_te_doen AND list_contains(?, regel_code) GROUP BY ALL ORDER BY ALL"
    )
    try:
        with duckdb.connect(str(bestand), read_only=True) as con:
            return con.execute(vraag, [list(regels)]).fetchall()
    except duckdb.Error:
        return None
