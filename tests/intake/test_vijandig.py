"""What a hostile or broken file may do: get a verdict. Nothing else: not to a run, not to another sender's levering."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import random
import shutil
import tracemalloc
import zipfile
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from pipeline.berichten import CONTRACTEN
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Ontvangstbewijs, Status
from pipeline.intake import lees_bewijzen, neem_in
from pipeline.intake.bestandsdeur import _kopkennis
from pipeline.intake.landing import lees_stabiel
from pipeline.intake.lezing import Onleesbaar
from pipeline.intake.readers import lees
from pipeline.intake.uitkomst import Inname
from pipeline.settings import PROJECT, Settings
from tests.fixtures.maak import MAP, TABEL
from tests.intake.hulp import (
    CATALOGUS,
    NU,
    D,
    T,
    als_csv,
    beoordeel,
    codes,
    goede_rijen,
    instellingen,
    kolommen,
    lever,
    rij,
)
from tests.intake.werkmappen import GRENZEN, als_parquet, als_xlsx, ingepakt, vervang_deel

ANDER = "GM0147"
BLAD1 = "xl/worksheets/sheet1.xml"
GOED = als_csv(D, goede_rijen(D, 12))
KOP = GOED.split(b"\n", maxsplit=1)[0]


def _zipbom() -> bytes:
    uit = io.BytesIO()
    with zipfile.ZipFile(uit, "w", zipfile.ZIP_DEFLATED) as zip_, zip_.open("a.csv", "w", force_zip64=True) as lid:
        for _ in range(40):
            lid.write(b"0" * 2**20)
    return uit.getvalue()


def _verre_hoek() -> bytes:
    return als_xlsx(D, goede_rijen(D, 2), bewerk=lambda _, blad: blad.cell(1_048_576, 16_384, "x"))


def _eindeloos_parquet() -> bytes:
    uit = io.BytesIO()
    pl.DataFrame({n: ["x"] for n in kolommen(D)}).select(pl.all().repeat_by(1_200_000).explode()).write_parquet(uit)
    return uit.getvalue()


@cache
def vijandig() -> dict[str, bytes]:
    """Hostile files by name; some take a while to make."""
    return {
        "nul.csv": KOP + b"\n\x00\x00\x00\n",
        "nul in een rij.csv": GOED.replace(b"REF", b"R\x00F") + b"\x00",
        "halve utf16.csv": b"\xff\xfe" + GOED + b"x",
        "utf16 zonder merk.csv": GOED.decode().encode("utf-16-le"),
        "utf32.csv": GOED.decode().encode("utf-32"),
        "ebcdic.csv": GOED.decode().encode("cp037"),
        "lange regel.csv": GOED + b"9" * 200_000,
        "een regel zonder eind.csv": KOP + b";" * 500_000,
        "veel kolommen.csv": KOP + b";x" * 10_000 + b"\n",
        "alleen aanhalingstekens.csv": KOP + b'\n"' * 3000,
        "bom.zip": _zipbom(),
        "bom als.csv": _zipbom(),
        "genest.zip": ingepakt(("a.zip", ingepakt(("a.csv", GOED)))),
        "omhoog.zip": ingepakt(("../../../uit.csv", GOED)),
        "verre hoek.xlsx": _verre_hoek(),
        "halve werkmap.xlsx": als_xlsx(D, goede_rijen(D, 2))[:-300],
        "eindeloos.parquet": _eindeloos_parquet(),
        "genest.parquet": b"PAR1" + b"\x15" * 500 + b"\xf0\x01\x00\x00PAR1",
        "pdf.csv": b"%PDF-1.7\n" + b"\x00" * 50,
        "programma.xlsx": b"MZ\x90\x00" + bytes(range(256)) * 20,
        "entiteiten.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "'
        + b"c" * 50
        + b'"><!ENTITY d "&b;&b;&b;&b;">]><a>&d;</a>',
    }


@pytest.fixture(scope="module")
def ingenomen(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Inname, Path]:
    """One run over a good levering of one gemeente and everything hostile from another."""
    pad = tmp_path_factory.mktemp("vijandig")
    settings = instellingen(pad)
    lever(settings, D, als_csv(D, goede_rijen(D, 30)))
    lever(settings, T, als_xlsx(T, goede_rijen(T, 30)), naam="toewijzingen_GM0141_2025-03.xlsx")
    for i, (naam, data) in enumerate(vijandig().items()):
        stam, _, extensie = naam.rpartition(".")
        maand = f"{2024 + i // 12}-{i % 12 + 1:02d}"
        lever(settings, D, data, map_=ANDER, naam=f"declaraties_{ANDER}_{maand}_{stam.replace(' ', '')}.{extensie}")
    return settings, neem_in(settings, CATALOGUS, nu=NU), pad


def _bewijzen(inname: Inname, gemeente: str) -> list[Ontvangstbewijs]:
    return [b for b in inname.nieuw if b.sleutel.gemeente == gemeente]


def test_elk_vijandig_bestand_krijgt_een_oordeel_met_een_zin(ingenomen: tuple[Settings, Inname, Path]) -> None:
    _, inname, _ = ingenomen
    bewijzen = _bewijzen(inname, ANDER)
    assert (len(bewijzen), inname.overgeslagen) == (len(vijandig()), ())
    for bewijs in bewijzen:
        assert bewijs.status is Status.AFGEKEURD, bewijs.bestandsnaam
        assert codes(bewijs) & {"L01", "L05", "L09", "L10"}, bewijs.bestandsnaam
        assert all(b.zin.endswith(".") for b in bewijs.bevindingen if b.n_rijen and b.regel_code == "L01")


def test_de_levering_van_een_ander_merkt_er_niets_van(ingenomen: tuple[Settings, Inname, Path]) -> None:
    settings, inname, pad = ingenomen
    goed = _bewijzen(inname, "GM0141")
    assert [b.status for b in goed] == [Status.GEACCEPTEERD] * 2
    assert [b.rijen.geaccepteerd for b in goed] == [30, 30]
    assert {p.name for p in pad.iterdir()} == {settings.huis.pad.name}
    assert not [p for p in pad.rglob("*uit.csv") if p.is_relative_to(settings.huis.pad)]


def test_een_tweede_run_vindt_niets_nieuws(ingenomen: tuple[Settings, Inname, Path]) -> None:
    settings, inname, _ = ingenomen
    opnieuw = neem_in(settings, CATALOGUS, nu=NU + dt.timedelta(days=1))
    assert (len(opnieuw.nieuw), opnieuw.ongewijzigd) == (0, len(inname.nieuw))


# --- over the size setting --------------------------------------------------------------------------------------------


def test_een_bestand_boven_de_grens_wordt_niet_in_het_geheugen_gelezen(tmp_path: Path) -> None:
    """The setting is 64 MB; three hundred megabytes of nothing are looked at in blocks and refused."""
    assert CATALOGUS.getal("bestand_max_mb") == 64
    pad = tmp_path / "groot.csv"
    with pad.open("wb") as f:
        f.truncate(300 * 2**20)
    tracemalloc.start()
    inhoud = lees_stabiel(pad, 64 * 2**20)
    piek = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (inhoud.te_groot, inhoud.data, inhoud.n_bytes) == (True, b"", 300 * 2**20)
    assert piek < 2**23


@pytest.fixture
def klein(tmp_path: Path) -> tuple[Settings, Catalogus]:
    """A home in which a file may be one megabyte."""
    shutil.copytree(PROJECT / "seeds", tmp_path / "seeds")
    instelling = tmp_path / "seeds" / "ref_instellingen.csv"
    tekst = instelling.read_text(encoding="utf-8").replace("bestand_max_mb,64", "bestand_max_mb,1")
    instelling.write_text(tekst, encoding="utf-8")
    settings = instellingen(tmp_path, seeds=tmp_path / "seeds")
    return settings, Catalogus.load(tmp_path / "seeds")


def test_een_te_groot_bestand_krijgt_een_oordeel(klein: tuple[Settings, Catalogus]) -> None:
    settings, catalogus = klein
    for i, extensie in enumerate(("csv", "xlsx", "parquet", "zip", "xml")):
        pad = lever(settings, D, b"", naam=f"declaraties_GM0141_2025-0{i + 1}.{extensie}")
        with pad.open("r+b") as f:
            f.truncate(2**20 + 1 + i)
        os.utime(pad, (NU.timestamp() - 9, NU.timestamp() - 9))
    lever(settings, T, als_csv(T, goede_rijen(T, 5)))
    inname = neem_in(settings, catalogus, nu=NU)
    zinnen = [b.zin for bewijs in inname.nieuw for b in bewijs.bevindingen if b.regel_code == "L01" and b.n_rijen]
    assert len(zinnen) == 5
    assert all("groter dan 1 MB" in z for z in zinnen)
    assert sum(b.rijen.geaccepteerd for b in inname.nieuw) == 5


def test_van_een_te_groot_bestand_blijft_alleen_wat_het_is(klein: tuple[Settings, Catalogus]) -> None:
    """No bytes in archive/; and when the limit goes up the same file is read after all."""
    settings, catalogus = klein
    pad = lever(settings, D, als_csv(D, goede_rijen(D, 9000)))
    (eerst,) = neem_in(settings, catalogus, nu=NU).nieuw
    assert not [p for p in settings.huis.archive.rglob("*") if p.is_file()]
    assert neem_in(settings, catalogus, nu=NU).ongewijzigd == 1
    (daarna,) = neem_in(settings, CATALOGUS, nu=NU).nieuw
    assert daarna.levering_id == eerst.levering_id
    assert daarna.rijen_in_bestand > 0
    assert pad.exists()


# --- one cell ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("soort", ["xlsx", "parquet"])
@pytest.mark.parametrize(
    "waarde",
    ["\x01\x02", "\x00", "=HYPERLINK(1)", "'; drop table x; --", "9" * 4000, "\u202e\ufeff", "\u2028\ud7ff", "-" * 300],
)
def test_een_vreemde_cel_kost_hoogstens_haar_rij(soort: str, waarde: str) -> None:
    if soort == "xlsx" and any(ord(c) < 32 for c in waarde):
        waarde = "_x0001_"  # how a workbook writes what XML cannot hold
    rijen = [rij(D, referentienummer="1", debet_credit=waarde, productcode=waarde), rij(D, referentienummer="2")]
    data = als_xlsx(D, rijen, als_tekst=True) if soort == "xlsx" else als_parquet(D, rijen)
    bewijs = beoordeel(D, data, extensie=soort).bewijs
    assert (bewijs.rijen.ontvangen, bewijs.rijen.geaccepteerd, bewijs.rijen.quarantaine) == (2, 1, 1)


# --- any bytes --------------------------------------------------------------------------------------------------------

GEZOND = {
    "csv": als_csv(D, goede_rijen(D, 8), quoting=1),
    "xlsx": als_xlsx(D, goede_rijen(D, 8)),
    "parquet": als_parquet(D, goede_rijen(D, 8)),
    "zip": ingepakt(("a.csv", GOED), ("b.csv", GOED)),
}


def _verbogen(data: bytes, dobbel: random.Random) -> bytes:
    """Bytes changed, cut out, doubled or cut off."""
    uit = bytearray(data)
    for _ in range(dobbel.randint(1, 8)):
        plek, lengte = dobbel.randrange(len(uit)), dobbel.randint(1, 40)
        soort = dobbel.randrange(4)
        if soort == 0:
            uit[plek] = dobbel.randrange(256)
        elif soort == 1:
            del uit[plek : plek + lengte]
        elif soort == 2:
            uit[plek:plek] = uit[plek : plek + lengte]
        else:
            uit[plek : plek + lengte] = bytes(dobbel.randrange(256) for _ in range(lengte))
        if len(uit) < 20:
            break
    return bytes(uit) or b"x"


def _in_werkmap(data: bytes, dobbel: random.Random) -> bytes:
    """One part of a workbook changed, so that what comes after unpacking is reached."""
    naam = dobbel.choice([BLAD1, BLAD1, "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"])
    return vervang_deel(data, naam, lambda x: _verbogen(x, dobbel))


def _verbuig(keer: int, zaad: int) -> int:
    """Read that many bent files; return how many were a table still. A row is counted, or the file is refused."""
    dobbel, gelezen = random.Random(zaad), 0
    for i in range(keer):
        soort = list(GEZOND)[i % len(GEZOND)]
        data = (_in_werkmap if soort == "xlsx" and dobbel.random() < 0.7 else _verbogen)(GEZOND[soort], dobbel)
        try:
            tabellen = lees(data, soort, _kopkennis(CONTRACTEN[D], list(CONTRACTEN.values())), GRENZEN)
        except Onleesbaar as fout:
            assert fout.zin.endswith(".")
            continue
        gelezen += 1
        for t in tabellen:
            kop = 1 if t.kop else 0
            assert t.cellen.height + len(t.scheef) + t.titel + t.leeg + t.totaal + kop == t.records
    return gelezen


def test_verbogen_bestanden_geven_een_tabel_of_een_zin() -> None:
    assert 0 < _verbuig(300, 11) < 300


@pytest.mark.slow
def test_lang_verbogen_bestanden_geven_een_tabel_of_een_zin() -> None:
    for zaad in range(20):
        _verbuig(600, zaad)


# --- over a good levering that stands ---------------------------------------------------------------------------------


def _inhoud(map_: Path) -> dict[str, bytes]:
    return {p.relative_to(map_).as_posix(): p.read_bytes() for p in sorted(map_.rglob("*")) if p.is_file()}


def test_geen_geweigerd_bestand_raakt_wat_er_staat(tmp_path: Path) -> None:
    """Every refused fixture, offered later under the key of a good levering: that one stands, byte for byte."""
    with TABEL.open(encoding="utf-8", newline="") as f:
        rijen = [r for r in csv.DictReader(f) if r["reeks"] == "synthetisch"]
    slecht = [r for r in rijen if r["status"] == "AFGEKEURD" and not r["bestand"].startswith("l02-")]
    settings = instellingen(tmp_path)
    goed = {D: als_csv(D, goede_rijen(D, 30)), T: als_csv(T, goede_rijen(T, 30))}
    for bericht, data in goed.items():
        lever(settings, bericht, data)
        lever(settings, bericht, data, gemeente=ANDER)
    staan = {b.levering_id for b in neem_in(settings, CATALOGUS, nu=NU).nieuw}
    kamers = [settings.huis.pad / n for n in ("validated", "archive")]
    eerst = [_inhoud(k) for k in kamers]
    for i, r in enumerate(slecht):
        bron = MAP / r["bestand"]
        naam = f"{r['bericht']}_GM0141_2025-03_{i}.{bron.suffix[1:]}"
        lever(settings, D, bron.read_bytes(), naam=naam, op=NU - dt.timedelta(minutes=1))
        controle = bron.with_name(bron.name + ".controle.json")
        if controle.exists():
            shutil.copyfile(controle, settings.huis.landing / "GM0141" / f"{naam}.controle.json")
    ligt = _inhoud(settings.huis.landing)
    inname = neem_in(settings, CATALOGUS, nu=NU + dt.timedelta(hours=1))
    assert inname.overgeslagen == ()
    assert (len(inname.nieuw), inname.ongewijzigd) == (len(slecht), len(staan))
    assert len(slecht) >= 90
    assert {b.status for b in inname.nieuw} == {Status.AFGEKEURD}
    assert {b.levering_id for b in lees_bewijzen(settings.huis) if b.is_geaccepteerd} == staan
    assert _inhoud(kamers[0]) == eerst[0]
    assert eerst[1].items() <= _inhoud(kamers[1]).items()
    assert _inhoud(settings.huis.landing) == ligt
    assert {p.name for p in tmp_path.iterdir()} == {settings.huis.pad.name}
    assert not [p for p in settings.huis.pad.rglob("*") if p.is_symlink()]
