"""The door on the files of every further extract, without a build: what it must find, it finds, and nothing else.

The fast half of test_deur_en_rest.py, which runs the whole pipeline and looks at what the build finds and publishes.
"""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht
from pipeline.domain.maanden import Maand
from pipeline.intake.landing import lees_naam
from pipeline.intake.uitkomst import Stuk, Uitspraak
from pipeline.synth import maak_regio
from tests.intake.hulp import deur, stuk
from tests.verder.conftest import GEMEENTEN, NU, seeds_met_afspraken

VERDER = [b for b in Bericht if b.is_optioneel]
Oordelen = dict[str, Uitspraak]


@pytest.fixture(scope="module")
def regio(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Catalogus, Oordelen]:
    """Fourteen months of three gemeenten, and what the door says of all files of further extracts."""
    map_ = tmp_path_factory.mktemp("deur")
    catalogus = Catalogus.load(seeds_met_afspraken(map_ / "seeds"))
    maak_regio(
        map_ / "bron", catalogus, n_maanden=14, seed=8, laatste_maand=Maand(2026, 2), nu=NU, schaal=0.3,
        gebreken=False, gebreken_verder=True, gemeenten=GEMEENTEN,
    )  # fmt: skip
    stukken: dict[str, Stuk] = {}
    for pad in sorted((map_ / "bron" / "landing").rglob("*.csv")):
        gelezen = lees_naam(pad.name)
        assert gelezen is not None
        sleutel, _ = gelezen
        if sleutel.bericht.is_optioneel:
            data = pad.read_bytes()
            leeg = data.count(b"\n") == 1
            controle = {"rijen": 0, "som_bedrag_cent": 0, "sha256": hashlib.sha256(data).hexdigest()} if leeg else None
            naam = pad.relative_to(map_ / "bron" / "landing").as_posix()
            stukken[naam] = stuk(
                sleutel.bericht, data, gemeente=sleutel.gemeente, maand=sleutel.maand, controle=controle
            )
    oordelen = deur(catalogus=catalogus).beoordeel(list(stukken.values()))
    return map_ / "bron", catalogus, dict(zip(stukken, oordelen, strict=True))


@pytest.mark.parametrize("bericht", VERDER)
def test_the_door_finds_what_was_planted_and_nothing_else(
    regio: tuple[Path, Catalogus, Oordelen], bericht: Bericht
) -> None:
    bron, catalogus, oordelen = regio
    with (bron / "grootboek.csv").open(encoding="utf-8", newline="") as f:
        boek = [r for r in csv.DictReader(f) if r["bericht"] == bericht.value]
    aan_de_deur = [r for r in boek if catalogus.regels[r["regel_code"]].deur != "bouw"]
    gepland = {(r["bestand"], int(r["rij"]) if r["rij"] else None, r["regel_code"]) for r in aan_de_deur}
    gevonden: set[tuple[str, int | None, str]] = set()
    for naam, uitspraak in oordelen.items():
        if uitspraak.bewijs.sleutel.bericht is bericht:
            gevonden |= {(naam, rij, b.regel_code) for b in uitspraak.rijbevindingen for rij in b.rijen}
            hele = [b for b in uitspraak.bewijs.bevindingen if b.n_rijen and b.regel_code.startswith("L")]
            gevonden |= {(naam, None, b.regel_code) for b in hele}
    assert gepland
    assert gevonden == gepland


@pytest.mark.parametrize("bericht", VERDER)
def test_every_rule_of_the_door_is_planted(regio: tuple[Path, Catalogus, Oordelen], bericht: Bericht) -> None:
    """Of its own rules none is forgotten, the build's neither; a region this small has a row for every one."""
    bron, catalogus, _ = regio
    with (bron / "grootboek.csv").open(encoding="utf-8", newline="") as f:
        geplant = {r["regel_code"] for r in csv.DictReader(f) if r["bericht"] == bericht.value}
    eigen = {code for code, r in catalogus.regels.items() if r.bericht == bericht.value}
    assert len(eigen) >= 8
    assert eigen - geplant == set()
