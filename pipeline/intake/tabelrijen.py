"""Which rows of a table are data, and which are none: title, header, empty, total (SPEC 3).

Lives here: what a row is by its cells, the same for every kind of file. Keep out: how a file is split into cells
(csv_lezer.py, excel_lezer.py, parquet_lezer.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

import polars as pl

from pipeline.intake.lezing import Grenzen, Kopscore, Onleesbaar, Tabel

ZOEK_KOP_TOT = 60
"""A header row is looked for in this many first rows."""
KOP_MINIMUM = 3
"""A row that names fewer known columns is no header row."""
KOP_ZEKER = 7
"""A row that names this many is the header row: no title or row of data does."""
WIT = " \t\r\n\xa0"
RIJ = "rij"
BEVAT_TOTAALWOORD = re.compile(r"tota|\bsom\b|aantal", re.I)
_TOTAALWOORD = re.compile(r"^[^\w]*(?:sub|eind|generaal|algemeen)?[\s-]*(?:totaal|totalen|total|som|aantal)\b", re.I)
_GETAL = re.compile(r"^[-+€\s\d.,']*\d[-+€\s\d.,']*$")


def is_totaal(cellen: Sequence[str], breedte: int) -> bool:
    """Tell whether a row holds a total: a cell says so and little else is filled."""
    gevuld = [c.strip(' "') for c in cellen if c.strip(' "')]
    return any(_TOTAALWOORD.match(c) for c in gevuld) and len(gevuld) <= max(2, breedte // 3)


def lijkt_som(cellen: Sequence[str], breedte: int) -> bool:
    """Tell whether a row without a label could be a total: a few numbers and nothing else."""
    gevuld = [c.strip() for c in cellen if c.strip()]
    return len(cellen) == breedte >= 5 and 0 < len(gevuld) <= breedte // 5 and all(_GETAL.match(c) for c in gevuld)


def is_som(rijen: Sequence[Sequence[str]], cellen: Sequence[str]) -> bool:
    """Tell whether one of the numbers is the sum of what stands above it: proof that the row is a total."""
    return any(
        _waarde(c, duizend) == sum(_waarde(r[j], duizend) for r in rijen if len(r) == len(cellen)) != 0
        for j, c in enumerate(cellen)
        if c.strip()
        for duizend in ".,"
    )


def _waarde(tekst: str, duizend: str) -> Fraction:
    """Read a number with `duizend` between thousands and the other sign before decimals; 0 when it is none."""
    kaal = tekst.replace("€", "").replace(" ", "").replace("\xa0", "").replace(duizend, "").replace(",", ".")
    try:
        return Fraction(kaal) if kaal else Fraction(0)
    except (ValueError, ZeroDivisionError):
        return Fraction(0)


def zoek_kop(rijen: Iterable[Sequence[str]], kopscore: Kopscore) -> int:
    """Return which of the first rows names most known columns; -1 when none names enough."""
    beste, plaats = KOP_MINIMUM - 1, -1
    for i, cellen in enumerate(rijen):
        score = kopscore(cellen)
        if score > beste:
            beste, plaats = score, i
        if beste >= KOP_ZEKER:
            break
    return plaats


def zonder_kop(cellen: pl.DataFrame) -> Tabel:
    """Table of a file without a recognisable header row: all its rows are counted, none is read."""
    leeg = cellen.select(_is_leeg(cellen.columns)).to_series()
    scheef = tuple(i + 1 for i in (~leeg).arg_true().to_list())
    return Tabel((), pl.DataFrame(schema={RIJ: pl.UInt32}), scheef=scheef, leeg=int(leeg.sum()), records=cellen.height)


def met_kop(cellen: pl.DataFrame, plaats: int) -> Tabel:
    """Sort out the rows of a table of text (`k0`, `k1`, ...) whose header is row `plaats` (from 0)."""
    kop = tuple((c or "").strip() for c in cellen.row(plaats))
    voor = cellen.head(plaats)
    leeg_voor = int(voor.select(_is_leeg(cellen.columns)).to_series().sum())
    return lichaam(cellen.slice(plaats + 1), kop, plaats + 2, titel=plaats - leeg_voor, leeg=leeg_voor)


def lichaam(cellen: pl.DataFrame, kop: tuple[str, ...], eerste_rij: int, *, titel: int = 0, leeg: int = 0) -> Tabel:
    """Table of the rows below a header; `eerste_rij` is the number of the first of them as the sender sees it."""
    cellen = cellen.with_columns(pl.int_range(eerste_rij, eerste_rij + cellen.height, dtype=pl.UInt32).alias(RIJ))
    namen = cellen.columns[:-1]
    is_leeg = cellen.select(_is_leeg(namen)).to_series()
    herhaald = cellen.select(_is_kop(namen, kop)).to_series() & ~is_leeg
    rijen = cellen.filter(~(is_leeg | herhaald))
    data = rijen.filter(~_totalen(rijen.select(namen)))
    return Tabel(
        kop=kop,
        cellen=data,
        titel=titel + int(herhaald.sum()),
        leeg=leeg + int(is_leeg.sum()),
        totaal=rijen.height - data.height,
        records=eerste_rij - 1 + cellen.height,
    )


def keur_maten(cellen: pl.DataFrame, kolommen: int, grenzen: Grenzen) -> None:
    """Refuse more columns, or longer rows, than the settings allow."""
    if kolommen > grenzen.kolommen_max:
        raise Onleesbaar(f"Het bestand heeft meer dan {grenzen.kolommen_max} kolommen.")
    if not cellen.height or not cellen.width:
        return
    lengte = pl.sum_horizontal(pl.col(n).str.len_bytes().fill_null(0).cast(pl.Int64) for n in cellen.columns)
    if cellen.select(lengte.max()).item() > grenzen.rij_max_tekens:
        raise Onleesbaar(f"Een rij in het bestand is langer dan {grenzen.rij_max_tekens} tekens.")


def _is_leeg(namen: Sequence[str]) -> pl.Expr:
    return pl.all_horizontal(pl.col(n).is_null() | (pl.col(n).str.strip_chars(WIT) == "") for n in namen)


def _is_kop(namen: Sequence[str], kop: Sequence[str]) -> pl.Expr:
    gelijk = [pl.col(n).fill_null("").str.strip_chars(WIT) == k for n, k in zip(namen, kop, strict=True) if k]
    return pl.all_horizontal(gelijk)


def _totalen(rijen: pl.DataFrame) -> pl.Series:
    """Mask of rows that are a total: by their label, or (the last row) by being the sum of what stands above."""
    uit = pl.Series("t", [False] * rijen.height, dtype=pl.Boolean)
    if not rijen.height:
        return uit
    gevuld = pl.sum_horizontal(pl.col(n).is_not_null() & (pl.col(n) != "") for n in rijen.columns)
    weinig = rijen.select(gevuld <= max(2, rijen.width // 3)).to_series().arg_true().to_list()
    gevonden = [i for i in weinig if is_totaal(_cellen(rijen, i), rijen.width)]
    laatste = next((i for i in range(rijen.height - 1, -1, -1) if i not in set(gevonden)), None)
    if laatste is not None:
        cellen = _cellen(rijen, laatste)
        if lijkt_som(cellen, rijen.width) and is_som(_rijen(rijen.head(laatste), cellen), cellen):
            gevonden.append(laatste)
    return uit.scatter(gevonden, values=True) if gevonden else uit


def _cellen(rijen: pl.DataFrame, i: int) -> list[str]:
    return [c or "" for c in rijen.row(i)]


def _rijen(rijen: pl.DataFrame, cellen: Sequence[str]) -> list[list[str]]:
    """Rows with text only in the columns that count for a sum."""
    telt = [bool(c.strip()) for c in cellen]
    leeg = [""] * rijen.height
    kolommen = [rijen.to_series(j).fill_null("").to_list() if telt[j] else leeg for j in range(rijen.width)]
    return [list(r) for r in zip(*kolommen, strict=True)]
