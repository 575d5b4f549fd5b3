"""The synthetic region as a whole: simulate, plan, plant, write, and account for it.

Lives here: `maak_regio` and the order of its steps; what turns the outcome of one into the input of the next. Keep out:
how any step works.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import REGIO, Bericht, Sleutel
from pipeline.domain.maanden import Maand, reeks
from pipeline.synth import bestandsgebreken as bg
from pipeline.synth import parameters as p
from pipeline.synth.aanbieders import agb_codes
from pipeline.synth.berichtrijen import Berichtrijen
from pipeline.synth.bestanden import schrijf_bericht
from pipeline.synth.bevolking import maak_bevolking
from pipeline.synth.boekhouding import Boekhouding, Samenvatting, leg_vast
from pipeline.synth.declaraties import maak_declaraties
from pipeline.synth.dracht import DRACHTEN, GEWOON, Dracht
from pipeline.synth.leveringen import Levering, maak_plan
from pipeline.synth.planter import RID
from pipeline.synth.toewijzingen import assortiment, maak_toewijzingen
from pipeline.synth.verder import Wereld, maak_verder
from pipeline.synth.voorraad import plant_rijen

NATUURLIJK: dict[str, str] = {
    "T23": "afgifte na de ingangsdatum komt voor, bij crisis en gedwongen kader zelfs meestal",
    "T24": "verzoeken blijven soms langer dan vijf werkdagen liggen, en zorg begint soms eerder dan het papier",
    "T21": "een code die later in de productentabel kwam dan de toewijzing begon (niet in de voorbeeldtabel)",
    "T27": "langdurige pleegzorg en voogdij lopen jaren zonder nieuwe versie",
    "D18": "late regels over toewijzingen die al voor de eerste levering waren afgelopen",
    "D21": "na een stop voor de einddatum, of als een verlenging later is afgegeven dan de declaratie",
    "D23": "er wordt soms meer geleverd dan toegewezen",
    "D24": "een deel van de regels komt een tot acht maanden later, correcties en creditregels ook",
    "D27": "een overstap naar een andere aanbieder midden in een maand",
    "D30": "een code die later in de productentabel kwam dan de zorg begon (niet in de voorbeeldtabel)",
    "L12": "een gemeente met een paar regels per maand schommelt vanzelf (kleine schaal, eerste levering)",
    "L16": "een gemeente met een paar regels per maand schommelt vanzelf (kleine schaal)",
    "L13": "een stand zonder wijzigingen, of twee maanden zonder rijen, heeft dezelfde inhoud",
}
"""Rules that also fire on a clean region, with the reason. Every other rule is silent there."""


def maak_regio(
    out: Path, catalogus: Catalogus, *, n_maanden: int = 36, seed: int = 20240501, laatste_maand: Maand,
    nu: dt.datetime, schaal: float = 1.0, gebreken: bool = True, gebreken_verder: bool | None = None,
    gemeenten: Sequence[str] | None = None,
) -> Samenvatting:  # fmt: skip
    """Write the synthetic region under `out` (architecture.md section 5) and tell what was made.

    The same arguments give the same bytes. `nu` (aware) is the moment up to which files have arrived: what a gemeente
    would send later is not there. `schaal` 1 is the size of Twente. With `gebreken=False` nothing is wrong, every
    levering that had arrived by `nu` is there in one plain dress, and what happened is exactly what was delivered.
    `gebreken_verder`: whether something is wrong with the further extracts; as with the rest when not told.
    """
    rng = np.random.default_rng(seed)
    nu = nu.astimezone(dt.UTC)
    gekozen = list(gemeenten or catalogus.gemeenten)
    maanden = reeks(laatste_maand.plus(1 - n_maanden), laatste_maand)
    bevolking = maak_bevolking(catalogus, gekozen, maanden[0], laatste_maand, schaal, rng)
    producten = assortiment(catalogus, bevolking.producten)
    agb = agb_codes()
    nummers, toewijzingen = maak_toewijzingen(bevolking, producten, agb, maanden[0], laatste_maand, rng)
    wereld = Wereld(catalogus, maanden, toewijzingen)
    toewijzingen = _overschreven(toewijzingen, catalogus, maanden)
    declaraties = maak_declaraties(bevolking, producten, agb, nummers, maanden[0], laatste_maand, rng)
    plan = maak_plan(catalogus, gekozen, maanden, nu, rng)
    stukken = {Bericht.TOEWIJZINGEN: toewijzingen, Bericht.DECLARATIES: declaraties}
    if gebreken:
        bp = bg.plan_gebreken(plan, _tel_rijen(stukken), catalogus, nu, rng)
        stukken = {b: _verschuif(f, b, bp.verschoven) for b, f in stukken.items()}
        bp.leveringen = _met_los_antwoord(_kleed_aan(bp, rng), _tel_rijen(stukken))
    else:
        bp = bg.Bestandsplan(plan)
    berichten = {b: Berichtrijen(b, _gesorteerd(f, rng), pl.DataFrame()) for b, f in stukken.items()}
    for b in berichten.values():
        b.rijen = b.waarheid
    if gebreken:
        plant_rijen(berichten, bp, nummers, producten, schaal, rng)
        bp.leveringen = _laat_verdwijnen(bp.leveringen, berichten[Bericht.TOEWIJZINGEN], rng)
    boek = Boekhouding()
    bp.leveringen.sort(key=lambda v: (v.sleutel, v.ontvangen_op))
    for b in berichten.values():
        schrijf_bericht(out, catalogus, b, berichten, bp.leveringen, boek, rng)
    samen = leg_vast(out, catalogus, berichten, bp, boek, gemeenten=len(gekozen), maanden=len(maanden))
    verder = maak_verder(
        out, wereld, [*gekozen, REGIO], nu, seed, gebreken=gebreken if gebreken_verder is None else gebreken_verder
    )
    return replace(
        samen,
        bestanden=samen.bestanden + verder.bestanden,
        soorten_gebreken=samen.soorten_gebreken + verder.soorten,
        bevindingen_gepland=samen.bevindingen_gepland + verder.gepland,
    )


def _overschreven(t: pl.DataFrame, catalogus: Catalogus, maanden: Sequence[Maand]) -> pl.DataFrame:
    """Where a back office has only the newest version, one overwritten within the month never existed for anyone."""
    laatste = [
        (g, m.eerste_dag)
        for g in t["gemeente"].unique(maintain_order=True)
        for m in maanden
        if (a := catalogus.afspraak(g, Bericht.TOEWIJZINGEN, m)) is not None and a.versies == "laatste"
    ]
    slots = pl.DataFrame(laatste, schema={"gemeente": pl.String, "leveringsmaand": pl.Date}, orient="row")
    nieuwste = pl.col("toewijzingsdatum") == pl.col("toewijzingsdatum").max().over("nr", "leveringsmaand")
    weg = t.filter(~nieuwste).join(slots, on=["gemeente", "leveringsmaand"], how="semi", maintain_order="left")
    return t.join(weg, on=["nr", "toewijzingsdatum"], how="anti", maintain_order="left")


def _tel_rijen(stukken: dict[Bericht, pl.DataFrame]) -> dict[Sleutel, int]:
    """Count the rows of each (gemeente, bericht, maand)."""
    uit: dict[Sleutel, int] = {}
    for bericht, frame in stukken.items():
        for gemeente, maand, n in frame.group_by("gemeente", "leveringsmaand").len().iter_rows():
            uit[Sleutel(gemeente, bericht, Maand.van(maand))] = n
    return uit


def _verschuif(frame: pl.DataFrame, bericht: Bericht, verschoven: dict[Sleutel, float]) -> pl.DataFrame:
    """Let a share of the rows of some leveringen come a month later."""
    for k, deel in verschoven.items():
        if k.bericht is bericht:
            hier = (pl.col("gemeente") == k.gemeente) & (pl.col("leveringsmaand") == k.maand.eerste_dag)
            # by number, so that all rows of an allocation stay together
            later = hier & ((pl.col("nr") * 7919 % 100) < deel * 100)
            frame = frame.with_columns(
                leveringsmaand=pl.when(later).then(k.maand.plus(1).eerste_dag).otherwise("leveringsmaand")
            )
    return frame


def _kleed_aan(bp: bg.Bestandsplan, rng: np.random.Generator) -> list[Levering]:
    """Give a quarter of the files another dress, some a control file, and some gemeenten another kind of file."""
    uit = []
    for v in bp.leveringen:
        ander, welke, controle = rng.random(), int(rng.integers(len(DRACHTEN))), rng.random() < 0.15
        # control totals and unreadable cells would quarrel; a refused file keeps one defect
        soort = p.SOORT_BESTAND.get(v.sleutel.gemeente, "csv")
        if not v.gebrek and _in_berichten(v.sleutel) and v.sleutel not in bp.bijzonder:
            bestand = f"{v.bestand.removesuffix('.csv')}.zip"
            uit.append(replace(v, dracht=Dracht("ijw-berichten", decimaal=".", soort="xml"), bestand=bestand))
        elif not v.gebrek and soort != "csv" and v.sleutel not in bp.bijzonder:
            bestand = f"{v.bestand.removesuffix('.csv')}.{soort}"
            uit.append(replace(v, dracht=Dracht(soort, soort=soort), bestand=bestand))
        elif not v.gebrek:
            dracht = DRACHTEN[welke] if ander < 0.27 else GEWOON
            uit.append(replace(v, dracht=dracht, met_controle=controle))
        else:
            uit.append(v)
    return uit


def _met_los_antwoord(leveringen: list[Levering], rijen: dict[Sleutel, int]) -> list[Levering]:
    """Put a 325 without its 323 in the fullest zip of messages (L15)."""
    zips = [v for v in leveringen if v.dracht.soort == "xml" and rijen.get(v.sleutel)]
    vol = max(zips, key=lambda v: (rijen[v.sleutel], v.sleutel), default=None)
    return [replace(v, gebrek="L15", toelichting="antwoord zonder declaratie") if v is vol else v for v in leveringen]


def _in_berichten(k: Sleutel) -> bool:
    return k.gemeente == p.XML_GEMEENTE and k.bericht is Bericht.DECLARATIES and k.maand.maand <= p.XML_MAANDEN


def _gesorteerd(frame: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Order rows by file and shuffle them within it; `rid` numbers them."""
    frame = frame.with_columns(sorteer=pl.Series(rng.random(frame.height)))
    return frame.sort("gemeente", "leveringsmaand", "sorteer").with_columns(
        pl.int_range(pl.len(), dtype=pl.Int64).alias(RID)
    )


def _laat_verdwijnen(leveringen: list[Levering], t: Berichtrijen, rng: np.random.Generator) -> list[Levering]:
    """Leave some numbers out of one stand: they were there before (T26)."""
    standen = [
        i for i, v in enumerate(leveringen)
        if v.sleutel.bericht is Bericht.TOEWIJZINGEN and v.soort == "stand" and v.versies == "alle" and not v.gebrek
    ]  # fmt: skip
    for i in standen[5::11][:6]:
        v = leveringen[i]
        eerder = pl.col("leveringsmaand") < v.sleutel.maand.plus(-1).eerste_dag
        ouder = t.waarheid.filter(
            (pl.col("gemeente") == v.sleutel.gemeente) & eerder
        )["toewijzingnummer"].unique(maintain_order=True)  # fmt: skip
        if len(ouder):
            weg = rng.choice(ouder.to_numpy(), min(2, len(ouder)), replace=False)
            leveringen[i] = replace(v, weggelaten=frozenset(int(x) for x in weg))
    return leveringen
