"""The warehouse: raw tables that only grow, and the dbt build on top of them.

Lives here: loading, running dbt, the lock of the one writer. Add here: another way to run the same build.
Keep out: SQL of models (dbt_project/), what is published (publish/).
"""

from pipeline.domain.fouten import BouwFout, InvariantFout, SlotFout
from pipeline.proces.slot import enige_schrijver
from pipeline.warehouse.bouwen import Bouwresultaat, DbtWerker, Knoop, bouw, start_dbt_werker
from pipeline.warehouse.laden import Laadresultaat, laad
from pipeline.warehouse.signalen import lees_signalen

__all__ = [
    "BouwFout",
    "Bouwresultaat",
    "DbtWerker",
    "InvariantFout",
    "Knoop",
    "Laadresultaat",
    "SlotFout",
    "bouw",
    "enige_schrijver",
    "laad",
    "lees_signalen",
    "start_dbt_werker",
]
