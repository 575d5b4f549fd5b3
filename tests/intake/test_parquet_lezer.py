"""Parquet: every type comes out as the text that a CSV of it would have; what cannot be a table is refused."""

from __future__ import annotations

import datetime as dt
import io
import random
from decimal import Decimal
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.intake.lezing import Grenzen, Onleesbaar
from tests.intake.hulp import D, T, als_csv, beoordeel, codes, goede_rijen, kolommen, rij
from tests.intake.werkmappen import als_parquet, cellen, lees_tabel

UTC = dt.UTC


def een_kolom(kolom: pa.Array, naam: str = "volume", **opties: Any) -> list[str | None]:
    """Texts that come out of one typed column."""
    andere = {n: pa.array(["x"] * len(kolom)) for n in kolommen(T) if n != naam}
    uit = io.BytesIO()
    pq.write_table(pa.table({naam: kolom, **andere}), uit, **opties)
    return cellen(lees_tabel(T, uit.getvalue(), "parquet"), naam)


MIDDERNACHT = dt.datetime(2025, 2, 28, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kolom", "teksten"),
    [
        (pa.array(["04", None, ""]), ["04", None, ""]),
        (pa.array(["04", "1"]).dictionary_encode(), ["04", "1"]),
        (pa.array([4, None, -5], pa.int8()), ["4", None, "-5"]),
        (pa.array([2**40], pa.uint64()), [str(2**40)]),
        (pa.array([0.1 + 0.2, 12345678.0, None, -0.5]), ["0.3", "12345678", None, "-0.5"]),
        (pa.array([1e14, 1e15, 1e-7, 123456789.01]), ["100000000000000", "#GETAL", "0.0000001", "123456789.01"]),
        (pa.array([1.125, 999.5]), ["1.1250", "999.5"]),  # as text the first could be 1125
        (pa.array([float("nan"), float("inf")]), [None, "#FOUT"]),
        (pa.array([1.5], pa.float32()), ["1.5"]),
        (pa.array([Decimal("1.125"), None]), ["1.1250", None]),
        (pa.array([Decimal("12.00")], pa.decimal128(14, 2)), ["12.00"]),
        (pa.array([dt.date(2025, 3, 1), dt.date(9999, 12, 31)]), ["2025-03-01", "9999-12-31"]),
        (pa.array([dt.datetime.fromisoformat("2025-03-01")], pa.timestamp("ms")), ["2025-03-01"]),
        (pa.array([dt.datetime.fromisoformat("2025-03-01T10:30")], pa.timestamp("ns")), ["2025-03-01 10:30:00"]),
        (pa.array([MIDDERNACHT], pa.timestamp("us", "UTC")), ["2025-02-28T23:00:00Z"]),
        (pa.array([MIDDERNACHT], pa.timestamp("us", "+01:00")), ["2025-02-28T23:00:00Z"]),
        (pa.array([dt.time(10, 30)], pa.time64("us")), ["10:30:00"]),
        (pa.array([20148, 2**31 - 1, -(2**31)], pa.date32()), ["2025-03-01", "#FOUT", "#FOUT"]),
        (pa.array([1740787200000, 2**62, None], pa.timestamp("ms")), ["2025-03-01", "#FOUT", None]),
        (pa.array([2**62, -(2**62)], pa.timestamp("us", "Europe/Amsterdam")), ["#FOUT", "#FOUT"]),
        (pa.array([2**62, 0], pa.timestamp("ns")), ["2116-02-20 23:53:38", "1970-01-01"]),
        (pa.array([True, False]), ["true", "false"]),
        (pa.array([None, None], pa.null()), [None, None]),
        (pa.array(["é€".encode()], pa.binary()), ["é€"]),
        (pa.array([b"04"], pa.binary(2)), ["04"]),
    ],
)
def test_een_kolom_wordt_de_tekst_van_een_csv(kolom: pa.Array, teksten: list[str | None]) -> None:
    assert een_kolom(kolom) == teksten


@pytest.mark.parametrize(
    ("kolom", "woord"),
    [
        (pa.array([[1, 2]]), "lijsten"),
        (pa.array([{"a": 1}]), "lijsten"),
        (pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64())), "lijsten"),
        (pa.array([b"\xff\xfe\x00"], pa.binary()), "geen tekst"),
    ],
)
def test_wat_geen_platte_tabel_is(kolom: pa.Array, woord: str) -> None:
    with pytest.raises(Onleesbaar, match=woord):
        een_kolom(kolom)


