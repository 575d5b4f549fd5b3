"""The bericht `toewijzingen`: its columns (`kolommen.py`) and its rules (`regels.py`)."""
