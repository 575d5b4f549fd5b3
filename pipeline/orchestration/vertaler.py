"""How the dbt project looks in Dagster: keys, groups in the order of the flow, owner, Dutch texts, checks in words.

Lives here: names and texts. Keep out: assets (assets.py), what dbt builds (dbt_project/).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject

from pipeline.beheer.nieuw import WAARTOE

EIGENAAR = ["team:regiomonitor"]
GROEPEN = (
    "inname",
    "raw",
    "seeds",
    "staging",
    "intermediate",
    "core",
    "sturing",
    "kosten",
    "kwaliteit",
    "meta",
    "openbaar",
    "publicatie",
)
"""As the rows flow; the UI sorts by name, so each gets its number."""
SOORT = {
    "staging": "Ruwe rijen of referentiegegevens met hun types, nog zonder berekening.",
    "intermediate": "Tussenstap van de berekening; wordt elke run opnieuw gemaakt en niet gepubliceerd.",
    "core": "Kerntabel waar de gepubliceerde tabellen uit worden opgeteld; op persoonsniveau, dus niet gepubliceerd.",
    "seeds": "Referentiegegevens die met het project meekomen.",
}


def groep(naam: str) -> str:
    """Return the group of a schema, or of a step of ours, with its place in the flow."""
    return f"{GROEPEN.index(naam) + 1:02d}_{naam}" if naam in GROEPEN else naam


def tabelnamen(manifest: Mapping[str, Any]) -> dict[dg.AssetKey, str]:
    """Return `schema.table` in the warehouse per asset: a model may go by another name there than its file has."""
    knopen = [*manifest["nodes"].values(), *manifest["sources"].values()]
    return {
        dg.AssetKey([k["schema"], k["name"]]): f"{k['schema']}.{k.get('alias') or k['name']}"
        for k in knopen
        if k["resource_type"] in ("model", "seed", "source")
    }


class Vertaler(DagsterDbtTranslator):
    """Names and texts of dbt nodes in Dagster: schema and table, as in the database."""

    def get_asset_key(self, dbt_resource_props: Any) -> dg.AssetKey:
        """Return `schema/table`."""
        return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Any) -> str | None:
        """Group by schema, so that the published ones stand apart, in the order of the flow."""
        return groep(str(dbt_resource_props["schema"]))

    def get_owners(self, dbt_resource_props: Any) -> Sequence[str] | None:
        """Everything is of who keeps the pipeline."""
        return EIGENAAR

    def get_description(self, dbt_resource_props: Any) -> str:
        """Return what is in it, in Dutch, without its SQL; of what is not published the yml speaks English, below."""
        schema, naam = str(dbt_resource_props["schema"]), str(dbt_resource_props["name"])
        tekst = " ".join(str(dbt_resource_props.get("description") or "").split())
        if schema not in SOORT:
            return tekst
        waartoe, _ = WAARTOE.get(naam.removeprefix("ref_"), ("", "")) if schema == "seeds" else ("", "")
        return "\n\n".join(t for t in (waartoe or SOORT[schema], tekst and f"*{tekst}*") if t)

    def get_asset_check_spec(
        self, asset_spec: dg.AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetCheckSpec | None:
        """Return the check under its whole name, with a sentence that says what holds."""
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        return spec._replace(description=toetszin(manifest["nodes"][unique_id])) if spec else None


def toetszin(test: Mapping[str, Any]) -> str:
    """Return a dbt test in one Dutch sentence."""
    kwargs = (test.get("test_metadata") or {}).get("kwargs") or {}
    kolom = kwargs.get("column_name", "")
    zinnen = {
        "unique_combination": lambda: (
            f"Elke combinatie van {', '.join(kwargs['kolommen'])} komt hoogstens een keer voor."
        ),
        "not_null": lambda: f"{kolom} is altijd gevuld.",
        "accepted_values": lambda: (
            f"{kolom} is altijd een van: {', '.join(str(v) or 'leeg' for v in kwargs['values'])}."
        ),
        "accepted_range": lambda: (
            f"{kolom} ligt altijd tussen {kwargs.get('min_value', '-oneindig')} en "
            f"{kwargs.get('max_value', 'oneindig')}."
        ),
        "relationships": lambda: f"Elke {kolom} bestaat in {kwargs['to']}.",
        "expression_is_true": lambda: (
            "In elke rij geldt: "
            + " ".join(str(kwargs["expressie"]).split())
            + (f" (waar {' '.join(str(kwargs['waar']).split())})." if kwargs.get("waar") else ".")
        ),
    }
    soort = (test.get("test_metadata") or {}).get("name", "")
    if soort in zinnen:
        return zinnen[soort]()
    return (
        str(test.get("description") or "")
        or f"Toets {str(test['name']).replace('_', ' ')}: er is geen rij die haar breekt."
    )
