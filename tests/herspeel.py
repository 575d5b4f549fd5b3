"""A build in a test does again what dbt did, by the very text that dbt sent: the same marts for half of the work.

Of a build of a small region two thirds is dbt's own: it compiles, describes and logs every node again for every home.
The first whole build of a session is one by dbt, of which every statement is kept; later ones of the same project send
those again, with their own seeds, publication and moment, and who wants a model with all before it sends its part.
Whatever goes wrong on the way, dbt does it after all, so an error is dbt's. tests/integration/test_herspeel.py proves
that it is the same. What builds another part, or with a helper process, is always dbt's.
"""

from __future__ import annotations

import csv
import fcntl
import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import takewhile
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
        if knoop.startswith("unit_test."):
            return echt(self, sql, bindings)
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
        """As dbt's: do again what was kept, or have dbt do it."""
        keuze = self.keuze(argumenten)
        if keuze is None:
            return self.echt(manifest=self.manifest).invoke(argumenten)
        pad = self._pad(argumenten)
        is_deel = "--select" in argumenten
        with self._slot(pad):  # the other worker may be at it
            if not pad.is_file() and not is_deel:
                return self._neem_op(argumenten, pad)
        if not pad.is_file():
            return self.echt(manifest=self.manifest).invoke(argumenten)
        try:
            opname = Opname(**json.loads(pad.read_text("utf-8")))
            resultaten = self._herspeel(opname, [uid for uid in opname.per_knoop if uid in keuze], argumenten)
        except (duckdb.Error, AssertionError):
            return self.echt(manifest=self.manifest).invoke(argumenten)
        herspeeld.append(os.environ["REGIOMONITOR_WAREHOUSE"])
        if not is_deel:
            shutil.copytree(pad.with_suffix(".sql"), _compiled(argumenten), dirs_exist_ok=True)
        return SimpleNamespace(result=SimpleNamespace(results=resultaten))

    def neem_op(self, argumenten: list[str]) -> Any:
        """Have dbt do it, and keep what it sends when it is a whole build (with unit tests or without)."""
        pad = self._pad(argumenten)
        with self._slot(pad):
            return self._neem_op(argumenten, pad)

    def _neem_op(self, argumenten: list[str], pad: Path) -> Any:
        opname = Opname(waarden=_waarden(argumenten))
        with _opnemen(opname):
            antwoord = self.echt(manifest=self.manifest).invoke(argumenten)
        gedaan = {r.node.unique_id for r in getattr(antwoord.result, "results", ())}
        if antwoord.success and self._alles() <= gedaan and opname.is_over_te_zetten() and not pad.is_file():
            shutil.copytree(_compiled(argumenten), pad.with_suffix(".sql"), dirs_exist_ok=True)
            klad = pad.with_suffix(".klad")
            klad.write_text(json.dumps({"per_knoop": opname.per_knoop, "waarden": opname.waarden}), encoding="utf-8")
            klad.replace(pad)
        return antwoord

    def _pad(self, argumenten: Sequence[str]) -> Path:
        return self.map_ / f"opname-{_merk(argumenten)}.json"

    @staticmethod
    @contextmanager
    def _slot(pad: Path) -> Iterator[None]:
        with pad.with_suffix(".slot").open("w") as slot:
            fcntl.flock(slot, fcntl.LOCK_EX)
            yield

    def keuze(self, argumenten: Sequence[str]) -> set[str] | None:
        """What this makes; None when it is no build, or one of a part that is not a model and all before it."""
        if "build" not in argumenten:
            return None
        alles = {uid for uid in self._alles() if bouwen.ELDERS not in self.manifest.nodes[uid].tags}
        if "--select" not in argumenten:
            return alles
        gevraagd = list(takewhile(lambda a: not a.startswith("--"), argumenten[argumenten.index("--select") + 1 :]))
        if not all(g.startswith("+") for g in gevraagd) or "cautious" not in argumenten:
            return None
        modellen: set[str] = set()
        te_doen = [uid for uid in alles if self.manifest.nodes[uid].name in {g[1:] for g in gevraagd}]
        while te_doen:
            uid = te_doen.pop()
            modellen.add(uid)
            te_doen += [o for o in self.manifest.nodes[uid].depends_on_nodes if o in alles and o not in modellen]
        # a test goes along only when all it looks at is made
        toetsen = {uid for uid in alles - modellen if uid.startswith("test.")}
        return modellen | {uid for uid in toetsen if set(self.manifest.nodes[uid].depends_on_nodes) <= modellen}

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
