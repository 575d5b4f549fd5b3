"""kwaliteit.werklijst and kosten.aanbieders on the synthetic regions: nothing that is planted and weighs is missing.

Keep out: whether a finding is right (test_waarheid.py).
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import duckdb
import polars as pl
import pytest

from pipeline.synth import aanbieders
from tests.bestanden import kenmerk_als_merk
from tests.conftest import GedraaideRegio
from tests.oracle.vergelijk import lees_mart

FACTOR = ("D09", "D36", "D37")
"""Rules that find a price or a volume that is a factor off."""
WEEGT_EUR = 1000


def test_a_clean_region_has_nothing_to_do(schone_regio: GedraaideRegio) -> None:
    assert lees_mart(schone_regio.marts, "select * from kwaliteit.werklijst") == []


def test_every_planted_factor_above_a_thousand_euro_is_on_the_list(rommelige_regio: GedraaideRegio) -> None:
    """Recall 1: each planted line, by the amount it was delivered with against the amount that was true."""
    bron = rommelige_regio.bron
    boek = pl.read_csv(bron / "grootboek.csv", infer_schema=False).with_columns(pl.col("rij").cast(pl.Int32))
    geplant = boek.filter((pl.col("soort") == "gepland") & pl.col("regel_code").is_in(FACTOR))
    geleverd = pl.read_parquet(bron / "geleverd" / "declaraties.parquet").filter(
        "is_geldend", ~pl.col("in_quarantaine")
    )
    waar = pl.read_parquet(bron / "waarheid" / "declaraties.parquet").select(
        "aanbieder_agb", "referentienummer", waar="ingediend_bedrag"
    )
    fout = (
        geplant.join(geleverd.select("bestand", "rij", "aanbieder_agb", "referentienummer", "ingediend_bedrag"),
                     on=["bestand", "rij"])
        .join(waar, on=["aanbieder_agb", "referentienummer"])
        .filter((pl.col("ingediend_bedrag") - pl.col("waar")).abs() > 100 * WEEGT_EUR)
    )  # fmt: skip
    assert fout["toelichting"].n_unique() >= 5
    onder_voorbehoud = {
        (r["aanbieder_agb"], r["referentienummer"])
        for r in lees_mart(
            rommelige_regio.settings.huis.warehouse,
            "select bron.aanbieder_agb, bron.referentienummer from intermediate.int_voorbehoud_regels"
            " inner join intermediate.int_declaratie_kern as kern using (regel_nr)"
            " inner join raw.declaraties as bron on bron.rowid = kern.rij_nr",
        )
    }
    vergeten = [
        r
        for r in fout.iter_rows(named=True)
        if (r["aanbieder_agb"], kenmerk_als_merk(r["referentienummer"], "regel")) not in onder_voorbehoud
    ]
    assert not [(r["toelichting"], r["bestand"], r["rij"]) for r in vergeten]
    # and of what weighs on its own somebody is asked to mend it, once, where it first arrived
    lijst = lees_mart(rommelige_regio.marts, "select gemeente, maand, regel_code from kwaliteit.werklijst")
    op_lijst = {(r["gemeente"], str(r["maand"])[:7]) for r in lijst if r["regel_code"] in FACTOR}
    zwaar = fout.filter(pl.col("ingediend_bedrag") > 100 * 5000).select("gemeente", "maand").unique()
    assert zwaar.height > 3
    assert not set(zwaar.rows()) - op_lijst


def test_the_list_is_ordered_and_weighs_what_its_rows_hold(rommelige_regio: GedraaideRegio) -> None:
    rijen = lees_mart(rommelige_regio.marts, "select * from kwaliteit.werklijst order by volgorde")
    assert [r["volgorde"] for r in rijen] == list(range(1, len(rijen) + 1))
    assert {r["ernst"] for r in rijen} >= {"FOUT", "SIGNAAL"}
    assert {r["toestand"] for r in rijen} >= {"nieuw", "gebleven"}
    te_licht = [
        r for r in rijen if r["toestand"] != "opgelost" and r["effect_aandeel"] < 0.005 and abs(r["bedrag_eur"]) < 5000
    ]
    assert not te_licht
    with duckdb.connect(str(rommelige_regio.settings.huis.warehouse), read_only=True) as con:
        som = {
            (g, m, c): Decimal(b) / 100
            for g, m, c, b in con.execute(
                "select gemeente, maand, regel_code, sum(netto_cent) from intermediate.int_voorbehoud_bevindingen"
                " where weegt and regel_code in ('D36', 'D37') group by all"
            ).fetchall()
        }
    gezien = 0
    for r in rijen:
        if r["regel_code"] in ("D36", "D37"):
            assert r["bedrag_eur"] == som[r["gemeente"], r["maand"], r["regel_code"]]
            gezien += 1
    assert gezien > 2
    # late and retroactive rows are real: nobody is asked to mend them
    assert not {"T23", "T24", "D24"} & {r["regel_code"] for r in rijen}


@pytest.mark.parametrize("naam", ["schone_regio", "rommelige_regio"])
def test_providers_together_cost_what_the_regio_does(naam: str, request: pytest.FixtureRequest) -> None:
    marts = request.getfixturevalue(naam).marts
    per_periode: dict[tuple[object, ...], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    rijen = lees_mart(marts, "select * from kosten.aanbieders")
    for r in rijen:
        som = per_periode[r["periode_soort"], r["periode"], r["segment"]]
        som[0] += r["netto_eur"]
        som[1] += r["voorbehoud_eur"]
    sql = """
        select {soort} as periode_soort, date_trunc('{deel}', zorgmaand)::date as periode, segment,
            sum(netto_eur) as netto, sum(voorbehoud_eur) as voorbehoud
        from kosten.kosten_zorgmaand
        where gebied_code = 'REGIO' and zorgmaand between
            (select min(maand) from sturing.stromen) and (select max(maand) from sturing.stromen)
        group by all"""
    gelijk = 0
    for soort, deel in (("jaar", "year"), ("kwartaal", "quarter")):
        for k in lees_mart(marts, sql.format(soort=f"'{soort}'", deel=deel)):
            sleutel = (soort, k["periode"], k["segment"])
            if sleutel in per_periode:
                assert per_periode[sleutel] == [k["netto"], k["voorbehoud"]], sleutel
                gelijk += 1
    assert gelijk > 30
    partners = {agb for agb, _, soort, *_ in aanbieders.lijst() if soort == "strategisch_partner"}
    assert {r["aanbieder_agb"] for r in rijen if r["is_strategisch"]} <= partners
    assert any(r["is_strategisch"] for r in rijen)
    assert all(r["instroom"] >= 0 and r["uitstroom"] >= 0 for r in rijen)
    assert any(r["aandeel_gi_verwijzingen"] for r in rijen)


def test_all_indicators_are_computed(schone_regio: GedraaideRegio) -> None:
    """With the providers that are shipped nothing stays empty but what needs an extract that was not agreed on."""
    leeg = lees_mart(schone_regio.marts, "select indicator_id from meta.indicatordefinities where not is_berekend")
    assert {r["indicator_id"] for r in leeg} == {
        "aandeel_16plus_met_perspectiefplan",
        "aandeel_uithuisplaatsing_met_verklarende_analyse",
        "bezettingsgraad",
        "dagen_tot_plaatsing",
    }


def test_nobody_else_sees_what_is_internal(schone_regio: GedraaideRegio) -> None:
    with duckdb.connect(str(schone_regio.settings.huis.published / "openbaar" / "marts.duckdb"), read_only=True) as con:
        tabellen = {n for (n,) in con.execute("select table_name from duckdb_tables()").fetchall()}
    assert tabellen
    assert not {"aanbieders", "werklijst"} & tabellen


@pytest.mark.parametrize("naam", ["schone_regio", "rommelige_regio"])
def test_a_remark_is_what_there_is_to_do(naam: str, request: pytest.FixtureRequest) -> None:
    """Of what was accepted: rows in quarantine, or an entry of the worklist that nobody explained; nothing else."""
    marts = request.getfixturevalue(naam).marts
    lijst = lees_mart(marts, "select gemeente, bericht, maand from kwaliteit.werklijst where is_te_doen")
    te_doen = {(r["gemeente"], r["bericht"], r["maand"]) for r in lijst}
    rijen = lees_mart(marts, "select * from kwaliteit.leveringsstatus where status like 'GEACCEPTEERD%'")
    for r in rijen:
        moet = bool(r["rijen_quarantaine"]) or (r["gemeente"], r["bericht"], r["maand"]) in te_doen
        assert (r["status"] == "GEACCEPTEERD_MET_OPMERKINGEN") == moet, r
    assert any(r["status"] == "GEACCEPTEERD_MET_OPMERKINGEN" for r in rijen) == (naam == "rommelige_regio")
