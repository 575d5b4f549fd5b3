"""Whoever opens what is published sees the same numbers: every DuckDB from 1.2 on, node, polars, pandas, pyarrow.

The numbers are compared with those that our own DuckDB reads: rows of every table, the sum of every number in it.
"""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
import pytest

from tests.afnemers.omgevingen import HIER, node_met, pakket
from tests.conftest import GedraaideRegio

pytestmark = pytest.mark.slow

# the last of every minor from 1.2 to 2.0
DUCKDB = ("1.2.2", "1.3.2", "1.4.5", "1.5.6", "2.0.0")
GETAL = ("integer", "number")
Sommen = dict[str, dict[str, Any]]


def _vraag(opdracht: list[str | Path], env: dict[str, str] | None = None, cwd: Path | None = None) -> dict[str, Any]:
    uit = subprocess.run(
        [str(o) for o in opdracht], env=env, cwd=cwd, capture_output=True, text=True, check=False, timeout=120
    )
    assert uit.returncode == 0, uit.stderr
    gelezen: dict[str, Any] = json.loads(uit.stdout)
    return gelezen


@pytest.fixture(scope="module")
def edities(rommelige_regio: GedraaideRegio) -> list[Path]:
    """The folders of all editions that were published, through the link as any reader goes."""
    gevonden = sorted(p.parent for p in rommelige_regio.settings.huis.published.glob("**/marts.duckdb"))
    assert "intern" in {p.name for p in gevonden}
    return gevonden


@pytest.fixture(scope="module")
def verwacht(edities: list[Path]) -> dict[Path, dict[str, Any]]:
    """What our own DuckDB reads."""
    uit = {map_: _vraag([sys.executable, HIER / "lees.py", map_ / "marts.duckdb"]) for map_ in edities}
    assert all(len(v["tabellen"]) > 20 and len(v["omschrijvingen"]) > 300 for v in uit.values())
    return uit


def _vergelijk(verwacht: Sommen, gelezen: Sommen) -> None:
    assert gelezen.keys() == verwacht.keys()
    for tabel, v in verwacht.items():
        g = gelezen[tabel]
        assert g["n"] == v["n"], tabel
        assert g["sommen"].keys() == v["sommen"].keys(), tabel
        for kolom, som in v["sommen"].items():
            assert _gelijk(som, g["sommen"][kolom]), (tabel, kolom, som, g["sommen"][kolom])


def _gelijk(verwacht: Any, gelezen: Any) -> bool:
    """To the cent where the reader counts in cents; floats are added in another order."""
    a, b = _getal(verwacht), _getal(gelezen)
    return a == b or math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-6)


def _getal(waarde: Any) -> Decimal:
    return Decimal(0) if pd.isna(waarde) else Decimal(str(waarde))


def test_the_list_of_versions_misses_none() -> None:
    uit = subprocess.run(
        [sys.executable, "-m", "pip", "index", "versions", "duckdb"], capture_output=True, text=True, check=True
    )
    [regel] = re.findall(r"^Available versions: (.*)$", uit.stdout, re.MULTILINE)
    minors = {tuple(int(d) for d in v.split(".")[:2]) for v in regel.split(", ")}
    assert {m for m in minors if (1, 2) <= m <= (2, 0)} == {tuple(int(d) for d in v.split(".")[:2]) for v in DUCKDB}


@pytest.mark.parametrize("versie", DUCKDB)
def test_duckdb(versie: str, edities: list[Path], verwacht: dict[Path, dict[str, Any]]) -> None:
    env = {**os.environ, "PYTHONPATH": str(pakket(f"duckdb=={versie}"))}
    for map_ in edities:
        gelezen = _vraag([sys.executable, HIER / "lees.py", map_ / "marts.duckdb"], env)
        assert gelezen["versie"] == versie
        _vergelijk(verwacht[map_]["tabellen"], gelezen["tabellen"])
        assert gelezen["omschrijvingen"] == verwacht[map_]["omschrijvingen"]
        assert all(gelezen["omschrijvingen"].values())


