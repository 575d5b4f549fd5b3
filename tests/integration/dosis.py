"""What goes wrong with leveringen, in random doses: factor mistakes, refused rows, missing, late and doubled files.

Lives here: spoiling the files of a clean region (CSV in one plain dress), and the list of what was done. Keep out: what
the product makes of it (test_handtekening.py).
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np

from pipeline.domain.leveringen import KERN, Bericht, Sleutel
from pipeline.intake.landing import lees_naam

Rijen = list[list[str]]
FACTOREN = (Decimal(10), Decimal(100), Decimal(1000))


@dataclass
class Dosis:
    """Spoils the files in `landing` (folder per gemeente); `gedaan` tells what was done, a line each."""

    landing: Path
    rng: np.random.Generator
    gedaan: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Find the files by what they are of."""
        self.bestanden: dict[Sleutel, Path] = {}
        for pad in sorted(self.landing.rglob("*.csv")):
            gelezen = lees_naam(pad.name)
            assert gelezen is not None, pad
            self.bestanden[gelezen[0]] = pad

    def geef(self) -> list[str]:
        """Give a random dose of everything; files are touched once at most, in their original moment of arrival."""
        sleutels = [sorted(self.bestanden)[i] for i in self.rng.permutation(len(self.bestanden))]
        laatste = max(k.maand for k in sleutels)
        for soort, hoogstens in (
            *((self._weg, 5), (self._quarantaine, 12), (self._factor, 40), (self._kopie, 3), (self._deel, 3)),
            *((self._van_een_ander, 1), (self._rijen_dubbel, 4)),
        ):
            for _ in range(int(self.rng.integers(0, hoogstens + 1))):
                if sleutels:
                    soort(sleutels.pop())
        for gemeente in sorted({k.gemeente for k in self.bestanden}):
            if self.rng.random() < 0.1:
                self._weg(Sleutel(gemeente, KERN[int(self.rng.integers(2))], laatste))
        return self.gedaan

    def _weg(self, k: Sleutel) -> None:
        pad = self.bestanden.get(k)
        if pad is not None and pad.exists():
            pad.unlink()
            self.gedaan.append(f"{k}: ontbreekt")

    def _quarantaine(self, k: Sleutel) -> None:
        deel = self.rng.uniform(0.01, 0.24)
        datum = {"declaraties": "productperiode_begin", "toewijzingen": "ingangsdatum"}[k.bericht.value]

        def breek(kop: list[str], rijen: Rijen) -> Rijen:
            for r in rijen:
                if self.rng.random() < deel:
                    r[kop.index(datum)] = "2025-02-31"
            return rijen

        self._bewerk(k, breek, f"{deel:.0%} van de rijen onleesbaar")

    def _factor(self, k: Sleutel) -> None:
        if k.bericht is not Bericht.DECLARATIES:
            return
        maal = FACTOREN[int(self.rng.integers(3))]
        maal = maal if self.rng.random() < 0.6 else 1 / maal
        prijs, volume = ((True, False), (False, True), (True, True))[int(self.rng.integers(3))]

        def vermenigvuldig(kop: list[str], rijen: Rijen) -> Rijen:
            for r in rijen:
                if self.rng.random() < min(1.0, 2 / len(rijen)) and r[kop.index("producttarief")]:
                    for kolom, raakt in (("producttarief", prijs), ("geleverd_volume", volume)):
                        if raakt:
                            r[kop.index(kolom)] = _maal(r[kop.index(kolom)], maal)
                    keer = maal ** (prijs + volume)
                    r[kop.index("ingediend_bedrag")] = _maal(r[kop.index("ingediend_bedrag")], keer)
            return rijen

        self._bewerk(k, vermenigvuldig, f"factor {float(maal):g}, prijs {prijs}, volume {volume}")

    def _kopie(self, k: Sleutel) -> None:
        vorige = self.bestanden.get(Sleutel(k.gemeente, k.bericht, k.maand.plus(-1)))
        if vorige is not None and vorige.exists():
            inhoud = vorige.read_text(encoding="utf-8")
            self._schrijf(k, inhoud, "rijen van de vorige maand")

    def _deel(self, k: Sleutel) -> None:
        self._bewerk(k, lambda _, rijen: rijen[: len(rijen) // 5], "een vijfde van de rijen")

    def _van_een_ander(self, k: Sleutel) -> None:
        ander = next(
            (
                p
                for s, p in self.bestanden.items()
                if (s.bericht, s.maand) == (k.bericht, k.maand) and s.gemeente != k.gemeente and p.exists()
            ),
            None,
        )
        if ander is not None:
            self._schrijf(k, ander.read_text(encoding="utf-8"), "rijen van een andere gemeente")

    def _rijen_dubbel(self, k: Sleutel) -> None:
        """Every row twice, as a paste gives: the same numbers."""
        self._bewerk(k, lambda _, rijen: rijen + [[*r] for r in rijen], "elke rij twee keer")

    def _bewerk(self, k: Sleutel, doe: Callable[[list[str], Rijen], Rijen], wat: str) -> None:
        pad = self.bestanden.get(k)
        if pad is None or not pad.exists():
            return
        with pad.open(encoding="utf-8", newline="") as f:
            kop, *rijen = csv.reader(f, delimiter=";")
        if rijen:
            self._schrijf(k, "\n".join(";".join(r) for r in [kop, *doe(kop, rijen)]) + "\n", wat)

    def _schrijf(self, k: Sleutel, inhoud: str, wat: str) -> None:
        pad = self.bestanden[k]
        if pad.exists():
            wanneer = pad.stat()
            pad.write_text(inhoud, encoding="utf-8")
            os.utime(pad, ns=(wanneer.st_atime_ns, wanneer.st_mtime_ns))
            self.gedaan.append(f"{k}: {wat}")


def _maal(cel: str, factor: Decimal) -> str:
    """Multiply a number as the file writes it: whole, or with a decimal comma and two decimals."""
    getal = Decimal(cel.replace(",", ".")) * factor
    if "," in cel:
        return str(getal.quantize(Decimal("0.01"), ROUND_HALF_UP)).replace(".", ",")
    heel = max(Decimal(1), getal.quantize(Decimal(1), ROUND_HALF_UP))
    return str(heel)
