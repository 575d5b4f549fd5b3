"""Regiomonitor: from the monthly extracts of gemeenten to published figures.

Lives here: the rooms of the house, one sub-package each (docs/architecture.md).
Add here: nothing but sub-packages, `settings.py`, `maand.py`, `naspelen.py` and `definitions.py`.
"""

__version__ = "0.2.0"
