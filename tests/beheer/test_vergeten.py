"""Forgetting that forgets: every packing, every place, a landing/ full of traps, wrong keys, kills and back-ups.

What is looked for is looked for by this test's own eyes: the digits in every byte of the home, unpacked Parquet and the
blocks of DuckDB included.
"""

from __future__ import annotations

import bz2
import datetime as dt
import gzip
import io
import json
import lzma
import os
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner

from pipeline import intake
from pipeline import maand as maandloop
from pipeline.beheer import doorzoeken, verwijderen
from pipeline.beheer.back_up import maak_backup, zet_terug
from pipeline.beheer.doorzoeken import NietDoorzocht, Zoeker
from pipeline.beheer.verwijderen import VerwijderFout, vergeet_jeugdige, verwijder_gemeente, verwijder_voor
from pipeline.cli import main
from pipeline.domain.maanden import Maand
from pipeline.intake.archief import archiefpad
from pipeline.settings import Huis, InstellingFout, Settings
from tests.intake.hulp import CATALOGUS, GEMEENTE, NU, D, T, als_csv, goede_rijen, instellingen, lever, rij
from tests.intake.werkmappen import als_parquet, als_xlsx, ingepakt

WEG, BLIJFT, NUL = "999900018", "999900006", "012345672"
NAAM = "declaraties_GM0141"


def rijen(nummer: str = WEG) -> list[dict[str, str]]:
    """Claims of two youths; one is to be forgotten."""
    return [*goede_rijen(D, 3, vanaf=1), *(r | {"bsn": nummer} for r in goede_rijen(D, 2, vanaf=50))]


def _rijk_tekst() -> bytes:
    """A workbook in which the number is one cell of two runs of letters, and another a number."""
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    boek = openpyxl.Workbook()
    boek.active["A1"] = CellRichText(
        "nr ", TextBlock(InlineFont(b=True), WEG[:4]), TextBlock(InlineFont(i=True), WEG[4:])
    )
    uit = io.BytesIO()
    boek.save(uit)
    return uit.getvalue()


def _diep() -> bytes:
    return ingepakt(("a.zip", ingepakt(("b.zip", ingepakt(("c.csv", als_csv(D, rijen())))))))


def _parquet(**kolommen: Any) -> bytes:
    uit = io.BytesIO()
    pl.DataFrame(kolommen).write_parquet(uit, compression="zstd")
    return uit.getvalue()


TEKST = f"x;{WEG};y"
PAKKEN: dict[str, bytes] = {
    "csv": als_csv(D, rijen()),
    "punten": b"x;999.900.018;y",
    "spaties en streepjes": b"x;9999 000-18;y",
    "letters ertussen": b"x;9a9b9c9d0e0f0g1h8;y",
    "harde spaties": "x;9999\u00a000\u200a018;y".encode(),
    "brede cijfers": "x;９９９９０００１８;y".encode(),
    "utf-16": TEKST.encode("utf-16"),
    "utf-16 zonder merk": TEKST.encode("utf-16-be"),
    "utf-32": TEKST.encode("utf-32"),
    "cp1252": f"é;{WEG}".encode("cp1252"),
    "in een langer nummer": b"x;R199990001875;y",
    "xlsx": als_xlsx(D, rijen()),
    "xlsx als tekst": als_xlsx(D, rijen(), als_tekst=True),
    "xlsx met opmaak in de cel": _rijk_tekst(),
    "parquet": als_parquet(D, rijen()),
    "parquet als getal": _parquet(a=[1, int(WEG)]),
    "parquet in een lijst": _parquet(a=[["x", WEG]]),
    "parquet als bytes": _parquet(a=[WEG.encode()]),
    "zip": ingepakt(("a.csv", als_csv(D, rijen()))),
    "zip in een zip in een zip": _diep(),
    "naam in een zip": ingepakt((f"{WEG}.csv", b"x")),
    "xlsx in een zip": ingepakt(("a.xlsx", als_xlsx(D, rijen()))),
    "xml": f"<a><Bsn>{WEG}</Bsn></a>".encode(),
    "xml met verwijzingen": b"<a><Bsn>&#57;99900018</Bsn></a>",
    "xml met commentaar": b"<a><Bsn>9999<!-- x -->00018</Bsn></a>",
    "xml in utf-16": f'<?xml version="1.0" encoding="UTF-16"?><a>{WEG}</a>'.encode("utf-16"),
    "gzip": gzip.compress(TEKST.encode()),
    "bzip2": bz2.compress(TEKST.encode()),
    "xz": lzma.compress(TEKST.encode()),
    "achter acht megabyte": b"x" * (8 * 2**20 - 4) + WEG.encode(),
    "in een kapot bestand": b"%\x00\xff" + WEG.encode() + b"\xfe" * 50,
}
DICHT: dict[str, bytes] = {
    "kapotte zip": ingepakt(("a.csv", b"x" * 5000))[:-40],
    "kapotte parquet": b"PAR1" + b"\x15" * 500 + b"\xf0\x01\x00\x00PAR1",
    "7z": b"7z\xbc\xaf\x27\x1c" + b"x" * 50,
    "rar": b"Rar!\x1a\x07" + b"x" * 50,
    "pdf": b"%PDF-1.7\n" + b"x" * 50,
    "oude werkmap": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 50,
    "kapotte gzip": gzip.compress(b"x" * 5000)[:-20],
}


