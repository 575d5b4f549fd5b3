"""Timeliness, reconciliation and delivery counts (SPEC 4, SPEC 7)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

import polars as pl

from pipeline.domain.maanden import Maand
from pipeline.domain.werkdagen import is_werkdag
from tests.oracle.gebruik import (
    eerste_versies,
    geldige_toewijzingen,
    groepeer,
    is_verwijderd,
    nieuwste_versies,
)
from tests.oracle.invoer import SEGMENTEN, TOTAAL, D, Regel, Regio, Toewijzing
from tests.oracle.kosten import euro, nieuwste_regels

DAG = dt.timedelta(days=1)


@dataclass(frozen=True)
class Meting:
    """What was measured on one first version."""

    gemeente: str
    maand: Maand
    segment: str
    meetwijze: str
    is_te_laat: bool
    terugwerkend_dagen: int
    is_verwacht: bool

    @property
    def is_meetbaar(self) -> bool:
        """Tell whether lateness can be measured."""
        return self.meetwijze not in ("geen", "onbekend")

    @property
    def is_terugwerkend(self) -> bool:
        """SPEC 4: "retroactive when > 0"; a first seen version with a reden_wijziging is not counted."""
        return self.meetwijze != "onbekend" and self.terugwerkend_dagen > 0


def werkdagen_na(van: dt.date, tot: dt.date) -> int:
    """Working days after `van`, up to and including `tot` (DOMAIN 2.1: "Day 1 is the day after receipt")."""
    return sum(is_werkdag(van + DAG * i) for i in range(1, (tot - van).days + 1))


def meetwijze(regio: Regio, t: Toewijzing) -> tuple[str, bool]:
    """SPEC 4: "the best measurable way", and whether the allocation is late by it.

    A request or decision after the allocation cannot be what it was late against: that way measures nothing.
    """
    norm_besluit = regio.catalogus.instellingen.get("besluit_norm_werkdagen", "")
    if t.reden_wijziging:
        return "onbekend", False
    if t.datum_ontvangst_verzoek and t.datum_ontvangst_verzoek <= t.toewijzingsdatum:
        norm = regio.getal("verzoek_norm_werkdagen")
        return "verzoek", werkdagen_na(t.datum_ontvangst_verzoek, t.toewijzingsdatum) > norm
    if t.besluitdatum and norm_besluit and t.besluitdatum <= t.toewijzingsdatum:
        return "besluit", werkdagen_na(t.besluitdatum, t.toewijzingsdatum) > int(norm_besluit)
    if t.startdatum_levering:
        return "levering", t.startdatum_levering < t.toewijzingsdatum
    return "geen", False


def metingen(regio: Regio) -> list[Meting]:
    """One per allocation: "measured on the first version, deleted allocations excluded"."""
    verwijderd = {t.nummer for t in nieuwste_versies(regio.toewijzingen) if is_verwijderd(t)}
    uit = []
    for t in eerste_versies(regio.toewijzingen):
        if t.nummer in verwijderd:
            continue
        soort = regio.referentie.soort(t.gemeente, t.productcode, t.productcategorie, t.ingangsdatum)
        wijze, te_laat = meetwijze(regio, t)
        uit.append(
            Meting(
                gemeente=t.gemeente,
                maand=Maand.van(t.toewijzingsdatum),
                segment=soort.segment,
                meetwijze=wijze,
                is_te_laat=te_laat,
                terugwerkend_dagen=(t.toewijzingsdatum - t.ingangsdatum).days,
                is_verwacht=soort.categorie in ("46", "47", "48", "49") or t.verwijzer_type == "08",
            )
        )
    return uit


def is_te_laat_gedeclareerd(r: Regel) -> bool:
    """SPEC 4: dagtekening "after the last day of the month that follows the productperiode"."""
    return r.declaratiedagtekening > Maand.van(r.productperiode_eind).plus(1).laatste_dag


def kwantiel(waarden: list[int], p: float) -> float | None:
    """Interpolated percentile (quantile_cont); None of nothing."""
    if not waarden:
        return None
    rij = sorted(waarden)
    plek = p * (len(rij) - 1)
    onder = int(plek)
    boven = min(onder + 1, len(rij) - 1)
    return rij[onder] + (rij[boven] - rij[onder]) * (plek - onder)


def tijdigheid(regio: Regio) -> list[dict[str, object]]:
    """kwaliteit.tijdigheid: per month of first toewijzingsdatum; claims per month of declaratiedagtekening."""
    alle = metingen(regio)
    debet = [r for r in nieuwste_regels(regio.regels) if r.debet_credit == "D"]
    soort = regio.referentie.soort
    segment = {r: soort(r.gemeente, r.productcode, r.productcategorie, r.productperiode_begin).segment for r in debet}
    metingen_per = groepeer(alle, lambda x: (x.gemeente, x.maand))
    debet_per = groepeer(debet, lambda r: (r.gemeente, Maand.van(r.declaratiedagtekening)))
    uit: list[dict[str, object]] = []
    for code, gemeenten in regio.gebieden.items():
        for maand in regio.maanden:
            in_maand = [x for g in gemeenten for x in metingen_per.get((g, maand), [])]
            regels = [r for g in gemeenten for r in debet_per.get((g, maand), [])]
            for s in (*SEGMENTEN, TOTAAL):
                m = [x for x in in_maand if s in (TOTAAL, x.segment)]
                d = [r for r in regels if s in (TOTAAL, segment[r])]
                dagen = [x.terugwerkend_dagen for x in m if x.is_terugwerkend]
                uit.append(
                    {
                        "gebied_code": code,
                        "maand": maand.eerste_dag,
                        "segment": s,
                        "n_toewijzingen": len(m),
                        "n_meetbaar": sum(x.is_meetbaar for x in m),
                        "n_te_laat": sum(x.is_te_laat for x in m),
                        "n_terugwerkend": len(dagen),
                        "n_terugwerkend_onverwacht": sum(x.is_terugwerkend and not x.is_verwacht for x in m),
                        "mediaan_dagen_terugwerkend": kwantiel(dagen, 0.5),
                        "p90_dagen_terugwerkend": kwantiel(dagen, 0.9),
                        "n_declaraties": len(d),
                        "n_declaraties_te_laat": sum(is_te_laat_gedeclareerd(r) for r in d),
                        "_n_eerste_versies": sum(x.meetwijze != "onbekend" for x in m),
                    }
                )
    return uit


def aansluiting(regio: Regio) -> list[dict[str, object]]:
    """kwaliteit.aansluiting: "month of productperiode_begin; every accepted newest line, rejected ones too"."""
    geldig = {(t.gemeente, t.nummer): t for t in geldige_toewijzingen(regio)}

    def plaats(r: Regel) -> str:
        """`buiten`: "no day of the productperiode lies inside the allocation"."""
        t = geldig.get((r.gemeente, r.toewijzingnummer))
        if t is None:
            return "zonder"
        return "met" if t.eerste <= t.laatste and t.dekt(r.productperiode_begin, r.productperiode_eind) else "buiten"

    uit: list[dict[str, object]] = []
    per_maand = groepeer(nieuwste_regels(regio.regels), lambda r: (r.gemeente, Maand.van(r.productperiode_begin)))
    gepubliceerd = product(regio.gemeenten, regio.maanden)
    for sleutel in {*per_maand, *gepubliceerd}:
        assert isinstance(sleutel, tuple)
        regels = per_maand.get(sleutel, [])
        rij: dict[str, object] = {"gemeente": sleutel[0], "maand": sleutel[1].eerste_dag}
        for p in ("met", "zonder", "buiten"):
            hier = [r for r in regels if plaats(r) == p]
            rij[f"{p}_regels"] = len(hier)
            rij[f"{p}_eur"] = euro(sum(r.teken * r.ingediend_bedrag for r in hier))
        uit.append(rij)
    return uit


def leveringstellingen(geleverd: pl.DataFrame, bericht: str) -> list[dict[str, object]]:
    """kwaliteit.leveringsstatus: rows and cents of "the geldende levering", credits included and not subtracted."""
    bedrag = "ingediend_bedrag" if bericht == D else "budget"
    uit: list[dict[str, object]] = []
    staand = geleverd.filter(pl.col("is_geldend") & pl.col("levering_geaccepteerd"))
    for (gemeente, maand), rijen in staand.group_by("gemeente", "leveringsmaand"):
        goed = rijen.filter(~pl.col("in_quarantaine"))
        uit.append(
            {
                "gemeente": gemeente,
                "bericht": bericht,
                "maand": maand if isinstance(maand, dt.date) else Maand.lees(str(maand)[:7]).eerste_dag,
                "rijen_ontvangen": rijen.height,
                "rijen_geaccepteerd": goed.height,
                "rijen_quarantaine": rijen.height - goed.height,
                "bedrag_ontvangen_eur": _som(rijen, bedrag),
                "bedrag_geaccepteerd_eur": _som(goed, bedrag),
            }
        )
    return uit


def _som(rijen: pl.DataFrame, kolom: str) -> Decimal:
    return euro(int(rijen[kolom].fill_null(0).sum() or 0))
