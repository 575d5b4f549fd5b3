"""Killed at any instant (SPEC 9.3): what is published is a complete publication, and the next run finishes the work.

First in this process, at the boundaries of the steps, where an exception that nobody catches stands for the end; then
for real, with SIGKILL on `python -m pipeline run`. Every home starts as a copy of one in which all but the last month
was published; the last month lies in landing/. All have the same path, or dbt would parse its project anew each time.
"""

from __future__ import annotations

import csv
import hashlib
import importlib
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline import intake, publish, warehouse
from pipeline import maand as maandloop
from pipeline.domain.catalogus import Catalogus
from pipeline.proces.slot import enige_schrijver
from pipeline.proces.werkproces import Werkproces
from pipeline.publish import zelfde_inhoud
from pipeline.settings import PROJECT, Huis, Settings
from tests.grenzen import bestanden_hoogstens
from tests.klein_huis import LATER, MAG_VERSCHILLEN, NU, KleinHuis, draai_klein, gepubliceerd

AANTAL_KEER_GEDOOD = int(os.environ.get("REGIOMONITOR_TEST_KILLS", "100"))
_GEDULD_SECONDEN = 60.0


class Gedood(BaseException):
    """The end of the process: no `except Exception` may stop it."""


@pytest.fixture(scope="module")
def begin(klein_huis: KleinHuis) -> KleinHuis:
    """Two gemeenten, thirteen months, of which the last waits."""
    return klein_huis


