"""Looking for one person's number in bytes, however they are packed and whatever stands between the digits.

Lives here: unpacking what lies in archive/ and landing/ as far as it can be unpacked, and saying when it cannot. It
looks at files that were refused, wrongly named or never taken in as well, waits for nothing and follows no link. Add
here: a way of packing. Keep out: what is done about it (verwijderen.py).
"""

from __future__ import annotations

import bz2
import gzip
import html
import io
import lzma
import os
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from pipeline.intake.landing import MAX_HASH_BYTES, NietStabiel, geopend

TUSSEN = 3
"""Characters that may stand between two digits of a number: `9 9-9.9`; not what parts cells or lines."""
MAX_UITGEPAKT_BYTES = 2**30
MAX_DIEPTE = 4
_BLOK_BYTES = 8 * 2**20
_OVERLAP_BYTES = 512
_XLSX_EINDE = re.compile(r"</(?:\w+:)?(?:si|is|c|v|row)>")
_TAG = re.compile(r"<[^<>]*>")
_COMMENTAAR = re.compile(r"<!--.*?-->|<!\[CDATA\[|\]\]>", re.DOTALL)
_DICHT = (
    (b"7z\xbc\xaf\x27\x1c", "een 7z-archief"),
    (b"Rar!", "een rar-archief"),
    (b"%PDF", "een pdf"),
    (b"\xd0\xcf\x11\xe0", "een oud of versleuteld Office-bestand"),
    (b"\x28\xb5\x2f\xfd", "met zstd ingepakt"),
)
_STROMEN: tuple[tuple[bytes, Callable[[io.BytesIO], io.BufferedIOBase]], ...] = (
    (b"\x1f\x8b", lambda b: gzip.GzipFile(fileobj=b)),
    (b"BZh", bz2.BZ2File),
    (b"\xfd7zXZ", lzma.LZMAFile),
)


_BESCHADIGD = (OSError, EOFError, lzma.LZMAError, zlib.error, zipfile.BadZipFile)


class NietDoorzocht(Exception):
    """The content cannot be looked through; `reden` says why, in a few Dutch words."""

    def __init__(self, reden: str) -> None:
        super().__init__(reden)
        self.reden = reden


