"""What a file is by its content, and what is in a zip.

Lives here: recognising a kind of file from its first bytes (the extension only says what the sender thought it was),
and unpacking within limits, in memory, never to disk. Add here: a kind of file that deserves a sentence of its own when
it is refused. Keep out: reading tables (readers.py and the readers it names).
"""

from __future__ import annotations

import io
import lzma
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePosixPath

from pipeline.intake.lezing import Grenzen, Onleesbaar

MAX_LEDEN = 20_000
"""Files in a zip: some thousands of messages are usual, one for every message of a month."""
MAX_VERHOUDING = 200
"""A zip that unpacks to more than this many times its size is taken for a bomb (text reaches 20 to 40)."""
VRIJ_UITGEPAKT = 2**20
"""A zip that unpacks to less than this is harmless whatever its ratio."""
XML_KEER = 2
"""XML says in five to ten times the bytes what a CSV says, and costs less memory for each of them."""
IN_ZIP = ("csv", "xlsx", "parquet", "xml")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OFFICE = b"\xd0\xcf\x11\xe0"
_VERSLEUTELD_PAKKET = "EncryptedPackage".encode("utf-16-le")
_XML = re.compile(rb"\s*<\?xml[\s>]", re.IGNORECASE)
_HTML = re.compile(rb"\s*<(?:!doctype\s+html|html|table|meta)\b", re.IGNORECASE)
_BYTEMERK = re.compile(rb"(?:\xef\xbb\xbf|\xc3\xaf\xc2\xbb\xc2\xbf)+")
"""A byte order mark of UTF-8, also one that was taken for text and encoded again."""
_XML_WERKBLAD = (
    (b"urn:schemas-microsoft-com:office:spreadsheet", "een XML-werkblad van Excel 2003"),
    (b"urn:oasis:names:tc:opendocument:", "een plat OpenDocument"),
    (b"schemas.microsoft.com/office/2006/xmlpackage", "een Officebestand in een enkel XML-bestand"),
)
"""Spreadsheets that are written as one XML file: by the names they must bear."""
_GEEN_TEKST = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_KOP_BYTES = 4096
_NIET_GELEZEN = {
    b"\x1f\x8b": "Het bestand is ingepakt met gzip; lever het zonder of in een zip.",
    b"7z\xbc\xaf\x27\x1c": "Het bestand is ingepakt met 7-Zip; lever het zonder of in een gewone zip.",
    b"Rar!": "Het bestand is ingepakt met RAR; lever het zonder of in een gewone zip.",
    b"%PDF": "Het bestand is een pdf; lever een tabel (CSV, Excel of Parquet).",
    b"PARE": "Het Parquetbestand is versleuteld; lever het zonder versleuteling.",
}
_HOOFDDEEL = re.compile(rb"""<(?:\w+:)?Relationship\b(?=[^<>]*/officeDocument["'])[^<>]*\bTarget=["']([^"'<>]*)["']""")
_NAAM_VAN = {"xlsx": "Excelbestand", "parquet": "Parquetbestand", "xml": "XML-bestand", "zip": "zip-bestand"}


def herken(data: bytes, genoemd: str) -> str:
    """Return the kind of file by its content; `genoemd` (its extension) decides only where content does not.

    Raises Onleesbaar for what is recognised and not read: encrypted, an old Office file, another archive, a web page.
    """
    begin = data[:_KOP_BYTES]
    for merk, zin in _NIET_GELEZEN.items():
        if begin.startswith(merk):
            raise Onleesbaar(zin)
    if begin.startswith(_OFFICE):
        raise Onleesbaar(_oud_office(data))
    if begin.startswith(_ZIP):
        return _soort_zip(data, genoemd)
    if begin.startswith(b"PAR1"):
        return "parquet"
    return _tekstsoort(begin, genoemd)


def zonder_merk(data: bytes) -> bytes:
    """Take byte order marks of UTF-8 off: they say nothing certain about the bytes behind them."""
    merk = _BYTEMERK.match(data)
    return data[merk.end() :] if merk else data


