"""What must hold, whatever happens (SPEC 9), on a small messy region through the whole pipeline.

Each test changes how the same leveringen arrive and demands the same marts; or changes what arrives and demands that
nothing else moves.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline.domain.catalogus import Catalogus
from pipeline.maand import STAPPEN, Klok, Loop, Uitkomst, draai
from pipeline.naspelen import speel_na
from pipeline.publish import rol_terug, zelfde_inhoud
from pipeline.settings import Settings, load_settings
from tests.in_dit_proces import in_dit_proces
from tests.klein_huis import LATER, NU, KleinHuis


@pytest.fixture(scope="module", autouse=True)
def _zonder_hulp() -> Iterator[None]:
    with in_dit_proces():
        yield


# who offered what when, and what it was called, differs by design between ways of delivering the same
LEVERINGSTABELLEN = {"meta.herkomst", "meta.publicatie"}


@pytest.fixture(scope="module")
def seeds(klein_huis: KleinHuis) -> Path:
    """Reference data of a region of two."""
    return Path(klein_huis.env["REGIOMONITOR_SEEDS"])


@pytest.fixture(scope="module")
def bron(klein_huis: KleinHuis) -> Path:
    """A small messy region as files."""
    return klein_huis.bron


def huis(pad: Path, seeds: Path) -> Settings:
    env = {
        "REGIOMONITOR_HOME": str(pad),
        "REGIOMONITOR_SEEDS": str(seeds),
        "REGIOMONITOR_SLEUTEL": "sleutel-van-de-tests-0123456789abcdef",
        "REGIOMONITOR_BSN_REEKS": "synthetisch",
    }
    return load_settings(env)


def lever(settings: Settings, bron: Path, bestanden: list[Path] | None = None) -> None:
    """Copy files to landing/ with the times at which they were delivered."""
    for bestand in bestanden if bestanden is not None else alle(bron):
        doel = settings.huis.landing / bestand.relative_to(bron)
        doel.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(bestand, doel)


def alle(bron: Path) -> list[Path]:
    return sorted(p for p in bron.rglob("*") if p.is_file())


def run(settings: Settings, **opties) -> Uitkomst:
    uitkomst = draai(settings, Catalogus.load(settings.seeds), **{"nu": NU, **opties})
    assert uitkomst.is_gepubliceerd, uitkomst.poort.bezwaren if uitkomst.poort else ""
    return uitkomst


def laad(settings: Settings, **opties) -> dict[str, list[tuple]]:
    """The steps up to the build; return what the models are given: they are the same SQL on the same rows."""
    loop = Loop(settings, Catalogus.load(settings.seeds), **{"nu": NU, **opties})
    for stap in STAPPEN[:3]:
        loop.doe(stap.naam, Klok().meet)
    return geladen(settings)


def geladen(settings: Settings) -> dict[str, list[tuple]]:
    with duckdb.connect(str(settings.huis.warehouse), read_only=True) as con:
        tabellen = con.sql("select table_name from duckdb_tables() where schema_name = 'raw'").fetchall()
        # when we took it in is no part of what the models are given
        wat = {"leveringen": "* exclude verwerkt_op"}
        return {t: sorted(con.sql(f"select {wat.get(t, '*')} from raw.{t}").fetchall(), key=str) for (t,) in tabellen}


@pytest.fixture(scope="module")
def gewoon(klein_huis: KleinHuis) -> Settings:
    """The region delivered and taken in, its last month in a run of its own."""
    return klein_huis.settings_na


def anders(a: Settings, b: Settings) -> set[str]:
    return set(zelfde_inhoud(a.huis.published.resolve(), b.huis.published.resolve()))


def figuren(settings: Settings, sql: str) -> list[tuple]:
    with duckdb.connect(str(settings.huis.published / "intern" / "marts.duckdb"), read_only=True) as con:
        return con.sql(sql).fetchall()


def test_the_region_is_worth_testing_on(gewoon):
    """Without refusals, quarantine, missing months, corrections, reserve and explanations it would prove nothing."""
    statussen = dict(figuren(gewoon, "select status, count(*) from kwaliteit.leveringsstatus group by all"))
    assert {"AFGEKEURD", "ONTBREEKT"} <= set(statussen)
    assert figuren(gewoon, "select sum(rijen_quarantaine) > 20 from kwaliteit.leveringsstatus") == [(True,)]
    assert figuren(gewoon, "select sum(abs(voorbehoud_eur)) > 10000 from kosten.kosten_zorgmaand") == [(True,)]
    assert figuren(gewoon, "select count(*) > 0 from kwaliteit.bevindingen where is_verklaard") == [(True,)]
    assert figuren(gewoon, "select max(versie) > 1 from meta.herkomst") == [(True,)]
    assert figuren(gewoon, "select count(*) > 1000 from sturing.indicatoren where waarde > 0") == [(True,)]


def test_split_over_runs_in_reverse_order_and_repeated_loads_the_same(bron, seeds, gewoon, tmp_path):
    """SPEC 9.1: any order, any number of times, one run or many."""
    settings = huis(tmp_path / "data", seeds)
    bestanden = alle(bron)[::-1]
    eerst = [b for b in bestanden if hash_even(b) or not is_recent(b)]
    for deel in (eerst, bestanden, bestanden):
        lever(settings, bron, deel)
        samen = laad(settings)
    assert len(samen["declaraties"]) > 1000
    in_een_keer = geladen(gewoon)
    assert samen.keys() == in_een_keer.keys()
    assert {t: set(samen[t]) ^ set(in_een_keer[t]) for t in samen if samen[t] != in_een_keer[t]} == {}


@pytest.mark.slow
def test_split_over_runs_in_reverse_order_and_repeated(bron, seeds, gewoon, tmp_path):
    """SPEC 9.1: any order, any number of times, one run or many."""
    settings = huis(tmp_path / "data", seeds)
    bestanden = alle(bron)
    deel = [b for b in reversed(bestanden) if hash_even(b) or not is_recent(b)]
    lever(settings, bron, deel)
    draai(settings, Catalogus.load(settings.seeds), nu=NU)  # of half a region: the gate may hold it
    lever(settings, bron, bestanden)
    run(settings)
    tweede = run(settings, nu=LATER)
    assert tweede.is_ongewijzigd
    assert tweede.inname.nieuw == ()
    assert anders(gewoon, settings) == set()


def is_recent(pad: Path) -> bool:
    return pad.name.split("_")[2] >= "2026-01"


def hash_even(pad: Path) -> bool:
    return sum(pad.name.encode()) % 2 == 0


def lever_onder_andere_namen(settings, bron):
    """Every file in landing/ with something behind its name, its control file along."""
    for i, bestand in enumerate(alle(bron)):
        stam, _, rest = bestand.name.partition(".")
        doel = settings.huis.landing / bestand.relative_to(bron).parent / f"{stam}_kopie{i}.{rest}"
        if rest == "controle.json":
            continue
        doel.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(bestand, doel)
        if (controle := bestand.with_name(bestand.name + ".controle.json")).exists() or (
            controle := bestand.with_suffix(".controle.json")
        ).exists():
            shutil.copy2(controle, doel.with_name(controle.name.replace(stam, f"{stam}_kopie{i}")))


@pytest.mark.slow
def test_other_file_names_and_other_dress(bron, seeds, gewoon, tmp_path):
    """SPEC 9.1. Plain files are rewritten with another separator, quoting, encoding and line ends."""
    settings = huis(tmp_path / "data", seeds)
    lever_onder_andere_namen(settings, bron)
    anders_gekleed = 0
    for bestand in alle(settings.huis.landing):
        ruw = bestand.read_bytes()
        eerste = ruw.split(b"\n", 1)[0]
        if bestand.suffix != ".csv" or not eerste.startswith((b"bsn;", b"aanbieder_agb;")):
            continue
        if (
            bestand.with_name(bestand.name + ".controle.json").exists()
            or bestand.with_suffix(".controle.json").exists()
        ):
            continue
        tijd = bestand.stat().st_mtime
        rijen = list(csv.reader(ruw.decode("utf-8").splitlines(), delimiter=";"))
        with bestand.open("w", encoding="utf-8-sig", newline="") as f:
            csv.writer(f, delimiter="\t", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rijen)
        os.utime(bestand, (tijd, tijd))
        anders_gekleed += 1
    assert anders_gekleed > 20
    run(settings)
    assert anders(gewoon, settings) <= LEVERINGSTABELLEN


def test_a_refused_levering_adds_no_row_and_a_good_one_replaces_completely(bron, seeds, gewoon, tmp_path):
    """SPEC 9.2."""
    settings = huis(tmp_path / "data", seeds)
    shutil.copytree(gewoon.huis.pad, settings.huis.pad, symlinks=True)
    voor = geladen(gewoon)
    goed = next(b for b in alle(bron) if b.name == "declaraties_GM1742_2026-03.csv")
    nieuw = settings.huis.landing / "GM1742" / "declaraties_GM1742_2026-03_nieuw.csv"
    nieuw.write_bytes(b"\x00\x01\x02" * 400)
    na = laad(settings, nu=LATER)
    assert len(na["leveringen"]) == len(voor["leveringen"]) + 1
    assert all(na[t] == voor[t] for t in ("toewijzingen", "declaraties", "quarantaine"))
    kop, *rest = goed.read_text(encoding="utf-8").splitlines(keepends=True)
    nieuw.write_text("".join([kop, *rest[: len(rest) // 2]]), encoding="utf-8")
    os.utime(nieuw, (LATER.timestamp(), LATER.timestamp()))
    na = laad(settings, nu=LATER + dt.timedelta(hours=1))
    with duckdb.connect(str(settings.huis.warehouse), read_only=True) as con:
        sleutel = "gemeente = 'GM1742' and bericht = 'declaraties' and leveringsmaand = date '2026-03-01'"
        geldend = con.sql(f"select levering_id, rijen_ontvangen from raw.leveringen where is_geldend and {sleutel}")
        [(levering_id, ontvangen)] = geldend.fetchall()
        erbij = con.sql(f"select * from raw.declaraties where levering_id = '{levering_id}'").fetchall()
    assert ontvangen == len(rest) // 2
    assert na["declaraties"] == sorted([*voor["declaraties"], *erbij], key=str)
    assert na["toewijzingen"] == voor["toewijzingen"]


@pytest.mark.slow
def test_a_refused_levering_changes_no_figure_and_a_good_one_replaces_completely(bron, seeds, gewoon, tmp_path):
    """SPEC 9.2."""
    settings = huis(tmp_path / "data", seeds)
    lever(settings, bron)
    run(settings)
    goed = next(b for b in alle(bron) if b.name == "declaraties_GM1742_2026-03.csv")
    kapot = settings.huis.landing / "GM1742" / "declaraties_GM1742_2026-03_nieuw.csv"
    kapot.write_bytes(b"\x00\x01\x02" * 400)
    run(settings, nu=LATER)
    assert anders(gewoon, settings) <= {*LEVERINGSTABELLEN, "kwaliteit.bevindingen", "kwaliteit.werklijst"}
    kop, *rest = goed.read_text(encoding="utf-8").splitlines(keepends=True)
    kapot.write_text("".join([kop, *rest[: len(rest) // 2]]), encoding="utf-8")
    os.utime(kapot, (LATER.timestamp(), LATER.timestamp()))
    run(settings, nu=LATER + dt.timedelta(hours=1))
    ontvangen = figuren(
        settings,
        "select rijen_ontvangen from kwaliteit.leveringsstatus "
        "where gemeente = 'GM1742' and bericht = 'declaraties' and maand = date '2026-03-01'",
    )
    assert ontvangen == [(len(rest) // 2,)]
    anderen = (
        "select * exclude publicatie_id from kosten.kosten_zorgmaand "
        "where gebied_code not in ('GM1742', 'REGIO') order by all"
    )
    eigen = "select sum(netto_eur) from kosten.kosten_zorgmaand where gebied_code = 'GM1742'"
    assert figuren(settings, anderen) == figuren(gewoon, anderen)
    assert figuren(settings, eigen) < figuren(gewoon, eigen)


def toen_en_nu(bron, seeds, tmp_path):
    """A home with a publication of April and one of now, with other seeds; the first outcome and its moment."""
    settings = huis(tmp_path / "data", seeds)
    toen = dt.datetime(2026, 4, 22, 12, tzinfo=dt.UTC)
    lever(settings, bron, [b for b in alle(bron) if b.stat().st_mtime <= toen.timestamp()])
    eerste = draai(settings, Catalogus.load(seeds), nu=toen)
    assert eerste.publicatie is not None
    instellingen = seeds / "ref_instellingen.csv"
    instellingen.write_text(
        instellingen.read_text(encoding="utf-8").replace("traject_gat_dagen,30", "traject_gat_dagen,5"),
        encoding="utf-8",
    )
    lever(settings, bron)
    tweede = draai(settings, Catalogus.load(seeds), nu=NU)
    assert tweede.publicatie is not None
    return settings, eerste, toen


@pytest.mark.slow
def test_as_of_gives_what_the_run_gave_then(bron, seeds, tmp_path):
    """SPEC 9.5, with history that arrived and seeds that changed since."""
    seeds = Path(shutil.copytree(seeds, tmp_path / "seeds"))
    settings, eerste, toen = toen_en_nu(bron, seeds, tmp_path)
    terug = draai(settings, Catalogus.load(seeds), nu=LATER, peilmoment=toen)
    assert terug.publicatie is not None
    assert zelfde_inhoud(eerste.publicatie.pad, terug.publicatie.pad) == []


@pytest.mark.slow
def test_as_of_with_the_seeds_of_today_is_another_answer_and_not_a_new_history(bron, seeds, tmp_path):
    """A publication made later about that moment, with today's seeds, was not the current one then."""
    seeds = Path(shutil.copytree(seeds, tmp_path / "seeds"))
    settings, eerste, toen = toen_en_nu(bron, seeds, tmp_path)
    nieuw = draai(settings, Catalogus.load(seeds), nu=LATER, peilmoment=toen, huidige_seeds=True)
    assert nieuw.publicatie is not None
    assert "sturing.indicatoren" in zelfde_inhoud(eerste.publicatie.pad, nieuw.publicatie.pad)
    nogmaals = draai(settings, Catalogus.load(seeds), nu=LATER + dt.timedelta(hours=1), peilmoment=toen)
    assert nogmaals.publicatie is not None
    assert zelfde_inhoud(eerste.publicatie.pad, nogmaals.publicatie.pad) == []


