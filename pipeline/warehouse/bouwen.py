"""Build: run dbt in this process, or in a helper that warmed up while the door worked.

Lives here: how dbt is called and what of its answer is kept. Its state (target, partial parse) lives in work/dbt of
the data home, never in the checkout. Keep out: what is built (dbt_project/), what becomes of it (publish/).

dbt parses once with fixed vars and builds with the real ones on that parse: vars that change at every run would
otherwise throw the partial parse away every time.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from pipeline.domain.fouten import BouwFout
from pipeline.proces.werkproces import Werkproces, WerkprocesFout
from pipeline.settings import Settings
from pipeline.warehouse.ongewijzigd import (
    DBT_PROJECT,
    kenmerk,
    lees_kenmerk,
    schrijf_kenmerk,
    vaste_knopen,
    wis_kenmerk,
)
from pipeline.warehouse.tellen import schrijf_tellingen

WERKER_MODULE = "pipeline.warehouse.dbt_werker"
_GOED = frozenset({"success", "pass", "warn", "no-op"})
_IN_MODEL = "in_model"
"""Tag of generic tests that run in the node of their model (dbt_project/macros/tests/)."""
ELDERS = "elders"
"""Tag, for the time of a build, of what it leaves out: dbt looks up one name much quicker than each its own."""
_MODELLEN_TEGELIJK = 2
_GETOOND = 5
_MAX_MELDING = 800
# errors about code and places; any other may quote the value it stumbled on
_ZONDER_WAARDEN = re.compile(
    r"\b(Compilation|Catalog|Binder|Parser|Syntax|Permission|IO|Out of Memory|Dependency|Not implemented) Error",
    re.IGNORECASE,
)
_TOETS = re.compile(r"toets \w+: \d+ keer niet voldaan")
_SOORT_FOUT = re.compile(r"\b(?!Runtime |Database )([A-Z][A-Za-z]+(?: [A-Za-z]+)? Error)")


@dataclass(frozen=True)
class Knoop:
    """One node of the build: model, seed or test. `melding` never holds a value of a row."""

    unique_id: str
    soort: str
    status: str
    seconden: float
    failures: int | None
    melding: str = ""

    @property
    def is_goed(self) -> bool:
        """Tell whether the node did what it should; a warning counts as such."""
        return self.status in _GOED

    @property
    def naam(self) -> str:
        """Name as an engineer types it after --select."""
        return self.unique_id.split(".")[2]


@dataclass(frozen=True)
class Bouwresultaat:
    """What a build did, node by node in order of completion. `manifest`: dbt's manifest.json of this very build."""

    knopen: tuple[Knoop, ...]
    manifest: Path
    seconden: float

    @property
    def waarschuwingen(self) -> tuple[Knoop, ...]:
        """Tests of severity warn that found something."""
        return tuple(k for k in self.knopen if k.status == "warn")


@dataclass(frozen=True)
class Plek:
    """Where dbt finds its project, its seeds and the warehouse, and where it may write."""

    project: Path
    seeds: Path
    warehouse: Path
    werk: Path

    @property
    def manifest(self) -> Path:
        """The manifest.json of dbt."""
        return self.werk / "target" / "manifest.json"

    @property
    def env(self) -> dict[str, str]:
        """The environment the dbt project reads (architecture.md, section 4)."""
        return {"REGIOMONITOR_WAREHOUSE": str(self.warehouse), "REGIOMONITOR_SEEDS": str(self.seeds)}

    def opties(self) -> list[str]:
        """Options of every dbt command."""
        return [
            "--project-dir", str(self.project),
            "--profiles-dir", str(self.project),
            "--target-path", str(self.werk / "target"),
            "--log-path", str(self.werk / "logs"),
        ]  # fmt: skip

    @classmethod
    def van_dict(cls, d: Mapping[str, str]) -> Plek:
        """Read what `als_dict` gave."""
        return cls(**{k: Path(v) for k, v in d.items()})

    def als_dict(self) -> dict[str, str]:
        """Plain form, to hand to the helper."""
        return {k: str(v) for k, v in asdict(self).items()}


