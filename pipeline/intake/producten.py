"""Which line of the product table holds for a row, by gemeente, productcode and day (SPEC 7, settled readings).

Lives here: the choice of the line. Keep out: what follows from it (rules/).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import polars as pl

from pipeline.contracts.namen import GEMEENTE, P_BEKEND, P_CATEGORIE, P_EENHEID, P_TARIEF
from pipeline.domain.catalogus import Catalogus, Product

_ALTIJD = dt.date(1, 1, 1)


def met_product(df: pl.DataFrame, catalogus: Catalogus, dagkolom: str) -> pl.DataFrame:
    """Add the product line that holds on `dagkolom`: known at all, its category, unit and tarief (cents).

    A gemeente's own line comes before the region's; before the first line the first holds, after the last the last.
    """
    lijnen = _tijdlijnen(catalogus.producten, df[GEMEENTE].unique().to_list())
    rij = pl.int_range(pl.len(), dtype=pl.UInt32).alias("_volg")
    zoek = df.select(rij, GEMEENTE, "productcode", pl.col(dagkolom).fill_null(_ALTIJD).alias("_dag"))
    gevonden = (
        zoek.filter(pl.col("productcode").is_not_null())
        .sort("_dag")
        .join_asof(lijnen, on="_dag", by=[GEMEENTE, "productcode"], strategy="backward", check_sortedness=False)
        .select("_volg", P_CATEGORIE, P_EENHEID, P_TARIEF, (pl.col(P_CATEGORIE).is_not_null()).alias(P_BEKEND))
    )
    samen = zoek.select("_volg").join(gevonden, on="_volg", how="left", maintain_order="left").drop("_volg")
    return pl.concat([df, samen.with_columns(pl.col(P_BEKEND).fill_null(value=False))], how="horizontal")


def _tijdlijnen(producten: Sequence[Product], gemeenten: Iterable[str]) -> pl.DataFrame:
    """Per gemeente and code the stretches of time in which one line holds."""
    per_code: dict[str, list[Product]] = {}
    for p in producten:
        per_code.setdefault(p.productcode, []).append(p)
    rijen = [
        (gemeente, code, van, lijn.productcategorie, lijn.eenheid, lijn.tarief_cent)
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
        },
        orient="row",
    ).sort("_dag")


def _tijdlijn(lijnen: Sequence[Product]) -> list[tuple[dt.date, Product]]:
    if not lijnen:
        return []
    grenzen = {p.geldig_van for p in lijnen} | {p.geldig_tot + dt.timedelta(days=1) for p in lijnen if p.geldig_tot}
    return [(_ALTIJD, _geldend(lijnen, min(grenzen))), *((dag, _geldend(lijnen, dag)) for dag in sorted(grenzen))]


def _geldend(lijnen: Sequence[Product], dag: dt.date) -> Product:
    """Line that holds on `dag`: own before regional, valid before expired, latest start first; else the first."""
    geldig = [p for p in lijnen if p.geldig_van <= dag and (p.geldig_tot is None or dag <= p.geldig_tot)]
    begonnen = [p for p in lijnen if p.geldig_van <= dag]
    if geldig:
        return max(geldig, key=lambda p: (p.gemeente != "", p.geldig_van))
    if begonnen:
        return max(begonnen, key=lambda p: (p.geldig_tot or dag, p.gemeente != "", p.geldig_van))
    return min(lijnen, key=lambda p: (p.geldig_van, p.gemeente == ""))
