"""A small region that has every further extract, and the same region without any of them.

Lives here: the two homes, made once, and what tests of an extract read from them: its truth, what was delivered of it,
the marts. The agreements are those of docs/verdere-extracten.md. Keep out: what is of one extract (its own test file).
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht
from pipeline.domain.maanden import Maand, reeks
from pipeline.intake import lees_bewijzen
from pipeline.intake.bewijzen import geldigpad, quarantainepad
from pipeline.settings import PROJECT, Settings, load_settings
from tests.in_dit_proces import in_dit_proces
from tests.kleine_regio import maak_seeds

GEMEENTEN = ("GM0141", "GM0153", "GM0164")
MAANDEN = reeks(Maand(2024, 9), Maand(2026, 2))
NU = dt.datetime(2026, 3, 28, 9, 0, tzinfo=dt.UTC)
AFSPRAKEN = re.compile(r"^    ((?:REGIO|GM\d{4}),\w+,(?:stand|mutaties),.*)$", re.MULTILINE)
Rij = dict[str, Any]


@dataclass(frozen=True)
class Huis:
    """A region (`bron`) and the data home that was published from it."""

    bron: Path
    settings: Settings
    catalogus: Catalogus

    def vraag(self, sql: str, *waarden: object) -> list[Rij]:
        """Rows of a query on the published internal marts."""
        pad = self.settings.huis.published / "intern" / "marts.duckdb"
        with duckdb.connect(str(pad), read_only=True) as con:
            con.execute(sql, list(waarden))
            kolommen = [k[0] for k in con.description or ()]
            return [dict(zip(kolommen, r, strict=True)) for r in con.fetchall()]

    def waarheid(self, bericht: Bericht) -> list[Rij]:
        """What really happened."""
        return pl.read_parquet(self.bron / "waarheid" / f"{bericht.value}.parquet").to_dicts()

    def geleverd(self, bericht: Bericht) -> list[Rij]:
        """Rows that were delivered, accepted, and stand; one that is there twice in a file once."""
        rijen = pl.read_parquet(self.bron / "geleverd" / f"{bericht.value}.parquet")
        rijen = rijen.filter("is_geldend", ~pl.col("in_quarantaine")).drop("rij")
        return rijen.unique(maintain_order=True).to_dicts()

    @cached_property
    def grootboek(self) -> list[Rij]:
        """Planted defects."""
        with (self.bron / "grootboek.csv").open(encoding="utf-8", newline="") as f:
            return list(csv.DictReader(f))

    def gevonden(self, bericht: Bericht) -> set[tuple[str, int | None, str]]:
        """Everything that the door and the build found on leveringen of a bericht: (file, row, code)."""
        uit: set[tuple[str, int | None, str]] = set()
        namen = {}
        for b in lees_bewijzen(self.settings.huis):
            if b.sleutel.bericht is not bericht:
                continue
            namen[b.levering_id] = naam = self._bestand(
                b.sleutel.gemeente, str(b.sleutel.maand), bericht, b.ontvangen_op
            )
            uit |= {(naam, None, v.regel_code) for v in b.bevindingen if v.n_rijen and v.regel_code.startswith("L")}
            for pad, kolom in (
                (geldigpad(self.settings.huis, b), "signalen"),
                (quarantainepad(self.settings.huis, b), "redenen"),
            ):
                if pad.exists() and b.is_geaccepteerd:
                    for rij, codes in pl.read_parquet(pad, columns=["rij", kolom]).iter_rows():
                        uit |= {(naam, rij, code) for code in codes.split("|") if code}
        with duckdb.connect(str(self.settings.huis.warehouse), read_only=True) as con:
            vondsten = con.execute(
                "select levering_id, rij, regel_code from intermediate.int_bevindingen_rij"
            ).fetchall()
        return uit | {(namen[levering], rij, code) for levering, rij, code in vondsten if levering in namen}

    def _bestand(self, gemeente: str, maand: str, bericht: Bericht, op: dt.datetime) -> str:
        """Return the file in landing/ that this is a receipt of, by what it is about and when it came."""
        (naam,) = (
            r["bestand"]
            for r in self.leveringen
            if (r["gemeente"], r["bericht"], r["maand"]) == (gemeente, bericht.value, maand)
            and r["ontvangen_op"] == op.strftime("%Y-%m-%dT%H:%M:%SZ")
        )
        return str(naam)

    @cached_property
    def leveringen(self) -> list[Rij]:
        """Every file that was sent, and what was never sent."""
        with (self.bron / "leveringen.csv").open(encoding="utf-8", newline="") as f:
            return list(csv.DictReader(f))


def seeds_met_afspraken(map_: Path, *, verder: bool = True) -> Path:
    """The seeds of three gemeenten, with the agreements of docs/verdere-extracten.md or without them."""
    maak_seeds(map_, GEMEENTEN)
    if verder:
        pagina = (PROJECT / "docs" / "verdere-extracten.md").read_text(encoding="utf-8")
        regels = [r for r in AFSPRAKEN.findall(pagina) if r.split(",")[0] in (*GEMEENTEN, "REGIO")]
        with (map_ / "ref_leveringsafspraken.csv").open("a", encoding="utf-8") as f:
            f.write("\n".join(regels) + "\n")
    return map_


def _draai(map_: Path, seeds: Path, landing: Path) -> tuple[Settings, Catalogus]:
    from pipeline.maand import draai

    catalogus = Catalogus.load(seeds)
    shutil.copytree(landing, map_ / "landing")
    settings = load_settings(
        {
            "REGIOMONITOR_HOME": str(map_),
            "REGIOMONITOR_SEEDS": str(seeds),
            "REGIOMONITOR_SLEUTEL": "sleutel-van-de-tests-0123456789abcdef",
            "REGIOMONITOR_BSN_REEKS": "synthetisch",
        }
    )
    with in_dit_proces():
        uitkomst = draai(settings, catalogus, nu=NU)
    assert uitkomst.is_gepubliceerd, uitkomst.poort
    return settings, catalogus


@pytest.fixture(scope="session")
def met(tmp_path_factory: pytest.TempPathFactory) -> Huis:
    """Three gemeenten with everything that can be agreed on, defects planted."""
    from pipeline.synth import maak_regio

    map_ = tmp_path_factory.mktemp("met")
    seeds = seeds_met_afspraken(map_ / "seeds")
    maak_regio(
        map_ / "bron", Catalogus.load(seeds), n_maanden=len(MAANDEN), seed=31, laatste_maand=MAANDEN[-1], nu=NU,
        schaal=0.2, gebreken=False, gebreken_verder=True, gemeenten=GEMEENTEN,  # a forecast needs months without a gap
    )  # fmt: skip
    return Huis(map_ / "bron", *_draai(map_ / "huis", seeds, map_ / "bron" / "landing"))


@pytest.fixture(scope="session")
def zonder(met: Huis, tmp_path_factory: pytest.TempPathFactory) -> Huis:
    """The same region, where nobody agreed on a further extract and nobody sends one."""
    map_ = tmp_path_factory.mktemp("zonder")
    landing = map_ / "landing"
    optioneel = tuple(b.value for b in Bericht if b.is_optioneel)
    shutil.copytree(
        met.bron / "landing", landing, ignore=lambda _, namen: [n for n in namen if n.startswith(optioneel)]
    )
    seeds = seeds_met_afspraken(map_ / "seeds", verder=False)
    return Huis(met.bron, *_draai(map_ / "huis", seeds, landing))
