"""The bericht `declaraties`: columns (`kolommen.py`), rules (`regels.py`), an example of each (`voorbeelden.py`)."""
