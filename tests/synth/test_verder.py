"""Further extracts of the synthetic region, by one made up here: who sends, what is planted, what is booked."""

from __future__ import annotations

import csv
import datetime as dt
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import polars as pl
import pytest

from pipeline.domain import leveringen
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht
from pipeline.domain.maanden import Maand, reeks
from pipeline.settings import PROJECT
from pipeline.synth import verder
from pipeline.synth.verder import Gebrek, Wereld, maak_verder

MAANDEN = reeks(Maand(2025, 1), Maand(2025, 6))
NU = dt.datetime(2025, 7, 20, tzinfo=dt.UTC)
N = 12


def _maak(wereld: Wereld, afspraken: Mapping[str, Sequence[Maand]], rng: np.random.Generator) -> pl.DataFrame:
    rijen = [
        (f"N{a}{i}", m.maand, a, m.eerste_dag) for a, maanden in afspraken.items() for m in maanden for i in range(N)
    ]
    return pl.DataFrame(rijen, schema=["nummer", "waarde", "gemeente", "leveringsmaand"], orient="row")


@pytest.fixture
def kamer(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A room for `declaraties`, as if those were optional."""
    module: Any = ModuleType("pipeline.synth.declaraties")
    module.SCHEMA = {"nummer": pl.String(), "waarde": pl.Int64()}
    module.SLEUTEL = ("nummer",)
    module.GEBREKEN = (
        Gebrek("R02", verander=lambda r: {"waarde": -r["waarde"]}),
        Gebrek("R06", tekst={"waarde": "veel"}),
        Gebrek("R13", kopie=lambda _: {}, alleen_kopie=True),
        Gebrek("R15", waar=lambda _: False),
    )
    module.maak = _maak
    monkeypatch.setitem(sys.modules, "pipeline.synth.declaraties", module)
    monkeypatch.setattr(leveringen, "KERN", (Bericht.TOEWIJZINGEN,))
    return module


def _regio(tmp_path: Path, afzenders: Sequence[str], *, gebreken: bool) -> tuple[Path, verder.Telling]:
    for map_ in ("waarheid", "geleverd"):
        (tmp_path / map_).mkdir(parents=True)
    vooraan = "gemeente,bericht,maand,bestand"
    koppen = {
        "leveringen": f"{vooraan},ontvangen_op,soort,dracht,verwachte_status,toelichting",
        "grootboek": f"{vooraan},rij,regel_code,soort,toelichting",
    }
    for naam, kop in koppen.items():
        (tmp_path / f"{naam}.csv").write_text(kop + "\n", encoding="utf-8")
    wereld = Wereld(Catalogus.load(PROJECT / "seeds"), MAANDEN, pl.DataFrame())
    return tmp_path, maak_verder(tmp_path, wereld, afzenders, NU, 7, gebreken=gebreken)


def _lees(pad: Path) -> list[dict[str, str]]:
    with pad.open(encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def _cellen(pad: Path) -> list[list[str]]:
    with pad.open(encoding="utf-8", newline="") as f:
        return list(csv.reader(f, delimiter=";"))


@pytest.mark.usefixtures("kamer")
def test_a_clean_extract_is_its_truth(tmp_path: Path) -> None:
    out, telling = _regio(tmp_path, ["GM0141", "REGIO"], gebreken=False)  # nothing was agreed with the regio
    assert (telling.bestanden, telling.gepland) == (6, 0)
    paden = sorted((out / "landing").rglob("*.csv"))
    assert [p.name for p in paden] == [f"declaraties_GM0141_{m}.csv" for m in MAANDEN]
    gelezen = [(r[0], int(r[1])) for p in paden for r in _cellen(p)[1:]]
    waarheid = pl.read_parquet(out / "waarheid" / "declaraties.parquet")
    assert sorted(gelezen) == sorted(waarheid.select("nummer", "waarde").rows())
    geleverd = pl.read_parquet(out / "geleverd" / "declaraties.parquet")
    assert geleverd["is_geldend"].all()
    assert not geleverd["in_quarantaine"].any()
    assert {r["verwachte_status"] for r in _lees(out / "leveringen.csv")} == {"GEACCEPTEERD"}
    assert _lees(out / "grootboek.csv") == []


@pytest.mark.usefixtures("kamer")
def test_a_stand_holds_the_newest_of_every_key(tmp_path: Path) -> None:
    out, _ = _regio(tmp_path, ["GM0147"], gebreken=False)  # of declaraties that one delivers mutaties
    assert {len(_cellen(p)) for p in (out / "landing").rglob("*.csv")} == {N + 1}
    eigen = _maak(
        Wereld(Catalogus.load(PROJECT / "seeds"), MAANDEN, pl.DataFrame()),
        {"GM0147": MAANDEN},
        np.random.default_rng(1),
    )
    stand = verder._van_de_maand(eigen, Maand(2025, 3), sys.modules["pipeline.synth.declaraties"], is_stand=True)
    assert (stand.height, set(stand["waarde"])) == (N, {3})


@pytest.mark.usefixtures("kamer")
def test_every_defect_is_in_its_file_and_in_the_ledger(tmp_path: Path) -> None:
    out, telling = _regio(tmp_path, ["GM0141", "GM0153"], gebreken=True)
    boek = _lees(out / "grootboek.csv")
    assert sorted(r["regel_code"] for r in boek if r["rij"]) == ["R02"] * 2 + ["R06"] * 2 + ["R13"] * 2
    for r in (r for r in boek if r["rij"]):
        cellen = _cellen(out / "landing" / r["bestand"])
        rij = cellen[int(r["rij"]) - 1]
        assert {"R02": rij[1].startswith("-"), "R06": rij[1] == "veel", "R13": cellen.count(rij) == 2}[r["regel_code"]]
    (op_bestand,) = (r for r in boek if not r["rij"])
    assert op_bestand["regel_code"] == "L05"
    assert _cellen(out / "landing" / op_bestand["bestand"])[0] == ["waarde"]
    assert telling.gepland == len(boek)
    staten = [r["verwachte_status"] for r in _lees(out / "leveringen.csv")]
    assert staten.count("ONTBREEKT") == staten.count("AFGEKEURD") == 1
    geleverd = pl.read_parquet(out / "geleverd" / "declaraties.parquet")
    assert geleverd["in_quarantaine"].sum() == 4
    assert geleverd["is_geldend"].all()  # the file that was refused holds no row that was accepted


@pytest.mark.usefixtures("kamer")
def test_the_same_seed_gives_the_same_bytes_and_no_agreement_no_file(tmp_path: Path) -> None:
    een, _ = _regio(tmp_path / "een", ["GM0141"], gebreken=True)
    twee, _ = _regio(tmp_path / "twee", ["GM0141"], gebreken=True)
    bestanden = sorted(p.relative_to(een) for p in een.rglob("*") if p.is_file())
    assert bestanden == sorted(p.relative_to(twee) for p in twee.rglob("*") if p.is_file())
    assert all((een / p).read_bytes() == (twee / p).read_bytes() for p in bestanden)
    leeg, telling = _regio(tmp_path / "leeg", ["REGIO"], gebreken=True)
    assert telling == verder.Telling()
    assert not (leeg / "landing").exists()
