"""The key figures of the policy, computed from the truth of a synthetic region: by hand, without the pipeline.

Lives here: figures of one calendar year for the regio as a whole, as SPEC 7 defines them, for the tests of calibration.
Keep out: anything that imports what it should measure.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from pipeline.domain.catalogus import Catalogus

c = pl.col
BRUG = 30
STURING = ("verblijf", "wonen", "ambulant", "crisis")
GEMEENTE_EN_GI, HUISARTS = ("01", "04"), ("02",)


def kerncijfers(t: pl.DataFrame, d: pl.DataFrame, catalogus: Catalogus, jaar: int) -> dict[str, float]:
    """Figures of `jaar` by name: counts, shares, days, euros; `t` and `d` are the true rows of both berichten."""
    eerste, laatste = dt.date(jaar, 1, 1), dt.date(jaar, 12, 31)
    geldig = _geldig(t, catalogus)
    loopt = geldig.filter((c("ingangsdatum") <= laatste) & (c("eind") >= eerste))
    jeugdigen = loopt["bsn"].n_unique()
    inwoners = sum(i.inwoners_0_17 for i in catalogus.inwoners if i.jaar == jaar)
    minderjarig = loopt.filter(c("geboortedatum").dt.offset_by("18y") > eerste)["bsn"].n_unique()
    met_verblijf = loopt.filter("met_verblijf")
    kosten = {j: _kosten(d, catalogus, j) for j in (jaar - 1, jaar)}
    uit = {
        "jeugdigen_in_zorg": jeugdigen,
        "aandeel_jeugdigen_in_zorg": minderjarig / inwoners,
        "jeugdigen_ambulant": loopt.filter(c("segment") == "ambulant")["bsn"].n_unique(),
        "jeugdigen_met_verblijf": met_verblijf["bsn"].n_unique(),
        "aandeel_gezinsgericht_smal": met_verblijf.filter(c("hulpvorm") == "12")["bsn"].n_unique()
        / met_verblijf["bsn"].n_unique(),
        "jeugdigen_jeugdbescherming": loopt.filter(c("segment") == "jb")["bsn"].n_unique() / inwoners,
        "jeugdigen_jeugdreclassering": loopt.filter(c("segment") == "jr")["bsn"].n_unique() / jeugdigen,
        "kosten": kosten[jaar],
        "kostengroei": kosten[jaar] / kosten[jaar - 1] - 1 if kosten[jaar - 1] else float("nan"),
    }
    crisis = geldig.filter("crisis").select("bsn", cb="ingangsdatum", ce="eind")
    for segment in ("totaal", "verblijf", "ambulant"):
        keten = trajecten(geldig if segment == "totaal" else geldig.filter(c("segment") == segment))
        begonnen = keten.filter(c("begin").is_between(eerste, laatste))
        vanuit = begonnen.join(crisis, on="bsn").filter(
            c("begin").is_between(c("cb"), c("ce") + pl.duration(days=BRUG))
        )
        uit[f"aandeel_start_crisis:{segment}"] = vanuit.select("bsn", "begin").n_unique() / begonnen.height
        for naam, codes in (("gemeente_en_gi", GEMEENTE_EN_GI), ("huisarts", HUISARTS)):
            uit[f"aandeel_verwijzer:{segment}:{naam}"] = begonnen["verwijzer"].is_in(codes).mean()  # type: ignore[assignment]
        if segment == "totaal":
            einde = c("einde") + pl.duration(days=1)
            beeindigd = keten.filter(einde.is_between(eerste, laatste))
            uit["trajectduur_gemiddeld"] = beeindigd.select(
                ((c("einde") - c("begin")).dt.total_days() + 1).mean()
            ).item()
            uit["instroom"], uit["uitstroom"] = begonnen.height, beeindigd.height
    return uit


def trajecten(geldig: pl.DataFrame) -> pl.DataFrame:
    """Chain the allocations of each youth while the gap is at most thirty days; the referrer is that of the first."""
    rijen = geldig.filter(c("eind") >= c("ingangsdatum")).sort("bsn", "ingangsdatum", "toewijzingnummer")
    vorige = c("eind").cum_max().shift(1).over("bsn")
    gat = (c("ingangsdatum") - vorige).dt.total_days() - 1
    keten = ((gat > BRUG) | gat.is_null()).cum_sum().over("bsn")
    return (
        rijen.with_columns(keten=keten)
        .group_by("bsn", "keten", maintain_order=True)
        .agg(
            begin=c("ingangsdatum").min(),
            einde=c("eind").max(),
            verwijzer=c("verwijzer_type").first(),
        )
    )


def _producten(catalogus: Catalogus) -> pl.DataFrame:
    """What the product table says of a code; it says the same of every date and gemeente in the example table."""
    rijen = {p.productcode: (p.segment, p.cbs_hulpvorm, p.met_verblijf, p.crisis) for p in catalogus.producten}
    return pl.DataFrame(
        [(k, *v) for k, v in rijen.items()],
        schema={"productcode": pl.String, "segment": pl.String, "hulpvorm": pl.String, "met_verblijf": pl.Boolean,
                "crisis": pl.Boolean}, orient="row",
    )  # fmt: skip


def _geldig(t: pl.DataFrame, catalogus: Catalogus) -> pl.DataFrame:
    """Valid allocations: the newest version of each number, with the last day it covers and what its product is."""
    nieuwste = t.sort("toewijzingsdatum", "toewijzingstijd").group_by("gemeente", "toewijzingnummer").last()
    stop = pl.when(c("reden_beeindiging").fill_null("") != "20").then("stopdatum_levering")
    bestaat = c("reden_wijziging").fill_null("") != "13"
    return (
        nieuwste.filter(bestaat)
        .with_columns(eind=pl.min_horizontal("einddatum", stop).fill_null(dt.date(2999, 12, 31)))
        .join(_producten(catalogus), on="productcode", how="left")
        # generic and aspecific allocations are all ambulant
        .with_columns(c("segment").fill_null("ambulant"), c("met_verblijf", "crisis").fill_null(value=False))
    )


def _kosten(d: pl.DataFrame, catalogus: Catalogus, jaar: int) -> float:
    """Euros of the care of `jaar` in the segments that the region steers on."""
    telt = d.filter((c("status") != "afgekeurd") & (c("productperiode_begin").dt.year() == jaar)).join(
        _producten(catalogus), on="productcode"
    )
    netto = pl.when(c("debet_credit") == "D").then("ingediend_bedrag").otherwise(-c("ingediend_bedrag"))
    return float(telt.filter(c("segment").is_in(STURING)).select(netto.sum()).item() or 0) / 100
