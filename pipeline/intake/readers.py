"""From bytes to a table of text: what every kind of file must be turned into before the doors look at it.

Lives here: the `Tabel` that a reader returns, and the choice of reader by kind of file. Add here: a reader (xlsx,
parquet, xml), as a function from bytes to `Tabel`s. Keep out: what the columns mean.
"""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import polars as pl

MAX_LEDEN = 1000
MAX_VERHOUDING = 200
"""A zip that unpacks to more than this many times its size is taken for a bomb (text reaches 20 to 40)."""


class Onleesbaar(Exception):
    """The file cannot be read as a table; `zin` is one Dutch sentence for the sender, without values."""

    def __init__(self, zin: str) -> None:
        super().__init__(zin)
        self.zin = zin


@dataclass(frozen=True)
class Grenzen:
    """Limits of what is read (seeds/ref_instellingen.csv): bytes, characters per row, columns."""

    max_bytes: int
    rij_max_tekens: int
    kolommen_max: int


@dataclass(frozen=True)
class Berichten:
    """What iJw messages say besides their rows.

    `gemeenten`: codes of the gemeente in the headers, four digits ("" when one is absent). `antwoorden`, `andere`:
    messages that hold no rows (325, and the other iJw messages). `losse_antwoorden`: rejections in a 325 for which
    the 323 is not among the messages. `afwijkend_totaal`: messages whose own total is not the sum of their lines.
    """

    gemeenten: frozenset[str] = frozenset()
    antwoorden: int = 0
    andere: int = 0
    losse_antwoorden: int = 0
    afwijkend_totaal: int = 0


@dataclass(frozen=True)
class Tabel:
    """Text of one sheet or file.

    `kop`: cells of the header row; empty when none was found. `cellen`: one String column per header cell (`k0`, `k1`,
    ...) plus `rij` (UInt32, row number as the sender sees it, first row is 1); only rows with the right number of
    fields. `scheef`: numbers of the rows with another number of fields. `titel`, `leeg`, `totaal`: rows without data.
    `records`: all rows of the file, header included. `berichten`: only of iJw messages, in which money is in cents.
    """

    kop: tuple[str, ...]
    cellen: pl.DataFrame
    scheef: tuple[int, ...] = ()
    titel: int = 0
    leeg: int = 0
    totaal: int = 0
    records: int = 0
    berichten: Berichten | None = None


Kopscore = Callable[[Sequence[str]], int]
"""How many known columns a row of cells names."""


Lezer = Callable[[Sequence[bytes], Kopscore, Grenzen], list[Tabel]]
"""Reads all files of one kind that are one levering, in a fixed order; one Tabel or more."""


def _csv(bestanden: Sequence[bytes], kopscore: Kopscore, grenzen: Grenzen) -> list[Tabel]:
    from pipeline.intake.csv_lezer import lees_csv

    return [lees_csv(data, kopscore, grenzen) for data in bestanden]


LEZERS: dict[str, Lezer] = {"csv": _csv}
"""Kind of file to its reader; a kind that is not here is refused with a sentence. A zip holds files of one kind."""


def lees(data: bytes, soort: str, kopscore: Kopscore, grenzen: Grenzen) -> list[Tabel]:
    """Read a file of kind `soort` (its extension without dot). Raises Onleesbaar with a sentence for the sender."""
    if len(data) > grenzen.max_bytes:
        raise Onleesbaar(te_groot(grenzen))
    bestanden = [data]
    if soort == "zip":
        leden = _pak_uit(data, grenzen)
        soorten = {PurePosixPath(naam).suffix.lower().removeprefix(".") for naam, _ in leden}
        if len(soorten) > 1:
            raise Onleesbaar("Het zip-bestand bevat bestanden van verschillende soort; lever er een soort in.")
        (soort,) = soorten
        bestanden = [inhoud for _, inhoud in leden]
    if soort not in LEZERS:
        raise Onleesbaar(f"Een bestand van het soort {soort} wordt nog niet gelezen; lever een CSV-bestand.")
    return LEZERS[soort](bestanden, kopscore, grenzen)


def te_groot(grenzen: Grenzen) -> str:
    """Sentence for a file over the limit."""
    return f"Het bestand is groter dan {grenzen.max_bytes // 2**20} MB en is niet gelezen; lever het in delen."


def _pak_uit(data: bytes, grenzen: Grenzen) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as zip_:
            leden = [lid for lid in zip_.infolist() if not _bijvangst(lid)]
            _keur_leden(leden, len(data), grenzen)
            return [(lid.filename, _lees_lid(zip_, lid)) for lid in sorted(leden, key=lambda x: x.filename)]
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as fout:
        if isinstance(fout, zipfile.BadZipFile) or not isinstance(fout, RuntimeError):
            raise Onleesbaar("Het zip-bestand is beschadigd en kan niet worden uitgepakt.") from None
        raise Onleesbaar("Het zip-bestand is versleuteld; lever het zonder wachtwoord.") from None


def _bijvangst(lid: zipfile.ZipInfo) -> bool:
    pad = PurePosixPath(lid.filename)
    return lid.is_dir() or pad.name.startswith(".") or "__MACOSX" in pad.parts or pad.name.endswith(".controle.json")


def _keur_leden(leden: Sequence[zipfile.ZipInfo], ingepakt: int, grenzen: Grenzen) -> None:
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
    if uitgepakt > grenzen.max_bytes or (uitgepakt > 2**20 and uitgepakt > MAX_VERHOUDING * ingepakt):
        raise Onleesbaar("Het zip-bestand wordt uitgepakt te groot en is niet gelezen.")
    if any(PurePosixPath(lid.filename).suffix.lower().removeprefix(".") not in LEZERS for lid in leden):
        raise Onleesbaar("Het zip-bestand bevat iets anders dan bestanden die gelezen worden; lever alleen die.")


def _lees_lid(zip_: zipfile.ZipFile, lid: zipfile.ZipInfo) -> bytes:
    """Unpack one member, never more than it said it would be."""
    with zip_.open(lid) as stroom:
        data = stroom.read(lid.file_size + 1)
    if len(data) > lid.file_size:
        raise Onleesbaar("Het zip-bestand wordt uitgepakt groter dan het zegt en is niet gelezen.")
    return data