@pytest.mark.parametrize("pak", PAKKEN)
def test_the_number_is_found_in_every_packing(pak: str) -> None:
    assert Zoeker(WEG).in_bytes(PAKKEN[pak])
    assert not Zoeker("999900031").in_bytes(PAKKEN[pak])


@pytest.mark.parametrize("pak", DICHT)
def test_what_cannot_be_looked_through_is_said(pak: str) -> None:
    with pytest.raises(NietDoorzocht):
        Zoeker(WEG).in_bytes(DICHT[pak])


@pytest.mark.parametrize(
    ("tekst", "staat_erin"),
    [
        ("x;999900018;y", True),
        ("99990001;8", False),
        ("9999\n00018", False),
        ("9999----00018", False),
        ("x;12345672;y", True),
        ("x;012345672;y", True),
        ("x;112345672;y", False),
        ("x;123456720;y", False),
    ],
)
def test_a_number_is_one_cell_and_a_zero_in_front_may_be_gone(tekst: str, staat_erin: bool) -> None:
    assert any(Zoeker(n).in_bytes(tekst.encode()) for n in (WEG, NUL)) == staat_erin


# --- a home --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sjabloon(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The youth in accepted, refused and never taken in files, in every packing; another youth beside."""
    settings = instellingen(tmp_path_factory.mktemp("vergeten"))
    settings.controleer_huis()
    for i, soort in enumerate(("csv", "xlsx", "parquet")):
        maand = Maand(2025, 1 + i)
        dag = {"declaratiedagtekening": str(maand.laatste_dag)}
        eigen = [r | dag for r in rijen()]
        data = {"csv": als_csv, "xlsx": als_xlsx, "parquet": als_parquet}[soort](D, eigen)
        lever(settings, D, data, naam=f"{NAAM}_{maand}.{soort}")
    lever(settings, T, als_csv(T, goede_rijen(T, 3)))
    lever(settings, D, f"geen;kop\n{WEG};x\n".encode(), naam=f"{NAAM}_2025-04.csv")
    uit = intake.neem_in(settings, CATALOGUS, nu=NU)
    assert [b.is_geaccepteerd for b in uit.nieuw] == [True, True, True, False, True]
    lever(settings, D, als_csv(D, rijen()), naam="verkeerde naam.txt")
    lever(settings, D, als_csv(D, rijen()), naam=f".{NAAM}_2025-05.csv.filepart")
    lever(settings, D, b"niets", naam=f"{NAAM}_2025-03_{WEG}.csv")
    lever(settings, D, ingepakt(("x.xlsx", als_xlsx(D, rijen()))), naam="later.zip")
    maandloop.laad(maandloop.bereid_voor(settings, CATALOGUS, nu=NU))
    return settings


@pytest.fixture
def s(sjabloon: Settings, tmp_path: Path) -> Settings:
    """A home of its own for each test."""
    return replace(sjabloon, huis=Huis(Path(shutil.copytree(sjabloon.huis.pad, tmp_path / "huis"))))


