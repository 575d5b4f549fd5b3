"""A publication is in the store whole or not at all, whoever shares, reads, withdraws or fails beside it."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import stat
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.landelijk import Gedeeld, WinkelFout, deel, delen, trek_in
from pipeline.landelijk import winkel as winkel_module
from pipeline.landelijk.winkel import lees, schrijf
from pipeline.settings import InstellingFout, Settings, Winkelplek, load_settings
from tests.grenzen import bestanden_hoogstens
from tests.landelijk.regios import DAG, TABELLEN, Regio, maak_winkel

NU = DAG + dt.timedelta(days=30)


@pytest.fixture
def winkel(tmp_path: Path) -> Winkelplek:
    return maak_winkel(tmp_path / "winkel")


@pytest.fixture
def regio(tmp_path: Path, winkel: Winkelplek) -> Regio:
    return Regio(tmp_path, "Súdwest Fryslân", winkel)


_BESTANDEN = " UNION ".join(
    f"SELECT data_file FROM ducklake_list_files('winkel', '{tabel}', schema => '{schema}')"
    for schema, tabel in [("landelijk", "publicaties"), *(naam.split(".") for naam in TABELLEN)]
)


def vraag(plek: Winkelplek, sql: str) -> list[tuple[object, ...]]:
    with lees(plek) as con:
        return con.execute(sql).fetchall()


def staan(plek: Winkelplek) -> list[object]:
    """Return what a reader sees: the publications of which there are figures."""
    return [r[0] for r in vraag(plek, "SELECT DISTINCT publicatie_id FROM winkel.openbaar.kerncijfers ORDER BY 1")]


def deel_op(s: Settings, dag: int = 0) -> Gedeeld:
    return deel(s, nu=NU + dt.timedelta(days=dag))


def test_what_is_shared_is_the_file_with_region_and_moment_and_twice_is_once(regio: Regio, winkel: Winkelplek) -> None:
    naam = regio.publiceer(0, factor=3)
    een = deel_op(regio.settings)
    assert (een.regio_code, een.publicatie_id, een.is_nieuw, een.n_tabellen) == ("sudwest-fryslan", naam, True, 4)
    with lees(winkel) as con:
        con.execute(f"ATTACH '{regio.marts}' AS marts (READ_ONLY)")
        erbij = "SELECT 'sudwest-fryslan' AS regio_code, TIMESTAMP '2026-05-28 09:00:00' AS gedeeld_op, *"
        for tabel in ("openbaar.kerncijfers", "meta.gebieden", "meta.indicatordefinities", "meta.publicatie"):
            zelfde = f"FROM ({erbij} FROM marts.{tabel} EXCEPT ALL FROM winkel.{tabel})"
            assert con.execute(f"SELECT count(*) {zelfde}").fetchone() == (0,)
        snapshots = con.execute("SELECT max(snapshot_id) FROM ducklake_snapshots('winkel')").fetchone()
        rijen = con.execute("SELECT n_rijen FROM winkel.landelijk.publicaties").fetchall()
    assert rijen == [(een.n_rijen,)]
    assert deel_op(regio.settings, 1) == replace(een, is_nieuw=False, n_tabellen=0, n_rijen=0)
    assert vraag(winkel, "SELECT max(snapshot_id) FROM ducklake_snapshots('winkel')") == [snapshots]
    # another region reads it, and clears it away when its time has come
    bestanden = list(Path(winkel.gegevens).rglob("*.parquet"))
    assert len(bestanden) == 5
    assert {stat.S_IMODE(p.stat().st_mode) for p in bestanden} == {0o660}


def test_a_withdrawn_publication_is_gone_and_the_one_before_stands(regio: Regio, winkel: Winkelplek) -> None:
    een = regio.publiceer(0)
    deel_op(regio.settings)
    twee = regio.publiceer(1)
    deel_op(regio.settings, 1)
    assert staan(winkel) == [een, twee]

    # put back at home, but not withdrawn: the store does not go back in time by itself
    regio.maak_huidig(een)
    nul = regio.publiceer(-1)
    with pytest.raises(WinkelFout, match=f"{nul} is ouder dan {twee}.*--intrekken {twee}"):
        deel_op(regio.settings, 2)
    assert trek_in(regio.settings, twee, nu=NU).is_nieuw
    assert not trek_in(regio.settings, twee, nu=NU).is_nieuw
    assert staan(winkel) == [een]
    regio.maak_huidig(een)
    assert not deel_op(regio.settings, 3).is_nieuw
    regio.maak_huidig(twee)
    with pytest.raises(WinkelFout, match="ingetrokken en komt er niet opnieuw in"):
        deel_op(regio.settings, 4)
    with pytest.raises(WinkelFout, match="niet gedeeld door sudwest-fryslan"):
        trek_in(regio.settings, nul, nu=NU)
    assert staan(winkel) == [een]


@pytest.mark.slow
def test_no_more_stay_than_are_kept(regio: Regio, winkel: Winkelplek) -> None:
    een = regio.publiceer(0)
    deel_op(regio.met(replace(winkel, bewaren=1)))
    twee = regio.publiceer(1)
    assert deel_op(regio.met(replace(winkel, bewaren=1))).opgeruimd == (een,)
    assert staan(winkel) == [twee]


@pytest.mark.slow
def test_test_data_do_not_come_among_real_ones(tmp_path: Path, regio: Regio, winkel: Winkelplek) -> None:
    echt = Regio(tmp_path, "Echt", winkel)
    naam = echt.publiceer(0, reeks="productie")
    deel_op(echt.settings)
    regio.publiceer(0)
    with pytest.raises(WinkelFout, match="proef en echt gaan niet samen"):
        deel_op(regio.settings)
    assert vraag(winkel, "SELECT DISTINCT publicatie_id, regio_code FROM winkel.openbaar.kerncijfers") == [
        (naam, "echt")
    ]


@pytest.mark.slow
def test_another_version_of_the_project(tmp_path: Path, regio: Regio, winkel: Winkelplek) -> None:
    regio.publiceer(0)
    deel_op(regio.settings)
    nieuw = Regio(tmp_path, "Nieuw", winkel)
    nieuw.publiceer(0, erbij="toelichting VARCHAR DEFAULT 'x'")
    deel_op(nieuw.settings)
    toelichting = "SELECT DISTINCT regio_code, toelichting FROM winkel.openbaar.kerncijfers ORDER BY 1"
    assert vraag(winkel, toelichting) == [("nieuw", "x"), ("sudwest-fryslan", None)]
    anders = Regio(tmp_path, "Anders", winkel)
    anders.publiceer(0, erbij="toelichting BIGINT")
    with pytest.raises(
        WinkelFout, match=r"Kolom toelichting van openbaar\.kerncijfers is hier BIGINT en in de winkel VARCHAR"
    ):
        deel_op(anders.settings)
    assert {r[0] for r in vraag(winkel, toelichting)} == {"nieuw", "sudwest-fryslan"}


@pytest.mark.slow
def test_more_than_the_public_figures_only_when_agreed(regio: Regio, winkel: Winkelplek) -> None:
    regio.publiceer(0)
    assert deel_op(regio.met(replace(winkel, editie="intern"))).n_tabellen == 5
    assert vraag(winkel, "SELECT regio_code, n_jeugdigen FROM winkel.sturing.indicatoren") == [("sudwest-fryslan", 7)]


@pytest.mark.slow
def test_who_reads_meanwhile_sees_what_stood_and_is_in_nobodys_way(regio: Regio, winkel: Winkelplek) -> None:
    een = regio.publiceer(0)
    deel_op(regio.settings)
    regio.publiceer(1)
    with lees(winkel) as con:
        voor = con.execute("SELECT count(*) FROM winkel.openbaar.kerncijfers").fetchall()
        with schrijf(winkel) as ander:
            ander.execute("DELETE FROM winkel.openbaar.kerncijfers")
            assert staan(winkel) == [een]
            ander.execute("ROLLBACK; BEGIN")
        deel_op(regio.settings)
        assert con.execute("SELECT count(*) FROM winkel.openbaar.kerncijfers").fetchall() == voor
    assert len(staan(winkel)) == 2


def test_whatever_fails_halfway_leaves_nothing(
    regio: Regio, winkel: Winkelplek, monkeypatch: pytest.MonkeyPatch
) -> None:
    een = regio.publiceer(0)
    deel_op(regio.settings)
    regio.publiceer(1, jaren=12_000, erbij="toelichting VARCHAR DEFAULT md5(random()::VARCHAR)")
    for hoogstens in (4_000, 1_000_000):  # the catalogue does not fit any more, or the figures do not
        with bestanden_hoogstens(hoogstens), pytest.raises(WinkelFout, match="geen ruimte meer"):
            deel_op(regio.settings)
    monkeypatch.setattr(delen, "_te_veel", lambda *_: ["x'"[9]])
    with pytest.raises(IndexError):
        deel_op(regio.settings)
    monkeypatch.undo()
    assert staan(winkel) == [een]
    # what a copy that failed left behind goes with the next housekeeping that is late enough
    monkeypatch.setattr(winkel_module, "_TERUGKIJKEN", "0 seconds")
    assert deel_op(regio.settings).is_nieuw
    nu = set(Path(winkel.gegevens).rglob("*.parquet"))
    assert {str(p) for p in nu} == {str(r[0]) for r in vraag(winkel, _BESTANDEN)}


def test_only_the_folder_of_this_store_is_written_in_and_cleared(
    regio: Regio, winkel: Winkelplek, tmp_path: Path
) -> None:
    """DuckLake deletes every Parquet file that its catalogue does not know: never in a folder of somebody else."""
    vreemd = tmp_path / "data home" / "rijen.parquet"
    vreemd.parent.mkdir()
    vreemd.touch()
    os.utime(vreemd, (1, 1))
    verkeerd = regio.met(replace(winkel, gegevens=str(vreemd.parent)))
    een = regio.publiceer(0)
    for _ in range(2):  # with a catalogue that is new, and with one that has its folder already
        with pytest.raises(WinkelFout, match="niet de map van deze winkel"):
            deel_op(verkeerd)
        deel_op(regio.settings)
    leeg = tmp_path / "niet aangekoppeld"
    leeg.mkdir()
    with pytest.raises(WinkelFout, match="Koppel de schijf aan"):
        deel_op(regio.met(replace(winkel, gegevens=str(leeg))))
    assert list(leeg.iterdir()) == []
    assert vreemd.exists()
    # the same folder under another name is the same folder
    (tmp_path / "elders").symlink_to(winkel.gegevens)
    twee = regio.publiceer(1)
    deel_op(regio.met(replace(winkel, gegevens=str(tmp_path / "elders"))))
    assert staan(winkel) == [een, twee]


def test_what_cannot_be_read_is_said_in_one_sentence(regio: Regio, winkel: Winkelplek, tmp_path: Path) -> None:
    regio.publiceer(0)
    with pytest.raises(WinkelFout, match="De winkel is er nog niet"), lees(winkel):
        pass
    deel_op(regio.settings)
    with sqlite3.connect(winkel.catalogus) as con:
        con.execute("UPDATE ducklake_metadata SET value = '9.0' WHERE key = 'version'")
    for doe in (lambda: deel_op(regio.settings), lambda: staan(winkel)):
        with pytest.raises(WinkelFout, match="andere versie van DuckLake"):
            doe()
    weg = replace(winkel, catalogus=f"postgres:host={tmp_path} dbname=winkel password=geheim123")
    with pytest.raises(WinkelFout, match="PostgreSQL met de catalogus van de winkel antwoordt niet") as fout:
        deel_op(regio.met(weg))
    assert "geheim123" not in f"{fout.value}{weg}{regio.met(weg)}"
    with pytest.raises(InstellingFout, match="REGIOMONITOR_WINKEL"):
        deel_op(replace(regio.settings, winkel=None))


def test_a_region_is_called_by_its_name_and_needs_one(tmp_path: Path, winkel: Winkelplek) -> None:
    leeg = Regio(tmp_path, "", winkel)
    with pytest.raises(WinkelFout, match="nog niets gepubliceerd"):
        deel_op(leeg.settings)
    leeg.publiceer(0)
    with pytest.raises(WinkelFout, match="jeugdregio"):
        deel_op(leeg.settings)


def test_the_settings_of_the_store(tmp_path: Path) -> None:
    def plek(**env: str) -> Winkelplek | None:
        return load_settings({"HOME": str(tmp_path)} | {f"REGIOMONITOR_{k}": v for k, v in env.items()}).winkel

    assert plek() is None
    assert plek(WINKEL=f"{tmp_path}/c") == Winkelplek(f"{tmp_path}/c", f"{tmp_path}/c.gegevens", "openbaar", 12)
    url = plek(WINKEL="postgresql://h/w", WINKEL_GEGEVENS="/mnt/w", WINKEL_EDITIE="intern", WINKEL_BEWAREN="3")
    assert url == Winkelplek("postgres:postgresql://h/w", "/mnt/w", "intern", 3)
    for fout in (
        {"WINKEL": "postgres:"},
        {"WINKEL": "c", "WINKEL_EDITIE": "x"},
        {"WINKEL": "c", "WINKEL_BEWAREN": "0"},
    ):
        with pytest.raises(InstellingFout, match="REGIOMONITOR_WINKEL_"):
            plek(**fout)


def test_the_command_says_what_it_did(regio: Regio, winkel: Winkelplek, monkeypatch: pytest.MonkeyPatch) -> None:
    naam = regio.publiceer(0)
    monkeypatch.setenv("REGIOMONITOR_HOME", str(regio.settings.huis.pad))
    monkeypatch.setenv("REGIOMONITOR_WINKEL", winkel.catalogus)
    monkeypatch.setenv("REGIOMONITOR_WINKEL_GEGEVENS", winkel.gegevens)
    gezegd = [
        CliRunner().invoke(main, opdracht.split()).output
        for opdracht in ("deel", "deel", f"deel --intrekken {naam}", "deel")
    ]
    assert gezegd[0] == f"{naam} van sudwest-fryslan is gedeeld: 4 tabellen, 13 rijen.\n"
    assert "was al gedeeld; er is niets veranderd" in gezegd[1]
    assert gezegd[2] == f"{naam} van sudwest-fryslan is ingetrokken.\n"
    assert gezegd[3].startswith(f"regiomonitor: {naam} is in de winkel ingetrokken")
    assert duckdb.__version__.startswith("1.")
