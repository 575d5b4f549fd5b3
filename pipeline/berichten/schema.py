"""The pandera schemas of accepted rows: door 1 says the last word on what enters the warehouse.

Lives here: one schema per bericht, on the canonical columns of docs/architecture.md section 3. The masks of the rules
split the rows; this contract proves that no row slipped through. It is given eager frames only: on a lazy frame pandera
looks at names and types and skips every check.
Add here: a column. Keep out: findings for senders (the rules).
"""

from __future__ import annotations

from typing import Any

import pandera.polars as pa
import polars as pl

from pipeline.berichten.declaraties.kolommen import DEBET_CREDIT
from pipeline.berichten.uitvoer import UITVOER
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.fouten import InvariantFout
from pipeline.domain.leveringen import Bericht

_VERPLICHT = {
    Bericht.TOEWIJZINGEN: frozenset(
        {"pseudoniem", "geslacht", "aanbieder_agb", "toewijzingnummer", "toewijzingsdatum", "ingangsdatum"}
    ),
    Bericht.DECLARATIES: frozenset(
        {
            "aanbieder_agb", "declaratienummer", "declaratiedagtekening", "pseudoniem", "referentienummer",
            "toewijzingnummer", "productcategorie", "productcode", "productperiode_begin", "productperiode_eind",
            "geleverd_volume", "eenheid", "ingediend_bedrag_cent", "debet_credit",
        }
    ),
}  # fmt: skip
_ALTIJD = frozenset({"levering_id", "gemeente", "leveringsmaand", "rij", "rij_hash", "signalen"})
_PATRONEN = {
    "levering_id": r"^[0-9a-f]{16}$",
    "gemeente": r"^GM[0-9]{4}$",
    "rij_hash": r"^[0-9a-f]{16,32}$",
    "pseudoniem": r"^[0-9a-f]{32}$",
    "aanbieder_agb": r"^[0-9]{8}$",
    "productcode": r"^[0-9A-Z]{1,5}$",
    "declaratienummer": r"^.{1,12}$",
    "referentienummer": r"^.{1,20}$",
    "vorig_referentienummer": r"^.{1,20}$",
}
_ORDE = {
    Bericht.TOEWIJZINGEN: (("ingangsdatum", "einddatum", "T01"),),
    Bericht.DECLARATIES: (("productperiode_begin", "productperiode_eind", "D05"),),
}
_CODELIJSTEN = {"productcategorie": "productcategorie", "eenheid": "eenheid"}
_NIET_NEGATIEF = ("volume", "budget_cent", "geleverd_volume", "producttarief_cent", "ingediend_bedrag_cent")


def schema(bericht: Bericht, catalogus: Catalogus) -> pa.DataFrameSchema:
    """Return the contract of accepted rows of a bericht, with the code lists of these seeds."""
    kolommen = {
        naam: pa.Column(soort, _checks(bericht, naam, catalogus), nullable=naam not in _ALTIJD | _VERPLICHT[bericht])
        for naam, soort in UITVOER[bericht].items()
    }
    orde = [_op_volgorde(vroeg, laat, code) for vroeg, laat, code in _ORDE[bericht]]
    return pa.DataFrameSchema(kolommen, checks=orde, unique=["levering_id", "rij"], strict=True, ordered=True)


def _checks(bericht: Bericht, naam: str, catalogus: Catalogus) -> list[pa.Check]:
    checks = []
    if naam in _PATRONEN:
        checks.append(pa.Check.str_matches(_PATRONEN[naam], error=f"patroon {naam}"))
    if naam in _CODELIJSTEN:
        checks.append(pa.Check.isin(sorted(catalogus.codes(_CODELIJSTEN[naam])), error=f"codelijst {naam}"))
    if naam == "debet_credit":
        checks.append(pa.Check.isin(sorted(DEBET_CREDIT), error="D01"))
    if naam in _NIET_NEGATIEF:
        checks.append(pa.Check.ge(0, error=f"niet negatief {naam}"))
    if naam == "toewijzingnummer":
        checks.append(pa.Check.in_range(0, 999_999_999, error="R15 toewijzingnummer"))
    if naam == "rij":
        checks.append(pa.Check.ge(1, error="rij"))
    return checks


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
