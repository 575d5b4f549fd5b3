"""Numbers in a cell that are, or could be, those of a person: whatever stands between the digits.

Lives here: looking for the persons of a levering in its other columns, and which of a sender's own numbers may be
shown. One answer per levering: what another levering holds decides nothing. Keep out: what follows from it (the rules,
quarantaine.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.berichten.kolom import Contract
from pipeline.berichten.namen import LEVERING, persoon, tekst
from pipeline.berichten.rijregels import bewaakte_kolommen

_MIN_CIJFERS = 8
"""A person's number of which a spreadsheet ate the zero, or a day."""
_MAX_CIJFERS = 40
"""A text with more digits is no number of anything that is kept."""
_LEVERING_BIT = 36
"""Numbers of up to ten digits fit below it; the levering stands above."""
_GEWICHTEN = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_SLEUTELVORM = r"^[A-Za-z0-9][A-Za-z0-9 ._/\-]{0,29}$"
_DATUMVORM = r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}"
_WOORDVORM = r"[A-Za-z] .*|.* [A-Za-z]|[a-z]{3}"
"""Words: a name could be among them."""

Getallen = NDArray[np.int64]


class Personen:
    """The persons in the rows of one batch, each within its own levering."""

    def __init__(self, df: pl.DataFrame, contract: Contract) -> None:
        self._df = df
        levering = df[LEVERING].to_numpy().astype(np.int64)
        nummers = [_als_getal(df[naam]) for naam in ("bsn", tekst("bsn"))]
        geboren = df["geboortedatum"] if "geboortedatum" in contract.per_naam else pl.Series([], dtype=pl.Date)
        dagen = [geboren.dt.to_string(vorm) for vorm in ("%d%m%Y", "%Y%m%d")] if len(geboren) else []
        # nine digits, and eight where a spreadsheet ate the zero in front
        self._per_breedte = {
            9: _sleutels(levering, [(n, 10**8, 10**9) for n in nummers] + [(n, 10**7, 10**8) for n in nummers]),
            8: _sleutels(levering, [(n, 10**7, 10**8) for n in nummers]),
        }
        self._geboren = _sleutels(levering, [(_als_getal(d), 10**6, 10**8) for d in dagen])

    def staat_in(self, naam: str, waar: pl.Series | None = None) -> pl.Series:
        """Tell in which rows the text of a column holds the number of a person of that levering.

        `waar`: the rows that are asked about, the answer being of those alone; all of them when it is left out.
        """
        return self._kijk(naam, waar, ruim=False)

    def kan_staan_in(self, naam: str, waar: pl.Series | None = None) -> pl.Series:
        """Tell also where it holds what passes for a person's number, whoever that would be, or a birth date."""
        return self._kijk(naam, waar, ruim=True)

    def _kijk(self, naam: str, waar: pl.Series | None, *, ruim: bool) -> pl.Series:
        geraakt = np.zeros(self._df.height if waar is None else int(waar.sum()), dtype=bool)
        c, lang = pl.col("c"), pl.col("c").str.len_bytes()
        kandidaten = (
            self._df.lazy()
            .select(LEVERING, c=tekst(naam))
            .filter(pl.lit(value=True) if waar is None else pl.lit(waar))
            .with_row_index("i")
            .filter(lang >= _MIN_CIJFERS)  # most cells are too short: that is seen without looking for digits in them
            .with_columns(c.str.replace_all(r"[^0-9]", ""))
            .filter(lang.is_between(_MIN_CIJFERS, _MAX_CIJFERS))
            .collect()
        )
        if kandidaten.height:
            geraakt[kandidaten["i"].to_numpy()] = self._raakt(kandidaten, ruim=ruim)
        return pl.Series(geraakt)

    def _raakt(self, kandidaten: pl.DataFrame, *, ruim: bool) -> NDArray[np.bool_]:
        levering = kandidaten[LEVERING].to_numpy().astype(np.int64) << _LEVERING_BIT
        cijfers, lengte = _cijfers(kandidaten["c"])
        uit = np.zeros(kandidaten.height, dtype=bool)
        for breedte, personen in self._per_breedte.items():
            for begin in range(len(cijfers) - breedte + 1):
                hier = lengte >= begin + breedte
                venster = cijfers[begin : begin + breedte]
                getal = _getal(venster)
                uit |= hier & _komt_voor(levering | getal, personen)
                if ruim and breedte == 8:
                    uit |= hier & _komt_voor(levering | getal, self._geboren)
                if ruim and breedte == 9:
                    uit |= hier & _elfproef(venster, _GEWICHTEN) & (getal > 0)
        if ruim:  # eight digits and nothing else: a number of which the zero was eaten
            uit |= (lengte == 8) & _elfproef(cijfers[:8], _GEWICHTEN[1:])
        return uit


