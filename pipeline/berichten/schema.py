"""The pandera schemas of accepted rows: door 1 says the last word on what enters the warehouse.

Lives here: one schema per bericht, on the canonical columns of docs/architecture.md section 3. The masks of the rules
split the rows; this contract proves that no row slipped through. It is given eager frames only: on a lazy frame pandera
looks at names and types and skips every check.
Add here: a check that follows from what a column is. Keep out: columns (the rooms), findings for senders (the rules).
"""

from __future__ import annotations

from typing import Any

import pandera.polars as pa
import polars as pl

from pipeline.berichten import CONTRACTEN
from pipeline.berichten.kolom import GETALVORMEN, Kolom, Vorm
from pipeline.berichten.uitvoer import uitvoer
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.fouten import InvariantFout
from pipeline.domain.leveringen import REGIO, Bericht

_EIGEN_PATRONEN = {
    "levering_id": r"^[0-9a-f]{16}$",
    "gemeente": rf"^(?:GM[0-9]{{4}}|{REGIO})$",
    "rij_hash": r"^[0-9a-f]{16,32}$",
    "eigen_sleutel": r"^.{0,30}$",
}


def schema(bericht: Bericht, catalogus: Catalogus) -> pa.DataFrameSchema:
    """Return the contract of accepted rows of a bericht, with the code lists of these seeds."""
    contract = CONTRACTEN[bericht]
    kolommen = {
        naam: _kolom(naam, soort, contract.bewaard.get(naam), catalogus) for naam, soort in uitvoer(bericht).items()
    }
    orde = [_op_volgorde(vroeg, laat, code) for vroeg, laat, code in contract.orde]
    return pa.DataFrameSchema(kolommen, checks=orde, unique=["levering_id", "rij"], strict=True, ordered=True)


def _kolom(naam: str, soort: pl.DataType, k: Kolom | None, catalogus: Catalogus) -> pa.Column:
    if k is None:
        return pa.Column(soort, _eigen_checks(naam), nullable=False)
    return pa.Column(soort, _checks(k, catalogus), nullable=not k.verplicht or k.mag_leeg_bewaard)


def _eigen_checks(naam: str) -> list[pa.Check]:
    """Columns that the door adds."""
    if naam == "rij":
        return [pa.Check.ge(1, error="rij")]
    patroon = _EIGEN_PATRONEN.get(naam)
    return [pa.Check.str_matches(patroon, error=f"patroon {naam}")] if patroon else []


def _checks(k: Kolom, catalogus: Catalogus) -> list[pa.Check]:
    checks = []
    if patroon := _patroon(k):
        checks.append(pa.Check.str_matches(patroon, error=f"patroon {k.bewaard}"))
    if k.weigert:
        codes = catalogus.codes(k.codelijst) if k.codelijst else k.waarden
        checks.append(pa.Check.isin(sorted(codes), error=k.weigert))
    if k.vorm in GETALVORMEN:
        checks.append(pa.Check.ge(0, error=f"niet negatief {k.bewaard}"))
    if k.vorm is Vorm.NUMMER and not k.kenmerk:
        checks.append(pa.Check.in_range(0, 999_999_999, error=f"R15 {k.bewaard}"))
    return checks


def _patroon(k: Kolom) -> str:
    if k.vorm is Vorm.BSN:
        return r"^[0-9a-f]{32}$"  # of the pseudonym
    if k.kenmerk:
        return r"^[0-9a-f]{24}$"  # of the hash
    if k.vorm is Vorm.AGB:
        return rf"^[0-9]{{{k.breedte}}}$"
    if k.vorm is Vorm.GEMEENTE:
        return r"^GM[0-9]{4}$"
    return rf"^{k.tekens}{{1,{k.breedte}}}$" if k.vorm is Vorm.KENMERK else ""


def _op_volgorde(vroeg: str, laat: str, code: str) -> pa.Check:
    def op_volgorde(data: Any) -> Any:
        return data.lazyframe.select((pl.col(vroeg) <= pl.col(laat)).fill_null(value=True))

    return pa.Check(op_volgorde, name=code, error=code)


def bevestig(rijen: pl.DataFrame, bericht: Bericht, catalogus: Catalogus) -> None:
    """Raise InvariantFout when an accepted row breaks the contract: then a rule has a hole, and the run must stop.

    The message names checks and counts, never a value: what pandera itself says holds whole rows.
    """
    try:
        schema(bericht, catalogus).validate(rijen, lazy=True)
    except pa.errors.SchemaErrors as fout:
        gevallen = fout.failure_cases.group_by("column", "check").len().sort("column", "check").rows()
        zin = "; ".join(f"{kolom}: {check} ({n}x)" for kolom, check, n in gevallen)
    else:
        return
    raise InvariantFout(f"goedgekeurde rijen van {bericht.value} voldoen niet aan het contract: {zin}")
