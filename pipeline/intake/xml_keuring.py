"""XML before it is parsed: its encoding, and what is hostile or too large.

Lives here: what is refused by its bytes alone, so that parsing is safe. Keep out: what the elements are
(ijw_elementen.py), other kinds of file (uitpakken.py).
"""

from __future__ import annotations

import re

from pipeline.intake.lezing import Onleesbaar
from pipeline.intake.uitpakken import zonder_merk

MAX_XML_BYTES = 64 * 2**20
"""Size of one XML file; a message is at most 25 MB (OP179)."""
MAX_MERKTEKENS = 5_000_000
"""Signs `<` and `=` in one XML file: bounds the elements and attributes, and so the memory, of any file."""
_CODERINGEN = frozenset(
    {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin1", "latin-1", "iso-8859-15", "windows-1252", "cp1252"}
)
"""Encodings in which ASCII is ASCII: only then does a search for `<!DOCTYPE` prove anything."""
_GENOEMDE_CODERING = re.compile(rb"""^\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")


def keur(data: bytes, plaats: str) -> tuple[bytes, str | None]:
    """Return the bytes to parse and the encoding to force, if any; Onleesbaar for what must not be parsed."""
    data = zonder_merk(data)
    if not data.strip():
        raise Onleesbaar(f"{plaats} is leeg.")
    if len(data) > MAX_XML_BYTES:
        raise Onleesbaar(f"{plaats} is groter dan {MAX_XML_BYTES // 2**20} MB; lever elk bericht als eigen bestand.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            data, codering = data.decode("utf-16").encode(), "utf-8"
        except UnicodeDecodeError:
            raise Onleesbaar(f"{plaats} noemt UTF-16, maar de tekens zijn dat niet.") from None
        return _zonder_dtd(data, plaats), codering
    genoemd = _GENOEMDE_CODERING.match(data[:300])
    naam = genoemd[1].decode("ascii").lower() if genoemd else "utf-8"
    if naam not in _CODERINGEN or b"\x00" in data:
        raise Onleesbaar(f"{plaats} heeft een tekencodering die niet wordt gelezen; lever UTF-8.")
    return _zonder_dtd(data, plaats), _codering(data, naam)


def _codering(data: bytes, genoemd: str) -> str | None:
    """Encoding to force: files that say UTF-8 (or nothing) and hold Windows-1252 exist."""
    if genoemd not in ("utf-8", "utf8", "us-ascii", "ascii"):
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def _zonder_dtd(data: bytes, plaats: str) -> bytes:
    """Refuse a DTD or entity, wherever it stands: no message has one, and every known attack needs one."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise Onleesbaar(f"{plaats} bevat een DTD of entiteiten; dat hoort niet in een bericht en is niet gelezen.")
    if data.count(b"<") + data.count(b"=") > MAX_MERKTEKENS:
        raise Onleesbaar(f"{plaats} bevat te veel elementen; lever elk bericht als eigen bestand.")
    return data
