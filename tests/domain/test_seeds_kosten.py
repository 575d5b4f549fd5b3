"""The seeds of the cost marts: shared amounts, measures and the key of the settlement."""

from __future__ import annotations

import csv
import shutil
from decimal import Decimal

import pytest

from pipeline.domain.catalogus import Catalogus, SeedFout
from pipeline.settings import PROJECT

SEEDS = PROJECT / "seeds"


@pytest.fixture
def seeds(tmp_path):
    return shutil.copytree(SEEDS, tmp_path / "seeds")


def test_amounts_and_measures_are_read_whole():
    catalogus = Catalogus.load(SEEDS)
    for naam, gelezen in (("bijdragen", catalogus.bijdragen), ("maatregelen", catalogus.maatregelen)):
        with (SEEDS / f"ref_{naam}.csv").open(encoding="utf-8", newline="") as f:
            assert len(gelezen) == sum(1 for _ in csv.DictReader(f))
    assert sum(b.bedrag_eur for b in catalogus.bijdragen) == 2 * 1_553_000
    in_de_regio = [m for m in catalogus.maatregelen if m.gebied_code]
    # 6.1 and 3.3 million a year (savings_case)
    assert sum(m.verwachte_besparing_eur or Decimal(0) for m in in_de_regio) == 9_400_000
    # annex 5 without the item that par. 8 counts as 300,000
    assert sum(m.investering_eur or Decimal(0) for m in in_de_regio) == 1_553_000 - 264_000 + 300_000


def test_an_amount_whose_parts_cannot_add_up_is_refused(seeds):
    with (seeds / "ref_bijdragen.csv").open("a", encoding="utf-8") as f:
        f.write("scheef,Geen veelvoud,1500,2024,1000,zelf bedacht\n")
    with pytest.raises(SeedFout, match="scheef"):
        Catalogus.load(seeds).controleer()


def test_an_amount_that_is_no_number_is_refused(seeds):
    with (seeds / "ref_bijdragen.csv").open("a", encoding="utf-8") as f:
        f.write('komma,Decimale komma,"1,5",2024,1,zelf bedacht\n')
    with pytest.raises(SeedFout, match="1,5"):
        Catalogus.load(seeds).controleer()


def test_a_measure_on_what_is_not_followed_is_refused(seeds):
    with (seeds / "ref_maatregelen.csv").open("a", encoding="utf-8") as f:
        f.write("x,Naam,Twente,REGIO,wachttijd,totaal,,2026-01,2026,1,1,,zelf bedacht\n")
    with pytest.raises(SeedFout, match="wachttijd"):
        Catalogus.load(seeds).controleer()


def test_a_key_that_does_not_exist_is_refused(seeds):
    pad = seeds / "ref_instellingen.csv"
    pad.write_text(
        pad.read_text("utf-8").replace("verrekening_sleutel,inwoners_0_17", "verrekening_sleutel,huizen"), "utf-8"
    )
    with pytest.raises(SeedFout, match="huizen"):
        Catalogus.load(seeds).controleer()
