"""The fingerprint of the door: its source code and the seeds it reads (docs/architecture.md section 1)."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipeline.domain import synoniemen
from pipeline.domain.catalogus import Catalogus

_PAKKET = Path(__file__).resolve().parent.parent
_BRONNEN = ("berichten", "intake")
_DOMEIN = ("bevindingen.py", "catalogus.py", "leveringen.py", "maanden.py", "synoniemen.py")
_SEEDS = (
    "ref_codes_eenheid.csv",
    "ref_codes_frequentie.csv",
    "ref_codes_productcategorie.csv",
    "ref_codes_reden_beeindiging.csv",
    "ref_codes_reden_wijziging.csv",
    "ref_codes_retour.csv",
    "ref_codes_verwijzer.csv",
    "ref_gemeenten.csv",
    "ref_leveringsafspraken.csv",
    "ref_nihil_opgaven.csv",
    "ref_productcodes.csv",
    "ref_regels.csv",
)
_INSTELLINGEN = ("quarantaine_max_aandeel", "quarantaine_min_rijen", "bestand_max_mb", "rij_max_tekens", "kolommen_max")


def deurversie(catalogus: Catalogus) -> str:
    """Return what door gave a verdict: another value means that verdicts are due to be given anew."""
    h = hashlib.sha256()
    for pad in _bronbestanden():
        h.update(pad.relative_to(_PAKKET).as_posix().encode() + b"\0" + pad.read_bytes())
    for naam in _SEEDS:
        h.update(naam.encode() + b"\0" + hashlib.sha256((catalogus.map / naam).read_bytes()).digest())
    for naam in synoniemen.SEEDS:  # may be absent from seeds of before they existed
        if (catalogus.map / naam).exists():
            h.update(naam.encode() + b"\0" + hashlib.sha256((catalogus.map / naam).read_bytes()).digest())
    for sleutel in _INSTELLINGEN:
        h.update(f"{sleutel}={catalogus.instellingen.get(sleutel, '')}\n".encode())
    return h.hexdigest()[:16]


def _bronbestanden() -> list[Path]:
    eigen = [p for map_ in _BRONNEN for p in (_PAKKET / map_).rglob("*.py")]
    return sorted([*eigen, *(_PAKKET / "domain" / naam for naam in _DOMEIN)])
