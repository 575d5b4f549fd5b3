"""The dbt project on its own: it builds on a small raw database, its unit tests hold, and the figures are those
counted by hand below. The models are tested one by one in dbt_project/models/**/_unit_*.yml.
"""

from __future__ import annotations

import csv
import datetime as dt
import filecmp
import json
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.settings import PROJECT
from pipeline.warehouse.bouwen import Plek, omgeving
from tests.dbt.maak_raw import levering, maak_raw, ook_van_weinig
from tests.in_dit_proces import herspeler, manifest_voor

ENSCHEDE, HENGELO = "GM0153", "GM0164"
VARS = {
    "publicatie_id": "P20710719T030405-0a1b2c3d",
    "peilmoment": "2071-07-19 03:04:05.678901",
    "peildatum": "2071-07-19",
}
"""Long after all of it, so that everything has come to rest; and a day that no model writes down itself."""
MAANDEN = [dt.date(2024, 12, 1), *(dt.date(2025, m, 1) for m in range(1, 13))]
DAG = dt.date.fromisoformat


@dataclass(frozen=True)
class Bouw:
    """A build: dbt's results by name of the node, and the warehouse it left behind."""

    statussen: dict[str, str]
    warehouse: Path
    seeds: Path

    def rijen(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query on the warehouse."""
        return self._open.execute(sql).fetchall()

    @cached_property
    def _open(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(str(self.warehouse), read_only=True)

    def cijfer(
        self, indicator: str, soort: str, periode: str, gebied: str = "REGIO", segment: str = "totaal"
    ) -> tuple[float | None, ...]:
        """(teller, noemer, waarde, n_jeugdigen) of one figure."""
        [rij] = self.rijen(
            "select teller, noemer, waarde, n_jeugdigen from sturing.indicatoren "
            f"where indicator_id = '{indicator}' and periode_soort = '{soort}' and periode = '{periode}' "
            f"and gebied_code = '{gebied}' and segment = '{segment}'"
        )
        return tuple(None if w is None else float(w) for w in rij)


def toewijzing(
    gemeente: str, nummer: int, jeugdige: str, product: str, van: str, tot: str | None, **anders: Any
) -> Any:
    """One row, issued on its first day and delivered in that month."""
    begin = DAG(van)
    return {
        "gemeente": gemeente,
        "leveringsmaand": max(begin.replace(day=1), MAANDEN[0]),
        "toewijzingnummer": nummer,
        "pseudoniem": jeugdige,
        "productcategorie": product[:2],
        "productcode": product,
        "toewijzingsdatum": begin,
        "ingangsdatum": begin,
        "einddatum": DAG(tot) if tot else None,
        **anders,
    }


# j1 is in ambulant help and moves from Enschede to Hengelo on 1 April. j2 has crisis help with stay, then stay. j3 was
# deleted. j4 has probation with a gap of 30 days in it and is 18 on 1 January 2025.
TOEWIJZINGEN = [
    toewijzing(ENSCHEDE, 1, "j1", "45A04", "2025-01-01", "2025-03-31", verwijzer_type="02"),
    toewijzing(HENGELO, 1, "j1", "45A04", "2025-04-01", "2025-06-30", verwijzer_type="01"),
    toewijzing(ENSCHEDE, 2, "j2", "43A01", "2025-02-10", None),
    toewijzing(ENSCHEDE, 3, "j2", "46A02", "2025-01-20", "2025-02-05"),
    toewijzing(ENSCHEDE, 4, "j3", "45A04", "2025-01-01", "2025-01-01", reden_wijziging="13"),
    toewijzing(ENSCHEDE, 5, "j4", "47A01", "2024-12-15", "2025-01-10", leeftijdsmaand=DAG("2007-01-01")),
    toewijzing(ENSCHEDE, 6, "j4", "47A01", "2025-02-10", "2025-02-20", leeftijdsmaand=DAG("2007-01-01")),
]


def dbt(
    opdracht: list[str],
    map_: Path,
    warehouse: Path,
    seeds: Path,
    project: Path = PROJECT / "dbt_project",
    *,
    houd_bij: bool = False,
) -> dict[str, str]:
    """Run dbt in this process; return per node its status. Another project than our own is read anew.

    `houd_bij`: later builds of this session may do again what dbt sends (tests/herspeel.py).
    """
    from dbt.cli.main import dbtRunner

    plek = Plek(project, seeds, warehouse, map_)
    manifest = manifest_voor(plek) if project == PROJECT / "dbt_project" else None
    with omgeving(plek.env), duckdb.connect(str(warehouse)):  # one open database for all nodes, as in production
        stil = ["--quiet", "--log-level", "none", "--log-level-file", "none"]
        roep = herspeler()(manifest=manifest).neem_op if houd_bij else dbtRunner(manifest=manifest).invoke
        antwoord = roep([*stil, *opdracht, *plek.opties()])
    assert antwoord.result is not None, antwoord.exception
    return {r.node.unique_id: str(r.status.value) for r in antwoord.result.results}


@pytest.fixture(scope="module")
def bouw(tmp_path_factory: pytest.TempPathFactory) -> Bouw:
    """Everything built once: seeds, models, data tests and unit tests. Hengelo does not deliver June 2025.

    As in production, models hold themselves to their generic tests (eis_toetsen); one by one: the slow suite. It is the
    one whole build of the fast suite that is dbt's: tests/conftest.py lets a worker begin with it, others do it again.
    """
    map_ = tmp_path_factory.mktemp("dbt")
    seeds = map_ / "seeds"
    shutil.copytree(PROJECT / "seeds", seeds)
    ook_van_weinig(seeds)
    warehouse = map_ / "warehouse.duckdb"
    maak_raw(
        warehouse,
        toewijzingen=TOEWIJZINGEN,
        leveringen=[
            levering(g, "toewijzingen", m)
            for m in MAANDEN
            for g in (ENSCHEDE, HENGELO)
            if (g, m) != (HENGELO, DAG("2025-06-01"))
        ],
    )
    opdracht = ["build", "--exclude", "tag:in_model,config.severity:ERROR", "--vars", json.dumps(VARS)]
    return Bouw(dbt(opdracht, map_, warehouse, seeds, houd_bij=True), warehouse, seeds)


def test_every_model_and_every_test_passes(bouw: Bouw) -> None:
    assert {n: s for n, s in bouw.statussen.items() if s not in ("success", "pass")} == {}
    assert sum(n.startswith("unit_test.") for n in bouw.statussen) >= 25


@pytest.mark.slow
def test_every_generic_test_passes_one_by_one(bouw: Bouw, tmp_path: Path) -> None:
    """As `dbt test` does for an engineer; in a build they are part of their model."""
    # dbt opens it for writing, `rijen` keeps it open for reading
    warehouse = Path(shutil.copyfile(bouw.warehouse, tmp_path / "warehouse.duckdb"))
    statussen = dbt(["test", "--exclude-resource-type", "unit_test"], tmp_path, warehouse, bouw.seeds)
    assert len(statussen) > 250
    assert {n: s for n, s in statussen.items() if s != "pass"} == {}


def test_a_build_does_not_touch_seed_files_outside_the_project(bouw: Bouw) -> None:
    """dbt writes what it ran to the path of the node; with an absolute seeds folder that would be the seed itself."""
    aangepast = "ref_instellingen.csv"  # by this test itself (ook_van_weinig)
    namen = [p.name for p in (PROJECT / "seeds").glob("*.csv") if p.name != aangepast]
    assert filecmp.cmpfiles(PROJECT / "seeds", bouw.seeds, namen, shallow=False) == (namen, [], [])


def test_seeds_keep_zeros_and_empty_cells(bouw: Bouw) -> None:
    types = bouw.rijen("select distinct data_type from information_schema.columns where table_schema = 'seeds'")
    assert types == [("VARCHAR",)]
    assert [
        naam for (naam,) in bouw.rijen("select table_name from duckdb_tables() where table_name = 'ref_contacten'")
    ] == []
    zonder = ("ref_contacten", "ref_duiding")  # addresses, and what people say about figures: no figure needs them
    for pad in sorted(p for p in bouw.seeds.glob("*.csv") if p.stem not in zonder):
        with pad.open(encoding="utf-8", newline="") as f:
            koppen, *verwacht = list(csv.reader(f))
        kolommen = ", ".join(f'"{k}"' for k in koppen)
        gelezen = bouw.rijen(f"select {kolommen} from seeds.{pad.stem}")
        assert sorted(gelezen, key=str) == sorted((tuple(c or None for c in r) for r in verwacht), key=str), pad.name


@pytest.mark.parametrize(
    ("indicator", "soort", "periode", "gebied", "segment", "verwacht"),
    [
        # j1, j2 and j4; the deleted j3 never was
        ("jeugdigen_in_zorg", "jaar", "2025-01-01", "REGIO", "totaal", (3, None, 3, 3)),
        ("jeugdigen_in_zorg", "jaar", "2025-01-01", HENGELO, "totaal", (1, None, 1, 1)),
        ("jeugdigen_in_zorg", "12m", "2025-12-01", "REGIO", "ambulant", (1, None, 1, 1)),
        # April: j1 in Hengelo, j2 in Enschede
        ("jeugdigen_in_zorg", "maand", "2025-04-01", "REGIO", "totaal", (2, None, 2, 2)),
        ("jeugdigen_in_zorg", "maand", "2025-04-01", ENSCHEDE, "totaal", (1, None, 1, 1)),
        # January holds j4 until the 10th; on its last day only j1 and j2 are there
        ("jeugdigen_in_zorg", "maand", "2025-01-01", "REGIO", "totaal", (3, None, 3, 3)),
        ("stand", "maand", "2025-01-01", "REGIO", "totaal", (2, None, 2, 2)),
        ("stand", "maand", "2025-06-01", "REGIO", "totaal", (2, None, 2, 2)),
        ("stand", "maand", "2025-07-01", "REGIO", "totaal", (1, None, 1, 1)),
        ("stand", "maand", "2025-07-01", "GM0141", "wonen", (0, None, 0, 0)),
        # j4 is 18 on 1 January 2025, and was 17 on 1 December 2024
        ("aandeel_verlengde_jeugdhulp", "jaar", "2025-01-01", "REGIO", "totaal", (1, 3, 1 / 3, 1)),
        ("aandeel_verlengde_jeugdhulp", "12m", "2025-11-01", "REGIO", "totaal", (0, 3, 0, 0)),
        ("jeugdigen_jeugdreclassering", "jaar", "2025-01-01", "REGIO", "jr", (1, 3, 1 / 3, 1)),
        ("jeugdigen_met_verblijf", "jaar", "2025-01-01", "REGIO", "totaal", (1, None, 1, 1)),
        # crisis with stay counts as stay in January, before segment verblijf began
        ("jeugdigen_met_verblijf", "maand", "2025-01-01", "REGIO", "totaal", (1, None, 1, 1)),
        ("jeugdigen_met_verblijf", "maand", "2025-01-01", "REGIO", "verblijf", (0, None, 0, 0)),
        # j1 and j2 came in; j4 began in 2024. The move is no event at REGIO, uitstroom here and instroom there.
        ("instroom", "jaar", "2025-01-01", "REGIO", "totaal", (2, None, 2, 2)),
        ("instroom", "maand", "2025-04-01", HENGELO, "totaal", (1, None, 1, 1)),
        ("instroom", "maand", "2025-04-01", "REGIO", "totaal", (0, None, 0, 0)),
        ("uitstroom", "maand", "2025-04-01", ENSCHEDE, "totaal", (1, None, 1, 1)),
        # j4 left on 21 February (the gap of 30 days did not end it in January), j1 on 1 July
        ("uitstroom", "maand", "2025-01-01", "REGIO", "totaal", (0, None, 0, 0)),
        ("uitstroom", "jaar", "2025-01-01", "REGIO", "totaal", (2, None, 2, 2)),
        # from crisis (until 5 February) to stay (from 10 February)
        ("doorstroom", "jaar", "2025-01-01", "REGIO", "verblijf", (1, None, 1, 1)),
        ("crisis_instroom", "jaar", "2025-01-01", "REGIO", "crisis", (1, None, 1, 1)),
        ("aandeel_start_crisis", "jaar", "2025-01-01", "REGIO", "totaal", (1, 2, 0.5, 1)),
        ("aandeel_start_crisis", "jaar", "2025-01-01", "REGIO", "verblijf", (1, 1, 1, 1)),
        ("uithuisplaatsingen", "jaar", "2025-01-01", "REGIO", "totaal", (1, None, 1, 1)),
        # j1 181 days; j4 17 in December, 31 in January, 20 in February: 68
        ("trajectduur_gemiddeld", "jaar", "2025-01-01", "REGIO", "totaal", (249, 2, 124.5, 2)),
        ("trajectduur_mediaan", "jaar", "2025-01-01", "REGIO", "totaal", (None, 2, 124.5, 2)),
        # on 30 June: j1 180 days since 1 January, j2 161 since 20 January
        ("looptijd_lopend", "maand", "2025-06-01", "REGIO", "totaal", (341, 2, 170.5, 2)),
        # j1 came by a huisarts: the first allocation decides, at Hengelo that is its own
        ("aandeel_verwijzer", "jaar", "2025-01-01", "REGIO", "totaal:huisarts", (1, 2, 0.5, 1)),
        ("aandeel_verwijzer", "jaar", "2025-01-01", HENGELO, "totaal:huisarts", (0, 1, 0, 0)),
        ("aandeel_verwijzer", "jaar", "2025-01-01", HENGELO, "totaal:gemeente_en_gi", (1, 1, 1, 1)),
    ],
)
def test_figures_counted_by_hand(
    bouw: Bouw, indicator: str, soort: str, periode: str, gebied: str, segment: str, verwacht: tuple[float | None, ...]
) -> None:
    assert bouw.cijfer(indicator, soort, periode, gebied, segment) == pytest.approx(verwacht)


def test_youths_per_inhabitant_are_of_0_to_17(bouw: Bouw) -> None:
    """j1 and j2; j4 is 18. The denominator is the sum of the inhabitants of 2025 in the seed."""
    with (bouw.seeds / "ref_inwoners.csv").open(encoding="utf-8") as f:
        inwoners = {r["gemeente"]: int(r["inwoners_0_17"]) for r in csv.DictReader(f) if r["jaar"] == "2025"}
    assert bouw.cijfer("aandeel_jeugdigen_in_zorg", "jaar", "2025-01-01")[:2] == (2, sum(inwoners.values()))


def test_dekking_and_rijping(bouw: Bouw) -> None:
    """June lacks Hengelo; December is the last month, so September is the last that is definitief."""
    with (bouw.seeds / "ref_inwoners.csv").open(encoding="utf-8") as f:
        inwoners = {r["gemeente"]: int(r["inwoners_0_17"]) for r in csv.DictReader(f) if r["jaar"] == "2025"}
    samen = sum(inwoners.values())
    rijen = bouw.rijen(
        "select periode, dekking, rijping from sturing.indicatoren where indicator_id = 'stand' "
        "and gebied_code = 'REGIO' and segment = 'totaal' and month(periode) in (6, 9, 10) order by periode"
    )
    beide = (inwoners[ENSCHEDE] + inwoners[HENGELO]) / samen
    assert rijen == [
        (DAG("2025-06-01"), pytest.approx(inwoners[ENSCHEDE] / samen), "definitief"),
        (DAG("2025-09-01"), pytest.approx(beide), "definitief"),
        (DAG("2025-10-01"), pytest.approx(beide), "voorlopig"),
    ]


def test_every_figure_of_the_catalogue_is_there_also_at_zero(bouw: Bouw) -> None:
    """13 months x 15 gebieden x 9 segments."""
    assert bouw.rijen("select count(*) from sturing.indicatoren where indicator_id = 'stand'") == [(13 * 15 * 9,)]
    assert bouw.rijen("select count(*) from sturing.stromen") == [(13 * 15 * 9,)]
    assert bouw.rijen(
        "select periode_soort, count(distinct periode) from sturing.indicatoren "
        "where indicator_id = 'jeugdigen_in_zorg' group by 1 order by 1"
    ) == [("12m", 2), ("jaar", 1), ("maand", 13)]  # December 2024 is no year


def test_flows_of_crisis_in_february(bouw: Bouw) -> None:
    """The crisis traject of j2 ends on 5 February and goes over into stay."""
    assert bouw.rijen(
        "select stand_begin, instroom, doorstroom_in, doorstroom_uit, uitstroom, stand_eind from sturing.stromen "
        "where maand = '2025-02-01' and gebied_code = 'REGIO' and segment = 'crisis'"
    ) == [(1, 0, 0, 1, 0, 0)]
