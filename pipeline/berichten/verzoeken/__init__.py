"""The bericht `verzoeken`: columns (`kolommen.py`), rules (`regels.py`), an example of each (`voorbeelden.py`)."""
