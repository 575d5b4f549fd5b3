"""The arithmetic of the public edition (dbt_project/macros/openbaar.sql), run in DuckDB as the models run it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

import duckdb
import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.settings import PROJECT

_BRON = (PROJECT / "dbt_project" / "macros" / "openbaar.sql").read_text(encoding="utf-8")
_MACROS = jinja2.Environment(autoescape=False).from_string(_BRON).module  # noqa: S701 - SQL, not a page


def _sql(naam: str, *argumenten: object) -> str:
    return str(getattr(_MACROS, naam)(*argumenten))


def _reken(uitdrukking: str, **kolommen: Sequence[object]) -> list[object]:
    with duckdb.connect() as con:
        namen = ", ".join(f"unnest(${k}) AS {k}" for k in kolommen)
        return [w for (w,) in con.execute(f"SELECT {uitdrukking} FROM (SELECT {namen})", kolommen).fetchall()]


def test_a_count_is_rounded_as_the_table_of_ons_has_it() -> None:
    """The ten-five table of the package cell-key-perturbation 3.1.0 of ONS, for 1 to 750: what is added to a count."""
    with (PROJECT / "tests" / "fixtures" / "ons_10_5.csv").open(encoding="utf-8", newline="") as f:
        tabel = [(int(r["pcv"]), int(r["pvalue"])) for r in csv.DictReader(f)]
    assert [n for n, _ in tabel] == list(range(1, 751))
    verwacht = [n + erbij if n + erbij >= 10 else None for n, erbij in tabel]
    assert _reken(_sql("openbare_telling", "n"), n=[n for n, _ in tabel]) == verwacht
    assert _reken(_sql("openbare_telling", "n"), n=[0, 751, 752, 753, 10**7 + 3]) == [None, 750, 750, 755, 10**7 + 5]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(10, 5000), st.integers(10, 5000)), min_size=1, max_size=50))
def test_a_share_is_whole_percents_or_steps_of_five_or_nothing(paren: list[tuple[int, int]]) -> None:
    gekozen = [(min(p) // 5 * 5, max(p) // 5 * 5) for p in paren]
    uit = _reken(_sql("openbaar_aandeel", "t", "n"), t=[t for t, _ in gekozen], n=[n for _, n in gekozen])
    for (t, n), waarde in zip(gekozen, uit, strict=True):
        stap = 1 if n >= 100 else 5
        precies = (Decimal(100 * t) / n / stap).quantize(Decimal(1), ROUND_HALF_UP) * stap / 100
        assert waarde == (float(precies) if n >= 50 else None), (t, n)


@pytest.mark.parametrize(
    ("dagen", "getoond"),
    [(0, 0), (2.4, 0), (2.5, 5), (97.4, 95), (99.9, 100), (100, 100), (104.9, 100), (105, 110), (728, 730)],
)
def test_days(dagen: float, getoond: int) -> None:
    assert _reken(_sql("openbare_duur", "d"), d=[dagen]) == [getoond]


@pytest.mark.parametrize(
    ("eur", "stap", "getoond"),
    [(499, 1000, 0), (500, 1000, 1000), (-499, 1000, 0), (-501, 1000, -1000), (15_549, 100, 15_500), (2056.5, 1, 2057)],
)
def test_amounts(eur: float, stap: int, getoond: int) -> None:
    assert _reken(_sql("openbaar_bedrag", "e", stap), e=[eur]) == [getoond]


@pytest.mark.parametrize(
    ("bedragen", "voldoet"),
    [
        ([100, 50, 10], True),  # 10 is a tenth of 100
        ([100, 50, 9], False),
        ([100, 50, 4, 6], True),
        ([100, 50], False),  # two know each other
        ([100, 50, 9, -40], False),  # a credit counts as nothing
        ([0, 0, 0], True),
        ([], False),
    ],
)
def test_the_p_percent_rule(bedragen: list[int], voldoet: bool) -> None:
    with duckdb.connect() as con:
        sql = f"SELECT {_sql('p_procent', 'b')} FROM (SELECT unnest($b::BIGINT[]) AS b)"
        assert con.execute(sql, {"b": bedragen}).fetchall() == [(voldoet,)]


def test_of_two_publications_only_nine_that_became_ten_tells_a_hidden_count() -> None:
    """Who knows that one youth was added learns what was hidden in that case only; docs/bescherming.md says so."""
    n = list(range(61))
    getoond = _reken(_sql("openbare_telling", "n"), n=n)
    verborgen = [i for i in n if getoond[i] is None]
    bekend = []
    for i in verborgen:
        past = [j for j in verborgen if (getoond[j], getoond[j + 1]) == (getoond[i], getoond[i + 1])]
        if past == [i]:
            bekend.append(i)
    assert bekend == [9]
