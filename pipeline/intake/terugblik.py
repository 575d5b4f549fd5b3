"""Looking back at the rows of a levering for its sender: which rows, by which rule, under which own key.

Lives here: reading validated/ and quarantine/ into `domain.terugmelding.Terugblik`. Keep out: wording (reports/), and
any column but the row number, the rules, and the sender's own key.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipeline.berichten.namen import RIJ
from pipeline.domain.bevindingen import Ernst
from pipeline.domain.leveringen import Ontvangstbewijs
from pipeline.domain.terugmelding import GeweigerdeRij, Plaats, Terugblik
from pipeline.intake.bewijzen import geldigpad, quarantainepad
from pipeline.settings import Huis

RIJEN_TER_INFORMATIE = 20
"""Rows named of a rule that asks nothing of the sender (INFO), such as zeros put back in every row."""
_SCHEMA = {RIJ: pl.Int32, "sleutel": pl.String, "codes": pl.String, "plaatsen": pl.String}


def lees_terugblik(huis: Huis, bewijs: Ontvangstbewijs, max_rijen: int) -> Terugblik:
    """Look back at a levering in the data home."""
    geldig, geweigerd = geldigpad(huis, bewijs), quarantainepad(huis, bewijs)
    kolommen = [RIJ, "eigen_sleutel"]
    return kijk_terug(
        bewijs,
        pl.read_parquet(geldig, columns=[*kolommen, "signalen"]) if geldig.exists() else None,
        pl.read_parquet(geweigerd, columns=[*kolommen, "redenen", "plaatsen"]) if geweigerd.exists() else None,
        max_rijen,
    )


def kijk_terug(
    bewijs: Ontvangstbewijs, geldig: pl.DataFrame | None, geweigerd: pl.DataFrame | None, max_rijen: int
) -> Terugblik:
    """Look back at rows as the door hands them over.

    Refused rows come first, then what is worse, then by rule and row. Rows that were refused only because the levering
    was (L10, or door 0) have nothing to say of themselves and are left out.
    """
    ernsten = {b.regel_code: b.ernst for b in bewijs.bevindingen if b.n_rijen and b.rijen}
    slecht = _plat(geweigerd, "redenen")
    rijen = _per_regel(pl.concat([slecht, _plat(geldig, "signalen")]), ernsten)
    rijen = pl.concat([rijen, _van_bewijs(bewijs, rijen, slecht)])
    eigen = slecht.join(_per_regel(slecht, ernsten), on=RIJ, how="semi").sort(RIJ)
    lijst = tuple(
        GeweigerdeRij(rij, sleutel, tuple(c for c in codes.split("|") if c in ernsten))
        for rij, sleutel, codes in eigen.head(max_rijen).select(RIJ, "sleutel", "codes").rows()
    )
    return Terugblik(lijst, eigen.height, _plaatsen(rijen, ernsten, max_rijen))


def _plat(df: pl.DataFrame | None, codes: str) -> pl.DataFrame:
    """Row number, own key, codes and places; of accepted rows the place is known by the rule only."""
    if df is None:
        return pl.DataFrame(schema=_SCHEMA)
    plaatsen = pl.col("plaatsen") if "plaatsen" in df.columns else pl.lit("")
    eigen = {"sleutel": pl.col("eigen_sleutel").fill_null(""), "codes": pl.col(codes), "plaatsen": plaatsen}
    return df.filter(pl.col(codes) != "").select(
        pl.col(RIJ).cast(_SCHEMA[RIJ]), *(e.cast(_SCHEMA[naam]).alias(naam) for naam, e in eigen.items())
    )


def _per_regel(rijen: pl.DataFrame, ernsten: Mapping[str, Ernst]) -> pl.DataFrame:
    lang = rijen.with_columns(pl.col("codes").str.split("|")).explode("codes")
    return lang.filter(pl.col("codes").is_in(sorted(ernsten)))


def _van_bewijs(bewijs: Ontvangstbewijs, bekend: pl.DataFrame, slecht: pl.DataFrame) -> pl.DataFrame:
    """Rows that only the receipt names: what a rule flagged on rows that were refused for another reason."""
    genoemd = pl.DataFrame(
        [(rij, b.regel_code) for b in bewijs.bevindingen for rij in b.rijen],
        schema={RIJ: pl.Int32, "codes": pl.String},
        orient="row",
    )
    rest = genoemd.join(bekend, on=[RIJ, "codes"], how="anti")
    return rest.join(slecht.select(RIJ, "sleutel"), on=RIJ, how="left").select(
        RIJ, pl.col("sleutel").fill_null(""), "codes", pl.lit("").alias("plaatsen")
    )


def _plaatsen(rijen: pl.DataFrame, ernsten: Mapping[str, Ernst], max_rijen: int) -> tuple[Plaats, ...]:
    """Cut the places to what is shown, what is worse first."""
    orde = {code: list(Ernst).index(ernst) for code, ernst in ernsten.items()}
    gesorteerd = rijen.with_columns(
        pl.col("codes").replace_strict(orde, default=len(Ernst), return_dtype=pl.Int8).alias("_orde")
    ).sort("_orde", "codes", RIJ)
    info = [code for code, ernst in ernsten.items() if ernst is Ernst.INFO]
    beurt = pl.int_range(pl.len()).over("codes")
    gesorteerd = gesorteerd.filter(~pl.col("codes").is_in(info) | (beurt < RIJEN_TER_INFORMATIE))
    return tuple(
        Plaats(rij, sleutel, code, _kolommen(code, plaatsen))
        for rij, sleutel, code, plaatsen in gesorteerd.head(max_rijen)
        .select(RIJ, "sleutel", "codes", "plaatsen")
        .rows()
    )


def _kolommen(code: str, plaatsen: str) -> tuple[str, ...]:
    """Read the columns of one rule from `R05:bsn|R06:einddatum`."""
    delen = (deel.partition(":") for deel in plaatsen.split("|"))
    return tuple(kolom for regel, _, kolommen in delen if regel == code for kolom in kolommen.split("+"))
