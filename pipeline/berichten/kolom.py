"""What a column is: its form, whether it must be filled, its width, and the names senders give it.

Lives here: the types `Kolom` and `Contract`. Add here: a new form of value. Keep out: the columns themselves.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property, lru_cache

from pipeline.domain.catalogus import SeedFout
from pipeline.domain.leveringen import Bericht


class Vorm(StrEnum):
    """How the text of a cell is read (SPEC 3)."""

    BSN = "bsn"
    DATUM = "datum"
    TIJD = "tijd"
    AGB = "agb"
    CODE = "code"
    """A code of fixed width from a list; zeros in front that a spreadsheet ate are put back."""
    WOORD = "woord"
    """A code from a short list of words."""
    KENMERK = "kenmerk"
    """A reference of at most `breedte` characters."""
    NUMMER = "nummer"
    """A whole number of at most nine digits."""
    GETAL = "getal"
    """A quantity with at most two decimals."""
    GELD = "geld"
    """An amount in whole cents."""
    TARIEF = "tarief"
    """A price per unit in cents, at most four decimals."""
    GEMEENTE = "gemeente"
    """A CBS code of a gemeente, with or without its prefix; kept with it."""


SOORTEN: dict[Vorm, str] = dict.fromkeys(Vorm, "VARCHAR") | {
    Vorm.DATUM: "DATE",
    Vorm.TIJD: "TIME",
    Vorm.NUMMER: "BIGINT",
    Vorm.GETAL: "DECIMAL(14,2)",
    Vorm.GELD: "BIGINT",
    Vorm.TARIEF: "DECIMAL(14,4)",
}
"""DuckDB type in which a value is kept."""
GETALVORMEN = frozenset({Vorm.GETAL, Vorm.GELD, Vorm.TARIEF})
GELDVORMEN = frozenset({Vorm.GELD, Vorm.TARIEF})


@dataclass(frozen=True)
class Kolom:
    """One column of an extract.

    `ijw` and `ggm` are element paths (parts joined by `/`): the last part, and every longer tail of the path joined,
    are accepted as header names as far as they point at one column only. `minimum`: fewest digits that are still
    taken for a code whose leading zeros were eaten. `bewaard`: name in the accepted rows; empty: read, never kept.
    """

    naam: str
    vorm: Vorm
    betekenis: str
    """What it means, in one Dutch sentence."""
    voorbeeld: str
    """A good value; person numbers from the official test range."""
    verplicht: bool = False
    breedte: int = 0
    minimum: int = 1
    codelijst: str = ""
    waarden: frozenset[str] = frozenset()
    ijw: tuple[str, ...] = ()
    ggm: tuple[str, ...] = ()
    bewaard: str = ""
    kenmerk: str = ""
    """Of a number that a sender chooses: what it numbers. It may hold a person's, so a keyed hash is kept (SPEC 8)."""
    maximum: int = 0
    """Largest number the standard allows (cents for money); 0 when it names none. Beyond it a cell is not read."""
    eindig: bool = False
    """True for a last day, where 31-12-9999 means: no end."""
    is_persoonlijk: bool = False
    """It says who somebody is: never right of the archive as it came."""
    mag_leeg_bewaard: bool = False
    """Its value may be empty in accepted rows, although a sender must fill it."""
    tekens: str = "."
    """Which characters a KENMERK has, as a pattern of one."""
    weigert: str = ""
    """Name of the check that no accepted row has another code than those of the list; empty: others are signals."""
    bij: str = ""
    """Of a time of day: the column with the day it belongs to."""

    @property
    def in_kleine_letters(self) -> bool:
        """Tell whether its words are in lower case; codes are in upper case."""
        return bool(self.waarden) and all(w == w.lower() for w in self.waarden)

    @property
    def soort(self) -> str:
        """DuckDB type of the kept value."""
        return "VARCHAR" if self.kenmerk else SOORTEN[self.vorm]


@lru_cache(maxsize=4096)
def kaal(naam: str) -> str:
    """Reduce a header name to what identifies it: lower case letters and digits only.

    >>> kaal("Toewijzings-Datum ")
    'toewijzingsdatum'
    """
    zonder_accent = unicodedata.normalize("NFKD", naam)
    return re.sub(r"[^a-z0-9]", "", zonder_accent.lower())


BYTEMERK = re.compile("^(?:\ufeff|\u00ef\u00bb\u00bf|\u00c3\u00af\u00c2\u00bb\u00c2\u00bf)+")
"""A byte order mark, also one that was taken for text and encoded again, once or twice."""
_OPSMUK = re.compile(r"\([^()]*\)|(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9]*:(?=[A-Za-z])")
"""What may stand around a name: something between parentheses, the prefix of an XML namespace."""


