"""The bericht `declaraties`: its columns (`kolommen.py`) and its rules (`regels.py`)."""
