"""Traces of persons: which identifying texts went in, and whether any of them is found in what came out.

Lives here: collecting what was delivered, by a reader of its own, and searching a data home, as bytes and decoded.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import os
import re
import shutil
import zipfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import polars as pl

from pipeline.settings import Huis
from tests import ijw

# without a look behind: that takes a search five times as long. What stands before a match is looked at afterwards
_CIJFERS = re.compile(rb"[0-9]{8,}")
_DATUM = re.compile(rb"(?:[0-9]{4}([-/.])[0-9]{2}\1[0-9]{2}|[0-9]{1,2}([-/.])[0-9]{1,2}\2[0-9]{4})(?![0-9])")
_GEMEENTE = re.compile(r"GM\d{4}")
_KOPPEN = {
    "bsn": ("bsn", "burgerservicenummer"),
    "geboortedatum": ("geboortedatum", "geboortedatumdatum", "datumgeboorte"),
}
# every day of thirty years: the working-day calendar says nothing about anybody
_KALENDERTABELLEN = frozenset({"raw.kalender"})


@dataclass(frozen=True)
class Sporen:
    """What must not be found. `dagen`: birth dates; `teksten`: names, addresses, remarks."""

    nummers: frozenset[bytes]
    dagen: frozenset[dt.date] = frozenset()
    teksten: tuple[str, ...] = ()
    _gezien: dict[bytes, set[str]] = field(default_factory=dict, compare=False, repr=False)

    def in_bytes(self, data: bytes, *, ook_dagen: bool = True) -> set[str]:
        """All traces in `data`, as they are spelt there. What stands in every edition is read once."""
        merk = hashlib.blake2b(data, digest_size=16, key=b"dagen" if ook_dagen else b"").digest()
        if merk not in self._gezien:
            self._gezien[merk] = self._zoek(data, ook_dagen=ook_dagen)
        return self._gezien[merk]

    def _zoek(self, data: bytes, *, ook_dagen: bool) -> set[str]:
        gevonden = {m for m in _CIJFERS.findall(data) if m in self.nummers}
        if ook_dagen and self.dagen:
            gevonden |= {d for d in _datums(data) if _dag(d) in self.dagen}
        return {g.decode("ascii") for g in gevonden} | {t for t in self.teksten if t.encode() in data}

    def in_bestand(self, pad: Path, klad: Path) -> set[str]:
        """Traces in the bytes of a file, and in what a reader of Parquet, DuckDB or a workbook makes of them."""
        gevonden = self.in_bytes(pad.name.encode()) | self.in_bytes(pad.read_bytes())
        if pad.suffix == ".parquet":
            gevonden |= self.in_bytes(pl.read_parquet(pad).write_csv().encode())
        elif pad.suffix == ".duckdb":
            gevonden |= self._in_duckdb(pad, klad)
        elif pad.suffix == ".xlsx":
            with zipfile.ZipFile(pad) as werkboek:
                delen = [n for n in werkboek.namelist() if n.startswith(("xl/shared", "xl/worksheets", "docProps"))]
                gevonden |= self.in_bytes(b"\n".join(werkboek.read(n) for n in delen))
        return gevonden

    def _in_duckdb(self, pad: Path, klad: Path) -> set[str]:
        kopie = shutil.copyfile(pad, klad / "kopie.duckdb")
        gevonden: set[str] = set()
        with duckdb.connect(str(kopie), read_only=True) as con:
            kolommen = con.execute(
                "SELECT c.schema_name || '.' || c.table_name, c.column_name FROM duckdb_columns() AS c "
                "JOIN duckdb_tables() AS t USING (database_name, schema_name, table_name) "
                "WHERE c.data_type NOT IN ('BOOLEAN') AND NOT c.internal ORDER BY ALL"
            ).fetchall()
            assert kolommen
            for tabel, kolom in kolommen:
                waarden = con.execute(f'SELECT DISTINCT CAST("{kolom}" AS VARCHAR) AS w FROM {tabel}').pl()["w"]
                tekst = "\n".join(waarden.drop_nulls().to_list())
                gevonden |= self.in_bytes(tekst.encode(), ook_dagen=tabel not in _KALENDERTABELLEN)
        return gevonden

    def in_huis(self, huis: Huis, klad: Path, *, gemeenten: Collection[str] | None = None) -> dict[str, set[str]]:
        """Per file right of archive/ the traces in it; empty when there are none. `gemeenten`: whose folders, all."""
        uit: dict[str, set[str]] = {}
        for pad in rechts_van_archief(huis):
            van = {deel for deel in pad.relative_to(huis.pad).parts if _GEMEENTE.fullmatch(deel)}
            if gemeenten is not None and not van <= set(gemeenten):
                continue
            if gevonden := self.in_bestand(pad, klad):
                uit[pad.relative_to(huis.pad).as_posix()] = gevonden
        return uit


def _datums(data: bytes) -> Iterator[bytes]:
    """Every date of which the first digit follows no digit."""
    begin = 0
    while gevonden := _DATUM.search(data, begin):
        los = not data[max(gevonden.start() - 1, 0) : gevonden.start()].isdigit()
        begin = gevonden.end() if los else gevonden.start() + 1
        if los:
            yield gevonden[0]


@lru_cache(maxsize=100_000)
def _dag(tekst: bytes) -> dt.date | None:
    delen = [int(d) for d in re.split(rb"[-/.]", tekst)]
    jaar, maand, dag = delen if len(re.split(rb"[-/.]", tekst)[0]) == 4 else reversed(delen)
    try:
        return dt.date(jaar, maand, dag)
    except ValueError:
        return None


def lees_dag(tekst: str) -> dt.date | None:
    """The date in a cell, in whatever spelling; None when there is none."""
    gevonden = next(_datums(tekst.encode()), None)
    return _dag(gevonden) if gevonden else None


def rechts_van_archief(huis: Huis) -> list[Path]:
    """Every file of the home but those in landing/ and archive/; links are not followed."""
    uit: list[Path] = []
    for map_, mappen, namen in os.walk(huis.pad):
        if Path(map_) == huis.pad:
            mappen[:] = sorted(set(mappen) - {huis.landing.name, huis.archive.name})
        uit += [p for n in namen if not (p := Path(map_) / n).is_symlink()]
    return sorted(uit)


@dataclass(frozen=True)
class Geleverd:
    """Cells of one file: column of the person number, of the birth date, and all dates elsewhere."""

    bsns: tuple[str, ...]
    geboortedata: tuple[str, ...]
    andere: tuple[str, ...]


def lees_geleverd(map_: Path) -> Iterator[Geleverd]:
    """Read all files under landing/ as plainly as can be: no repairs, whatever separator, header or encoding."""
    for pad in sorted(p for p in map_.rglob("*") if p.is_file()):
        for data in _inhoud(pad):
            yield from _lees_tabel(data)


def _inhoud(pad: Path) -> Iterable[bytes]:
    if pad.suffix == ".csv":
        return [pad.read_bytes()]
    if pad.suffix == ".zip" and zipfile.is_zipfile(pad):
        return [ijw.als_csv(pad.read_bytes())]
    if pad.suffix == ".parquet":
        return [pl.read_parquet(pad).write_csv(separator=";").encode()]
    if pad.suffix == ".xlsx":
        return [_als_csv(blad) for blad in openpyxl.load_workbook(pad, read_only=True).worksheets]
    return []


def _als_csv(blad: Any) -> bytes:
    uit = io.StringIO()
    rijen = ([c.date() if isinstance(c, dt.datetime) else c for c in rij] for rij in blad.iter_rows(values_only=True))
    csv.writer(uit, delimiter=";").writerows(rijen)
    return uit.getvalue().encode()


def _lees_tabel(data: bytes) -> Iterator[Geleverd]:
    if b"\x00" in data:
        return
    try:
        tekst = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        tekst = data.decode("cp1252")
    for teken in ";,\t|":
        rijen = list(csv.reader(io.StringIO(tekst, newline=""), delimiter=teken))
        for i, rij in enumerate(rijen[:8]):
            koppen = [re.sub(r"[^a-z]", "", c.lower()) for c in rij]
            plek = {n: koppen.index(k) for n, kk in _KOPPEN.items() for k in kk if k in koppen}
            if len(rij) > 1 and "bsn" in plek:
                yield _cellen(rijen[i + 1 :], plek)
                return


def _cellen(rijen: list[list[str]], plek: dict[str, int]) -> Geleverd:
    persoon = set(plek.values())

    def kolom(naam: str) -> tuple[str, ...]:
        return tuple(r[plek[naam]] for r in rijen if naam in plek and len(r) > plek[naam])

    andere = tuple(c for r in rijen for j, c in enumerate(r) if j not in persoon)
    return Geleverd(kolom("bsn"), kolom("geboortedatum"), andere)
