"""The XML of one sheet, looked at beside the reader of its cells: how large it is, and what that reader does not tell.

Lives here: the size (always, vectorised), and a walk over the cells, only where a pattern says that there is something
to know. Add here: something to know of a cell that fastexcel does not keep. Keep out: values (excel_lezer.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

import numpy as np
import numpy.typing as npt
import polars as pl

from pipeline.intake.celtekst import HEEL_TOT
from pipeline.intake.excel_pakket import BESCHADIGD, als_tekst
from pipeline.intake.lezing import MAX_CELLEN, Grenzen, Onleesbaar

MAX_RIJ, MAX_KOLOM = 1_048_576, 16_384
"""The grid of a sheet in Excel."""
_BLOK = 2**23
_CELBEGIN = 18
"""Bytes of the beginning of a cell, up to and with the quote behind the longest name: <c r="XFD1048576"."""
_FORMULE_ZONDER_WAARDE = (
    r"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^<>]*/>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_TWIJFEL = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")
_CELNAAM = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_KORT_GETAL = 4
"""Digits of the shortest number that can be as large: 1E15."""


@dataclass
class Feiten:
    """What a walk over the cells of a sheet finds; rows and columns count from 0.

    `eerste_kolom`: leftmost filled cell. `zonder_uitkomst`: formulas that were never computed. `getallen`: numbers that
    as text could be thousands. `verloren`: numbers with more digits than a spreadsheet keeps. `samengevoegd`: first
    row, last row, column of cells merged downwards.
    """

    laatste_rij: int = -1
    laatste_kolom: int = -1
    eerste_kolom: int = 1 << 30
    zonder_uitkomst: list[tuple[int, int]] = field(default_factory=list)
    getallen: list[tuple[int, int]] = field(default_factory=list)
    verloren: list[tuple[int, int]] = field(default_factory=list)
    samengevoegd: list[tuple[int, int, int]] = field(default_factory=list)


def bekijk(xml: bytes, grenzen: Grenzen) -> Feiten | None:
    """Look whether a sheet may be read; walk over its cells when there is something to know, else return None."""
    tekst = als_tekst(xml)
    hoogte, breedte = _omvang(xml)
    te_ruim = breedte > grenzen.kolommen_max or breedte * hoogte > MAX_CELLEN
    formules = b"<f" in xml and pl.Series([tekst]).str.contains(_FORMULE_ZONDER_WAARDE).item()
    if breedte and not (te_ruim or formules or b"mergeCell " in xml):
        return None
    feiten = loop_langs(xml)
    if feiten.laatste_kolom - feiten.eerste_kolom >= grenzen.kolommen_max:
        raise Onleesbaar(f"Het bestand heeft meer dan {grenzen.kolommen_max} kolommen.")
    if (feiten.laatste_kolom + 1) * (feiten.laatste_rij + 1) > MAX_CELLEN:
        raise Onleesbaar(
            "Het werkblad is te groot: er staan cellen ver onder of naast de tabel, of het heeft te veel rijen."
        )
    return feiten


def _omvang(xml: bytes) -> tuple[int, int]:
    """Return the last row and column in the names of cells, filled or not; (0, 0) when a cell is written unusually.

    Usual is `<c r="A1"`, as every program writes it. Blocks keep what is needed beside the XML small.
    """
    hoogte = breedte = 0
    begin = 0
    while begin < len(xml):
        eind = min(len(xml), begin + _BLOK)
        # an overlap, so that no cell falls between two blocks
        blok = np.frombuffer(xml, np.uint8, min(len(xml), eind + _CELBEGIN) - begin, begin)
        gemeten = _omvang_blok(blok)
        if gemeten is None:
            return 0, 0
        hoogte, breedte = max(hoogte, gemeten[0]), max(breedte, gemeten[1])
        begin = eind
    return hoogte, breedte


def _omvang_blok(blok: npt.NDArray[np.uint8]) -> tuple[int, int] | None:
    """Last row and column in a block; None when something like a cell is written in another way."""
    c = np.flatnonzero(blok[1:] == ord("c"))
    voor, na = blok[c], blok[np.minimum(c + 2, len(blok) - 1)]
    begint = ((voor == ord("<")) | (voor == ord(":"))) & ((na <= ord(" ")) | (na == ord("/")) | (na == ord(">")))
    plaats, voor = c[begint], voor[begint]
    heel = plaats <= len(blok) - _CELBEGIN  # the others are whole in the next block
    plaats, voor = plaats[heel], voor[heel]
    if not len(plaats):
        return 0, 0
    naam = blok[plaats[:, None] + np.arange(2, _CELBEGIN)]
    if (voor != ord("<")).any() or (naam[:, :4] != np.frombuffer(b' r="', np.uint8)).any():
        return None
    return _grootste_naam(naam[:, 4:])


def _grootste_naam(naam: npt.NDArray[np.uint8]) -> tuple[int, int] | None:
    """Read names such as AB123" of cells, one per row of bytes; None when one is no such name."""
    rij, kolom = np.zeros(len(naam), np.int64), np.zeros(len(naam), np.int64)
    fase = np.zeros(len(naam), np.int8)  # 0: letters, 1: digits, 2: past the quote
    for teken in naam.T:
        letter = (fase == 0) & (teken >= ord("A")) & (teken <= ord("Z"))
        cijfer = (fase <= 1) & (teken >= ord("0")) & (teken <= ord("9")) & (kolom > 0)
        einde = (fase == 1) & (teken == ord('"'))
        if not (letter | cijfer | einde | (fase == 2)).all():
            return None
        kolom = np.where(letter, kolom * 26 + teken - 64, kolom)
        rij = np.where(cijfer, rij * 10 + teken - 48, rij)
        fase = np.where(einde, 2, np.where(cijfer, 1, fase)).astype(np.int8)
        if (fase == 2).all():
            break
    return (int(rij.max()), int(kolom.max())) if (fase == 2).all() else None


