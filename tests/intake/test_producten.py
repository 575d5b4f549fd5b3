"""Which line of the product table holds: one table of cases for the door, both dbt models and the oracle."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import duckdb
import polars as pl
import pytest
from jinja2 import Environment, StrictUndefined

from pipeline.berichten.namen import GEMEENTE, P_BEKEND, P_CATEGORIE, P_GELDIG
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht
from pipeline.domain.seedrijen import Product
from pipeline.intake.producten import met_product
from pipeline.settings import PROJECT
from tests.intake.hulp import D, T, als_csv, deur, eigen, geraakt, rij, stuk
from tests.oracle.invoer import Referentie

EIGEN, ANDER = "GM0153", "GM0164"
MODELLEN = PROJECT / "dbt_project" / "models" / "intermediate"

LIJNEN = {
    # code: (gemeente, from, up to and including, segment); the segment names the line, and its category follows it
    "45Q0A": [("", "2024-01-01", "2024-12-31", "r1"), ("", "2025-01-01", "2025-12-31", "r2")],
    "45Q0B": [("", "2024-01-01", None, "r1"), (EIGEN, "2025-01-01", "2025-06-30", "e1")],
    "45Q0C": [("", "2024-01-01", "2025-12-31", "r1"), (EIGEN, "2023-01-01", "2023-12-31", "e1")],
    "45Q0D": [("", "2024-01-01", "2024-12-31", "r1"), (EIGEN, "2025-07-01", None, "e1")],
    "45Q0E": [(EIGEN, "2024-01-01", "2024-06-30", "e1"), (EIGEN, "2025-01-01", "2025-06-30", "e2")],
    "45Q0F": [("", "2024-01-01", "2024-06-30", "r1"), ("", "2025-01-01", None, "r2")],
    "45Q0G": [("", "2024-01-01", "9999-12-31", "r1")],
}

GEVALLEN = [
    # code, gemeente, day, segment of the line that holds, valid on that day
    ("45Q0A", EIGEN, "2023-12-31", "r1", False),  # the day before the first line
    ("45Q0A", EIGEN, "2024-01-01", "r1", True),
    ("45Q0A", EIGEN, "2024-12-31", "r1", True),
    ("45Q0A", EIGEN, "2025-01-01", "r2", True),
    ("45Q0A", EIGEN, "2025-12-31", "r2", True),
    ("45Q0A", EIGEN, "2026-01-01", "r2", False),  # the day after the last line
    ("45Q0A", EIGEN, "1990-01-01", "r1", False),
    ("45Q0B", EIGEN, "2024-12-31", "r1", True),  # own line later, regional valid
    ("45Q0B", EIGEN, "2025-01-01", "e1", True),  # both valid: own
    ("45Q0B", EIGEN, "2025-06-30", "e1", True),
    ("45Q0B", EIGEN, "2025-07-01", "r1", True),  # own line expired, regional valid
    ("45Q0B", ANDER, "2025-03-01", "r1", True),  # of another gemeente
    ("45Q0B", EIGEN, "2023-12-31", "e1", False),  # both later: own
    ("45Q0C", EIGEN, "2022-12-31", "e1", False),
    ("45Q0C", EIGEN, "2023-12-31", "e1", True),
    ("45Q0C", EIGEN, "2024-01-01", "r1", True),
    ("45Q0C", EIGEN, "2026-01-01", "e1", False),  # both expired, regional last: own
    ("45Q0C", ANDER, "2026-01-01", "r1", False),
    ("45Q0D", EIGEN, "2025-01-01", "e1", False),  # own later, regional expired
    ("45Q0D", EIGEN, "2025-06-30", "e1", False),
    ("45Q0D", EIGEN, "2025-07-01", "e1", True),
    ("45Q0D", EIGEN, "2024-06-01", "r1", True),
    ("45Q0D", ANDER, "2025-08-01", "r1", False),
    ("45Q0E", EIGEN, "2023-06-01", "e1", False),
    ("45Q0E", EIGEN, "2024-12-31", "e1", False),  # in a gap the last that began, however near the next
    ("45Q0E", EIGEN, "2025-07-01", "e2", False),
    ("45Q0F", ANDER, "2024-12-31", "r1", False),
    ("45Q0F", ANDER, "2025-01-01", "r2", True),
    ("45Q0G", EIGEN, "9999-12-31", "r1", True),
]
VRAGEN = pl.DataFrame(
    [(code, gemeente, dt.date.fromisoformat(dag)) for code, gemeente, dag, _, _ in GEVALLEN],
    schema={"productcode": pl.String, GEMEENTE: pl.String, "dag": pl.Date},
    orient="row",
)
VERWACHT = {geval[:3]: geval[3:] for geval in GEVALLEN}
ONBEKEND = {("45Q0X", EIGEN, "2025-01-01")}
"""Not in the table at all, as is the own line of another gemeente (E)."""


def _product(code: str, gemeente: str, van: str, tot: str | None, segment: str) -> Product:
    return Product(
        productcode=code,
        productcategorie=f"cat-{segment}",
        segment=segment,
        cbs_hulpvorm="",
        met_verblijf=False,
        behandeling=False,
        crisis=False,
        ambulant_alternatief=False,
        eenheid="04",
        tarief_cent=7090,
        geldig_van=dt.date.fromisoformat(van),
        geldig_tot=dt.date.fromisoformat(tot) if tot else None,
        gemeente=gemeente,
    )


@dataclass(frozen=True)
class Tabel(Catalogus):
    """The catalogue with this product table, in the order given or turned around."""

    andersom: bool = False

    @cached_property
    def producten(self) -> list[Product]:
        alle = [_product(code, *lijn) for code, lijnen in LIJNEN.items() for lijn in lijnen]
        return alle[::-1] if self.andersom else alle


@pytest.fixture(scope="module", params=[False, True], ids=["", "andersom"])
def tabel(request: pytest.FixtureRequest) -> Tabel:
    return Tabel(PROJECT / "seeds", andersom=request.param)


def test_deur(tabel: Tabel) -> None:
    gevonden = met_product(VRAGEN, tabel, "dag")
    uit = {
        (code, gemeente, str(dag)): (categorie.removeprefix("cat-"), geldig)
        for code, gemeente, dag, categorie, geldig in gevonden.select(
            "productcode", GEMEENTE, "dag", P_CATEGORIE, P_GELDIG
        ).iter_rows()
    }
    assert uit == VERWACHT
    assert gevonden[P_BEKEND].all()


def test_deur_zonder_code_zonder_dag_en_onbekend(tabel: Tabel) -> None:
    dag = dt.date(2025, 1, 1)
    vragen = pl.DataFrame(
        {
            "productcode": ["45Q0A", None, "45Q0X", "45Q0X", "45Q0E"],
            GEMEENTE: [*[EIGEN] * 4, ANDER],
            "dag": [None, dag, None, dag, dag],
        }
    )
    gevonden = met_product(vragen, tabel, "dag")
    assert gevonden[P_BEKEND].to_list() == [True, False, False, False, False]
    assert gevonden[P_GELDIG].to_list() == [True, False, False, False, False]


@pytest.mark.parametrize(
    ("bericht", "regel", "dagkolom"), [(T, "T21", "ingangsdatum"), (D, "D30", "productperiode_begin")]
)
def test_regel_26_raakt_buiten_de_geldigheid(tabel: Tabel, bericht: Bericht, regel: str, dagkolom: str) -> None:
    """The day before the first and the day after the last validity fire, the days in between do not (45Q0A)."""
    dagen = ["2023-12-31", "2024-01-01", "2025-12-31", "2026-01-01"]
    rijen = [
        rij(bericht, **eigen(bericht, i), **{"productcode": "45Q0A", "einddatum": "", dagkolom: dag})
        for i, dag in enumerate(dagen, 1)
    ]
    (uitspraak,) = deur(catalogus=tabel).beoordeel([stuk(bericht, als_csv(bericht, rijen))])
    assert geraakt(uitspraak, regel) == [2, 5]


@pytest.mark.parametrize(
    ("model", "bron", "dagkolom", "terugval"),
    [
        ("int_toewijzing_producten", "int_toewijzing_rijen", "ingangsdatum", "is_fallback"),
        ("int_declaratie_producten", "stg_declaraties", "productperiode_begin", "is_segment_fallback"),
    ],
)
def test_bouw(tabel: Tabel, model: str, bron: str, dagkolom: str, terugval: str) -> None:
    """The SQL of the model itself, on tables in memory."""
    omgeving = Environment(undefined=StrictUndefined)  # noqa: S701  SQL, no page
    sql = omgeving.from_string(next(MODELLEN.rglob(f"{model}.sql")).read_text(encoding="utf-8")).render(
        ref=lambda naam: naam, zonder_einde=lambda: "date '9999-12-31'"
    )
    with duckdb.connect() as con:
        _maak_tabellen(con, tabel, bron, dagkolom)
        rijen = con.sql(
            f"select productcode, gemeente, cast({dagkolom} as varchar), segment, not {terugval} from ({sql})"
        ).fetchall()
    uit = {(code, gemeente, dag): (segment, geldig) for code, gemeente, dag, segment, geldig in rijen}
    uit = {vraag: antwoord for vraag, antwoord in uit.items() if vraag not in ONBEKEND}
    assert uit == VERWACHT


def _maak_tabellen(con: duckdb.DuckDBPyConnection, tabel: Tabel, bron: str, dagkolom: str) -> None:
    con.sql("create table stg_ref_eenheden (eenheid text, naar_minuten integer, is_actief boolean, soort text)")
    con.sql(  # nothing is in quarantine here
        "create table stg_quarantaine "
        "(gemeente text, productcode text, productcategorie text, productdag date, eenheid text)"
    )
    con.sql(
        f"create table {bron} (gemeente text, productcode text, productcategorie text, {dagkolom} date, eenheid text)"
    )
    vragen = [(gemeente, code, "45", dag, "04") for code, gemeente, dag in {*VERWACHT, *ONBEKEND}]
    con.executemany(f"insert into {bron} values (?, ?, ?, ?, ?)", vragen)
    con.sql(
        "create table stg_ref_producten (productcode text, gemeente text, geldig_van date, geldig_tot date,"
        " productcategorie text, segment text, cbs_hulpvorm text, eenheid text, met_verblijf boolean,"
        " behandeling boolean, is_crisis boolean, is_ambulant_alternatief boolean, tarief_cent bigint)"
    )
    con.executemany(
        "insert into stg_ref_producten values (?, ?, ?, ?, ?, ?, null, '04', false, false, false, false, 7090)",
        [
            (p.productcode, p.gemeente or None, p.geldig_van, p.geldig_tot, p.productcategorie, p.segment)
            for p in tabel.producten
        ],
    )
    con.sql("create table stg_ref_categorieen (productcategorie text, segment_fallback text, cbs_hulpvorm text)")


def test_orakel(tabel: Tabel) -> None:
    referentie = Referentie(tabel)
    for (code, gemeente, dag), (segment, _) in VERWACHT.items():
        product = referentie.product(gemeente, code, dt.date.fromisoformat(dag))
        assert product is not None
        assert product.segment == segment, (code, gemeente, dag)
