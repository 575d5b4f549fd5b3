"""The colours of charts, once. In the dark stijl.css replaces them by their value; tests compute their contrast.

One blue is what we measure, grey is comparison, ink is what was agreed, ochre is caution, brick is wrong.
"""

from __future__ import annotations

INKT = "#16232f"
TEKST2 = "#4a5763"
LIJN = "#e3e7ea"
AS = "#8593a0"
DATA = "#1f5a8c"
DATA_LICHT = "#9dbfda"
BAND = "#d3e3f0"
GRIJS = "#626f7b"
GRIJS_LICHT = "#c3cbd2"
OKER = "#8a5a00"
STEEN = "#9c2f24"
WIT = "#ffffff"
ARCERING = "url(#arcering)"
"""Filled with lines: not yet received, or too few to show."""
