"""`make bench`: the demo and one further month, with where the time went, against DuckDB alone and against pandas.

Every variant is its own process, started interleaved; reported are medians and the ratios within this one run, never a
comparison of seconds between machines. Each case asserts its answer, so that a fast wrong one fails.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
_DELEN = ("data", "state", "dagster")
"""What a home is made of: its data, the demo's key, Dagster's own database."""
GRENZEN = {"maand / pandas": 1.4, "dagster / run": 1.5, "demo / duckdb leest": 3.5, "piek van de maand, GiB": 1.5}
PAGINAS = "rapport"
"""The step after the publication: the peer makes no pages, so that what they cost stands apart."""


@dataclass
class Meting:
    """One process: wall and cpu seconds, peak memory in MiB, and what it printed as JSON."""

    wall: float
    cpu: float
    piek_mib: float
    antwoord: dict[str, Any]


@dataclass
class Reeks:
    """The measurements of one variant."""

    naam: str
    metingen: list[Meting] = field(default_factory=list)

    @property
    def wall(self) -> float:
        """Median wall seconds."""
        return statistics.median(m.wall for m in self.metingen)

    @property
    def tot_publicatie(self) -> float:
        """Median wall seconds without the report pages."""
        return statistics.median(m.wall - paginas(m) for m in self.metingen)


def paginas(m: Meting) -> float:
    """Seconds that the report pages took."""
    return float(m.antwoord.get("seconden", {}).get(PAGINAS, 0.0))


def meet(woorden: list[str], env: dict[str, str]) -> Meting:
    """Run one process and read its cost from the kernel; RuntimeError with its last words when it fails."""
    begin = time.perf_counter()
    with tempfile.TemporaryFile() as uit, tempfile.TemporaryFile() as fout:
        proces = subprocess.Popen(woorden, stdout=uit, stderr=fout, env=env, cwd=PROJECT)
        _, status, kosten = os.wait4(proces.pid, 0)
        wall = time.perf_counter() - begin
        proces.returncode = os.waitstatus_to_exitcode(status)
        uit.seek(0)
        fout.seek(0)
        tekst = uit.read().decode()
        if proces.returncode != 0:
            raise RuntimeError(
                f"{' '.join(woorden)}: exit {proces.returncode}\n{fout.read().decode()[-2000:]}{tekst[-2000:]}"
            )
    antwoord = json.loads(tekst) if tekst.strip().startswith("{") else {}
    return Meting(wall, kosten.ru_utime + kosten.ru_stime, kosten.ru_maxrss / 1024, antwoord)


def regiomonitor(*woorden: str) -> list[str]:
    return [sys.executable, "-m", "pipeline", *woorden, "--json"]


def omgeving(pad: Path) -> dict[str, str]:
    """A home of its own, with the demo's key beside it."""
    eigen = {"REGIOMONITOR_HOME": str(pad / "data"), "XDG_STATE_HOME": str(pad / "state"), "POLARS_MAX_THREADS": "2"}
    schoon = {k: v for k, v in os.environ.items() if not k.startswith("REGIOMONITOR_")}
    return {**schoon, **eigen}


def demo(pad: Path, schaal: str) -> Meting:
    """Generate 36 months, take in about 1,000 files, build, publish."""
    return meet(regiomonitor("demo", "--schaal", schaal), omgeving(pad))


def laatste_maand(landing: Path) -> str:
    """Return the last leveringsmaand that is there."""
    return max(p.name.split("_")[2][:7] for p in landing.rglob("*_GM*_*.*"))


def maak_regio_in(pad: Path, schaal: str) -> None:
    """Write a region of 36 months to the landing of a new home; in a process of its own, for its memory."""
    from pipeline.cli.hulp import klok as nu
    from pipeline.cli.opdrachten import _maak_demo_regio
    from pipeline.domain.catalogus import Catalogus
    from pipeline.domain.kalender import lokale_dag
    from pipeline.domain.maanden import Maand
    from pipeline.settings import load_settings

    settings, laatste = load_settings(omgeving(pad), demo=True), Maand.van(lokale_dag(nu())).plus(-1)
    settings.controleer_huis(demo_vanaf=laatste.plus(-35))
    _maak_demo_regio(
        *(settings, Catalogus.load(settings.seeds)),
        **{"maanden": 36, "laatste": laatste, "seed": 20240501, "schaal": float(schaal), "nu": nu()},
    )


