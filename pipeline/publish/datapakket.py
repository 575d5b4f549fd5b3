"""The data package: what lies in one edition, in the form of Frictionless, so that any tool can check and read it.

Lives here: datapackage.json of one edition (`intern`, `openbaar`, `gemeente/GM....`), which stays right when its folder
is copied elsewhere. Add here: what readers of CSV and Parquet must know and the files do not say. Keep out: what the
columns mean (woordenboek.py), making the files (kandidaat.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.domain.publicaties import PublicatieGegevens, als_utc
from pipeline.publish.woordenboek import Editie, Tabel

DATAPAKKET = "datapackage.json"
VORMEN = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
"""Folder and extension of every form in which a table lies beside the database, with its media type."""


def schrijf_datapakket(map_: Path, editie: Editie, tabellen: Sequence[Tabel], publicatie: PublicatieGegevens) -> None:
    """Write datapackage.json into the folder of an edition, whose CSV and Parquet files are there."""
    pakket = {
        "profile": "data-package",
        "name": f"regiomonitor-{editie.naam}".replace("/", "-").lower(),
        "title": editie.titel,
        "description": editie.omschrijving,
        "version": publicatie.publicatie_id,
        "created": als_utc(publicatie.gemaakt_op).isoformat(),
        "resources": [_resource(map_, t, tabellen, vorm) for t in tabellen for vorm in VORMEN],
    }
    (map_ / DATAPAKKET).write_text(json.dumps(pakket, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _resource(map_: Path, tabel: Tabel, tabellen: Sequence[Tabel], vorm: str) -> dict[str, Any]:
    bestand = map_ / vorm / f"{tabel.naam}.{vorm}"
    with bestand.open("rb") as f:
        som = hashlib.file_digest(f, "sha256").hexdigest()
    return {
        "name": tabel.naam if vorm == "csv" else f"{tabel.naam}.{vorm}",
        "path": bestand.relative_to(map_).as_posix(),
        "description": tabel.omschrijving,
        "format": vorm,
        "mediatype": VORMEN[vorm],
        "bytes": bestand.stat().st_size,
        "hash": f"sha256:{som}",
        **(_als_tabel(tabel, tabellen) if vorm == "csv" else _ALS_BESTAND),
    }


# Parquet says itself what is in it; a reader that turns it into text and back only finds faults of its own making
_ALS_BESTAND: Mapping[str, Any] = {"profile": "data-resource", "type": "file"}


def _als_tabel(tabel: Tabel, tabellen: Sequence[Tabel]) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [k.als_frictionless() for k in tabel.kolommen], "missingValues": [""]}
    if tabel.sleutel:
        schema["primaryKey"] = list(tabel.sleutel)
    if verwijzingen := _verwijzingen(tabel, tabellen):
        schema["foreignKeys"] = verwijzingen
    return {"profile": "tabular-data-resource", "type": "table", "encoding": "utf-8", "schema": schema}


def _verwijzingen(tabel: Tabel, tabellen: Sequence[Tabel]) -> list[dict[str, Any]]:
    """Foreign keys: a column with the name of the whole key of another table points at it, unless its yml says not."""
    namen = {k.naam for k in tabel.kolommen if k.verwijst}
    return [
        {"fields": list(t.sleutel), "reference": {"resource": t.naam, "fields": list(t.sleutel)}}
        for t in tabellen
        if t is not tabel and len(t.sleutel) == 1 and t.sleutel[0] in namen
    ]
