"""What the door should have found, by the ledger of the synthetic region, beside what it found.

Lives here: findings per file, rule and row from grootboek.csv, from receipts and from the rows the door left behind.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import polars as pl

from pipeline.domain.bevindingen import Ernst
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Ontvangstbewijs
from pipeline.settings import Huis
from tests.bestanden import merk_van

Vondst = tuple[str, str]
"""(file relative to landing/, rule code)."""


@dataclass(frozen=True)
class Boekregel:
    """One line of grootboek.csv; `rij` None is the file as a whole."""

    bestand: str
    rij: int | None
    regel_code: str
    soort: str


@dataclass
class Regelverslag:
    """What became of one rule: expected and found counts, missed and false alarms."""

    regel_code: str
    verwacht: int = 0
    gevonden: int = 0
    gemist: int = 0
    vals_alarm: int = 0
    voorbeelden: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Share of the expected findings that was found; 1 when nothing was expected."""
        return 1 - self.gemist / self.verwacht if self.verwacht else 1.0

    def __str__(self) -> str:
        kop = f"{self.regel_code:5} {self.verwacht:8} {self.gevonden:8} {self.recall:7.2f} {self.vals_alarm:6}"
        return "  ".join([kop, *self.voorbeelden[:3]])


@dataclass(frozen=True)
class Deurboek:
    """Both sides for one region: ledger and list of leveringen in `bron`, receipts and rows in `huis`."""

    bron: Path
    huis: Huis
    catalogus: Catalogus

    @cached_property
    def leveringen(self) -> list[dict[str, str]]:
        """Lines of leveringen.csv with a file."""
        with (self.bron / "leveringen.csv").open(encoding="utf-8", newline="") as f:
            return [r for r in csv.DictReader(f) if r["bestand"]]

    @cached_property
    def boek(self) -> list[Boekregel]:
        """Lines of grootboek.csv."""
        with (self.bron / "grootboek.csv").open(encoding="utf-8", newline="") as f:
            return [
                Boekregel(r["bestand"], int(r["rij"]) if r["rij"] else None, r["regel_code"], r["soort"])
                for r in csv.DictReader(f)
            ]

    @cached_property
    def bewijzen(self) -> dict[str, Ontvangstbewijs]:
        """Receipt per file; joined by content, key and folder, never by name (names are masked).

        The same bytes beside another control file have a receipt of their own: then the moment of arrival decides.
        """
        from pipeline.intake import lees_bewijzen

        gezocht: dict[tuple[str, ...], list[Ontvangstbewijs]] = defaultdict(list)
        for b in lees_bewijzen(self.huis):
            map_ = b.bestandsnaam.partition("/")[0] if "/" in b.bestandsnaam else b.sleutel.gemeente
            gezocht[b.sha256, map_, b.sleutel.gemeente, b.sleutel.bericht.value, str(b.sleutel.maand)].append(b)
        uit = {}
        for r in self.leveringen:
            sha = merk_van((self.bron / "landing" / r["bestand"]).read_bytes())
            map_ = r["bestand"].partition("/")[0]
            bewijzen = gezocht.get((sha, map_, r["gemeente"], r["bericht"], r["maand"]), [])
            moment = dt.datetime.fromisoformat(r["ontvangen_op"])
            if bewijzen:
                uit[r["bestand"]] = min(bewijzen, key=lambda b: abs(b.ontvangen_op - moment))
        return uit

    def is_deurregel(self, code: str) -> bool:
        """Tell whether the door itself evaluates the rule."""
        return self.catalogus.regels[code].deur != "bouw"

    @cached_property
    def verwacht(self) -> dict[Vondst, set[int | None]]:
        """Rows per file and door rule by the ledger."""
        uit: dict[Vondst, set[int | None]] = defaultdict(set)
        for b in self.boek:
            if self.is_deurregel(b.regel_code):
                uit[b.bestand, b.regel_code].add(b.rij)
        return uit

    @cached_property
    def geteld(self) -> dict[Vondst, int]:
        """Count of rows per file and door rule by the receipts."""
        return {
            (bestand, x.regel_code): x.n_rijen
            for bestand, b in self.bewijzen.items()
            for x in b.bevindingen
            if x.n_rijen and self.is_deurregel(x.regel_code)
        }

    @cached_property
    def aangewezen(self) -> dict[Vondst, set[int]]:
        """Rows per file and rule by `signalen` of accepted and `redenen` of refused rows."""
        uit: dict[Vondst, set[int]] = defaultdict(set)
        for bestand, b in self.bewijzen.items():
            for kamer, kolom in (("validated", "signalen"), ("quarantine", "redenen")):
                pad = self._rijenpad(kamer, b)
                if pad.exists():
                    for rij, codes in pl.read_parquet(pad, columns=["rij", kolom]).iter_rows():
                        for code in filter(None, (codes or "").split("|")):
                            uit[bestand, code].add(rij)
        return uit

    def _rijenpad(self, kamer: str, b: Ontvangstbewijs) -> Path:
        s = b.sleutel
        return self.huis.pad / kamer / s.gemeente / s.bericht.value / str(s.maand) / f"{b.levering_id}.parquet"

    def _geweigerde_rijen(self, bestand: str) -> set[int]:
        pad = self._rijenpad("quarantine", self.bewijzen[bestand])
        return set(pl.read_parquet(pad, columns=["rij"])["rij"]) if pad.exists() else set()

    def status_anders(self) -> list[str]:
        """Files whose verdict is not the expected one."""
        uit = []
        for r in self.leveringen:
            b = self.bewijzen.get(r["bestand"])
            status = b.status.value if b else "geen ontvangstbewijs"
            if status != r["verwachte_status"]:
                uit.append(f"{r['bestand']}: {status}, verwacht {r['verwachte_status']} {r['toelichting']}")
        return uit

    def verslag(self) -> list[Regelverslag]:
        """Per door rule: expected, found, missed, false alarms; counts on receipts and rows where those are kept."""
        uit: dict[str, Regelverslag] = {}
        for vondst in sorted({*self.verwacht, *self.geteld}):
            bestand, code = vondst
            v = uit.setdefault(code, Regelverslag(code))
            verwacht, gevonden = self.verwacht.get(vondst, set()), self.geteld.get(vondst, 0)
            gemist, vals = max(0, len(verwacht) - gevonden), max(0, gevonden - len(verwacht))
            if not (gemist or vals):
                gemist, vals = self._rijen_anders(vondst, verwacht)
            v.verwacht += len(verwacht)
            v.gevonden += gevonden
            v.gemist += gemist
            v.vals_alarm += vals
            if gemist or vals:
                v.voorbeelden.append(
                    f"{bestand} verwacht {_toon(verwacht)} {gevonden}x {_toon(self.aangewezen[vondst])}"
                )
        return list(uit.values())

    def _rijen_anders(self, vondst: Vondst, verwacht: set[int | None]) -> tuple[int, int]:
        """Compare row by row, where rows are kept: an accepted levering; a refused row keeps only what refused it."""
        bestand, code = vondst
        if None in verwacht or not self.bewijzen[bestand].is_geaccepteerd:
            return 0, 0
        moet = {r for r in verwacht if r is not None}
        if self.catalogus.regels[code].ernst is not Ernst.FOUT:
            moet -= self._geweigerde_rijen(bestand)
        is_ = self.aangewezen.get(vondst, set())
        return len(moet - is_), len(is_ - moet)


def _toon(rijen: Iterable[int | None]) -> str:
    return ",".join(str(r) for r in sorted(rijen, key=lambda r: r or 0)[:6]) or "-"
