"""Feedback on disk: which files are due, written whole or not at all, removed when nothing asks for them any more.

Lives here: the one way in which feedback/ is written, and the stand that says what was written last. Keep out: what is
said (terugmelding.py, signaallijst.py).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STAND = ".stand.json"
"""What was written last, per file: fingerprint and sizes; in the root of feedback/."""
SIGNALEN = "signalen"
"""Name of the files on build-time findings, one per gemeente."""

Melding = dict[str, Any]


def is_signalen(naam: str) -> bool:
    """Tell whether a name is that of the signals of a gemeente and not of a levering."""
    return naam.endswith(f"/{SIGNALEN}")


@dataclass(frozen=True)
class Terugmeldingen:
    """What one round did: files written, files removed, leveringen in all, and folders that could not be written."""

    geschreven: int = 0
    opgeruimd: int = 0
    totaal: int = 0
    mislukt: tuple[str, ...] = ()

    def met(self, ander: Terugmeldingen) -> Terugmeldingen:
        """Return both rounds together; `totaal` stays that of the leveringen."""
        return Terugmeldingen(
            self.geschreven + ander.geschreven,
            self.opgeruimd + ander.opgeruimd,
            self.totaal,
            tuple(dict.fromkeys([*self.mislukt, *ander.mislukt])),
        )

    def als_dict(self) -> dict[str, object]:
        """Plain form, for machines."""
        return {
            "geschreven": self.geschreven,
            "opgeruimd": self.opgeruimd,
            "leveringen": self.totaal,
            "mislukt": list(self.mislukt),
        }


@dataclass
class Ronde:
    """One round of writing: what stood, what stands now. Files are renamed into place; the stand is written last."""

    map: Path
    alles: bool = False
    geschreven: int = 0
    nu: dict[str, list[Any]] = field(default_factory=dict)
    mislukt: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.was = _lees_stand(self.map)
        self.aanwezig = _groottes(self.map)

    def houd_bij(self, naam: str, merk: str, maak: Callable[[], Melding], boek: Callable[[Melding], bytes]) -> None:
        """Write the two files of one name when they are not there as they should be."""
        oud = self.was.get(naam)
        heel = oud is not None and oud == [merk, self.aanwezig.get(f"{naam}.json"), self.aanwezig.get(f"{naam}.xlsx")]
        if oud is not None and heel and not self.alles:
            self.nu[naam] = oud
            return
        gemeente = naam.partition("/")[0]
        if gemeente in self.mislukt:
            return
        melding = maak()
        try:
            maten = [
                _schrijf(self.map / f"{naam}.json", als_json(melding)),
                _schrijf(self.map / f"{naam}.xlsx", boek(melding)),
            ]
        except OSError as fout:
            self.mislukt[gemeente] = f"De terugmelding voor {gemeente} kan niet worden geschreven ({fout.strerror})."
            return
        self.nu[naam] = [merk, *maten]
        self.geschreven += 1

    def sluit(self, totaal: int, *, behoud: Callable[[str], bool] = lambda _naam: False) -> Terugmeldingen:
        """Remove what no receipt asks for any more, and note what stands."""
        weg = [n for n in self.was if n not in self.nu and n.partition("/")[0] not in self.mislukt and not behoud(n)]
        for naam in weg:
            for soort in ("json", "xlsx"):
                (self.map / f"{naam}.{soort}").unlink(missing_ok=True)
        stand = {n: w for n, w in self.was.items() if n not in weg} | self.nu
        if stand != self.was or self.geschreven:
            _schrijf(self.map / STAND, (json.dumps(stand, indent=0, sort_keys=True) + "\n").encode())
        return Terugmeldingen(self.geschreven, len(weg), totaal, tuple(self.mislukt.values()))


def als_json(melding: Melding) -> bytes:
    """Return the JSON of a melding as it goes to the sender: for machines, on one line; people have the workbook."""
    return (json.dumps(melding, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def _lees_stand(map_: Path) -> dict[str, list[Any]]:
    try:
        gelezen = json.loads((map_ / STAND).read_bytes())
    except (OSError, ValueError):
        return {}
    return gelezen if isinstance(gelezen, dict) else {}


def _groottes(map_: Path) -> dict[str, int]:
    """Size of every file in the folders of the gemeenten."""
    uit: dict[str, int] = {}
    try:
        mappen = [m for m in os.scandir(map_) if m.is_dir(follow_symlinks=False)]
    except OSError:
        return uit
    for gemeente in mappen:
        with os.scandir(gemeente.path) as bestanden:
            for b in bestanden:
                if b.is_file(follow_symlinks=False):
                    uit[f"{gemeente.name}/{b.name}"] = b.stat(follow_symlinks=False).st_size
    return uit


def _schrijf(doel: Path, inhoud: bytes) -> int:
    """Write a file aside and rename it into place; a folder that is a link is not followed. Returns its size.

    Not synced: what a power cut leaves half is seen by its size and written again.
    """
    if doel.parent.is_symlink():
        raise OSError(0, "de map is een verwijzing")
    doel.parent.mkdir(parents=True, exist_ok=True)
    klad = doel.with_name(f".{doel.name}.klad")
    try:
        klad.unlink(missing_ok=True)
        klad.write_bytes(inhoud)
        os.replace(klad, doel)
    finally:
        klad.unlink(missing_ok=True)
    return len(inhoud)
