"""Workbooks for senders: sheets of text that no spreadsheet program runs, the same bytes for the same content.

Lives here: how a sheet looks and how cells are written. Add here: a kind of cell. Keep out: what is said
(terugmelding.py, signaallijst.py).
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Cel = str | int | float | dt.datetime | dt.date | None

GEMAAKT_OP = dt.datetime(2000, 1, 1)  # noqa: DTZ001  a constant: the same content is the same bytes
MAX_TEKENS = 2000
FORMULETEKENS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""A text that begins so is a formula to a program that reads it from another file; it gets the mark that says text."""

# Excel shows these in the language of the reader; 413 is Dutch
_DATUM, _MOMENT = "[$-413]dd-mm-yyyy", "[$-413]dd-mm-yyyy hh:mm"
_GETAL, _EURO = "#,##0", "[$€-413] #,##0.00"


@dataclass(frozen=True)
class Euro:
    """An amount in cents, shown in euros."""

    cent: int


@dataclass(frozen=True)
class Blad:
    """A sheet with one table: header, rows, widths in characters; `naschrift` stands below the rows."""

    naam: str
    kop: tuple[str, ...]
    breedtes: tuple[int, ...]
    rijen: Sequence[Sequence[Cel | Euro]]
    naschrift: str = ""


@dataclass(frozen=True)
class Tekstblad:
    """A sheet of label and value; a row without value is a heading, one without label goes on with the one above."""

    naam: str
    titel: str
    regels: Sequence[tuple[str, Cel | Euro]]
    is_goed: bool | None = None


def maak_werkboek(bladen: Sequence[Blad | Tekstblad]) -> bytes:
    """Return a workbook with these sheets as xlsx."""
    import xlsxwriter

    uit = io.BytesIO()
    opties = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    boek = xlsxwriter.Workbook(uit, opties)
    boek.set_properties({"author": "Regiomonitor", "created": GEMAAKT_OP})
    vormen = _Vormen(boek)
    for blad in bladen:
        ws = boek.add_worksheet(blad.naam)
        ws.set_landscape()
        ws.set_paper(9)
        ws.fit_to_pages(1, 0)
        if isinstance(blad, Blad):
            _vul_tabel(ws, blad, vormen)
        else:
            _vul_tekst(ws, blad, vormen)
    boek.close()
    return uit.getvalue()


class _Vormen:
    """The cell formats of one workbook."""

    def __init__(self, boek: Workbook) -> None:
        boven = {"valign": "top", "text_wrap": True}
        self.titel = boek.add_format({"bold": True, "font_size": 14})
        self.kop = boek.add_format({"bold": True, "bg_color": "#1F3864", "font_color": "#FFFFFF", **boven})
        self.tussen = boek.add_format({"bold": True, "bg_color": "#D9E2F3"})
        self.vet = boek.add_format({"bold": True, **boven})
        self.goed = boek.add_format({"bold": True, "font_color": "#1E7B34", **boven})
        self.fout = boek.add_format({"bold": True, "font_color": "#B00020", **boven})
        self.tekst = boek.add_format(boven)
        self.als_tekst = boek.add_format({**boven, "quote_prefix": True})
        links = {"valign": "top", "align": "left"}
        self.datum = boek.add_format({"num_format": _DATUM, **links})
        self.moment = boek.add_format({"num_format": _MOMENT, **links})
        self.getal = boek.add_format({"num_format": _GETAL, **links})
        self.euro = boek.add_format({"num_format": _EURO, **links})


def schone_tekst(tekst: str) -> str:
    """Return a text that fits in a cell and in any encoding: lone surrogates and control characters shown as `?`."""
    heel = tekst.encode("utf-8", "replace").decode("utf-8")
    zichtbaar = "".join(t if t.isprintable() or t in "\t\r\n" else "?" for t in heel)
    return zichtbaar if len(zichtbaar) <= MAX_TEKENS else zichtbaar[: MAX_TEKENS - 1] + "…"


def _schrijf(ws: Worksheet, rij: int, kolom: int, cel: Cel | Euro, vormen: _Vormen, vorm: Format | None = None) -> None:
    """Write one cell by its type; a text is always written as text."""
    if cel is None:
        return
    if isinstance(cel, str):
        tekst = schone_tekst(cel)
        ws.write_string(
            rij, kolom, tekst, vormen.als_tekst if tekst.startswith(FORMULETEKENS) else vorm or vormen.tekst
        )
    elif isinstance(cel, Euro):
        ws.write_number(rij, kolom, cel.cent / 100, vormen.euro)
    elif isinstance(cel, dt.datetime):
        ws.write_datetime(rij, kolom, cel.replace(tzinfo=None), vormen.moment)
    elif isinstance(cel, dt.date):
        ws.write_datetime(rij, kolom, dt.datetime.combine(cel, dt.time()), vormen.datum)
    else:
        ws.write_number(rij, kolom, cel, vormen.getal)


def _vul_tabel(ws: Worksheet, blad: Blad, vormen: _Vormen) -> None:
    for kolom, (naam, breedte) in enumerate(zip(blad.kop, blad.breedtes, strict=True)):
        ws.set_column(kolom, kolom, breedte)
        ws.write_string(0, kolom, naam, vormen.kop)
    for nummer, rij in enumerate(blad.rijen, start=1):
        for kolom, cel in enumerate(rij):
            _schrijf(ws, nummer, kolom, cel, vormen)
    ws.freeze_panes(1, 0)
    ws.repeat_rows(0)
    ws.autofilter(0, 0, max(1, len(blad.rijen)), len(blad.kop) - 1)
    if blad.naschrift:
        ws.write_string(len(blad.rijen) + 2, 0, schone_tekst(blad.naschrift))


def _vul_tekst(ws: Worksheet, blad: Tekstblad, vormen: _Vormen) -> None:
    ws.set_column(0, 0, 34)
    ws.set_column(1, 1, 110)
    ws.write_string(0, 0, blad.titel, vormen.titel)
    for nummer, (label, waarde) in enumerate(blad.regels, start=2):
        if label and waarde is None:
            ws.write_string(nummer, 0, schone_tekst(label), vormen.tussen)
            ws.write_blank(nummer, 1, None, vormen.tussen)
            continue
        _schrijf(ws, nummer, 0, label or None, vormen, vormen.vet)
        nadruk = None if blad.is_goed is None or label != "Oordeel" else vormen.goed if blad.is_goed else vormen.fout
        _schrijf(ws, nummer, 1, waarde, vormen, nadruk)
    ws.freeze_panes(2, 0)
