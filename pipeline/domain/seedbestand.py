"""One seed file: its rows of text with the line they stand on, and cells that say what is wrong with them.

Lives here: how a `ref_*.csv` is read (UTF-8, commas, a header; a line that begins with # is for people) and the kinds
of cells. Every error is a `SeedFout` that names file, line and what to do. Add here: a kind of cell. Keep out: which
columns a seed has (seedrijen.py), whether its rows fit together (seedcontrole.py).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

from pipeline.domain.maanden import Maand

T = TypeVar("T")
Rij = dict[str, str]
TOELICHTING = "#"
_NUMMER = re.compile(r"\d{8}")


class SeedFout(Exception):
    """A seed file is absent or holds a row that cannot be read; names file and row."""


def lees(pad: Path) -> list[tuple[int, Rij]]:
    """Every row with the line it stands on, without the lines for people; SeedFout for a file that is no table."""
    lezer = csv.reader(io.StringIO(_tekst(pad), newline=""), strict=True)
    try:
        kop = _kop(pad.name, next(lezer, []))
        return [(lezer.line_num, _rij(pad.name, lezer.line_num, kop, cellen)) for cellen in lezer if _is_rij(cellen)]
    except csv.Error:
        raise SeedFout(
            f"{pad.name} regel {lezer.line_num}: een aanhalingsteken is niet gesloten of staat midden in een cel; "
            'schrijf een cel met komma\'s als "...", en een aanhalingsteken daarin dubbel.'
        ) from None


def kopregel(pad: Path) -> Sequence[str]:
    """Return the names of the columns; SeedFout for a file without them."""
    return _kop(pad.name, next(csv.reader(_tekst(pad).splitlines()[:1]), []))


def _tekst(pad: Path) -> str:
    try:
        return pad.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        raise SeedFout(
            f"{pad.name} ontbreekt in {pad.parent}; zet het bestand terug, desnoods met alleen zijn kopregel."
        ) from None
    except UnicodeDecodeError:
        raise SeedFout(f"{pad.name} is geen UTF-8; bewaar het als 'CSV UTF-8 (door komma's gescheiden)'.") from None


def _kop(naam: str, kop: Sequence[str]) -> Sequence[str]:
    if len(kop) == 1 and ";" in kop[0]:
        raise SeedFout(f"{naam} is met puntkomma's bewaard; bewaar het met komma's tussen de kolommen.")
    if not any(kop):
        raise SeedFout(f"{naam} is leeg; begin met de kopregel (die van het bestand in seeds/ van het project).")
    if dubbel := sorted({k for k in kop if kop.count(k) > 1}):
        raise SeedFout(f"{naam} regel 1: kolom {dubbel[0]!r} staat er twee keer in; haal er een weg.")
    return kop


def _is_rij(cellen: Sequence[str]) -> bool:
    return bool(cellen) and not (cellen[0].startswith(TOELICHTING) and not any(cellen[1:]))


def _rij(naam: str, nummer: int, kop: Sequence[str], cellen: Sequence[str]) -> Rij:
    if cellen[0].startswith(TOELICHTING):
        raise SeedFout(
            f'{naam} regel {nummer}: zet een toelichting tussen aanhalingstekens ("# ..."); er is een komma in.'
        )
    if len(cellen) != len(kop):
        raise SeedFout(
            f"{naam} regel {nummer}: {len(cellen)} cellen, en de kopregel heeft er {len(kop)}; zet een tekst met "
            "komma's tussen aanhalingstekens en laat lege cellen staan."
        )
    return dict(zip(kop, cellen, strict=True))


@contextmanager
def op_regel(naam: str, nummer: int) -> Iterator[None]:
    """Say of an error in a row which file and line it is."""
    try:
        yield
    except KeyError as fout:
        raise SeedFout(f"{naam} regel 1: de kopregel mist kolom {fout}; voeg haar toe.") from None
    except SeedFout as fout:
        raise SeedFout(f"{naam} regel {nummer}: {fout}") from None


def alle(pad: Path, maak: Callable[[Rij], T]) -> list[T]:
    """Every row of a file as `maak` reads it; SeedFout for the first that cannot be read."""
    uit = []
    for nummer, rij in lees(pad):
        with op_regel(pad.name, nummer):
            uit.append(maak(rij))
    return uit


def fouten(pad: Path, maak: Callable[[Rij], object]) -> list[str]:
    """Every sentence that `alle` could have raised for this file."""
    uit = []
    try:
        for nummer, rij in lees(pad):
            try:
                with op_regel(pad.name, nummer):
                    maak(rij)
            except SeedFout as fout:
                uit.append(str(fout))
    except SeedFout as fout:
        uit.append(str(fout))
    return list(dict.fromkeys(uit))


def gevuld(rij: Rij, kolom: str) -> str:
    """A text that is there."""
    if not rij[kolom].strip():
        raise SeedFout(f"{kolom} is leeg; vul haar in.")
    return rij[kolom]


def dag(rij: Rij, kolom: str) -> dt.date:
    """A day."""
    try:
        return dt.date.fromisoformat(rij[kolom])
    except ValueError:
        raise SeedFout(f"{kolom} is {rij[kolom]!r}; schrijf een datum als 2025-01-31.") from None


def dag_of_leeg(rij: Rij, kolom: str) -> dt.date | None:
    """A day, or none."""
    return dag(rij, kolom) if rij[kolom] else None


def maand(rij: Rij, kolom: str) -> Maand:
    """A month."""
    try:
        return Maand.lees(rij[kolom])
    except ValueError:
        raise SeedFout(f"{kolom} is {rij[kolom]!r}; schrijf een maand als 2025-01.") from None


def geheel(rij: Rij, kolom: str, minimum: int | None = None) -> int:
    """A whole number."""
    try:
        uit = int(rij[kolom])
    except ValueError:
        raise SeedFout(f"{kolom} is {rij[kolom]!r}; schrijf een geheel getal, zonder punten.") from None
    if minimum is not None and uit < minimum:
        raise SeedFout(f"{kolom} is {uit}; het is minstens {minimum}.")
    return uit


def geheel_of_leeg(rij: Rij, kolom: str) -> int | None:
    """A whole number, or none."""
    return geheel(rij, kolom) if rij[kolom] else None


def getal(rij: Rij, kolom: str) -> float:
    """A number with a decimal point."""
    try:
        return float(rij[kolom])
    except ValueError:
        raise SeedFout(f"{kolom} is {rij[kolom]!r}; schrijf een getal met een decimale punt.") from None


def bedrag(rij: Rij, kolom: str) -> Decimal:
    """An amount in euros."""
    try:
        return Decimal(rij[kolom])
    except InvalidOperation:
        raise SeedFout(f"{kolom} is {rij[kolom]!r}; schrijf een bedrag met een decimale punt.") from None


def bedrag_of_leeg(rij: Rij, kolom: str) -> Decimal | None:
    """An amount in euros, or none."""
    return bedrag(rij, kolom) if rij[kolom] else None


def een_van(rij: Rij, kolom: str, waarden: Sequence[str]) -> str:
    """One of a few words."""
    if rij[kolom] not in waarden:
        raise SeedFout(f"{kolom} is {rij[kolom]!r}; kies uit {', '.join(w or 'leeg' for w in waarden)}.")
    return rij[kolom]


def ja(rij: Rij, kolom: str) -> bool:
    """`ja` or `nee`."""
    return een_van(rij, kolom, ("ja", "nee")) == "ja"


def volgorde(rij: Rij, eerst: str, later: str) -> None:
    """Two cells of one kind in order: the second may be empty (without end) and never lies before the first."""
    if rij[later] and rij[later] < rij[eerst]:
        raise SeedFout(f"{later} ({rij[later]}) ligt voor {eerst} ({rij[eerst]}); draai ze om of laat {later} leeg.")


def zin_zonder_nummers(rij: Rij, kolom: str) -> str:
    """A text that is published; never one with a run of eight digits, which may be a person."""
    if _NUMMER.search(gevuld(rij, kolom)):
        raise SeedFout(
            f"{kolom} bevat een nummer van acht of meer cijfers, dat van een jeugdige kan zijn; haal het weg."
        )
    return rij[kolom]
