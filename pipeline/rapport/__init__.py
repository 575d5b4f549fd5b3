"""The report pages: static HTML that people read, made from a publication's own files and nothing else (SPEC 10).

Lives here: pages and blocks as data (`paginas/`, `blokken.py`), queries on the file of an edition (`bron.py`), when a
rise or fall may be named (`beweging.py`), headlines (`koppen.py`) and lines on how sure a figure is (`zekerheid.py`)
by rules, charts (`grafieken.py`, `beelden.py`) drawn by a helper that ends (`tekenaar.py`), templates and style
(`sjablonen/`, `stijl/`), interpretations (`duiding.py`), making and swapping (`maken.py`), with a second process (`helft.py`).
Add here: a page, a block, a chart. Keep out: computing figures (dbt_project/); altair and vl_convert live only here.
"""

from pipeline.rapport.bron import RapportFout
from pipeline.rapport.maken import MAP, Rapport, is_heel, lees_opgave, maak, maak_actueel, wijs_aan

__all__ = ["MAP", "Rapport", "RapportFout", "is_heel", "lees_opgave", "maak", "maak_actueel", "wijs_aan"]
