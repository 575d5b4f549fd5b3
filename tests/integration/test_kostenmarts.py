"""The cost marts against what is known from elsewhere: a printed table, and lines whose effects a second hand computes.

Keep out: the comparison with the oracle on the synthetic region (test_waarheid.py).
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests.oracle.invoer import SEGMENTEN
from tests.oracle.kosten import verdeel
from tests.oracle.kostenmarts import EFFECTEN, MINUTEN, ontleed
from tests.oracle.vergelijk import lees_mart

BIJLAGE_5 = Path(__file__).with_name("bijlage5_bijdragen.csv")
"""Prioritaire Agenda Jeugdzorg Twente 2026-2032, annex 5, as printed."""
KOLOMMEN = {
    "cost_eur": "uitvoering_totaal",
    "already_covered_eur": "uitvoering_gedekt",
    "extra_cost_eur": "uitvoering_extra",
}


def bijlage_5() -> list[dict[str, str]]:
    with BIJLAGE_5.open(encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


@pytest.mark.parametrize(("kolom", "bijdrage_id"), KOLOMMEN.items())
def test_every_printed_contribution_is_reproduced(kolom, bijdrage_id, schone_regio):
    rijen = lees_mart(schone_regio.marts, f"select * from kosten.bijdragen where bijdrage_id = '{bijdrage_id}'")
    gevonden = {r["gemeente"]: (r["inwoners"], r["bedrag_eur"]) for r in rijen}
    gedrukt = {
        r["gemeente"]: (int(r["inhabitants_2024_01_01"]), Decimal(r[kolom]))
        for r in bijlage_5()
        if r["row_type"] == "municipality"
    }
    assert len(gedrukt) == 14
    assert gevonden == gedrukt


def test_the_closing_column_adds_up_where_the_printed_one_does_not(schone_regio):
    rijen = lees_mart(
        schone_regio.marts,
        "select bijdrage_id, sum(bedrag_eur) as los, sum(bedrag_sluitend_eur) as sluitend, "
        "any_value(totaal_eur) as totaal from kosten.bijdragen group by all",
    )
    (totaal,) = (r for r in bijlage_5() if r["row_type"] == "total")
    los = {"uitvoering_totaal": 1_554_000, "uitvoering_gedekt": 173_000, "uitvoering_extra": 1_380_000}
    for r in rijen:
        (kolom,) = (k for k, b in KOLOMMEN.items() if b == r["bijdrage_id"])
        assert r["los"] == los[r["bijdrage_id"]]
        assert r["sluitend"] == r["totaal"] == Decimal(totaal[kolom])


def test_own_cost_is_own_cost_and_every_method_adds_up(rommelige_regio):
    rijen = lees_mart(rommelige_regio.marts, "select * from kosten.verrekening")
    assert {r["methode"] for r in rijen} == {"woonplaats", "solidariteit", "inwoners", "vast_t2", "werkelijk_t0"}
    sommen: dict[tuple[object, object], Decimal] = {}
    for r in rijen:
        if r["methode"] in ("woonplaats", "werkelijk_t0"):
            assert r["bedrag_eur"] == r["eigen_kosten_eur"]
        if r["bedrag_eur"] is not None:
            sleutel = (r["jaar"], r["methode"])
            sommen[sleutel] = sommen.get(sleutel, Decimal(0)) + r["bedrag_eur"]
    regio = {r["jaar"]: r["regiokosten_eur"] for r in rijen}
    assert len(sommen) >= 4 * len(regio)
    assert all(bedrag == regio[jaar] for (jaar, _), bedrag in sommen.items())


def test_nothing_is_said_of_a_year_of_which_the_year_before_is_not_whole(schone_regio):
    """The first published month is February: no part of the growth since that year is known."""
    rijen = lees_mart(schone_regio.marts, "select * from kosten.groei_ontleding")
    assert rijen
    assert all(r["n_gemeenten"] == 0 and r["verandering_eur"] is None and r["dekking"] < 1 for r in rijen)


# Two years of lines in two gemeenten. Products p and q are claimed in hours or minutes, r per day, s per piece (second
# year only); t disappears, u is a segment of its own that ends.
PRODUCTEN = {
    "p": ("a", ("01", "04")),
    "q": ("a", ("01",)),
    "r": ("a", ("14",)),
    "s": ("a", ("82",)),
    "t": ("b", ("16",)),
}
PRIJS = {"p": 100, "q": 180, "r": 30_000, "s": 50_000, "t": 90}


def maak_regels(dobbel: random.Random) -> list[dict[str, object]]:
    """Lines with prices that rise, some over New Year, some taken back."""
    regels: list[dict[str, object]] = []
    for nr in range(1500):
        product = dobbel.choice("ppqqrst")
        segment, eenheden = PRODUCTEN[product]
        begin = dt.date(2024, 1, 1) + dt.timedelta(days=dobbel.randrange(725))
        if (product == "s" and begin.year == 2024) or (product == "t" and begin.year == 2025):
            continue
        eenheid = dobbel.choice(eenheden)
        volume = dobbel.randint(1, 40)
        prijs = PRIJS[product] * MINUTEN.get(eenheid, 1) * (1.05 if begin.year == 2025 else 1)
        regel = {
            "regel_nr": nr,
            "jeugdige_nr": dobbel.randrange(40 if begin.year == 2024 else 50),
            "gemeente": dobbel.choice(("GM0001", "GM0002")),
            "segment": segment,
            "productcode": product,
            "eenheid": eenheid,
            "productperiode_begin": begin,
            "productperiode_eind": min(begin + dt.timedelta(days=dobbel.randrange(12)), dt.date(2025, 12, 31)),
            "geleverd_volume": volume,
            "cent": round(volume * prijs),
            "debet_credit": "D",
        }
        regels.append(regel)
        if not dobbel.randrange(12):
            regels.append(regel | {"regel_nr": 10_000 + nr, "debet_credit": "C"})
    return regels


def delen(regels: list[dict[str, object]]) -> pl.DataFrame:
    """Lines spread over months: what the oracle looks at, with the columns of fct_kosten_zorgmaand beside them."""
    uit = []
    for r in regels:
        teken = 1 if r["debet_credit"] == "D" else -1
        van, tot = r["productperiode_begin"], r["productperiode_eind"]
        assert isinstance(van, dt.date)
        assert isinstance(tot, dt.date)
        for m, cent in verdeel(r["cent"], van, tot):
            dagen = (min(tot, m.laatste_dag) - max(van, m.eerste_dag)).days + 1
            uit.append(
                {
                    "regel_nr": r["regel_nr"],
                    "jeugdige_nr": r["jeugdige_nr"],
                    "gemeente": r["gemeente"],
                    "segment": r["segment"],
                    "zorgmaand": m.eerste_dag,
                    "jaar": m.jaar,
                    "maand": m.maand,
                    "bsn": r["jeugdige_nr"],
                    "product": r["productcode"],
                    "eenheid": "minuten" if r["eenheid"] in MINUTEN else r["eenheid"],
                    "cent": teken * cent,
                    "volume": teken
                    * r["geleverd_volume"]
                    * MINUTEN.get(r["eenheid"], 1)
                    * dagen
                    / ((tot - van).days + 1),
                }
            )
    return pl.DataFrame(uit)


@pytest.fixture
def ontleding(schone_regio) -> tuple[pl.DataFrame, dict[tuple[str, str], dict[str, object]]]:
    """The parts, and kosten.groei_ontleding as the build's own queries make it of them."""
    regels = maak_regels(random.Random(4))
    per_maand = delen(regels)
    claims = pl.DataFrame(regels).with_columns(
        telt_mee=True,
        houdt_bedrag=False,
        houdt_volume=False,
        voorbehoud_cent=0,
        netto_cent=pl.when(pl.col("debet_credit") == "C").then(-pl.col("cent")).otherwise(pl.col("cent")),
    )
    maanden = [dt.date(j, m, 1) for j in (2024, 2025) for m in range(1, 13)]
    gebieden = ["GM0001", "GM0002", "REGIO"]
    tabellen = {
        "core.fct_declaratieregels": claims,
        "core.fct_kosten_zorgmaand": per_maand.rename({"cent": "netto_cent"}).with_columns(
            houdt_bedrag=False, houdt_volume=False, voorbehoud_cent=0
        ),
        "core.dim_maanden": pl.DataFrame({"maand": maanden, "jaar": [m.year for m in maanden]}),
        "core.dim_gebieden": pl.DataFrame({"gebied_code": gebieden}),
        "core.dim_segmenten": pl.DataFrame({"segment": ["totaal", "a", "b"]}),
        "intermediate.int_dekking_maand": pl.DataFrame(
            [
                {"bericht": "declaraties", "gebied_code": g, "maand": m, "inwoners_gedekt": 1}
                for g in gebieden
                for m in maanden
            ]
        ),
        "intermediate.int_dekking": pl.DataFrame(
            [
                {
                    "periode_soort": "jaar", "periode": dt.date(j, 1, 1), "gebied_code": "REGIO", "dekking": 1.0,
                    "dekking_bericht": "declaraties", "rijping": "definitief",
                }
                for j in (2024, 2025)
            ]
        ),
        # nothing is under reserve here
        "intermediate.int_kosten_maand": per_maand.select(
            "zorgmaand", "segment", gebied_code="gemeente", netto_cent="cent", voorbehoud_cent=0
        ),
        "staging.stg_ref_instellingen": pl.DataFrame({"sleutel": ["voorbehoud_maximum_aandeel"], "waarde": [0.01]}),
        "staging.stg_ref_eenheden": pl.DataFrame(
            {"eenheid": ["01", "04", "14", "16", "82"], "naar_minuten": [1, 60, None, 240, None]}
        ),
    }  # fmt: skip
    modellen = schone_regio.settings.huis.work / "dbt" / "target" / "compiled" / "regiomonitor" / "models"
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as warehouse")
        for schema in ("core", "intermediate", "staging"):
            con.execute(f"create schema warehouse.{schema}")
        for naam, tabel in tabellen.items():
            assert not tabel.is_empty()
            con.execute(f"create table warehouse.{naam} as select * from tabel")
        for model in ("int_kosten_jeugdigen", "int_kosten_producten"):
            (bestand,) = (modellen / "intermediate").rglob(f"{model}.sql")
            sql = bestand.read_text(encoding="utf-8")
            con.execute(f"create table warehouse.intermediate.{model} as {sql}")
        rijen = con.execute((modellen / "marts" / "kosten" / "groei_ontleding.sql").read_text(encoding="utf-8")).pl()
    return per_maand, {(r["gebied_code"], r["segment"]): r for r in rijen.iter_rows(named=True) if r["jaar"] == 2025}


