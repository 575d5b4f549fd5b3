"""Zips: what is in them is what would have been delivered without; what must not be unpacked is not."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from typing import Any

import pytest

from pipeline.intake.lezing import Grenzen, Onleesbaar
from pipeline.intake.readers import lees
from tests.intake.hulp import T, als_csv, beoordeel, codes, geraakt, goede_rijen
from tests.intake.werkmappen import GRENZEN, als_parquet, als_xlsx, ingepakt

RIJEN = goede_rijen(T, 4)
CSV = als_csv(T, RIJEN)
VORMEN = {
    "csv": lambda rijen: als_csv(T, rijen),
    "xlsx": lambda rijen: als_xlsx(T, rijen, titels=1),
    "parquet": lambda rijen: als_parquet(T, rijen),
}


@pytest.mark.parametrize("soort", VORMEN)
def test_een_of_meer_bestanden_van_elke_soort(soort: str) -> None:
    verwacht = beoordeel(T, CSV).bewijs
    maak = VORMEN[soort]
    een = beoordeel(T, ingepakt((f"map/a.{soort}", maak(RIJEN))), extensie="zip").bewijs
    assert (een.inhoud_hash, een.rijen) == (verwacht.inhoud_hash, verwacht.rijen)
    slecht = RIJEN[3] | {"bsn": "123"}
    twee = ingepakt((f"b.{soort}", maak([RIJEN[2], slecht])), (f"a.{soort}", maak(RIJEN[:2])))
    uitspraak = beoordeel(T, twee, extensie="zip")
    boven = 1 if soort == "xlsx" else 0
    # rows are numbered through, in the order of the names, as if the files lay below each other
    assert geraakt(uitspraak, "R02") == [2 * (2 + boven) + 2]
    assert uitspraak.bewijs.rijen.ontvangen == 4
    assert uitspraak.bewijs.niet_data["titel"] == 2 * boven


def test_de_inhoud_gaat_voor_de_extensie() -> None:
    verwacht = beoordeel(T, CSV).bewijs.inhoud_hash
    inhoud = {soort: maak(RIJEN) for soort, maak in VORMEN.items()} | {"zip": ingepakt(("a.csv", CSV))}
    for soort, data in inhoud.items():
        for genoemd in ("csv", "xlsx", "parquet", "zip", "xml"):
            bewijs = beoordeel(T, data, extensie=genoemd).bewijs
            assert bewijs.inhoud_hash == verwacht, (soort, genoemd)
    assert beoordeel(T, ingepakt(("a.csv", inhoud["xlsx"])), extensie="zip").bewijs.inhoud_hash == verwacht


def test_wat_er_naast_ligt_telt_niet() -> None:
    data = ingepakt(
        ("map/", b""),
        ("__MACOSX/a.csv", b"x"),
        ("map/.DS_Store", b"x"),
        ("a.controle.json", b"{}"),
        ("a.csv", CSV),
    )
    assert beoordeel(T, data, extensie="zip").bewijs.rijen.geaccepteerd == 4


def _zin(data: bytes, grenzen: Grenzen = GRENZEN) -> str:
    with pytest.raises(Onleesbaar) as fout:
        lees(data, "zip", len, grenzen)
    assert fout.value.zin.endswith(".")
    return fout.value.zin


def _koppeling(naam: str) -> zipfile.ZipInfo:
    lid = zipfile.ZipInfo(naam)
    lid.external_attr = (stat.S_IFLNK | 0o777) << 16
    return lid


@pytest.mark.parametrize(
    ("leden", "woord"),
    [
        ([], "leeg"),
        ([("__MACOSX/a.csv", b"x")], "leeg"),
        ([("../../etc/a.csv", CSV)], "buiten"),
        ([("/etc/a.csv", CSV)], "buiten"),
        ([("C:\\a.csv", CSV)], "buiten"),
        ([("map\\..\\a.csv", CSV)], "buiten"),
        ([("..", CSV)], "buiten"),
        ([(_koppeling("a.csv"), b"/etc/passwd")], "verwijzing"),
        ([("a.zip", ingepakt(("a.csv", CSV)))], "weer een zip"),
        ([("a.csv", ingepakt(("a.csv", CSV)))], "weer een zip"),
        ([("a.csv", CSV), ("b.xlsx", als_xlsx(T, RIJEN))], "verschillende soort"),
        ([("a.exe", b"MZ")], "iets anders"),
        ([("a.csv", b"\x1f\x8b\x08" + b"x" * 20)], "gzip"),
        ([("a.csv", b"")], "leeg"),
        ([("a.csv", b"0" * 3 * 2**20)], "te groot"),
    ],
)
def test_een_zip_die_niet_wordt_gelezen(leden: list[tuple[Any, bytes]], woord: str) -> None:
    assert woord in _zin(ingepakt(*leden))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_twee_keer_dezelfde_naam() -> None:
    assert "dezelfde naam" in _zin(ingepakt(("a.csv", CSV), ("a.csv", CSV)))


def test_meer_bestanden_dan_mag() -> None:
    uit = io.BytesIO()
    with zipfile.ZipFile(uit, "w", zipfile.ZIP_STORED) as zip_:
        for i in range(20_001):
            zip_.writestr(zipfile.ZipInfo(f"{i}.csv"), b"x")
    assert "meer dan 20000" in _zin(uit.getvalue())


def test_alles_bij_elkaar_te_groot() -> None:
    deel = bytes(i * 7919 % 251 for i in range(3000))
    assert "te groot" in _zin(ingepakt(*((f"{i}.csv", deel) for i in range(5))), Grenzen(14_000, 5000, 60))


def _met_omvang(data: bytes, omvang: int) -> bytes:
    """A zip of one file that says the file unpacks to `omvang` bytes."""
    uit = bytearray(data)
    centraal = uit.index(b"PK\x01\x02")
    uit[22:26] = uit[centraal + 24 : centraal + 28] = struct.pack("<I", omvang)
    return bytes(uit)


def test_een_zip_die_liegt_over_zijn_omvang() -> None:
    """What is said to be small is read no further than that; the rest, left out, makes it damaged."""
    bom = _met_omvang(ingepakt(("a.csv", b"0" * 3 * 2**20)), 100)
    assert "beschadigd" in _zin(bom)
    # said to be larger than it is does no harm
    assert (
        beoordeel(T, _met_omvang(ingepakt(("a.csv", CSV)), len(CSV) + 50), extensie="zip").bewijs.rijen.geaccepteerd
        == 4
    )
    werkmap = als_xlsx(T, RIJEN)
    assert codes(beoordeel(T, werkmap[: len(werkmap) // 2], extensie="xlsx").bewijs) == {"L01"}


def test_versleuteld_of_vreemd_ingepakt() -> None:
    data = bytearray(ingepakt(("a.csv", CSV)))
    centraal = data.index(b"PK\x01\x02")
    data[6] |= 1
    data[centraal + 8] |= 1
    assert "versleuteld" in _zin(bytes(data))
    data = bytearray(ingepakt(("a.csv", CSV)))
    data[8:10] = data[centraal + 10 : centraal + 12] = struct.pack("<H", 9)
    assert "niet wordt gelezen" in _zin(bytes(data))
    data = bytearray(ingepakt(("a.csv", CSV)))
    data[60:80] = b"\xff" * 20
    assert "beschadigd" in _zin(bytes(data))
    for lengte in range(4, len(data), 37):
        assert _zin(bytes(data[:lengte]))