def treffers(huis: Huis, nummer: str = WEG) -> list[str]:
    """Every file that holds the number, by its bytes or by what they unpack to; rows of its pseudonym too."""
    zoeker = Zoeker(nummer)
    paden = sorted(p for p in huis.pad.rglob("*") if p.is_file() and not p.is_symlink())
    gevonden = [p for p in paden if zoeker.in_naam(p.name) or zoeker.in_bytes(p.read_bytes())]
    return [p.relative_to(huis.pad).as_posix() for p in gevonden]


def personen(huis: Huis) -> int:
    """How many distinct persons are in the rows."""
    paden = [p for k in (huis.validated, huis.quarantine) for p in k.rglob("*.parquet")]
    return len({x for p in paden for x in pl.read_parquet(p)["pseudoniem"].drop_nulls()})


def alles(huis: Huis) -> dict[str, bytes]:
    """The home, byte for byte, but for the lock."""
    paden = [p for p in huis.pad.rglob("*") if p.is_file() and p != huis.lock]
    return {p.relative_to(huis.pad).as_posix(): p.read_bytes() for p in paden}


def test_forgotten_is_forgotten_in_every_room(s: Settings) -> None:
    assert len(treffers(s.huis)) >= 12
    uit = vergeet_jeugdige(s, WEG)
    assert (uit.leveringen, uit.rijen, uit.niet_doorzocht) == (4, 6, ())
    assert treffers(s.huis) == []
    assert personen(s.huis) == 1
    for b in intake.lees_bewijzen(s.huis):
        b.controleer()
    # the run of the next day publishes without, and brings nobody back
    intake.neem_in(s, CATALOGUS, nu=NU + dt.timedelta(days=1))
    maandloop.laad(maandloop.bereid_voor(s, CATALOGUS, nu=NU + dt.timedelta(days=1)))
    assert treffers(s.huis) == []
    assert personen(s.huis) == 1
    assert vergeet_jeugdige(s, WEG).bestanden == 0


def test_another_key_destroys_nothing(s: Settings) -> None:
    voor = alles(s.huis)
    anders = replace(s, sleutel=b"een-heel-andere-sleutel-0123456789-abcdef")
    for doen in (
        lambda: vergeet_jeugdige(anders, WEG),
        lambda: verwijder_gemeente(anders, GEMEENTE),
        lambda: verwijder_voor(anders, Maand(2030, 1)),
    ):
        with pytest.raises(InstellingFout, match="andere"):
            doen()
    assert alles(s.huis) == voor


def test_bytes_without_rows_are_an_error_before_anything_is_written(s: Settings) -> None:
    """The number only stands in a reference of somebody else: nobody knows what was meant."""
    ander = "999900043"
    dag = {"declaratiedagtekening": "2025-06-30"}
    lever(s, D, als_csv(D, [rij(D, referentienummer=f"R{ander}", **dag)]), naam=f"{NAAM}_2025-06.csv")
    intake.neem_in(s, CATALOGUS, nu=NU)
    voor = alles(s.huis)
    with pytest.raises(VerwijderFout, match="niets verwijderd"):
        vergeet_jeugdige(s, ander)
    assert alles(s.huis) == voor
    assert vergeet_jeugdige(s, ander, ook_zonder_rijen=True).rijen == 0
    assert treffers(s.huis, ander) == []


@pytest.mark.parametrize("na", range(1, 13))
def test_killed_anywhere_doing_it_again_finishes(s: Settings, monkeypatch: pytest.MonkeyPatch, na: int) -> None:
    """Killed before the n-th thing that is destroyed or written."""

    class Gedood(BaseException):
        pass

    geteld = [0]

    def bewaakt(echt: Any) -> Any:
        def doen(*woorden: Any, **namen: Any) -> Any:
            geteld[0] += 1
            if geteld[0] == na:
                raise Gedood
            return echt(*woorden, **namen)

        return doen

    with monkeypatch.context() as mp:
        for naam in ("verwijder", "schrijf_bewijs", "_schrijf_parquet"):
            mp.setattr(verwijderen, naam, bewaakt(getattr(verwijderen, naam)))
        with pytest.raises(Gedood):
            vergeet_jeugdige(s, WEG)
    vergeet_jeugdige(s, WEG)
    assert treffers(s.huis) == []
    assert personen(s.huis) == 1
    for b in intake.lees_bewijzen(s.huis):
        b.controleer()
    maandloop.laad(maandloop.bereid_voor(s, CATALOGUS, nu=NU))  # rows and receipts agree, or this raises


