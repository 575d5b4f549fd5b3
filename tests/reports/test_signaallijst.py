"""Feedback of a whole region: everybody is answered, `check` agrees with `run`, signals are those of the build."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import polars as pl
import pytest

from pipeline import intake, warehouse
from pipeline import maand as maandloop
from pipeline.domain.bevindingen import Ernst
from pipeline.domain.leveringen import Bericht, Ontvangstbewijs
from pipeline.domain.maanden import Maand
from pipeline.domain.terugmelding import Signaal, Signaaltelling
from pipeline.reports.bezorgen import STAND
from pipeline.reports.signaallijst import maak_signalen, schrijf_signalen
from pipeline.reports.terugmelding import plek
from pipeline.reports.werklijst import Werk
from pipeline.settings import Huis
from tests.bestanden import paden
from tests.conftest import GedraaideRegio
from tests.intake.hulp import CATALOGUS

MAART = Maand(2026, 3)


@pytest.fixture(scope="module")
def bewijzen(rommelige_regio: GedraaideRegio) -> list[Ontvangstbewijs]:
    return intake.lees_bewijzen(rommelige_regio.settings.huis)


def _json(pad: Path) -> dict[str, Any]:
    return json.loads(pad.read_text(encoding="utf-8"))


def _bytes(map_: Path) -> dict[str, bytes]:
    return {p.relative_to(map_).as_posix(): p.read_bytes() for p in map_.rglob("*") if p.is_file()}


def test_elk_bewijs_is_beantwoord_met_zijn_eigen_tellingen(
    rommelige_regio: GedraaideRegio, bewijzen: list[Ontvangstbewijs]
) -> None:
    map_ = rommelige_regio.settings.huis.feedback
    assert len({plek(b) for b in bewijzen}) == len(bewijzen) > 500
    for b in bewijzen:
        m = _json(map_ / f"{plek(b)}.json")
        assert (m["status"], m["rijen"], m["bedrag_cent"]) == (
            b.status.value,
            b.rijen.als_dict(),
            b.bedrag_cent.als_dict(),
        )
        assert {f["regel_code"]: f["n"] for f in m["bevindingen"]} == {
            f.regel_code: f.n_rijen for f in b.bevindingen if f.n_rijen
        }
        genoemd = Counter(p["regel_code"] for p in m["plaatsen"])
        assert all(genoemd[f.regel_code] <= f.n_rijen for f in b.bevindingen)
        assert len(m["geweigerde_rijen"]) + m["n_geweigerd_met_het_bestand"] == b.rijen.quarantaine
        if not m["n_plaatsen_niet_genoemd"]:
            assert all(genoemd[f.regel_code] == f.n_rijen for f in b.bevindingen if f.rijen)


def test_fouten_op_rijen_noemen_precies_een_kolom_of_die_van_de_regel(
    rommelige_regio: GedraaideRegio, bewijzen: list[Ontvangstbewijs]
) -> None:
    """Of a rule that looks at one column after the other a refused row names the columns that were hit."""
    gezien = 0
    for b in bewijzen:
        m = _json(rommelige_regio.settings.huis.feedback / f"{plek(b)}.json")
        for p in m["plaatsen"]:
            if p["regel_code"] in ("R06", "R07", "R08") and b.is_geaccepteerd:
                assert len(p["kolommen"]) == 1
                gezien += 1
    assert gezien > 20


def test_check_zegt_van_elk_soort_gebrek_wat_run_zei(
    rommelige_regio: GedraaideRegio, bewijzen: list[Ontvangstbewijs]
) -> None:
    """One file of every verdict and set of findings on the file, from the synthetic region's own defects."""
    landing = rommelige_regio.settings.huis.landing
    namen = paden(landing, bewijzen)
    soorten: dict[tuple[str, ...], Ontvangstbewijs] = {}
    for b in bewijzen:
        bestand = [f.regel_code for f in b.bevindingen if f.n_rijen and f.ernst is Ernst.BLOKKEREND]
        soorten.setdefault((b.status.value, b.sleutel.bericht.value, *bestand), b)
    assert len(soorten) >= 12
    for b in soorten.values():
        pad = landing / namen[b.levering_id]
        proef = intake.controleer_bestand(
            pad, rommelige_regio.settings, rommelige_regio.catalogus, nu=rommelige_regio.nu
        )
        for veld in ("status", "rijen", "bedrag_cent", "bevindingen", "reparaties", "niet_data", "levering_id"):
            assert getattr(proef.bewijs, veld) == getattr(b, veld), (b.bestandsnaam, veld)
        maximum = int(CATALOGUS.getal("terugmelding_max_rijen"))
        assert proef.terugblik == intake.lees_terugblik(rommelige_regio.settings.huis, b, maximum)