@dataclass(frozen=True)
class Contract:
    """The columns of one bericht, and what the house asks of them.

    `orde`: pairs of days in that order, with the rule that says so. `periodekolommen`: what dates a row within its
    maand.
    """

    bericht: Bericht
    kolommen: tuple[Kolom, ...]
    orde: tuple[tuple[str, str, str], ...]
    periodekolommen: tuple[str, ...]
    korrel: str
    """What one row is, in Dutch."""
    geldkolom: str = ""
    """What a sender sums; empty: no money in it, and every sum of cents is 0."""
    productdag: str = ""
    """The day on which the product line of a row must hold; empty: its rows name no product."""
    eigen_sleutel: str = ""
    """By which a sender finds the row back; empty: by its number in the file alone."""
    tariefkolom: str = ""
    """A price per unit, to hold against the product table; empty: there is none."""
    volumekolom: str = ""
    """A volume that under unit 83 is the amount itself; empty: there is none."""
    ggm: str = ""
    """Table of the GGM of which a row is a row of this bericht (ggm.py); empty: the model has none."""
    synoniemen: tuple[tuple[str, str], ...] = ()
    """Further header names (`kaal`) with their column, from the seeds (`met_synoniemen`)."""

    @cached_property
    def per_naam(self) -> dict[str, Kolom]:
        """Columns by their canonical name."""
        return {k.naam: k for k in self.kolommen}

    @cached_property
    def bewaard(self) -> dict[str, Kolom]:
        """Kept columns by the name they are kept under, in order."""
        return {k.bewaard: k for k in self.kolommen if k.bewaard}

    @property
    def geld_bewaard(self) -> str:
        """Name under which the money column is kept; its plain sum is the cents of a levering (SPEC 4). Empty: none."""
        return self.per_naam[self.geldkolom].bewaard if self.geldkolom else ""

    @property
    def over_personen(self) -> bool:
        """Tell whether a row is about a person: by a number that becomes a pseudonym."""
        return any(k.vorm is Vorm.BSN for k in self.kolommen)

    @cached_property
    def verplicht(self) -> frozenset[str]:
        """Names of the columns that must be present and filled."""
        return frozenset(k.naam for k in self.kolommen if k.verplicht)

    def met_synoniemen(self, synoniemen: Iterable[tuple[str, str]]) -> Contract:
        """Return this contract with further header names (name, column); of unknown columns none is taken.

        Raises SeedFout when one is the name of another column: it would change nothing.
        """
        eigen = tuple((kaal(naam), kolom) for naam, kolom in synoniemen if kolom in self.per_naam)
        canoniek = {kaal(k.naam): k.naam for k in self.kolommen}
        for naam, kolom in eigen:
            if canoniek.get(naam, kolom) != kolom:
                raise SeedFout(f"ref_kolomsynoniemen.csv: {naam} voor {kolom} is de naam van een andere kolom")
        return replace(self, synoniemen=eigen)

    def met_vorm(self, *vormen: Vorm) -> list[Kolom]:
        """Columns that are read in one of these ways, in contract order."""
        return [k for k in self.kolommen if k.vorm in vormen]

    @cached_property
    def kopnamen(self) -> dict[str, str]:
        """Every accepted header name in reduced form (`kaal`), with the column it stands for.

        A name that could stand for two columns is not accepted, unless it is a canonical name. What the region says
        (`synoniemen`) goes before what an element is called, and never before a canonical name.
        """
        kandidaten: dict[str, set[str]] = {}
        for kolom in self.kolommen:
            for pad in (*kolom.ijw, *kolom.ggm):
                delen = pad.split("/")
                for begin in range(len(delen)):
                    kandidaten.setdefault(kaal("".join(delen[begin:])), set()).add(kolom.naam)
        namen = {naam: next(iter(kolommen)) for naam, kolommen in kandidaten.items() if len(kolommen) == 1}
        return namen | dict(self.synoniemen) | {kaal(k.naam): k.naam for k in self.kolommen}

    def kopnaam(self, cel: str) -> tuple[str, bool]:
        """Return the name in `kopnamen` that a header cell stands for ("" when none), and whether it is a sure one.

        What stands between parentheses (a unit, an explanation) and a namespace prefix are left out when the whole is
        not known. Such a name, and one from the seeds, gives way when another cell names the same column outright.
        """
        cel = BYTEMERK.sub("", cel)
        naam = kaal(cel)
        if naam in self.kopnamen:
            return naam, self._eigen_kopnamen.get(naam) == self.kopnamen[naam]
        kort = kaal(_OPSMUK.sub(" ", cel)) if "(" in cel or ":" in cel else ""
        return (kort, False) if kort in self.kopnamen else ("", False)

    @cached_property
    def _eigen_kopnamen(self) -> dict[str, str]:
        return replace(self, synoniemen=()).kopnamen
