"""`nieuw`: the folder of another region holds all that the project needs and nothing of the example region."""

from __future__ import annotations

import csv
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.beheer.nieuw import VOORBEELD, WAARTOE, maak_regio_map
from pipeline.cli import main
from pipeline.domain import seedbestand
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.seedcontrole import REGIOBESTANDEN, _rijen
from pipeline.settings import InstellingFout, load_settings
from tests.tweede_regio import env_van, vul

VAN_HET_PROJECT = {
    "indicatoren",
    "regels",
    "instellingen",
    "kolomsynoniemen",
    "waardesynoniemen",
    *(p.stem.removeprefix("ref_") for p in VOORBEELD.glob("ref_codes_*.csv")),
}
TWENTE = ("twente", "twents", "almelo", "enschede", "hengelo", "oldenzaal", "gm0141", "gm0153", "gm0164")


@pytest.fixture
def map_(tmp_path: Path) -> Path:
    return maak_regio_map(tmp_path / "regio").map


def test_every_seed_is_the_regions_or_the_projects() -> None:
    """A new seed goes to WAARTOE and REGIOBESTANDEN when a region fills it in, else to the list above."""
    alle = {p.stem.removeprefix("ref_") for p in VOORBEELD.glob("ref_*.csv")}
    assert set(REGIOBESTANDEN) == set(WAARTOE)
    assert set(REGIOBESTANDEN) | VAN_HET_PROJECT == alle
    assert not set(REGIOBESTANDEN) & VAN_HET_PROJECT


def test_the_folder_holds_all_seeds_and_no_word_of_the_example_region(map_: Path) -> None:
    assert {p.name for p in (map_ / "seeds").iterdir()} == {p.name for p in VOORBEELD.glob("ref_*.csv")}
    for pad in map_.rglob("*"):
        if pad.is_file():
            tekst = pad.read_text(encoding="utf-8").lower()
            assert [w for w in TWENTE if w in tekst] == [], pad.name


@pytest.mark.parametrize("naam", REGIOBESTANDEN)
def test_an_example_row_is_one_that_can_be_read_once_it_is_uncommented(map_: Path, naam: str) -> None:
    pad = map_ / "seeds" / f"ref_{naam}.csv"
    kop, waartoe, voorbeeld = pad.read_text(encoding="utf-8").splitlines()
    assert seedbestand.lees(pad) == []
    assert kop == ",".join(seedbestand.kopregel(VOORBEELD / pad.name))
    assert waartoe.startswith(("# ", '"# '))
    [cel] = next(csv.reader([voorbeeld]))
    if naam != "gemeenten":
        vul(map_, "gemeenten", [WAARTOE["gemeenten"][1]])
    vul(map_, naam, [cel.removeprefix("# Bijvoorbeeld: ")])
    assert _rijen(Catalogus(map_ / "seeds")) == []
    assert len(seedbestand.lees(pad)) == 1


def test_settings_and_key_work_as_they_are_and_are_nobody_elses(map_: Path) -> None:
    for naam in ("sleutel", "regiomonitor.env"):
        assert stat.S_IMODE((map_ / naam).stat().st_mode) == 0o600
    settings = load_settings(env_van(map_, REGIOMONITOR_BSN_REEKS="productie"))
    assert settings.eis_sleutel()
    assert settings.huis.pad == map_ / "data"
    assert not settings.huis.pad.exists()


@pytest.mark.parametrize("wat", ["een map met iets erin", "een bestand", "een map erboven die er niet is"])
def test_nothing_is_overwritten(tmp_path: Path, wat: str) -> None:
    doel = tmp_path / "regio"
    if wat == "een bestand":
        doel.write_text("van mij", encoding="utf-8")
    elif wat == "een map met iets erin":
        doel.mkdir()
        (doel / "ref_gemeenten.csv").write_text("van mij", encoding="utf-8")
    else:
        doel = tmp_path / "x" / "regio"
    with pytest.raises(InstellingFout, match="kies een andere map" if "erboven" not in wat else "maak die map eerst"):
        maak_regio_map(doel)


def test_the_command_says_what_to_fill_in_and_what_comes_then(tmp_path: Path) -> None:
    uit = CliRunner().invoke(main, ["nieuw", str(tmp_path / "regio")])
    assert uit.exit_code == 0, uit.output
    assert all(f"seeds/ref_{naam}.csv" in uit.output for naam in REGIOBESTANDEN)
    assert "regiomonitor controleer --maak" in uit.output
    assert f'. "{tmp_path / "regio" / "regiomonitor.env"}"' in uit.output