def _kolomnummer(letters: str) -> int:
    """Number of a column, A is 1."""
    nummer = 0
    for letter in letters.upper():
        nummer = nummer * 26 + ord(letter) - 64
    return nummer


def _plek(celnaam: str) -> tuple[int, int]:
    """Row and column of a cell, from 0. Outside the grid of a sheet the reader would make room for millions."""
    gevonden = _CELNAAM.fullmatch(celnaam)
    rij, kolom = (int(gevonden[2]), _kolomnummer(gevonden[1])) if gevonden else (0, 0)
    if not (0 < rij <= MAX_RIJ and 0 < kolom <= MAX_KOLOM):
        raise Onleesbaar(BESCHADIGD)
    return rij - 1, kolom - 1


class _Wandeling:
    """Walks over the cells of a sheet as a reader does: a cell without a name follows the one before it."""

    def __init__(self) -> None:
        self.feiten = Feiten()
        self.rij, self.kolom = -1, -1
        self.soort, self.formule = "n", False
        self.waarde: list[str] | None = None
        self.tekst = ""
        self.lezer = expat.ParserCreate()
        self.lezer.buffer_text = True
        self.lezer.StartElementHandler = self.begin
        self.lezer.EndElementHandler = self.einde
        self.lezer.CharacterDataHandler = self.tekens

    def begin(self, naam: str, kenmerken: dict[str, str]) -> None:
        naam = naam.rpartition(":")[2]
        if naam == "row":
            self.rij = int(kenmerken["r"]) - 1 if kenmerken.get("r", "").isdigit() else self.rij + 1
            self.kolom = -1
        elif naam == "c":
            self._begin_cel(kenmerken)
        elif naam == "f":
            self.formule = True
        elif naam in {"v", "is"}:
            self.waarde = []
        elif naam == "mergeCell":
            self._voeg_samen(kenmerken.get("ref", ""))

    def _begin_cel(self, kenmerken: dict[str, str]) -> None:
        naam = kenmerken.get("r", "")
        if naam:
            self.rij, self.kolom = _plek(naam)
        else:
            self.kolom += 1
        self.soort, self.formule, self.tekst = kenmerken.get("t", "n"), False, ""

    def tekens(self, tekst: str) -> None:
        if self.waarde is not None:
            self.waarde.append(tekst)

    def einde(self, naam: str) -> None:
        naam = naam.rpartition(":")[2]
        if naam in {"v", "is"} and self.waarde is not None:
            self.tekst, self.waarde = "".join(self.waarde), None
        elif naam == "c":
            self._einde_cel()

    def _einde_cel(self) -> None:
        f, plaats = self.feiten, (self.rij, self.kolom)
        if not self.tekst:
            if self.formule and self.soort != "str":
                f.zonder_uitkomst.append(plaats)
            return
        f.laatste_rij, f.laatste_kolom = max(f.laatste_rij, self.rij), max(f.laatste_kolom, self.kolom)
        f.eerste_kolom = min(f.eerste_kolom, self.kolom)
        if self.soort == "n" and "." in self.tekst and _TWIJFEL.fullmatch(_zoals_gelezen(self.tekst)):
            f.getallen.append(plaats)
        elif self.soort == "n" and len(self.tekst) >= _KORT_GETAL and _is_verloren(self.tekst):
            f.verloren.append(plaats)

    def _voeg_samen(self, gebied: str) -> None:
        begin, _, eind = gebied.partition(":")
        a, b = _CELNAAM.fullmatch(begin), _CELNAAM.fullmatch(eind)
        if a and b and a[1] == b[1] and int(b[2]) > int(a[2]):
            self.feiten.samengevoegd.append((int(a[2]) - 1, int(b[2]) - 1, _kolomnummer(a[1]) - 1))


def _is_verloren(tekst: str) -> bool:
    try:
        return abs(float(tekst)) >= HEEL_TOT
    except ValueError:
        return False


def _zoals_gelezen(tekst: str) -> str:
    """Text that the reader makes of a number: at most nine decimals, none at the end that are zero."""
    try:
        return f"{float(tekst):.9f}".rstrip("0").rstrip(".")
    except ValueError:
        return ""


def loop_langs(xml: bytes) -> Feiten:
    """Walk over all cells of a sheet."""
    wandeling = _Wandeling()
    try:
        wandeling.lezer.Parse(xml, True)
    except expat.ExpatError:
        raise Onleesbaar(BESCHADIGD) from None
    return wandeling.feiten
