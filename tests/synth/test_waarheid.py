"""What happened obeys the standard, and a clean region is delivered exactly as it happened."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from pipeline.domain.catalogus import Catalogus
from tests.synth.conftest import Regio

c = pl.col
BERICHTEN = ("toewijzingen", "declaraties")


@pytest.fixture(scope="module")
def t(zonder: Regio) -> pl.DataFrame:
    return zonder.tabel("waarheid", "toewijzingen")


@pytest.fixture(scope="module")
def d(zonder: Regio) -> pl.DataFrame:
    return zonder.tabel("waarheid", "declaraties")


def _nieuwste(t: pl.DataFrame) -> pl.DataFrame:
    return (
        t.sort("toewijzingsdatum", "toewijzingstijd")
        .group_by("gemeente", "toewijzingnummer", maintain_order=True)
        .last()
    )


def test_schoon_is_zonder_gebreken(zonder: Regio) -> None:
    assert zonder.samenvatting.bevindingen_gepland == 0
    # of allocations from before the product table nobody can know whether their code was valid
    assert set(zonder.grootboek["regel_code"]) == {"D24"}
    eerder = zonder.tabel("geleverd", "toewijzingen").filter(pl.col("ingangsdatum") < dt.date(2023, 1, 1))
    assert eerder.height > 0
    assert set(zonder.leveringen["dracht"]) == {"gewoon"}
    assert "AFGEKEURD" not in set(zonder.leveringen["verwachte_status"])


@pytest.mark.parametrize("bericht", BERICHTEN)
def test_schoon_is_geleverd_wat_er_gebeurde(zonder: Regio, bericht: str) -> None:
    waarheid, geleverd = zonder.tabel("waarheid", bericht), zonder.tabel("geleverd", bericht)
    kolommen = [k for k in waarheid.columns if k != "leveringsmaand"]
    alles = geleverd.select(kolommen).unique()
    weg = waarheid.select(kolommen).join(alles, on=kolommen, how="anti", nulls_equal=True)
    assert weg.height == 0
    assert alles.join(waarheid, on=kolommen, how="anti", nulls_equal=True).height == 0
    assert geleverd["levering_geaccepteerd"].all() and geleverd["is_geldend"].all()


@pytest.mark.parametrize("bericht", BERICHTEN)
def test_verschil_tussen_waarheid_en_geleverd_is_verklaard(met_gebreken: Regio, bericht: str) -> None:
    """A true row that did not arrive was in a levering that failed, or the ledger names a row in its place."""
    waarheid, geleverd = met_gebreken.tabel("waarheid", bericht), met_gebreken.tabel("geleverd", bericht)
    kolommen = [k for k in waarheid.columns if k != "leveringsmaand"]
    goed = geleverd.filter(c("is_geldend") & ~c("in_quarantaine"))
    weg = waarheid.join(goed.select(kolommen).unique(), on=kolommen, how="anti", nulls_equal=True)
    slots = geleverd.filter("is_geldend").select("gemeente", "leveringsmaand").unique()
    kopie = met_gebreken.grootboek.filter(c("regel_code") == "L13").select(
        "gemeente", leveringsmaand=(c("maand") + "-01").str.to_date()
    )
    binnen = weg.join(slots, on=["gemeente", "leveringsmaand"], how="semi").join(
        kopie, on=["gemeente", "leveringsmaand"], how="anti"
    )
    geboekt = met_gebreken.grootboek.filter((c("soort") == "gepland") & (c("bericht") == bericht))
    slechte = geleverd.join(geboekt.select("bestand", "rij").unique().drop_nulls(), on=["bestand", "rij"], how="semi")
    per_slot = slechte.filter("is_geldend").group_by("gemeente", "leveringsmaand").len("geboekt")
    tekort = binnen.group_by("gemeente", "leveringsmaand").len("weg")
    samen = tekort.join(per_slot, on=["gemeente", "leveringsmaand"], how="left").with_columns(c("geboekt").fill_null(0))
    assert samen.filter(c("weg") > c("geboekt")).height == 0
    # nothing appears from nowhere: what is not true is in the ledger, or lay in a refused or older file
    extra = geleverd.filter("is_geldend").join(
        waarheid.select(kolommen).unique(), on=kolommen, how="anti", nulls_equal=True
    )
    assert extra.join(geboekt.drop_nulls("rij"), on=["bestand", "rij"], how="anti").height == 0


def test_bsns_zijn_synthetisch_en_van_een_jeugdige(t: pl.DataFrame) -> None:
    cijfers = [c("bsn").str.slice(i, 1).cast(pl.Int64) for i in range(9)]
    som = pl.sum_horizontal(x * w for x, w in zip(cijfers, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
    assert t.select((som % 11 == 0).all()).item()
    assert t["bsn"].str.len_chars().unique().to_list() == [9]
    assert t.filter((c("bsn") < "900000000") | (c("bsn") >= "999900000")).height == 0
    assert t.group_by("bsn").agg(c("geboortedatum").n_unique())["geboortedatum"].max() == 1


def test_versies_van_een_nummer(t: pl.DataFrame) -> None:
    assert t.select("gemeente", "toewijzingnummer", "toewijzingsdatum").is_unique().all()
    vast = t.group_by("gemeente", "toewijzingnummer").agg(c("bsn", "aanbieder_agb", "ingangsdatum").n_unique())
    assert vast.select(pl.max_horizontal(c("bsn", "aanbieder_agb", "ingangsdatum")).max()).item() == 1
    assert t.filter(c("einddatum") < c("ingangsdatum")).height == 0
    assert t.filter((c("reden_wijziging") == "13") & (c("einddatum") != c("ingangsdatum"))).height == 0
    assert {"04", "05", "07", "13"} <= set(t["reden_wijziging"])


def test_toewijzingen_volgen_de_standaard(t: pl.DataFrame) -> None:
    assert t.filter(c("volume").is_not_null() & c("budget").is_not_null()).height == 0
    assert t.filter(c("productcode").is_not_null() & c("volume").is_null()).height == 0
    assert t.filter((c("budget").is_not_null() | (c("frequentie") == "2")) & c("einddatum").is_null()).height == 0
    assert t.filter(c("stopdatum_levering") < c("startdatum_levering")).height == 0
    assert t.filter(c("stopdatum_levering") < c("ingangsdatum")).height == 0
    assert (
        t.filter(
            (c("besluitdatum") > c("toewijzingsdatum")) | (c("datum_ontvangst_verzoek") > c("toewijzingsdatum"))
        ).height
        == 0
    )
    leeftijd = t.filter(
        (c("geboortedatum") > c("ingangsdatum")) | (c("geboortedatum").dt.offset_by("23y") <= c("ingangsdatum"))
    )
    assert leeftijd.height == 0


def test_geen_overlap_van_hetzelfde_product_bij_dezelfde_aanbieder(t: pl.DataFrame) -> None:
    n = (
        _nieuwste(t)
        .filter(c("productcode").is_not_null())
        .with_columns(c("einddatum").fill_null(dt.date(9999, 12, 31)))
    )
    n = n.sort("ingangsdatum")
    groep = ("bsn", "aanbieder_agb", "productcode")
    assert n.filter(c("ingangsdatum") <= c("einddatum").cum_max().shift(1).over(groep)).height == 0


def test_verhuizing_sluit_aan(t: pl.DataFrame) -> None:
    weg = t.filter(c("reden_wijziging") == "07").select(
        "bsn", "productcode", "gemeente", volgt=c("einddatum") + pl.duration(days=1)
    )
    komt = t.select("bsn", "productcode", nieuwe="gemeente", volgt="ingangsdatum").unique()
    samen = weg.join(komt, on=["bsn", "productcode", "volgt"], nulls_equal=True)
    assert weg.height > 0
    assert samen.filter(c("gemeente") != c("nieuwe")).height > 0.8 * weg.height


def test_declaraties_volgen_de_standaard(d: pl.DataFrame) -> None:
    assert d.select("aanbieder_agb", "referentienummer").is_unique().all()
    maand = c("productperiode_begin").dt.month_start()
    assert d.filter(c("productperiode_eind").dt.month_start() != maand).height == 0
    assert d.filter(c("productperiode_eind") < c("productperiode_begin")).height == 0
    assert d.filter(c("declaratiedagtekening") <= c("productperiode_eind")).height == 0
    assert d.filter((c("eenheid") == "83") != c("producttarief").is_null()).height == 0
    euro = d.filter(c("eenheid") == "83")
    assert euro.filter(c("geleverd_volume").cast(pl.Float64) != c("ingediend_bedrag")).height == 0
    rest = d.filter(c("eenheid") != "83").with_columns(
        verschil=(c("geleverd_volume").cast(pl.Float64) * c("producttarief") - c("ingediend_bedrag")).abs()
    )
    assert rest.filter((c("eenheid") != "01") & (c("verschil") > 0)).height == 0
    assert rest.filter(c("verschil") > c("geleverd_volume").cast(pl.Float64) / 2 + 1).height == 0


def test_tarief_is_dat_van_de_productentabel(d: pl.DataFrame, catalogus: Catalogus) -> None:
    prijzen = pl.DataFrame(
        [(p.productcode, p.eenheid, p.tarief_cent, p.geldig_van) for p in catalogus.producten if p.tarief_cent],
        schema=["productcode", "eenheid", "tabel", "vanaf"], orient="row",
    ).sort("vanaf")  # fmt: skip
    samen = d.sort("productperiode_begin").join_asof(
        prijzen, left_on="productperiode_begin", right_on="vanaf", by=["productcode", "eenheid"], check_sortedness=False
    ).drop_nulls("tabel")  # fmt: skip
    assert samen.height > 0.9 * d.height
    assert samen.filter(c("producttarief") != c("tabel")).height == 0


def test_credits_zijn_een_kopie_en_eenmalig(d: pl.DataFrame) -> None:
    credit = d.filter(c("debet_credit") == "C")
    assert credit.height > 0
    assert credit["vorig_referentienummer"].null_count() == 0
    assert d.filter((c("debet_credit") == "D") & c("vorig_referentienummer").is_not_null()).height == 0
    gelijk = [
        "toewijzingnummer",
        "gemeente",
        "productcode",
        "productperiode_begin",
        "geleverd_volume",
        "ingediend_bedrag",
    ]
    samen = credit.join(
        d,
        left_on=["aanbieder_agb", "vorig_referentienummer"],
        right_on=["aanbieder_agb", "referentienummer"],
        suffix="_d",
    )
    assert samen.height == credit.height
    assert samen.filter(pl.any_horizontal(c(k) != c(f"{k}_d") for k in gelijk)).height == 0
    assert credit.select("aanbieder_agb", "vorig_referentienummer").is_unique().all()


def test_hoogstens_een_open_debet(d: pl.DataFrame) -> None:
    sleutel = [
        "gemeente",
        "toewijzingnummer",
        "productperiode_begin",
        "productperiode_eind",
        "productcategorie",
        "productcode",
    ]
    netto = d.filter(c("status") != "afgekeurd").group_by(sleutel).agg(
        open=(c("debet_credit") == "D").sum().cast(pl.Int64) - (c("debet_credit") == "C").sum().cast(pl.Int64)
    )  # fmt: skip
    assert netto["open"].max() == 1
    assert netto["open"].min() == 0


def test_declaraties_horen_bij_hun_toewijzing(t: pl.DataFrame, d: pl.DataFrame) -> None:
    n = _nieuwste(t)
    samen = d.join(n, on=["gemeente", "toewijzingnummer"], suffix="_t")
    assert samen.height > 0.95 * d.height
    assert samen.filter((c("bsn") != c("bsn_t")) | (c("aanbieder_agb") != c("aanbieder_agb_t"))).height == 0
    assert samen.filter(c("productcode") != c("productcode_t")).height == 0
    assert samen.filter(c("productperiode_begin") < c("ingangsdatum")).height == 0
    assert samen.filter(c("reden_wijziging") == "13").height == 0
    assert samen.filter(c("leveringsvorm") == "PGB").height == 0
    # what is not there yet was claimed before the first levering knew it: an orphan by nature
    wees = d.join(n, on=["gemeente", "toewijzingnummer"], how="anti")
    assert wees["productperiode_begin"].max() < d["leveringsmaand"].min()  # type: ignore[operator]


def test_er_gebeurt_van_alles(t: pl.DataFrame, d: pl.DataFrame) -> None:
    """The turns that the marts and rules must survive are all there."""
    n = _nieuwste(t)
    assert n["einddatum"].null_count() > 0
    assert n.filter(c("productcategorie").is_null()).height > 0
    assert n.filter(c("productcode").is_null() & c("productcategorie").is_not_null()).height > 0
    assert t.filter(c("reden_beeindiging") == "20").height > 0
    assert t.filter(c("leveringsvorm") == "PGB").height > 0
    assert t.filter(c("toewijzingsdatum") > c("ingangsdatum")).height > 0
    assert t.filter(c("startdatum_levering") < c("toewijzingsdatum")).height > 0
    assert t.filter(c("geboortedatum").dt.day() == 1).height > 0
    assert n.filter(c("ingangsdatum") >= c("geboortedatum").dt.offset_by("18y")).height > 0
    assert d.filter((c("status") == "afgekeurd") & c("retourcode").is_not_null()).height > 0
    assert d.filter(c("geleverd_volume").cast(pl.Float64) % 1 != 0).height > 0

    def maandnr(kolom: str) -> pl.Expr:
        return c(kolom).dt.year().cast(pl.Int64) * 12 + c(kolom).dt.month()

    vertraging = d.select(maandnr("leveringsmaand") - maandnr("productperiode_begin")).to_series()
    assert vertraging.min() == 1
    assert set(range(1, 8)) <= set(vertraging)


def test_gaten_rond_de_dertig_dagen(met_gebreken: Regio) -> None:
    """Gaps of 29 to 32 days lie on both sides of what bridges a traject."""
    n = _nieuwste(met_gebreken.tabel("waarheid", "toewijzingen")).sort("bsn", "ingangsdatum")
    gat = n.select(g=(c("ingangsdatum") - c("einddatum").cum_max().shift(1).over("bsn")).dt.total_days() - 1)
    assert {30, 31} <= set(gat["g"].drop_nulls())
