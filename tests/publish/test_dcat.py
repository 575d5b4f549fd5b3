"""The description for catalogues: JSON-LD that a library reads, with what DCAT-AP-NL 3.0 demands of each class."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, SKOS, XSD
from rdflib.term import Literal, Node

from pipeline.publish.dcat import schrijf_dcat
from pipeline.publish.woordenboek import INTERN, Editie
from tests.publish.conftest import Proefmarts

DCAT = Namespace("http://www.w3.org/ns/dcat#")  # version 3; rdflib knows 2
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
EU = "http://publications.europa.eu/resource/authority/"
OPENBAAR = Editie("openbaar", "Voor iedereen", "Met bescherming van kleine aantallen.", "PUBLIC")
ALMELO = Editie("gemeente/GM0141", "Voor Almelo", "De eigen cijfers.", "RESTRICTED", "GM0141")

# class, property, at least, at most: the mandatory ones of DCAT-AP-NL 3.0 and of the DCAT-AP 3.0 under it, and what the
# project promises beyond them
EISEN = [
    (DCAT.Catalog, DCTERMS.title, 1, 1),
    (DCAT.Catalog, DCTERMS.description, 1, 1),
    (DCAT.Catalog, DCTERMS.publisher, 1, 1),
    (DCAT.Catalog, DCAT.contactPoint, 1, 1),
    (DCAT.Catalog, DCAT.dataset, 1, 1),
    (DCAT.Catalog, DCTERMS.license, 1, 1),
    (DCAT.Dataset, DCTERMS.title, 1, 1),
    (DCAT.Dataset, DCTERMS.description, 1, 1),
    (DCAT.Dataset, DCTERMS.identifier, 1, 1),
    (DCAT.Dataset, DCTERMS.accessRights, 1, 1),
    (DCAT.Dataset, DCAT.contactPoint, 1, 1),
    (DCAT.Dataset, DCTERMS.creator, 1, 1),
    (DCAT.Dataset, DCTERMS.publisher, 1, 1),
    (DCAT.Dataset, DCAT.theme, 1, 9),
    (DCAT.Dataset, DCTERMS.language, 1, 1),
    (DCAT.Dataset, DCTERMS.accrualPeriodicity, 1, 1),
    (DCAT.Dataset, DCAT.version, 1, 1),
    (DCAT.Dataset, DCTERMS.temporal, 1, 1),
    (DCAT.Dataset, DCTERMS.spatial, 1, 99),
    (DCAT.Dataset, DCTERMS.issued, 1, 1),
    (DCAT.Dataset, DCAT.distribution, 3, 3),
    (DCAT.Distribution, DCAT.accessURL, 1, 1),
    (DCAT.Distribution, DCTERMS.license, 1, 1),
    (DCAT.Distribution, DCAT.mediaType, 1, 1),
    (DCAT.Distribution, DCAT.byteSize, 1, 1),
    (DCAT.Distribution, SPDX.checksum, 1, 1),
    (SPDX.Checksum, SPDX.algorithm, 1, 1),
    (SPDX.Checksum, SPDX.checksumValue, 1, 1),
    (FOAF.Agent, FOAF.name, 1, 1),
    (VCARD.Organization, VCARD.fn, 1, 1),
    (VCARD.Organization, VCARD.hasEmail, 1, 1),
]
# property: the class its value must say that it is
BEREIK = {
    DCTERMS.accessRights: DCTERMS.RightsStatement,
    DCTERMS.publisher: FOAF.Agent,
    DCTERMS.creator: FOAF.Agent,
    DCTERMS.language: DCTERMS.LinguisticSystem,
    DCTERMS.accrualPeriodicity: DCTERMS.Frequency,
    DCTERMS.spatial: DCTERMS.Location,
    DCTERMS.temporal: DCTERMS.PeriodOfTime,
    DCTERMS.license: DCTERMS.LicenseDocument,
    DCTERMS.provenance: DCTERMS.ProvenanceStatement,
    DCAT.theme: SKOS.Concept,
    DCAT.mediaType: DCTERMS.MediaType,
    DCTERMS.format: DCTERMS.MediaTypeOrExtent,
}


def _graaf(map_: Path) -> Graph:
    # without a network: the context stands in the file itself
    return Graph().parse(data=(map_ / "dcat.jsonld").read_text(encoding="utf-8"), format="json-ld")


def _een(g: Graph, wat: Node | None, eigenschap: URIRef) -> Node:
    [waarde] = g.objects(wat, eigenschap)
    return waarde


@pytest.fixture
def map_(marts: Proefmarts) -> Path:
    return marts.kandidaat().pad / "intern"


def _herschrijf(marts: Proefmarts, map_: Path, editie: Editie) -> Graph:
    schrijf_dcat(map_, editie, marts.gegevens(), marts.catalogus)
    return _graaf(map_)


@pytest.mark.parametrize("editie", [INTERN, OPENBAAR, ALMELO], ids=lambda e: e.naam)
def test_what_the_profile_demands_is_there(marts: Proefmarts, map_: Path, editie: Editie) -> None:
    g = _herschrijf(marts, map_, editie)
    for klasse, eigenschap, minstens, hoogstens in EISEN:
        knopen = list(g.subjects(RDF.type, klasse))
        assert knopen, klasse
        for knoop in knopen:
            assert minstens <= len(set(g.objects(knoop, eigenschap))) <= hoogstens, (klasse, eigenschap)
    for eigenschap, klasse in BEREIK.items():
        waarden = list(g.objects(None, eigenschap))
        assert waarden, eigenschap
        assert all((w, RDF.type, klasse) in g for w in waarden), eigenschap
    for tekst in (*g.objects(None, DCTERMS.title), *g.objects(None, DCTERMS.description)):
        assert isinstance(tekst, Literal)
        assert (tekst.language, bool(str(tekst).strip())) == ("nl", True)


@pytest.mark.parametrize(
    ("editie", "toegang", "licentie"),
    [
        (INTERN, "NON_PUBLIC", "http://standaarden.overheid.nl/owms/terms/geslotenlicentie"),
        (ALMELO, "RESTRICTED", "http://standaarden.overheid.nl/owms/terms/geslotenlicentie"),
        (OPENBAAR, "PUBLIC", "http://creativecommons.org/licenses/by/4.0/"),
    ],
    ids=lambda x: getattr(x, "naam", None),
)
def test_who_may_see_it(marts: Proefmarts, map_: Path, editie: Editie, toegang: str, licentie: str) -> None:
    g = _herschrijf(marts, map_, editie)
    assert set(g.objects(None, DCTERMS.accessRights)) == {URIRef(f"{EU}access-right/{toegang}")}
    assert set(g.objects(None, DCTERMS.license)) == {URIRef(licentie)}


def test_distributions_are_the_files_that_lie_there(map_: Path) -> None:
    g = _graaf(map_)
    per_soort = {str(_een(g, d, DCAT.mediaType)).rpartition("/")[2]: d for d in g.subjects(RDF.type, DCAT.Distribution)}
    verwacht = {
        "octet-stream": ([map_ / "marts.duckdb"], "marts.duckdb"),
        "csv": (map_.glob("csv/*"), "datapackage.json"),
        "vnd.apache.parquet": (map_.glob("parquet/*"), "datapackage.json"),
    }
    assert per_soort.keys() == verwacht.keys()
    for soort, (bestanden, toegang) in verwacht.items():
        d = per_soort[soort]
        assert _een(g, d, DCAT.byteSize) == _aantal(p.stat().st_size for p in bestanden)
        assert str(_een(g, d, DCAT.accessURL)).endswith(f"/published/intern/{toegang}")
        som = str(_een(g, _een(g, d, SPDX.checksum), SPDX.checksumValue))
        assert som.lower() == hashlib.sha256((map_ / toegang).read_bytes()).hexdigest()


def _aantal(groottes: Iterable[int]) -> Literal:
    return Literal(str(sum(groottes)), datatype=XSD.nonNegativeInteger)


def test_period_area_version_and_provenance(marts: Proefmarts, map_: Path) -> None:
    g = _graaf(map_)
    [dataset] = g.subjects(RDF.type, DCAT.Dataset)
    periode = _een(g, dataset, DCTERMS.temporal)
    assert [str(_een(g, periode, e)) for e in (DCAT.startDate, DCAT.endDate)] == ["2025-03-01", "2025-05-31"]
    gebieden = {str(o) for o in g.objects(dataset, DCTERMS.spatial)}
    assert len(gebieden) == 1 + len(marts.catalogus.gemeenten)
    assert {f"{EU}country/NLD", "https://identifier.overheid.nl/tooi/id/gemeente/gm0141"} <= gebieden
    assert str(_een(g, dataset, DCAT.version)) == marts.gegevens().publicatie_id
    assert _een(g, dataset, DCTERMS.accrualPeriodicity) == URIRef(f"{EU}frequency/MONTHLY")
    herkomst = str(_een(g, _een(g, dataset, DCTERMS.provenance), DCTERMS.description))
    assert all(deel in herkomst for deel in ("2 leveringen", "code c1", "referentiegegevens s1", "regels d1"))
    eigen = _herschrijf(marts, map_, ALMELO)
    assert len(set(eigen.objects(None, DCTERMS.spatial))) == 2


def test_seeds_without_the_settings_still_give_a_description(marts: Proefmarts, map_: Path) -> None:
    """`run --as-of` uses the seeds of that moment, and those may be from before."""
    adressen = ("uitgever_naam", "uitgever_email", "catalogus_adres", "openbaar_licentie")
    marts.catalogus.__dict__["instellingen"] = {
        k: w for k, w in marts.catalogus.instellingen.items() if k not in adressen
    }
    try:
        g = _herschrijf(marts, map_, OPENBAAR)
    finally:
        del marts.catalogus.__dict__["instellingen"]
    [dataset] = g.subjects(RDF.type, DCAT.Dataset)
    assert str(dataset) == "urn:regiomonitor:dataset/openbaar"
    assert not list(g.objects(None, VCARD.hasEmail))
    assert "example" not in json.dumps(json.loads((map_ / "dcat.jsonld").read_text()))
