"""Leveringen and their receipts: the truth about what was received and what became of it.

Lives here: keys, states, the receipt as a value, the choice of the geldende levering.
Add here: a field of the receipt (and raise `BEWIJS_VERSIE`). Keep out: reading or writing files (intake/).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from pipeline.domain.bevindingen import Bevinding
from pipeline.domain.maanden import Maand

REGIO = "REGIO"
"""The regio itself: as an area of figures, as one to tell, and as the sender of what is of no gemeente (ADR 0011)."""
BEWIJS_VERSIE = 2
"""2: hashes of content are keyed, and the name of the file is what it is about. Older receipts: intake/bijwerken.py."""


class Bericht(StrEnum):
    """Kinds of extract (SPEC 1). What is not in `KERN` is optional: a regio has it by agreement (SPEC 12)."""

    TOEWIJZINGEN = "toewijzingen"
    DECLARATIES = "declaraties"
    CAPACITEIT = "capaciteit"
    VERZOEKEN = "verzoeken"
    DOSSIERFEITEN = "dossierfeiten"

    @property
    def is_optioneel(self) -> bool:
        """Tell whether nothing is owed of it, and nothing shown, where nobody agreed on it."""
        return self not in KERN


KERN = (Bericht.TOEWIJZINGEN, Bericht.DECLARATIES)
"""The berichten every regio is made of: they decide which months are published and what dekking is."""


class Status(StrEnum):
    """States of a levering in the calendar, and outcomes on a receipt (SPEC 4)."""

    NOG_NIET_AANGESLOTEN = "NOG_NIET_AANGESLOTEN"
    VERWACHT = "VERWACHT"
    TE_LAAT = "TE_LAAT"
    ONTBREEKT = "ONTBREEKT"
    NIHIL_BEVESTIGD = "NIHIL_BEVESTIGD"
    GEACCEPTEERD = "GEACCEPTEERD"
    GEACCEPTEERD_MET_OPMERKINGEN = "GEACCEPTEERD_MET_OPMERKINGEN"
    AFGEKEURD = "AFGEKEURD"
    ONGEWIJZIGD = "ONGEWIJZIGD"


GEACCEPTEERDE_STATUSSEN = frozenset({Status.GEACCEPTEERD, Status.GEACCEPTEERD_MET_OPMERKINGEN, Status.NIHIL_BEVESTIGD})


@dataclass(frozen=True, order=True)
class Sleutel:
    """What a file is about: (gemeente, bericht, maand). Later files for the same three are new versions."""

    gemeente: str
    bericht: Bericht
    maand: Maand

    def __str__(self) -> str:
        return f"{self.gemeente} {self.bericht.value} {self.maand}"


def levering_id(sleutel: Sleutel, sha256: str) -> str:
    """Identity of a levering by what it is about and its bytes; the same wherever and whenever it is taken in."""
    return hashlib.sha256(f"{sleutel}|{sha256}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Telling:
    """Rows or cents of a levering: `ontvangen == geaccepteerd + quarantaine`, always (SPEC 4)."""

    ontvangen: int = 0
    geaccepteerd: int = 0
    quarantaine: int = 0

    def sluit(self) -> bool:
        """Tell whether nothing was lost and nothing counted twice."""
        return self.ontvangen == self.geaccepteerd + self.quarantaine

    def als_dict(self) -> dict[str, int]:
        """Plain form for receipts."""
        return {"ontvangen": self.ontvangen, "geaccepteerd": self.geaccepteerd, "quarantaine": self.quarantaine}


@dataclass(frozen=True)
class Ontvangstbewijs:
    """What was received and what became of it; one per distinct content of a (gemeente, bericht, maand).

    `sha256`: keyed hash of the bytes (`domain.sleutels.inhoudsmerk`); that in `controle` too.
    `ontvangen_op`: earliest moment (UTC) at which these bytes were offered for this key. `rijen_in_bestand` =
    `rijen.ontvangen` + the sum of `niet_data` (kinds: titel, leeg, totaal; of iJw messages antwoord, ander_bericht).
    `bedrag_cent`: plain sum of ingediend_bedrag (toewijzingen: budget); an unreadable cell counts 0. `deurversie`:
    fingerprint of the code and seeds that gave the verdict; another fingerprint means the verdict is due to be given
    anew from the archive.
    `reparaties`: cells repaired, by column: `kolom` zeros put back, `kolom:datumvorm` and `kolom:getalvorm` a date or
    number written otherwise than ISO or with a decimal point, `kolom:woord` a word instead of a code.
    `inhoud_hash`: hash of the accepted rows in canonical form, whatever the dress.
    """

    levering_id: str
    sleutel: Sleutel
    sha256: str
    bytes: int
    bestandsnaam: str
    ontvangen_op: dt.datetime
    verwerkt_op: dt.datetime
    status: Status
    soort: str = "mutaties"
    bedrag_eenheid: str = "cent"
    rijen_in_bestand: int = 0
    niet_data: dict[str, int] = field(default_factory=dict)
    rijen: Telling = field(default_factory=Telling)
    bedrag_cent: Telling = field(default_factory=Telling)
    reparaties: dict[str, int] = field(default_factory=dict)
    bevindingen: tuple[Bevinding, ...] = ()
    deurversie: str = ""
    codeversie: str = ""
    inhoud_hash: str = ""
    controle: dict[str, Any] | None = None

    @property
    def is_geaccepteerd(self) -> bool:
        """Tell whether this levering may stand."""
        return self.status in GEACCEPTEERDE_STATUSSEN

    def controleer(self) -> None:
        """Raise ValueError when the counts do not close; a run that gets here must fail (SPEC 4)."""
        sluit = (
            self.rijen.sluit()
            and self.bedrag_cent.sluit()
            and self.rijen_in_bestand == self.rijen.ontvangen + sum(self.niet_data.values())
        )
        if not sluit:
            raise ValueError(f"tellingen van levering {self.levering_id} ({self.sleutel}) sluiten niet")

    def als_dict(self) -> dict[str, Any]:
        """Plain form, ready for JSON."""
        return {
            "bewijs_versie": BEWIJS_VERSIE,
            "levering_id": self.levering_id,
            "gemeente": self.sleutel.gemeente,
            "bericht": self.sleutel.bericht.value,
            "maand": str(self.sleutel.maand),
            "sha256": self.sha256,
            "bytes": self.bytes,
            "bestandsnaam": self.bestandsnaam,
            "ontvangen_op": self.ontvangen_op.isoformat(),
            "verwerkt_op": self.verwerkt_op.isoformat(),
            "status": self.status.value,
            "soort": self.soort,
            "bedrag_eenheid": self.bedrag_eenheid,
            "rijen_in_bestand": self.rijen_in_bestand,
            "niet_data": self.niet_data,
            "rijen": self.rijen.als_dict(),
            "bedrag_cent": self.bedrag_cent.als_dict(),
            "reparaties": self.reparaties,
            "bevindingen": [b.als_dict() for b in self.bevindingen],
            "deurversie": self.deurversie,
            "codeversie": self.codeversie,
            "inhoud_hash": self.inhoud_hash,
            "controle": self.controle,
        }

    @classmethod
    def van_dict(cls, d: dict[str, Any]) -> Ontvangstbewijs:
        """Read the plain form back; KeyError or ValueError when it is not one."""
        return cls(
            levering_id=d["levering_id"],
            sleutel=Sleutel(d["gemeente"], Bericht(d["bericht"]), Maand.lees(d["maand"])),
            sha256=d["sha256"],
            bytes=int(d["bytes"]),
            bestandsnaam=d["bestandsnaam"],
            ontvangen_op=dt.datetime.fromisoformat(d["ontvangen_op"]),
            verwerkt_op=dt.datetime.fromisoformat(d["verwerkt_op"]),
            status=Status(d["status"]),
            soort=d["soort"],
            bedrag_eenheid=d["bedrag_eenheid"],
            rijen_in_bestand=int(d["rijen_in_bestand"]),
            niet_data={k: int(v) for k, v in d["niet_data"].items()},
            rijen=Telling(**d["rijen"]),
            bedrag_cent=Telling(**d["bedrag_cent"]),
            reparaties={k: int(v) for k, v in d["reparaties"].items()},
            bevindingen=tuple(Bevinding.van_dict(b) for b in d["bevindingen"]),
            deurversie=d["deurversie"],
            codeversie=d["codeversie"],
            inhoud_hash=d.get("inhoud_hash", ""),
            controle=d.get("controle"),
        )

    def eerder_aangeboden(self, moment: dt.datetime) -> Ontvangstbewijs:
        """Return the same receipt with the earliest of both moments of arrival."""
        return replace(self, ontvangen_op=min(self.ontvangen_op, moment))


def geldende(bewijzen: Iterable[Ontvangstbewijs], peilmoment: dt.datetime) -> dict[Sleutel, Ontvangstbewijs]:
    """Per key the accepted levering with the latest ontvangen_op not after `peilmoment`, ties by hash (SPEC 1)."""
    uit: dict[Sleutel, Ontvangstbewijs] = {}
    for b in bewijzen:
        if not b.is_geaccepteerd or b.ontvangen_op > peilmoment:
            continue
        staand = uit.get(b.sleutel)
        if staand is None or (b.ontvangen_op, b.sha256) > (staand.ontvangen_op, staand.sha256):
            uit[b.sleutel] = b
    return uit