def _plek(settings: Settings, warehouse: Path | None, project: Path | None) -> Plek:
    return Plek(
        project=project or DBT_PROJECT,
        seeds=settings.seeds,
        warehouse=warehouse or settings.huis.warehouse,
        werk=settings.huis.work / "dbt",
    )


class DbtWerker:
    """A helper process that imports dbt and parses the project while the door works. A context manager."""

    def __init__(self, plek: Plek) -> None:
        """Start it; returns at once."""
        self.plek = plek
        plek.werk.mkdir(parents=True, exist_ok=True)
        self._proces = Werkproces(WERKER_MODULE, {**plek.env, "REGIOMONITOR_DBT_PLEK": json.dumps(plek.als_dict())})

    def __enter__(self) -> DbtWerker:
        return self

    def __exit__(
        self, _soort: type[BaseException] | None, _fout: BaseException | None, _spoor: TracebackType | None
    ) -> None:
        self.sluit()

    def sluit(self) -> None:
        """End the helper."""
        self._proces.sluit()

    def knopen(self, vars_: Mapping[str, str], selectie: Sequence[str]) -> list[Knoop] | None:
        """Build; None when the helper could not, and the caller should."""
        try:
            antwoord = self._proces.vraag({"vars": dict(vars_), "selectie": list(selectie)})
        except WerkprocesFout:
            return None
        if "fout" in antwoord:
            raise BouwFout(antwoord["fout"])
        return [Knoop(**k) for k in antwoord["knopen"]]


def start_dbt_werker(settings: Settings, *, warehouse: Path | None = None, project: Path | None = None) -> DbtWerker:
    """Start the helper early in a run; hand it to `bouw` later."""
    return DbtWerker(_plek(settings, warehouse, project))


def bouw(
    settings: Settings,
    *,
    vars: Mapping[str, str],  # noqa: A002 dbt's own word
    warehouse: Path | None = None,
    selectie: Sequence[str] = (),
    werker: DbtWerker | None = None,
    project: Path | None = None,
) -> Bouwresultaat:
    """Build and test everything (or `selectie`, in dbt's selector syntax), unit tests excepted.

    With a `werker` for the same places the work happens there; if that fails to answer, here. Same result either way.
    Raises BouwFout when a model fails or a test of severity error finds something: which, and what to do.
    """
    begin = time.perf_counter()
    plek = _plek(settings, warehouse, project)
    knopen = werker.knopen(vars, selectie) if werker is not None and werker.plek == plek else None
    if knopen is None:
        with omgeving(plek.env):
            knopen = voer_uit(plek, ontleed(plek), vars, selectie)
    _eis_goed(knopen, plek)
    return Bouwresultaat(tuple(knopen), plek.manifest, time.perf_counter() - begin)


@contextmanager
def omgeving(env: Mapping[str, str]) -> Iterator[None]:
    """Set the environment that a dbt project reads, and put back what it was."""
    oud = {k: os.environ.get(k) for k in env}
    os.environ.update(env)
    try:
        yield
    finally:
        for k, v in oud.items():
            if v is None:
                del os.environ[k]
            else:
                os.environ[k] = v


