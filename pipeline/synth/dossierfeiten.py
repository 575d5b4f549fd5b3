"""Facts in the files of youths of the synthetic region (extract `dossierfeiten`): analyses and plans.

Lives here: whose file holds what since when, and the defects of its rows. Keep out: files and accounting (verder.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from pipeline.domain.maanden import Maand
from pipeline.synth.verder import Gebrek, Rij, Wereld

SCHEMA: dict[str, pl.DataType] = {"bsn": pl.String(), "soort": pl.String(), "datum": pl.Date()}
SLEUTEL = ("bsn", "soort", "datum")
ANALYSE, PERSPECTIEF = "verklarende_analyse", "perspectiefplan"
MET_ANALYSE, MET_PLAN = 0.75, 0.6
"""Share of stays that an analysis went before, and of youths of sixteen and over in care with a plan."""
PLAN_VANAF = 16
LEEFTIJD, OUD = "_leeftijd", "_oud"
"""Age on the day of the fact, and whether an allocation is known by now: for whoever spoils rows, never delivered."""
LANG_GELEDEN = 10
"""Months. Well over what F05 waits, with a gemeente that delivers its allocations per quarter."""


def maak(wereld: Wereld, afspraken: Mapping[str, Sequence[Maand]], rng: np.random.Generator) -> pl.DataFrame:
    """Every gemeente tells of the youths it has in care; a fact from before its first month comes with that."""
    nieuwste = wereld.nieuwste_toewijzingen()
    verblijf = sorted({p.productcode for p in wereld.catalogus.producten if p.met_verblijf})
    oud = wereld.maanden[-1].plus(-LANG_GELEDEN).laatste_dag
    kolommen = {**SCHEMA, LEEFTIJD: pl.Int64(), OUD: pl.Boolean(), "gemeente": pl.String(), "leveringsmaand": pl.Date()}
    rijen: list[tuple[object, ...]] = []
    for afzender, maanden in afspraken.items():
        eigen = nieuwste.filter(pl.col("gemeente") == afzender)
        feiten = [*_analyses(eigen.filter(pl.col("productcode").is_in(verblijf)), maanden, rng),
                  *_plannen(eigen, maanden, rng)]  # fmt: skip
        for bsn, soort, dag, geboren in feiten:
            if dag <= maanden[-1].laatste_dag:
                maand = max(Maand.van(dag), maanden[0])
                jaren = _jaren(geboren, dag) if geboren else None
                rijen.append((bsn, soort, dag, jaren, dag <= oud, afzender, maand.eerste_dag))
    return pl.DataFrame(rijen, schema=kolommen, orient="row")


Feit = tuple[str, str, dt.date, dt.date | None]


def _analyses(verblijf: pl.DataFrame, maanden: Sequence[Maand], rng: np.random.Generator) -> list[Feit]:
    """Some weeks before the first stay of a youth that began in these months; of some afterwards, or never."""
    eerste = verblijf.sort("ingangsdatum", "toewijzingnummer").unique("bsn", keep="first", maintain_order=True)
    uit = []
    for t in eerste.filter(pl.col("ingangsdatum") >= maanden[0].eerste_dag).iter_rows(named=True):
        if rng.random() < MET_ANALYSE:
            dag = t["ingangsdatum"] - dt.timedelta(days=int(rng.integers(-10, 90)))
            uit.append((t["bsn"], ANALYSE, dag, t["geboortedatum"]))
    return uit


def _plannen(eigen: pl.DataFrame, maanden: Sequence[Maand], rng: np.random.Generator) -> list[Feit]:
    """Some time after the sixteenth birthday, or after care began where that was later."""
    jeugdigen = eigen.group_by("bsn", maintain_order=True).agg(
        pl.col("geboortedatum").first(), pl.col("ingangsdatum").min(), pl.col("tot").max()
    )
    uit = []
    for t in jeugdigen.iter_rows(named=True):
        if t["geboortedatum"] is None:
            continue
        zestien = _verjaardag(t["geboortedatum"], PLAN_VANAF)
        van = max(zestien, t["ingangsdatum"], maanden[0].eerste_dag) + dt.timedelta(days=int(rng.integers(5, 120)))
        if rng.random() < MET_PLAN and van <= t["tot"] and _jaren(t["geboortedatum"], van) < 22:
            uit.append((t["bsn"], PERSPECTIEF, van, t["geboortedatum"]))
    return uit


def _verjaardag(geboren: dt.date, jaren: int) -> dt.date:
    dag = 28 if (geboren.month, geboren.day) == (2, 29) else geboren.day
    return geboren.replace(year=geboren.year + jaren, day=dag)


def _jaren(geboren: dt.date, dag: dt.date) -> int:
    """Age on a day."""
    return dag.year - geboren.year - ((dag.month, dag.day) < (geboren.month, geboren.day))


def _vreemde(r: Rij) -> Rij:
    """A number of the official test range, which no youth of the region has; another one for another row."""
    begin = 999_900_006 + int(r["bsn"][-4:]) * 9
    return {"bsn": str(next(n for n in range(begin, begin + 99) if _elfproef(n)))}


def _elfproef(n: int) -> bool:
    gewichten = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(int(c) * w for c, w in zip(f"{n:09d}", gewichten, strict=True)) % 11 == 0


def _jong(r: Rij) -> bool:
    return bool(r["soort"] == ANALYSE and r[LEEFTIJD] is not None and r[LEEFTIJD] < 14)


GEBREKEN = (
    Gebrek("F01", tekst={"soort": "intake"}),
    Gebrek("F02", verander=lambda r: {"datum": (r["datum"].replace(day=1) + dt.timedelta(days=32)).replace(day=1)},
           waar=lambda r: r[LEEFTIJD] is not None and r[LEEFTIJD] < 21),
    Gebrek("F03", verander=lambda r: {"datum": r["datum"] - dt.timedelta(days=365 * 6)},
           waar=lambda r: bool(r["soort"] == ANALYSE and r[LEEFTIJD] is not None and r[LEEFTIJD] > 8)),
    Gebrek("F04", kopie=lambda r: {"datum": r["datum"] - dt.timedelta(days=9)},
           waar=lambda r: bool(r["soort"] == ANALYSE and r[LEEFTIJD] is not None and r[LEEFTIJD] > 2)),
    Gebrek("F05", verander=_vreemde, waar=lambda r: bool(r[OUD])),
    Gebrek("F06", verander=lambda _: {"soort": PERSPECTIEF}, waar=_jong),
    Gebrek("F03|F07", verander=lambda r: {"datum": r["datum"] - dt.timedelta(days=365 * 30)},
           waar=lambda r: bool(r["soort"] == ANALYSE)),
    Gebrek("F02|F08", verander=lambda r: {"datum": r["datum"] + dt.timedelta(days=365 * 2)},
           waar=lambda r: bool(r["soort"] == ANALYSE)),
    Gebrek("R02", tekst={"bsn": "999900007"}),
    Gebrek("R05", tekst={"datum": ""}),
    Gebrek("R06", tekst={"datum": "31-02-2025"}),
    Gebrek("R13", kopie=lambda _: {}, alleen_kopie=True),
)  # fmt: skip
