"""Findings of door 3, computed a second time from the delivered rows (seeds/ref_regels.csv, L16, L17, D33 to D35).

Lives here: per rule the leveringen or lines on which it must fire. The thresholds are read from the seed, the sentences
from its columns; nothing is taken from the SQL.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import polars as pl

from pipeline.domain.catalogus import Catalogus

Sleutel = tuple[str, str, dt.date]
"""(gemeente, bericht, first day of the leveringsmaand)."""
Nummer = tuple[str, str, str]
"""(gemeente, aanbieder_agb, referentienummer)."""
Rij = dict[str, Any]


@dataclass(frozen=True)
class Deur3:
    """The findings on one synthetic region, from geleverd/*.parquet (architecture.md, section 5)."""

    bron: Path
    catalogus: Catalogus

    def _rijen(self, bericht: str) -> list[Rij]:
        geleverd = pl.read_parquet(self.bron / "geleverd" / f"{bericht}.parquet")
        return geleverd.filter("is_geldend", "levering_geaccepteerd").to_dicts()

    def _drempels(self, regel: str) -> list[float]:
        return [float(d) for d in self.catalogus.regels[regel].drempel.split("|")]

    def _debet(self) -> tuple[list[Rij], set[Nummer]]:
        """Newest debit lines that were not rejected, and the numbers that a credit took back."""
        nieuwste: dict[Nummer, Rij] = {}
        for r in self._rijen("declaraties"):
            if not r["in_quarantaine"]:
                nummer = (r["gemeente"], r["aanbieder_agb"], r["referentienummer"])
                if nummer not in nieuwste or r["leveringsmaand"] > nieuwste[nummer]["leveringsmaand"]:
                    nieuwste[nummer] = r
        telt = [r for r in nieuwste.values() if (r["status"] or "").lower() != "afgekeurd"]
        terug = {
            (r["gemeente"], r["aanbieder_agb"], r["vorig_referentienummer"]) for r in telt if r["debet_credit"] == "C"
        }
        return [r for r in telt if r["debet_credit"] == "D"], terug

    def prijzen(self) -> set[Nummer]:
        """D33: more than so many robust standard deviations from the median of gemeente, product, unit and year."""

        def prijs(r: Rij) -> float | None:
            if r["eenheid"] == "83":
                return None
            if r["producttarief"] is not None:
                return float(r["producttarief"])
            return float(r["ingediend_bedrag"]) / float(r["geleverd_volume"]) if r["geleverd_volume"] else None

        maal, minstens, aandeel = self._drempels("D33")
        return self._uitschieters(
            prijs,
            lambda r: (r["gemeente"], r["productcode"], r["eenheid"], r["productperiode_begin"].year),
            int(minstens),
            lambda x, midden, mad: abs(x - midden) > maal * max(1.4826 * mad, aandeel * midden),
        )

    def volumes(self) -> set[Nummer]:
        """D34: so many robust standard deviations above the median of the logarithm, per gemeente, product and unit."""
        maal, minstens, kleinste = self._drempels("D34")
        return self._uitschieters(
            lambda r: math.log(r["geleverd_volume"]) if r["geleverd_volume"] > 0 else None,
            lambda r: (r["gemeente"], r["productcode"], r["eenheid"]),
            int(minstens),
            lambda x, midden, mad: x - midden > maal * max(1.4826 * mad, kleinste) + 1e-9,
        )

    def _uitschieters(
        self,
        waarde: Callable[[Rij], float | None],
        groep: Callable[[Rij], tuple[Any, ...]],
        minstens: int,
        is_ver: Callable[[float, float, float], bool],
    ) -> set[Nummer]:
        debet, terug = self._debet()
        groepen: dict[tuple[Any, ...], list[tuple[Nummer, float]]] = defaultdict(list)
        for r in debet:
            if (w := waarde(r)) is not None:
                groepen[groep(r)].append(((r["gemeente"], r["aanbieder_agb"], r["referentienummer"]), w))
        uit = set()
        for leden in groepen.values():
            if len(leden) >= minstens:
                midden = median(w for _, w in leden)
                mad = median(abs(w - midden) for _, w in leden)
                uit |= {nummer for nummer, w in leden if is_ver(w, midden, mad)}
        return uit - terug

    def sprongen(self) -> set[Sleutel]:
        """L16: three times the usual rows, or a third of the usual amount and less than chance gives."""
        meer, minder, vanaf = self._drempels("L16")
        weinig, _, kans, _ = self._drempels("L12")
        reeksen: dict[tuple[str, str], dict[dt.date, tuple[int, int]]] = defaultdict(dict)
        for bericht, bedrag in (("toewijzingen", "budget"), ("declaraties", "ingediend_bedrag")):
            for r in self._rijen(bericht):
                reeks = reeksen[r["gemeente"], bericht]
                n, cent = reeks.get(r["leveringsmaand"], (0, 0))
                reeks[r["leveringsmaand"]] = (n + 1, cent + (r[bedrag] or 0))
        uit = set()
        for (gemeente, bericht), reeks in reeksen.items():
            maanden = sorted(reeks)
            for i, maand in enumerate(maanden[3:], start=3):
                eerder = [reeks[m] for m in maanden[max(0, i - 6) : i]]
                rijen, cent = (median(e[k] for e in eerder) for k in (0, 1))
                n, bedrag_cent = reeks[maand]
                logs = [math.log(e[1]) for e in eerder if e[1] > 0]
                spreiding = 1.4826 * median(abs(x - median(logs)) for x in logs) if logs else 0.0
                laag = cent * min(minder, math.exp(-kans * spreiding))
                lager = bericht == "declaraties" and bedrag_cent < laag and n >= max(vanaf, weinig * rijen)
                if max(n, rijen) >= vanaf and (n > meer * rijen or lager):
                    uit.add((gemeente, bericht, maand))
        return uit

    def andermans_rijen(self) -> set[Sleutel]:
        """L17, where no line is delivered in more than one month: as many new rows as another gemeente has too."""
        aandeel, vanaf = self._drempels("L17")
        velden = {
            "toewijzingen": ("toewijzingnummer", "bsn", "aanbieder_agb", "toewijzingsdatum", "ingangsdatum"),
            "declaraties": ("aanbieder_agb", "referentienummer"),
        }
        uit: set[Sleutel] = set()
        for bericht, kern in velden.items():
            van_wie: dict[tuple[Any, ...], set[str]] = defaultdict(set)
            eerste: dict[tuple[Any, ...], dt.date] = {}
            for r in self._rijen(bericht):
                if not r["in_quarantaine"]:
                    sleutel = tuple(r[k] for k in kern)
                    van_wie[sleutel].add(r["gemeente"])
                    eigen = (r["gemeente"], *sleutel)
                    eerste[eigen] = min(eerste.get(eigen, r["leveringsmaand"]), r["leveringsmaand"])
            alle = Counter((gemeente, bericht, maand) for (gemeente, *_), maand in eerste.items())
            gedeeld = Counter(
                (gemeente, bericht, maand)
                for (gemeente, *sleutel), maand in eerste.items()
                if len(van_wie[tuple(sleutel)]) > 1
            )
            uit |= {k for k, n in gedeeld.items() if n >= vanaf and n >= aandeel * alle[k]}
        return uit

    def verdwenen(self, standen: Iterable[tuple[str, dt.date]]) -> set[Sleutel]:
        """D35: lines last seen in the stand before, more than this one has rows in quarantine."""
        per_gemeente: dict[str, list[dt.date]] = defaultdict(list)
        for gemeente, maand in sorted(standen):
            per_gemeente[gemeente].append(maand)
        laatst: dict[Nummer, dt.date] = {}
        geweigerd: Counter[tuple[str, dt.date]] = Counter()
        for r in self._rijen("declaraties"):
            if r["gemeente"] not in per_gemeente:
                continue
            if r["in_quarantaine"]:
                geweigerd[r["gemeente"], r["leveringsmaand"]] += 1
                continue
            nummer = (r["gemeente"], r["aanbieder_agb"], r["referentienummer"])
            laatst[nummer] = max(laatst.get(nummer, r["leveringsmaand"]), r["leveringsmaand"])
        weg = Counter((gemeente, maand) for (gemeente, _, _), maand in laatst.items())
        return {
            (gemeente, "declaraties", nu)
            for gemeente, maanden in per_gemeente.items()
            for vorige, nu in pairwise(maanden)
            if weg[gemeente, vorige] > geweigerd[gemeente, nu]
        }
