"""Workbooks (.xlsx): the sheet whose header fits, cell by cell as text.

Lives here: what a workbook holds beside a table (several sheets, merged cells, formulas, faults, day numbers) and what
is refused before a cell is read. Values come from fastexcel (calamine): measured four times as fast as openpyxl. It
keeps no types, gives faults as empty, and reserves the whole rectangle between its outermost cells; so the XML of a
sheet is looked at beside it: always for its size (vectorised), and cell by cell only where a pattern says that there is
something to know. Keep out: what columns mean (bestandsdeur.py), which rows are data (tabelrijen.py).
"""

from __future__ import annotations

import io
import logging
import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

import fastexcel
import numpy as np
import numpy.typing as npt
import polars as pl
from lxml import etree

from pipeline.intake.celtekst import (
    CIJFERS,
    GEEN_WAARDE,
    HEEL_TOT,
    VERLOREN,
    getal_als_tekst,
    zonder_middernacht,
    zonder_twijfel,
)
from pipeline.intake.lezing import (
    MAX_CELLEN,
    Grenzen,
    Kopkennis,
    Kopscore,
    Onleesbaar,
    Tabel,
    kennis_van,
    keur_rijen,
)
from pipeline.intake.tabelrijen import RIJ, ZOEK_KOP_TOT, keur_maten, met_kop, zoek_kop, zonder_kop
from pipeline.intake.uitpakken import XML_KEER, deelnaam, keur_leden, lees_lid, zip_fouten

logging.getLogger("calamine").setLevel(logging.CRITICAL + 1)  # its warnings hold texts of the file

