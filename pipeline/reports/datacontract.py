"""The data contract of a bericht in the Open Data Contract Standard (ODCS 3.0), made from contracts, rules and seeds.

Two objects: the extract as a sender delivers it, and the accepted rows as the pandera schema has them. Every rule of
the catalogue that a bericht knows is a quality check of the column it looks at, or of the object. Lives here: the
shape of ODCS. Keep out: what a column or rule is (berichten/, seeds).
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import Any

import yaml

from pipeline import __version__
from pipeline.berichten import CONTRACTEN, regels
from pipeline.berichten.beschrijving import Bewaardkolom, Kolombeschrijving, beschrijf, beschrijf_bewaard
from pipeline.berichten.kolom import Vorm
from pipeline.berichten.toets import Regelboek
from pipeline.domain.bevindingen import Ernst
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht
from pipeline.domain.seedrijen import Regel
from pipeline.settings import BsnReeks

API_VERSIE = "v3.0.1"
_KOP = "# Gegenereerd met `make docs`; niet met de hand wijzigen.\n"
_SEVERITY = {Ernst.BLOKKEREND: "error", Ernst.FOUT: "error", Ernst.SIGNAAL: "warning", Ernst.INFO: "info"}
_LOGISCH = {
    Vorm.DATUM: "date",
    Vorm.NUMMER: "integer",
    Vorm.GETAL: "number",
    Vorm.GELD: "number",
    Vorm.TARIEF: "number",
}
_LOGISCH_BEWAARD = {"DATE": "date", "INTEGER": "integer", "BIGINT": "integer"}
_PATROON = {Vorm.BSN: r"^[0-9]{9}$", Vorm.AGB: r"^[0-9]{8}$", Vorm.TIJD: r"^[0-9]{2}:[0-9]{2}:[0-9]{2}$"}


def naam(bericht: Bericht) -> str:
    """File name of the contract of a bericht."""
    return f"datacontract-{bericht.value}.odcs.yaml"


def als_yaml(bericht: Bericht, catalogus: Catalogus) -> str:
    """Return the contract as YAML, the same for the same contracts, rules and seeds."""
    return _KOP + yaml.safe_dump(datacontract(bericht, catalogus), sort_keys=False, allow_unicode=True, width=120)


def datacontract(bericht: Bericht, catalogus: Catalogus) -> dict[str, Any]:
    """Return the contract as plain data."""
    return {
        "apiVersion": API_VERSIE,
        "kind": "DataContract",
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"regiomonitor/datacontract/{bericht.value}")),
        "name": f"Extract {bericht.value}",
        "version": __version__,
        "status": "active",
        "domain": "jeugdzorg",
        "description": {
            "purpose": f"Maandelijks extract {bericht.value} aan de regionale jeugdzorgmonitor.",
            "usage": "Stuurinformatie voor de regio; gepubliceerd worden alleen aantallen en bedragen.",
            "limitations": "Bevat persoonsgegevens tot het bij ontvangst is gepseudonimiseerd."
            if CONTRACTEN[bericht].over_personen
            else "Gaat over plekken en aanbieders, niet over personen.",
        },
        "servers": [
            {"server": "landing", "type": "local", "path": "landing/<gemeente>/", "format": "csv"},
        ],
        "schema": [_extract(bericht, catalogus), _bewaard(bericht, catalogus)],
        "slaProperties": _termijnen(bericht, catalogus),
    }


def _extract(bericht: Bericht, catalogus: Catalogus) -> dict[str, Any]:
    per_kolom, overig = _regels_per_kolom(bericht, catalogus)
    return {
        "name": bericht.value,
        "physicalName": f"{bericht.value}_<gemeente>_<JJJJ-MM>",
        "physicalType": "file",
        "logicalType": "object",
        "description": f"Het extract {bericht.value} zoals een gemeente het levert.",
        "dataGranularityDescription": CONTRACTEN[bericht].korrel,
        "properties": [_kolom(k, per_kolom.get(k.naam, [])) for k in beschrijf(bericht, catalogus)],
        "quality": [_controle(r) for r in overig],
    }


def _kolom(k: Kolombeschrijving, regels: list[Regel]) -> dict[str, Any]:
    uit: dict[str, Any] = {
        "name": k.naam,
        "logicalType": _LOGISCH.get(k.vorm, "string"),
        "physicalType": f"VARCHAR({k.breedte})" if k.breedte else "VARCHAR",
        "description": k.betekenis,
        "required": k.verplicht,
        "classification": "persoonsgegeven" if k.is_persoonlijk else "intern",
        "examples": [k.voorbeeld],
    }
    if opties := _opties(k):
        uit["logicalTypeOptions"] = opties
    if k.toegestaan:
        uit["customProperties"] = [{"property": "toegestaneWaarden", "value": list(k.toegestaan)}]
    if regels:
        uit["quality"] = [_controle(r) for r in regels]
    return uit


def _opties(k: Kolombeschrijving) -> dict[str, Any]:
    """Return what ODCS can say about the form; only keys that belong to the logical type."""
    soort = _LOGISCH.get(k.vorm, "string")
    if soort == "date":
        return {"format": "yyyy-MM-dd"}
    if soort in ("integer", "number"):
        grens = {"maximum": 999_999_999 if k.vorm is Vorm.NUMMER else k.maximum}
        return {"minimum": 0} | {n: w for n, w in grens.items() if w}
    opties: dict[str, Any] = {"maxLength": k.breedte} if k.breedte else {}
    return opties | ({"pattern": _PATROON[k.vorm]} if k.vorm in _PATROON else {})


def _bewaard(bericht: Bericht, catalogus: Catalogus) -> dict[str, Any]:
    return {
        "name": f"{bericht.value}_geaccepteerd",
        "physicalName": f"raw.{bericht.value}",
        "physicalType": "table",
        "logicalType": "object",
        "description": f"Goedgekeurde rijen {bericht.value}, gepseudonimiseerd, zoals het warehouse ze bewaart.",
        "dataGranularityDescription": "een rij per rij van een geaccepteerde levering (levering_id, rij)",
        "properties": [_bewaarde_kolom(k) for k in beschrijf_bewaard(bericht, catalogus)],
    }


def _bewaarde_kolom(k: Bewaardkolom) -> dict[str, Any]:
    uit: dict[str, Any] = {
        "name": k.naam,
        "logicalType": "number" if k.soort.startswith("DECIMAL") else _LOGISCH_BEWAARD.get(k.soort, "string"),
        "physicalType": k.soort,
        "required": not k.mag_leeg,
    }
    if k.naam in ("levering_id", "rij"):
        uit |= {"primaryKey": True, "primaryKeyPosition": 1 if k.naam == "levering_id" else 2}
    if k.controles:
        uit["quality"] = [
            {"type": "text", "name": c, "description": f"Controle van het contract: {c}."} for c in k.controles
        ]
    return uit


def _regels_per_kolom(bericht: Bericht, catalogus: Catalogus) -> tuple[dict[str, list[Regel]], list[Regel]]:
    """Return the rules that look at one column, by column, and all others."""
    boek = Regelboek(catalogus, BsnReeks.PRODUCTIE)
    kolommen: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for toets in (*regels.contracttoetsen(bericht, boek), *regels.regeltoetsen(bericht, boek)):
        kolommen[toets.code].append(toets.kolommen)
    per_kolom: dict[str, list[Regel]] = defaultdict(list)
    overig: list[Regel] = []
    for regel in catalogus.regels.values():
        if not regel.geldt_voor(bericht):
            continue
        plaatsen = kolommen.get(regel.regel_code, [])
        if plaatsen and all(len(p) == 1 for p in plaatsen):
            for (kolom,) in plaatsen:
                per_kolom[kolom].append(regel)
        else:
            overig.append(regel)
    return per_kolom, overig


def _controle(regel: Regel) -> dict[str, Any]:
    uit = {
        "type": "text",
        "name": regel.regel_code,
        "description": f"{regel.titel}. {regel.zin}",
        "severity": _SEVERITY[regel.ernst],
    }
    if regel.marts:
        uit["businessImpact"] = ", ".join(regel.marts)
    return uit


def _termijnen(bericht: Bericht, catalogus: Catalogus) -> list[dict[str, Any]]:
    afspraken = [a for a in catalogus.afspraken if a.bericht is bericht]
    dagen = sorted({a.uiterste_dag for a in afspraken})
    respijt = sorted({a.respijt_dagen for a in afspraken})
    uit: list[dict[str, Any]] = [{"property": "frequency", "value": 1, "unit": "month"}]
    uit += [{"property": "dueDayOfNextMonth", "value": d, "unit": "day of month"} for d in dagen]
    uit += [{"property": "grace", "value": d, "unit": "d"} for d in respijt]
    return uit