@pytest.mark.slow
def test_replay_of_a_home_that_stands_is_identical(bron, seeds, gewoon, tmp_path):
    settings = huis(tmp_path / "data", seeds)
    shutil.copytree(gewoon.huis.pad, settings.huis.pad, symlinks=True)
    uitkomst = speel_na(settings, Catalogus.load(seeds), nu=LATER)
    assert (uitkomst.is_identiek, uitkomst.verschillen) == (True, ())


def test_replay_is_identical_after_everything_right_of_the_archive_is_gone(bron, seeds, gewoon, tmp_path):
    """SPEC 9.3."""
    settings = huis(tmp_path / "data", seeds)
    shutil.copytree(gewoon.huis.pad, settings.huis.pad, symlinks=True)
    for weg in (settings.huis.validated, settings.huis.quarantine, settings.huis.work, settings.huis.publications):
        shutil.rmtree(weg, ignore_errors=True)
    settings.huis.warehouse.unlink()
    settings.huis.published.unlink()
    shutil.rmtree(settings.huis.landing)
    assert speel_na(settings, Catalogus.load(seeds), nu=NU).is_identiek
    assert anders(gewoon, settings) == set()


@pytest.mark.slow
def test_a_dashboard_that_holds_the_file_open_neither_blocks_nor_breaks(bron, seeds, tmp_path):
    """SPEC 9.4."""
    settings = huis(tmp_path / "data", seeds)
    eerst, later = [b for b in alle(bron) if "2026-04" not in b.name], alle(bron)
    lever(settings, bron, eerst)
    eerste = run(settings)
    vraag = "select count(*), sum(waarde) from sturing.indicatoren"
    with duckdb.connect(str(settings.huis.published / "intern" / "marts.duckdb"), read_only=True) as dashboard:
        voor = dashboard.sql(vraag).fetchall()
        lever(settings, bron, later)
        tweede = run(settings, nu=LATER)
        assert dashboard.sql(vraag).fetchall() == voor
    assert figuren(settings, vraag) != voor
    rol_terug(settings, eerste.publicatie.publicatie_id)
    assert figuren(settings, vraag) == voor
    assert tweede.publicatie.publicatie_id != eerste.publicatie.publicatie_id
