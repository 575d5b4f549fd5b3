"""Names of the working columns beside a contract column, shared by reading (intake/) and judging (the rules).

Lives here: one function per kind of working column, and what can be the matter with a cell. Keep out: filling them.
"""

from __future__ import annotations

from enum import IntEnum

LEVERING = "_l"
"""Which levering of the batch a row belongs to (number in the batch)."""
BESTAND = "_b"
"""Which file of the batch a row came from (number in the batch): a zip holds files of several hands."""
RIJ = "rij"
"""Row number in the file as the sender sees it; the first row is 1."""
EURO = "_euro"
"""Whether the levering was agreed to be in euros."""
SCHEEF = "_scheef"
"""Whether the row has another number of fields than the header: nothing in it can be read."""
AANGEVULD = "_aangevuld"
"""Whether the row had fewer fields, and what is missing at its end was taken for empty."""
GOED = "_goed"
"""Whether the row passed door 1: no FOUT of the contract."""
HASH = "rij_hash"
"""Hash of the canonical row."""
GEMEENTE = "gemeente"
P_BEKEND, P_GELDIG, P_CATEGORIE = "_p_bekend", "_p_geldig", "_p_categorie"
P_ZWIJGT = "_p_zwijgt"
P_EENHEID, P_TARIEF = "_p_eenheid", "_p_tarief"
"""The product line that holds for the row: known at all, its category, unit and tarief in cents."""


class Celfout(IntEnum):
    """What is the matter with the text of a cell."""

    GEEN = 0
    ONLEESBAAR = 1
    TWEECIJFERIG_JAAR = 2
    BUITEN_BEREIK = 3
    OPEN = 4
    ONBEKEND = 5
    NEGATIEF = 6
    GEEN_HELE_CENTEN = 7
    TWIJFEL = 8
    """Read, but nothing proves that a separator means what it was taken for."""


def tekst(naam: str) -> str:
    """Text of the cell; NULL when empty."""
    return f"{naam}__t"


def fout(naam: str) -> str:
    """Fault of the cell (`Celfout`)."""
    return f"{naam}__f"


def hersteld(naam: str) -> str:
    """Whether the cell was repaired.

    Zeros put back in a code; a date that is no ISO day; a number with another sign than a decimal point in it.
    """
    return f"{naam}__h"


def bron(naam: str) -> str:
    """Text that a code is read from: the cell, or the code for which its word stands in the seeds."""
    return f"{naam}__b"


def vertaald(naam: str) -> str:
    """Whether the cell held a word from the seeds instead of a code."""
    return f"{naam}__s"


def elf(naam: str) -> str:
    """Whether the person number passes the eleven-test."""
    return f"{naam}__elf"


def afgerond(naam: str) -> str:
    """Whether a quantity was delivered with more decimals than are kept."""
    return f"{naam}__r"


def merk(naam: str) -> str:
    """Keyed hash of a number that the sender chose: what is kept of it."""
    return f"{naam}__n"


def persoon(naam: str) -> str:
    """Whether the cell holds the number of a person of the levering."""
    return f"{naam}__p"


def in_euro_of_cent(naam: str) -> str:
    """The number as delivered, in millionths, before the money unit is applied."""
    return f"{naam}__m"
