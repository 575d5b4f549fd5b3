"""Workbooks, Parquet and zips built in code, by other libraries than the ones that read them."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import openpyxl
import polars as pl
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.berichten import CONTRACTEN
from pipeline.berichten.kolom import GETALVORMEN, Vorm
from pipeline.domain.leveringen import Bericht
from pipeline.intake.bestandsdeur import _kopkennis
from pipeline.intake.lezing import Grenzen, Tabel
from pipeline.intake.readers import lees
from tests.intake.hulp import kolommen

GRENZEN = Grenzen(max_bytes=2**22, rij_max_tekens=5000, kolommen_max=60)
Bewerking = Callable[[openpyxl.Workbook, Worksheet], None]


def getypt(bericht: Bericht, naam: str, tekst: str) -> Any:
    """The value of a cell as a spreadsheet holds it: days as days, numbers as numbers, codes as text."""
    kolom = CONTRACTEN[bericht].per_naam.get(naam)
    if not tekst or kolom is None:
        return tekst or None
    if kolom.vorm is Vorm.DATUM:
        return dt.date.fromisoformat(tekst)
    if kolom.vorm is Vorm.TIJD:
        return dt.time.fromisoformat(tekst)
    if kolom.vorm in GETALVORMEN or kolom.vorm is Vorm.NUMMER:
        return float(tekst)
    return tekst


def als_xlsx(
    bericht: Bericht,
    rijen: Sequence[Mapping[str, Any]],
    *,
    titels: int = 0,
    als_tekst: bool = False,
    bewerk: Bewerking | None = None,
) -> bytes:
    """Write rows to a workbook; values that are no text go in as they are. `bewerk` changes it before it is saved."""
    werkmap = openpyxl.Workbook()
    blad = werkmap.active
    assert isinstance(blad, Worksheet)
    for i in range(titels):
        blad.cell(i + 1, 1, f"Titel {i}")
    for j, naam in enumerate(kolommen(bericht)):
        blad.cell(titels + 1, j + 1, naam)
        for i, rij in enumerate(rijen):
            waarde = rij.get(naam)
            if isinstance(waarde, str) and not als_tekst:
                waarde = getypt(bericht, naam, waarde)
            if waarde not in (None, ""):
                blad.cell(titels + 2 + i, j + 1, waarde)
    if bewerk is not None:
        bewerk(werkmap, blad)
    return bewaard(werkmap)


def met_gedeelde_teksten(bericht: Bericht, rijen: Sequence[Mapping[str, str]]) -> bytes:
    """Write rows as Excel does, with every text once in a part of its own; all cells hold text."""
    uit = io.BytesIO()
    werkmap = xlsxwriter.Workbook(uit)
    blad = werkmap.add_worksheet()
    blad.write_row(0, 0, kolommen(bericht))
    for i, rij in enumerate(rijen):
        for j, naam in enumerate(kolommen(bericht)):
            if rij.get(naam):
                blad.write_string(i + 1, j, rij[naam])
    werkmap.close()
    return uit.getvalue()


def bewaard(werkmap: openpyxl.Workbook) -> bytes:
    uit = io.BytesIO()
    werkmap.save(uit)
    return uit.getvalue()


def als_parquet(bericht: Bericht, rijen: Sequence[Mapping[str, str]], *, typen: bool = True, **opties: Any) -> bytes:
    """Write rows as Parquet, all text or with types."""
    frame = pl.DataFrame(
        {n: [r.get(n) or None for r in rijen] for n in kolommen(bericht)},
        schema=dict.fromkeys(kolommen(bericht), pl.String),
    )
    if typen:
        frame = frame.select(_kolom(bericht, n) for n in kolommen(bericht))
    uit = io.BytesIO()
    frame.write_parquet(uit, **opties)
    return uit.getvalue()


def _kolom(bericht: Bericht, naam: str) -> pl.Expr:
    vorm = CONTRACTEN[bericht].per_naam[naam].vorm
    kolom = pl.col(naam)
    if vorm is Vorm.DATUM:
        return kolom.str.to_date("%Y-%m-%d")
    if vorm is Vorm.TIJD:
        return kolom.str.to_time("%H:%M:%S")
    if vorm is Vorm.GETAL:
        return kolom.cast(pl.Float64)
    if vorm is Vorm.TARIEF:
        return kolom.cast(pl.Decimal(14, 4))
    if vorm in {Vorm.GELD, Vorm.NUMMER}:
        return kolom.cast(pl.Int64)
    return kolom.cast(pl.Categorical) if vorm is Vorm.CODE else kolom


def ingepakt(*leden: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    """Pack members, in the order given."""
    uit = io.BytesIO()
    with zipfile.ZipFile(uit, "w", zipfile.ZIP_DEFLATED) as zip_:
        for naam, data in leden:
            zip_.writestr(naam, data)
    return uit.getvalue()


def vervang_deel(xlsx: bytes, naam: str, door: Callable[[bytes], bytes] | None, **nieuw: bytes) -> bytes:
    """Rewrite one part of a workbook; None leaves it out."""
    with zipfile.ZipFile(io.BytesIO(xlsx)) as zip_:
        delen = {n: zip_.read(n) for n in zip_.namelist()}
    inhoud = delen.pop(naam)
    if door is not None:
        delen[naam] = door(inhoud)
    return ingepakt(*delen.items(), *nieuw.items())


def lees_tabel(bericht: Bericht, data: bytes, soort: str, grenzen: Grenzen = GRENZEN) -> Tabel:
    """The one table in a file."""
    (tabel,) = lees(data, soort, _kopkennis(CONTRACTEN[bericht], list(CONTRACTEN.values())), grenzen)
    return tabel


def cellen(tabel: Tabel, naam: str) -> list[str | None]:
    """Texts of a column by its header."""
    return tabel.cellen[f"k{tabel.kop.index(naam)}"].to_list()
