"""Typed cells as the text that a CSV of the same table would have: what waarden.py then reads.

Lives here: numbers without exponent or the noise of binary fractions, days and moments in ISO, and nothing that could
be taken for another number. Keep out: reading files.
"""

from __future__ import annotations

from decimal import Decimal

import polars as pl

TIJDZONE = "Europe/Amsterdam"
CIJFERS, HEEL_TOT = 15, 10**15
"""Significant digits of a binary fraction that mean something, and from where on a whole number in it may be another.

A spreadsheet shows no more digits either.
"""
_KLEINERE = {"Float32": (7, 2**24), "Float16": (3, 2**11)}
"""The same for binary fractions of fewer bits."""
GEEN_WAARDE = "#FOUT"
"""Text of a cell that holds a fault instead of a value: no reader takes it for one, nor for an empty cell."""
VERLOREN = "#GETAL"
"""Text of a cell that was a number with more digits than its type keeps: nobody knows which number it was."""
_PER_DAG = {"ms": 86_400 * 10**3, "us": 86_400 * 10**6, "ns": 86_400 * 10**9}
_EERSTE_DAG, _LAATSTE_DAG = -719_162, 2_932_896
"""1 January of year 1 and 31 December of year 9999, in days from the epoch."""
_TWIJFEL = r"^(-?[1-9][0-9]{0,2}\.[0-9]{3})$"


def als_tekst(kolom: pl.Series) -> pl.Series:
    """Text of a typed column. A moment with a time zone keeps it: datums.py knows what day that is here."""
    soort = kolom.dtype
    if soort == pl.String:
        return kolom
    if soort.is_float():
        return getal_als_tekst(kolom)
    if soort.is_decimal():
        return zonder_twijfel(kolom.cast(pl.String))
    if soort == pl.Time:
        return kolom.dt.to_string("%H:%M:%S")
    if isinstance(soort, pl.Date | pl.Datetime):
        return _moment_als_tekst(kolom)
    return kolom.cast(pl.String)


def _moment_als_tekst(kolom: pl.Series) -> pl.Series:
    """Text of days and moments; what no calendar has is a fault of its cell, not of the file."""
    kan = _kan_bestaan(kolom)
    fout = ~kan.fill_null(value=True)
    if fout.any():
        goed = _moment_als_tekst(kolom.set(fout, None))
        return goed.set(fout, GEEN_WAARDE)
    if kolom.dtype == pl.Date:
        return kolom.cast(pl.String)
    if getattr(kolom.dtype, "time_zone", None) is not None:
        return kolom.dt.convert_time_zone("UTC").dt.to_string("%Y-%m-%dT%H:%M:%SZ")
    return zonder_middernacht(kolom.dt.to_string("%Y-%m-%d %H:%M:%S"))


def _kan_bestaan(kolom: pl.Series) -> pl.Series:
    getal, soort = kolom.to_physical(), kolom.dtype
    if isinstance(soort, pl.Datetime):
        dag = _PER_DAG[soort.time_unit]
        # a day is left at the beginning for the clock of a time zone; the last day of all means that there is no end
        return getal.is_between(max((_EERSTE_DAG + 1) * dag, -(2**63)), min((_LAATSTE_DAG + 1) * dag - 1, 2**63 - 1))
    return getal.is_between(_EERSTE_DAG, _LAATSTE_DAG)


def getal_als_tekst(kolom: pl.Series) -> pl.Series:
    """Text of binary fractions: whole where they are whole, 0.3 for 0.1 + 0.2, never an exponent.

    "No number" is how dataframes write an empty cell, and is one; infinite is a fault.
    """
    naam = kolom.name
    cijfers, heel_tot = _KLEINERE.get(str(kolom.dtype), (CIJFERS, HEEL_TOT))
    rond = pl.col("x").round_sig_figs(cijfers)
    df = kolom.rename("x").cast(pl.Float64).to_frame().with_columns(t=rond.cast(pl.String))
    if df["t"].str.contains("e", literal=True).any():
        df = df.with_columns(t=pl.Series([_zonder_exponent(t) for t in df["t"].to_list()], dtype=pl.String))
    tekst = df.select(
        pl.when(pl.col("x").is_nan())
        .then(None)
        .when(pl.col("x").is_infinite())
        .then(pl.lit(GEEN_WAARDE))
        .when(pl.col("x").abs() >= heel_tot)
        .then(pl.lit(VERLOREN))
        .otherwise(pl.col("t").str.strip_suffix(".0"))
    )
    return zonder_twijfel(tekst.to_series()).rename(naam)


def zonder_twijfel(tekst: pl.Series) -> pl.Series:
    """Put a zero behind a number with three decimals: as text it could be thousands, as a number it is not."""
    return tekst.str.replace(_TWIJFEL, "${1}0")


def zonder_middernacht(tekst: pl.Series) -> pl.Series:
    """A moment at midnight is a day."""
    return tekst.str.strip_suffix(" 00:00:00")


def _zonder_exponent(tekst: str | None) -> str | None:
    return format(Decimal(tekst), "f") if tekst and "e" in tekst else tekst