def _vallen(settings: Settings) -> Path:
    """Everything in landing/ that could stop a search, and something outside that must stay."""
    map_ = settings.huis.landing / GEMEENTE
    buiten = settings.huis.pad.parent / "buiten"
    buiten.mkdir()
    (buiten / f"{WEG}.csv").write_bytes(WEG.encode())
    os.mkfifo(map_ / f"{NAAM}_2025-07.csv")
    (map_ / "pijl").symlink_to(buiten / f"{WEG}.csv")
    (settings.huis.landing / "map").symlink_to(buiten, target_is_directory=True)
    Path(os.fsdecode(os.fsencode(map_) + b"/" + b"d\xe9f.csv")).write_bytes(WEG.encode())
    (map_ / "x\n[").mkdir()
    (map_ / "x\n[" / "bold].csv").write_bytes(WEG.encode())
    (map_ / ("y" * 251 + ".csv")).write_bytes(WEG.encode())
    with (map_ / "holte.csv").open("wb") as f:
        f.truncate(2**40)
    for i, data in enumerate(DICHT.values()):
        (map_ / f"dicht{i}.bin").write_bytes(data)
    return buiten


def test_traps_in_landing_stop_nothing_and_what_was_not_searched_is_named(s: Settings) -> None:
    buiten = _vallen(s)
    uit = vergeet_jeugdige(s, WEG)
    assert (buiten / f"{WEG}.csv").read_bytes() == WEG.encode()
    (s.huis.landing / GEMEENTE / "holte.csv").unlink()
    for i in range(len(DICHT)):
        (s.huis.landing / GEMEENTE / f"dicht{i}.bin").unlink()
    assert treffers(s.huis) == []
    assert len(uit.niet_doorzocht) == len(DICHT) + 1
    assert all(z.isprintable() and "[" not in z for z in uit.niet_doorzocht)
    namen = {z.partition(":")[0] for z in uit.niet_doorzocht}
    assert f"landing/{GEMEENTE}/holte.csv" in namen


