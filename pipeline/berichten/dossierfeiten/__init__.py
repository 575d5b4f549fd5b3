"""The bericht `dossierfeiten`: columns (`kolommen.py`), rules (`regels.py`), an example of each (`voorbeelden.py`)."""
