"""Which rows each rule hits: evaluating rules on all rows at once, and counting, naming and combining what they hit.

Lives here: masks as columns of booleans. Keep out: what a rule looks at (berichten/), what follows from it (deuren.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from pipeline.berichten.namen import LEVERING, SCHEEF
from pipeline.berichten.toets import Toets

_BITS = 60
"""Masks that fit in one whole number of 64 bits."""


@dataclass
class _Tellingen:
    """Per levering and code: rows hit and rows judged; per column of a rule: rows hit."""

    leveringen: list[int]
    rijen: dict[int, dict[str, int]]
    toetsen: dict[str, list[Toets]]

    def raakt(self, code: str) -> bool:
        return any(self.rijen[i][f"n|{code}"] for i in self.leveringen)

    def van(self, code: str, i: int) -> tuple[int, int]:
        return self.rijen[i][f"n|{code}"], self.rijen[i][f"g|{code}"]

    def kolommen(self, code: str, i: int) -> tuple[str, ...]:
        toetsen = self.toetsen[code]
        if len(toetsen) == 1:
            return toetsen[0].kolommen
        gevonden = [k for j, t in enumerate(toetsen) if self.rijen[i][f"k|{code}|{j}"] for k in t.kolommen]
        return tuple(dict.fromkeys(gevonden))


@dataclass
class Maskers:
    """Which rows each rule hits (`n|code`) and judged (`g|code`), as columns of booleans; `k|code|j` per column."""

    frame: pl.DataFrame
    toetsen: dict[str, list[Toets]]

    @property
    def codes(self) -> list[str]:
        """Rules that were evaluated."""
        return list(self.toetsen)

    def masker(self, code: str) -> pl.Series:
        """Rows that a rule hits."""
        return self.frame[f"n|{code}"]

    def met(self, ander: Maskers) -> Maskers:
        """Put the masks of other rules on the same rows beside these."""
        return Maskers(pl.concat([self.frame, ander.frame], how="horizontal"), self.toetsen | ander.toetsen)

    def een_van(self, codes: Sequence[str]) -> pl.Series:
        """Rows that any of the rules hits."""
        return self.frame.select(pl.any_horizontal(f"n|{c}" for c in codes)).to_series()

    def als_tekst(self, codes: Sequence[str]) -> pl.Series:
        """Return the codes that hit each row, sorted and joined by `|`; an empty text when none did."""
        return self._tekst([(f"n|{c}", c) for c in sorted(codes)])

    def plaatsen(self, codes: Sequence[str]) -> pl.Series:
        """Return, of rules that look at one column after the other, where they hit: `R05:bsn|R06:einddatum`."""
        return self._tekst(
            [
                (f"k|{c}|{j}", f"{c}:{'+'.join(t.kolommen)}")
                for c in sorted(codes)
                for j, t in enumerate(self.toetsen[c])
                if len(self.toetsen[c]) > 1
            ]
        )

    def _tekst(self, maskers: Sequence[tuple[str, str]]) -> pl.Series:
        """Join by `|` the texts of the masks that hit each row, in the order given, 60 masks to one whole number."""
        delen = [self._bitstekst(maskers[i : i + _BITS]) for i in range(0, len(maskers), _BITS)]
        if len(delen) == 1:
            return delen[0]
        samen = pl.concat_str([pl.lit(""), *delen], separator="|")
        return self.frame.select(samen.str.replace_all(r"\|+", "|").str.strip_chars("|").alias("t")).to_series()

    def _bitstekst(self, maskers: Sequence[tuple[str, str]]) -> pl.Series:
        bits = self.frame.select(
            pl.sum_horizontal(pl.col(m).cast(pl.UInt64) * (1 << j) for j, (m, _) in enumerate(maskers))
        ).to_series()
        uniek = bits.unique().to_list()
        teksten = ["|".join(t for j, (_, t) in enumerate(maskers) if b >> j & 1) for b in uniek]
        return bits.replace_strict(uniek, teksten, return_dtype=pl.String)

    def per_levering(self, df: pl.DataFrame) -> _Tellingen:
        """Sum all masks per levering."""
        sommen = (
            self.frame.with_columns(df[LEVERING]).group_by(LEVERING, maintain_order=True).agg(pl.all().sum()).to_dicts()
        )
        per = {rij[LEVERING]: rij for rij in sommen}
        return _Tellingen(list(per), per, self.toetsen)


def bepaal_maskers(df: pl.DataFrame, toetsen: Sequence[Toets]) -> Maskers:
    """Evaluate rules on all rows. A rule that cannot be evaluated raises: it must never look like a clean file."""
    per_code: dict[str, list[Toets]] = {}
    for t in toetsen:
        per_code.setdefault(t.code, []).append(t)
    recht = ~pl.col(SCHEEF)
    kolommen = []
    for code, eigen in per_code.items():
        leesbaar = pl.lit(value=True) if code == "R01" else recht
        getoetst = [t.getoetst.fill_null(value=False) & leesbaar for t in eigen]
        geraakt = [t.raakt.fill_null(value=False) & g for t, g in zip(eigen, getoetst, strict=True)]
        kolommen.append(pl.any_horizontal(geraakt).alias(f"n|{code}"))
        kolommen.append(pl.any_horizontal(getoetst).alias(f"g|{code}"))
        if len(eigen) > 1:
            kolommen += [e.alias(f"k|{code}|{j}") for j, e in enumerate(geraakt)]
    # one row-wide column keeps literal masks at the height of the frame
    frame = df.select(pl.col(SCHEEF).alias("_hoogte"), *kolommen).drop("_hoogte")
    return Maskers(frame, per_code)