def test_alles_van_feedback_komt_terug_tot_op_de_byte(
    rommelige_regio: GedraaideRegio, bewijzen: list[Ontvangstbewijs], tmp_path: Path
) -> None:
    """What `replay` does last, on a copy and of three months: only receipts, rows, warehouse and seeds go in."""
    echt = rommelige_regio.settings.huis
    huis = Huis(tmp_path)
    for kamer in ("validated", "quarantine"):
        (tmp_path / kamer).symlink_to(getattr(echt, kamer), target_is_directory=True)
    shutil.copyfile(echt.warehouse, huis.warehouse)
    elders = replace(rommelige_regio.settings, huis=huis)
    laatste = [b for b in bewijzen if b.sleutel.maand >= MAART.plus(-2)]
    maandloop.meld_terug(elders, rommelige_regio.catalogus, laatste, alles=True)
    maandloop.meld_signalen(elders, rommelige_regio.catalogus, alles=True)
    was, nu = _bytes(echt.feedback), _bytes(huis.feedback)
    stand, nieuw = json.loads(was.pop(STAND)), json.loads(nu.pop(STAND))
    assert len(nu) == 2 * len(laatste) + 2 * len(rommelige_regio.catalogus.gemeenten) > 150
    assert {n for n in nu if was[n] != nu[n]} == set()
    assert nieuw.items() <= stand.items()
    assert maandloop.meld_terug(elders, rommelige_regio.catalogus, laatste).geschreven == 0
    assert maandloop.meld_signalen(elders, rommelige_regio.catalogus).geschreven == 0


def test_signalen_zijn_die_van_de_bouw(rommelige_regio: GedraaideRegio) -> None:
    """The counts are those of the published mart, of rules of the build on what stands."""
    huis = rommelige_regio.settings.huis
    lijsten = {p.parent.name: _json(p) for p in huis.feedback.glob("*/signalen.json")}
    assert set(lijsten) == set(rommelige_regio.catalogus.gemeenten)
    bouw = sorted(c for c, r in rommelige_regio.catalogus.regels.items() if r.deur == "bouw" and c != "L14")
    with duckdb.connect(str(rommelige_regio.marts), read_only=True) as con:
        verwacht = con.execute(
            "select gemeente, bericht, strftime(maand, '%Y-%m'), regel_code, n_rijen from kwaliteit.bevindingen "
            "where n_rijen > 0 and list_contains(?, regel_code)",
            [bouw],
        ).fetchall()
    gevonden = [
        (g, t["bericht"], t["maand"], t["regel_code"], t["n"]) for g, m in lijsten.items() for t in m["tellingen"]
    ]
    assert sorted(r for r in gevonden if r[3] != "L14") == sorted(verwacht)
    assert len({r[3] for r in gevonden}) > 10


def test_rijen_van_signalen_wijzen_naar_de_rij_en_de_eigen_sleutel(rommelige_regio: GedraaideRegio) -> None:
    huis = rommelige_regio.settings.huis
    maximum = int(CATALOGUS.getal("terugmelding_max_rijen"))
    tellingen, rijen = warehouse.lees_signalen(huis, maanden=3, max_rijen=maximum)
    assert {r.regel_code for r in rijen} >= {"D11", "D18", "T23"}
    namen = {(t.gemeente, t.bericht, t.maand): t.bestandsnaam for t in tellingen}
    bewijs = {b.bestandsnaam: b for b in intake.lees_bewijzen(huis) if b.is_geaccepteerd}
    proef = [r for r in rijen if r.rij is not None][::20]
    assert len(proef) > 10
    for r in proef:
        assert r.bestandsnaam == namen[r.gemeente, r.bericht, r.maand]
        b = bewijs[r.bestandsnaam]
        pad = huis.validated / r.gemeente / r.bericht.value / str(r.maand) / f"{b.levering_id}.parquet"
        (sleutel,) = pl.read_parquet(pad).filter(pl.col("rij") == r.rij)["eigen_sleutel"].to_list()
        assert r.sleutel in (sleutel or "", "")
    assert any(r.sleutel and r.rij is None for r in rijen if r.regel_code == "T26")