MAX_BLADEN = 100
MAX_RIJ, MAX_KOLOM = 1_048_576, 16_384
"""The grid of a sheet in Excel."""
GEEN_CELLEN = Tabel((), pl.DataFrame(schema={RIJ: pl.UInt32}))
_NULDAG = {False: -25569, True: -25569 + 1462}
"""Days from the epoch to day 0, counting from 1900 or from 1904."""
_WERKMAP = "xl/workbook.xml"
_VASTE_PLAATSEN = {"sharedStrings": "xl/sharedStrings.xml", "styles": "xl/styles.xml"}
_RELATIES = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELATIESOORT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ONNODIG = re.compile(
    r"^xl/(?:externallinks|drawings|media|charts|embeddings|printersettings|ctrlprops|pivot\w*)/", re.I
)
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_BESCHADIGD = "Het Excelbestand is beschadigd en kan niet worden gelezen."
_BEGIN_TEKSTEN = 2**16
_BLOK = 2**23
_CELBEGIN = 18
"""Bytes of the beginning of a cell, up to and with the quote behind the longest name: <c r="XFD1048576"."""
_FORMULE_ZONDER_WAARDE = (
    r"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^<>]*/>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_TWIJFELTEKST = r">\s*-?[1-9][0-9]{0,2}\.[0-9]{3}\s*<"
_TWIJFEL = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")
_DUIZENDVORM = r"^-?[1-9][0-9]{0,2}\.[0-9]{3}$"
_TEKST_IN_BLAD = r"""t=["'](?:inlineStr|str)["']"""
_KLADCIJFERS = r"\.[0-9]{7,}$"
_NIET_CANONIEK = r"^(?:1899-12-3[01]|1904-01-01) | 00:00:00$|\.[0-9]{7,}$|^-?[1-9][0-9]{0,2}\.[0-9]{3}$"
_CELNAAM = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_NUL_TIJD = r"^(?:1899-12-3[01]|1904-01-01) "
_LANG = r"^-?[0-9]{16}"
_LANG_GETAL = r"<(?:\w+:)?v>\s*-?(?:[0-9]{16,}|[0-9.]+[eE]\+?(?:1[5-9]|[2-9][0-9]))"
_KORT_GETAL = 4
"""Digits of the shortest number that can be as large: 1E15."""
_DAGNUMMER = {
    False: r"^(?:[1-9][0-9]{4}|2958465|401768)(?:\.[0-9]+)?$",
    True: r"^(?:[1-9][0-9]{4}|2957003|400306)(?:\.[0-9]+)?$",
}
"""A day counted from 1900 or from 1904, with the two that mean `no end`."""
_DAGDEEL = r"^(?:[0-9]{1,5}\.[0-9]+|0)$"


@dataclass(frozen=True)
class _Blad:
    """One sheet: its place among the sheets, its XML, and whether days count from 1904."""

    plaats: int
    xml: bytes
    vanaf_1904: bool


@dataclass
class _Feiten:
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


def lees_excel(data: bytes, kopscore: Kopscore, grenzen: Grenzen) -> Tabel:
    """Read a workbook as a table of text: the one sheet whose header fits.

    Raises Onleesbaar when it is damaged, encrypted, over a limit, or when more than one sheet fits. When none fits, the
    sheet that names most known columns is returned, so that the doors can say what is missing.
    """
    kennis = kennis_van(kopscore)
    delen = _op_vaste_plaatsen(_pak_uit(data, grenzen))
    bladen = _bladen(delen)
    teksten = next((x for n, x in delen.items() if n.lower() == "xl/sharedstrings.xml"), b"")
    if _als_tekst(teksten):
        _keur_teksten(teksten)
    lezer = fastexcel.read_excel(_herpak(delen))
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


# --- the package ------------------------------------------------------------------------------------------------------


def _pak_uit(data: bytes, grenzen: Grenzen) -> dict[str, bytes]:
    """Return the XML parts of a workbook that tell about cells, each no larger than it said it would be."""
    maat = replace(grenzen, max_bytes=grenzen.max_bytes * XML_KEER)
    with zip_fouten("Excelbestand"), zipfile.ZipFile(io.BytesIO(data)) as zip_:
        leden = [lid for lid in zip_.infolist() if not lid.is_dir()]
        namen = [deelnaam(lid.filename).lower() for lid in leden]
        if len(set(namen)) < len(namen):
            raise Onleesbaar("Het Excelbestand is beschadigd: een deel komt er dubbel in voor.")
        keur_leden(leden, len(data), maat)
        nodig = [x for x, naam in zip(leden, namen, strict=True) if naam.endswith((".xml", ".rels"))]
        delen = {deelnaam(x.filename): lees_lid(zip_, x) for x in nodig if not _ONNODIG.match(deelnaam(x.filename))}
    if any(_DOCTYPE.search(x) for x in delen.values()):
        raise Onleesbaar("Het Excelbestand bevat XML die niet in een werkmap hoort en is niet gelezen.")
    return delen


def _op_vaste_plaatsen(delen: dict[str, bytes]) -> dict[str, bytes]:
    """Put the parts where the reader looks for them; their relations say where they are, and that may be anywhere."""
    namen = {naam.lower(): naam for naam in delen}
    werkmap = next((doel for soort, doel, _ in _relaties(delen, namen, "") if soort == "officeDocument"), _WERKMAP)
    werkmap = namen.get(werkmap.lower(), werkmap)
    eigen = _relaties(delen, namen, werkmap)
    plaatsen = {werkmap: _WERKMAP}
    for nr, (soort, doel, _) in enumerate(eigen):
        vast = f"xl/{soort}s/{nr}.xml" if soort.endswith("sheet") else f"xl/{doel}"
        map_ = posixpath.dirname(vast) if soort.endswith("sheet") else "xl"
        plaatsen[doel] = _VASTE_PLAATSEN.get(soort, doel if doel.lower().startswith(f"{map_}/") else vast)
    if all(oud.lower() == nieuw.lower() for oud, nieuw in plaatsen.items()):
        return delen
    uit = {plaatsen.get(naam, naam): inhoud for naam, inhoud in delen.items()}
    pakket = [(r.get("Id", ""), r.get("Type", ""), plaatsen[doel]) for _, doel, r in eigen]
    begin = [("rId1", f"{_RELATIESOORT}/officeDocument", _WERKMAP)]
    return uit | {_relatiedeel(""): _als_relaties(begin), _relatiedeel(_WERKMAP): _als_relaties(pakket)}


def _als_relaties(relaties: Sequence[tuple[str, str, str]]) -> bytes:
    """Write relations (id, type, part)."""
    regels = "".join(
        f"<Relationship Id={quoteattr(id_)} Type={quoteattr(soort)} Target={quoteattr(f'/{doel}')}/>"
        for id_, soort, doel in relaties
    )
    return f'<Relationships xmlns="{_RELATIES}">{regels}</Relationships>'.encode()


def _relaties(delen: Mapping[str, bytes], namen: Mapping[str, str], van: str) -> list[tuple[str, str, etree._Element]]:
    """Relations of a part ("" for the package): kind, the part it points at, the element itself."""
    xml = delen.get(namen.get(_relatiedeel(van).lower(), ""))
    if xml is None:
        return []
    uit = []
    for r in _boom(xml):
        if isinstance(r.tag, str) and r.get("TargetMode") != "External":
            doel = posixpath.join("/", posixpath.dirname(van), deelnaam(r.get("Target", ""), wortel="/"))
            doel = posixpath.normpath(doel).lstrip("/")
            uit.append((r.get("Type", "").rpartition("/")[2], namen.get(doel.lower(), doel), r))
    return uit


def _relatiedeel(van: str) -> str:
    return posixpath.join(posixpath.dirname(van), "_rels", f"{posixpath.basename(van)}.rels")


def _herpak(delen: dict[str, bytes]) -> bytes:
    """Pack again what was looked at, so that the reader sees that and nothing else."""
    uit = io.BytesIO()
    with zipfile.ZipFile(uit, "w", zipfile.ZIP_STORED) as zip_:
        for naam, inhoud in delen.items():
            zip_.writestr(naam, inhoud)
    return uit.getvalue()


def _keur_teksten(xml: bytes) -> None:
    """Refuse a list of texts that says it is longer than its bytes can hold: the reader reserves room for as many."""
    gezegd: list[int] = []

    def begin(naam: str, kenmerken: dict[str, str]) -> None:
        if naam.rpartition(":")[2] == "sst":
            gezegd.extend(int(w) if w.isdecimal() else len(xml) for n, w in kenmerken.items() if n.endswith("ount"))

    lezer = expat.ParserCreate()
    lezer.StartElementHandler = begin
    try:
        lezer.Parse(xml[:_BEGIN_TEKSTEN], len(xml) <= _BEGIN_TEKSTEN)
    except expat.ExpatError:
        raise Onleesbaar(_BESCHADIGD) from None
    if xml.count(b"<sst") + xml.count(b":sst") != 1 or max(gezegd, default=0) > len(xml):
        raise Onleesbaar(_BESCHADIGD)


def _bladen(delen: dict[str, bytes]) -> list[_Blad]:
    """Worksheets in the order of the workbook, hidden ones too; charts and macro sheets hold no cells."""
    per_naam = {n.lower(): x for n, x in delen.items()}
    werkmap = _boom(per_naam.get("xl/workbook.xml", b""))
    relaties = {
        r.get("Id"): r for r in _boom(per_naam.get("xl/_rels/workbook.xml.rels", b"")) if isinstance(r.tag, str)
    }
    vanaf_1904 = any(e.get("date1904", "").lower() in {"1", "true"} for e in werkmap.iter("{*}workbookPr"))
    uit = []
    bladen = list(werkmap.iter("{*}sheet"))
    if len(bladen) > MAX_BLADEN:
        raise Onleesbaar(f"Het Excelbestand heeft meer dan {MAX_BLADEN} werkbladen.")
    for plaats, blad in enumerate(bladen):
        relatie = relaties.get(next((str(w) for n, w in blad.attrib.items() if str(n).endswith("}id")), ""))
        if relatie is None or not relatie.get("Type", "").endswith("/worksheet"):
            continue
        doel = posixpath.normpath(posixpath.join("/xl", relatie.get("Target", ""))).lstrip("/").lower()
        if doel not in per_naam:
            raise Onleesbaar("Het Excelbestand is beschadigd: er ontbreekt een werkblad.")
        uit.append(_Blad(plaats, per_naam[doel], vanaf_1904))
    return uit


def _boom(xml: bytes) -> etree._Element:
    lezer = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(xml, lezer)
    except (etree.XMLSyntaxError, ValueError):
        raise Onleesbaar(_BESCHADIGD) from None


def _als_tekst(xml: bytes) -> str:
    try:
        return xml.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Onleesbaar("Het Excelbestand is beschadigd: er staan tekens in die geen UTF-8 zijn.") from None


# --- one sheet --------------------------------------------------------------------------------------------------------


def _lees_blad(lezer: fastexcel.ExcelReader, blad: _Blad, kennis: Kopkennis, grenzen: Grenzen, teksten: bytes) -> Tabel:
    feiten = _bekijk(blad.xml, grenzen)
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


def _bekijk(xml: bytes, grenzen: Grenzen) -> _Feiten | None:
    """Look whether a sheet may be read; walk over its cells when there is something to know, else return None."""
    tekst = _als_tekst(xml)
    hoogte, breedte = _omvang(xml)
    te_ruim = breedte > grenzen.kolommen_max or breedte * hoogte > MAX_CELLEN
    formules = b"<f" in xml and pl.Series([tekst]).str.contains(_FORMULE_ZONDER_WAARDE).item()
    if breedte and not (te_ruim or formules or b"mergeCell " in xml):
        return None
    feiten = _loop_langs(xml)
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
        raise Onleesbaar(_BESCHADIGD)
    return rij - 1, kolom - 1


class _Wandeling:
    """Walks over the cells of a sheet as a reader does: a cell without a name follows the one before it."""

    def __init__(self) -> None:
        self.feiten = _Feiten()
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


def _loop_langs(xml: bytes) -> _Feiten:
    wandeling = _Wandeling()
    try:
        wandeling.lezer.Parse(xml, True)
    except expat.ExpatError:
        raise Onleesbaar(_BESCHADIGD) from None
    return wandeling.feiten


def _cellen(lezer: fastexcel.ExcelReader, plaats: int) -> pl.DataFrame:
    """All cells from row 1 on as text (`k0`, ...); the columns begin with the first that is filled."""
    try:
        blad = lezer.load_sheet(plaats, header_row=None, skip_rows=0, dtypes="string")
        partij, fouten = blad.to_arrow_with_errors()
    except fastexcel.FastExcelError:
        raise Onleesbaar(_BESCHADIGD) from None
    gelezen = pl.from_arrow(partij)
    if not isinstance(gelezen, pl.DataFrame):
        raise Onleesbaar(_BESCHADIGD)
    cellen = gelezen.rename(dict(zip(gelezen.columns, (f"k{i}" for i in range(gelezen.width)), strict=True)))
    return _zet(cellen, [f.position for f in fouten.errors] if fouten else [], GEEN_WAARDE)


def _zet(cellen: pl.DataFrame, plaatsen: Sequence[tuple[int, int]], waarde: str) -> pl.DataFrame:
    """Write a text in cells (row, column from 0); what lies outside the table is left."""
    per_kolom: dict[int, list[int]] = {}
    for rij, kolom in plaatsen:
        if 0 <= rij < cellen.height and 0 <= kolom < cellen.width:
            per_kolom.setdefault(kolom, []).append(rij)
    return cellen.with_columns(cellen.to_series(k).scatter(r, waarde) for k, r in per_kolom.items())


def _vul_samengevoegd(cellen: pl.DataFrame, feiten: _Feiten, kop: int) -> pl.DataFrame:
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
        raise Onleesbaar(_BESCHADIGD)
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
        return _getallen_zonder_twijfel(pl.DataFrame(kolommen), _loop_langs(xml))
    return pl.DataFrame([zonder_twijfel(k) if i in twijfel else k for i, k in enumerate(kolommen)])


def _zonder_verloren(cellen: pl.DataFrame, xml: bytes) -> pl.DataFrame:
    """Mark cells that hold a number of more digits than a spreadsheet keeps: as a reference it would be another one."""
    lengtes = cellen.select(pl.all().str.len_bytes().max().fill_null(0)).row(0)
    lang = any(n > CIJFERS and k.str.contains(_LANG).any() for n, k in zip(lengtes, cellen.get_columns(), strict=True))
    if not lang or not pl.Series([_als_tekst(xml)]).str.contains(_LANG_GETAL).item():
        return cellen
    feiten = _loop_langs(xml)
    return _zet(cellen, [(r, k - feiten.eerste_kolom) for r, k in feiten.verloren], VERLOREN)


def _heeft_twijfeltekst(xml: bytes, teksten: bytes) -> bool:
    """Tell whether a text (not a number) in the workbook could be thousands, and so must stay as it is."""
    if pl.Series([_als_tekst(teksten)]).str.contains(_TWIJFELTEKST).item():
        return True
    blad = pl.Series([_als_tekst(xml)])
    return bool(blad.str.contains(_TEKST_IN_BLAD).item() and blad.str.contains(_TWIJFELTEKST).item())


def _getallen_zonder_twijfel(cellen: pl.DataFrame, feiten: _Feiten) -> pl.DataFrame:
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
