"""A build in a test does again what dbt did, by the very text that dbt sent: the same marts for half of the work.

Of a build of a small region two thirds is dbt's own: it compiles, describes and logs every node again for every home.
The first whole build of a session is one by dbt, of which every statement is kept; later ones of the same project send
those again, with their own seeds, publication and moment. Whatever goes wrong on the way, dbt does it after all, so an
error is dbt's. tests/integration/test_herspeel.py proves that it is the same. What builds a part, or with a helper
process, is always dbt's.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from pipeline.domain.publicaties import PUBLICATIE_ID
from pipeline.warehouse import bouwen

_KOP = re.compile(r"^\s*/\*.*?\*/\s*", re.DOTALL)
_DOET_IETS = re.compile(r"^(create|drop|insert)\b", re.IGNORECASE)
_VRAAGT = re.compile(r"^(select|with)\b", re.IGNORECASE)

herspeeld: list[str] = []
"""The warehouses of this process that were built by doing again what dbt did; that it happens is tested too."""


@dataclass
class Opname:
    """What dbt sent, per node in the order in which they began; under "" what is of no node (schemas)."""

    per_knoop: dict[str, list[str]] = field(default_factory=dict)
    waarden: dict[str, str] = field(default_factory=dict)

    def is_over_te_zetten(self) -> bool:
        """Tell whether another build can say this: every seed is read from its folder, and no word is like its id."""
        seeds = [t for knoop, teksten in self.per_knoop.items() if knoop.startswith("seed.") for t in teksten]
        van_seeds = bool(seeds) and all(self.waarden["seeds"] in t for t in seeds)
        return van_seeds and PUBLICATIE_ID.fullmatch(self.waarden["publicatie_id"]) is not None

    def teksten(self, knoop: str, nu: dict[str, str]) -> Iterator[str]:
        for toen in self.per_knoop.get(knoop, ()):
            tekst = toen
            for naam, waarde in self.waarden.items():
                tekst = tekst.replace(waarde, nu[naam])
            yield tekst


def _waarden(argumenten: Sequence[str]) -> dict[str, str]:
    """What differs between builds and stands in the text: the vars, and where the seeds lie (as dbt writes that)."""
    vars_: dict[str, str] = json.loads(argumenten[argumenten.index("--vars") + 1])
    project = argumenten[argumenten.index("--project-dir") + 1]
    # the longest first: a day is part of a moment
    waarden = {"seeds": f"{project}/{os.path.relpath(os.environ['REGIOMONITOR_SEEDS'], project)}/", **vars_}
    return dict(sorted(waarden.items(), key=lambda kv: -len(kv[1])))


def _compiled(argumenten: Sequence[str]) -> Path:
    """Where dbt leaves the queries as it wrote them out."""
    return Path(argumenten[argumenten.index("--target-path") + 1]) / "compiled"


def _merk(argumenten: Sequence[str]) -> str:
    """Project, warehouse and columns of the seeds: what else the text depends on."""
    delen = [argumenten[argumenten.index("--project-dir") + 1], Path(os.environ["REGIOMONITOR_WAREHOUSE"]).stem]
    for pad in sorted(Path(os.environ["REGIOMONITOR_SEEDS"]).glob("*.csv")):
        with pad.open(encoding="utf-8", newline="") as f:
            delen.append(f"{pad.name}:{next(csv.reader(f), [])}")
    return hashlib.sha256("\n".join(delen).encode()).hexdigest()[:16]


@contextmanager
def _opnemen(opname: Opname) -> Iterator[None]:
    from dbt.adapters.duckdb.environments import local
    from dbt_common.events.contextvars import get_node_info

    echt = local.DuckDBCursorWrapper.execute

    def execute(self: Any, sql: str, bindings: Any = None) -> Any:
        kaal, knoop = _KOP.sub("", sql).strip(), str(get_node_info().get("unique_id", ""))
        if bindings is None and (_VRAAGT if knoop.startswith("test.") else _DOET_IETS).match(kaal):
            opname.per_knoop.setdefault(knoop, []).append(kaal)
        return echt(self, sql, bindings)

    with pytest.MonkeyPatch.context() as mp:
        mp.setattr(local.DuckDBCursorWrapper, "execute", execute)
        yield


class Herspeler:
    """Stands for dbt's runner. `map_`: where what one worker took down lies for the other."""

    map_: Path
    echt: Any

    def __init__(self, manifest: Any = None) -> None:
        self.manifest = manifest

    def invoke(self, argumenten: list[str]) -> Any:
        dbt = self.echt(manifest=self.manifest)
        if "build" not in argumenten or "--select" in argumenten:
            return dbt.invoke(argumenten)
        pad = self.map_ / f"opname-{_merk(argumenten)}.json"
        if pad.is_file():
            opname = Opname(**json.loads(pad.read_text("utf-8")))
            knopen = [uid for uid in opname.per_knoop if uid and bouwen.ELDERS not in self.manifest.nodes[uid].tags]
            try:
                resultaten = self._herspeel(opname, knopen, argumenten)
            except (duckdb.Error, AssertionError):
                return dbt.invoke(argumenten)
            herspeeld.append(os.environ["REGIOMONITOR_WAREHOUSE"])
            shutil.copytree(pad.with_suffix(".sql"), _compiled(argumenten), dirs_exist_ok=True)
            return SimpleNamespace(result=SimpleNamespace(results=resultaten))
        opname = Opname(waarden=_waarden(argumenten))
        with _opnemen(opname):
            antwoord = dbt.invoke(argumenten)
        gedaan = {r.node.unique_id for r in getattr(antwoord.result, "results", ())}
        is_geheel = antwoord.success and gedaan == self._alles() and opname.is_over_te_zetten()
        if is_geheel and not pad.is_file():  # the other worker may have been first
            klad = pad.with_suffix(f".{os.getpid()}")
            klad.write_text(json.dumps({"per_knoop": opname.per_knoop, "waarden": opname.waarden}), encoding="utf-8")
            shutil.copytree(_compiled(argumenten), pad.with_suffix(".sql"), dirs_exist_ok=True)
            klad.replace(pad)
        return antwoord

    def _alles(self) -> set[str]:
        return {
            uid
            for uid, n in self.manifest.nodes.items()
            if not bouwen.is_toets_in_model(n) and str(n.resource_type) in ("model", "seed", "test")
        }

    def _herspeel(self, opname: Opname, knopen: Sequence[str], argumenten: Sequence[str]) -> list[SimpleNamespace]:
        nu, uit = _waarden(argumenten), []
        with duckdb.connect(os.environ["REGIOMONITOR_WAREHOUSE"]) as con:
            for tekst in opname.teksten("", nu):
                con.execute(tekst)
            for uid in knopen:
                begin, node = time.perf_counter(), self.manifest.nodes[uid]
                soort = str(node.resource_type)
                if soort == "seed":
                    con.execute(f'DROP TABLE IF EXISTS "{node.schema}"."{node.alias}" CASCADE')
                for tekst in opname.teksten(uid, nu):
                    antwoord = con.execute(tekst)
                if soort == "test":
                    [(n, *_)] = antwoord.fetchall()
                    assert n == 0
                status = "pass" if soort == "test" else "success"
                seconden = time.perf_counter() - begin
                uit.append(
                    SimpleNamespace(node=node, status=status, execution_time=seconden, failures=None, message="OK")
                )
        return uit
