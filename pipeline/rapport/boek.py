"""The pages of one edition: its file, what lies beside it in the publication, and the publication before.

Lives here: what all pages of an edition share. Keep out: the pages (paginas/), reading of interpretations (duiding.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.publish.oordeel import Poortresultaat
from pipeline.publish.vergelijk import LeveringVerschil
from pipeline.rapport.blokken import Duiding, Pagina, Plek
from pipeline.rapport.bron import REGIO, Bron, Editie


@dataclass(frozen=True)
class Vorige:
    """The publication before: its name, the same edition of it (None: it is cleared away), what came since."""

    publicatie_id: str
    marts: Path | None
    leveringen: Sequence[LeveringVerschil]


@dataclass(frozen=True)
class Boek:
    """One edition of one publication, and what its pages may show."""

    publicatie: Path
    bron: Bron
    editie: Editie
    regio: str
    poort: Poortresultaat | None = None
    vorige: Vorige | None = None
    duid: Callable[[str, Plek], Sequence[Duiding]] = lambda _i, _p: ()
    """Interpretations of an indicator at a place that this edition may show."""
    maten: Sequence[str] = ("breed", "smal")
    """In which sizes large charts are drawn: the pages of a gemeente have one, in two columns."""
    vergelijking: Path | None = None
    """The region beside the others; None where regions share nothing."""
    gegevens: dict[str, str] = field(default_factory=dict)
    """Files to download by name, from the root of the edition."""

    @property
    def gebied(self) -> str:
        """Whose figures these pages are about in the first place."""
        return self.editie.gemeente or REGIO

    @property
    def plek(self) -> Plek:
        """The place to start from."""
        return Plek(self.bron, self.editie, self.regio, self.gebied, maten=self.maten)


Familie = Callable[[Boek], Sequence[Pagina]]
"""A family of pages: those that an edition has of it."""
