"""The data package: complete, right to the byte, and found sound by the library that defines it."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from frictionless import Package, Report

from tests.conftest import GedraaideRegio
from tests.publish.conftest import Proefmarts

# between them every type, a key that may be empty, and references
ENKELE = {
    "kosten.bijdragen",
    "kosten.maatregelen",
    "kwaliteit.leveringsstatus",
    "meta.herkomst",
    "meta.indicatordefinities",
    "meta.publicatie",
    "sturing.doelrealisatie",
    "sturing.referentiewaarden",
}


def _lees(map_: Path) -> dict[str, Any]:
    inhoud: dict[str, Any] = json.loads((map_ / "datapackage.json").read_text(encoding="utf-8"))
    return inhoud


def test_every_table_is_there_in_both_forms(marts: Proefmarts) -> None:
    map_ = marts.kandidaat().pad / "intern"
    pakket = _lees(map_)
    csvs = [r for r in pakket["resources"] if r["format"] == "csv"]
    assert len(csvs) * 2 == len(pakket["resources"])
    assert {r["path"] for r in pakket["resources"]} == {
        p.relative_to(map_).as_posix() for p in map_.glob("*/*") if p.is_file()
    }
    with duckdb.connect(str(map_ / "marts.duckdb"), read_only=True) as con:
        for r in pakket["resources"]:
            bestand = map_ / r["path"]
            assert r["hash"] == "sha256:" + hashlib.sha256(bestand.read_bytes()).hexdigest()
            assert r["bytes"] == bestand.stat().st_size
            n = f"SELECT count(*) FROM {r['name'].removesuffix('.parquet')}"
            assert con.execute(f"SELECT count(*) FROM '{bestand}'").fetchall() == con.execute(n).fetchall()
    for r in csvs:
        with (map_ / r["path"]).open(newline="") as f:
            assert next(csv.reader(f)) == [v["name"] for v in r["schema"]["fields"]]
        assert all(v["description"] for v in r["schema"]["fields"])


def test_types_grain_and_references(marts: Proefmarts) -> None:
    pakket = _lees(marts.kandidaat().pad / "intern")
    schema = {r["name"]: r["schema"] for r in pakket["resources"] if r["format"] == "csv"}
    velden = {v["name"]: v for v in schema["sturing.indicatoren"]["fields"]}
    assert [velden[k]["type"] for k in ("periode", "teller", "waarde", "is_onderdrukt", "n_jeugdigen")] == [
        "date",
        "number",
        "number",
        "boolean",
        "integer",
    ]
    sleutel = ["indicator_id", "periode_soort", "periode", "gebied_code", "segment"]
    assert schema["sturing.indicatoren"]["primaryKey"] == sleutel
    assert schema["sturing.indicatoren"]["foreignKeys"] == [
        {"fields": [k], "reference": {"resource": t, "fields": [k]}}
        for k, t in (("indicator_id", "meta.indicatordefinities"), ("publicatie_id", "meta.publicatie"))
    ]
    assert "primaryKey" not in schema["kosten.naijling"]


def _keur(map_: Path, tabellen: set[str] | None = None) -> Report:
    pakket = _lees(map_)
    if tabellen is not None:
        pakket["resources"] = [r for r in pakket["resources"] if r["name"].removesuffix(".parquet") in tabellen]
        for r in pakket["resources"]:
            if "foreignKeys" in r.get("schema", {}):
                r["schema"]["foreignKeys"] = [
                    f for f in r["schema"]["foreignKeys"] if f["reference"]["resource"] in tabellen
                ]
    return Package.from_descriptor(pakket, basepath=str(map_)).validate()


def _fouten(verslag: Report) -> list[str]:
    return [f"{t.name}: {e.message}" for t in verslag.tasks for e in t.errors] + [e.message for e in verslag.errors]


def test_frictionless_finds_nothing(rommelige_regio: GedraaideRegio) -> None:
    verslag = _keur(rommelige_regio.marts.parent, ENKELE)
    assert _fouten(verslag) == []
    assert len(verslag.tasks) == 2 * len(ENKELE)
    assert all(t.stats["rows"] > 0 for t in verslag.tasks if not t.name.endswith(".parquet"))


def test_every_reference_that_is_promised_holds(rommelige_regio: GedraaideRegio) -> None:
    map_ = rommelige_regio.marts.parent
    pakket = json.loads((map_ / "datapackage.json").read_text(encoding="utf-8"))
    beloofd = [
        (r["name"], f["fields"][0], f["reference"]["resource"])
        for r in pakket["resources"]
        for f in r.get("schema", {}).get("foreignKeys", ())
    ]
    assert ("kwaliteit.bevindingen", "regel_code", "meta.regels") in beloofd
    with duckdb.connect(str(rommelige_regio.marts), read_only=True) as con:
        los = [
            (van, kolom, naar)
            for van, kolom, naar in beloofd
            if con.execute(f"SELECT 1 FROM {van} ANTI JOIN {naar} USING ({kolom}) WHERE {kolom} IS NOT NULL").fetchone()
        ]
    assert los == []


@pytest.mark.slow
def test_frictionless_finds_nothing_in_any_table(rommelige_regio: GedraaideRegio) -> None:
    verslag = _keur(rommelige_regio.marts.parent)
    assert _fouten(verslag) == []
    assert len(verslag.tasks) > 2 * len(ENKELE)


@pytest.mark.parametrize(
    ("tabel", "zoek", "wordt", "klacht"),
    [
        ("kosten.bijdragen", "GM0147", "GM0141", "primary-key"),
        ("kosten.maatregelen", "crisis_instroom", "zomaar_iets", "foreign-key"),
        ("meta.publicatie", "synthetisch", "synthetisch,", "extra-cell"),
        ("kosten.bijdragen", ".0", ".00", "byte-count"),
    ],
    ids=["grain", "reference", "shape", "bytes"],
)
def test_frictionless_would_find_it(
    rommelige_regio: GedraaideRegio, tmp_path: Path, tabel: str, zoek: str, wordt: str, klacht: str
) -> None:
    """The package says enough for a reader to see what was spoiled on its way."""
    samen = {tabel, "meta.indicatordefinities", "meta.publicatie"}
    map_ = tmp_path / "intern"
    (map_ / "csv").mkdir(parents=True)
    bron = rommelige_regio.marts.parent
    shutil.copytree(bron / "parquet", map_ / "parquet")
    shutil.copyfile(bron / "datapackage.json", map_ / "datapackage.json")
    for t in samen:
        shutil.copyfile(bron / "csv" / f"{t}.csv", map_ / "csv" / f"{t}.csv")
    bestand = map_ / "csv" / f"{tabel}.csv"
    tekst = bestand.read_text(encoding="utf-8")
    assert zoek in tekst
    bestand.write_text(tekst.replace(zoek, wordt), encoding="utf-8")
    assert klacht in {e.type for t in _keur(map_, samen).tasks for e in t.errors}
