"""Which rows may be spoiled: the stock from which planting takes, and what it must know about each of them.

Lives here: the leveringen with which nothing else is the matter, and what a rule must be able to see of a row before a
defect in it counts. Add here: what a new kind of defect asks of its rows. Keep out: the defects (rijgebreken.py), the
tool that plants them (planter.py).
"""

from __future__ import annotations

import math

import numpy as np
import polars as pl

from pipeline.domain.leveringen import Bericht
from pipeline.synth import bestandsgebreken as bg
from pipeline.synth.berichtrijen import LAAT, Berichtrijen
from pipeline.synth.dracht import SCHEMAS
from pipeline.synth.planter import RID, Planter
from pipeline.synth.rijgebreken import MAAL_VOLUME, plant_declaraties, plant_toewijzingen
from pipeline.synth.toewijzingen import SPECIFIEK, Assortiment, Nummers

_VEEL_REGELS = 150
"""Lines of a product from which its price can be told to be odd (D28 looks at products with at least twenty)."""
_GEKEND, _ONGEKEND, _VOLUME_GEKEND = 40, 10, 60
"""Lines of a gemeente from which D33 and D34 can tell what is usual, and from which they cannot; D33 looks from
twenty on and D34 from forty, and planting changes the numbers a little."""
_ZELDZAAM = {
    Bericht.TOEWIJZINGEN: pl.col("reden_wijziging") == "13",
    Bericht.DECLARATIES: (pl.col("debet_credit") == "C") | (pl.col("eenheid") == "83"),
}


