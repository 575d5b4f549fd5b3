"""Rules on a row of dossierfeiten, and on the rows of one file together: F01-F04.

What needs the allocations of the youth (F05-F07) or the moment of arrival (F08) is evaluated at build time.
"""

from __future__ import annotations

import polars as pl

from pipeline.berichten.dossierfeiten.kolommen import SOORTEN
from pipeline.berichten.namen import GOED, LEVERING
from pipeline.berichten.rijregels import codetoets
from pipeline.berichten.toets import Regelboek, Toets


def contract(_boek: Regelboek) -> list[Toets]:
    """Door 1: a kind that is known."""
    return [codetoets("F01", "soort", sorted(SOORTEN))]


def regels(boek: Regelboek) -> list[Toets]:
    """Door 2."""
    dag, maand = pl.col("datum"), pl.col("leveringsmaand")
    (jaren,) = boek.drempels("F03")
    return [
        Toets("F02", dag > maand.dt.month_end(), dag.is_not_null(), ("datum",)),
        Toets("F03", dag < maand.dt.offset_by(f"-{int(jaren)}y"), dag.is_not_null(), ("datum",)),
        _vlak_na_elkaar(boek),
    ]


def _vlak_na_elkaar(boek: Regelboek) -> Toets:
    """The same kind of fact of the same youth on two days close together: one of them is when it was entered."""
    (dagen,) = boek.drempels("F04")
    groep = [pl.col(LEVERING), pl.col(GOED), pl.col("bsn"), pl.col("soort")]
    nummer = pl.col("datum").dt.epoch("d")
    eerder = nummer - nummer.shift(1).over(groep, order_by="datum")
    later = nummer.shift(-1).over(groep, order_by="datum") - nummer
    dichtbij = eerder.is_between(1, dagen) | later.is_between(1, dagen)
    return Toets("F04", pl.col(GOED) & dichtbij.fill_null(value=False), pl.col(GOED), ("datum",))
