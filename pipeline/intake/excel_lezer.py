"""Workbooks (.xlsx): the sheet whose header fits, cell by cell as text.

Lives here: the choice of a sheet, and cells as a CSV has them (merged cells, formulas, faults, day numbers). Values
come from fastexcel (calamine): measured four times as fast as openpyxl. It keeps no types, gives faults as empty, and
reserves the whole rectangle between its outermost cells; so the XML of a sheet is looked at beside it (excel_blad.py).
Keep out: what is refused before a cell is read (excel_pakket.py), what columns mean (bestandsdeur.py), which rows are
data (tabelrijen.py).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

import fastexcel
import polars as pl

from pipeline.intake.celtekst import CIJFERS, GEEN_WAARDE, VERLOREN, getal_als_tekst, zonder_middernacht, zonder_twijfel
from pipeline.intake.excel_blad import Feiten, bekijk, loop_langs
from pipeline.intake.excel_pakket import (
    BESCHADIGD,
    Blad,
    als_tekst,
    bladen_van,
    herpak,
    keur_teksten,
    op_vaste_plaatsen,
    pak_uit,
)
from pipeline.intake.lezing import Grenzen, Kopkennis, Kopscore, Onleesbaar, Tabel, kennis_van, keur_rijen
from pipeline.intake.tabelrijen import RIJ, ZOEK_KOP_TOT, keur_maten, met_kop, zoek_kop, zonder_kop

logging.getLogger("calamine").setLevel(logging.CRITICAL + 1)  # its warnings hold texts of the file

GEEN_CELLEN = Tabel((), pl.DataFrame(schema={RIJ: pl.UInt32}))
_NULDAG = {False: -25569, True: -25569 + 1462}
"""Days from the epoch to day 0, counting from 1900 or from 1904."""
_TWIJFELTEKST = r">\s*-?[1-9][0-9]{0,2}\.[0-9]{3}\s*<"
_DUIZENDVORM = r"^-?[1-9][0-9]{0,2}\.[0-9]{3}$"
_TEKST_IN_BLAD = r"""t=["'](?:inlineStr|str)["']"""
_KLADCIJFERS = r"\.[0-9]{7,}$"
_NIET_CANONIEK = r"^(?:1899-12-3[01]|1904-01-01) | 00:00:00$|\.[0-9]{7,}$|^-?[1-9][0-9]{0,2}\.[0-9]{3}$"
_NUL_TIJD = r"^(?:1899-12-3[01]|1904-01-01) "
_LANG = r"^-?[0-9]{16}"
_LANG_GETAL = r"<(?:\w+:)?v>\s*-?(?:[0-9]{16,}|[0-9.]+[eE]\+?(?:1[5-9]|[2-9][0-9]))"
_DAGNUMMER = {
    False: r"^(?:[1-9][0-9]{4}|2958465|401768)(?:\.[0-9]+)?$",
    True: r"^(?:[1-9][0-9]{4}|2957003|400306)(?:\.[0-9]+)?$",
}
"""A day counted from 1900 or from 1904, with the two that mean `no end`."""
_DAGDEEL = r"^(?:[0-9]{1,5}\.[0-9]+|0)$"


def lees_excel(data: bytes, kopscore: Kopscore, grenzen: Grenzen) -> Tabel:
    """Read a workbook as a table of text: the one sheet whose header fits.

    Raises Onleesbaar when it is damaged, encrypted, over a limit, or when more than one sheet fits. When none fits, the
    sheet that names most known columns is returned, so that the doors can say what is missing.
    """
    kennis = kennis_van(kopscore)
    delen = op_vaste_plaatsen(pak_uit(data, grenzen))
    bladen = bladen_van(delen)
    teksten = next((x for n, x in delen.items() if n.lower() == "xl/sharedstrings.xml"), b"")
    if als_tekst(teksten):
        keur_teksten(teksten)
    lezer = fastexcel.read_excel(herpak(delen))
    del delen
    passend: list[Tabel] = []
    beste: tuple[int, Tabel] | None = None
    for blad in bladen:
        tabel = _lees_blad(lezer, blad, kennis, grenzen, teksten)
        score = (kennis(tabel.kop) if tabel.kop else 0) * 10**8 + tabel.records
        if tabel.kop and kennis.past(tabel.kop):
            passend.append(tabel)
        if beste is None or score > beste[0]:
            beste = score, tabel
    if len(passend) > 1:
        raise Onleesbaar(
            "Meer dan een werkblad heeft de kolommen van dit bericht; lever er een (let op verborgen bladen)."
        )
    if beste is None or not beste[1].records:
        raise Onleesbaar("Het Excelbestand is leeg: er staat ook geen kopregel in.")
    return passend[0] if passend else beste[1]


def _lees_blad(lezer: fastexcel.ExcelReader, blad: Blad, kennis: Kopkennis, grenzen: Grenzen, teksten: bytes) -> Tabel:
    feiten = bekijk(blad.xml, grenzen)
    if feiten is not None and feiten.laatste_rij < 0:
        return GEEN_CELLEN
    cellen = _cellen(lezer, blad.plaats)
    if not cellen.width:
        return GEEN_CELLEN
    keur_maten(cellen, cellen.width, grenzen)
    keur_rijen(cellen.height, cellen.width)
    if feiten is not None:
        links = feiten.eerste_kolom
        cellen = _zet(cellen, [(r, k - links) for r, k in feiten.zonder_uitkomst], GEEN_WAARDE)
    cellen = _als_canoniek(_zonder_verloren(cellen, blad.xml), blad.xml, teksten)
    plaats = zoek_kop(([c or "" for c in r] for r in cellen.head(ZOEK_KOP_TOT).iter_rows()), kennis)
    if plaats < 0:
        return zonder_kop(cellen)
    if feiten is not None:
        cellen = _vul_samengevoegd(cellen, feiten, plaats)
    kop = [(c or "").strip() for c in cellen.row(plaats)]
    cellen = _met_dagen(cellen, plaats, kennis.plaatsen(kop, "datum"), vanaf_1904=blad.vanaf_1904)
    return met_kop(_met_tijden(cellen, plaats, kennis.plaatsen(kop, "tijd")), plaats)


def _cellen(lezer: fastexcel.ExcelReader, plaats: int) -> pl.DataFrame:
    """All cells from row 1 on as text (`k0`, ...); the columns begin with the first that is filled."""
    try:
        blad = lezer.load_sheet(plaats, header_row=None, skip_rows=0, dtypes="string")
        partij, fouten = blad.to_arrow_with_errors()
    except fastexcel.FastExcelError:
        raise Onleesbaar(BESCHADIGD) from None
    gelezen = pl.from_arrow(partij)
    if not isinstance(gelezen, pl.DataFrame):
        raise Onleesbaar(BESCHADIGD)
    cellen = gelezen.rename(dict(zip(gelezen.columns, (f"k{i}" for i in range(gelezen.width)), strict=True)))
    return _zet(cellen, [f.position for f in fouten.errors] if fouten else [], GEEN_WAARDE)


def _zet(cellen: pl.DataFrame, plaatsen: Sequence[tuple[int, int]], waarde: str) -> pl.DataFrame:
    """Write a text in cells (row, column from 0); what lies outside the table is left."""
    per_kolom: dict[int, list[int]] = {}
    for rij, kolom in plaatsen:
        if 0 <= rij < cellen.height and 0 <= kolom < cellen.width:
            per_kolom.setdefault(kolom, []).append(rij)
    return cellen.with_columns(cellen.to_series(k).scatter(r, waarde) for k, r in per_kolom.items())


def _vul_samengevoegd(cellen: pl.DataFrame, feiten: Feiten, kop: int) -> pl.DataFrame:
    """Below the header, cells merged downwards hold the same in every row, as a reader sees it."""
    onder = cellen.height - 1
    per_kolom: dict[int, list[tuple[int, int]]] = {}
    ruimte = cellen.height * cellen.width
    for eerste, laatste, kolom in feiten.samengevoegd:
        plaats = kolom - feiten.eerste_kolom
        if kop < eerste <= onder and 0 <= plaats < cellen.width:
            per_kolom.setdefault(plaats, []).append((eerste, min(laatste, onder)))
            ruimte -= min(laatste, onder) - eerste
    if ruimte < 0:  # cells are merged once: more than there are is a workbook made to cost time
        raise Onleesbaar(BESCHADIGD)
    for plaats, gebieden in per_kolom.items():
        teksten = cellen.to_series(plaats).to_list()
        for eerste, laatste in gebieden:
            waarde = teksten[eerste]
            teksten[eerste + 1 : laatste + 1] = [waarde if t is None else t for t in teksten[eerste + 1 : laatste + 1]]
        cellen = cellen.with_columns(pl.Series(cellen.columns[plaats], teksten, dtype=pl.String))
    return cellen


def _als_canoniek(cellen: pl.DataFrame, xml: bytes, teksten: bytes) -> pl.DataFrame:
    """Texts as a CSV has them: days without a clock, clocks without a day, numbers without binary noise or doubt."""
    kolommen = cellen.get_columns()
    twijfel: list[int] = []
    for i, kolom in enumerate(kolommen):
        if not kolom.str.contains(_NIET_CANONIEK).any():
            continue
        tekst = zonder_middernacht(kolom.str.replace(_NUL_TIJD, ""))
        if tekst.str.contains(_KLADCIJFERS).any():
            tekst = _zonder_klad(tekst)
        kolommen[i] = tekst
        if tekst.str.contains(_DUIZENDVORM).any():
            twijfel.append(i)
    if not twijfel:
        return pl.DataFrame(kolommen)
    if _heeft_twijfeltekst(xml, teksten):
        return _getallen_zonder_twijfel(pl.DataFrame(kolommen), loop_langs(xml))
    return pl.DataFrame([zonder_twijfel(k) if i in twijfel else k for i, k in enumerate(kolommen)])


def _zonder_verloren(cellen: pl.DataFrame, xml: bytes) -> pl.DataFrame:
    """Mark cells that hold a number of more digits than a spreadsheet keeps: as a reference it would be another one."""
    lengtes = cellen.select(pl.all().str.len_bytes().max().fill_null(0)).row(0)
    lang = any(n > CIJFERS and k.str.contains(_LANG).any() for n, k in zip(lengtes, cellen.get_columns(), strict=True))
    if not lang or not pl.Series([als_tekst(xml)]).str.contains(_LANG_GETAL).item():
        return cellen
    feiten = loop_langs(xml)
    return _zet(cellen, [(r, k - feiten.eerste_kolom) for r, k in feiten.verloren], VERLOREN)


def _heeft_twijfeltekst(xml: bytes, teksten: bytes) -> bool:
    """Tell whether a text (not a number) in the workbook could be thousands, and so must stay as it is."""
    if pl.Series([als_tekst(teksten)]).str.contains(_TWIJFELTEKST).item():
        return True
    blad = pl.Series([als_tekst(xml)])
    return bool(blad.str.contains(_TEKST_IN_BLAD).item() and blad.str.contains(_TWIJFELTEKST).item())


def _getallen_zonder_twijfel(cellen: pl.DataFrame, feiten: Feiten) -> pl.DataFrame:
    """Take doubt away from the cells that hold a number, and from no others."""
    per_kolom: dict[int, list[int]] = {}
    for rij, kolom in feiten.getallen:
        per_kolom.setdefault(kolom - feiten.eerste_kolom, []).append(rij)
    return cellen.with_columns(
        cellen.to_series(k).scatter(rijen, zonder_twijfel(cellen.to_series(k)[rijen])) for k, rijen in per_kolom.items()
    )


def _zonder_klad(tekst: pl.Series) -> pl.Series:
    klad = tekst.str.contains(_KLADCIJFERS).fill_null(value=False)
    schoon = getal_als_tekst(tekst.filter(klad).cast(pl.Float64, strict=False))
    paren = zip(klad.arg_true().to_list(), schoon.to_list(), strict=True)
    goed = [(i, t) for i, t in paren if t is not None]
    return tekst.scatter([i for i, _ in goed], pl.Series([t for _, t in goed], dtype=pl.String)) if goed else tekst


def _met_dagen(cellen: pl.DataFrame, kop: int, plaatsen: frozenset[int], *, vanaf_1904: bool) -> pl.DataFrame:
    """In a column of days a bare number that can be one is a day number: a day whose cell lost its format."""
    dag = pl.duration(days=pl.col("*").str.extract(r"^([0-9]+)").cast(pl.Int64, strict=False) + _NULDAG[vanaf_1904])
    return _vervang(cellen, kop, plaatsen, _DAGNUMMER[vanaf_1904], (pl.date(1970, 1, 1) + dag).dt.to_string("%Y-%m-%d"))


def _met_tijden(cellen: pl.DataFrame, kop: int, plaatsen: frozenset[int]) -> pl.DataFrame:
    """In a column of times a fraction is a part of a day."""
    deel = pl.col("*").cast(pl.Float64, strict=False)
    seconden = ((deel - deel.floor()) * 86_400).round(0).cast(pl.Int64) % 86_400
    klok = (pl.datetime(1970, 1, 1) + pl.duration(seconds=seconden)).dt.to_string("%H:%M:%S")
    return _vervang(cellen, kop, plaatsen, _DAGDEEL, klok)


def _vervang(cellen: pl.DataFrame, kop: int, plaatsen: frozenset[int], vorm: str, door: pl.Expr) -> pl.DataFrame:
    """Below the header, put something else in the cells of a form."""
    for plaats in plaatsen:
        kolom = cellen.to_series(plaats)
        raak = kolom.str.contains(vorm).fill_null(value=False)
        if raak.any():
            raak = raak & (pl.int_range(cellen.height, eager=True) > kop)
            nieuw = kolom.to_frame().select(door.alias("n"))["n"]
            cellen = cellen.with_columns(nieuw.zip_with(raak, kolom).alias(kolom.name))
    return cellen
