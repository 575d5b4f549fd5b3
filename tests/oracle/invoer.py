"""The rows a figure is computed from, and the reference data it is read with.

Lives here: reading geleverd/*.parquet and leveringen.csv (architecture.md, section 5) into plain values.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht
from pipeline.domain.maanden import Maand
from pipeline.domain.seedrijen import Product

if TYPE_CHECKING:
    from tests.oracle.kosten import Deel
    from tests.oracle.naijling import Naijling

SEGMENTEN = ("verblijf", "wonen", "ambulant", "crisis", "jb", "jr", "overig", "onbekend")
TOTAAL = "totaal"
REGIO = "REGIO"
GEACCEPTEERD = ("GEACCEPTEERD", "GEACCEPTEERD_MET_OPMERKINGEN", "NIHIL_BEVESTIGD")
T = "toewijzingen"
D = "declaraties"


@dataclass(frozen=True)
class Toewijzing:
    """One delivered version of an allocation."""

    gemeente: str
    leveringsmaand: Maand
    ontvangen_op: dt.datetime
    bsn: str
    geboortedatum: dt.date | None
    toewijzingnummer: int
    productcategorie: str | None
    productcode: str | None
    toewijzingsdatum: dt.date
    toewijzingstijd: dt.time | None
    ingangsdatum: dt.date
    einddatum: dt.date | None
    reden_wijziging: str | None
    besluitdatum: dt.date | None
    datum_ontvangst_verzoek: dt.date | None
    verwijzer_type: str | None
    startdatum_levering: dt.date | None
    stopdatum_levering: dt.date | None
    reden_beeindiging: str | None
    leveringsvorm: str | None
    aanbieder_agb: str | None = None
    volume: Decimal | None = None
    eenheid: str | None = None
    frequentie: str | None = None

    @property
    def nummer(self) -> tuple[str, int]:
        """What identifies the allocation over its versions."""
        return self.gemeente, self.toewijzingnummer

    @property
    def stempel(self) -> tuple[dt.date, dt.time]:
        """Version stamp; "a missing toewijzingstijd is 00:00:00"."""
        return self.toewijzingsdatum, self.toewijzingstijd or dt.time()


@dataclass(frozen=True)
class Regel:
    """One delivered claim line; amounts in cents."""

    gemeente: str
    leveringsmaand: Maand
    ontvangen_op: dt.datetime
    aanbieder_agb: str
    declaratiedagtekening: dt.date
    bsn: str
    referentienummer: str
    vorig_referentienummer: str | None
    toewijzingnummer: int
    productcategorie: str
    productcode: str
    productperiode_begin: dt.date
    productperiode_eind: dt.date
    geleverd_volume: float | None
    eenheid: str | None
    ingediend_bedrag: int
    debet_credit: str
    status: str | None

    @property
    def nummer(self) -> tuple[str, str, str]:
        """What identifies the line: (gemeente, aanbieder_agb, referentienummer)."""
        return self.gemeente, self.aanbieder_agb, self.referentienummer

    @property
    def teken(self) -> int:
        """D counts plus, C minus."""
        return 1 if self.debet_credit == "D" else -1

    @property
    def is_afgekeurd(self) -> bool:
        """Tell whether the municipality rejected the line."""
        return (self.status or "").lower() == "afgekeurd"


@dataclass(frozen=True)
class Geweigerd:
    """One refused claim line of a levering that stands; None where a cell cannot be read."""

    gemeente: str
    leveringsmaand: Maand
    rij: int
    is_stand: bool
    aanbieder_agb: str | None
    referentienummer: str | None
    productcategorie: str | None
    productcode: str | None
    begin: dt.date | None
    bedrag: int | None
    debet_credit: str | None
    status: str | None


@dataclass(frozen=True)
class Levering:
    """One file of the synthetic region, as leveringen.csv tells it."""

    gemeente: str
    bericht: str
    maand: Maand
    bestand: str
    ontvangen_op: dt.datetime
    verwachte_status: str

    @property
    def is_geaccepteerd(self) -> bool:
        """Tell whether a correct door accepts it."""
        return self.verwachte_status in GEACCEPTEERD


@dataclass(frozen=True)
class Soort:
    """What the product table says of one allocation or line."""

    segment: str
    hulpvorm: str
    categorie: str | None
    met_verblijf: bool
    crisis: bool
    ambulant_alternatief: bool
    behandeling: bool = False
    eenheid: str | None = None
    tarief_cent: int | None = None


@dataclass(frozen=True)
class Referentie:
    """Product table, code lists and inhabitants, as the sentences of SPEC 7 use them."""

    catalogus: Catalogus

    @cached_property
    def _producten(self) -> dict[tuple[str, str], list[Product]]:
        uit: dict[tuple[str, str], list[Product]] = {}
        for p in sorted(self.catalogus.producten, key=lambda p: p.geldig_van):
            uit.setdefault((p.productcode, p.gemeente), []).append(p)
        return uit

    @cached_property
    def _categorieen(self) -> dict[str, dict[str, str]]:
        return {r["code"]: r for r in self.catalogus.rijen("codes_productcategorie")}

    @cached_property
    def _verwijzers(self) -> dict[str, str]:
        return {r["code"]: r["kpi_groep"] for r in self.catalogus.rijen("codes_verwijzer")}

    @cached_property
    def verwijzergroepen(self) -> tuple[str, ...]:
        """Every group of referrers, "inclusief geen en onbekend"."""
        return tuple(sorted({*self._verwijzers.values(), "onbekend"}))

    @cached_property
    def _inwoners(self) -> dict[tuple[str, int], int]:
        return {(r.gemeente, r.jaar): r.inwoners_0_17 for r in self.catalogus.inwoners}

    def inwoners_0_17(self, gemeente: str, jaar: int) -> int:
        """Inhabitants 0-17 on 1 January of `jaar`; of a year without figures those of the nearest year."""
        jaren = [j for g, j in self._inwoners if g == gemeente]
        return self._inwoners[gemeente, min(max(jaar, min(jaren)), max(jaren))]

    def verwijzergroep(self, code: str | None) -> str:
        """Group of a referrer; unknown and empty are `onbekend`."""
        return self._verwijzers.get(code or "", "onbekend")

    def product(self, gemeente: str, code: str | None, dag: dt.date) -> Product | None:
        """Line of the product table: own before regional; outside all lines the first or the last holds."""
        for van in (gemeente, ""):
            for p in self._producten.get((code or "", van), []):
                if p.geldig_van <= dag and (p.geldig_tot is None or dag <= p.geldig_tot):
                    return p
        for van in (gemeente, ""):
            regels = self._producten.get((code or "", van), [])
            if regels:
                eerder = [p for p in regels if p.geldig_van <= dag]
                return eerder[-1] if eerder else regels[0]
        return None

    def soort(self, gemeente: str, code: str | None, categorie: str | None, dag: dt.date) -> Soort:
        """Segment, form of help, stay and crisis of a product on a day (SPEC 7, Segment and With stay)."""
        p = self.product(gemeente, code, dag)
        if p:
            return Soort(
                p.segment,
                p.cbs_hulpvorm or "geen",
                categorie or p.productcategorie,
                p.met_verblijf,
                p.crisis,
                p.ambulant_alternatief,
                p.behandeling,
                p.eenheid,
                p.tarief_cent,
            )
        terug = self._categorieen.get(categorie or "", {})
        return Soort(
            segment=terug.get("segment_fallback") or "onbekend",
            hulpvorm=terug.get("cbs_hulpvorm") or "geen",
            categorie=categorie,
            met_verblijf=terug.get("met_verblijf") == "ja",
            crisis=categorie == "46",
            ambulant_alternatief=False,
        )


@dataclass(frozen=True)
class Regio:
    """Everything the figures are computed from: the rows that stand, the leveringen and the seeds."""

    catalogus: Catalogus
    toewijzingen: tuple[Toewijzing, ...]
    regels: tuple[Regel, ...]
    leveringen: tuple[Levering, ...]
    peildatum: dt.date
    geweigerd: tuple[Geweigerd, ...] = ()
    half: frozenset[tuple[str, str, Maand]] = frozenset()
    """(gemeente, bericht, maand) whose levering has too many rows in quarantine to count as delivered."""
    twijfel: frozenset[tuple[str, str, Maand]] = frozenset()
    """(gemeente, bericht, maand) whose levering cannot be that of its month (twijfel.py)."""
    niet_heel: frozenset[tuple[str, str, Maand]] = frozenset()
    """(gemeente, bericht, maand) of care of which such a levering brought a part that matters."""

    @cached_property
    def referentie(self) -> Referentie:
        """The seeds as looked up."""
        return Referentie(self.catalogus)

    @cached_property
    def gemeenten(self) -> tuple[str, ...]:
        """Codes of the gemeenten of the regio."""
        return tuple(self.catalogus.gemeenten)

    @cached_property
    def gebieden(self) -> dict[str, tuple[str, ...]]:
        """Per gebied_code the gemeenten it holds."""
        return {REGIO: self.gemeenten} | {g: (g,) for g in self.gemeenten}

    @cached_property
    def geleverd(self) -> frozenset[tuple[str, str, Maand]]:
        """(gemeente, bericht, maand) whose levering was accepted or confirmed nil."""
        nihil = {
            (n.gemeente, n.bericht.value, n.maand)
            for n in self.catalogus.nihil_opgaven
            if n.bevestigd_op <= self.peildatum
        }
        return frozenset({(b.gemeente, b.bericht, b.maand) for b in self.leveringen if b.is_geaccepteerd} | nihil)

    @cached_property
    def staand(self) -> frozenset[tuple[str, str, Maand]]:
        """(gemeente, bericht, maand) with a levering that stands."""
        return frozenset((b.gemeente, b.bericht, b.maand) for b in self.leveringen if b.is_geaccepteerd)

    @property
    def fusie(self) -> bool:
        """Tell whether a gemeente ended since the first published month."""
        eerste = self.maanden[0].eerste_dag
        return any(g.geldig_tot is not None and g.geldig_tot >= eerste for g in self.catalogus.gemeenten.values())

    @cached_property
    def gedekt(self) -> frozenset[tuple[str, str, Maand]]:
        """Delivered, for dekking, panel and growth: not half in quarantine, and with the rows of its month."""
        wacht = {(g, D, m) for g, m in self.naijling.nog_niet_heel()}
        return self.geleverd - self.half - self.twijfel - self.niet_heel - wacht

    @cached_property
    def delen(self) -> list[Deel]:
        """Counting claim lines per care month."""
        from tests.oracle.kosten import kostendelen  # it computes with a region

        return kostendelen(self)

    @cached_property
    def naijling(self) -> Naijling:
        """What is still to come."""
        from tests.oracle.naijling import Naijling

        return Naijling(self, self.delen)

    @cached_property
    def maanden(self) -> tuple[Maand, ...]:
        """Months published: "from the first to the last leveringsmaand with an accepted levering"."""
        alle = [b.maand for b in self.leveringen if b.is_geaccepteerd]
        eerste, laatste = min(alle), max(alle)
        return tuple(eerste.plus(i) for i in range(laatste.volgnummer - eerste.volgnummer + 1))

    @cached_property
    def _laatste(self) -> dict[str, Maand]:
        goed = [b for b in self.leveringen if b.is_geaccepteerd]
        return {bericht: max(b.maand for b in goed if b.bericht == bericht) for bericht in (T, D)}

    def laatste_leveringsmaand(self, bericht: str) -> Maand:
        """Return "the last leveringsmaand of the regio for that bericht"."""
        return self._laatste[bericht]

    def getal(self, sleutel: str) -> int:
        """Return a whole-number setting of the regio."""
        return int(self.catalogus.getal(sleutel))


def lees_regio(map_: Path, catalogus: Catalogus, peildatum: dt.date) -> Regio:
    """Read the region at `map_`: rows that stand and are not in quarantine, identical rows of a file once."""
    from tests.oracle.twijfel import Twijfel  # it computes with a region

    leveringen = lees_leveringen(map_ / "leveringen.csv")
    ontvangen = {b.bestand: b.ontvangen_op for b in leveringen}
    regio = Regio(
        catalogus=catalogus,
        toewijzingen=tuple(_toewijzingen(_staande_rijen(map_ / "geleverd" / f"{T}.parquet"), ontvangen)),
        regels=tuple(_regels(_staande_rijen(map_ / "geleverd" / f"{D}.parquet"), ontvangen)),
        leveringen=tuple(leveringen),
        peildatum=peildatum,
        geweigerd=tuple(_geweigerd(map_ / "geleverd" / f"{D}.parquet", catalogus)),
        half=frozenset(_half(map_ / "geleverd", catalogus)),
    )
    twijfel = Twijfel(map_, regio)
    twijfels = frozenset((g, b, Maand.van(m)) for g, b, m in twijfel.geen_levering())
    niet_heel = frozenset((g, D, m) for g, m in twijfel.niet_heel(twijfels))
    return replace(regio, twijfel=twijfels, niet_heel=niet_heel)


def _half(map_: Path, catalogus: Catalogus) -> Iterable[tuple[str, str, Maand]]:
    """SPEC 13: "more than 5 percent of its rows and at least five rows (settings) in quarantine"."""
    deel, minstens = (float(catalogus.getal(f"dekking_quarantaine_{s}")) for s in ("aandeel", "rijen"))
    for bericht in (T, D):
        staand = pl.read_parquet(map_ / f"{bericht}.parquet").filter(
            pl.col("levering_geaccepteerd") & pl.col("is_geldend")
        )
        for g, m, n, fout in (
            staand.group_by("gemeente", "leveringsmaand")
            .agg(pl.len(), pl.col("in_quarantaine").sum().alias("q"))
            .rows()
        ):
            if fout >= minstens and fout > deel * n:
                yield g, bericht, _als_maand(m)


def _geweigerd(pad: Path, catalogus: Catalogus) -> Iterable[Geweigerd]:
    standen = {(a.gemeente, a.bericht.value) for a in catalogus.afspraken if a.soort == "stand"}
    rijen = pl.read_parquet(pad).filter(
        pl.col("levering_geaccepteerd") & pl.col("is_geldend") & pl.col("in_quarantaine")
    )
    for r in rijen.iter_rows(named=True):
        yield Geweigerd(
            gemeente=r["gemeente"],
            leveringsmaand=_als_maand(r["leveringsmaand"]),
            rij=r["rij"],
            is_stand=(r["gemeente"], D) in standen,
            aanbieder_agb=r["aanbieder_agb"],
            referentienummer=r["referentienummer"],
            productcategorie=r["productcategorie"],
            productcode=r["productcode"],
            begin=r["productperiode_begin"],
            bedrag=None if r["ingediend_bedrag"] is None else int(r["ingediend_bedrag"]),
            debet_credit=r["debet_credit"],
            status=r["status"],
        )


def lees_leveringen(pad: Path) -> list[Levering]:
    """Read leveringen.csv; lines without a file say what was never sent."""
    with pad.open(encoding="utf-8", newline="") as f:
        return [
            Levering(
                r["gemeente"],
                Bericht(r["bericht"]).value,
                Maand.lees(r["maand"]),
                r["bestand"],
                dt.datetime.fromisoformat(r["ontvangen_op"]),
                r["verwachte_status"],
            )
            for r in csv.DictReader(f)
            if r["bestand"]
        ]


def _staande_rijen(pad: Path) -> pl.DataFrame:
    rijen = pl.read_parquet(pad).filter(
        pl.col("levering_geaccepteerd") & pl.col("is_geldend") & ~pl.col("in_quarantaine")
    )
    return rijen.drop("rij").unique(maintain_order=True)


def _als_maand(waarde: Any) -> Maand:
    return Maand.van(waarde) if isinstance(waarde, dt.date) else Maand.lees(str(waarde)[:7])


def _als_tijd(waarde: Any) -> dt.time | None:
    return dt.time.fromisoformat(waarde) if isinstance(waarde, str) else waarde


def _toewijzingen(rijen: pl.DataFrame, ontvangen: dict[str, dt.datetime]) -> Iterable[Toewijzing]:
    velden = [v for v in Toewijzing.__dataclass_fields__ if v not in ("leveringsmaand", "ontvangen_op")]
    for r in rijen.iter_rows(named=True):
        waarden = {v: r.get(v) for v in velden}
        waarden["toewijzingnummer"] = int(r["toewijzingnummer"])
        waarden["toewijzingstijd"] = _als_tijd(r["toewijzingstijd"])
        yield Toewijzing(
            leveringsmaand=_als_maand(r["leveringsmaand"]), ontvangen_op=ontvangen[r["bestand"]], **waarden
        )


def _regels(rijen: pl.DataFrame, ontvangen: dict[str, dt.datetime]) -> Iterable[Regel]:
    velden = [v for v in Regel.__dataclass_fields__ if v not in ("leveringsmaand", "ontvangen_op")]
    for r in rijen.iter_rows(named=True):
        waarden = {v: r.get(v) for v in velden}
        waarden["toewijzingnummer"] = int(r["toewijzingnummer"])
        waarden["ingediend_bedrag"] = int(r["ingediend_bedrag"])
        yield Regel(leveringsmaand=_als_maand(r["leveringsmaand"]), ontvangen_op=ontvangen[r["bestand"]], **waarden)