def met_personen(df: pl.DataFrame, contract: Contract, personen: Personen) -> pl.DataFrame:
    """Add per kept column whether it holds a person of the levering, and the sender's own key where it may be shown."""
    vlaggen = [personen.staat_in(k.naam).alias(persoon(k.naam)) for k in bewaakte_kolommen(contract)]
    return df.with_columns(*vlaggen, eigen_sleutel(df, contract, personen).alias("eigen_sleutel"))


def eigen_sleutel(df: pl.DataFrame, contract: Contract, personen: Personen) -> pl.Series:
    """Return the key by which a sender knows a row; empty where it could be a person's number, a day or a name."""
    naam = contract.eigen_sleutel
    if not naam:
        return pl.Series("eigen_sleutel", [""], dtype=pl.String).new_from_index(0, df.height)
    t = pl.col(tekst(naam))
    goed = t.str.contains(_SLEUTELVORM) & t.str.contains(r"[0-9]")
    goed = goed & ~t.str.contains(_DATUMVORM) & ~t.str.contains(_WOORDVORM)
    return df.select(
        pl.when(goed & ~personen.kan_staan_in(naam)).then(t).otherwise(pl.lit("")).fill_null("").alias("t")
    ).to_series()


def _als_getal(s: pl.Series) -> Getallen:
    """Return digits as numbers; -1 where there are none, or more than ten."""
    cijfers = s.cast(pl.String).str.replace_all(r"[^0-9]", "")
    kort = cijfers.to_frame("c").select(
        pl.when(pl.col("c").str.len_bytes() <= 10).then(pl.col("c").cast(pl.Int64, strict=False)).fill_null(-1)
    )
    return kort.to_series().to_numpy().astype(np.int64)


def _sleutels(levering: Getallen, reeksen: list[tuple[Getallen, int, int]]) -> Getallen:
    """Return the numbers from a bound up to another, each with its levering."""
    delen = [(levering[: len(n)] << _LEVERING_BIT | n)[(n >= van) & (n < tot)] for n, van, tot in reeksen if len(n)]
    return np.unique(np.concatenate(delen)) if delen else np.array([], dtype=np.int64)


def _cijfers(teksten: pl.Series) -> tuple[Getallen, Getallen]:
    """Return the digits of all texts, place by place and filled up with zeros, and how many each text has."""
    lengte = teksten.str.len_bytes().to_numpy().astype(np.int64)
    breedte = int(lengte.max())
    plat = "".join(teksten.str.pad_end(breedte, "0").to_list()).encode("ascii")
    per_tekst = np.frombuffer(plat, dtype=np.uint8).reshape(-1, breedte)
    return per_tekst.T.astype(np.int64, order="C") - ord("0"), lengte


def _getal(cijfers: Getallen) -> Getallen:
    """Read digits, place by place, as one number per text."""
    getal: Getallen = cijfers[0]
    for cijfer in cijfers[1:]:
        getal = getal * 10 + cijfer
    return getal


def _elfproef(cijfers: Getallen, gewichten: Sequence[int]) -> NDArray[np.bool_]:
    som = np.zeros_like(cijfers[0])
    for cijfer, gewicht in zip(cijfers, gewichten, strict=True):
        som += cijfer * gewicht
    klopt: NDArray[np.bool_] = som % 11 == 0
    return klopt


def _komt_voor(getallen: Getallen, gesorteerd: Getallen) -> NDArray[np.bool_]:
    """Tell which numbers are among sorted ones; those of a levering stand together, so looking them up is quick."""
    if not len(gesorteerd):
        return np.zeros(len(getallen), dtype=bool)
    plek = np.searchsorted(gesorteerd, getallen)
    gevonden: NDArray[np.bool_] = gesorteerd[np.minimum(plek, len(gesorteerd) - 1)] == getallen
    return gevonden
