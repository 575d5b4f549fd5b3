"""Planting defects in rows: who may be chosen, what is changed, what the ledger says about it.

Lives here: the tool. The defects themselves are in rijgebreken.py, the rows to choose from in voorraad.py. Each planted
row lies in an allocation of its own, so that no two defects touch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

RID = "rid"
EXTRA_VELD = "*extra veld*"
"""Marks in `ruw` a row that gets one field too many."""


@dataclass(frozen=True)
class Boeking:
    """One line of the ledger on a row, before it is known in which file and on which line the row ends up."""

    rid: int
    regel_code: str
    toelichting: str
    soort: str = "gepland"


@dataclass
class Planter:
    """Rows of one bericht, and what was done to them.

    `rijen` are all rows as delivered (`rid` unique), `voorraad` the rows that may still be chosen: one per allocation,
    only in leveringen where nothing else is the matter. `ruw` holds texts that no type can hold: (rid, column) -> text.
    """

    rijen: pl.DataFrame
    voorraad: pl.DataFrame
    aantal: int
    schoon: pl.Expr
    """rows on which no rule may have anything else to say, for rows that will be refused"""
    ruw: dict[tuple[int, str], str] = field(default_factory=dict)
    boekingen: list[Boeking] = field(default_factory=list)
    soorten: set[str] = field(default_factory=set)
    _gewijzigd: list[pl.DataFrame] = field(default_factory=list)
    _nieuw: list[pl.DataFrame] = field(default_factory=list)
    _volgende: int = 0

    def __post_init__(self) -> None:
        self._volgende = int(self.rijen[RID].max() or 0) + 1  # type: ignore[arg-type]  # RID is an integer column

    def kies(self, waar: pl.Expr | bool = True, aantal: int | None = None) -> pl.DataFrame:
        """Take rows out of the stock: at most `aantal` (default: the number per kind)."""
        gekozen = self.voorraad.filter(waar).head(self.aantal if aantal is None else aantal)
        self.voorraad = self.voorraad.filter(~pl.col(RID).is_in(gekozen[RID].implode()))
        return gekozen

    def boek(self, soort: str, regels: str, rijen: pl.DataFrame) -> None:
        """Enter rows in the ledger under one or more rules (joined by `|`)."""
        if rijen.height:
            self.soorten.add(soort)
        for rid in rijen[RID]:
            self.boekingen.extend(Boeking(rid, regel, soort) for regel in regels.split("|"))

    def wijzig(
        self, soort: str, regels: str, waar: pl.Expr | bool, waarden: Mapping[str, pl.Expr | str | int | None],
        *, ook: pl.DataFrame | None = None,
    ) -> pl.DataFrame:  # fmt: skip
        """Change typed values of chosen rows and book them."""
        rijen = self.kies(waar) if ook is None else ook
        nieuw = rijen.with_columns(
            **{k: w if isinstance(w, pl.Expr) else pl.lit(w, dtype=rijen.schema[k]) for k, w in waarden.items()}
        )
        self._gewijzigd.append(nieuw)
        self.boek(soort, regels, nieuw)
        return nieuw

    def schrijf(
        self, soort: str, regels: str, waar: pl.Expr | bool, kolom: str, tekst: pl.Expr | str,
        *, waarde: pl.Expr | None = None,
    ) -> None:  # fmt: skip
        """Put a text in a cell that cannot be read as it is; the value read is NULL, or `waarde`."""
        rijen = self.kies(waar)
        teksten = rijen.select(pl.lit(tekst) if isinstance(tekst, str) else tekst).to_series()
        if len(teksten) == 1 and rijen.height != 1:
            teksten = teksten.new_from_index(0, rijen.height)
        for rid, t in zip(rijen[RID], teksten, strict=True):
            self.ruw[(rid, kolom)] = t
        leeg = pl.lit(None, dtype=rijen.schema[kolom])
        self._gewijzigd.append(rijen.with_columns((leeg if waarde is None else waarde).alias(kolom)))
        self.boek(soort, regels, rijen)

    def extra_veld(self, soort: str, regels: str, waar: pl.Expr | bool, leeg: list[str]) -> None:
        """Give rows a field too many: nothing in them can be read."""
        rijen = self.kies(waar)
        for rid in rijen[RID]:
            self.ruw[(rid, EXTRA_VELD)] = ""
        self._gewijzigd.append(rijen.with_columns(pl.lit(None, dtype=rijen.schema[k]).alias(k) for k in leeg))
        self.boek(soort, regels, rijen)

    def voeg_toe(
        self, soort: str, regels: str, rijen: pl.DataFrame, waarden: Mapping[str, pl.Expr | str | int | None]
    ) -> pl.DataFrame:
        """Add copies of rows with other values, at the end of their file, and book the copies."""
        nieuw = rijen.with_columns(
            **{k: w if isinstance(w, pl.Expr) else pl.lit(w, dtype=rijen.schema[k]) for k, w in waarden.items()}
        ).with_columns(
            pl.int_range(self._volgende, self._volgende + rijen.height, dtype=pl.Int64).alias(RID),
            sorteer=pl.col("sorteer") + 1.0,
        )
        self._volgende += rijen.height
        self._nieuw.append(nieuw)
        self.boek(soort, regels, nieuw)
        return nieuw

    def resultaat(self) -> pl.DataFrame:
        """All rows as they are delivered, ordered by gemeente, leveringsmaand and place in the file."""
        namen = self.rijen.columns
        anders = pl.concat([f.select(namen) for f in self._gewijzigd]) if self._gewijzigd else self.rijen.clear()
        erbij = pl.concat([f.select(namen) for f in self._nieuw]) if self._nieuw else self.rijen.clear()
        # a row that was copied first and changed later keeps its last form
        anders = anders.unique(subset=[RID], keep="last", maintain_order=True)
        blijft = self.rijen.filter(~pl.col(RID).is_in(anders[RID].implode()))
        return pl.concat([blijft, anders, erbij]).sort("gemeente", "leveringsmaand", "sorteer", RID)
