"""Kept rows under the names of their contract, with numbers that can be read where the house keeps hashes.

Lives here: what stands in the place of a person and of a number that a sender chose. Nobody has the numbers that stand
for persons. The same person, and the same number, has the same one in the rows of every gemeente, so that what is
delivered again joins as it did. Keep out: in which form such rows leave the house (ggm.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import count

import polars as pl

from pipeline.berichten import CONTRACTEN
from pipeline.berichten.kolom import GELDVORMEN, Kolom, Vorm
from pipeline.berichten.rijregels import EERSTE_SYNTHETISCHE_BSN
from pipeline.domain.leveringen import Bericht

Nummers = Mapping[str, pl.DataFrame]
"""Per kind of number (`Kolom.kenmerk`; persons have none) what stands for a hash: columns `hash` and `nummer`."""
_ONBEKEND = dt.date(1900, 1, 1)
"""How iJw writes a birth date that is not known."""
_ELF = (9, 8, 7, 6, 5, 4, 3, 2)


def nummerkolommen(bericht: Bericht) -> list[str]:
    """Return the kept columns that `nummers_van` looks at."""
    return [*(k.bewaard for k in CONTRACTEN[bericht].kolommen if _is_hash(k)), "eigen_sleutel"]


def _is_hash(k: Kolom) -> bool:
    return bool(k.kenmerk) or k.vorm is Vorm.BSN


def nummers_van(rijen: Mapping[Bericht, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return what stands for every hash in kept rows of the region."""
    soorten: dict[str, list[tuple[Bericht, Kolom]]] = {}
    for bericht in rijen:
        for k in CONTRACTEN[bericht].kolommen:
            if _is_hash(k):
                soorten.setdefault(k.kenmerk, []).append((bericht, k))
    return {soort: _nummers(rijen, kolommen) for soort, kolommen in soorten.items()}


def _nummers(rijen: Mapping[Bericht, pl.DataFrame], kolommen: list[tuple[Bericht, Kolom]]) -> pl.DataFrame:
    """Return hash and number of one kind: what its sender may see of it, else the first that is free."""
    delen = []
    for bericht, k in kolommen:
        eigen = pl.col("eigen_sleutel") if CONTRACTEN[bericht].eigen_sleutel == k.naam else pl.lit("")
        delen.append(rijen[bericht].select(hash=pl.col(k.bewaard), nummer=eigen))
    per_hash = pl.concat(delen).filter(pl.col("hash").is_not_null()).group_by("hash").agg(pl.col("nummer").max())
    is_getal = all(k.vorm is Vorm.NUMMER for _, k in kolommen)
    goed = pl.col("nummer").str.contains(r"^[1-9][0-9]{0,8}$" if is_getal else ".") & pl.col("nummer").is_unique()
    getoond, rest = per_hash.filter(goed), per_hash.filter(~goed).sort("hash")
    bezet = set(getoond["nummer"])
    vrij = vervangende_bsns() if kolommen[0][1].vorm is Vorm.BSN else (str(n) for n in count(1) if str(n) not in bezet)
    nieuw = pl.Series("nummer", [n for n, _ in zip(vrij, range(rest.height), strict=False)], dtype=pl.String)
    return pl.concat([getoond, rest.with_columns(nieuw)])


def vervangende_bsns() -> Iterator[str]:
    """Numbers above the highest that a person has, which pass the eleven-test."""
    for begin in count(int(EERSTE_SYNTHETISCHE_BSN) // 10):
        rest = sum(int(c) * w for c, w in zip(str(begin), _ELF, strict=True)) % 11
        if rest < 10:
            yield f"{begin}{rest}"


def leesbaar(rijen: pl.DataFrame, bericht: Bericht, nummers: Nummers) -> pl.DataFrame:
    """Return kept rows under the names of the contract; amounts in euros, what is never kept empty."""
    kolommen = CONTRACTEN[bericht].kolommen
    for k in filter(_is_hash, kolommen):  # a join: replacing values one by one costs ten times as much
        van = nummers[k.kenmerk].select(pl.col("hash").alias(k.bewaard), pl.col("nummer").alias(_nummer(k)))
        rijen = rijen.join(van, on=k.bewaard, how="left", maintain_order="left")
    return rijen.select(
        "levering_id", "leveringsmaand", "rij", "rij_hash", *(_waarde(k).alias(k.naam) for k in kolommen)
    )


def _nummer(k: Kolom) -> str:
    return f"{k.naam}#"


def _waarde(k: Kolom) -> pl.Expr:
    if not k.bewaard:
        return pl.lit(None, pl.String)
    if _is_hash(k):
        return pl.col(_nummer(k))
    kolom = pl.col(k.bewaard)
    if k.vorm in GELDVORMEN:
        return kolom.cast(pl.Decimal(20, 6)) / 100
    return kolom.fill_null(_ONBEKEND) if k.mag_leeg_bewaard else kolom
