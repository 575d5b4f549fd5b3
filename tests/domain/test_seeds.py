"""The seeds are what Python says they are; dbt's side of the same promise is in tests/dbt."""

import csv
import itertools
import shutil

import pytest

from pipeline.domain.bevindingen import Ernst
from pipeline.domain.catalogus import Catalogus, SeedFout
from pipeline.domain.leveringen import KERN
from pipeline.settings import PROJECT

SEEDS = PROJECT / "seeds"


@pytest.fixture(scope="module")
def catalogus() -> Catalogus:
    return Catalogus.load(SEEDS)


def test_every_seed_is_read_whole(catalogus):
    aantallen = {
        "gemeenten": len(catalogus.gemeenten),
        "leveringsafspraken": len(catalogus.afspraken),
        "nihil_opgaven": len(catalogus.nihil_opgaven),
        "verklaringen": len(catalogus.verklaringen),
        "regels": len(catalogus.regels),
        "productcodes": len(catalogus.producten),
        "inwoners": len(catalogus.inwoners),
        "instellingen": len(catalogus.instellingen),
    }
    for naam, aantal in aantallen.items():
        with (SEEDS / f"ref_{naam}.csv").open(encoding="utf-8", newline="") as f:
            assert aantal == sum(1 for _ in csv.DictReader(f)), naam


def test_files_are_plain_utf8_with_unix_lines_and_full_rows():
    for pad in sorted(SEEDS.glob("ref_*.csv")):
        inhoud = pad.read_bytes()
        assert not inhoud.startswith(b"\xef\xbb\xbf"), pad.name
        assert b"\r" not in inhoud, pad.name
        with pad.open(encoding="utf-8", newline="") as f:
            rijen = list(csv.reader(f))
        assert {len(r) for r in rijen} == {len(rijen[0])}, pad.name


def test_every_gemeente_has_one_agreement_per_bericht_and_inhabitants(catalogus):
    for gemeente in catalogus.gemeenten:
        for bericht in KERN:
            assert sum((a.gemeente, a.bericht) == (gemeente, bericht) for a in catalogus.afspraken) == 1
        assert {i.jaar for i in catalogus.inwoners if i.gemeente == gemeente} == {2023, 2024, 2025, 2026}


def test_enschede_delivers_quarterly_and_says_why(catalogus):
    kwartaal = [a for a in catalogus.afspraken if a.cadans == "kwartaal"]
    assert {a.gemeente for a in kwartaal} == {"GM0153"}
    assert all(a.reden for a in kwartaal)


def test_rules_are_complete_and_speak_plain_dutch(catalogus):
    assert len(catalogus.regels) >= 45
    for regel in catalogus.regels.values():
        assert regel.titel, regel.regel_code
        assert regel.zin.endswith("."), regel.regel_code
        assert regel.bron, regel.regel_code
        if regel.deur == "bouw":  # what needs another levering never refuses a row
            assert regel.ernst in (Ernst.SIGNAAL, Ernst.INFO), regel.regel_code


def test_product_lines_of_a_code_do_not_overlap(catalogus):
    per_code: dict[tuple[str, str], list] = {}
    for p in catalogus.producten:
        per_code.setdefault((p.productcode, p.gemeente), []).append(p)
    for lijnen in per_code.values():
        lijnen.sort(key=lambda p: p.geldig_van)
        for eerder, later in itertools.pairwise(lijnen):
            assert eerder.geldig_tot is not None
            assert eerder.geldig_tot < later.geldig_van


def test_segments_are_those_of_the_specification(catalogus):
    segmenten = {"verblijf", "wonen", "ambulant", "crisis", "jb", "jr", "overig", "onbekend"}
    assert {p.segment for p in catalogus.producten} <= segmenten
    assert {r["segment_fallback"] for r in catalogus.rijen("codes_productcategorie")} <= segmenten


def test_a_target_that_cannot_be_followed_is_refused_and_not_judged_on_nothing(catalogus, tmp_path):
    assert len(catalogus.streefwaarden) == 5
    seeds = shutil.copytree(SEEDS, tmp_path / "seeds")
    with (seeds / "ref_streefwaarden.csv").open("a", encoding="utf-8") as f:
        f.write("minder_verblijf,Minder verblijf,jeugdigen_met_verblijf,totaal,,-0.05,2025,2026,2032,,zelf bedacht\n")
    with pytest.raises(SeedFout, match="jeugdigen_met_verblijf"):
        Catalogus.load(seeds).controleer()


def test_a_folder_without_seeds_is_an_error_that_names_it(tmp_path):
    with pytest.raises(SeedFout, match=str(tmp_path)):
        Catalogus.load(tmp_path)


def test_reference_figures_are_of_known_indicators(catalogus):
    assert {r["indicator_id"] for r in catalogus.rijen("referentiewaarden")} <= {
        r["indicator_id"] for r in catalogus.rijen("indicatoren")
    }


def test_the_index_of_savings_is_that_of_the_product_table(catalogus):
    """The example index is the rise of the example tariffs, so that both seeds tell one story."""
    tarieven = {}
    for p in catalogus.producten:
        if p.tarief_cent and not p.gemeente:
            tarieven[p.productcode, p.geldig_van.year] = p.tarief_cent
    for rij in catalogus.rijen("indexatie"):
        jaar = int(rij["jaar"])
        stijging = [
            tarieven[code, j] / tarieven[code, j - 1] - 1
            for code, j in tarieven
            if j == jaar and (code, j - 1) in tarieven and tarieven[code, j - 1] > 1000
        ]
        assert stijging
        assert all(abs(s - float(rij["indexatie_aandeel"])) < 0.001 for s in stijging), jaar


@pytest.mark.parametrize(
    ("gevolg", "houdt", "goed"),
    [
        ("voorbehoud", "bedrag|volume", True),
        ("", "", True),
        ("voorbehoud", "", False),
        ("", "bedrag", False),
        ("voorbehoud", "prijs", False),
        ("uitstel", "bedrag", False),
    ],
)
def test_a_rule_holds_back_exactly_when_it_says_so(tmp_path, gevolg, houdt, goed):
    shutil.copytree(SEEDS, tmp_path, dirs_exist_ok=True)
    pad = tmp_path / "ref_regels.csv"
    kop = (SEEDS / "ref_regels.csv").read_text(encoding="utf-8").splitlines()[0]
    pad.write_text(
        f"{kop}\nD99,t,z,SIGNAAL,declaraties,bouw,,,2026-01-01,b,,kosten,{gevolg},{houdt}\n", encoding="utf-8"
    )
    if goed:
        assert Catalogus.load(tmp_path).regels["D99"].houdt == tuple(d for d in houdt.split("|") if d)
    else:
        with pytest.raises(SeedFout):
            _ = Catalogus.load(tmp_path).regels
