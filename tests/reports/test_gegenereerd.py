"""The generated pages are what the sources say; `make docs` renews them."""

import pytest

from pipeline.domain.catalogus import Catalogus
from pipeline.reports.gegevenswoordenboek import genereer, marts
from pipeline.settings import PROJECT

PAGINAS = genereer(Catalogus.load(PROJECT / "seeds"))


@pytest.mark.parametrize("naam", sorted(PAGINAS))
def test_page_is_up_to_date(naam):
    assert (PROJECT / "docs" / "generated" / naam).read_text(encoding="utf-8") == PAGINAS[naam], "draai `make docs`"


def test_every_published_column_has_a_dutch_description_and_a_type():
    tabellen = list(marts(PROJECT / "dbt_project"))
    assert len(tabellen) >= 12
    for schema, model in tabellen:
        assert model.get("description"), f"{schema}.{model['name']}"
        for kolom in model["columns"]:
            assert kolom.get("description"), f"{schema}.{model['name']}.{kolom['name']}"
            assert kolom.get("data_type"), f"{schema}.{model['name']}.{kolom['name']}"
