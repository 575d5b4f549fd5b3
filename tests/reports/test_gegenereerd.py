"""The generated pages are what the sources say; `make docs` renews them."""

from pipeline.domain.catalogus import Catalogus
from pipeline.reports.gegevenswoordenboek import genereer, marts
from pipeline.settings import PROJECT

GEGENEREERD = PROJECT / "docs" / "generated"


def test_every_page_is_up_to_date():
    paginas = genereer(Catalogus.load(PROJECT / "seeds"))
    staat_er = {pad.name: pad.read_text(encoding="utf-8") for pad in GEGENEREERD.iterdir()}
    assert set(staat_er) == set(paginas)
    assert [naam for naam in paginas if staat_er[naam] != paginas[naam]] == [], "draai `make docs`"


def test_every_published_column_has_a_dutch_description_and_a_type():
    tabellen = list(marts(PROJECT / "dbt_project"))
    assert len(tabellen) >= 12
    for schema, model in tabellen:
        assert model.get("description"), f"{schema}.{model['name']}"
        for kolom in model["columns"]:
            assert kolom.get("description"), f"{schema}.{model['name']}.{kolom['name']}"
            assert kolom.get("data_type"), f"{schema}.{model['name']}.{kolom['name']}"