def ontleed(plek: Plek) -> Any:
    """Parse the project and write its manifest; return dbt's manifest object. BouwFout when it does not parse.

    What was written of the same project by the same dbt stays: writing it is most of what a parse costs when nothing
    changed.
    """
    from dbt.cli.main import dbtRunner
    from dbt.version import get_installed_version

    plek.werk.mkdir(parents=True, exist_ok=True)
    nu = "\n".join([kenmerk(plek.project, plek.seeds), str(plek), get_installed_version().to_version_string()])
    geschreven_van = plek.werk / "manifest_van.txt"
    staat_er = plek.manifest.is_file() and geschreven_van.is_file() and geschreven_van.read_text("utf-8") == nu
    if not staat_er:
        geschreven_van.unlink(missing_ok=True)
    opties = ["--quiet", "--log-level", "none", "--log-level-file", "none", "--no-send-anonymous-usage-stats"]
    if staat_er:
        opties.append("--no-write-json")
    antwoord = dbtRunner().invoke([*opties, "parse", *plek.opties()])
    if not antwoord.success or antwoord.result is None:
        raise BouwFout(
            f"Het dbt-project kan niet worden gelezen: {' '.join(str(antwoord.exception).split())[:_MAX_MELDING]} "
            "Controleer met: dbt parse --project-dir dbt_project --profiles-dir dbt_project"
        )
    if not staat_er:
        geschreven_van.write_text(nu, encoding="utf-8")
    return antwoord.result


def voer_uit(plek: Plek, manifest: Any, vars_: Mapping[str, str], selectie: Sequence[str]) -> list[Knoop]:
    """Run dbt build on a parsed project. BouwFout when dbt itself breaks, not when a node does.

    What is made of seeds alone is left as it is when nothing of it changed (ongewijzigd.py); a `selectie` makes what it
    says.
    """
    import duckdb
    from dbt.cli.main import dbtRunner

    nu = kenmerk(plek.project, plek.seeds)
    # dbt opens and closes the file at every node, and a close writes out everything and forgets what was read. While
    # this connection is open they all share one database: measured 20 instead of 68 seconds on 1.1 million rows.
    with duckdb.connect(str(plek.warehouse)) as vast:
        over = vaste_knopen(manifest) if not selectie and lees_kenmerk(vast) == nu else []
        if not over:
            wis_kenmerk(vast)
        # what is built anew every run need not be packed: choosing a compression costs more than it saves
        vast.execute("SET GLOBAL force_compression = 'uncompressed'")
        # models are built side by side: splitting each over all cores too costs a tenth to a fifth more, at any size
        vast.execute(f"SET GLOBAL threads = {max(1, (os.cpu_count() or 1) // _MODELLEN_TEGELIJK)}")
        # every model holds itself to its own tests in a post-hook (macros/eis_toetsen.sql)
        elders = [*over, *(uid for uid, node in manifest.nodes.items() if is_toets_in_model(node))]
        with _gemerkt(manifest, elders):
            antwoord = dbtRunner(manifest=manifest).invoke(_argumenten(plek, vars_, selectie, over))
        if antwoord.result is None:
            raise BouwFout(
                "dbt brak af voordat er iets gebouwd was: "
                + _zonder_waarden(str(antwoord.exception or "onbekende oorzaak"))
            )
        knopen = [_knoop(r) for r in antwoord.result.results]
        if not over and not selectie and all(k.is_goed for k in knopen):
            schrijf_kenmerk(vast, nu)
        if not selectie and all(k.is_goed for k in knopen):
            schrijf_tellingen(vast, plek.werk, vars_.get("publicatie_id", ""))
    knopen += [Knoop(uid, str(manifest.nodes[uid].resource_type), "no-op", 0.0, None) for uid in over]
    return knopen + _toetsen_in_model(manifest, knopen)


def _argumenten(plek: Plek, vars_: Mapping[str, str], selectie: Sequence[str], over: Sequence[str]) -> list[str]:
    argumenten = [
        "--quiet", "--log-level", "none", "--log-level-file", "none",
        "--no-send-anonymous-usage-stats", "--no-write-json",
        "build", *plek.opties(),
        "--threads", str(_MODELLEN_TEGELIJK),
        "--vars", json.dumps(dict(vars_)),
        "--exclude-resource-type", "unit_test",
        "--exclude", f"tag:{ELDERS}",
    ]  # fmt: skip
    if over:
        # cautious: a test goes along only when all it looks at is left out
        argumenten += ["--indirect-selection", "cautious"]
    if selectie:
        argumenten += ["--select", *selectie]
    return argumenten


