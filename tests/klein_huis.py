"""A small home before its last month and after it: tests of arrival, crash, replay and Dagster's book begin with it.

Two gemeenten, thirteen months, messy: files that are refused, rows in quarantine, a month that never came, claims under
reserve and one finding of those explained. Made once per session (fixture `klein_huis`), in two runs; whoever uses it
works in a copy. Keep it small, and use it: with every home of its own that a test makes the suite takes half a minute
more.
"""

from __future__ import annotations

import datetime as dt
import shutil
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.maanden import Maand
from pipeline.maand import Uitkomst, draai
from pipeline.publish import zelfde_inhoud
from pipeline.settings import Settings, load_settings
from pipeline.synth import maak_regio
from tests.in_dit_proces import in_dit_proces
from tests.kleine_regio import maak_seeds

GEMEENTEN = ("GM0141", "GM1742")
LAATSTE = Maand(2026, 4)
EIGEN_INDICATOR = (
    "aandeel_eigen,1,Aandeel van eigen makelij,gebruik,Jeugdigen in het segment gedeeld door alle jeugdigen in zorg,"
    "jeugdigen in het segment,jeugdigen in zorg,jeugdigen:zorg,jeugdigen:zorg:totaal,aandeel,-,alle,maand,eigen,"
    "kwartaal:gemeente:totaal|kwartaal:regio:totaal,aandeel\n"
)
"""A region's own indicator: a row in the catalogue, and nothing else (tests/integration/test_eigen_indicator.py)."""
NU = dt.datetime(2026, 5, 20, 12, tzinfo=dt.UTC)
LATER = NU + dt.timedelta(hours=3)
# when it was made, and as of which moment of the day, differs between a run and the one that had to finish for it
MAG_VERSCHILLEN = ("publicatie_id", "gemaakt_op", "peilmoment")


@dataclass(frozen=True)
class KleinHuis:
    """`voor`: all but the last month published, that month waits in landing/. `na`: after it. `plek`: of copies.

    They have one path, or dbt would parse its project anew for each.
    """

    bron: Path
    plek: Path
    voor: Path
    na: Path
    env: dict[str, str]
    vorige_id: str

    def kopie(self, van: Path | None = None) -> Settings:
        """Put a copy of a home (by default `voor`) in the place of the last one."""
        shutil.rmtree(self.plek, ignore_errors=True)
        shutil.copytree(van or self.voor, self.plek, symlinks=True)
        return load_settings(self.env)

    def leeg(self, pad: Path) -> Settings:
        """A home of the same region in which nothing is."""
        return load_settings({**self.env, "REGIOMONITOR_HOME": str(pad)})

    @property
    def settings_na(self) -> Settings:
        """The settings of `na`, to read in."""
        return self.leeg(self.na)


def draai_klein(settings: Settings, nu: dt.datetime, *, met_hulp: bool = False) -> Uitkomst:
    """A run that publishes."""
    with nullcontext() if met_hulp else in_dit_proces():
        uitkomst = draai(settings, Catalogus.load(settings.seeds), nu=nu)
    assert uitkomst.is_gepubliceerd, uitkomst.poort.bezwaren if uitkomst.poort else ""
    return uitkomst


def maak_klein_huis(basis: Path) -> KleinHuis:
    """Make it; takes two runs."""
    seeds = maak_seeds(basis / "seeds", GEMEENTEN)
    with (seeds / "ref_indicatoren.csv").open("a", encoding="utf-8") as f:
        f.write(EIGEN_INDICATOR)
    env = {
        "REGIOMONITOR_HOME": str(basis / "huis"),
        "REGIOMONITOR_SEEDS": str(seeds),
        "REGIOMONITOR_SLEUTEL": "sleutel-van-de-tests-0123456789abcdef",
        "REGIOMONITOR_BSN_REEKS": "synthetisch",
    }
    bron = basis / "bron" / "landing"
    maak_regio(basis / "bron", Catalogus.load(seeds), n_maanden=13, seed=7, laatste_maand=LAATSTE, nu=NU, schaal=0.05)
    settings = load_settings(env)
    laatste = [p for p in bron.rglob(f"*_{LAATSTE}*") if p.is_file()]
    assert len(laatste) >= 4
    shutil.copytree(bron, settings.huis.landing, ignore=shutil.ignore_patterns(f"*_{LAATSTE}*"))
    eerste = draai_klein(settings, NU - dt.timedelta(hours=1))
    assert eerste.publicatie
    shutil.copytree(bron, settings.huis.landing, dirs_exist_ok=True)
    plek, voor, na = settings.huis.pad, basis / "voor", basis / "na"
    _verklaar(seeds, gepubliceerd(plek))
    shutil.copytree(plek, voor, symlinks=True)
    draai_klein(settings, NU)
    plek.rename(na)
    assert zelfde_inhoud(gepubliceerd(na), gepubliceerd(voor), MAG_VERSCHILLEN)
    return KleinHuis(bron, plek, voor, na, env, eerste.publicatie.publicatie_id)


def _verklaar(seeds: Path, publicatie: Path) -> None:
    """Explain one finding that holds back, so that there are lines that count again by that."""
    with duckdb.connect(str(publicatie / "intern" / "marts.duckdb"), read_only=True) as con:
        [(gemeente, maand, regel, n, cent)] = con.execute(
            "SELECT gemeente, strftime(maand, '%Y-%m'), regel_code, n_rijen, cast(bedrag_eur * 100 AS BIGINT) "
            "FROM kwaliteit.werklijst WHERE regel_code IN ('D36', 'D37') ORDER BY volgorde LIMIT 1"
        ).fetchall()
    with (seeds / "ref_verklaringen.csv").open("a", encoding="utf-8") as f:
        f.write(f"{gemeente},declaraties,{maand},{regel},,,{n},{cent},klopt,regio,{NU.date() - dt.timedelta(days=1)}\n")


def gepubliceerd(huis: Path) -> Path:
    """The folder of what is published."""
    return (huis / "published").resolve(strict=True)
