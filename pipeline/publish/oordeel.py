"""What the gate said: expectations with a plain sentence each, and whether the candidate may go out.

Lives here: the result as a value and as poort.json. Keep out: great_expectations, which costs seconds to import.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

POORT_BESTAND = "poort.json"


class Zwaarte(StrEnum):
    """What an expectation that is not met does: hold the publication, or say so and let it go."""

    KRITIEK = "critical"
    WAARSCHUWING = "warning"


@dataclass(frozen=True)
class Verwachtingsresultaat:
    """One expectation. `zin`: what was expected, in plain Dutch; `waargenomen`: an aggregate, never a row.

    `afstand`: how far off, in plain Dutch; empty when it was met.
    """

    naam: str
    zin: str
    zwaarte: Zwaarte
    geslaagd: bool
    waargenomen: str
    afstand: str = ""

    @property
    def bezwaar(self) -> str:
        """The sentence to show when it failed."""
        return f"{self.zin} Waargenomen: {self.waargenomen}."


@dataclass(frozen=True)
class Poortresultaat:
    """All expectations of one candidate, compared with publication `vorige` (empty: the first)."""

    publicatie_id: str
    vorige: str
    verwachtingen: tuple[Verwachtingsresultaat, ...]

    @property
    def is_doorgelaten(self) -> bool:
        """Tell whether nothing critical failed. No expectation at all is no approval."""
        return bool(self.verwachtingen) and not self.bezwaren

    @property
    def bezwaren(self) -> tuple[str, ...]:
        """Why it is held."""
        return tuple(v.bezwaar for v in self.verwachtingen if not v.geslaagd and v.zwaarte is Zwaarte.KRITIEK)

    @property
    def waarschuwingen(self) -> tuple[str, ...]:
        """What someone should look at although it goes out."""
        return tuple(v.bezwaar for v in self.verwachtingen if not v.geslaagd and v.zwaarte is Zwaarte.WAARSCHUWING)

    def als_dict(self) -> dict[str, Any]:
        """Plain form, ready for JSON."""
        return {
            "publicatie_id": self.publicatie_id,
            "vorige": self.vorige,
            "is_doorgelaten": self.is_doorgelaten,
            "bezwaren": list(self.bezwaren),
            "waarschuwingen": list(self.waarschuwingen),
            "verwachtingen": [asdict(v) for v in self.verwachtingen],
        }

    @classmethod
    def van_dict(cls, d: dict[str, Any]) -> Poortresultaat:
        """Read the plain form back."""
        return cls(
            publicatie_id=d["publicatie_id"],
            vorige=d["vorige"],
            verwachtingen=tuple(
                Verwachtingsresultaat(**(v | {"zwaarte": Zwaarte(v["zwaarte"])})) for v in d["verwachtingen"]
            ),
        )


def schrijf_poort(pad: Path, resultaat: Poortresultaat) -> None:
    """Write poort.json in the folder of a candidate."""
    tekst = json.dumps(resultaat.als_dict(), ensure_ascii=False, indent=1)
    (pad / POORT_BESTAND).write_text(tekst + "\n", encoding="utf-8")


def lees_poort(pad: Path) -> Poortresultaat | None:
    """Read poort.json of a candidate or publication; None when it was never judged."""
    try:
        return Poortresultaat.van_dict(json.loads((pad / POORT_BESTAND).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