@contextmanager
def _gemerkt(manifest: Any, knopen: Sequence[str]) -> Iterator[None]:
    """Tag these nodes, and take the tag off again: the manifest may serve more builds."""
    nodes = [manifest.nodes[uid] for uid in knopen]
    for node in nodes:
        node.tags = [*node.tags, ELDERS]
    try:
        yield
    finally:
        for node in nodes:
            node.tags = [tag for tag in node.tags if tag != ELDERS]


def is_toets_in_model(node: Any) -> bool:
    """Tell whether a node of dbt's manifest is a test that its model holds itself to; a mere warning is not."""
    return _IN_MODEL in node.tags and bool(node.config.severity == "ERROR")


def _toetsen_in_model(manifest: Any, knopen: Sequence[Knoop]) -> list[Knoop]:
    """Give the tests that ran inside their model as nodes of their own."""
    modellen = {k.unique_id: k for k in knopen if k.soort == "model"}
    toetsen = [
        (uid, modellen[node.attached_node])
        for uid, node in manifest.nodes.items()
        if is_toets_in_model(node) and node.attached_node in modellen
    ]
    return [
        Knoop(uid, "test", "pass", 0.0, 0)
        if model.is_goed
        else Knoop(uid, "test", "skipped", 0.0, None, "het model zelf is niet gemaakt")
        for uid, model in toetsen
    ]


def _knoop(r: Any) -> Knoop:
    status = str(getattr(r.status, "value", r.status))
    return Knoop(
        unique_id=r.node.unique_id,
        soort=str(getattr(r.node.resource_type, "value", r.node.resource_type)),
        status=status,
        seconden=round(float(r.execution_time), 4),
        failures=r.failures,
        melding="" if status in _GOED else _zonder_waarden(r.message or ""),
    )


def _zonder_waarden(tekst: str) -> str:
    """Keep of an error what an engineer needs, without anything that could come from a row (SPEC 8)."""
    if toets := _TOETS.search(tekst):
        return toets[0] + ". Zoek de oorzaak in het model; verzacht de toets niet."
    if _ZONDER_WAARDEN.search(tekst):
        return " ".join(tekst.split())[:_MAX_MELDING]
    soort = _SOORT_FOUT.search(tekst)
    naam = soort[1] if soort else "fout bij het uitvoeren"
    return f"{naam} (de tekst kan een waarde van een rij bevatten en is weggelaten)."


def _eis_goed(knopen: Sequence[Knoop], plek: Plek) -> None:
    stuk = [k for k in knopen if not k.is_goed and k.status != "skipped"]
    if not stuk:
        return
    overgeslagen = sum(k.status == "skipped" for k in knopen)
    regels = [_zin(k) for k in stuk[:_GETOOND]]
    if len(stuk) > _GETOOND:
        regels.append(f"en nog {len(stuk) - _GETOOND}.")
    raise BouwFout(
        f"De bouw is mislukt op {len(stuk)} van {len(knopen)} onderdelen ({overgeslagen} overgeslagen); "
        "er is niets gepubliceerd.\n  - "
        + "\n  - ".join(regels)
        + f"\nDe uitgeschreven queries staan in {plek.werk / 'target' / 'compiled'}; "
        f"opnieuw: REGIOMONITOR_WAREHOUSE={plek.warehouse} dbt build --select {stuk[0].naam} "
        "--project-dir dbt_project --profiles-dir dbt_project"
    )


def _zin(k: Knoop) -> str:
    if k.soort == "test" and k.failures:
        return f"test {k.naam}: {k.failures} keer niet voldaan. Zoek de oorzaak in het model; verzacht de test niet."
    return f"{k.soort} {k.naam}: {k.melding or k.status}"
