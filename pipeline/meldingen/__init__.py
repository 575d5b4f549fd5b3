"""Alerts: who hears, once and in plain words, that a levering is late, missing, refused or suddenly different.

Lives here: what is worth telling, to whom, in which words, by which channel. Alerts are kept in `meldingen/` of the
data home: like the receipts they cannot be made again. Nothing here ever stops a load. Keep out: finding out states
and jumps; those are given (calendar, receipts, runs, published findings).
"""

from pipeline.meldingen.beheer import bevestig, sluit
from pipeline.meldingen.bijwerken import Grenzen
from pipeline.meldingen.boek import Bericht, Bezorging, Stand, lees
from pipeline.meldingen.melding import Identiteit, Melding, Onderwerp, Soort, Staat, Waarneming
from pipeline.meldingen.vaststellen import Sprong, herleveringen, sprongen, uit_kalender, uit_runs, wat_nog_ligt
from pipeline.meldingen.verzenden import Ronde, ronde

__all__ = [
    "Bericht",
    "Bezorging",
    "Grenzen",
    "Identiteit",
    "Melding",
    "Onderwerp",
    "Ronde",
    "Soort",
    "Sprong",
    "Staat",
    "Stand",
    "Waarneming",
    "bevestig",
    "herleveringen",
    "lees",
    "ronde",
    "sluit",
    "sprongen",
    "uit_kalender",
    "uit_runs",
    "wat_nog_ligt",
]