def plant_rijen(
    berichten: dict[Bericht, Berichtrijen], bp: bg.Bestandsplan, nummers: Nummers, a: Assortiment, schaal: float,
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """Plant all kinds of row defects in leveringen with which nothing else is the matter."""
    aantal = max(2, round(12 * math.sqrt(min(schaal, 1.0))))
    t, d = berichten[Bericht.TOEWIJZINGEN], berichten[Bericht.DECLARATIES]
    verwijderd = t.waarheid.filter((pl.col("reden_wijziging") == "13").fill_null(value=False)).select(
        "gemeente", "toewijzingnummer", "productcode", "bsn", "aanbieder_agb", "ingangsdatum", "leveringsmaand"
    ).drop("leveringsmaand")  # fmt: skip
    voorraad = _voorraad(t, bp, 1, rng)
    versies = t.waarheid.select(
        RID,
        n_versies=pl.len().over("nr"),
        volg=pl.col("toewijzingsdatum").rank("ordinal").over("nr").cast(pl.Int64) - 1,
    )
    planter = Planter(t.rijen, voorraad.join(versies, on=RID, maintain_order="left"), aantal, pl.lit(value=True))
    plant_toewijzingen(planter, list(SCHEMAS[t.bericht]))
    _neem_over(t, planter)
    voorraad = _declaratie_kenmerken(_voorraad(d, bp, 0, rng), d.waarheid, nummers, a)
    voorraad = voorraad.with_columns(debet_aangekomen=_debet_aangekomen(voorraad, d.waarheid, bp))
    planter = Planter(d.rijen, voorraad, aantal, (~LAAT).fill_null(value=False))
    plant_declaraties(planter, list(SCHEMAS[d.bericht]), a, verwijderd)
    _neem_over(d, planter)


def _neem_over(b: Berichtrijen, planter: Planter) -> None:
    b.rijen = planter.resultaat()
    b.boekingen, b.soorten = planter.boekingen, planter.soorten
    for (rid, kolom), tekst in planter.ruw.items():
        b.ruw.setdefault(rid, []).append((kolom, tekst))


def _voorraad(b: Berichtrijen, bp: bg.Bestandsplan, pariteit: int, rng: np.random.Generator) -> pl.DataFrame:
    """Rows that may be chosen: one per allocation, shuffled, of ordinary leveringen with at least eight rows.

    The two berichten choose from different allocations (`pariteit`), so that defects never meet.
    """
    gewoon = {
        v.sleutel: v for v in bp.leveringen
        if v.sleutel.bericht is b.bericht and v.sleutel not in bp.bijzonder and not v.gebrek
        and v.soort == "mutaties" and v.dracht.mag_rijgebreken and not v.met_controle
    }  # fmt: skip
    eerste = min((v.sleutel.maand for v in bp.leveringen), default=None)
    slots = pl.DataFrame(
        [
            (k.gemeente, k.maand.eerste_dag, v.ontvangen_op.date(), bg.erna(k) in gewoon, v.bedrag_eenheid,
             v.dracht.decimaal)
            for k, v in gewoon.items() if k.maand != eerste
        ],
        schema={
            "gemeente": pl.String, "leveringsmaand": pl.Date, "aankomst": pl.Date, "volgende_goed": pl.Boolean,
            "bedrag_eenheid": pl.String, "decimaal": pl.String,
        }, orient="row",
    )  # fmt: skip
    pool = b.rijen.filter(pl.col("nr") % 2 == pariteit).join(
        slots, on=["gemeente", "leveringsmaand"], maintain_order="left"
    )
    genoeg = b.rijen.group_by("gemeente", "leveringsmaand").len().filter(pl.col("len") >= 8)
    pool = pool.join(genoeg, on=["gemeente", "leveringsmaand"], how="semi", maintain_order="left")
    pool = pool[rng.permutation(pool.height)]
    # what is rare comes first, or the kinds that need it would find nothing
    zeldzaam = pool.select(_ZELDZAAM[b.bericht].fill_null(value=False)).to_series()
    pool = pl.concat([pool.filter(zeldzaam), pool.filter(~zeldzaam)[:90_000]]).unique(
        subset=["nr"], keep="first", maintain_order=True
    )
    return pool[rng.permutation(pool.height)]


def _declaratie_kenmerken(pool: pl.DataFrame, alles: pl.DataFrame, nummers: Nummers, a: Assortiment) -> pl.DataFrame:
    """Add what the choice of lines needs to know about them."""
    vorige = alles["vorig_referentienummer"].drop_nulls()
    open_ = (
        alles.filter((pl.col("debet_credit") == "D") & (pl.col("status") == "goedgekeurd"))
        .group_by("nr", "productperiode_begin", "productcode").agg(n_debet=pl.len())
    )  # fmt: skip
    eenheden = dict(zip(a.codes.tolist(), a.eenheid.tolist(), strict=True))
    pool = pool.join(open_, on=["nr", "productperiode_begin", "productcode"], how="left", maintain_order="left")
    gangbaar = alles.group_by("productcode", "eenheid").len().filter(pl.col("len") >= _VEEL_REGELS)
    pool = _eigen_historie(pool, alles)
    return pool.with_columns(
        product_gangbaar=pl.struct("productcode", "eenheid").is_in(
            gangbaar.select(pl.struct("productcode", "eenheid")).to_series().implode()
        ),
        is_gecrediteerd=pl.col("referentienummer").is_in(vorige.implode()),
        heeft_opvolger=pl.col("n_debet").fill_null(0) > 1,
        bedrag_klopt=(
            (pl.col("geleverd_volume") * pl.col("producttarief") == pl.col("ingediend_bedrag"))
            & (pl.col("eenheid") != "83")
        ).fill_null(value=False),
        tarief_van_tabel=pl.col("eenheid") == pl.col("productcode").replace_strict(eenheden, default=""),
        met_toegewezen_product=pl.Series((nummers.variant == SPECIFIEK)[pool["nr"].to_numpy()]),
    )


def _eigen_historie(pool: pl.DataFrame, alles: pl.DataFrame) -> pl.DataFrame:
    """Add whether the gemeente has lines enough to say what price and what volume are usual for it."""
    product = ["gemeente", "productcode", "eenheid"]
    jaar = pl.col("productperiode_begin").dt.year().alias("jaar")
    debet = alles.filter((pl.col("debet_credit") == "D") & (pl.col("status") != "afgekeurd")).with_columns(
        jaar, log_volume=pl.col("geleverd_volume").cast(pl.Float64).log()
    )
    mediaan = pl.col("log_volume").median()
    prijzen = debet.group_by(*product, "jaar").agg(n_prijzen=pl.len())
    volumes = debet.group_by(*product).agg(
        mediaan=mediaan, n_volumes=pl.len(), spreiding=1.4826 * (pl.col("log_volume") - mediaan).abs().median()
    )
    pool = pool.with_columns(jaar).join(prijzen, on=[*product, "jaar"], how="left", maintain_order="left")
    pool = pool.join(volumes, on=product, how="left", maintain_order="left")
    log_volume = (pl.col("geleverd_volume").cast(pl.Float64) * MAAL_VOLUME).log()
    # six times the spread: the rule asks for five, and planting moves the median a little
    ver = log_volume - pl.col("mediaan") > 6 * pl.max_horizontal("spreiding", pl.lit(0.2))
    return pool.with_columns(
        eigen_prijs_bekend=pl.col("n_prijzen").fill_null(0) >= _GEKEND,
        eigen_prijs_onbekend=pl.col("n_prijzen").fill_null(0) <= _ONGEKEND,
        volume_van_mediaan=pl.when(pl.col("n_volumes") >= _VOLUME_GEKEND).then(
            (pl.col("geleverd_volume").cast(pl.Float64).log() - pl.col("mediaan")).exp()
        ),
        volume_spreiding=pl.max_horizontal("spreiding", pl.lit(0.2)),
        eigen_volume_bekend=(pl.col("n_volumes") >= _VOLUME_GEKEND).fill_null(value=False) & ver.fill_null(value=False),
    )


def _debet_aangekomen(pool: pl.DataFrame, alles: pl.DataFrame, bp: bg.Bestandsplan) -> pl.Series:
    """Of credit lines: whether the debit they name is in a levering that was accepted whole."""
    goed = pl.DataFrame(
        [(v.sleutel.gemeente, v.sleutel.maand.eerste_dag) for v in bp.leveringen
         if v.sleutel.bericht is Bericht.DECLARATIES and v.is_geaccepteerd and not v.gebrek],
        schema={"gemeente": pl.String, "leveringsmaand": pl.Date}, orient="row",
    ).unique()  # fmt: skip
    sleutel = ["gemeente", "aanbieder_agb", "referentienummer"]
    aangekomen = alles.join(goed, on=["gemeente", "leveringsmaand"], how="semi").select(sleutel).unique()
    namen = ["gemeente", "aanbieder_agb", "vorig_referentienummer"]
    aangekomen = aangekomen.with_columns(aangekomen=pl.lit(value=True))
    samen = pool.select(namen).join(aangekomen, left_on=namen, right_on=sleutel, how="left", maintain_order="left")
    return samen["aangekomen"].fill_null(value=False)