@dataclass
class Zoeker:
    """Finds one number; `bsn` has nine digits and is in no message."""

    bsn: str = field(repr=False)

    def __post_init__(self) -> None:
        # a zero in front that a spreadsheet ate: the other eight, and no digit beside them
        tussen = rf"[^0-9\r\n\t;|]{{0,{TUSSEN}}}"
        vormen = [tussen.join(self.bsn)]
        if self.bsn.startswith("0"):
            vormen.append(rf"(?<![0-9]){tussen.join(self.bsn.lstrip('0'))}(?![0-9])")
        self._patroon = re.compile("|".join(vormen))

    def in_naam(self, naam: str) -> bool:
        """Tell whether a name holds the number."""
        return self._in_tekst(naam)

    def in_bestand(self, pad: Path, *, basis: Path) -> bool:
        """Tell whether a file below `basis` holds the number; NietDoorzocht when that cannot be told.

        What is no file (a pipe, a device, a link) holds nothing.
        """
        try:
            soort = pad.stat(follow_symlinks=False).st_mode
        except OSError:
            return False
        if not stat.S_ISREG(soort):
            return False
        try:
            with geopend(pad, basis) as nummer:
                return self._in_open_bestand(nummer)
        except NietStabiel:
            raise NietDoorzocht("kan niet worden geopend") from None
        except OSError:
            raise NietDoorzocht("kan niet worden gelezen") from None

    def _in_open_bestand(self, nummer: int) -> bool:
        begin = os.fstat(nummer)
        if begin.st_size > MAX_HASH_BYTES:
            raise NietDoorzocht("is groter dan 4 GB")
        kop = os.pread(nummer, 8, 0)
        if is_ingepakt(kop):
            if begin.st_size > MAX_UITGEPAKT_BYTES:
                raise NietDoorzocht("is te groot om uit te pakken")
            gevonden = self.in_bytes(os.pread(nummer, begin.st_size, 0))
        else:
            gevonden = any(self._in_blok(blok) for blok in _blokken(nummer, begin.st_size))
        if not gevonden and os.fstat(nummer).st_size != begin.st_size:
            raise NietDoorzocht("veranderde terwijl het werd doorzocht")
        return gevonden

    def in_bytes(self, data: bytes, diepte: int = 0) -> bool:
        """Tell whether a content holds the number, packed or not."""
        if self._in_blok(data):
            return True
        if diepte > MAX_DIEPTE:
            raise NietDoorzocht("is te vaak in elkaar ingepakt")
        for kop, wat in _DICHT:
            if data.startswith(kop):
                raise NietDoorzocht(f"is {wat}")
        if data.startswith(b"PK"):
            return self._in_zip(data, diepte)
        if data.startswith(b"PAR1"):
            return self._in_parquet(data)
        for kop, openen in _STROMEN:
            if data.startswith(kop):
                return self.in_bytes(_lees_stroom(openen(io.BytesIO(data))), diepte + 1)
        return False

    def _in_zip(self, data: bytes, diepte: int) -> bool:
        """Look through every member; what cannot be opened is told after the others were looked at."""
        dicht = ""
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as zip_:
                if sum(lid.file_size for lid in zip_.infolist()) > MAX_UITGEPAKT_BYTES:
                    raise NietDoorzocht("pakt te groot uit")
                for lid in zip_.infolist():
                    try:
                        if self._in_tekst(lid.filename) or self._in_lid(zip_, lid, diepte):
                            return True
                    except NietDoorzocht as fout:
                        dicht = fout.reden
        except (*_BESCHADIGD, ValueError):
            raise NietDoorzocht("is een beschadigd zip-bestand") from None
        if dicht:
            raise NietDoorzocht(dicht)
        return False

    def _in_lid(self, zip_: zipfile.ZipFile, lid: zipfile.ZipInfo, diepte: int) -> bool:
        try:
            with zip_.open(lid) as f:
                return self.in_bytes(_lees_stroom(f), diepte + 1)
        except (RuntimeError, NotImplementedError):
            raise NietDoorzocht("is versleuteld of ongewoon ingepakt") from None

    def _in_parquet(self, data: bytes) -> bool:
        import polars as pl

        try:
            rijen = pl.read_parquet(io.BytesIO(data))
            plat = rijen.with_columns(pl.col(pl.Binary).cast(pl.String, strict=False))
            return self._in_tekst(plat.write_ndjson())
        except BaseException as fout:
            if isinstance(fout, Exception) or type(fout).__name__ == "PanicException":
                raise NietDoorzocht("is een beschadigd Parquetbestand") from None
            raise

    def _in_blok(self, data: bytes) -> bool:
        # without the zeros that UTF-16 and UTF-32 put between; what is no UTF-8 is looked at as single bytes
        kaal = data.replace(b"\0", b"") if b"\0" in data else data
        try:
            tekst = kaal.decode("utf-8")
        except UnicodeDecodeError:
            tekst = kaal.decode("latin-1")
        return self._in_tekst(tekst) or ("<" in tekst and self._in_opmaak(tekst))

    def _in_opmaak(self, tekst: str) -> bool:
        """Look at XML as it reads: without comments and character references, a cell of several runs as one text."""
        leesbaar = html.unescape(_COMMENTAAR.sub("", tekst))
        return self._in_tekst(leesbaar) or self._in_tekst(_TAG.sub("", _XLSX_EINDE.sub("\n", leesbaar)))

    def _in_tekst(self, tekst: str) -> bool:
        if self._patroon.search(tekst):
            return True
        # digits of other scripts, and wide ones
        return not tekst.isascii() and self._patroon.search(unicodedata.normalize("NFKC", tekst)) is not None


def is_ingepakt(kop: bytes) -> bool:
    """Tell from its first bytes whether a content must be unpacked to be read."""
    return kop.startswith((b"PK", b"PAR1", *(k for k, _ in _DICHT), *(k for k, _ in _STROMEN)))


def _blokken(nummer: int, grootte: int) -> Iterator[bytes]:
    """Yield a file in blocks that share an edge, so that no number falls between two."""
    plek = 0
    while plek < grootte:
        blok = os.pread(nummer, _BLOK_BYTES, plek)
        if not blok:
            return
        yield blok
        plek += max(len(blok) - _OVERLAP_BYTES, 1) if plek + len(blok) < grootte else len(blok)


def _lees_stroom(stroom: IO[bytes] | io.BufferedIOBase) -> bytes:
    """Read a packed stream to its end; NietDoorzocht when it is damaged or larger than fits."""
    try:
        data = stroom.read(MAX_UITGEPAKT_BYTES + 1)
    except _BESCHADIGD:
        raise NietDoorzocht("is beschadigd") from None
    if len(data) > MAX_UITGEPAKT_BYTES:
        raise NietDoorzocht("pakt te groot uit")
    return data
