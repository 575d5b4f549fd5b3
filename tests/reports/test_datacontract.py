"""The data contracts hold to the essentials of the ODCS 3.0 schema and to contracts, rules and seeds, both ways."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
import yaml

from pipeline.berichten import CONTRACTEN
from pipeline.berichten.uitvoer import uitvoer
from pipeline.domain.leveringen import Bericht
from pipeline.reports import datacontract
from pipeline.settings import PROJECT
from tests.intake.hulp import CATALOGUS

TOP = {
    "apiVersion", "kind", "id", "name", "version", "status", "tenant", "tags", "servers", "dataProduct", "description",
    "domain", "schema", "support", "price", "team", "roles", "slaDefaultElement", "slaProperties",
    "authoritativeDefinitions", "customProperties", "contractCreatedTs",
}  # fmt: skip
ELEMENT = {
    "name",
    "physicalType",
    "description",
    "businessName",
    "authoritativeDefinitions",
    "tags",
    "customProperties",
}
OBJECT = ELEMENT | {"logicalType", "physicalName", "dataGranularityDescription", "properties", "quality"}
EIGENSCHAP = ELEMENT | {
    "primaryKey", "primaryKeyPosition", "logicalType", "logicalTypeOptions", "required", "unique", "partitioned",
    "partitionKeyPosition", "classification", "encryptedName", "transformSourceObjects", "transformLogic",
    "transformDescription", "examples", "criticalDataElement", "quality",
}  # fmt: skip
OPTIES = {
    "string": {"minLength", "maxLength", "pattern", "format"},
    "date": {"format", "exclusiveMaximum", "maximum", "exclusiveMinimum", "minimum"},
    "integer": {"multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "format"},
    "number": {"multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "format"},
}
KWALITEIT = {"type", "name", "description", "severity", "businessImpact", "dimension"}


@pytest.fixture(params=list(Bericht), ids=str)
def contract(request: pytest.FixtureRequest) -> tuple[Bericht, dict[str, Any]]:
    bericht = request.param
    pad = PROJECT / "docs" / "generated" / datacontract.naam(bericht)
    return bericht, yaml.safe_load(pad.read_text(encoding="utf-8"))


def test_bovenaan_staat_wat_odcs_eist(contract) -> None:
    _, c = contract
    assert set(c) <= TOP
    assert re.fullmatch(r"v3\.0\.\d+", c["apiVersion"])
    assert c["kind"] == "DataContract"
    assert uuid.UUID(c["id"])
    assert all(isinstance(c[n], str) and c[n] for n in ("version", "status", "name", "domain"))
    assert set(c["description"]) <= {"usage", "purpose", "limitations", "authoritativeDefinitions", "customProperties"}
    for server in c["servers"]:
        assert {"server", "type", "path", "format"} <= set(server)  # what a local server must have
    for sla in c["slaProperties"]:
        assert {"property", "value"} <= set(sla)


def test_de_twee_contracten_zijn_elk_een_ander() -> None:
    ids = {datacontract.datacontract(b, CATALOGUS)["id"] for b in Bericht}
    assert len(ids) == len(Bericht)


def test_elk_object_en_elke_kolom_heeft_de_vorm_van_odcs(contract) -> None:
    _, c = contract
    for obj in c["schema"]:
        assert set(obj) <= OBJECT
        assert obj["logicalType"] == "object"
        for controle in obj.get("quality", []):
            _kwaliteit(controle)
        for k in obj["properties"]:
            assert set(k) <= EIGENSCHAP, k["name"]
            assert k["logicalType"] in OPTIES
            assert isinstance(k["required"], bool)
            assert k["physicalType"]
            assert set(k.get("logicalTypeOptions", {})) <= OPTIES[k["logicalType"]]
            for controle in k.get("quality", []):
                _kwaliteit(controle)
            for eigen in k.get("customProperties", []):
                assert set(eigen) == {"property", "value"}


def _kwaliteit(controle: dict[str, Any]) -> None:
    assert set(controle) <= KWALITEIT
    assert controle["type"] == "text"
    assert controle["name"]
    assert controle["description"]
    assert controle.get("severity", "error") in ("error", "warning", "info")


def test_kolommen_zijn_die_van_contract_en_pandera(contract) -> None:
    bericht, c = contract
    extract, bewaard = c["schema"]
    assert [k["name"] for k in extract["properties"]] == list(CONTRACTEN[bericht].per_naam)
    assert {k["name"] for k in extract["properties"] if k["required"]} == CONTRACTEN[bericht].verplicht
    assert [k["name"] for k in bewaard["properties"]] == list(uitvoer(bericht))
    assert [k["name"] for k in bewaard["properties"] if k.get("primaryKey")] == ["levering_id", "rij"]
    assert {k["physicalType"] for k in bewaard["properties"]} <= {
        "VARCHAR", "DATE", "TIME", "INTEGER", "BIGINT", "DECIMAL(14,2)", "DECIMAL(14,4)",
    }  # fmt: skip
    assert "bsn" not in {k["name"] for k in bewaard["properties"]}


def test_elke_regel_van_het_bericht_is_een_controle(contract) -> None:
    bericht, c = contract
    extract = c["schema"][0]
    genoemd = {q["name"] for q in extract["quality"]} | {
        q["name"] for k in extract["properties"] for q in k.get("quality", [])
    }
    assert genoemd == {r.regel_code for r in CATALOGUS.regels.values() if r.geldt_voor(bericht)}
    for bsn in (k for k in extract["properties"] if k["name"] == "bsn"):
        assert {"R02", "R03", "R04", "R05"} <= {q["name"] for q in bsn["quality"]}
        assert bsn["classification"] == "persoonsgegeven"
    assert ("bsn" in CONTRACTEN[bericht].per_naam) is CONTRACTEN[bericht].over_personen