def zonder_laatste_maand(pad: Path, schaal: str) -> tuple[Path, str]:
    """Make a home in which all but the last month is published; return where that month waits, and which it is.

    Dagster's own database stands beside it, and shows what is published: in life its sensor keeps that up.
    """
    env = omgeving(pad)
    meet([sys.executable, "-m", "benchmarks.run", "--maak-regio", str(pad), "--schaal", schaal], env)
    landing = pad / "data" / "landing"
    maand = laatste_maand(landing)
    wacht = pad / "wacht"
    for bestand in sorted(landing.rglob(f"*_{maand}*")):
        doel = wacht / bestand.relative_to(landing)
        doel.parent.mkdir(parents=True, exist_ok=True)
        bestand.replace(doel)
    meet(regiomonitor("run"), env)
    huis = pad / "dagster"
    huis.mkdir()
    instellingen = (PROJECT / "dagster.yaml").read_text(encoding="utf-8").replace("var/dagster", str(huis))
    (huis / "dagster.yaml").write_text(instellingen, encoding="utf-8")
    meet([sys.executable, "-m", "benchmarks.run", "--bijhouden"], env | {"DAGSTER_HOME": str(huis)})
    return wacht, maand


def houd_dagster_bij() -> None:
    """Do what the sensor `bijhouden` does at its tick, in the Dagster of the environment (`--bijhouden`)."""
    import dagster as dg

    from pipeline.definitions import defs

    with dg.DagsterInstance.get() as instance:
        context = dg.build_sensor_context(instance=instance, definitions=defs)
        for gebeurtenis in defs.resolve_sensor_def("bijhouden").evaluate_tick(context).asset_events:
            instance.report_runless_asset_event(gebeurtenis)


def maandvarianten(pad: Path, wacht: Path, maand: str, n: int) -> list[Reeks]:
    """One further month of 14 gemeenten, `n` times, by the command line and by Dagster, each in the home as it was.

    Beside them DuckDB reading the same files and pandas doing the work. The home stays where it is, as it does from
    month to month: dbt reads its whole project anew when the warehouse has moved.
    """
    reeksen = [Reeks("regiomonitor run"), Reeks("pandas"), Reeks("duckdb leest"), Reeks("dagster")]
    env = omgeving(pad)
    bewaard = pad / "bewaard"
    for deel in _DELEN:
        shutil.copytree(pad / deel, bewaard / deel, symlinks=True)
    os.sync()
    for _ in range(n):
        peer = [sys.executable, "-m", "benchmarks.pandas_maand", str(wacht), str(pad / "data")]
        reeksen[1].metingen.append(meet(peer, env))
        reeksen[2].metingen.append(meet([sys.executable, "-m", "benchmarks.duckdb_leest", str(wacht)], env))
        shutil.copytree(wacht, pad / "data" / "landing", dirs_exist_ok=True)
        reeksen[0].metingen.append(meet(regiomonitor("run"), env))
        ons = (pad / "data" / "published").resolve().rename(pad / "ons")
        herstel(bewaard, pad)
        shutil.copytree(wacht, pad / "data" / "landing", dirs_exist_ok=True)
        reeksen[3].metingen.append(dagster_maand(pad, maand))
        _zelfde_antwoord(reeksen)
        _zelfde_marts(ons, (pad / "data" / "published").resolve())
        shutil.rmtree(ons)
        herstel(bewaard, pad)
    return reeksen


def herstel(bewaard: Path, pad: Path) -> None:
    """Put back the home in which all but the last month is published, with its key; all of it on disk."""
    for deel in _DELEN:
        shutil.rmtree(pad / deel)
        shutil.copytree(bewaard / deel, pad / deel, symlinks=True)
    os.sync()  # or the writing of 1.5 GB goes on beside what is measured


def dagster_maand(proef: Path, maand: str) -> Meting:
    """Run the job of the sensor as production does: a process of its own per run, events in Dagster's database.

    `dagster job execute` starts what the run launcher starts, and imports everything itself: it leaves out the wait for
    the sensor's tick and the queue, which is a setting, and leaves out nothing that costs.
    """
    from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG

    tags = dict.fromkeys((ASSET_PARTITION_RANGE_START_TAG, ASSET_PARTITION_RANGE_END_TAG), f"{maand}-01")
    job = ["dagster", "job", "execute", "-m", "pipeline.definitions", "-j", "maandlevering", "--tags", json.dumps(tags)]
    meting = meet([sys.executable, "-m", *job], omgeving(proef) | {"DAGSTER_HOME": str(proef / "dagster")})
    verslag = max((proef / "data" / "runs").glob("*.json"))
    run = json.loads(verslag.read_text(encoding="utf-8"))
    if run["bron"] != "dagster" or run["uitkomst"] != "GEPUBLICEERD":
        raise RuntimeError(f"Dagster publiceerde niet: {run['uitkomst']}")
    meting.antwoord = {"seconden": {s["naam"]: s["seconden"] for s in run["stappen"]}}
    return meting


