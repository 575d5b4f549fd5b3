"""The package of a workbook (.xlsx): its parts, the relations between them, its sheets; looked at before it is read.

Lives here: what is unpacked and what is refused before a cell is read, and the package as the reader of cells gets it.
Keep out: what is in a sheet (excel_blad.py), values (excel_lezer.py), zips in general (uitpakken.py).
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from lxml import etree

from pipeline.intake.lezing import Grenzen, Onleesbaar
from pipeline.intake.uitpakken import XML_KEER, deelnaam, keur_leden, lees_lid, zip_fouten

MAX_BLADEN = 100
_WERKMAP = "xl/workbook.xml"
_VASTE_PLAATSEN = {"sharedStrings": "xl/sharedStrings.xml", "styles": "xl/styles.xml"}
_RELATIES = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELATIESOORT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ONNODIG = re.compile(
    r"^xl/(?:externallinks|drawings|media|charts|embeddings|printersettings|ctrlprops|pivot\w*)/", re.I
)
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
BESCHADIGD = "Het Excelbestand is beschadigd en kan niet worden gelezen."
_BEGIN_TEKSTEN = 2**16


@dataclass(frozen=True)
class Blad:
    """One sheet: its place among the sheets, its XML, and whether days count from 1904."""

    plaats: int
    xml: bytes
    vanaf_1904: bool


def pak_uit(data: bytes, grenzen: Grenzen) -> dict[str, bytes]:
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


def op_vaste_plaatsen(delen: dict[str, bytes]) -> dict[str, bytes]:
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


def herpak(delen: dict[str, bytes]) -> bytes:
    """Pack again what was looked at, so that the reader sees that and nothing else."""
    uit = io.BytesIO()
    with zipfile.ZipFile(uit, "w", zipfile.ZIP_STORED) as zip_:
        for naam, inhoud in delen.items():
            zip_.writestr(naam, inhoud)
    return uit.getvalue()


def keur_teksten(xml: bytes) -> None:
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
        raise Onleesbaar(BESCHADIGD) from None
    if xml.count(b"<sst") + xml.count(b":sst") != 1 or max(gezegd, default=0) > len(xml):
        raise Onleesbaar(BESCHADIGD)


def bladen_van(delen: dict[str, bytes]) -> list[Blad]:
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
        uit.append(Blad(plaats, per_naam[doel], vanaf_1904))
    return uit


def _boom(xml: bytes) -> etree._Element:
    lezer = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(xml, lezer)
    except (etree.XMLSyntaxError, ValueError):
        raise Onleesbaar(BESCHADIGD) from None


def als_tekst(xml: bytes) -> str:
    """Text of a part; Onleesbaar when it is no UTF-8."""
    try:
        return xml.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Onleesbaar("Het Excelbestand is beschadigd: er staan tekens in die geen UTF-8 zijn.") from None