def volledig(huis: Path) -> str:
    """Return the id of what is published, after everything in it was read and found to agree with it."""
    pad = gepubliceerd(huis)
    publicatie_id = pad.name
    assert json.loads((pad / "publicatie.json").read_text(encoding="utf-8"))["publicatie_id"] == publicatie_id
    assert json.loads((pad / "poort.json").read_text(encoding="utf-8"))["is_doorgelaten"]
    assert (pad / "seeds" / "ref_gemeenten.csv").exists()
    with duckdb.connect(str(huis / "published" / "intern" / "marts.duckdb"), read_only=True) as con:
        tabellen = [
            f"{s}.{t}" for s, t in con.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()
        ]
        assert len(tabellen) > 12
        for tabel in tabellen:
            ids = con.execute(f"SELECT DISTINCT publicatie_id FROM {tabel}").fetchall()
            assert ids in ([(publicatie_id,)], []), tabel
        assert con.execute("SELECT count(*) > 0 FROM sturing.indicatoren").fetchall() == [(True,)]
    bronnen = json.loads((pad / "intern" / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    assert {r["name"].removesuffix(".parquet") for r in bronnen} == set(tabellen)
    for r in bronnen:
        data = (pad / "intern" / r["path"]).read_bytes()
        assert (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}") == (r["bytes"], r["hash"]), r["path"]
    return publicatie_id


def is_als_ongestoord(begin: KleinHuis, huis: Path) -> None:
    """What the home publishes, holds and remembers is what it would have been without the interruption."""
    volledig(huis)
    assert zelfde_inhoud(gepubliceerd(begin.na), gepubliceerd(huis), MAG_VERSCHILLEN) == []
    assert _kamers(huis) == _kamers(begin.na)
    assert intake.lees_bewijzen(Huis(huis)) != []
    assert not list((huis / "publications").glob(".kandidaat-*"))
    assert not list((huis / "work").glob("inname-*"))


def _kamers(huis: Path) -> dict[str, list[str]]:
    """Which files are in the rooms of the intake."""
    kamers = ("archive", "receipts", "validated", "quarantine")
    return {k: sorted(p.relative_to(huis).as_posix() for p in (huis / k).rglob("*") if p.is_file()) for k in kamers}


# --- in this process -------------------------------------------------------------------------------------------------

Plant = Callable[[pytest.MonkeyPatch], None]


def _bij(plek: str, keer: int = 1, *, als: Callable[..., bool] = lambda *_a, **_k: True, erna: bool = False) -> Plant:
    """Die at the `keer`-th call of a function for which `als` holds: before it, or right after."""

    def plant(mp: pytest.MonkeyPatch) -> None:
        module, _, naam = plek.rpartition(".")
        eigenaar = importlib.import_module(module)
        echt, nog = getattr(eigenaar, naam), itertools.count(1)

        def sterf(*args: Any, **opties: Any) -> Any:
            if not als(*args, **opties) or next(nog) != keer:
                return echt(*args, **opties)
            if erna:
                echt(*args, **opties)
            raise Gedood

        mp.setattr(eigenaar, naam, sterf)

    return plant


def _in_dbt(mp: pytest.MonkeyPatch) -> None:
    """Die while the helper builds: the question was put, no answer came."""
    _terwijl_het_hulpproces(mp, lambda vraag: "vars" in vraag)


def _in_poort(mp: pytest.MonkeyPatch) -> None:
    """Die while the helper judges the candidate."""
    _terwijl_het_hulpproces(mp, lambda vraag: "kandidaat" in vraag)


def _terwijl_het_hulpproces(mp: pytest.MonkeyPatch, is_deze: Callable[[Any], bool]) -> None:
    echt = Werkproces.vraag

    def vraag(self: Werkproces, vraag: Any) -> Any:
        if not is_deze(vraag):
            return echt(self, vraag)
        assert self._proces.stdin
        self._proces.stdin.write(json.dumps(vraag) + "\n")
        self._proces.stdin.flush()
        time.sleep(1.5)
        raise Gedood

    mp.setattr(Werkproces, "vraag", vraag)


def _naar_published(_van: Any, naar: Any) -> bool:
    return Path(naar).name == "published"


VOOR_DE_BOUW: dict[str, Plant] = {
    "archive": _bij("pipeline.intake.archief.bewaar", 2),
    "rows": _bij("pipeline.intake.verwerken._leg_rijen_vast", 2),
    "receipt": _bij("pipeline.intake.verwerken.schrijf_bewijs", 2),
    "load commit": _bij("pipeline.warehouse.laden.controleer_tellingen", erna=True),
    "before dbt": _bij("pipeline.warehouse.bouw"),
    "in dbt": _in_dbt,
}
NA_DE_BOUW: dict[str, Plant] = {
    "candidate": _bij("pipeline.publish.kandidaat.schrijf_bestanden", erna=True),
    "gate": _bij("pipeline.publish.beoordeel_kandidaat", erna=True),
    "rename": _bij("pipeline.publish.vrijgave.maak_duurzaam", erna=True),
    "link": _bij("pipeline.publish.vrijgave._maak_actueel"),
    "swap": _bij("os.replace", als=_naar_published),
    "swapped": _bij("os.replace", als=_naar_published, erna=True),
}


@pytest.mark.slow
@pytest.mark.parametrize("plant", VOOR_DE_BOUW.values(), ids=list(VOOR_DE_BOUW))
def test_killed_while_taking_in_or_building(plant: Plant, begin: KleinHuis) -> None:
    settings = begin.kopie()
    with pytest.MonkeyPatch.context() as mp, pytest.raises(Gedood):
        plant(mp)
        draai_klein(settings, NU, met_hulp=plant is _in_dbt)
    assert volledig(settings.huis.pad) == begin.vorige_id
    draai_klein(settings, LATER)
    is_als_ongestoord(begin, settings.huis.pad)


@pytest.fixture(scope="module")
def gebouwd(begin: KleinHuis, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home killed when the build was done and the candidate was not begun: the others are killed later than it."""
    settings = begin.kopie()
    with pytest.MonkeyPatch.context() as mp, pytest.raises(Gedood):
        mp.setattr(publish, "maak_kandidaat", _sterf)
        draai_klein(settings, NU)
    assert volledig(begin.plek) == begin.vorige_id
    return begin.plek.rename(tmp_path_factory.mktemp("gebouwd") / "huis")


def _sterf(*_args: Any, **_opties: Any) -> None:
    raise Gedood


@pytest.mark.slow
@pytest.mark.parametrize("plant", NA_DE_BOUW.values(), ids=list(NA_DE_BOUW))
def test_killed_while_publishing(plant: Plant, begin: KleinHuis, gebouwd: Path, request: pytest.FixtureRequest) -> None:
    settings = begin.kopie(gebouwd)
    pad = begin.plek
    with pytest.MonkeyPatch.context() as mp, pytest.raises(Gedood):
        plant(mp)
        _publiceer(settings)
    nieuw = "swapped" in request.node.name
    assert (volledig(pad) == begin.vorige_id) is not nieuw
    # at the same moment as the run that was killed, so that the publication it left behind has the same name
    assert draai_klein(settings, NU).is_ongewijzigd is nieuw
    is_als_ongestoord(begin, pad)
    assert len(list((pad / "publications").iterdir())) == 2


def _publiceer(settings: Settings) -> None:
    """The last steps of `draai`, on a warehouse that was built."""
    catalogus = Catalogus.load(settings.seeds)
    with enige_schrijver(settings.huis):
        opdracht = maandloop.bereid_voor(settings, catalogus, nu=NU)
        maandloop.publiceer(settings, opdracht, maandloop.maak_uitgaven(settings, opdracht))


# --- for real --------------------------------------------------------------------------------------------------------


def _start(begin: KleinHuis) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline", "run", "--as-of", NU.isoformat()],
        cwd=PROJECT,
        env={**os.environ, **begin.env},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _dood(proces: subprocess.Popen[bytes]) -> None:
    os.kill(proces.pid, signal.SIGKILL)
    assert proces.wait() == -signal.SIGKILL


def _wacht(proces: subprocess.Popen[bytes], is_zover: Callable[[], bool]) -> bool:
    """Wait until something shows in the home; False when the process ended first."""
    grens = time.monotonic() + _GEDULD_SECONDEN
    while proces.poll() is None:
        if is_zover():
            return True
        assert time.monotonic() < grens, "de run kwam niet zo ver"
        time.sleep(0.002)
    return False


def _door_bezig(huis: Huis) -> bool:
    return any(huis.work.glob("inname-*/*"))


def _is_geladen(huis: Huis, voor: int) -> bool:
    wal = huis.warehouse.with_name(huis.warehouse.name + ".wal")
    return wal.exists() or huis.warehouse.stat().st_mtime_ns != voor


def test_kill_9_at_the_door_and_again_during_the_build(begin: KleinHuis) -> None:
    """Twice in a row, in one home; the lock of the dead does not keep the next one out."""
    settings = begin.kopie()
    huis = settings.huis
    aan_de_deur = _start(begin)
    assert _wacht(aan_de_deur, lambda: _door_bezig(huis))
    _dood(aan_de_deur)
    assert huis.lock.read_text(encoding="ascii").strip() == str(aan_de_deur.pid)
    assert volledig(huis.pad) == begin.vorige_id
    voor = huis.warehouse.stat().st_mtime_ns
    aan_het_bouwen = _start(begin)
    assert _wacht(aan_het_bouwen, lambda: _is_geladen(huis, voor))
    time.sleep(1.0)
    _dood(aan_het_bouwen)
    assert huis.lock.read_text(encoding="ascii").strip() == str(aan_het_bouwen.pid)
    assert volledig(huis.pad) == begin.vorige_id
    draai_klein(settings, LATER)
    is_als_ongestoord(begin, huis.pad)


def test_the_lock_of_a_killed_process_does_not_block(begin: KleinHuis) -> None:
    settings = begin.kopie(begin.na)
    houder = subprocess.Popen(
        [
            sys.executable, "-c",
            "import sys, time; from pathlib import Path; from pipeline.settings import Huis;"
            "from pipeline.warehouse import enige_schrijver\n"
            "with enige_schrijver(Huis(Path(sys.argv[1]))): time.sleep(600)",
            str(begin.plek),
        ],
        cwd=PROJECT,
    )  # fmt: skip
    assert _wacht(houder, lambda: settings.huis.lock.read_text(encoding="ascii").strip() == str(houder.pid))
    with pytest.raises(warehouse.SlotFout, match=str(houder.pid)):
        draai_klein(settings, NU)
    _dood(houder)
    assert draai_klein(settings, NU).is_ongewijzigd


# --- a full disk -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("hoogstens", [20_000, 300_000, 1_500_000, 8_000_000], ids=["door", "load", "parse", "build"])
def test_a_full_disk_during_a_run(hoogstens: int, begin: KleinHuis) -> None:
    """Where it stops depends on which file no longer fits; what follows does not."""
    settings = begin.kopie()
    with bestanden_hoogstens(hoogstens):  # the child gets it from us
        proces = _start(begin)
    assert proces.wait(timeout=_GEDULD_SECONDEN * 2) == 1
    assert volledig(settings.huis.pad) == begin.vorige_id
    draai_klein(settings, LATER)
    is_als_ongestoord(begin, settings.huis.pad)


# --- what a publication is -------------------------------------------------------------------------------------------


def test_a_publication_says_what_it_was_made_of(begin: KleinHuis) -> None:
    pad = gepubliceerd(begin.na)
    oud = begin.na / "publications" / begin.vorige_id
    inhoud = json.loads((pad / "publicatie.json").read_text(encoding="utf-8"))
    with duckdb.connect(str(pad / "intern" / "marts.duckdb"), read_only=True) as con:
        [versies] = con.execute(
            "SELECT codeversie, seedversie, deurversie, n_leveringen FROM meta.publicatie"
        ).fetchall()
        herkomst = con.execute("SELECT levering_id, sha256, is_geldend FROM meta.herkomst ORDER BY ALL").fetchall()
    assert versies == tuple(inhoud[k] for k in ("codeversie", "seedversie", "deurversie", "n_leveringen"))
    assert all(versies)
    assert len(herkomst) == inhoud["n_leveringen"]
    assert herkomst == sorted((v["levering_id"], v["sha256"], v["is_geldend"]) for v in inhoud["leveringen"])
    assert Catalogus.load(pad / "seeds").vingerafdruk == inhoud["seedversie"]
    assert inhoud["poort"] == {"is_doorgelaten": True, "bezwaren": []}
    with (pad / "verschil.csv").open(newline="", encoding="utf-8") as f:
        veranderd = [r["indicator_id"] for r in csv.DictReader(f)]
    assert veranderd == [v.indicator_id for v in publish.verschillen(oud, pad, met_nieuwe=True)]
    assert veranderd
    assert not (oud / "verschil.csv").exists(), "there was nothing before it"


@pytest.mark.slow
def test_two_publications_of_the_same_inputs_are_the_same_bytes(begin: KleinHuis) -> None:
    """Made in another home, at another time of the clock of the machine.

    In marts.duckdb the tables and all that is said about them: the engine does not lay out a file the same way twice.
    """
    settings = begin.kopie()
    draai_klein(settings, NU)
    een, twee = gepubliceerd(begin.na), gepubliceerd(settings.huis.pad)
    bestanden = [sorted(p.relative_to(pad) for p in pad.rglob("*") if p.is_file()) for pad in (een, twee)]
    assert bestanden[0] == bestanden[1]
    anders = {p.name for p in bestanden[0] if (een / p).read_bytes() != (twee / p).read_bytes()}
    assert anders <= {"marts.duckdb", "dcat.jsonld"}  # the latter holds the checksum of the former
    assert zelfde_inhoud(een, twee, ()) == []
    assert _omschrijvingen(een) == _omschrijvingen(twee)


def _omschrijvingen(pad: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(pad / "intern" / "marts.duckdb"), read_only=True) as con:
        return con.execute(
            "SELECT schema_name, table_name, column_name, column_index, data_type, comment FROM duckdb_columns() "
            "WHERE NOT internal UNION ALL "
            "SELECT schema_name, table_name, NULL, NULL, NULL, comment FROM duckdb_tables() ORDER BY ALL"
        ).fetchall()


# --- for as long as it takes -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_kill_9_at_a_hundred_random_instants(begin: KleinHuis) -> None:
    """Half of them anywhere in a run, half while it publishes. Each goes on in the home that the last one left."""
    toeval = random.Random(20250520)
    duur, standen = _duur(begin), {"oud": 0, "nieuw": 0}
    settings = begin.kopie()
    huis = settings.huis
    for keer in range(AANTAL_KEER_GEDOOD):
        proces = _start(begin)
        if keer % 2:
            time.sleep(toeval.uniform(0.0, duur))
        elif _wacht(proces, lambda: any(huis.publications.glob(".kandidaat-*"))):
            time.sleep(toeval.uniform(0.0, 0.6))
        proces.kill()
        assert proces.wait() in (-signal.SIGKILL, 0)
        is_oud = volledig(huis.pad) == begin.vorige_id
        standen["oud" if is_oud else "nieuw"] += 1
        if not is_oud:
            is_als_ongestoord(begin, huis.pad)
            begin.kopie()
    assert standen["oud"] > 0
    draai_klein(settings, LATER)
    is_als_ongestoord(begin, huis.pad)


def _duur(begin: KleinHuis) -> float:
    begin.kopie()
    van = time.monotonic()
    assert _start(begin).wait() == 0
    duur = time.monotonic() - van
    is_als_ongestoord(begin, begin.plek)
    return duur