def test_van_elke_regel_evenveel_voordat_het_maximum_is_bereikt(rommelige_regio: GedraaideRegio) -> None:
    _, alle = warehouse.lees_signalen(rommelige_regio.settings.huis, maanden=3, max_rijen=10_000)
    _, weinig = warehouse.lees_signalen(rommelige_regio.settings.huis, maanden=3, max_rijen=12)
    per_gemeente = Counter(r.gemeente for r in weinig)
    assert max(per_gemeente.values()) == 12
    gemeente = max(per_gemeente, key=lambda g: len({r.regel_code for r in alle if r.gemeente == g}))
    regels = Counter(r.regel_code for r in weinig if r.gemeente == gemeente)
    beschikbaar = Counter(r.regel_code for r in alle if r.gemeente == gemeente)
    assert max(regels.values()) - min(regels[c] for c in regels if beschikbaar[c] > regels[c]) <= 1


def test_zonder_gebouwd_warehouse_zijn_er_geen_signalen(tmp_path: Path) -> None:
    huis = Huis(tmp_path)
    assert warehouse.lees_signalen(huis, maanden=3, max_rijen=10) == ([], [])
    with duckdb.connect(str(huis.warehouse)) as con:
        con.execute("create table los (i integer)")
    assert warehouse.lees_signalen(huis, maanden=3, max_rijen=10) == ([], [])


def _telling(regel: str, n: int, gemeente: str = "GM0141", *, verklaard: bool = False) -> Signaaltelling:
    return Signaaltelling(gemeente, Bericht.DECLARATIES, MAART, "declaraties.csv", regel, n, verklaard)


def test_wat_verklaard_is_staat_er_als_verklaard(tmp_path: Path) -> None:
    rijen = [Signaal("GM0141", Bericht.DECLARATIES, MAART, "declaraties.csv", "D18", 4, "REF-1")]
    tellingen = [_telling("D23", 1), _telling("D18", 5), _telling("D11", 2, verklaard=True)]
    m = maak_signalen("GM0141", tellingen, rijen, CATALOGUS, maanden=3)
    assert [(r["regel_code"], r["n"], r["n_verklaard"], r["n_rijen_genoemd"]) for r in m["regels"]] == [
        ("D11", 2, 2, 0),
        ("D18", 5, 0, 1),
        ("D23", 1, 0, 0),
    ]
    uit = schrijf_signalen(Huis(tmp_path), CATALOGUS, tellingen, rijen)
    assert uit.geschreven == 1
    werkboek = openpyxl.load_workbook(tmp_path / "feedback" / "GM0141" / "signalen.xlsx")
    assert [c.value for c in werkboek["Rijen"][2]][:5] == ["D18", "2026-03", "declaraties.csv", 4, "REF-1"]
    assert schrijf_signalen(Huis(tmp_path), CATALOGUS, tellingen, rijen).geschreven == 0
    minder = schrijf_signalen(Huis(tmp_path), CATALOGUS, [_telling("D18", 5, "GM0147")], [])
    assert (minder.geschreven, minder.opgeruimd) == (1, 1)


def test_het_zwaarste_staat_voorop_en_alleen_het_eigene(tmp_path: Path) -> None:
    def taak(gemeente: str, euro: str) -> Werk:
        wat = ("D36", "Prijs kan niet kloppen", "SIGNAAL", 1, Decimal(euro), None, "kosten", 0.031, "nieuw")
        return Werk(gemeente, "declaraties", "2026-02", *wat)

    werk = [taak("GM0141", "19560.25"), taak("GM0147", "77"), taak("GM0141", "5000")]
    schrijf_signalen(Huis(tmp_path), CATALOGUS, [_telling("D18", 5), _telling("D18", 5, "GM0153")], [], werk=werk)
    werkboek = openpyxl.load_workbook(tmp_path / "feedback" / "GM0141" / "signalen.xlsx")
    assert werkboek.sheetnames[0] == "Te doen"
    rijen = [[c.value for c in r] for r in werkboek["Te doen"].iter_rows(min_row=2)]
    assert rijen[0] == [
        "declaraties", "2026-02", "D36", "Prijs kan niet kloppen", 1, 19560.25, "3,1%", "kosten", "herstel of verklaar",
    ]  # fmt: skip
    assert rijen[1][5] == 5000
    assert not any(77 in r for r in rijen)
    niets = openpyxl.load_workbook(tmp_path / "feedback" / "GM0153" / "signalen.xlsx")["Te doen"]
    assert "Er is niets" in "".join(str(c.value) for r in niets.iter_rows() for c in r)
    machine = json.loads((tmp_path / "feedback" / "GM0141" / "signalen.json").read_text(encoding="utf-8"))
    assert [w["bedrag_eur"] for w in machine["te_doen"]] == [19560.25, 5000]
