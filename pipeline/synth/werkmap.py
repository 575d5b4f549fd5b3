"""The same rows as a workbook or as Parquet: days as days, numbers as numbers, codes as text (SPEC 3).

Lives here: from typed rows to the bytes of a file that is no CSV, the same bytes for the same rows (no clock in them).
Add here: another kind of file. Keep out: which gemeente delivers it (parameters.py), text dresses (dracht.py).
"""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

import polars as pl

from pipeline.domain.leveringen import Bericht
from pipeline.synth.dracht import GELD, SCHEMAS, kop_van

BLAD = "Levering"
TITEL = 2
"""Rows above the header of a workbook: a title and an empty one."""
_NULDAG = 25569
"""Day 0 of a spreadsheet lies this many days before the epoch."""
_GETAL = ("bsn",)
"""Text columns that a spreadsheet holds as numbers: no zero stands in front of them here."""
_HOOFD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RUIMTE = "http://schemas.openxmlformats.org"
_TYPEN = f"""<Types xmlns="{_RUIMTE}/package/2006/content-types">\
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Default Extension="xml" ContentType="application/xml"/>\
<Override PartName="/xl/workbook.xml" \
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>\
<Override PartName="/xl/worksheets/sheet1.xml" \
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>\
<Override PartName="/xl/worksheets/sheet2.xml" \
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>\
<Override PartName="/xl/styles.xml" \
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>"""
_RELATIE = f"{_RUIMTE}/officeDocument/2006/relationships"


def _relaties(*doelen: tuple[str, str]) -> str:
    regels = "".join(
        f'<Relationship Id="rId{i}" Type="{_RELATIE}/{soort}" Target="{doel}"/>'
        for i, (soort, doel) in enumerate(doelen, start=1)
    )
    return f'<Relationships xmlns="{_RUIMTE}/package/2006/relationships">{regels}</Relationships>'


_BLADNS = f'xmlns="{_RUIMTE}/spreadsheetml/2006/main"'
_VAST = {
    "[Content_Types].xml": _TYPEN,
    "_rels/.rels": _relaties(("officeDocument", "xl/workbook.xml")),
    "xl/workbook.xml": f'<workbook {_BLADNS} xmlns:r="{_RELATIE}"><sheets>'
    f'<sheet name="Toelichting" sheetId="1" r:id="rId1"/><sheet name="{BLAD}" sheetId="2" r:id="rId2"/>'
    "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": _relaties(
        ("worksheet", "worksheets/sheet1.xml"), ("worksheet", "worksheets/sheet2.xml"), ("styles", "styles.xml")
    ),
    "xl/styles.xml": f'<styleSheet {_BLADNS}><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf xfId="0"/><xf numFmtId="14" applyNumberFormat="1" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
    "xl/worksheets/sheet1.xml": f'<worksheet {_BLADNS}><sheetData><row r="1"><c r="A1" t="inlineStr"><is>'
    "<t>Uitvoer uit de backoffice; de rijen staan op het volgende werkblad.</t></is></c></row></sheetData></worksheet>",
}  # fmt: skip


def als_xlsx(getypt: pl.DataFrame, bericht: Bericht, gemeente: str, *, euro: bool) -> bytes:
    """Typed rows as a workbook with a sheet of explanation in front, a title row, and header names with spaces."""
    kolommen = list(SCHEMAS[bericht])
    kop = "".join(_tekstcel(i, TITEL + 1, kop_van(bericht, k, "spatie")) for i, k in enumerate(kolommen))
    boven = f'<row r="1">{_tekstcel(0, 1, f"Jeugdhulp {gemeente}: {bericht.value}")}</row>'
    boven += f'<row r="{TITEL + 1}">{kop}</row>'
    nummer = pl.int_range(TITEL + 2, TITEL + 2 + pl.len()).cast(pl.String)
    cellen = [_cel(i, k, SCHEMAS[bericht][k], nummer, euro=euro) for i, k in enumerate(kolommen)]
    rijen = getypt.select(pl.concat_str(pl.lit('<row r="'), nummer, pl.lit('">'), *cellen, pl.lit("</row>")))
    blad = f"<worksheet {_BLADNS}><sheetData>{boven}{''.join(rijen.to_series())}</sheetData></worksheet>"
    uit = io.BytesIO()
    with zipfile.ZipFile(uit, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zip_:
        for naam, inhoud in {**_VAST, "xl/worksheets/sheet2.xml": blad}.items():
            zip_.writestr(zipfile.ZipInfo(naam), _HOOFD + inhoud, zipfile.ZIP_DEFLATED)
    return uit.getvalue()


def als_parquet(getypt: pl.DataFrame, bericht: Bericht, *, euro: bool) -> bytes:
    """Typed rows as Parquet: days as days, short lists of codes as categories, euros as decimals, cents as numbers."""
    kolommen = []
    for naam in SCHEMAS[bericht]:
        kolom = pl.col(naam)
        if naam in GELD and euro:
            kolom = (kolom.cast(pl.Decimal(18, 2)) / 100).cast(pl.Decimal(18, 2))
        if naam in {"geslacht", "eenheid", "productcategorie", "debet_credit", "status"}:
            kolom = kolom.cast(pl.Categorical)
        kolommen.append(kolom)
    uit = io.BytesIO()
    getypt.select(kolommen).write_parquet(uit, compression="zstd", compression_level=1)
    return uit.getvalue()


def _cel(plaats: int, naam: str, soort: type[pl.DataType], rij: pl.Expr, *, euro: bool) -> pl.Expr:
    """XML of one column of cells; nothing where there is no value."""
    kolom, letter = pl.col(naam), _letter(plaats)
    if soort == pl.String and naam not in _GETAL:
        tekst = kolom.str.replace_all("&", "&amp;", literal=True).str.replace_all("<", "&lt;", literal=True)
        begin, eind = '" t="inlineStr"><is><t>', "</t></is></c>"
        waarde = tekst
    elif soort == pl.Date:
        begin, eind = '" s="1"><v>', "</v></c>"
        waarde = (kolom.cast(pl.Int32) + _NULDAG).cast(pl.String)
    else:
        begin, eind = '"><v>', "</v></c>"
        waarde = _getal(kolom, soort, geld=naam in GELD and euro)
    cel = pl.concat_str(pl.lit(f'<c r="{letter}'), rij, pl.lit(begin), waarde, pl.lit(eind))
    return pl.when(kolom.is_null()).then(pl.lit("")).otherwise(cel)


def _getal(kolom: pl.Expr, soort: type[pl.DataType], *, geld: bool) -> pl.Expr:
    if geld:
        return (kolom / 100).cast(pl.String)
    return (kolom.round(1) if soort == pl.Float64 else kolom).cast(pl.String)


def _tekstcel(plaats: int, rij: int, tekst: str) -> str:
    return f'<c r="{_letter(plaats)}{rij}" t="inlineStr"><is><t>{escape(tekst)}</t></is></c>'


def _letter(plaats: int) -> str:
    return chr(65 + plaats) if plaats < 26 else chr(64 + plaats // 26) + chr(65 + plaats % 26)