def _zelfde_antwoord(reeksen: list[Reeks]) -> None:
    ons, pandas, duckdb = (r.metingen[-1].antwoord for r in reeksen[:3])
    ontvangen = ons["inname"]["rijen"]["ontvangen"]
    # pandas and duckdb read the files in plain dress only, and know nothing of title and total rows
    if not 0.5 <= duckdb["rijen"] / ontvangen <= 1.05 or not 0.5 <= pandas["rijen"] / ontvangen <= 1.05:
        raise RuntimeError(f"niet hetzelfde werk: {ontvangen}, {pandas['rijen']}, {duckdb['rijen']} rijen")


def _zelfde_marts(ons: Path, dagster: Path) -> None:
    from pipeline.publish import zelfde_inhoud

    anders = zelfde_inhoud(ons, dagster, ("publicatie_id", "gemaakt_op", "peilmoment"))
    if anders:
        raise RuntimeError(f"Dagster publiceerde andere cijfers: {', '.join(anders)}")


def toon(naam: str, m: Meting) -> None:
    print(f"\n{naam}: {m.wall:.1f} s wall, {m.cpu:.1f} s cpu, {m.piek_mib:.0f} MiB piek")
    for stap, seconden in m.antwoord.get("seconden", {}).items():
        print(f"    {stap:24} {seconden:6.1f} s")


def oordeel(gemeten: dict[str, float]) -> None:
    """Print what was measured beside its bound."""
    print()
    for wat, waarde in gemeten.items():
        print(f"{wat}: {waarde:.2f} (grens {GRENZEN[wat]}){'' if waarde <= GRENZEN[wat] else '  NIET GEHAALD'}")


PEER = """
Wat de pandas-maand wel en niet doet, naast `regiomonitor run`:
                                        pandas    run
  dracht van bestanden                  gewoon    elke
  regels                                ~20       alle
  marts (tabellen)                      4         alle
  historie                              Parquet   archief en ontvangstbewijzen
  toetsen, poort, uitgaven per gemeente -         ja
  rapportpagina's                       -         ja (hierboven apart)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schaal", default="1.0", help="size of the region; 1 is Twente")
    parser.add_argument("--n", type=int, default=3, help="repetitions of the month")
    parser.add_argument("--json", type=Path, help="write the measurements here")
    parser.add_argument("--maak-regio", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--bijhouden", action="store_true", help=argparse.SUPPRESS)
    keuze = parser.parse_args()
    if keuze.maak_regio:
        maak_regio_in(keuze.maak_regio, keuze.schaal)
        return 0
    if keuze.bijhouden:
        houd_dagster_bij()
        return 0
    with tempfile.TemporaryDirectory(prefix="regiomonitor-bench-") as tijdelijk:
        pad = Path(tijdelijk)
        hele = demo(pad / "demo", keuze.schaal)
        toon("demo, 36 maanden", hele)
        vloer = meet(
            [sys.executable, "-m", "benchmarks.duckdb_leest", str(pad / "demo" / "data" / "landing")],
            omgeving(pad / "demo"),
        )
        toon("duckdb leest dezelfde bestanden", vloer)
        shutil.rmtree(pad / "demo")
        wacht, maand = zonder_laatste_maand(pad / "maand", keuze.schaal)
        reeksen = maandvarianten(pad / "maand", wacht, maand, keuze.n)
        for r in reeksen:
            toon(f"{r.naam}, maand {maand} (mediaan van {keuze.n}: {r.wall:.1f} s), laatste", r.metingen[-1])
        ons, pandas, lezen, dagster = reeksen
        print(f"\nmaand tot en met publicatie: {ons.tot_publicatie:.1f} s; met pagina's: {ons.wall:.1f} s")
        print(f"met pagina's / pandas: {ons.wall / pandas.wall:.2f}; / duckdb leest: {ons.wall / lezen.wall:.1f}")
        oordeel(
            {
                "maand / pandas": ons.tot_publicatie / pandas.wall,
                "dagster / run": dagster.wall / ons.wall,
                "demo / duckdb leest": (hele.wall - paginas(hele)) / vloer.wall,
                "piek van de maand, GiB": max(m.piek_mib for m in ons.metingen) / 1024,
            }
        )
        print(PEER)
        if keuze.json:
            alles = {
                "demo": hele.__dict__,
                "demo_vloer": vloer.__dict__,
                "maand": {r.naam: [m.__dict__ for m in r.metingen] for r in reeksen},
            }
            keuze.json.write_text(json.dumps(alles, indent=1, default=str))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
