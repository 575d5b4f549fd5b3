"""The further extracts of the synthetic region: files, truth and planted defects of whatever was agreed on.

Lives here: what they share: who sends which months, planting, writing, accounting. What an extract holds is in the
module of its name in this folder (`Kamer`), which is looked up by that name; nothing here knows which there are.
Every extract has a stream of chance of its own: with or without it the rest of the region is the same, byte for byte.
Add here: a kind of defect that any of them can have. Keep out: what a row means.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import polars as pl

from pipeline.domain.bevindingen import Ernst
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht, Sleutel, Status
from pipeline.domain.maanden import Maand
from pipeline.domain.seedrijen import Afspraak
from pipeline.synth.leveringen import bestandspad, maand_van_aankomst

Rij = dict[str, Any]
PER_GEBREK = 2
"""Rows that get each kind of defect, as far as there are rows that can have it."""
MIN_RIJEN, MIN_PER_BESTAND, MAX_PER_BESTAND = 8, 2, 4
"""Of smaller files no row is spoiled, and of none so many that it would be refused or doubted as a whole."""
EERSTE_RIJ = 2
"""Number of the first row below the header."""


@dataclass(frozen=True)
class Wereld:
    """What a further extract can be about: the region as it was made, before anything was spoiled."""

    catalogus: Catalogus
    maanden: Sequence[Maand]
    toewijzingen: pl.DataFrame
    """All versions of all allocations: the columns of the extract, `gemeente` and `leveringsmaand`."""

    def nieuwste_toewijzingen(self) -> pl.DataFrame:
        """The newest version of every allocation that exists, with the day on which it ends, `tot` (far off: open)."""
        nieuwste = (
            self.toewijzingen.sort("toewijzingsdatum", "toewijzingstijd")
            .group_by("gemeente", "toewijzingnummer", maintain_order=True)
            .last()
            .filter(pl.col("reden_wijziging").fill_null("") != "13")
        )
        stop = pl.when(pl.col("reden_beeindiging").fill_null("") != "20").then("stopdatum_levering")
        return nieuwste.with_columns(tot=pl.min_horizontal("einddatum", stop).fill_null(dt.date(9999, 12, 31))).sort(
            "gemeente", "toewijzingnummer"
        )


@dataclass(frozen=True)
class Gebrek:
    """A kind of defect of a row: the rules that must find it (`K03|K07`), and what becomes of the row.

    `waar`: rows that can have it. `verander`: typed values that become others. `tekst`: cells that hold what cannot be
    read. `kopie`: a second row beside it that differs so; then both are booked, or only the copy (`alleen_kopie`).
    """

    regels: str
    verander: Callable[[Rij], Rij] = lambda _: {}
    tekst: Mapping[str, str] = field(default_factory=dict)
    kopie: Callable[[Rij], Rij] | None = None
    alleen_kopie: bool = False
    waar: Callable[[Rij], bool] = lambda _: True


class Kamer(Protocol):
    """What the module of an extract has. `SLEUTEL`: of a stand only the newest row of a key is there."""

    SCHEMA: dict[str, pl.DataType]
    SLEUTEL: tuple[str, ...]
    GEBREKEN: tuple[Gebrek, ...]

    def maak(self, wereld: Wereld, afspraken: Mapping[str, Sequence[Maand]], rng: np.random.Generator) -> pl.DataFrame:
        """Rows with the columns of SCHEMA, `gemeente` (who sends) and `leveringsmaand` (when it first can).

        Further columns are for its own defects to look at (`Gebrek.waar`), and are never delivered.
        """


@dataclass
class _Bestand:
    """One file with what is in it. `rijen`: typed values; `tekst`: cells that hold something else; `boek`: findings."""

    sleutel: Sleutel
    ontvangen_op: dt.datetime
    soort: str
    rijen: list[Rij]
    tekst: dict[int, dict[str, str]] = field(default_factory=dict)
    boek: dict[int, list[str]] = field(default_factory=dict)
    gebrek: str = ""
    rest: str = ""

    @property
    def pad(self) -> str:
        return bestandspad(self.sleutel, self.rest)


@dataclass(frozen=True)
class Telling:
    """How much was made."""

    bestanden: int = 0
    gepland: int = 0
    soorten: int = 0

    def plus(self, ander: Telling) -> Telling:
        """Add another extract to it."""
        return Telling(self.bestanden + ander.bestanden, self.gepland + ander.gepland, self.soorten + ander.soorten)


def maak_verder(
    out: Path, wereld: Wereld, afzenders: Iterable[str], nu: dt.datetime, seed: int, *, gebreken: bool
) -> Telling:
    """Write every further extract that was agreed on with one of `afzenders`; beside what is in `out` already."""
    totaal = Telling()
    for bericht in (b for b in Bericht if b.is_optioneel):
        rng = np.random.default_rng([seed, zlib.crc32(bericht.value.encode())])
        afspraken = _afspraken(wereld, bericht, afzenders)
        if afspraken:
            kamer: Any = import_module(f"pipeline.synth.{bericht.value}")
            totaal = totaal.plus(_maak_bericht(out, wereld, bericht, kamer, afspraken, nu, rng, gebreken=gebreken))
    return totaal


Afspraken = dict[str, dict[Maand, Afspraak]]


def _afspraken(wereld: Wereld, bericht: Bericht, afzenders: Iterable[str]) -> Afspraken:
    """Per sender the months it was agreed to deliver."""
    uit: Afspraken = {}
    for afzender in afzenders:
        for maand in wereld.maanden:
            afspraak = wereld.catalogus.afspraak(afzender, bericht, maand)
            if afspraak is not None and afspraak.geldig_in(maand):
                uit.setdefault(afzender, {})[maand] = afspraak
    return uit


def _maak_bericht(
    out: Path, wereld: Wereld, bericht: Bericht, kamer: Kamer, afspraken: Afspraken, nu: dt.datetime,
    rng: np.random.Generator, *, gebreken: bool,
) -> Telling:  # fmt: skip
    waarheid = kamer.maak(wereld, {a: list(m) for a, m in afspraken.items()}, rng)
    waarheid = waarheid.sort("gemeente", "leveringsmaand", *kamer.SCHEMA)
    bestanden = list(_plan(bericht, waarheid, kamer, afspraken, nu, rng))
    ontbreekt: list[_Bestand] = []
    if gebreken:
        bestanden, ontbreekt, heel = _met_bestandsgebreken(bestanden, rng)
        _plant(heel, kamer.GEBREKEN, rng)
    for b in bestanden:
        _schrijf(out, b, kamer)
    _leg_vast(out, wereld.catalogus, bericht, kamer, waarheid, bestanden, ontbreekt)
    gepland = sum(len(codes) for b in bestanden for codes in b.boek.values()) + sum(bool(b.gebrek) for b in bestanden)
    soorten = {c for b in bestanden for codes in b.boek.values() for c in codes} | {b.gebrek for b in bestanden} - {""}
    return Telling(len(bestanden), gepland, len(soorten))


def _plan(
    bericht: Bericht, waarheid: pl.DataFrame, kamer: Kamer, afspraken: Afspraken, nu: dt.datetime,
    rng: np.random.Generator,
) -> Iterator[_Bestand]:  # fmt: skip
    """Every file that had arrived by `nu`, with the rows that belong in it."""
    for afzender, maanden in afspraken.items():
        eigen = waarheid.filter(pl.col("gemeente") == afzender)
        for maand, afspraak in maanden.items():
            dag, seconde = int(rng.integers(3, 14)), int(rng.integers(7 * 3600, 20 * 3600))
            aankomst = dt.datetime.combine(maand_van_aankomst(afspraak, maand).dag(dag), dt.time(), dt.UTC)
            aankomst += dt.timedelta(seconds=seconde)
            if aankomst > nu:
                continue
            rijen = _van_de_maand(eigen, maand, kamer, is_stand=afspraak.soort == "stand")
            sleutel = Sleutel(afzender, bericht, maand)
            yield _Bestand(sleutel, aankomst, afspraak.soort, rijen.drop("gemeente", "leveringsmaand").to_dicts())


def _van_de_maand(eigen: pl.DataFrame, maand: Maand, kamer: Kamer, *, is_stand: bool) -> pl.DataFrame:
    if not is_stand:
        return eigen.filter(pl.col("leveringsmaand") == maand.eerste_dag)
    tot_nu = eigen.filter(pl.col("leveringsmaand") <= maand.eerste_dag)
    return tot_nu.unique(subset=list(kamer.SLEUTEL), keep="last", maintain_order=True)


# --- what goes wrong -----------------------------------------------------------------------------------------------


def _plant(bestanden: Sequence[_Bestand], gebreken: Sequence[Gebrek], rng: np.random.Generator) -> None:
    """Spoil rows of files that hold what is new only: what a stand holds comes again every month."""
    ruimte = {
        i: _mag_kwijt(len(b.rijen))
        for i, b in enumerate(bestanden)
        if b.soort == "mutaties" and len(b.rijen) >= MIN_RIJEN
    }
    plekken = [(i, j) for i in ruimte for j in range(len(bestanden[i].rijen))]
    volgorde = [plekken[n] for n in rng.permutation(len(plekken))]
    gebruikt: set[tuple[int, int]] = set()
    for gebrek in gebreken:
        nodig = PER_GEBREK
        for i, j in volgorde:
            if not nodig:
                break
            if (i, j) in gebruikt or not ruimte[i] or not gebrek.waar(bestanden[i].rijen[j]):
                continue
            gebruikt.add((i, j))
            ruimte[i] -= 1
            nodig -= 1
            _bederf(bestanden[i], j, gebrek)


def _mag_kwijt(n_rijen: int) -> int:
    """How many rows of a file may be spoiled."""
    return min(MAX_PER_BESTAND, max(MIN_PER_BESTAND, n_rijen // 10))


def _bederf(b: _Bestand, j: int, gebrek: Gebrek) -> None:
    rij = b.rijen[j]
    codes = gebrek.regels.split("|")
    if gebrek.kopie is not None:
        b.rijen.append(rij | gebrek.kopie(rij))
        b.boek[len(b.rijen) - 1] = codes
        if gebrek.alleen_kopie:
            return
    b.rijen[j] = rij | gebrek.verander(rij) | dict.fromkeys(gebrek.tekst)
    if gebrek.tekst:
        b.tekst[j] = dict(gebrek.tekst)
    b.boek[j] = codes


def _met_bestandsgebreken(
    bestanden: Sequence[_Bestand], rng: np.random.Generator
) -> tuple[list[_Bestand], list[_Bestand], list[_Bestand]]:
    """Let one file never come, and one come without a column at first; of files that no other defect is in.

    Return the files that come, those that never do, and those of which rows may yet be spoiled.
    """
    eerste = {b.sleutel.gemeente: b.sleutel.maand for b in reversed(bestanden)}
    gewoon = [
        i
        for i, b in enumerate(bestanden)
        if b.rijen and b.soort == "mutaties" and b.sleutel.maand != eerste[b.sleutel.gemeente]
    ]
    if len(gewoon) < 4:
        return list(bestanden), [], list(bestanden)
    weg, zonder = (int(n) for n in rng.choice(gewoon, 2, replace=False))
    goed = bestanden[zonder]
    slecht = _Bestand(goed.sleutel, goed.ontvangen_op - dt.timedelta(hours=30), goed.soort, goed.rijen)
    slecht.gebrek, slecht.rest = "L05", "_1"
    blijft = [b for i, b in enumerate(bestanden) if i != weg]
    return [*blijft, slecht], [bestanden[weg]], [b for b in blijft if b is not goed]


# --- writing -------------------------------------------------------------------------------------------------------


def _schrijf(out: Path, b: _Bestand, kamer: Kamer) -> None:
    kolommen = list(kamer.SCHEMA)
    if b.gebrek == "L05":
        kolommen = kolommen[1:]
    pad = out / "landing" / b.pad
    pad.parent.mkdir(parents=True, exist_ok=True)
    with pad.open("w", encoding="utf-8", newline="") as f:
        schrijver = csv.writer(f, delimiter=";", lineterminator="\n")
        schrijver.writerow(kolommen)
        for j, rij in enumerate(b.rijen):
            eigen = b.tekst.get(j, {})
            schrijver.writerow([eigen.get(k, "" if rij[k] is None else str(rij[k])) for k in kolommen])
    moment = b.ontvangen_op.timestamp()
    os.utime(pad, (moment, moment))
    if not b.rijen:  # nothing to tell is told beside the file
        naast = pad.with_name(pad.stem + ".controle.json")
        controle = {"rijen": 0, "som_bedrag_cent": 0, "sha256": hashlib.sha256(pad.read_bytes()).hexdigest()}
        naast.write_text(json.dumps(controle) + "\n", encoding="utf-8")
        os.utime(naast, (moment, moment))


def _leg_vast(
    out: Path, catalogus: Catalogus, bericht: Bericht, kamer: Kamer, waarheid: pl.DataFrame,
    bestanden: Sequence[_Bestand], ontbreekt: Sequence[_Bestand],
) -> None:  # fmt: skip
    """Write the truth and what was delivered, and add to the list of leveringen and to the ledger."""
    fout = {r.regel_code for r in catalogus.regels.values() if r.ernst is Ernst.FOUT}
    schema: dict[str, pl.DataType] = {**kamer.SCHEMA, "gemeente": pl.String(), "leveringsmaand": pl.Date()}
    waarheid.select(pl.col(k).cast(s) for k, s in schema.items()).write_parquet(
        out / "waarheid" / f"{bericht.value}.parquet"
    )
    staat = {b.sleutel: b.pad for b in sorted(bestanden, key=lambda b: b.ontvangen_op) if b.gebrek == ""}
    geleverd = [
        {
            **{k: rij[k] for k in kamer.SCHEMA},
            "gemeente": b.sleutel.gemeente,
            "leveringsmaand": b.sleutel.maand.eerste_dag,
            "bestand": b.pad,
            "rij": j + EERSTE_RIJ,
            "in_quarantaine": bool(fout & set(b.boek.get(j, ()))),
            "levering_geaccepteerd": b.gebrek == "",
            "is_geldend": staat.get(b.sleutel) == b.pad,
        }
        for b in bestanden
        for j, rij in enumerate(b.rijen)
        if b.gebrek == ""
    ]
    vlaggen = dict.fromkeys(("in_quarantaine", "levering_geaccepteerd", "is_geldend"), pl.Boolean())
    pl.DataFrame(geleverd, schema={**schema, "bestand": pl.String(), "rij": pl.Int32(), **vlaggen}).write_parquet(
        out / "geleverd" / f"{bericht.value}.parquet"
    )
    _voeg_toe(out / "leveringen.csv", [_leveringregel(b, fout) for b in bestanden])
    _voeg_toe(
        out / "leveringen.csv",
        [
            [b.sleutel.gemeente, bericht.value, b.sleutel.maand, "", "", "", "", "ONTBREEKT", "nooit geleverd"]
            for b in ontbreekt
        ],
    )
    _voeg_toe(out / "grootboek.csv", [regel for b in bestanden for regel in _grootboekregels(b)])


def _leveringregel(b: _Bestand, fout: set[str]) -> list[object]:
    if b.gebrek:
        status = Status.AFGEKEURD
    elif not b.rijen:
        status = Status.NIHIL_BEVESTIGD
    elif any(fout & set(codes) for codes in b.boek.values()):
        status = Status.GEACCEPTEERD_MET_OPMERKINGEN
    else:
        status = Status.GEACCEPTEERD
    k = b.sleutel
    op = b.ontvangen_op.strftime("%Y-%m-%dT%H:%M:%SZ")
    return [k.gemeente, k.bericht.value, k.maand, b.pad, op, b.soort, "gewoon", status.value, b.gebrek]


def _grootboekregels(b: _Bestand) -> Iterator[list[object]]:
    k = b.sleutel
    if b.gebrek:
        yield [k.gemeente, k.bericht.value, k.maand, b.pad, "", b.gebrek, "gepland", "eerste kolom ontbreekt"]
    for j, codes in sorted(b.boek.items()):
        for code in codes:
            yield [k.gemeente, k.bericht.value, k.maand, b.pad, j + EERSTE_RIJ, code, "gepland", "rij bedorven"]


def _voeg_toe(pad: Path, regels: Iterable[Sequence[object]]) -> None:
    with pad.open("a", encoding="utf-8", newline="") as f:
        csv.writer(f, lineterminator="\n").writerows(regels)
