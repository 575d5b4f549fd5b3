"""Two small regions, made once: one with everything that can go wrong, one clean and complete."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.maanden import Maand
from pipeline.settings import PROJECT
from pipeline.synth import Samenvatting, maak_regio
from tests import ijw

LAATSTE = Maand(2026, 3)
NU = dt.datetime(2026, 4, 20, 12, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 8, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Regio:
    """A region on disk, with what was written beside it."""

    map: Path
    samenvatting: Samenvatting

    def tabel(self, soort: str, bericht: str) -> pl.DataFrame:
        """`waarheid` or `geleverd` of a bericht."""
        return pl.read_parquet(self.map / soort / f"{bericht}.parquet")

    @property
    def grootboek(self) -> pl.DataFrame:
        """The ledger, `rij` as number."""
        return pl.read_csv(self.map / "grootboek.csv", infer_schema=False).with_columns(pl.col("rij").cast(pl.Int32))

    @property
    def leveringen(self) -> pl.DataFrame:
        """The list of leveringen; `bestand` empty where nothing came."""
        return pl.read_csv(self.map / "leveringen.csv", infer_schema=False)

    def regels(self, bestand: str) -> list[str]:
        """Lines of a file as text, whatever its encoding or kind; a workbook as another library reads it."""
        inhoud = (self.map / "landing" / bestand).read_bytes()
        if bestand.endswith(".xlsx"):
            blad = openpyxl.load_workbook(io.BytesIO(inhoud), read_only=True).worksheets[-1]
            return [";".join("" if c is None else str(c) for c in rij) for rij in blad.iter_rows(values_only=True)]
        if bestand.endswith(".parquet"):
            return pl.read_parquet(inhoud).write_csv(separator=";").split("\n")
        if bestand.endswith(".zip"):
            return ijw.als_csv(inhoud).decode().split("\n")[1:]
        try:
            return inhoud.decode("utf-8-sig").split("\n")
        except UnicodeDecodeError:
            return inhoud.decode("cp1252").split("\n")


@pytest.fixture(scope="session")
def catalogus() -> Catalogus:
    return Catalogus.load(PROJECT / "seeds")


@pytest.fixture(scope="session")
def met_gebreken(tmp_path_factory: pytest.TempPathFactory, catalogus: Catalogus) -> Regio:
    map_ = tmp_path_factory.mktemp("synth") / "vol"
    return Regio(map_, maak_regio(map_, catalogus, n_maanden=24, laatste_maand=LAATSTE, nu=NU, schaal=0.04))


@pytest.fixture(scope="session")
def zonder(tmp_path_factory: pytest.TempPathFactory, catalogus: Catalogus) -> Regio:
    map_ = tmp_path_factory.mktemp("synth") / "schoon"
    samenvatting = maak_regio(
        map_, catalogus, n_maanden=18, laatste_maand=LAATSTE, nu=LATER, schaal=0.03, gebreken=False
    )
    return Regio(map_, samenvatting)
