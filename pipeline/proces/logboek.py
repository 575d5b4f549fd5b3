"""Structured logs: one JSON object per line on stderr, with REGIOMONITOR_LOG=json.

Lives here: the form of a line. Values of rows have no place in a log: of an error only its kind, its place in our own
code and, for our own errors, their sentence are written. Keep out: what is worth logging.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
import traceback
from collections.abc import Mapping
from typing import Any

from pipeline.proces.runboek import veilige_fout

LOGGER = logging.getLogger("regiomonitor")


class JsonRegel(logging.Formatter):
    """One line of JSON per record; extra fields come in under `gegevens`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        regel: dict[str, Any] = {
            "tijd": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(),
            "niveau": record.levelname.lower(),
            "bron": record.name,
            # the text of a library may hold values; only our own is written
            "bericht": record.getMessage() if record.name == LOGGER.name else record.module,
        }
        if gegevens := getattr(record, "gegevens", None):
            regel["gegevens"] = gegevens
        if record.exc_info and record.exc_info[1] is not None:
            fout = record.exc_info[1]
            plekken = traceback.extract_tb(fout.__traceback__)
            regel["fout"] = {"soort": veilige_fout(fout), "plek": [f"{p.name}:{p.lineno}" for p in plekken][-5:]}
        return json.dumps(regel, ensure_ascii=False, default=str)


def zet_aan(env: Mapping[str, str]) -> bool:
    """Send logs of this process to stderr as JSON when the environment asks for it; tell whether it did."""
    if env.get("REGIOMONITOR_LOG", "").strip().lower() != "json":
        return False
    kanaal = logging.StreamHandler(sys.stderr)
    kanaal.setFormatter(JsonRegel())
    wortel = logging.getLogger()
    wortel.handlers = [kanaal]
    LOGGER.setLevel(logging.INFO)
    return True


def log(bericht: str, **gegevens: object) -> None:
    """Write one event; `gegevens` are counts, codes and names of ours."""
    LOGGER.info(bericht, extra={"gegevens": gegevens})
