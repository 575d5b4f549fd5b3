"""Parquet, typed or all text: every column becomes text as a CSV would have it.

Lives here: what a type of Parquet looks like as text, and what is refused before a row is read. Row numbers are those
of the table as a spreadsheet shows it: the column names are row 1, the first row of data is row 2. Keep out: what
columns mean (bestandsdeur.py), which rows are data (tabelrijen.py).
"""

from __future__ import annotations

import io

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.intake.celtekst import GEEN_WAARDE, als_tekst, zonder_twijfel
from pipeline.intake.lezing import Grenzen, Kopscore, Onleesbaar, Tabel, keur_rijen, te_groot
from pipeline.intake.tabelrijen import KOP_MINIMUM, keur_maten, lichaam, zonder_kop

_THRIFT_MAX = 16 * 2**20


def lees_parquet(data: bytes, kopscore: Kopscore, grenzen: Grenzen) -> Tabel:
    """Read Parquet bytes as a table of text. Raises Onleesbaar when damaged, nested, encrypted or over a limit."""
    namen, cellen = lees_cellen(data, grenzen)
    if kopscore(namen) < KOP_MINIMUM:
        return zonder_kop(cellen)
    return lichaam(cellen, tuple(namen), 2)


def lees_cellen(data: bytes, grenzen: Grenzen) -> tuple[list[str], pl.DataFrame]:
    """Return the names of the columns of a file, and its rows as text (`k0`, `k1`, ...); raises as `lees_parquet`."""
    try:
        with pq.ParquetFile(
            io.BytesIO(data), thrift_string_size_limit=_THRIFT_MAX, thrift_container_size_limit=_THRIFT_MAX
        ) as bestand:
            _keur(bestand, grenzen)
            namen = [veld.name.strip() for veld in bestand.schema_arrow]
            tabel = bestand.read(use_threads=False)
            tabel.validate(full=True)  # text that is no UTF-8 would only show later, as something else
    except (pa.ArrowException, OSError, ValueError, KeyError):
        raise Onleesbaar("Het Parquetbestand is beschadigd of versleuteld en kan niet worden gelezen.") from None
    cellen = _als_tekst(tabel.rename_columns([f"k{i}" for i in range(len(namen))]))
    keur_maten(cellen, len(namen), grenzen)
    return namen, cellen


def _keur(bestand: pq.ParquetFile, grenzen: Grenzen) -> None:
    """Refuse by the metadata what must not be read; what the metadata conceals fails while reading."""
    meta = bestand.metadata
    schema = bestand.schema_arrow
    if len(schema) > grenzen.kolommen_max:
        raise Onleesbaar(f"Het bestand heeft meer dan {grenzen.kolommen_max} kolommen.")
    if any(pa.types.is_nested(_waardesoort(veld.type)) for veld in schema):
        raise Onleesbaar("Het Parquetbestand heeft kolommen met lijsten of structuren; lever een platte tabel.")
    if not len(schema):
        raise Onleesbaar("Het Parquetbestand heeft geen kolommen.")
    uitgepakt = sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups))
    if uitgepakt > grenzen.max_bytes:
        raise Onleesbaar(te_groot(grenzen))
    # a column of one value a million times takes next to nothing in the file
    keur_rijen(meta.num_rows, len(schema))


def _waardesoort(soort: pa.DataType) -> pa.DataType:
    return soort.value_type if pa.types.is_dictionary(soort) else soort


def _als_tekst(tabel: pa.Table) -> pl.DataFrame:
    """Text of every column; bytes without a marking as text are taken for UTF-8, as older writers mean them."""
    velden = []
    for i, veld in enumerate(tabel.schema):
        kolom = tabel.column(i)
        if pa.types.is_dictionary(veld.type):
            kolom = kolom.cast(veld.type.value_type)
        if pa.types.is_binary(kolom.type) or pa.types.is_large_binary(kolom.type):
            kolom = _uit_bytes(kolom)
        if pa.types.is_timestamp(kolom.type) and kolom.type.tz:
            kolom = kolom.cast(pa.timestamp(kolom.type.unit, "UTC"))  # the same moments, whatever the zone is called
        velden.append(kolom)
    namen = tabel.column_names
    return pl.DataFrame([_kolom_als_tekst(veld).alias(naam) for naam, veld in zip(namen, velden, strict=True)])


def _kolom_als_tekst(kolom: pa.ChunkedArray) -> pl.Series:
    """Text of one column. A type that is no text, number, day or time is a fault of its cells, not of the file."""
    if pa.types.is_decimal256(kolom.type):
        # more digits than a column of numbers can hold here; as text they are all there
        return zonder_twijfel(pl.Series(kolom.cast(pa.string()).to_pylist(), dtype=pl.String))
    if pa.types.is_duration(kolom.type) or pa.types.is_interval(kolom.type):
        return pl.Series([None if leeg else GEEN_WAARDE for leeg in kolom.is_null().to_pylist()], dtype=pl.String)
    reeks = pl.from_arrow(kolom)
    if not isinstance(reeks, pl.Series):
        raise Onleesbaar("Het Parquetbestand is geen tabel.")
    return als_tekst(reeks)


def _uit_bytes(kolom: pa.ChunkedArray) -> pa.ChunkedArray:
    try:
        return kolom.cast(pa.large_string())
    except pa.ArrowInvalid:
        raise Onleesbaar("Het Parquetbestand heeft een kolom met bytes die geen tekst zijn.") from None
