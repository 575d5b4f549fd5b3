"""Many regions: sharing a publication in one store, and seeing the region beside the others (SPEC 11).

Lives here: the store and who may write in it (`winkel.py`), sharing and withdrawing (`delen.py`), the comparison
(`vergelijken.py`, made by the dbt project in dbt_landelijk/). Add here: what regions do together. Keep out: anything
about a person; only what a publication holds leaves a region.
"""

from pipeline.landelijk.delen import Gedeeld, deel, trek_in
from pipeline.landelijk.vergelijken import Vergelijking, vergelijk
from pipeline.landelijk.winkel import WinkelFout

__all__ = ["Gedeeld", "Vergelijking", "WinkelFout", "deel", "trek_in", "vergelijk"]
