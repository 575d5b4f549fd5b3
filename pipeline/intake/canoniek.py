"""Rows in their one canonical form: what validated/ holds, and the hash by which the same row is known in any dress.

Lives here: values to the columns of berichten.uitvoer. Keep out: judging, writing.
"""

from __future__ import annotations

import hashlib

import polars as pl

from pipeline.berichten import uitvoer as bewaard
from pipeline.berichten.kolom import Contract, Kolom, Vorm
from pipeline.berichten.namen import EURO, GEMEENTE, HASH, merk

HASH_BYTES = 12
ONBEKEND_TEKEN, ONBEKEND_WOORD = "?", "onbekend"
_CODEVORM = r"^(?:[A-Z]|[A-Z]?[0-9]{1,4})$"
_SCHEIDING = "\x1f"
_KOP = ("levering_id", "gemeente", "leveringsmaand", "rij", "rij_hash", "eigen_sleutel", "signalen")


def met_canonieke_waarden(df: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Settle what depends on more than one cell, and hide unknown codes that could hold anything."""
    if contract.volumekolom:
        df = df.with_columns(_volume_in_centen(contract))
    return df.with_columns(
        _bewaarde_code(k).alias(f"{k.naam}__c") for k in contract.met_vorm(Vorm.CODE, Vorm.WOORD) if k.bewaard
    )


def _volume_in_centen(contract: Contract) -> pl.Expr:
    """Under unit 83 the volume is the amount: where a sender delivers euros it is in euros too, and becomes cents."""
    volume, bedrag = pl.col(contract.volumekolom), pl.col(contract.geldkolom)
    return (
        pl.when((pl.col("eenheid") == "83") & pl.col(EURO) & (volume == bedrag))
        .then(volume * 100)
        .otherwise(volume)
        .alias(contract.volumekolom)
    )


def _bewaarde_code(k: Kolom) -> pl.Expr:
    """Return a code as it is kept: an unknown one only when it looks like a code; free text is never kept (SPEC 8)."""
    waarde = pl.col(k.naam)
    bekend = waarde.is_null() | waarde.is_in(sorted(k.waarden)) | waarde.str.contains(_CODEVORM)
    return pl.when(bekend).then(waarde).otherwise(pl.lit(ONBEKEND_WOORD if k.in_kleine_letters else ONBEKEND_TEKEN))


def _waarde(k: Kolom) -> pl.Expr:
    if k.naam == "bsn":
        return pl.col("pseudoniem")
    if k.kenmerk:
        return pl.col(merk(k.naam))
    if k.naam == "geboortedatum":
        return leeftijdsmaand(pl.col("geboortedatum"))
    return pl.col(f"{k.naam}__c") if k.vorm in (Vorm.CODE, Vorm.WOORD) else pl.col(k.naam)


def leeftijdsmaand(geboorte: pl.Expr) -> pl.Expr:
    """First first-of-the-month on or after the birthday (SPEC 7, youth): ages on first days stay exact."""
    eerste = geboorte.dt.truncate("1mo")
    return pl.when(geboorte == eerste).then(eerste).otherwise(eerste.dt.offset_by("1mo"))


def rij_hash(df: pl.DataFrame, contract: Contract) -> pl.Series:
    """Hash of every row over gemeente and all kept columns; not the levering, its maand, the row number or findings."""
    delen = [_waarde(k).alias(naam) for naam, k in contract.bewaard.items()]
    tekst = df.select(
        pl.concat_str([pl.col(GEMEENTE), *(_als_tekst(d) for d in delen)], separator=_SCHEIDING, ignore_nulls=False)
    ).to_series()
    kort = hashlib.blake2b
    return pl.Series(HASH, [kort(t.encode(), digest_size=HASH_BYTES).hexdigest() for t in tekst.to_list()], pl.String)


def _als_tekst(waarde: pl.Expr) -> pl.Expr:
    return waarde.cast(pl.String).fill_null("")


def uitvoer(df: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Accepted rows with the columns and types of the contract; `df` has the columns of `_KOP` besides the values."""
    kolommen = []
    for naam, soort in bewaard.uitvoer(contract.bericht).items():
        if naam in _KOP:
            kolommen.append(pl.col(naam).cast(soort))
        else:
            kolommen.append(_getypeerd(contract.bewaard[naam], soort).alias(naam))
    return df.select(kolommen)


def _getypeerd(k: Kolom, soort: pl.DataType) -> pl.Expr:
    if k.vorm is Vorm.GETAL:
        return (_waarde(k) / 100).cast(soort)
    if k.vorm is Vorm.TARIEF:
        return (_waarde(k) / 10_000).cast(soort)
    return _waarde(k).cast(soort)


def inhoud_hash(hashes: pl.Series) -> str:
    """Order-independent hash of accepted rows: the same content in any order or dress has the same."""
    return hashlib.sha256("".join(hashes.sort().to_list()).encode()).hexdigest()[:32]
