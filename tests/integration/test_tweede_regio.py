"""Another region from its first month on: it publishes, says what cannot be judged yet, with nothing of the example.

A region of its own, because what is proved is that nothing of the shared one is left; one month, because that is how
every region begins.
"""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import duckdb
import pytest

from pipeline.beheer.controle import controleer
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.maanden import Maand
from pipeline.domain.seedcontrole import Ernst
from pipeline.maand import Uitkomst, draai
from pipeline.settings import Settings, load_settings
from pipeline.synth import maak_regio
from tests.beheer.test_nieuw import TWENTE
from tests.in_dit_proces import in_dit_proces
from tests.tweede_regio import GEMEENTEN, env_van, maak_tweede_regio

NU = dt.datetime(2026, 4, 28, 9, tzinfo=dt.UTC)
LAATSTE = Maand(2026, 3)


def eerste_maanden(map_: Path, n: int) -> tuple[Settings, Uitkomst]:
    """Make the region, let it deliver its first `n` months, and run."""
    regio = maak_tweede_regio(map_ / "regio", vanaf=LAATSTE.plus(1 - n).eerste_dag.isoformat())
    env = env_van(regio)
    assert [g for g in controleer(env, nu=NU, maak=True) if g.ernst is Ernst.HARD] == []
    settings = load_settings(env)
    catalogus = Catalogus.load(settings.seeds)
    maak_regio(map_ / "bron", catalogus, n_maanden=n, seed=3, laatste_maand=LAATSTE, nu=NU, schaal=0.02, gebreken=False)
    shutil.copytree(map_ / "bron" / "landing", settings.huis.landing, dirs_exist_ok=True)
    with in_dit_proces():
        return settings, draai(settings, catalogus, nu=NU)


@pytest.fixture(scope="module")
def eerste_maand(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Uitkomst]:
    return eerste_maanden(tmp_path_factory.mktemp("tweede"), 1)


def test_the_first_month_is_published_and_what_cannot_be_judged_says_so(
    eerste_maand: tuple[Settings, Uitkomst],
) -> None:
    _, uitkomst = eerste_maand
    assert uitkomst.is_gepubliceerd, uitkomst.poort
    assert uitkomst.poort is not None
    gezegd = {v.naam: v.waargenomen for v in uitkomst.poort.verwachtingen}
    assert "jeugdigen_in_zorg 100,0%" in gezegd["dekking_regio"]
    assert (
        "kosten nog niet te beoordelen: er is pas over 1 maand(en) geleverd" in gezegd["jeugdigen_en_kosten_boven_nul"]
    )


def test_targets_of_a_first_month_have_no_verdict(eerste_maand: tuple[Settings, Uitkomst]) -> None:
    settings, _ = eerste_maand
    with duckdb.connect(str(settings.huis.published / "intern" / "marts.duckdb"), read_only=True) as con:
        rijen = con.execute("SELECT DISTINCT status, reden FROM sturing.doelrealisatie").fetchall()
    assert {status for status, _ in rijen} == {"onvoldoende_data"}
    assert all(reden for _, reden in rijen)


def test_the_publication_is_of_this_region_only(eerste_maand: tuple[Settings, Uitkomst]) -> None:
    """Every table as text, every page and description, and what goes back to the senders."""
    settings, _ = eerste_maand
    huis = settings.huis
    edities = {p.name for p in (huis.published / "gemeente").iterdir()}
    assert edities == set(GEMEENTEN)
    bestanden = [p for kamer in (huis.published, huis.feedback) for p in kamer.resolve().rglob("*") if p.is_file()]
    gelezen = 0
    for pad in bestanden:
        if pad.suffix in (".csv", ".json", ".jsonld", ".html", ".txt"):
            _geen_twente(pad, pad.read_text(encoding="utf-8"))
            gelezen += 1
        elif pad.suffix == ".duckdb":
            with duckdb.connect(str(pad), read_only=True) as con:
                for (tabel,) in con.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables()").fetchall():
                    _geen_twente(pad, repr(con.execute(f"SELECT * FROM {tabel}").fetchall()))
                _geen_twente(pad, repr(con.execute("SELECT comment FROM duckdb_columns()").fetchall()))
                _geen_twente(pad, repr(con.execute("SELECT comment FROM duckdb_tables()").fetchall()))
                gelezen += 1
    assert gelezen > 50
    assert "Jeugdregio Achterhoek" in (huis.published / "openbaar" / "dcat.jsonld").read_text(encoding="utf-8")


def _geen_twente(pad: Path, tekst: str) -> None:
    klein = tekst.lower()
    assert [w for w in TWENTE if w in klein] == [], pad


@pytest.mark.slow
@pytest.mark.parametrize("n", [2, 3])
def test_the_months_after_it_are_published_too(tmp_path: Path, n: int) -> None:
    _, uitkomst = eerste_maanden(tmp_path, n)
    assert uitkomst.is_gepubliceerd, uitkomst.poort
