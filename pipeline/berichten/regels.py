"""The rules of doors 0, 1 and 2, one family per module, joined to seeds/ref_regels.csv by code.

Lives here: what each rule looks at, as polars expressions over the rows of many leveringen. Texts, severities and
thresholds are in the seed.
Add here: a rule (one `Toets` in its family, one row in the seed, three tests: fires, does not, on the boundary).
Keep out: rules that need another levering; those are dbt's (`deur = bouw`).
"""

from __future__ import annotations

from pipeline.berichten import bestandsregels, kamer, rijregels
from pipeline.berichten.toets import Regelboek, Toets
from pipeline.domain.leveringen import Bericht


def contracttoetsen(bericht: Bericht, boek: Regelboek) -> list[Toets]:
    """Door 1: what the row itself must look like."""
    return [*rijregels.contract(bericht, boek), *kamer(bericht, "regels").contract(boek)]


def regeltoetsen(bericht: Bericht, boek: Regelboek) -> list[Toets]:
    """Door 2: what the fields of a row, or the rows of a file, say about each other."""
    return [*rijregels.regels(), *kamer(bericht, "regels").regels(boek)]


def codes(bericht: Bericht, boek: Regelboek) -> set[str]:
    """Codes of every rule of the door that is evaluated on a levering of `bericht`."""
    toetsen = [*contracttoetsen(bericht, boek), *regeltoetsen(bericht, boek)]
    return {t.code for t in toetsen} | set(bestandsregels.CODES)


__all__ = ["codes", "contracttoetsen", "regeltoetsen"]
