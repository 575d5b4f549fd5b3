"""The public marts: the same tables with every figure on a few youths hidden.

And with as many others hidden as it takes, or they could be computed. Lives here: the whole from tables in to protected
tables out, and how much was lost. Pure: no files, no database. Keep out: the declarations (bescherming_tabellen.py),
the sums (bescherming_reeksen.py), what follows in one period (bescherming_grenzen.py), the method
(bescherming_kern.py), reading and writing (openbaar.py). How it works and what it protects against:
docs/bescherming.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.publish.bescherming_grenzen import verberg_tot_niets_volgt
from pipeline.publish.bescherming_kern import Vlaggen
from pipeline.publish.bescherming_reeksen import LID, REDENEN, REGIO, SLEUTEL
from pipeline.publish.bescherming_tabellen import (
    HULP,
    LEDEN,
    NAIJLING,
    REGELS,
    TABELLEN,
    VLAG,
    ZORGMAAND,
    Bladen,
    Masker,
    Periode,
    Stand,
    Tabel,
    verberg_bladen,
)

ONBEKEND = "overig"
"""Block of the numbers that nobody declared: hidden."""


@dataclass(frozen=True)
class Verlies:
    """What a table lost: its figures, those on too few youths, and those that are hidden; and the same of the regio."""

    tabel: str
    cijfers: int
    klein: int
    onderdrukt: int
    regio_cijfers: int
    regio_klein: int
    regio_onderdrukt: int
    regio_redenen: Mapping[str, int]
    """Why they are hidden: too few youths (`klein`), in another period (`reeks_klein`), the other `REDENEN` of reeksen,
    or in this table: a sum in it, or another table that shows it (`elders`)."""

    def als_dict(self) -> dict[str, object]:
        """Plain form, ready for JSON."""
        return dict(vars(self))


@dataclass(frozen=True)
class Bescherming:
    """The protected tables, what it cost, and which reeksen are hidden (`SLEUTEL`, `klein`, `dicht`)."""

    tabellen: Mapping[str, pl.DataFrame]
    verlies: tuple[Verlies, ...]
    reeksen: pl.DataFrame


@dataclass(frozen=True)
class Eerder:
    """The publication before: its protected tables, and its reeksen."""

    bladen: Bladen
    reeksen: pl.DataFrame


def bescherm(bladen: Bladen, *, drempel: float, periode: Periode, eerder: Eerder | None = None) -> Bescherming:
    """Hide what must be hidden in `bladen` (by `<schema>.<table>`).

    `drempel`: from so many youths on a figure is shown. `periode`: the months published. `eerder`: the publication
    before: what it hid stays hidden, or the difference would tell what it was. Every table with figures gets
    `is_onderdrukt`.
    """
    heel = {t: df for t, df in bladen.items() if t in TABELLEN and _is_als_verklaard(t, df)}
    leden = pl.concat(
        [
            pl.DataFrame(schema={**LID, "tabel": pl.String}),
            *(
                lid.select(*LID, pl.lit(t).alias("tabel"))
                for t in sorted(t for t in heel.keys() & LEDEN.keys() if heel[t].height)
                for lid in LEDEN[t](heel[t].with_row_index("rij"), periode)
            ),
        ]
    )
    reeksen = verberg_tot_niets_volgt(
        leden, drempel, periode, eerder.reeksen if eerder else None, bladen.get("kwaliteit.leveringsstatus")
    )
    stand = Stand(heel, periode, drempel, reeksen, {}, eerder.bladen if eerder else {})
    bladen_dicht: list[Masker] = []
    if ZORGMAAND in heel and heel[ZORGMAAND].height:
        heel[ZORGMAAND], bladen_dicht = verberg_bladen(stand)
    redenen = _redenen(heel, leden, reeksen)
    for m in [*_van_eerder(stand), *_uit_reeksen(heel, leden, reeksen, drempel), *bladen_dicht]:
        _tel_bij(stand, m)
    vol = {t for t, df in heel.items() if df.height}
    for tabel, regels in REGELS.items():
        for nodig, regel in regels if tabel in vol else ():
            for m in regel(stand, tabel) if vol.issuperset(nodig) else _alles(stand, tabel):
                _tel_bij(stand, m)
    uit, verlies = {}, []
    for t, df in sorted({**bladen, **heel}.items()):
        maskers = [m for m in stand.maskers.values() if m.tabel == t]
        verklaard = TABELLEN.get(t, Tabel())
        weg = [(m, _kolommen(verklaard, m.blok, df)) for m in maskers] + list(_onverklaard(t, df, heel=t in heel))
        uit[t] = _zonder(df, weg)
        if weg:
            verlies.append(_verlies(t, df, weg, redenen))
    return Bescherming(uit, tuple(verlies), reeksen)


def _is_als_verklaard(naam: str, df: pl.DataFrame) -> bool:
    """Tell whether a table has the columns that its rules look at."""
    tabel = TABELLEN[naam]
    breed = naam == "sturing.indicatoren_breed"
    kolommen = {*tabel.sleutel, *(k for b in tabel.blokken.values() for k in b if not breed)}
    if naam == "kosten.naijling":
        kolommen.add(HULP)
    return kolommen - {"meetbaar_aandeel"} <= set(df.columns)


def _kolommen(tabel: Tabel, blok: str, df: pl.DataFrame) -> tuple[str, ...]:
    return tuple(k for k in tabel.blokken.get(blok, ()) if k in df.columns)


def _van_eerder(stand: Stand) -> Iterator[Masker]:
    for t, df in stand.bladen.items():
        for blok in TABELLEN[t].blokken:
            if _kolommen(TABELLEN[t], blok, df):
                yield Masker(t, blok, stand.was_dicht(t, blok), np.zeros(df.height, bool))


def _alles(stand: Stand, tabel: str) -> Iterator[Masker]:
    """Hide all of a table whose rule cannot be applied."""
    n = stand.bladen[tabel].height
    for blok in (b for b in TABELLEN[tabel].blokken if _kolommen(TABELLEN[tabel], b, stand.bladen[tabel])):
        yield Masker(tabel, blok, np.ones(n, bool), np.zeros(n, bool))


def _uit_reeksen(heel: Bladen, leden: pl.DataFrame, reeksen: pl.DataFrame, drempel: float) -> Iterator[Masker]:
    met = leden.drop_nulls("rij").join(reeksen.select(*SLEUTEL, "dicht"), on=list(SLEUTEL), how="left")
    per = met.group_by("tabel", "blok", "rij").agg(
        pl.col("dicht").fill_null(value=True).any(),
        klein=((pl.col("n") > 0) & (pl.col("n") < drempel)).any(),
    )
    for (t, blok), rijen in per.partition_by("tabel", "blok", as_dict=True).items():
        vlaggen = []
        for kolom in ("dicht", "klein"):
            vlag = np.zeros(heel[str(t)].height, bool)
            vlag[rijen.filter(pl.col(kolom).fill_null(value=False))["rij"].to_numpy()] = True
            vlaggen.append(vlag)
        yield Masker(str(t), str(blok), *vlaggen)


def _redenen(heel: Bladen, leden: pl.DataFrame, reeksen: pl.DataFrame) -> dict[tuple[str, str], np.ndarray]:
    """Give per block, for the rows of the regio, why the reeksen that it shows are hidden: the weightiest reason."""
    rang = {reden: i for i, reden in enumerate(REDENEN)}
    waarom = reeksen.filter(pl.col("dicht"), gebied=REGIO).with_columns(pl.col("reden").replace_strict(rang))
    per = (
        leden.drop_nulls("rij")
        .join(waarom, on=list(SLEUTEL))
        .group_by("tabel", "blok", "rij")
        .agg(pl.col("reden").min())
    )
    uit = {}
    for (t, blok), rijen in per.partition_by("tabel", "blok", as_dict=True).items():
        uit[str(t), str(blok)] = np.full(heel[str(t)].height, len(REDENEN))
        uit[str(t), str(blok)][rijen["rij"].to_numpy()] = rijen["reden"].to_numpy()
    return uit


def _tel_bij(stand: Stand, m: Masker) -> None:
    was = stand.maskers.get((m.tabel, m.blok))
    stand.maskers[m.tabel, m.blok] = (
        m if was is None else Masker(m.tabel, m.blok, was.dicht | m.dicht | m.klein, was.klein | m.klein)
    )


def _onverklaard(naam: str, df: pl.DataFrame, *, heel: bool) -> Iterator[tuple[Masker, tuple[str, ...]]]:
    """Give the numbers that nobody declared: nothing of them is shown."""
    tabel = TABELLEN.get(naam, Tabel())
    if tabel.alles_vrij:
        return
    bekend = {*tabel.sleutel, *tabel.vrij, HULP, *(k for b in tabel.blokken.values() for k in b if heel)}
    over = tuple(k for k, s in df.schema.items() if s.is_numeric() and k not in bekend)
    if over:
        yield Masker(naam, ONBEKEND, np.ones(df.height, bool), np.zeros(df.height, bool)), over


def _zonder(df: pl.DataFrame, weg: list[tuple[Masker, tuple[str, ...]]]) -> pl.DataFrame:
    if not weg:
        return df.drop(HULP, strict=False)
    dicht: dict[str, Vlaggen] = {}
    vlag = np.zeros(df.height, bool)
    for m, kolommen in weg:
        bestaat = _bestaat(df, kolommen)
        vlag |= m.dicht & bestaat
        for k in kolommen:
            dicht[k] = dicht.get(k, np.zeros(df.height, bool)) | m.dicht
    leeg = [pl.when(pl.Series(d)).then(None).otherwise(pl.col(k)).alias(k) for k, d in dicht.items()]
    return df.with_columns(*leeg, pl.Series(VLAG, vlag)).drop(HULP, strict=False)


def _bestaat(df: pl.DataFrame, kolommen: tuple[str, ...]) -> Vlaggen:
    return df.select(pl.any_horizontal(pl.col(k).is_not_null() for k in kolommen)).to_series().to_numpy()


_IN_DE_TABEL = (ZORGMAAND, NAIJLING, "kwaliteit.aansluiting", "kwaliteit.datakwaliteit")
"""Tables that have sums of their own; the others follow."""


def _verlies(
    tabel: str,
    df: pl.DataFrame,
    weg: list[tuple[Masker, tuple[str, ...]]],
    redenen: Mapping[tuple[str, str], np.ndarray],
) -> Verlies:
    regio = np.zeros(df.height, bool)
    if "gebied_code" in df.columns:
        regio = (df["gebied_code"] == REGIO).fill_null(value=False).to_numpy()
    som, waarom = np.zeros(6, np.int64), Counter[str]()
    namen = np.array(["reeks_klein", *REDENEN[1:], "som" if tabel in _IN_DE_TABEL else "elders"])
    for m, kolommen in weg:
        er = _bestaat(df, kolommen)
        for i, welke in enumerate((er, er & m.klein, er & m.dicht)):
            som[i] += int(welke.sum())
            som[i + 3] += int((welke & regio).sum())
        hier = er & m.dicht & regio
        waarom["klein"] += int((hier & m.klein).sum())
        rest = hier & ~m.klein
        waarom.update(namen[redenen.get((tabel, m.blok), np.full(df.height, len(REDENEN)))[rest]].tolist())
    a, b, c, d, e, f = som.tolist()
    return Verlies(tabel, a, b, c, d, e, f, {k: n for k, n in sorted(waarom.items()) if n})
