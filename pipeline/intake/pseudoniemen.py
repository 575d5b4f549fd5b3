"""Pseudonyms and other keyed hashes of what a row holds: HMAC-SHA-256 with a key from outside (SPEC 8).

Lives here: the one place that turns a BSN, or a number that a sender chose, into something else. Keep out: everything
else about rows.
"""

from __future__ import annotations

import hmac

import polars as pl

from pipeline.domain.sleutels import afgeleid

HEXTEKENS = 32
MERKTEKENS = 24
"""Characters of the hash of a number: two that are equal by chance do not occur in a country of them."""


class Pseudonimiseerder:
    """Keyed hashes under one key; every distinct number is hashed once per run."""

    def __init__(self, sleutel: bytes) -> None:
        self._sleutel = sleutel
        self._bekend: dict[str, dict[str, str]] = {}

    def __repr__(self) -> str:
        return "Pseudonimiseerder()"

    def voor(self, bsn: pl.Series) -> pl.Series:
        """Return the pseudonym (32 hex characters) of every nine-digit number; NULL stays NULL."""
        return self._hash(bsn, self._sleutel, "", HEXTEKENS).alias("pseudoniem")

    def merk(self, nummers: pl.Series, soort: str) -> pl.Series:
        """Return the hash (24 hex characters) of every number of one kind (`Kolom.kenmerk`); NULL stays NULL.

        The same number of the same kind has the same hash in every column and extract, so that it joins.
        """
        return self._hash(nummers.cast(pl.String), afgeleid(self._sleutel, f"kenmerk {soort}"), soort, MERKTEKENS)

    def _hash(self, waarden: pl.Series, sleutel: bytes, soort: str, lengte: int) -> pl.Series:
        bekend = self._bekend.setdefault(soort, {})
        uniek = waarden.unique().drop_nulls()
        for waarde in uniek.to_list():
            if waarde not in bekend:
                bekend[waarde] = hmac.digest(sleutel, waarde.encode(), "sha256").hex()[:lengte]
        if uniek.is_empty():
            return pl.Series(waarden.name, [None] * len(waarden), dtype=pl.String)
        nieuw = pl.Series([bekend[w] for w in uniek.to_list()], dtype=pl.String)
        return waarden.replace_strict(uniek, nieuw, default=None, return_dtype=pl.String)
