"""iJw messages as plain as can be, with the standard library: to compare with what the reader and the writer make."""

from __future__ import annotations

import csv
import io
import zipfile
from xml.etree import ElementTree


def als_csv(inhoud: bytes) -> bytes:
    """Return the Prestaties of all 323 messages in a zip as CSV, a header and a line each; other files as they are."""
    with zipfile.ZipFile(io.BytesIO(inhoud)) as zip_:
        namen = sorted(zip_.namelist())
        if any(not n.endswith(".xml") for n in namen):
            return b"".join(zip_.read(n) for n in namen)
        rijen = [rij for n in namen if "323" in n for rij in _prestaties(zip_.read(n))]
    koppen = sorted({k for r in rijen for k in r})
    uit = io.StringIO()
    schrijver = csv.DictWriter(uit, koppen, delimiter=";", lineterminator="\n")
    schrijver.writeheader()
    schrijver.writerows(rijen)
    return uit.getvalue().encode()


def _prestaties(data: bytes) -> list[dict[str, str]]:
    bericht = ElementTree.fromstring(data)  # noqa: S314  # written by ourselves
    kop = {"aanbieder_agb": bericht.findtext("{*}Header/{*}Afzender", "")}
    return [
        kop | {"bsn": client.findtext("{*}Bsn", "")} | {_naam(e): e.text or "" for e in prestatie.iter() if not len(e)}
        for client in bericht.findall(".//{*}Client")
        for prestatie in client.findall(".//{*}Prestatie")
    ]


def _naam(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
