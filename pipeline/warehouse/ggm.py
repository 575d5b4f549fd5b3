"""The kept rows of one gemeente as tables of the Gemeentelijk Gegevensmodel (docs/ggm.md).

Lives here: rows to tables with keys, and the files of an export. Keep out: what stands where (berichten/ggm.py), what
stands in the place of a person (leesbaar.py), reading it back (intake/ggm_lezer.py).
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import polars as pl

from pipeline.berichten import CONTRACTEN, ggm
from pipeline.berichten.kolom import Contract, Kolom
from pipeline.berichten.uitvoer import uitvoer
from pipeline.domain.leveringen import Bericht, Ontvangstbewijs
from pipeline.domain.synoniemen import Waardesynoniem
from pipeline.settings import Huis
from pipeline.warehouse.laden import validated_pad
from pipeline.warehouse.leesbaar import leesbaar, nummerkolommen, nummers_van

Rijen = Mapping[Bericht, pl.DataFrame]
"""Kept rows per bericht, under the names of the contract."""
LEVERINGEN = "leveringen"
_SOORTEN: dict[str, pl.DataType] = {
    "DATE": pl.Date(),
    "TIME": pl.Time(),
    "INTEGER": pl.Int32(),
    "DECIMAL(10,2)": pl.Decimal(16, 2),
    "DECIMAL(14,2)": pl.Decimal(14, 2),
    "DECIMAL(16,2)": pl.Decimal(16, 2),
    "DECIMAL(16,6)": pl.Decimal(16, 6),
}


def schrijf_ggm(
    huis: Huis, geldig: Sequence[Ontvangstbewijs], woorden: list[Waardesynoniem], gemeente: str, naar: Path
) -> dict[str, int]:
    """Write the tables of a gemeente and their DDL to a folder; return the rows per table, nothing when it has none.

    `geldig`: the leveringen of the region that stand. What was delivered more than once stands in the tables once,
    under its first maand. In `leveringen/` the rows of every levering as the door takes them: a zip, and its counts
    where it came with them, or has no rows.
    """
    met_ggm = [b for b in geldig if CONTRACTEN[b.sleutel.bericht].ggm]
    eigen = [b for b in met_ggm if b.sleutel.gemeente == gemeente]
    if not eigen:
        return {}
    nummers = nummers_van(_lees(huis, met_ggm, alleen=nummerkolommen))
    rijen = {b: leesbaar(df, b, nummers) for b, df in _lees(huis, eigen).items()}
    naar.mkdir(parents=True, exist_ok=True)
    eenmaal = {b: df.sort("leveringsmaand", "rij").unique("rij_hash", keep="first") for b, df in rijen.items()}
    alles = maak_tabellen({b: df.sort("leveringsmaand", "rij") for b, df in eenmaal.items()}, woorden)
    for tabel, df in alles.items():
        df.write_parquet(naar / f"{tabel}.parquet")
    (naar / "ggm.sql").write_text(ggm.ddl(), encoding="utf-8")
    for bewijs in eigen:
        bericht = bewijs.sleutel.bericht
        deel = rijen[bericht].filter(pl.col("levering_id") == bewijs.levering_id).sort("rij")
        _schrijf_levering(naar / LEVERINGEN, bewijs, maak_tabellen({bericht: deel}, woorden))
    return {tabel: df.height for tabel, df in alles.items()}


def _schrijf_levering(map_: Path, bewijs: Ontvangstbewijs, tabellen: Mapping[str, pl.DataFrame]) -> None:
    """Write the rows of one levering as the door takes them, offered when it was."""
    map_.mkdir(exist_ok=True)
    s = bewijs.sleutel
    pad = map_ / f"{s.bericht.value}_{s.gemeente}_{s.maand}.zip"
    nodig = ggm.verplichte_tabellen(CONTRACTEN[s.bericht])
    with zipfile.ZipFile(pad, "w") as zip_:
        for tabel, df in ((t, df) for t, df in tabellen.items() if df.height or t in nodig):
            inhoud = io.BytesIO()
            df.write_parquet(inhoud)
            zip_.writestr(zipfile.ZipInfo(f"{tabel}.parquet"), inhoud.getvalue())
    if bewijs.controle is not None or not bewijs.rijen.geaccepteerd:
        controle = {"rijen": bewijs.rijen.geaccepteerd, "som_bedrag_cent": bewijs.bedrag_cent.geaccepteerd}
        pad.with_name(f"{pad.name}.controle.json").write_text(json.dumps(controle), encoding="utf-8")
    os.utime(pad, (bewijs.ontvangen_op.timestamp(),) * 2)


def _lees(
    huis: Huis, bewijzen: Iterable[Ontvangstbewijs], alleen: Callable[[Bericht], list[str]] | None = None
) -> dict[Bericht, pl.DataFrame]:
    """Read kept rows, `alleen` some of their columns."""
    uit: dict[Bericht, list[pl.DataFrame]] = {}
    for b in bewijzen:
        bericht = b.sleutel.bericht
        kolommen = alleen(bericht) if alleen else list(uitvoer(bericht))
        leeg = pl.DataFrame(schema=uitvoer(bericht)).select(kolommen)
        pad = validated_pad(huis, b)
        uit.setdefault(bericht, []).append(pl.read_parquet(pad, columns=kolommen) if b.rijen.geaccepteerd else leeg)
    return {bericht: pl.concat(uit[bericht]) for bericht in Bericht if bericht in uit}


# --- tables -----------------------------------------------------------------------------------------------------------


def maak_tabellen(rijen: Rijen, woorden: list[Waardesynoniem]) -> dict[str, pl.DataFrame]:
    """Return the tables of the model that rows are made of; a table without rows is one too.

    A row of a bericht is a row of its own table. Of every other table what is the same is one row, so that a key is
    found again by what a row says: a claim points at the last allocation with its number.
    """
    tabellen = _Tabellen(woorden)
    for bericht, df in rijen.items():
        tabellen.voeg_toe(CONTRACTEN[bericht], df)
    return tabellen.af()


class _Tabellen:
    """Tables while they are made; of every row its key and, under the names of our columns, what it says."""

    def __init__(self, woorden: list[Waardesynoniem]) -> None:
        self._woorden = woorden
        self._rijen: dict[str, pl.DataFrame] = {}
        self._hoogste: dict[str, int] = {}
        self._feit = ""
        self._kolommen: dict[str, list[Kolom]] = {}

    def voeg_toe(self, contract: Contract, rijen: pl.DataFrame) -> None:
        """Add the rows of a bericht."""
        self._feit = contract.ggm
        self._kolommen = {}
        for k in contract.kolommen:
            for p in ggm.plaatsen(k, contract.ggm):
                self._kolommen.setdefault(p.tabel, []).append(k)
        self._tabel(contract.ggm, self._met_nieuwe_nummers(contract.ggm, rijen, contract.ggm), contract.ggm)

    def _met_nieuwe_nummers(self, tabel: str, rijen: pl.DataFrame, naam: str) -> pl.DataFrame:
        """Number rows; tables that have the same key (who somebody is) have one sequence."""
        teller = ggm.sleutel(tabel)
        begin = self._hoogste.get(teller, 0)
        self._hoogste[teller] = begin + rijen.height
        return rijen.with_columns(pl.int_range(begin + 1, begin + rijen.height + 1, dtype=pl.Int32).alias(naam))

    def _tabel(self, tabel: str, rijen: pl.DataFrame, nummer: str = "") -> pl.DataFrame:
        """Add the rows of a table and of all beyond it; return `rijen` with their key under the name of the table.

        `nummer`: where their key stands already; else it follows from what they say.
        """
        takken = [t for t in ggm.takken(self._feit) if t.ouder == tabel]
        for tak in takken:
            if not tak.terug:
                rijen = self._tabel(tak.kind, rijen)
        inhoud = self._inhoud(tabel)
        gevuld = pl.any_horizontal(pl.col(n).is_not_null() for n in inhoud)
        if nummer:
            rijen = rijen.with_columns(pl.when(gevuld).then(nummer).alias(tabel))
        else:
            rijen = self._met_sleutel(tabel, rijen, inhoud, gevuld)
        self._bewaar(tabel, rijen)
        for tak in takken:
            if tak.terug:
                rijen = self._tabel(tak.kind, rijen, tabel)
        return rijen

    def _inhoud(self, tabel: str) -> list[str]:
        """Columns that say what a row of a table is, those of the tables beyond it included."""
        verder = [n for t in ggm.takken(self._feit) if t.ouder == tabel for n in self._inhoud(t.kind)]
        return list(dict.fromkeys([*(k.naam for k in self._kolommen.get(tabel, [])), *verder]))

    def _met_sleutel(self, tabel: str, rijen: pl.DataFrame, inhoud: list[str], gevuld: pl.Expr) -> pl.DataFrame:
        """Look up the key of what is known, and give a new one to what is not."""
        uniek = rijen.filter(gevuld).select(inhoud).unique(maintain_order=True)
        bekend = uniek.clear().with_columns(pl.lit(None, pl.Int32).alias(tabel))
        if tabel in self._rijen:
            bekend = self._rijen[tabel].select(*inhoud, tabel).unique(inhoud, keep="last")
        nieuw = self._met_nieuwe_nummers(tabel, uniek.join(bekend, on=inhoud, how="anti", nulls_equal=True), tabel)
        sleutels = pl.concat([bekend, nieuw])
        return rijen.join(sleutels, on=inhoud, how="left", nulls_equal=True, maintain_order="left")

    def _bewaar(self, tabel: str, rijen: pl.DataFrame) -> None:
        """Keep what rows say of a table, one row per key, and the keys they point at."""
        takken = list(ggm.takken(self._feit))
        sleutels = {t.kolom: t.kind for t in takken if t.ouder == tabel and not t.terug}
        sleutels |= {t.kolom: t.ouder for t in takken if t.kind == tabel and t.terug}
        extra = ["leveringsmaand"] if tabel == self._feit else []
        nieuw = rijen.filter(pl.col(tabel).is_not_null()).unique(tabel, keep="first", maintain_order=True)
        nieuw = nieuw.select(tabel, *extra, *self._inhoud(tabel), *(pl.col(t).alias(k) for k, t in sleutels.items()))
        if tabel in self._rijen:
            oud = self._rijen[tabel]
            nieuw = pl.concat([oud, nieuw.join(oud, on=tabel, how="anti")], how="diagonal")
        self._rijen[tabel] = nieuw

    def af(self) -> dict[str, pl.DataFrame]:
        """Return the tables under the names of the model."""
        plaatsen = {(p.tabel, p.kolom): k for p, k in ggm.alle_plaatsen().items()}
        uit = {}
        for tabel, kolommen in ggm.tabellen().items():
            rijen = self._rijen.get(tabel, pl.DataFrame({tabel: []}, schema={tabel: pl.Int32}))
            rijen = rijen.with_columns(pl.col(tabel).alias(ggm.sleutel(tabel)))
            uit[tabel] = rijen.select(
                self._kolom(rijen, kolom, soort, plaatsen.get((tabel, kolom))).alias(kolom)
                for kolom, soort in kolommen.items()
            )
        for tabel, bronnen in ggm.ZELFDE_SLEUTEL.items():
            uit[tabel] = pl.concat([uit[bron].select(ggm.sleutel(tabel)) for bron in bronnen])
        return uit

    def _kolom(self, rijen: pl.DataFrame, kolom: str, soort: str, k: Kolom | None) -> pl.Expr:
        """Return a column of a table as the model has it."""
        naam = k.naam if k else "leveringsmaand" if kolom == ggm.MAAND else kolom
        waarde = pl.col(naam) if naam in rijen.columns else pl.lit(None)
        if k and soort in ggm.ENUMERATIES:
            nummers = ggm.nummers(soort, k.naam, self._woorden)
            return waarde.cast(pl.String).replace_strict(nummers, default=None, return_dtype=pl.Int32)
        if soort in ggm.ENUMERATIES or soort in ggm.TABELLEN:
            return waarde.cast(pl.Int32)
        return waarde.cast(_SOORTEN.get(soort, pl.String()), strict=soort != "INTEGER")
