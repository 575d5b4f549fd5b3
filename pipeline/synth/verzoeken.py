"""Requests for a place at the coordination point of the synthetic region (extract `verzoeken`), month by month.

Lives here: a request for stays that began, and some that never did; how each stood at the end of every month in which
it changed; the defects of its rows. Keep out: files and accounting (verder.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from pipeline.domain.leveringen import REGIO
from pipeline.domain.maanden import Maand
from pipeline.synth.verder import Gebrek, Rij, Wereld

SCHEMA: dict[str, pl.DataType] = {
    "verzoek_id": pl.String(), "bsn": pl.String(), "woongemeente": pl.String(), "verzoekdatum": pl.Date(),
    "hulpvorm": pl.String(), "spoed": pl.String(), "matchdatum": pl.Date(), "aanbieder_agb": pl.String(),
    "plaatsingsdatum": pl.Date(), "uitkomst": pl.String(),
}  # fmt: skip
SLEUTEL = ("verzoek_id",)
NOOIT = 0.15
"""Share of requests that nobody says yes to."""
SPOED = 0.2
WACHT, WACHT_SPOED = 45.0, 5.0
"""Days from request to placement, on average; never more than `MAX_WACHT`."""
MAX_WACHT = 300


def maak(wereld: Wereld, afspraken: Mapping[str, Sequence[Maand]], rng: np.random.Generator) -> pl.DataFrame:
    """The regio tells of all requests; a gemeente that agreed on it of those of its own youths."""
    verzoeken = list(_verzoeken(wereld, rng))
    rijen: list[tuple[object, ...]] = []
    for afzender, maanden in afspraken.items():
        for v in verzoeken:
            if afzender in (REGIO, v["woongemeente"]):
                rijen += [(*stand.values(), afzender, m.eerste_dag) for m, stand in _standen(v, maanden)]
    return pl.DataFrame(rijen, schema={**SCHEMA, "gemeente": pl.String(), "leveringsmaand": pl.Date()}, orient="row")


def _verzoeken(wereld: Wereld, rng: np.random.Generator) -> Iterator[Rij]:
    """A request for every stay that began in these months, at most one per youth a month; some of them in vain."""
    verblijf = {p.productcode: p.cbs_hulpvorm for p in wereld.catalogus.producten if p.met_verblijf and p.cbs_hulpvorm}
    begonnen = wereld.nieuwste_toewijzingen().filter(
        pl.col("productcode").is_in(sorted(verblijf))
        & pl.col("ingangsdatum").is_between(wereld.maanden[0].eerste_dag, wereld.maanden[-1].laatste_dag)
    )
    begonnen = begonnen.unique(
        subset=["bsn", pl.col("ingangsdatum").dt.truncate("1mo")], keep="first", maintain_order=True
    )
    for i, t in enumerate(begonnen.iter_rows(named=True), start=1):
        spoed = bool(rng.random() < SPOED)
        wacht = min(int(rng.exponential(WACHT_SPOED if spoed else WACHT)), MAX_WACHT)
        tot_match = int(rng.integers(0, wacht + 1))
        begin = t["ingangsdatum"] - dt.timedelta(days=wacht)
        vergeefs = rng.random()
        yield {
            "verzoek_id": f"V{begin.year}-{i:05d}", "bsn": t["bsn"], "woongemeente": t["gemeente"],
            "verzoekdatum": begin, "hulpvorm": verblijf[t["productcode"]], "spoed": "ja" if spoed else "nee",
            "matchdatum": begin + dt.timedelta(days=tot_match) if vergeefs >= NOOIT else None,
            "aanbieder_agb": t["aanbieder_agb"] if vergeefs >= NOOIT else None,
            "plaatsingsdatum": t["ingangsdatum"] if vergeefs >= NOOIT else None,
            "uitkomst": "" if vergeefs >= NOOIT else ("ingetrokken", "geen_plek", "open")[int(vergeefs / NOOIT * 3)],
        }  # fmt: skip


def _standen(v: Rij, maanden: Sequence[Maand]) -> Iterator[tuple[Maand, Rij]]:
    """How it stood at the end of every month in which something changed; known from the first month that is told."""
    vorige: Rij | None = None
    for m in maanden:
        if v["verzoekdatum"] > m.laatste_dag:
            continue
        stand = _op(v, m.laatste_dag)
        if stand != vorige:
            yield m, stand
        vorige = stand


def _op(v: Rij, dag: dt.date) -> Rij:
    """Return the request as it stood on a day: what came later is not known. In vain is known after ninety days."""
    gematcht = v["matchdatum"] is not None and v["matchdatum"] <= dag
    geplaatst = v["plaatsingsdatum"] is not None and v["plaatsingsdatum"] <= dag
    over = v["uitkomst"] and (dag - v["verzoekdatum"]).days > 90
    uitkomst = "geplaatst" if geplaatst else "gematcht" if gematcht else v["uitkomst"] if over else "open"
    return v | {
        "matchdatum": v["matchdatum"] if gematcht else None,
        "aanbieder_agb": v["aanbieder_agb"] if gematcht else None,
        "plaatsingsdatum": v["plaatsingsdatum"] if geplaatst else None,
        "uitkomst": uitkomst,
    }


def _geplaatst(r: Rij) -> bool:
    return bool(r["uitkomst"] == "geplaatst" and r["verzoekdatum"] < r["matchdatum"] < r["plaatsingsdatum"])


def _open(r: Rij) -> bool:
    return bool(r["uitkomst"] == "open")


def _eerder(dag: dt.date, dagen: int = 1) -> dt.date:
    return dag - dt.timedelta(days=dagen)


GEBREKEN = (
    Gebrek("V01", verander=lambda _: {"hulpvorm": "19"}),
    Gebrek("V02", tekst={"spoed": "misschien"}),
    Gebrek("V03", tekst={"uitkomst": "klaar"}, waar=_open),
    Gebrek("V04", verander=lambda r: {"matchdatum": _eerder(r["verzoekdatum"])}, waar=_geplaatst),
    Gebrek("V05", verander=lambda r: {"plaatsingsdatum": _eerder(r["matchdatum"])}, waar=_geplaatst),
    Gebrek("V06", verander=lambda _: {"plaatsingsdatum": None}, waar=_geplaatst),
    Gebrek("V07", verander=lambda _: {"uitkomst": "gematcht"}, waar=_geplaatst),
    Gebrek("V08", verander=lambda _: {"aanbieder_agb": None}, waar=_geplaatst),
    Gebrek("V09", verander=lambda _: {"woongemeente": "GM0363"}),
    Gebrek("V10", kopie=lambda r: {"spoed": "nee" if r["spoed"] == "ja" else "ja"}),
    Gebrek("V11", verander=lambda r: {"verzoekdatum": _eerder(r["plaatsingsdatum"], 400)}, waar=_geplaatst),
    Gebrek("V12", verander=lambda r: {"verzoekdatum": r["verzoekdatum"] + dt.timedelta(days=400)}, waar=_open),
    Gebrek("V13", verander=lambda r: {"matchdatum": r["verzoekdatum"], "aanbieder_agb": "42345678"}, waar=_open),
    Gebrek("R02", tekst={"bsn": "999900007"}),
    Gebrek("R05", tekst={"verzoekdatum": ""}, waar=_open),
    Gebrek("R06", tekst={"verzoekdatum": "31-02-2025"}, waar=_open),
    Gebrek("R13", kopie=lambda _: {}, alleen_kopie=True),
    Gebrek("R15", tekst={"woongemeente": "Almelo"}),
)  # fmt: skip