def test_rijnummers_tellen_vanaf_de_kop() -> None:
    rijen = goede_rijen(T, 5)
    data = als_parquet(T, rijen, row_group_size=2)
    assert pq.ParquetFile(io.BytesIO(data)).num_row_groups > 1
    tabel = lees_tabel(T, data, "parquet")
    assert tabel.cellen["rij"].to_list() == [2, 3, 4, 5, 6]
    assert tabel.records == 6
    leeg = dict.fromkeys(kolommen(T), "")
    tabel = lees_tabel(
        T,
        als_parquet(T, [*rijen[:2], leeg, rijen[2], leeg | {"bsn": "Totaal", "volume": "30"}], typen=False),
        "parquet",
    )
    assert tabel.cellen["rij"].to_list() == [2, 3, 5]
    assert (tabel.leeg, tabel.totaal) == (1, 1)


def test_kolomnamen_die_dubbel_onbekend_of_anders_geschreven_zijn() -> None:
    frame = pl.DataFrame({n.upper().replace("_", " "): [w] for n, w in rij(T).items()})
    uit = io.BytesIO()
    frame.with_columns(opmerking=pl.lit("x")).write_parquet(uit)
    bewijs = beoordeel(T, uit.getvalue(), extensie="parquet").bewijs
    assert (codes(bewijs), bewijs.rijen.geaccepteerd) == ({"L11"}, 1)
    dubbel = pa.Table.from_arrays([pa.array([w]) for w in [*rij(T).values(), "9"]], names=[*kolommen(T), "bsn"])
    uit = io.BytesIO()
    pq.write_table(dubbel, uit)
    assert codes(beoordeel(T, uit.getvalue(), extensie="parquet").bewijs) == {"L06"}
    uit = io.BytesIO()
    pl.DataFrame({"a": [1, 2], "b": [1, 2]}).write_parquet(uit)
    bewijs = beoordeel(T, uit.getvalue(), extensie="parquet").bewijs
    assert (codes(bewijs), bewijs.rijen.ontvangen) == ({"L05"}, 2)
    assert codes(beoordeel(D, als_parquet(T, goede_rijen(T, 2)), extensie="parquet").bewijs) == {"L03"}
    assert codes(beoordeel(D, als_parquet(D, []), extensie="parquet").bewijs) == {"L09"}


# --- hostile and damaged ----------------------------------------------------------------------------------------------

GOED = als_parquet(T, goede_rijen(T, 50))


def _zin(data: bytes, **anders: Any) -> str:
    with pytest.raises(Onleesbaar) as fout:
        lees_tabel(T, data, "parquet", **anders)
    assert fout.value.zin.endswith(".")
    return fout.value.zin


def test_groter_dan_mag() -> None:
    assert "MB" in _zin(GOED, grenzen=Grenzen(4000, 5000, 60))
    # a million times the same value takes next to nothing in the file
    uit = io.BytesIO()
    frame = pl.DataFrame({n: [w or "x"] for n, w in rij(T).items()})
    frame.select(pl.all().repeat_by(1_000_000).explode()).write_parquet(uit, compression="zstd")
    assert len(uit.getvalue()) < 2**20
    assert "rijen" in _zin(uit.getvalue(), grenzen=Grenzen(2**29, 5000, 60))
    uit = io.BytesIO()
    pl.DataFrame({f"k{i}": [1] for i in range(10_000)}).write_parquet(uit)
    assert "60 kolommen" in _zin(uit.getvalue())
    assert "tekens" in _zin(als_parquet(T, [rij(T, referentie_aanbieder="9" * 6000)]))


def test_versleuteld_en_beschadigd() -> None:
    assert "versleutel" in _zin(b"PARE" + GOED[4:])
    assert _zin(GOED[: len(GOED) // 2])
    assert _zin(b"PAR1" + b"\x00" * 100 + b"PAR1")
    assert _zin(GOED[:-8] + b"\xff\xff\xff\x7fPAR1")
    assert "Parquetbestand" in _zin(bytes(range(256)))


def test_elk_verbogen_bestand_geeft_een_tabel_of_een_zin() -> None:
    dobbel = random.Random(7)
    gelezen = 0
    for _ in range(150):
        data = bytearray(GOED)
        for _ in range(dobbel.randint(1, 4)):
            data[dobbel.randrange(4, len(data))] = dobbel.randrange(256)
        try:
            gelezen += lees_tabel(T, bytes(data), "parquet").records > 0
        except Onleesbaar as fout:
            assert fout.zin.endswith(".")
    assert gelezen < 150


def test_getypt_of_tekst_hetzelfde_oordeel() -> None:
    for bericht in (T, D):
        rijen = goede_rijen(bericht, 4)
        verwacht = beoordeel(bericht, als_csv(bericht, rijen)).bewijs
        for typen in (True, False):
            bewijs = beoordeel(bericht, als_parquet(bericht, rijen, typen=typen), extensie="parquet").bewijs
            assert (bewijs.inhoud_hash, bewijs.rijen, bewijs.bedrag_cent, bewijs.status) == (
                verwacht.inhoud_hash, verwacht.rijen, verwacht.bedrag_cent, verwacht.status
            )  # fmt: skip