def test_effects_on_lines_in_every_unit(ontleding):
    """To the cent as the oracle, for both gemeenten and the regio, with products that come and go."""
    per_maand, mart = ontleding
    gezien = set()
    for (gebied, segment), rij in mart.items():
        if segment == "totaal":
            continue
        eigen = per_maand.filter(pl.col("segment") == segment)
        if gebied != "REGIO":
            eigen = eigen.filter(pl.col("gemeente") == gebied)
        toen, nu = (eigen.filter(pl.col("jaar") == j) for j in (2024, 2025))
        effecten = [int(rij[f"effect_{e}_eur"] * 100) for e in EFFECTEN]
        assert effecten == ontleed(toen, nu), (gebied, segment)
        assert sum(effecten) == int(nu["cent"].sum()) - int(toen["cent"].sum())
        gezien.add((gebied, bool(len(toen)), bool(len(nu)), all(effecten)))
    assert ("REGIO", True, True, True) in gezien  # every effect moved


def test_the_total_is_the_sum_of_the_segments(ontleding):
    _, mart = ontleding
    for gebied in ("GM0001", "GM0002", "REGIO"):
        for e in EFFECTEN:
            delen_ = [r[f"effect_{e}_eur"] for (g, s), r in mart.items() if g == gebied and s != "totaal"]
            assert mart[gebied, "totaal"][f"effect_{e}_eur"] == sum(delen_)
    assert set(SEGMENTEN).isdisjoint({"a", "b"})  # the names of this test are no segments of the region
