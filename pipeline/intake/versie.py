"""The fingerprint of the door: the code that gives a verdict, and the seeds it reads (docs/architecture.md section 1).

Neither is a list that somebody keeps. The code is whatever `deuren.py` and the rooms of berichten import, directly or
not; the seeds are what the door asks for when it is opened. Afterwards it gets nothing else: a seed that the
fingerprint does not know of stops the run, and so cannot decide about a row unseen.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht
from pipeline.settings import PROJECT

_KAMERS = (f"pipeline.berichten.{b}.{deel}" for b in Bericht for deel in ("kolommen", "regels"))
_BEGIN = ("pipeline.intake.deuren", *_KAMERS)
"""The door, and the rooms that it opens by name."""
_INSTELLING = "instelling "


@dataclass(frozen=True)
class Deurcatalogus(Catalogus):
    """The seeds as the door reads them. `gelezen`: what it asked for; more than that it does not get once `is_open`."""

    gelezen: set[str] = field(default_factory=set, compare=False)
    is_open: bool = False

    def pad(self, naam: str) -> Path:
        """Where a seed is, for whoever reads it; AssertionError for one that was not asked for in time."""
        self._vraag(f"ref_{naam}.csv")
        return super().pad(naam)

    def getal(self, sleutel: str) -> float:
        """Return a setting; AssertionError for one that was not asked for in time."""
        self._vraag(_INSTELLING + sleutel)
        return super().getal(sleutel)

    @cached_property
    def instellingen(self) -> dict[str, str]:
        """All settings; which of them the door asks for, `getal` notes."""
        return Catalogus(self.map).instellingen

    def _vraag(self, wat: str) -> None:
        if self.is_open and wat not in self.gelezen:
            raise AssertionError(f"de deur vraagt om {wat} en haar vingerafdruk weet daar niet van")
        self.gelezen.add(wat)


def deurcatalogus(catalogus: Catalogus) -> Deurcatalogus:
    """Open the seeds for a door; SeedFout when one of them cannot be read."""
    vragend = Deurcatalogus(catalogus.map)
    _raadpleeg(vragend)
    return Deurcatalogus(catalogus.map, gelezen=vragend.gelezen, is_open=True)


def _raadpleeg(c: Deurcatalogus) -> None:
    """Ask all that doors 0 to 2 ask, through what asks it."""
    from pipeline.berichten import CONTRACTEN, bestandsregels, contracten
    from pipeline.berichten.regels import codes
    from pipeline.berichten.toets import Regelboek
    from pipeline.domain.synoniemen import waardesynoniemen
    from pipeline.intake.bestandsdeur import grenzen
    from pipeline.settings import BsnReeks

    boek = Regelboek(c, BsnReeks.PRODUCTIE)
    grenzen(c)
    contracten(c)
    waardesynoniemen(c)
    for bericht, contract in CONTRACTEN.items():
        codes(bericht, boek)
        for kolom in contract.kolommen:
            if kolom.codelijst:
                c.codes(kolom.codelijst)
    bestandsregels.te_veel_afgekeurd(0, 0, boek)
    for eigenschap in ("gemeenten", "afspraken", "nihil_opgaven", "regels", "producten"):
        getattr(c, eigenschap)


def deurversie(catalogus: Catalogus) -> str:
    """Return what door gave a verdict: another value means that verdicts are due to be given anew."""
    h = hashlib.sha256(_codemerk().encode())
    deur = deurcatalogus(catalogus)
    for wat in sorted(deur.gelezen):
        if wat.startswith(_INSTELLING):
            waarde = deur.instellingen[wat.removeprefix(_INSTELLING)].encode()
        else:
            pad = catalogus.map / wat  # seeds of before there were synonyms lack a file
            waarde = hashlib.sha256(pad.read_bytes()).digest() if pad.exists() else b""
        h.update(wat.encode() + b"\0" + waarde)
    return h.hexdigest()[:16]


@cache
def _codemerk() -> str:
    """Fingerprint of the modules of the door; taken once per process, as the version of the code is."""
    h = hashlib.sha256()
    for module in sorted(deurmodules()):
        h.update(module.encode() + b"\0" + _pad(module).read_bytes())
    return h.hexdigest()


def deurmodules() -> set[str]:
    """Every module of ours that the door imports, directly or through another one, at once or when it is needed."""
    gezien: set[str] = set()
    te_doen = set(_BEGIN)
    while te_doen:
        module = te_doen.pop()
        gezien.add(module)
        te_doen |= set(_imports(module)) - gezien
    return gezien


def _imports(module: str) -> Iterator[str]:
    for knoop in ast.walk(ast.parse(_pad(module).read_text(encoding="utf-8"))):
        if isinstance(knoop, ast.ImportFrom) and (knoop.module or "").split(".")[0] == "pipeline":
            yield from _ouders(str(knoop.module))
            yield from (m for a in knoop.names if _pad(m := f"{knoop.module}.{a.name}").exists())
        elif isinstance(knoop, ast.Import):
            yield from (m for a in knoop.names if a.name.startswith("pipeline.") for m in _ouders(a.name))


def _ouders(module: str) -> Iterator[str]:
    """Importing a module runs the packages it is in."""
    delen = module.split(".")
    yield from (".".join(delen[: i + 1]) for i in range(len(delen)))


def _pad(module: str) -> Path:
    pad = PROJECT.joinpath(*module.split("."))
    return pad / "__init__.py" if pad.is_dir() else pad.with_suffix(".py")
