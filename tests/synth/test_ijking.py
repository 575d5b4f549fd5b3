"""The synthetic region is believable: of 2024 it says what the policy says of Twente (ref_referentiewaarden.csv)."""

from __future__ import annotations

import csv

import numpy as np
import polars as pl
import pytest

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.maanden import Maand
from pipeline.settings import PROJECT
from pipeline.synth import aanbieders
from pipeline.synth import parameters as p
from pipeline.synth.bevolking import maak_bevolking
from pipeline.synth.declaraties import maak_declaraties
from pipeline.synth.toewijzingen import assortiment, maak_toewijzingen
from tests.synth.kerncijfers import kerncijfers

MARGE = 0.10
ZAAD = 20240501
"""Seed of the demo."""
SCHAAL = 2.0
"""Twice as many youths: of two hundred stays begun in a year chance alone makes the cost of one differ."""


def _referentie() -> dict[str, float]:
    """What is known of Twente in the calibration year, by name of the key figure."""
    with (PROJECT / "seeds" / "ref_referentiewaarden.csv").open(encoding="utf-8", newline="") as f:
        rijen = [r for r in csv.DictReader(f) if r["gebied"] == "Twente" and r["jaar"] == str(p.IJKJAAR)]
    uit = {}
    for r in rijen:
        segmenten = r["indicator_id"].startswith(("aandeel_start_crisis", "aandeel_verwijzer"))
        delen = (r["indicator_id"], r["segment"] if segmenten else "", r["uitsplitsing"])
        uit[":".join(d for d in delen if d)] = float(r["waarde"])
    return uit


REFERENTIE = _referentie()


def _waarheid(catalogus: Catalogus, schaal: float, zaad: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What happened in a region, from the year before the calibration year until all its claims are in."""
    eerste, laatste = Maand(p.IJKJAAR - 1, 1), Maand(p.IJKJAAR + 1, 6)
    rng = np.random.default_rng(zaad)
    b = maak_bevolking(catalogus, list(catalogus.gemeenten), eerste, laatste, schaal, rng)
    a, agb = assortiment(catalogus, b.producten), aanbieders.agb_codes()
    nummers, t = maak_toewijzingen(b, a, agb, eerste, laatste, rng)
    return t, maak_declaraties(b, a, agb, nummers, eerste, laatste, rng)


def _op_schaal(naam: str, waarde: float, schaal: float) -> float:
    """Counts, euros and what is divided by the inhabitants grow with the region; the rest does not."""
    groeit = naam.startswith(("jeugdigen", "kosten", "aandeel_jeugdigen")) and naam not in (
        "jeugdigen_jeugdreclassering", "kostengroei",
    )  # fmt: skip
    return waarde / schaal if groeit else waarde


@pytest.fixture(scope="module")
def gemeten(catalogus: Catalogus) -> dict[str, float]:
    """Key figures of the truth, as those of a region of the size of Twente."""
    cijfers = kerncijfers(*_waarheid(catalogus, SCHAAL, ZAAD), catalogus, p.IJKJAAR)
    return {naam: _op_schaal(naam, waarde, SCHAAL) for naam, waarde in cijfers.items()}


@pytest.mark.slow
def test_alles_wat_van_twente_bekend_is_wordt_gemeten(gemeten: dict[str, float]) -> None:
    assert len(REFERENTIE) >= 16
    assert set(REFERENTIE) <= set(gemeten)


@pytest.mark.slow
@pytest.mark.parametrize("naam", sorted(REFERENTIE))
def test_de_demo_lijkt_op_twente(gemeten: dict[str, float], naam: str) -> None:
    assert gemeten[naam] == pytest.approx(REFERENTIE[naam], rel=MARGE)


def test_zonder_de_groei_zou_de_meting_het_zien(catalogus: Catalogus, monkeypatch: pytest.MonkeyPatch) -> None:
    """The measure bites: a region that does not grow and stays in care twice as long is not Twente."""
    monkeypatch.setattr(p, "GROEI_INSTROOM", 1e-9)
    monkeypatch.setattr(p, "GROEI_INTENSITEIT", 0.0)
    monkeypatch.setattr(p, "CRISIS_START", {"verblijf": 0.2, "ambulant": 0.06})
    mis = kerncijfers(*_waarheid(catalogus, 0.1, ZAAD), catalogus, p.IJKJAAR)
    for naam in ("kostengroei", "aandeel_start_crisis:ambulant"):
        assert mis[naam] != pytest.approx(REFERENTIE[naam], rel=MARGE)


@pytest.mark.slow
@pytest.mark.parametrize("zaad", [1, 2, 3])
def test_ook_met_een_ander_zaad(catalogus: Catalogus, zaad: int) -> None:
    schaal = 3.0
    gemeten = kerncijfers(*_waarheid(catalogus, schaal, zaad), catalogus, p.IJKJAAR)
    op_schaal = {naam: _op_schaal(naam, gemeten[naam], schaal) for naam in REFERENTIE}
    assert op_schaal == pytest.approx(REFERENTIE, rel=MARGE)


def test_de_lijst_van_aanbieders_is_die_van_de_synthetische_regio() -> None:
    with (PROJECT / "seeds" / "ref_aanbieders.csv").open(encoding="utf-8", newline="") as f:
        kop, *rijen = csv.reader(f)
    assert kop == list(aanbieders.KOLOMMEN)
    assert [tuple(r) for r in rijen] == aanbieders.lijst()
    codes = aanbieders.agb_codes()
    assert len(set(codes)) == p.N_AANBIEDERS
    namen = {naam for _, naam, *_ in rijen}
    assert all("verzonnen" in naam for naam in namen)
    # a few work without a contract, or there would be nothing to see
    zonder = set(codes) - {agb for agb, _, soort, *_ in rijen if soort == "contract"}
    assert 0 < len(zonder) < 0.2 * p.N_AANBIEDERS
