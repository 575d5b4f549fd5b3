"""kosten.naijling against the library chainladder: factors, expected final amounts to the cent, Mack's variance.

The library knows triangles without gaps, so it is held beside the clean region, where every gemeente delivered every
month. Keep out: the second computation that knows gaps (naijling.py).
"""

from __future__ import annotations

import datetime as dt
import warnings
from decimal import ROUND_HALF_UP, Decimal

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.oracle.indicatoren import Rekenaar
from tests.oracle.invoer import REGIO, lees_regio
from tests.oracle.test_naijling import TAYLOR_ASHE
from tests.oracle.vergelijk import lees_mart

SEGMENTEN = ("totaal", "ambulant", "verblijf", "wonen")
"""Of the others a month now and then has nothing, which the library leaves out of a triangle."""


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cl():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import chainladder

        yield chainladder


@pytest.fixture(scope="module")
def mart(schone_regio) -> pd.DataFrame:
    rijen = lees_mart(
        schone_regio.marts,
        "select * from kosten.naijling where zorgmaand >= (select min(maand) from sturing.stromen)",
    )
    return pd.DataFrame(rijen)


def driehoek(cl, rijen: pd.DataFrame):
    """Triangle of one gebied and segment, months by months, cumulative, in euros."""
    df = pd.DataFrame(
        {
            "zorgmaand": pd.to_datetime(rijen["zorgmaand"]),
            "stand": [
                pd.Timestamp(z) + pd.DateOffset(months=int(v))
                for z, v in zip(rijen["zorgmaand"], rijen["vertraging_maanden"], strict=True)
            ],
            "bedrag": rijen["cumulatief_eur"].astype(float),
        }
    )
    return cl.Triangle(df, origin="zorgmaand", development="stand", columns="bedrag", cumulative=True)


def kies(mart: pd.DataFrame, gebied: str, segment: str) -> pd.DataFrame:
    return mart[(mart["gebied_code"] == gebied) & (mart["segment"] == segment)]


@pytest.mark.parametrize("segment", SEGMENTEN)
def test_factors_are_those_of_the_library(segment, mart, cl):
    """Volume-weighted over the last twelve origins, pooled over the regio."""
    rijen = kies(mart, REGIO, segment)
    per_vertraging = rijen.drop_duplicates("vertraging_maanden").set_index("vertraging_maanden")
    factoren = per_vertraging["ontwikkelfactor"].sort_index()
    ontwikkeling = cl.Development(average="volume", n_periods=12).fit(driehoek(cl, rijen))
    bibliotheek = ontwikkeling.ldf_.to_frame().to_numpy().ravel()
    gezien = factoren.iloc[: len(bibliotheek)].astype(float).to_numpy()
    bruikbaar = ~np.isnan(gezien)  # at delay 0 nothing is known yet
    assert bruikbaar.sum() >= 20
    assert gezien[bruikbaar] == pytest.approx(bibliotheek[bruikbaar], abs=1e-9)


def eindbedragen(schatter, tri, ontwikkeling, **anders) -> list[float]:
    """Ultimates of a triangle per origin, with the factors of another."""
    uit = schatter.fit(ontwikkeling.transform(tri), **anders).ultimate_
    return uit.to_frame(origin_as_datetime=True).to_numpy().ravel().tolist()


@pytest.mark.parametrize("segment", SEGMENTEN[:2])
def test_final_amounts_to_the_cent(segment, mart, cl, schone_regio):
    """Chain ladder and Bornhuetter-Ferguson per gemeente, with the factors of the regio."""
    regio = lees_regio(schone_regio.bron, schone_regio.catalogus, schone_regio.nu.date())
    naijling = Rekenaar(regio).naijling
    gezien = {"chain_ladder": 0, "bornhuetter_ferguson": 0}
    ontwikkeling = cl.Development(average="volume", n_periods=12).fit(driehoek(cl, kies(mart, REGIO, segment)))
    for gemeente in regio.gemeenten:
        rijen = kies(mart, gemeente, segment)
        tri = driehoek(cl, rijen)
        laatste = rijen.sort_values("vertraging_maanden").groupby("zorgmaand").last()
        nummers = [m.year * 12 + m.month - 1 for m in laatste.index]
        # what allocations make one expect, in euros per origin
        vooraf = np.array([naijling.dagen[gemeente, nr, segment, False] for nr in nummers], dtype=float)
        gewicht = tri.latest_diagonal * 0 + (vooraf * naijling.tarief[segment, False][0] / 100).reshape(1, 1, -1, 1)
        volgens = {
            "chain_ladder": eindbedragen(cl.Chainladder(), tri, ontwikkeling),
            "bornhuetter_ferguson": eindbedragen(
                cl.BornhuetterFerguson(apriori=1.0), tri, ontwikkeling, sample_weight=gewicht
            ),
        }
        for i, (maand, rij) in enumerate(laatste.iterrows()):
            # of the newest month nothing is known yet, and no factor exists
            if rij["methode"] in volgens and rij["vertraging_maanden"]:
                verwacht = Decimal(repr(round(volgens[rij["methode"]][i], 6))).quantize(Decimal("0.01"), ROUND_HALF_UP)
                assert rij["verwacht_eindbedrag_eur"] == verwacht, (gemeente, maand, rij["methode"])
                gezien[rij["methode"]] += 1
    assert gezien["chain_ladder"] > 100
    assert gezien["bornhuetter_ferguson"] >= len(regio.gemeenten)


def test_mack_on_a_published_triangle(cl, schone_regio):
    """The build's own query on the triangle of Taylor and Ashe: factors, and Mack's sigma where it is measured."""
    rijen = [
        ("A", "a", dt.date(2024 + i // 12, i % 12 + 1, 1), k, dt.date(2024, 10, 1), bedrag)
        for i, rij in enumerate(TAYLOR_ASHE)
        for k, bedrag in enumerate(rij)
    ]
    model = "intermediate/naijling/int_naijling_factoren.sql"
    compiled = schone_regio.settings.huis.work / "dbt" / "target" / "compiled" / "regiomonitor" / "models" / model
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as warehouse")
        con.execute("create schema warehouse.intermediate")
        con.execute("create schema warehouse.core")
        con.execute("create schema warehouse.staging")
        con.execute("create table warehouse.core.dim_segmenten as select 'a' as segment")
        con.execute(
            "create table warehouse.staging.stg_ref_instellingen as "
            "select 'naijling_jaargangen' as sleutel, 12.0 as waarde"
        )
        con.execute(
            "create table warehouse.intermediate.int_naijling_driehoek (gemeente varchar, segment varchar, "
            "zorgmaand date, vertraging_maanden integer, laatste_leveringsmaand date, cumulatief_cent bigint)"
        )
        con.executemany("insert into warehouse.intermediate.int_naijling_driehoek values (?, ?, ?, ?, ?, ?)", rijen)
        sql = compiled.read_text(encoding="utf-8")
        uit = con.execute(f"select ontwikkelfactor, sigma_kwadraat from ({sql}) order by vertraging_maanden").fetchall()
    ontwikkeling = cl.Development(average="volume").fit(cl.load_sample("genins"))
    f = ontwikkeling.ldf_.to_frame().to_numpy().ravel()
    sigma = ontwikkeling.sigma_.to_frame().to_numpy().ravel()
    assert [x for x, _ in uit[:9]] == pytest.approx(f[:9].tolist(), rel=1e-9)
    # where more than half is known (SPEC completes the rest from the expectation): delay 3 on; the last is extrapolated
    assert [s for _, s in uit[3:8]] == pytest.approx((sigma[3:8] ** 2).tolist(), rel=1e-6)