@pytest.mark.parametrize("versie", DUCKDB)
def test_a_reader_under_whom_the_link_is_turned(versie: str, rommelige_regio: GedraaideRegio, tmp_path: Path) -> None:
    """It keeps what it has open; it sees the new one when it opens anew (docs/afnemers.md says how)."""
    een = rommelige_regio.settings.huis.published.resolve()
    twee = tmp_path / "twee"
    shutil.copytree(een, twee)
    with duckdb.connect(str(twee / "intern" / "marts.duckdb")) as con:
        con.execute("UPDATE meta.publicatie SET publicatie_id = 'twee'")
    link = tmp_path / "published"
    link.symlink_to(een)
    env = {**os.environ, "PYTHONPATH": str(pakket(f"duckdb=={versie}"))}
    gezien = _vraag([sys.executable, HIER / "wissel.py", link, twee], env)
    # before 1.5 one process has one database per path, as long as any connection to it is open
    zelfde = "twee" if [int(d) for d in versie.split(".")] >= [1, 5] else een.name
    assert gezien == {
        "eerst": een.name,
        "nog open": een.name,
        "zelfde pad": zelfde,
        "opgezocht pad": "twee",
        "opnieuw": "twee",
    }


def test_node(edities: list[Path], verwacht: dict[Path, dict[str, Any]]) -> None:
    modules = node_met(HIER / "node")
    # node looks for packages beside the script
    script = modules / "lees.mjs"
    script.write_text((HIER / "node" / "lees.mjs").read_text(encoding="utf-8"), encoding="utf-8")
    for map_ in edities:
        gelezen = _vraag(["node", script, map_ / "marts.duckdb"])
        _vergelijk(verwacht[map_]["tabellen"], gelezen["tabellen"])
        assert gelezen["omschrijvingen"] == verwacht[map_]["omschrijvingen"]


# --- Parquet and CSV, as the data package says they are ---------------------------------------------------------------

Lezer = Callable[[Path, list[dict[str, Any]]], dict[str, Any]]


def _polars(df: pl.DataFrame, getallen: list[str]) -> dict[str, Any]:
    return {"n": df.height, "sommen": {k: df[k].sum() for k in getallen}}


def _polars_csv(pad: Path, velden: list[dict[str, Any]]) -> dict[str, Any]:
    soorten = {"string": pl.String, "boolean": pl.Boolean, "integer": pl.Int64, "number": pl.Float64}
    schema = {v["name"]: soorten.get(v["type"], pl.String) for v in velden}
    return _polars(pl.read_csv(pad, schema=schema), _namen(velden))


def _pandas(df: pd.DataFrame, getallen: list[str]) -> dict[str, Any]:
    return {"n": len(df), "sommen": {k: df[k].dropna().sum() for k in getallen}}


def _pyarrow(tabel: Any, getallen: list[str]) -> dict[str, Any]:
    return {"n": tabel.num_rows, "sommen": {k: pc.sum(tabel[k]).as_py() for k in getallen}}


def _namen(velden: list[dict[str, Any]]) -> list[str]:
    return [v["name"] for v in velden if v["type"] in GETAL]


LEZERS: dict[str, tuple[str, Lezer]] = {
    "polars-parquet": ("parquet", lambda p, v: _polars(pl.read_parquet(p), _namen(v))),
    "polars-csv": ("csv", _polars_csv),
    "pandas-parquet": ("parquet", lambda p, v: _pandas(pd.read_parquet(p), _namen(v))),
    "pandas-csv": ("csv", lambda p, v: _pandas(pd.read_csv(p, low_memory=False), _namen(v))),
    "pyarrow-parquet": ("parquet", lambda p, v: _pyarrow(pyarrow.parquet.read_table(p), _namen(v))),
    "pyarrow-csv": ("csv", lambda p, v: _pyarrow(pyarrow.csv.read_csv(p), _namen(v))),
}


@pytest.mark.parametrize("naam", LEZERS)
def test_parquet_and_csv(naam: str, edities: list[Path], verwacht: dict[Path, dict[str, Any]]) -> None:
    vorm, lees = LEZERS[naam]
    met_bestanden = [map_ for map_ in edities if (map_ / vorm).is_dir()]  # a gemeente gets its marts.duckdb alone
    assert {map_.name for map_ in met_bestanden} == {"intern", "openbaar"}
    for map_ in met_bestanden:
        pakket_ = json.loads((map_ / "datapackage.json").read_text(encoding="utf-8"))
        velden = {r["name"]: r["schema"]["fields"] for r in pakket_["resources"] if r["format"] == "csv"}
        _vergelijk(verwacht[map_]["tabellen"], {t: lees(map_ / vorm / f"{t}.{vorm}", v) for t, v in velden.items()})
