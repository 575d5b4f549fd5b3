"""Publication: candidate, gate, release, rollback, and what differs between two publications.

Lives here: everything between the built marts and the link `published`. Add here: another form in which the same
marts go out. Keep out: computing figures (dbt_project/), telling people about it (reports/, alerts/).
"""

from pipeline.publish.bewaren import Bewaarmerk, bevries, bewaar, bewaarmerk, ruim_op, seedgeschiedenis
from pipeline.publish.kandidaat import Kandidaat, maak_kandidaat
from pipeline.publish.onverklaard import onverklaard
from pipeline.publish.oordeel import Poortresultaat, Verwachtingsresultaat, Zwaarte
from pipeline.publish.poort import PoortFout, beoordeel_kandidaat, start_werker
from pipeline.publish.vergelijk import (
    LeveringVerschil,
    Verschil,
    schrijf_verschil,
    verschil_leveringen,
    verschillen,
    zelfde_inhoud,
)
from pipeline.publish.vrijgave import (
    Publicatie,
    PublicatieFout,
    geef_vrij,
    houd_tegen,
    huidige,
    publicaties,
    rol_terug,
    tegengehouden,
)
from pipeline.publish.woordenboek import KandidaatFout

__all__ = [
    "Bewaarmerk",
    "Kandidaat",
    "KandidaatFout",
    "LeveringVerschil",
    "PoortFout",
    "Poortresultaat",
    "Publicatie",
    "PublicatieFout",
    "Verschil",
    "Verwachtingsresultaat",
    "Zwaarte",
    "beoordeel_kandidaat",
    "bevries",
    "bewaar",
    "bewaarmerk",
    "geef_vrij",
    "houd_tegen",
    "huidige",
    "maak_kandidaat",
    "onverklaard",
    "publicaties",
    "rol_terug",
    "ruim_op",
    "schrijf_verschil",
    "seedgeschiedenis",
    "start_werker",
    "tegengehouden",
    "verschil_leveringen",
    "verschillen",
    "zelfde_inhoud",
]
