"""Findings: what a rule saw in a levering. Never a value of a row, only codes and counts (SPEC 8).

Lives here: severities and the finding itself. The rules' texts are in seeds/ref_regels.csv.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Ernst(StrEnum):
    """Severity of a finding (SPEC 4)."""

    BLOKKEREND = "BLOKKEREND"
    FOUT = "FOUT"
    SIGNAAL = "SIGNAAL"
    INFO = "INFO"


@dataclass(frozen=True)
class Bevinding:
    """One evaluated rule on one levering; `n_rijen` may be zero: evaluated and clean.

    `kolommen` names the columns involved, `rijen` the first row numbers as the sender sees them (at most 20),
    `zin` an optional sentence that replaces the catalogue's (Dutch, no values of rows).
    """

    regel_code: str
    ernst: Ernst
    n_rijen: int
    n_gecontroleerd: int
    kolommen: tuple[str, ...] = ()
    rijen: tuple[int, ...] = ()
    zin: str = ""

    def als_dict(self) -> dict[str, Any]:
        """Plain form for receipts."""
        return {
            "regel_code": self.regel_code,
            "ernst": self.ernst.value,
            "n_rijen": self.n_rijen,
            "n_gecontroleerd": self.n_gecontroleerd,
            "kolommen": list(self.kolommen),
            "rijen": list(self.rijen),
            "zin": self.zin,
        }

    @classmethod
    def van_dict(cls, d: dict[str, Any]) -> Bevinding:
        """Read the plain form back."""
        return cls(
            regel_code=d["regel_code"],
            ernst=Ernst(d["ernst"]),
            n_rijen=int(d["n_rijen"]),
            n_gecontroleerd=int(d["n_gecontroleerd"]),
            kolommen=tuple(d.get("kolommen", ())),
            rijen=tuple(d.get("rijen", ())),
            zin=d.get("zin", ""),
        )
