"""What an indicator may count (dbt_project/macros/tellingen.sql) is what the models count, and nothing else.

A telling that no model counts would be zero everywhere; one that is left out cannot be asked for.
"""

from __future__ import annotations

import re

import duckdb
import pytest

from pipeline.settings import PROJECT
from tests.conftest import GedraaideRegio

GETELD = {
    "jeugdigen": "SELECT DISTINCT telling FROM intermediate.int_jeugdigen_per_periode",
    "trajecten": "SELECT DISTINCT telling FROM intermediate.int_trajecten_per_periode",
    "dagen": "SELECT DISTINCT telling FROM intermediate.int_verblijfsdagen",
}
IN_DE_TEKST = {
    "kosten": ("int_ind_kosten_per", r"when '(\w+)' then (?:bedragen|spreiding)\.\w+_cent"),
    "dossiers": ("int_dossier_gevallen", r"'(\w+)' as telling"),
}
"""Of which a region may have nothing: the names that the model writes."""


def _tellingen() -> dict[str, set[str]]:
    tekst = (PROJECT / "dbt_project" / "macros" / "tellingen.sql").read_text(encoding="utf-8")
    soorten = re.findall(r"'(\w+)': \[(.*?)\]", tekst, re.DOTALL)
    return {soort: set(re.findall(r"'(\w+)'", namen)) for soort, namen in soorten}


@pytest.mark.parametrize("soort", GETELD)
def test_every_telling_is_counted(rommelige_regio: GedraaideRegio, soort: str) -> None:
    with duckdb.connect(str(rommelige_regio.settings.huis.warehouse), read_only=True) as con:
        geteld = {naam for (naam,) in con.execute(GETELD[soort]).fetchall()}
    # a region of this size need not have one of these
    (pad,) = (PROJECT / "dbt_project" / "models").rglob("int_verblijf_gebeurtenissen.sql")
    zeldzaam = set(re.findall(r"'(uithuisplaatsing_\w+)'", pad.read_text(encoding="utf-8")))
    assert _tellingen()[soort] - zeldzaam <= geteld


@pytest.mark.parametrize("soort", IN_DE_TEKST)
def test_every_telling_is_written_by_its_model(soort: str) -> None:
    model, patroon = IN_DE_TEKST[soort]
    (pad,) = (PROJECT / "dbt_project" / "models").rglob(f"{model}.sql")
    assert _tellingen()[soort] == set(re.findall(patroon, pad.read_text(encoding="utf-8")))
