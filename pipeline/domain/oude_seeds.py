"""Seeds of a publication of before, in the shape that today's code reads.

Lives here: what is added to a seeds folder that was kept when a file, a column or a setting did not exist yet. Add
here: nothing per file; what code cannot do without is in `BESCHRIJVEND`. Keep out: reading (catalogus.py).
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from pipeline.domain import seedbestand

BESCHRIJVEND = frozenset({"ref_indicatoren.csv", "ref_instellingen.csv"})
"""Files that say how today's code works: what they lack is taken from today's, row by row. Of the others what did not
exist then stays empty: a rule that held nothing back then holds nothing back now."""

Tabel = tuple[list[str], list[dict[str, str]]]


def vul_aan(toen: Path, nu: Path, naar: Path) -> Path:
    """Return `toen` when it has all that `nu` has, else a copy of it at `naar` with the rest added.

    Files that did not exist get their header only, columns are empty, settings and descriptions of indicators are
    today's where they were not there.
    """
    anders = {
        pad.name: nieuw
        for pad in sorted(nu.glob("ref_*.csv"))
        if (nieuw := _aangevuld(toen / pad.name, _lees(pad))) is not None
    }
    if not anders:
        return toen
    shutil.rmtree(naar, ignore_errors=True)
    shutil.copytree(toen, naar)
    for naam, (kop, rijen) in anders.items():
        with (naar / naam).open("w", encoding="utf-8", newline="") as f:
            schrijver = csv.DictWriter(f, kop, restval="", lineterminator="\n")
            schrijver.writeheader()
            schrijver.writerows(rijen)
    return naar


def _aangevuld(toen: Path, vandaag: Tabel) -> Tabel | None:
    """What the file of then lacks, added; None when it lacks nothing."""
    kop_nu, rijen_nu = vandaag
    if not toen.exists():
        return kop_nu, []
    kop, rijen = _lees(toen)
    weg = [k for k in kop_nu if k not in kop]
    sleutel = kop_nu[0]
    bekend = {r[sleutel] for r in rijen} if sleutel in kop else set()
    erbij = [r for r in rijen_nu if r[sleutel] not in bekend] if toen.name == "ref_instellingen.csv" else []
    if not weg and not erbij:
        return None
    van_nu = {r[sleutel]: r for r in rijen_nu} if toen.name in BESCHRIJVEND else {}
    for r in rijen:
        r.update({k: van_nu.get(r[sleutel], {}).get(k, "") for k in weg})
    return [*kop, *weg], [*rijen, *({k: r.get(k, "") for k in (*kop, *weg)} for r in erbij)]


def _lees(pad: Path) -> Tabel:
    return [*seedbestand.kopregel(pad)], [rij for _, rij in seedbestand.lees(pad)]
