"""Pseudonyms: HMAC-SHA-256 of the person number with a key from outside (SPEC 8).

Lives here: the one place that turns a BSN into something else. Keep out: everything else about rows.
"""

from __future__ import annotations

import hmac

import polars as pl

HEXTEKENS = 32


class Pseudonimiseerder:
    """Pseudonyms under one key; every distinct number is hashed once per run."""

    def __init__(self, sleutel: bytes) -> None:
        self._sleutel = sleutel
        self._bekend: dict[str, str] = {}

    def __repr__(self) -> str:
        return "Pseudonimiseerder()"

    def voor(self, bsn: pl.Series) -> pl.Series:
        """Return the pseudonym (32 hex characters) of every nine-digit number; NULL stays NULL."""
        uniek = bsn.unique().drop_nulls()
        waarden = uniek.to_list()
        for nummer in waarden:
            if nummer not in self._bekend:
                self._bekend[nummer] = hmac.digest(self._sleutel, nummer.encode(), "sha256").hex()[:HEXTEKENS]
        if not waarden:
            return pl.Series("pseudoniem", [None] * len(bsn), dtype=pl.String)
        nieuw = pl.Series([self._bekend[n] for n in waarden], dtype=pl.String)
        return bsn.replace_strict(uniek, nieuw, default=None, return_dtype=pl.String).alias("pseudoniem")
