"""What identifies a publication: of which leveringen, seeds and code it is made, and as of when.

Lives here: the facts that travel from the run to dbt, to the marts and to publicatie.json, and the identity made of
them. Add here: a fact that every published table should be traceable to. Keep out: files and links (publish/).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pipeline.domain.kalender import lokale_dag
from pipeline.domain.leveringen import Ontvangstbewijs

PUBLICATIE_ID = re.compile(r"P\d{8}T\d{6}-[0-9a-f]{8}")


def als_utc(moment: dt.datetime) -> dt.datetime:
    """Return `moment` in UTC; ValueError when it does not say in which zone it is."""
    if moment.tzinfo is None:
        raise ValueError("een tijdstip zonder tijdzone is geen peilmoment")
    return moment.astimezone(dt.UTC)


def vingerafdruk(bewijzen: Iterable[Ontvangstbewijs], *, seedversie: str, codeversie: str, peildatum: dt.date) -> str:
    """Hash of everything the marts depend on: two equal ones mean equal marts (SPEC 9, point 1).

    `bewijzen`: those known at the peilmoment. The peilmoment itself counts as a day: between two moments of one day
    nothing changes but what arrived, and that is in the receipts.
    """
    h = hashlib.sha256()
    for b in sorted(bewijzen, key=lambda b: b.levering_id):
        h.update(f"{b.levering_id}|{als_utc(b.ontvangen_op).isoformat()}|{b.status.value}|{b.deurversie}\n".encode())
    h.update(f"{seedversie}|{codeversie}|{peildatum.isoformat()}".encode())
    return h.hexdigest()


def maak_publicatie_id(peilmoment: dt.datetime, merk: str) -> str:
    """Name a publication: `P<YYYYmmddTHHMMSS of the peilmoment, UTC>-<8 hex of the fingerprint>`."""
    return f"P{als_utc(peilmoment):%Y%m%dT%H%M%S}-{merk[:8]}"


@dataclass(frozen=True)
class PublicatieGegevens:
    """The facts of one publication; `gemaakt_op` is the only one that a repetition may change.

    `n_leveringen`: receipts known at the peilmoment. `reeks`: range of person numbers (SPEC 8).
    """

    publicatie_id: str
    peilmoment: dt.datetime
    gemaakt_op: dt.datetime
    codeversie: str
    seedversie: str
    deurversie: str
    n_leveringen: int
    reeks: str

    def __post_init__(self) -> None:
        if not PUBLICATIE_ID.fullmatch(self.publicatie_id):
            raise ValueError(f"geen publicatie-id: {self.publicatie_id!r}")

    @property
    def peildatum(self) -> dt.date:
        """The day of the peilmoment in Europe/Amsterdam."""
        return lokale_dag(als_utc(self.peilmoment))

    def dbt_vars(self) -> dict[str, str]:
        """The vars of a dbt build (architecture.md, section 3)."""
        return {
            "publicatie_id": self.publicatie_id,
            "peilmoment": f"{als_utc(self.peilmoment):%Y-%m-%d %H:%M:%S.%f}",
            "peildatum": self.peildatum.isoformat(),
        }

    def als_dict(self) -> dict[str, Any]:
        """Plain form, ready for JSON."""
        return {
            "publicatie_id": self.publicatie_id,
            "peilmoment": als_utc(self.peilmoment).isoformat(),
            "gemaakt_op": als_utc(self.gemaakt_op).isoformat(),
            "codeversie": self.codeversie,
            "seedversie": self.seedversie,
            "deurversie": self.deurversie,
            "n_leveringen": self.n_leveringen,
            "reeks": self.reeks,
        }

    @classmethod
    def van_dict(cls, d: dict[str, Any]) -> PublicatieGegevens:
        """Read the plain form back; KeyError or ValueError when it is not one."""
        return cls(
            publicatie_id=d["publicatie_id"],
            peilmoment=dt.datetime.fromisoformat(d["peilmoment"]),
            gemaakt_op=dt.datetime.fromisoformat(d["gemaakt_op"]),
            codeversie=d["codeversie"],
            seedversie=d["seedversie"],
            deurversie=d["deurversie"],
            n_leveringen=int(d["n_leveringen"]),
            reeks=d["reeks"],
        )