def test_a_file_that_grows_while_it_is_searched_is_named(s: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    pad = lever(s, D, b"x" * 100, naam="groeit.csv")
    echt = os.pread

    def lees(nummer: int, n: int, plek: int) -> bytes:
        data = echt(nummer, n, plek)
        if n > 8 and os.fstat(nummer).st_ino == pad.stat().st_ino:
            with pad.open("ab") as f:
                f.write(b"nog meer")
        return data

    monkeypatch.setattr(os, "pread", lees)
    (zin,) = vergeet_jeugdige(s, WEG).niet_doorzocht
    assert "veranderde" in zin


def test_the_command_says_so_and_is_no_success(s: Settings) -> None:
    env = {
        "REGIOMONITOR_HOME": str(s.huis.pad),
        "REGIOMONITOR_SLEUTEL": s.sleutel.decode() if s.sleutel else "",
        "REGIOMONITOR_BSN_REEKS": "synthetisch",
    }
    lever(s, D, DICHT["7z"], naam="x.7z")
    uit = CliRunner().invoke(main, ["forget", "youth"], env=env, input=f"{WEG}\n")
    assert uit.exit_code == 1
    assert "landing/GM0141/x.7z: is een 7z-archief" in uit.output
    assert WEG not in uit.output
    (s.huis.landing / GEMEENTE / "x.7z").unlink()
    assert CliRunner().invoke(main, ["forget", "youth", "--json"], env=env, input=f"{WEG}\n").exit_code == 0
    env["REGIOMONITOR_SLEUTEL"] += "z"
    fout = CliRunner().invoke(main, ["forget", "youth"], env=env, input=f"{WEG}\n")
    assert fout.exit_code == 1


def test_a_backup_of_before_brings_it_back_and_forgetting_there_works_too(s: Settings, tmp_path: Path) -> None:
    """The promise is of a home, not of its back-ups: docs/beheer.md says so, and this shows both halves."""
    maak_backup(s.huis, tmp_path / "kluis", seeds=s.seeds, nu=NU)
    vergeet_jeugdige(s, WEG)
    maak_backup(s.huis, tmp_path / "kluis2", seeds=s.seeds, nu=NU)
    terug, schoon = (replace(s, huis=Huis(tmp_path / n)) for n in ("terug", "schoon"))
    zet_terug(tmp_path / "kluis", terug.huis)
    intake.neem_in(terug, CATALOGUS, nu=NU)
    assert treffers(terug.huis) != []
    vergeet_jeugdige(terug, WEG)
    assert treffers(terug.huis) == []
    zet_terug(tmp_path / "kluis2", schoon.huis)
    intake.neem_in(schoon, CATALOGUS, nu=NU)
    assert treffers(schoon.huis) == []
    assert personen(schoon.huis) == 1


def test_a_gemeente_goes_from_every_folder_also_what_never_came_in(s: Settings) -> None:
    lever(s, D, als_csv(D, rijen()), gemeente="GM0147", naam=f"{NAAM}_2025-08.csv")  # in the folder of another
    lever(s, D, als_csv(D, goede_rijen(D, 2)), gemeente="GM0147")
    shutil.copyfile(next((s.huis.landing / GEMEENTE).glob("*2025-01.csv")), s.huis.landing / "GM0147" / "kopie.txt")
    _vallen(s)
    intake.neem_in(s, CATALOGUS, nu=NU)
    uit = verwijder_gemeente(s, GEMEENTE)
    assert uit.niet_doorzocht == ()
    assert treffers(s.huis) == []
    over = {p.name for p in (s.huis.landing / "GM0147").iterdir()}
    assert over == {"declaraties_GM0147_2025-03.csv"}
    assert {b.sleutel.gemeente for b in intake.lees_bewijzen(s.huis)} == {"GM0147"}


def test_retention_takes_files_of_before_by_name_too(s: Settings) -> None:
    lever(s, D, als_csv(D, rijen()), naam=f"{NAAM}_2018-05.csv")
    pad = lever(s, D, b"x", naam=f"{NAAM}_2018-06.csv")
    Path(f"{pad}.controle.json").write_text(json.dumps({"rijen": 1}), encoding="utf-8")
    lever(s, D, b"y", naam=f"{NAAM}_2025-02_v2.csv")
    uit = verwijder_voor(s, Maand(2025, 2))
    assert uit.leveringen == 1
    assert [p.name for p in (s.huis.landing / GEMEENTE).iterdir() if "2018" in p.name or "2025-01" in p.name] == []
    assert (s.huis.landing / GEMEENTE / f"{NAAM}_2025-02_v2.csv").exists()
    assert all(b.sleutel.maand >= Maand(2025, 2) for b in intake.lees_bewijzen(s.huis))


def test_an_orphan_in_the_archive_is_searched_too(s: Settings) -> None:
    """Bytes without a receipt: a run was killed between the two."""
    for b in intake.lees_bewijzen(s.huis):
        if b.sleutel.maand == Maand(2025, 4):
            for pad in s.huis.receipts.rglob(f"{b.levering_id}*"):
                pad.unlink()
            wees = archiefpad(s.huis, b.sha256)
    assert wees.exists()
    vergeet_jeugdige(s, WEG)
    assert not wees.exists()


def test_a_zip_bomb_is_not_unpacked(s: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorzoeken, "MAX_UITGEPAKT_BYTES", 2**20)
    uit = io.BytesIO()
    with zipfile.ZipFile(uit, "w", zipfile.ZIP_DEFLATED) as zip_:
        zip_.writestr("a.csv", b"0" * (2**20 + 1))
    lever(s, D, uit.getvalue(), naam="bom.zip")
    lever(s, D, gzip.compress(b"0" * (2**20 + 1)), naam="bom.gz")
    assert sum("te groot" in zin for zin in vergeet_jeugdige(s, WEG).niet_doorzocht) == 2
