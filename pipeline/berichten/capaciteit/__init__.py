"""The bericht `capaciteit`: columns (`kolommen.py`), rules (`regels.py`), an example of each (`voorbeelden.py`)."""
