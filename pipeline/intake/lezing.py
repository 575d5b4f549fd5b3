"""What a reader gets and returns: limits, knowledge of headers, a table of text, and the refusal with a sentence.

Lives here: the values that readers share. Keep out: reading (readers.py), what the columns mean.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from pipeline.berichten.kolom import Contract

MAX_CELLEN = 12_500_000
"""Rows times columns of one levering: what fits, with everything that is worked out from it, in 1 GiB of memory."""
BREEDTE = 25
"""Columns that a row costs at least, however few it has: those of the widest contract."""
MAX_RIJEN = MAX_CELLEN // BREEDTE


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
    `tegenspraak`: answers of which the amount awarded is not what was submitted less what they reject.
    """

    gemeenten: frozenset[str] = frozenset()
    antwoorden: int = 0
    andere: int = 0
    losse_antwoorden: int = 0
    afwijkend_totaal: int = 0
    tegenspraak: int = 0


@dataclass(frozen=True)
class Tabel:
    """Text of one sheet or file.

    `kop`: cells of the header row; empty when none was found. `cellen`: one String column per header cell (`k0`, `k1`,
    ...) plus `rij` (UInt32, row number as the sender sees it, first row is 1); only rows with the right number of
    fields. `scheef`: numbers of the rows with more fields. `titel`, `leeg`, `totaal`: rows without data.
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
    aangevuld: tuple[int, ...] = ()
    """Numbers of the rows with fewer fields: what is missing at the end is taken for empty (Excel leaves it out)."""
    bedrag_eenheid: str = ""
    """Money unit that the kind of file fixes; empty: as was agreed."""


Kopscore = Callable[[Sequence[str]], int]
"""How many known columns a row of cells names."""


def _past_altijd(_kop: Sequence[str]) -> bool:
    return True


def _nergens(_kop: Sequence[str], _vorm: str) -> frozenset[int]:
    return frozenset()


@dataclass(frozen=True)
class Kopkennis:
    """A Kopscore that knows the bericht under which a file was sent.

    `past`: this header row has every required column of it. `plaatsen`: positions of the columns of a form (`datum`,
    `tijd`), where a spreadsheet may hold a bare number for a day or a time. `contract`: of that bericht.
    """

    score: Kopscore
    past: Callable[[Sequence[str]], bool] = _past_altijd
    plaatsen: Callable[[Sequence[str], str], frozenset[int]] = _nergens
    contract: Contract | None = None

    def __call__(self, cellen: Sequence[str]) -> int:
        """How many known columns of any bericht a row of cells names."""
        return self.score(cellen)


def kennis_van(kopscore: Kopscore) -> Kopkennis:
    """Return what is known of headers, also where only a score is."""
    return kopscore if isinstance(kopscore, Kopkennis) else Kopkennis(kopscore)


def keur_rijen(rijen: int, kolommen: int = 0) -> None:
    """Refuse a table that would not fit in memory, however few bytes it takes in its file."""
    if rijen * max(kolommen, BREEDTE) > MAX_CELLEN:
        hoogstens = MAX_CELLEN // max(kolommen, BREEDTE)
        raise Onleesbaar(f"Het bestand heeft meer dan {hoogstens} rijen en is niet gelezen; lever het in delen.")


def te_groot(grenzen: Grenzen) -> str:
    """Sentence for a file over the limit."""
    return f"Het bestand is groter dan {grenzen.max_bytes // 2**20} MB en is niet gelezen; lever het in delen."
