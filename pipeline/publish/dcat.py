"""The description of one edition for data catalogues: DCAT-AP-NL 3.0 as JSON-LD, harvestable by data.overheid.nl.

Lives here: dcat.jsonld (catalogue, dataset, a distribution per form of the files) and which terms of which vocabulary
stand for us. Who publishes, under which address and licence: ref_instellingen.csv. Add here: a property of the profile.
Keep out: what is in the files (datapakket.py). Source: docs.geostandaarden.nl/dcat/dcat-ap-nl30 and its SHACL shapes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

import duckdb

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.maanden import Maand
from pipeline.domain.publicaties import PublicatieGegevens, als_utc
from pipeline.publish.datapakket import DATAPAKKET, VORMEN
from pipeline.publish.woordenboek import Editie

DCAT = "dcat.jsonld"
MARTS = "marts.duckdb"
OPENBAAR = "PUBLIC"

_EU = "http://publications.europa.eu/resource/authority"
_IANA = "https://www.iana.org/assignments/media-types"
_TOOI = "https://identifier.overheid.nl/tooi/id/gemeente"
_GESLOTEN = "http://standaarden.overheid.nl/owms/terms/geslotenlicentie"
_FRICTIONLESS = "https://specs.frictionlessdata.io/data-package/"
_CONTEXT = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
Knoop = dict[str, Any]


def schrijf_dcat(map_: Path, editie: Editie, publicatie: PublicatieGegevens, catalogus: Catalogus) -> None:
    """Write dcat.jsonld into the folder of an edition, whose files and data package are there."""
    afzender = _Afzender(catalogus)
    dataset = _dataset(map_, editie, publicatie, afzender)
    inhoud = {"@context": _CONTEXT, **_catalogus(dataset, editie, publicatie, afzender)}
    (map_ / DCAT).write_text(json.dumps(inhoud, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


class _Afzender:
    """Who publishes, and where; seeds of before these settings existed give a description without addresses."""

    def __init__(self, catalogus: Catalogus) -> None:
        instellingen = catalogus.instellingen
        self.basis = instellingen.get("catalogus_adres") or "urn:regiomonitor:"
        self.naam = instellingen.get("uitgever_naam") or "Jeugdregio"
        self.post = instellingen.get("uitgever_email") or ""
        self.licentie = instellingen.get("openbaar_licentie") or _GESLOTEN
        self.gemeenten = catalogus.gemeenten

    def adres(self, *delen: str) -> str:
        return self.basis + "/".join(delen)

    def gedeeld(self) -> Knoop:
        """What catalogue and dataset both say: publisher, contact, language."""
        wie = {"@id": self.adres("organisatie"), "@type": "foaf:Agent", "foaf:name": _nl(self.naam)}
        contact: Knoop = {"@id": self.adres("contact"), "@type": "vcard:Organization", "vcard:fn": self.naam}
        if self.post:
            contact["vcard:hasEmail"] = {"@id": f"mailto:{self.post}"}
        return {
            "dct:publisher": wie,
            "dct:creator": {"@id": wie["@id"]},
            "dcat:contactPoint": contact,
            "dct:language": _term("dct:LinguisticSystem", f"{_EU}/language/NLD"),
        }


def _catalogus(dataset: Knoop, editie: Editie, publicatie: PublicatieGegevens, afzender: _Afzender) -> Knoop:
    return {
        "@id": afzender.adres("catalogus", editie.naam),
        "@type": "dcat:Catalog",
        "dct:title": _nl("Regiomonitor jeugdzorg"),
        "dct:description": _nl(
            "Cijfers over jeugdhulp in de regio, elke maand opnieuw berekend uit wat gemeenten sturen."
        ),
        **afzender.gedeeld(),
        "dct:license": {"@id": dataset["dcat:distribution"][0]["dct:license"]["@id"]},
        "dct:modified": _tijdstip(publicatie.gemaakt_op),
        "dcat:dataset": dataset,
    }


def _dataset(map_: Path, editie: Editie, publicatie: PublicatieGegevens, afzender: _Afzender) -> Knoop:
    adres = afzender.adres("dataset", editie.naam)
    van, tot = _periode(map_, publicatie)
    gemeenten = [g for c, g in afzender.gemeenten.items() if editie.gebied in (None, c) and g.geldig_in(tot)]
    return {
        "@id": adres,
        "@type": "dcat:Dataset",
        "dct:identifier": adres,
        "dct:title": _nl(editie.titel),
        "dct:description": _nl(editie.omschrijving),
        **afzender.gedeeld(),
        "dct:accessRights": _term("dct:RightsStatement", f"{_EU}/access-right/{editie.toegang}"),
        "dcat:theme": _term("skos:Concept", f"{_EU}/data-theme/SOCI", "Bevolking en samenleving"),
        "dcat:keyword": [_nl(w) for w in ("jeugdhulp", "jeugdzorg", "Jeugdwet", "iJw")],
        "dct:accrualPeriodicity": _term("dct:Frequency", f"{_EU}/frequency/MONTHLY"),
        "dcat:version": publicatie.publicatie_id,
        "dct:issued": _tijdstip(publicatie.gemaakt_op),
        "dct:modified": _tijdstip(publicatie.gemaakt_op),
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _dag(van.eerste_dag),
            "dcat:endDate": _dag(tot.laatste_dag),
        },
        "dct:spatial": [_term("dct:Location", f"{_EU}/country/NLD", "Nederland")]
        + [_term("dct:Location", f"{_TOOI}/{g.gemeente.lower()}", g.naam) for g in gemeenten],
        "dct:provenance": {
            "@type": "dct:ProvenanceStatement",
            "dct:description": _nl(
                f"Gemaakt uit {publicatie.n_leveringen} leveringen die bekend waren op "
                f"{als_utc(publicatie.peilmoment).isoformat()}, met code {publicatie.codeversie}, referentiegegevens "
                f"{publicatie.seedversie} en regels {publicatie.deurversie}; levering voor levering in meta.herkomst."
            ),
        },
        "dcat:distribution": _distributies(map_, editie, publicatie, afzender),
    }


def _distributies(map_: Path, editie: Editie, publicatie: PublicatieGegevens, afzender: _Afzender) -> list[Knoop]:
    """The database, and the tables as CSV and as Parquet.

    Of those two the checksum is that of the data package, which holds the checksum of each of their files.
    """
    gedeeld = {
        "@type": "dcat:Distribution",
        "dct:license": _term("dct:LicenseDocument", afzender.licentie if editie.toegang == OPENBAAR else _GESLOTEN),
        "dct:issued": _tijdstip(publicatie.gemaakt_op),
        "dct:modified": _tijdstip(publicatie.gemaakt_op),
    }
    waar = ("published", editie.naam)
    marts, pakket = map_ / MARTS, map_ / DATAPAKKET
    uit: list[Knoop] = [
        {
            "@id": afzender.adres("distributie", editie.naam, "duckdb"),
            **gedeeld,
            "dct:title": _nl("Alle tabellen in een DuckDB-bestand (DuckDB 1.2 of nieuwer)"),
            "dcat:accessURL": {"@id": afzender.adres(*waar, MARTS)},
            "dcat:downloadURL": {"@id": afzender.adres(*waar, MARTS)},
            "dcat:mediaType": _term("dct:MediaType", f"{_IANA}/application/octet-stream"),
            "dcat:byteSize": _getal(marts.stat().st_size),
            "spdx:checksum": _som(marts),
        }
    ]
    for vorm, mediatype in VORMEN.items():
        uit.append(
            {
                "@id": afzender.adres("distributie", editie.naam, vorm),
                **gedeeld,
                "dct:title": _nl(f"Elke tabel als {vorm}-bestand, met datapackage.json"),
                "dcat:accessURL": {"@id": afzender.adres(*waar, DATAPAKKET)},
                "dct:format": _term("dct:MediaTypeOrExtent", f"{_EU}/file-type/{vorm.upper()}"),
                "dcat:mediaType": _term("dct:MediaType", f"{_IANA}/{mediatype}"),
                "dcat:byteSize": _getal(sum(p.stat().st_size for p in (map_ / vorm).iterdir())),
                "spdx:checksum": _som(pakket),
                "dct:conformsTo": _term("dct:Standard", _FRICTIONLESS),
            }
        )
    return uit


def _periode(map_: Path, publicatie: PublicatieGegevens) -> tuple[Maand, Maand]:
    """Return the first and last published month; where there is none the gate objects, not this."""
    with duckdb.connect() as con:
        [(van, tot)] = con.execute(
            "SELECT min(eerste_maand), max(laatste_maand) FROM read_parquet(?)",
            [str(map_ / "parquet" / "meta.publicatie.parquet")],
        ).fetchall()
    return Maand.van(van or publicatie.peildatum), Maand.van(tot or publicatie.peildatum)


def _term(klasse: str, adres: str, naam: str | None = None) -> Knoop:
    return {"@id": adres, "@type": klasse} | ({"skos:prefLabel": _nl(naam)} if naam else {})


def _nl(tekst: str) -> Knoop:
    return {"@value": tekst, "@language": "nl"}


def _tijdstip(moment: dt.datetime) -> Knoop:
    return {"@value": als_utc(moment).isoformat(), "@type": "xsd:dateTime"}


def _dag(dag: dt.date) -> Knoop:
    return {"@value": dag.isoformat(), "@type": "xsd:date"}


def _getal(n: int) -> Knoop:
    return {"@value": str(n), "@type": "xsd:nonNegativeInteger"}


def _som(pad: Path) -> Knoop:
    with pad.open("rb") as f:
        som = hashlib.file_digest(f, "sha256").hexdigest()
    return {
        "@type": "spdx:Checksum",
        "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256", "@type": "spdx:ChecksumAlgorithm"},
        "spdx:checksumValue": {"@value": som, "@type": "xsd:hexBinary"},
    }