def _oud_office(data: bytes) -> str:
    if _VERSLEUTELD_PAKKET in data:
        return "Het Excelbestand is met een wachtwoord beveiligd; lever het zonder wachtwoord."
    return "Het bestand is een oud (.xls) of versleuteld Officebestand; sla het op als .xlsx of CSV, zonder wachtwoord."


def _soort_zip(data: bytes, genoemd: str) -> str:
    """Tell a workbook from a zip; a damaged one is what it is called, and its reader says what is wrong."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as zip_:
            namen = {deelnaam(naam).lower() for naam in zip_.namelist()}
            hoofd = _hoofddeel(zip_) if "_rels/.rels" in namen else ""
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, struct.error, zlib.error, EOFError):
        return "xlsx" if genoemd == "xlsx" else "zip"
    if hoofd.endswith(".bin") or "xl/workbook.bin" in namen:
        raise Onleesbaar("Het bestand is een binair Excelbestand (.xlsb); sla het op als .xlsx of CSV.")
    if "mimetype" in namen and "content.xml" in namen:
        raise Onleesbaar("Het bestand is een OpenDocument; sla het op als .xlsx of CSV.")
    if "word/document.xml" in namen:
        raise Onleesbaar("Het bestand is een Worddocument; lever een tabel (CSV, Excel of Parquet).")
    if "ppt/presentation.xml" in namen:
        raise Onleesbaar("Het bestand is een presentatie; lever een tabel (CSV, Excel of Parquet).")
    # a package of Office that is none of the others: its reader finds the workbook, or says that there is none
    return "xlsx" if {"xl/workbook.xml", "[content_types].xml"} & namen else "zip"


def deelnaam(naam: str, *, wortel: str = "") -> str:
    """Name of a part of an Office package as others write it: some programs put backslashes in.

    `wortel`: what a name that begins at the root begins with.
    """
    naam = naam.replace("\\", "/")
    return wortel + naam.removeprefix("/") if naam.startswith("/") else naam


def _hoofddeel(zip_: zipfile.ZipFile) -> str:
    """Name of the part that a package begins with, by its relations; "" when they do not say."""
    lid = next(x for x in zip_.infolist() if deelnaam(x.filename).lower() == "_rels/.rels")
    gevonden = _HOOFDDEEL.search(lees_lid(zip_, lid)) if lid.file_size < VRIJ_UITGEPAKT else None
    return gevonden[1].decode("utf-8", "replace").lower() if gevonden else ""


def _tekstsoort(begin: bytes, genoemd: str) -> str:
    """Text is XML when it says so, else CSV; what is no text is refused under the name that it bears."""
    if begin.startswith((b"\xff\xfe", b"\xfe\xff")):
        begin = begin.decode("utf-16", errors="ignore").encode()
    kaal = zonder_merk(begin)
    if _HTML.match(kaal):
        raise Onleesbaar("Het bestand is een webpagina en geen tabel; sla het op als .xlsx of CSV.")
    if kaal.lstrip().startswith(b"<"):
        for naam, wat in _XML_WERKBLAD:
            if naam in kaal:
                raise Onleesbaar(f"Het bestand is {wat}; sla het op als .xlsx of CSV.")
    if _XML.match(kaal) or (genoemd == "xml" and kaal.lstrip().startswith(b"<")):
        return "xml"
    if not kaal.strip():
        raise Onleesbaar("Het bestand is leeg: er staat ook geen kopregel in.")
    if genoemd in _NAAM_VAN and _GEEN_TEKST.search(kaal):
        raise Onleesbaar(
            f"Het bestand is geen leesbaar {_NAAM_VAN[genoemd]}: het is beschadigd of van een ander soort."
        )
    return "csv"


@contextmanager
def zip_fouten(wat: str) -> Iterator[None]:
    """Turn whatever a broken or odd zip raises into a sentence; `wat` names the file."""
    try:
        yield
    except NotImplementedError:  # what zipfile says of a method of packing that it does not know
        raise Onleesbaar(f"Het {wat} is ingepakt op een manier die niet wordt gelezen; pak het gewoon in.") from None
    except RuntimeError:
        raise Onleesbaar(f"Het {wat} is versleuteld; lever het zonder wachtwoord.") from None
    except (zipfile.BadZipFile, EOFError, IndexError, OSError, ValueError, struct.error, zlib.error, lzma.LZMAError):
        raise Onleesbaar(f"Het {wat} is beschadigd en kan niet worden uitgepakt.") from None


def pak_uit(data: bytes, grenzen: Grenzen) -> tuple[str, dict[str, bytes]]:
    """Return the kind of the files in a zip, and their contents by name, in the order of their names."""
    with zip_fouten("zip-bestand"), zipfile.ZipFile(io.BytesIO(data)) as zip_:
        leden = [lid for lid in zip_.infolist() if not _bijvangst(lid)]
        keur_namen(leden)
        is_xml = {_extensie(lid) for lid in leden} == {"xml"}
        keur_leden(leden, len(data), replace(grenzen, max_bytes=grenzen.max_bytes * (XML_KEER if is_xml else 1)))
        leden.sort(key=lambda lid: lid.filename)
        inhoud = {lid.filename: lees_lid(zip_, lid) for lid in leden}
    soorten = {herken(inhoud[lid.filename], _extensie(lid)) for lid in leden}
    if "zip" in soorten:
        raise Onleesbaar("In het zip-bestand zit weer een zip-bestand; lever er een zonder.")
    if len(soorten) > 1:
        raise Onleesbaar("Het zip-bestand bevat bestanden van verschillende soort; lever er een soort in.")
    return soorten.pop(), inhoud


def _extensie(lid: zipfile.ZipInfo) -> str:
    return PurePosixPath(lid.filename).suffix.lower().removeprefix(".")


def _bijvangst(lid: zipfile.ZipInfo) -> bool:
    pad = PurePosixPath(lid.filename)
    verborgen = pad.name.startswith(".") and pad.name != ".."
    return lid.is_dir() or verborgen or "__MACOSX" in pad.parts or pad.name.endswith(".controle.json")


def keur_namen(leden: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse names that point outside the zip, names that occur twice, and kinds that are not read."""
    namen = [lid.filename for lid in leden]
    if any(n.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", n) or re.match(r"[A-Za-z]:", n) for n in namen):
        raise Onleesbaar("Het zip-bestand bevat een naam die buiten het zip-bestand wijst en is niet gelezen.")
    if len(set(namen)) < len(namen):
        raise Onleesbaar("Het zip-bestand bevat twee bestanden met dezelfde naam.")
    soorten = {_extensie(lid) for lid in leden}
    if "zip" in soorten:
        raise Onleesbaar("In het zip-bestand zit weer een zip-bestand; lever er een zonder.")
    if soorten - set(IN_ZIP):
        raise Onleesbaar(f"Het zip-bestand bevat iets anders dan {', '.join(IN_ZIP)}; lever alleen die.")


def keur_leden(leden: Sequence[zipfile.ZipInfo], ingepakt: int, grenzen: Grenzen) -> None:
    """Refuse what must not be unpacked, before a byte of it is."""
    if not leden:
        raise Onleesbaar("Het zip-bestand is leeg.")
    if len(leden) > MAX_LEDEN:
        raise Onleesbaar(f"Het zip-bestand bevat meer dan {MAX_LEDEN} bestanden.")
    if any(lid.flag_bits & 0x1 for lid in leden):
        raise Onleesbaar("Het zip-bestand is versleuteld; lever het zonder wachtwoord.")
    if any(stat.S_ISLNK(lid.external_attr >> 16) for lid in leden):
        raise Onleesbaar("Het zip-bestand bevat een verwijzing in plaats van een bestand.")
    uitgepakt = sum(lid.file_size for lid in leden)
    if uitgepakt > grenzen.max_bytes or (uitgepakt > VRIJ_UITGEPAKT and uitgepakt > MAX_VERHOUDING * ingepakt):
        raise Onleesbaar("Het zip-bestand wordt uitgepakt te groot en is niet gelezen.")


def lees_lid(zip_: zipfile.ZipFile, lid: zipfile.ZipInfo) -> bytes:
    """Unpack one member, never more than it said it would be."""
    with zip_.open(lid) as stroom:
        data = stroom.read(lid.file_size + 1)
    if len(data) > lid.file_size:
        raise Onleesbaar("Het zip-bestand wordt uitgepakt groter dan het zegt en is niet gelezen.")
    return data
