"""The reference data of the region: one typed loader for `seeds/ref_*.csv`.

Lives here: `Catalogus`, which holds what the folder says. dbt reads the same files as seeds; tests/domain/test_seeds.py
proves that both see the same. Add here: a seed that Python reads (its type: seedrijen.py). Keep out: what is done with
it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from pipeline.domain import seedbestand as cel
from pipeline.domain.leveringen import REGIO, Bericht
from pipeline.domain.maanden import Maand
from pipeline.domain.seedbestand import Rij, SeedFout
from pipeline.domain.seedrijen import (
    GETYPEERD,
    VERREKENSLEUTELS,
    Afspraak,
    Bijdrage,
    Gemeente,
    Inwoners,
    Maatregel,
    NihilOpgave,
    Product,
    Regel,
    Streefwaarde,
    Verklaring,
    maak_afspraak,
    maak_bijdrage,
    maak_gemeente,
    maak_inwoners,
    maak_maatregel,
    maak_nihil_opgave,
    maak_product,
    maak_regel,
    maak_streefwaarde,
    maak_verklaring,
)

__all__ = ["Catalogus", "SeedFout"]

T = TypeVar("T")

ZONDER_CIJFERS = frozenset({"ref_contacten.csv"})
"""Seeds that no figure depends on: who is told what is no part of what a publication was made of."""


@dataclass(frozen=True)
class Catalogus:
    """All reference data of one seeds folder, read once, never changed."""

    map: Path

    @classmethod
    def load(cls, map_: Path) -> Catalogus:
        """Open the seeds folder; SeedFout when it is not one. Each file is read when first asked for."""
        if not (map_ / "ref_gemeenten.csv").exists():
            raise SeedFout(f"geen seeds-map (ref_gemeenten.csv ontbreekt): {map_}")
        return cls(map_)

    @cached_property
    def vingerafdruk(self) -> str:
        """Hash over all seed files that a figure can depend on: which reference data a result was made with."""
        h = hashlib.sha256()
        for pad in self.cijferseeds:
            h.update(pad.name.encode() + b"\0" + hashlib.sha256(pad.read_bytes()).digest())
        return h.hexdigest()[:16]

    @property
    def cijferseeds(self) -> list[Path]:
        """The seed files that a figure can depend on, and that a publication keeps a copy of; addresses are none."""
        return sorted(p for p in self.map.glob("ref_*.csv") if p.name not in ZONDER_CIJFERS)

    def genummerd(self, naam: str) -> list[tuple[int, Rij]]:
        """All rows of `ref_<naam>.csv` as text, each with its line in the file; SeedFout when it is absent."""
        return cel.lees(self.pad(naam))

    def rijen(self, naam: str) -> list[Rij]:
        """All rows of `ref_<naam>.csv` as text; SeedFout when it is absent."""
        return [rij for _, rij in self.genummerd(naam)]

    def pad(self, naam: str) -> Path:
        """Where `ref_<naam>.csv` is."""
        return self.map / f"ref_{naam}.csv"

    def _alle(self, naam: str, maak: Callable[[Rij], T]) -> list[T]:
        return cel.alle(self.pad(naam), maak)

    def codes(self, naam: str) -> frozenset[str]:
        """Return the codes of a code list, e.g. `codes('productcategorie')`."""
        return frozenset(r["code"] for r in self.rijen(f"codes_{naam}"))

    @cached_property
    def gemeenten(self) -> dict[str, Gemeente]:
        """Gemeenten by CBS code with prefix."""
        return {g.gemeente: g for g in self._alle("gemeenten", maak_gemeente)}

    @cached_property
    def afspraken(self) -> list[Afspraak]:
        """All delivery agreements, in file order."""
        return self._alle("leveringsafspraken", maak_afspraak)

    @cached_property
    def afzenders(self) -> dict[str, str]:
        """Who delivers, by name: every gemeente, and the regio itself where anything was agreed with it (ADR 0011)."""
        regio = {REGIO: "Regio"} if any(a.gemeente == REGIO for a in self.afspraken) else {}
        return {g.gemeente: g.naam for g in self.gemeenten.values()} | regio

    def naam_van(self, code: str) -> str:
        """Return the name of a sender; the code itself where these seeds do not know it."""
        return self.afzenders.get(code, code)

    def levert_regio(self, bericht: Bericht) -> bool:
        """Tell whether it was agreed that the regio itself delivers this bericht."""
        return any((a.gemeente, a.bericht) == (REGIO, bericht) for a in self.afspraken)

    def afspraak(self, gemeente: str, bericht: Bericht, maand: Maand) -> Afspraak | None:
        """Return the agreement for a month; None when the gemeente has none for this bericht.

        Before the first agreement the first holds (accepted and shown), after the end of one the last before it.
        """
        eigen = sorted(
            (a for a in self.afspraken if (a.gemeente, a.bericht) == (gemeente, bericht)), key=lambda a: a.vanaf
        )
        geldig = [a for a in eigen if a.geldig_in(maand)]
        if geldig:
            return geldig[-1]
        eerder = [a for a in eigen if a.vanaf <= maand.eerste_dag]
        return eerder[-1] if eerder else (eigen[0] if eigen else None)

    @cached_property
    def nihil_opgaven(self) -> list[NihilOpgave]:
        """All confirmations of nothing to deliver."""
        return self._alle("nihil_opgaven", maak_nihil_opgave)

    @cached_property
    def verklaringen(self) -> list[Verklaring]:
        """All explanations; SeedFout for one without a text or an author, or with what may be a person's number."""
        return self._alle("verklaringen", maak_verklaring)

    @cached_property
    def regels(self) -> dict[str, Regel]:
        """Rules by code, in catalogue order."""
        return {r.regel_code: r for r in self._alle("regels", maak_regel)}

    @cached_property
    def producten(self) -> list[Product]:
        """The product table, all dated lines."""
        return self._alle("productcodes", maak_product)

    @cached_property
    def inwoners(self) -> list[Inwoners]:
        """Inhabitants per gemeente and year."""
        return self._alle("inwoners", maak_inwoners)

    @cached_property
    def streefwaarden(self) -> list[Streefwaarde]:
        """Return the targets; SeedFout for one on an indicator that doelrealisatie does not follow yet."""
        return self._alle("streefwaarden", maak_streefwaarde)

    @cached_property
    def bijdragen(self) -> list[Bijdrage]:
        """Amounts to share; SeedFout for one that is no multiple of its rounding, of which no parts can add up."""
        return self._alle("bijdragen", maak_bijdrage)

    @cached_property
    def maatregelen(self) -> list[Maatregel]:
        """Return the measures; SeedFout for one on an indicator that cannot be followed month by month."""
        return self._alle("maatregelen", maak_maatregel)

    @cached_property
    def verrekensleutel(self) -> str:
        """Which inhabitants are the key of kosten.verrekening under `solidariteit`."""
        gekozen = {"verrekening_sleutel": self.instellingen.get("verrekening_sleutel", VERREKENSLEUTELS[0])}
        return cel.een_van(gekozen, "verrekening_sleutel", VERREKENSLEUTELS)

    def controleer(self) -> None:
        """Read every seed that has a type; SeedFout names what is wrong before a run spends time on it."""
        for pad in self.cijferseeds:
            cel.lees(pad)
        for naam, maak in GETYPEERD.items():
            self._alle(naam, maak)
        _ = self.verrekensleutel
        from pipeline.domain.duidingen import lees_duidingen

        lees_duidingen(self)

    @cached_property
    def instellingen(self) -> dict[str, str]:
        """Settings of the region by key, as text; empty is off."""
        return {r["sleutel"]: r["waarde"] for r in self.rijen("instellingen")}

    def getal(self, sleutel: str) -> float:
        """Return a setting as a number; SeedFout when it is absent, empty or no number."""
        try:
            return float(self.instellingen[sleutel])
        except (KeyError, ValueError):
            raise SeedFout(f"ref_instellingen.csv: '{sleutel}' ontbreekt of is geen getal") from None
