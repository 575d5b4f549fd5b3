"""Which line of the product table holds for a row, by gemeente, productcode and day (SPEC 7, settled readings).

Lives here: the choice of the line. Keep out: what follows from it (the rules).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import polars as pl

from pipeline.berichten.namen import GEMEENTE, P_BEKEND, P_CATEGORIE, P_EENHEID, P_GELDIG, P_TARIEF, P_ZWIJGT
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.seedrijen import Product

_ALTIJD = dt.date(1, 1, 1)


_GEEN_LIJN = {
    P_CATEGORIE: pl.lit(None, pl.String),
    P_EENHEID: pl.lit(None, pl.String),
    P_TARIEF: pl.lit(None, pl.Int64),
    P_GELDIG: pl.lit(value=False),
    P_BEKEND: pl.lit(value=False),
    P_ZWIJGT: pl.lit(value=False),
}


def met_product(df: pl.DataFrame, catalogus: Catalogus, dagkolom: str) -> pl.DataFrame:
    """Add the product line that holds on `dagkolom`: known at all, valid on the day, category, unit, tarief in cents.

    Rows that name no product (no `dagkolom`) have no line.

    A line that is valid on the day comes before one that is not, then a gemeente's own before the region's; before
    the first line the first holds, after the last the last. int_toewijzing_producten and int_declaratie_producten
    choose by the same order; tests/intake/test_producten.py holds them together. Without a day a line is not called
    invalid: that the day is missing is said elsewhere. Of a day before the whole table begins it cannot know what was
    valid (P_ZWIJGT), of a code it does know.
    """
    if not dagkolom:
        return df.with_columns(**_GEEN_LIJN)
    lijnen = _tijdlijnen(catalogus.producten, df[GEMEENTE].unique().to_list())
    rij = pl.int_range(pl.len(), dtype=pl.UInt32).alias("_volg")
    zoek = df.select(rij, GEMEENTE, "productcode", pl.col(dagkolom).fill_null(_ALTIJD).alias("_dag"))
    gevonden = (
        zoek.filter(pl.col("productcode").is_not_null())
        .sort("_dag")
        .join_asof(lijnen, on="_dag", by=[GEMEENTE, "productcode"], strategy="backward", check_sortedness=False)
        .select("_volg", P_CATEGORIE, P_EENHEID, P_TARIEF, P_GELDIG, pl.col(P_CATEGORIE).is_not_null().alias(P_BEKEND))
    )
    samen = zoek.select("_volg").join(gevonden, on="_volg", how="left", maintain_order="left").drop("_volg")
    bekend = pl.col(P_BEKEND).fill_null(value=False)
    geldig = pl.when(df[dagkolom].is_null()).then(bekend).otherwise(pl.col(P_GELDIG).fill_null(value=False))
    begin = min((p.geldig_van for p in catalogus.producten), default=_ALTIJD)
    zwijgt = bekend & pl.lit(df[dagkolom] < begin).fill_null(value=False)
    return pl.concat([df, samen.with_columns(bekend, geldig.alias(P_GELDIG), zwijgt.alias(P_ZWIJGT))], how="horizontal")


def _tijdlijnen(producten: Sequence[Product], gemeenten: Iterable[str]) -> pl.DataFrame:
    """Per gemeente and code the stretches of time in which one line holds."""
    per_code: dict[str, list[Product]] = {}
    for p in producten:
        per_code.setdefault(p.productcode, []).append(p)
    rijen = [
        (gemeente, code, van, lijn.productcategorie, lijn.eenheid, lijn.tarief_cent, _is_geldig(lijn, van))
        for gemeente in gemeenten
        for code, lijnen in per_code.items()
        for van, lijn in _tijdlijn([p for p in lijnen if p.gemeente in ("", gemeente)])
    ]
    return pl.DataFrame(
        rijen,
        schema={
            GEMEENTE: pl.String,
            "productcode": pl.String,
            "_dag": pl.Date,
            P_CATEGORIE: pl.String,
            P_EENHEID: pl.String,
            P_TARIEF: pl.Int64,
            P_GELDIG: pl.Boolean,
        },
        orient="row",
    ).sort("_dag")


def _tijdlijn(lijnen: Sequence[Product]) -> list[tuple[dt.date, Product]]:
    if not lijnen:
        return []
    grenzen = {p.geldig_van for p in lijnen} | {
        p.geldig_tot + dt.timedelta(days=1) for p in lijnen if p.geldig_tot and p.geldig_tot < dt.date.max
    }
    return [(_ALTIJD, _geldend(lijnen, _ALTIJD)), *((dag, _geldend(lijnen, dag)) for dag in sorted(grenzen))]


def _is_geldig(lijn: Product, dag: dt.date) -> bool:
    return lijn.geldig_van <= dag and (lijn.geldig_tot is None or dag <= lijn.geldig_tot)


def _geldend(lijnen: Sequence[Product], dag: dt.date) -> Product:
    """Line that holds on `dag`: valid, then own, then begun; of those begun the last, of those to come the first."""

    def volgorde(p: Product) -> tuple[bool, bool, bool, int]:
        begonnen = p.geldig_van <= dag
        nabij = p.geldig_van.toordinal()
        return _is_geldig(p, dag), p.gemeente != "", begonnen, nabij if begonnen else -nabij

    return max(lijnen, key=volgorde)
