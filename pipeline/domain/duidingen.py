"""What people say about figures: `seeds/ref_duiding.csv`, read and checked.

Lives here: an interpretation as a value, and what makes one unfit: it is published, so it never holds what may be a
person's number, and for the public it needs the agreement of a second role. Keep out: showing it (rapport/duiding.py).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.domain.catalogus import Catalogus

EDITIES = ("intern", "gemeente", "openbaar")
HOOGSTENS = 2000
"""Characters of a text."""
_NUMMER = re.compile(r"(?:\d[\s.\-]?){8,}")
_PERIODE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-01)?)?")
_BESTAND = "ref_duiding.csv"


@dataclass(frozen=True)
class Duidingsregel:
    """An interpretation of a figure; `periode` is a year or a month, `waarde` the figure as it was then.

    `editie`: the widest that may show it; `openbaar` needs `akkoord_door`, another role than `door`. `publicatie_id`:
    which publication it speaks about (empty: the one that was current on `op`).
    """

    duiding_id: str
    indicator_id: str
    gebied_code: str
    segment: str
    aanbieder_agb: str
    periode: str
    tekst: str
    door: str
    op: dt.date
    editie: str
    akkoord_door: str = ""
    publicatie_id: str = ""
    waarde: float | None = None


def lees_duidingen(catalogus: Catalogus) -> list[Duidingsregel]:
    """Return all interpretations in file order; none when the region has no such file. SeedFout names row and fault."""
    from pipeline.domain.catalogus import SeedFout

    if not (catalogus.map / _BESTAND).exists():
        return []
    indicatoren = {r["indicator_id"] for r in catalogus.rijen("indicatoren")}
    uit: list[Duidingsregel] = []
    for nummer, rij in enumerate(catalogus.rijen("duiding"), start=1):
        if fout := _bezwaar(rij, indicatoren, {"REGIO", *catalogus.gemeenten}, {d.duiding_id for d in uit}):
            raise SeedFout(f"{_BESTAND}, duiding {nummer}: {fout}")
        uit.append(duiding_van(rij))
    return uit


def duiding_van(rij: dict[str, str]) -> Duidingsregel:
    """Return a row of the seed as a value; the last three columns may be absent."""
    return Duidingsregel(
        duiding_id=rij["duiding_id"],
        indicator_id=rij["indicator_id"],
        gebied_code=rij["gebied_code"],
        segment=rij["segment"],
        aanbieder_agb=rij.get("aanbieder_agb") or "",
        periode=rij["periode"],
        tekst=rij["tekst"],
        door=rij["door"],
        op=dt.date.fromisoformat(rij["op"]),
        editie=rij["editie"],
        akkoord_door=rij.get("akkoord_door") or "",
        publicatie_id=rij.get("publicatie_id") or "",
        waarde=float(rij["waarde"]) if rij.get("waarde") else None,
    )


def _bezwaar(rij: dict[str, str], indicatoren: set[str], gebieden: set[str], eerder: set[str]) -> str:
    """Say what is wrong with a row, without its text; empty when nothing."""
    bezwaren = (
        (not rij["duiding_id"] or rij["duiding_id"] in eerder, "duiding_id is leeg of komt vaker voor"),
        (rij["indicator_id"] not in indicatoren, "indicator_id staat niet in ref_indicatoren.csv"),
        (rij["gebied_code"] not in gebieden, "gebied_code is geen gemeente van de regio en niet REGIO"),
        (not rij["segment"], "segment is leeg; kies een segment of totaal"),
        (not _PERIODE.fullmatch(rij["periode"]), "periode is geen JJJJ of JJJJ-MM"),
        (not rij["tekst"].strip() or not rij["door"].strip(), "tekst of door is leeg"),
        (len(rij["tekst"]) > HOOGSTENS, f"de tekst is langer dan {HOOGSTENS} tekens"),
        (
            any(_NUMMER.search(rij.get(k) or "") for k in ("tekst", "door", "akkoord_door", "duiding_id")),
            "er staat een reeks van acht of meer cijfers in; dat kan een persoon zijn",
        ),
        (not _is_dag(rij["op"]), "op is geen datum in de vorm JJJJ-MM-DD"),
        (rij["editie"] not in EDITIES, f"editie is geen van {', '.join(EDITIES)}"),
        (
            rij["editie"] == "openbaar" and (rij.get("akkoord_door") or "").strip() in ("", rij["door"].strip()),
            "voor openbaar is akkoord_door nodig, een andere rol dan door",
        ),
        (not _is_getal(rij.get("waarde") or "0"), "waarde is geen getal met een decimale punt"),
    )
    return next((zin for fout, zin in bezwaren if fout), "")


def _is_dag(tekst: str) -> bool:
    try:
        dt.date.fromisoformat(tekst)
    except ValueError:
        return False
    return True


def _is_getal(tekst: str) -> bool:
    try:
        float(tekst)
    except ValueError:
        return False
    return True
