"""Rows that lie on every boundary of SPEC 7, put straight into a data home: no door would let all of them through.

Lives here: a random region of few youths with gaps of 29 to 33 days, same-day starts and ends, stops, deletions, equal
version stamps, rows delivered again, lines over months, rejected debits with credits, unknown products, unborn youths.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.berichten import CONTRACTEN
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.kalender import kalender
from pipeline.domain.leveringen import KERN, Bericht, Ontvangstbewijs, Sleutel, Status, Telling, levering_id
from pipeline.domain.maanden import Maand
from pipeline.domain.publicaties import PublicatieGegevens, maak_publicatie_id, vingerafdruk
from pipeline.settings import Settings

Rij = dict[str, Any]
DAG = dt.timedelta(days=1)
GEMEENTEN = ("GM0141", "GM0147", "GM0183")
MAANDEN = tuple(Maand(2024, 1).plus(i) for i in range(27))
EERSTE, LAATSTE = MAANDEN[0], MAANDEN[-1]
NIET_GELEVERD = (("GM0147", Maand(2024, 7)), ("GM0147", LAATSTE))
NU = dt.datetime(2026, 4, 28, 9, tzinfo=dt.UTC)
PRODUCTEN: tuple[tuple[str | None, str | None], ...] = (
    ("45A04", "45"), ("43A01", "43"), ("44A21", "44"), ("44A09", "44"), ("46A02", "46"), ("46A01", "46"),
    ("48A03", "48"), ("48A01", "48"), ("47A01", "47"), ("42A03", "42"), ("ZZZ99", "43"), ("ZZZ98", "46"), (None, "35"),
    (None, "36"), (None, "52"), (None, "46"), (None, None), ("45A48", None), ("46A01", None), ("ZZZ97", None),
    ("55A12", "55"),
)  # fmt: skip
VERWIJZERS = (None, "01", "02", "03", "04", "05", "06", "07", "08", "99")
DATUMS = (
    "geboortedatum", "toewijzingsdatum", "ingangsdatum", "einddatum", "besluitdatum", "datum_ontvangst_verzoek",
    "startdatum_levering", "stopdatum_levering", "declaratiedagtekening", "productperiode_begin",
    "productperiode_eind", "leveringsmaand",
)  # fmt: skip
TYPEN = {
    **dict.fromkeys(DATUMS, pl.Date()), "toewijzingnummer": pl.Int64(), "ingediend_bedrag": pl.Int64(),
    "budget": pl.Int64(), "toewijzingstijd": pl.Time(), "volume": pl.Decimal(14, 2),
    "geleverd_volume": pl.Decimal(14, 2),
}  # fmt: skip


@dataclass
class Randregio:
    """The rows as they are made; deterministic in the seed."""

    seed: int
    toewijzingen: list[Rij] = field(default_factory=list)
    declaraties: list[Rij] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.kans = random.Random(self.seed)
        self.nummer = 1000
        self.referentie = 0

    def dag(self, van: dt.date, tot: dt.date) -> dt.date:
        """Any day from `van` to `tot`."""
        return van + DAG * self.kans.randint(0, (tot - van).days)

    def is_raak(self, kans: float) -> bool:
        """Throw a coin."""
        return self.kans.random() < kans

    def vul(self, n_jeugdigen: int) -> Randregio:
        """Make the rows of `n_jeugdigen` youths."""
        for j in range(n_jeugdigen):
            self._jeugdige(f"{900_000_000 + j * 11:09d}")
        return self

    def _geboren(self) -> dt.date | None:
        op_de_eerste = dt.date(self.kans.randint(2002, 2010), self.kans.randint(1, 12), 1)
        ergens = self.dag(dt.date(2001, 1, 1), dt.date(2026, 6, 1))
        return self.kans.choice([ergens, ergens, op_de_eerste, op_de_eerste, op_de_eerste, None])

    def _jeugdige(self, bsn: str) -> None:
        geboren, gemeente = self._geboren(), self.kans.choice(GEMEENTEN)
        vorige = self.dag(dt.date(2023, 9, 1), dt.date(2026, 2, 1))
        for _ in range(self.kans.randint(1, 5)):
            gemeente = self.kans.choice(GEMEENTEN) if self.is_raak(0.2) else gemeente
            begin = vorige + DAG * self.kans.choice([0, 1, 2, 15, 29, 30, 31, 32, 33, -7, 70, 1, 31])
            eind = begin + DAG * self.kans.choice([0, 1, 10, 30, 45, 100, 250]) if self.is_raak(0.88) else None
            self._toewijzing(bsn, geboren, gemeente, begin, eind)
            vorige = eind or begin

    def _toewijzing(
        self, bsn: str, geboren: dt.date | None, gemeente: str, begin: dt.date, eind: dt.date | None
    ) -> None:
        self.nummer += 1
        code, categorie = self.kans.choice(PRODUCTEN)
        afgifte = begin + DAG * self.kans.choice([-30, -8, -7, -1, 0, 0, 1, 7, 8, 30, 31, 60, 91, 92, 120])
        rij: Rij = {
            "gemeente": gemeente, "bsn": bsn, "geboortedatum": geboren, "toewijzingnummer": self.nummer,
            "productcategorie": categorie, "productcode": code, "toewijzingsdatum": afgifte,
            "toewijzingstijd": self._tijd(), "ingangsdatum": begin, "einddatum": eind,
            "reden_wijziging": self.kans.choice([None] * 8 + ["04", "14"]),
            "besluitdatum": afgifte - DAG * self.kans.randint(0, 9) if self.is_raak(0.3) else None,
            "datum_ontvangst_verzoek": afgifte - DAG * self.kans.choice([0, 4, 5, 6, 7, 8, 9, 10, 12, -2])
            if self.is_raak(0.5) else None,
            "verwijzer_type": self.kans.choice(VERWIJZERS),
            "startdatum_levering": afgifte + DAG * self.kans.choice([-1, 0, 1, 5]) if self.is_raak(0.5) else None,
            "stopdatum_levering": None, "reden_beeindiging": None, "budget": None,
            "aanbieder_agb": f"4200000{self.kans.randint(1, 4)}",
            "volume": self.kans.choice([None, Decimal(0), Decimal("3.50"), Decimal(7), Decimal(100)]),
            "eenheid": self.kans.choice(["04", "14", "04", "14", "84", "01", "83", None]),
            "frequentie": self.kans.choice(["1", "2", "4", "6", "6", "9", None]),
            "leveringsvorm": self.kans.choice([None, "ZIN", "ZIN", "PGB"]),
        }  # fmt: skip
        maand = max(Maand.van(afgifte), EERSTE)
        for versie in range(self.kans.choice([1, 1, 1, 2, 2, 3])):
            if versie:
                rij, maand = self._nieuwe_versie(rij), maand.plus(self.kans.choice([0, 1, 1, 2, 5]))
            self._lever_versie(rij | self._stop(rij), maand)
        for _ in range(self.kans.randint(0, 5)):
            self._regels(rij)

    def _tijd(self) -> dt.time | None:
        return self.kans.choice([None, dt.time(), dt.time(8), dt.time(12, 30)])

    def _nieuwe_versie(self, oud: Rij) -> Rij:
        """Change a version; the stamp may stay the same."""
        begin = oud["ingangsdatum"]
        nieuw = dict(oud)
        if self.is_raak(0.3):
            nieuw["toewijzingstijd"] = self._tijd()
        else:
            nieuw["toewijzingsdatum"] += DAG * self.kans.choice([0, 1, 20, 40, 100])
        nieuw["reden_wijziging"] = self.kans.choice(["04", "05", "13", "01", "01", "14", "09", None])
        nieuw["einddatum"] = self.kans.choice([begin, oud["einddatum"], begin + DAG * self.kans.randint(0, 200), None])
        if self.is_raak(0.2):
            nieuw["verwijzer_type"] = self.kans.choice(VERWIJZERS)
        if self.is_raak(0.1):
            nieuw["productcode"], nieuw["productcategorie"] = self.kans.choice(PRODUCTEN)
        return nieuw

    def _stop(self, rij: Rij) -> Rij:
        if not self.is_raak(0.3):
            return {}
        begin = rij["ingangsdatum"]
        einde = rij["einddatum"] or begin + DAG * 60
        return {
            "stopdatum_levering": self.kans.choice([begin - DAG, begin, einde, einde - DAG, begin + DAG * 5]),
            "reden_beeindiging": self.kans.choice(["20", "31", "31", None]),
        }

    def _lever_versie(self, rij: Rij, maand: Maand) -> None:
        """Deliver a version: once, twice in one file, or again a month later with a start."""
        stempel = (rij["toewijzingnummer"], rij["toewijzingsdatum"], rij["toewijzingstijd"] or dt.time(), maand)
        if not EERSTE <= maand <= LAATSTE or stempel in {_stempel(r) for r in self.toewijzingen[-8:]}:
            return  # the door refuses two contents under one stamp in one file
        geleverd = rij | {"leveringsmaand": maand.eerste_dag}
        self.toewijzingen += [geleverd] * (2 if self.is_raak(0.1) else 1)
        if self.is_raak(0.15) and maand < LAATSTE:
            start = rij["startdatum_levering"] or rij["ingangsdatum"]
            later = geleverd | {"leveringsmaand": maand.plus(1).eerste_dag, "startdatum_levering": start}
            self.toewijzingen.append(later)

    def _regels(self, toewijzing: Rij) -> None:
        """One debit, and perhaps its credit, another version of it, the same row twice."""
        debet = self._debet(toewijzing)
        maand = Maand.van(debet["leveringsmaand"])
        nieuw = [debet]
        if self.is_raak(0.25):
            self.referentie += 1
            nieuw.append(
                debet
                | {
                    "debet_credit": "C", "vorig_referentienummer": debet["referentienummer"],
                    "referentienummer": f"R{self.referentie}", "status": self.kans.choice([None, "goedgekeurd"]),
                    "leveringsmaand": min(maand.plus(self.kans.randint(0, 3)), LAATSTE).eerste_dag,
                }
            )  # fmt: skip
        if self.is_raak(0.25) and maand < LAATSTE:
            anders = {"status": self.kans.choice(["afgekeurd", "goedgekeurd"]), "ingediend_bedrag": 4711}
            nieuw.append(debet | anders | {"leveringsmaand": maand.plus(1).eerste_dag})
        for r in nieuw:
            sleutel = ("gemeente", "aanbieder_agb", "referentienummer", "leveringsmaand")
            if all(any(r[k] != x[k] for k in sleutel) for x in self.declaraties[-40:]):
                self.declaraties += [r] * (2 if self.is_raak(0.05) else 1)

    def _debet(self, t: Rij) -> Rij:
        self.referentie += 1
        begin, einde = t["ingangsdatum"], t["einddatum"] or t["ingangsdatum"]
        pb = self.kans.choice(
            [begin, self.dag(begin - DAG * 40, begin + DAG * 200), einde + DAG, Maand.van(begin).eerste_dag]
        )
        maandeinde = Maand.van(pb).laatste_dag
        pe = self.kans.choice([maandeinde, pb, pb + DAG * self.kans.randint(0, 75), maandeinde + DAG])
        grens = Maand.van(pe).plus(1).laatste_dag
        dagtekening = self.kans.choice([grens, grens + DAG, pe + DAG * self.kans.randint(-10, 120)])
        maand = Maand.van(dagtekening).plus(self.kans.choice([-1, 1, 3]) if self.is_raak(0.2) else 0)
        code, categorie = t["productcode"], t["productcategorie"]
        if self.is_raak(0.4) or not code or not categorie:
            code, categorie = self.kans.choice([p for p in PRODUCTEN if all(p)])
        return {
            "gemeente": t["gemeente"], "leveringsmaand": min(max(maand, EERSTE), LAATSTE).eerste_dag,
            "aanbieder_agb": f"4200000{self.kans.randint(1, 4)}", "declaratiedagtekening": dagtekening,
            "bsn": t["bsn"], "referentienummer": f"R{self.referentie - self.is_raak(0.1)}",
            "vorig_referentienummer": None,
            "toewijzingnummer": t["toewijzingnummer"] if self.is_raak(0.9) else 999_999,
            "productcategorie": categorie, "productcode": code, "productperiode_begin": pb, "productperiode_eind": pe,
            "geleverd_volume": self.kans.choice([Decimal("0.50"), Decimal(1), Decimal(7), Decimal(31), Decimal(90)]),
            "eenheid": self.kans.choice([t["eenheid"] or "04", "01", "04", "14", "83"]),
            "ingediend_bedrag": self.kans.choice([0, 1, 2, 3, 10, 99, 100, self.kans.randint(1, 100_000)]),
            "debet_credit": "D", "status": self.kans.choice(["goedgekeurd", None, "afgekeurd", "goedgekeurd"]),
        }  # fmt: skip

    def bewaar(self, bron: Path) -> None:
        """Write geleverd/ and leveringen.csv (architecture.md, section 5)."""
        (bron / "geleverd").mkdir(parents=True)
        with (bron / "leveringen.csv").open("w", encoding="utf-8", newline="") as f:
            schrijver = csv.writer(f)
            schrijver.writerow(["gemeente", "bericht", "maand", "bestand", "ontvangen_op", "verwachte_status"])
            for bericht, rijen in ((Bericht.TOEWIJZINGEN, self.toewijzingen), (Bericht.DECLARATIES, self.declaraties)):
                frame = _als_geleverd(bericht, rijen)
                frame.write_parquet(bron / "geleverd" / f"{bericht.value}.parquet")
                for (bestand,), deel in sorted(frame.group_by("bestand")):
                    maand = Maand.van(deel["leveringsmaand"][0])
                    moment = min(
                        dt.datetime.combine(maand.plus(1).dag(10), dt.time(8), dt.UTC) + DAG * self.kans.randint(0, 60),
                        NU - dt.timedelta(hours=self.kans.randint(1, 99)),
                    )
                    schrijver.writerow(
                        [deel["gemeente"][0], bericht.value, maand, bestand, moment.isoformat(), "GEACCEPTEERD"]
                    )


def _stempel(r: Rij) -> tuple[object, ...]:
    return (
        r["toewijzingnummer"],
        r["toewijzingsdatum"],
        r["toewijzingstijd"] or dt.time(),
        Maand.van(r["leveringsmaand"]),
    )


def _als_geleverd(bericht: Bericht, rijen: list[Rij]) -> pl.DataFrame:
    schema = {k: TYPEN.get(k, pl.String()) for k in rijen[0]}
    weg = [f"{g} {m}" for g, m in NIET_GELEVERD]
    maand = pl.col("leveringsmaand").dt.strftime("%Y-%m")
    return (
        pl.DataFrame(rijen, schema=schema, orient="row")
        .filter(~pl.concat_str("gemeente", maand, separator=" ").is_in(weg))
        .with_columns(
            bestand=pl.format("{}/{}_{}_{}.csv", "gemeente", pl.lit(bericht.value), "gemeente", maand),
            in_quarantaine=pl.lit(value=False),
            levering_geaccepteerd=pl.lit(value=True),
            is_geldend=pl.lit(value=True),
        )
        .sort("bestand")
        .with_columns(rij=pl.int_range(2, pl.len() + 2, dtype=pl.Int32).over("bestand"))
    )


def bouw(bron: Path, settings: Settings, catalogus: Catalogus) -> None:
    """Put the rows in validated/ with their receipts, load and build: everything right of the door."""
    from pipeline import warehouse

    bewijzen = list(_leg_neer(bron, settings))
    merk = vingerafdruk(bewijzen, seedversie="s", codeversie="c", peildatum=NU.date())
    gegevens = PublicatieGegevens(
        maak_publicatie_id(NU, merk), NU, NU, "c", "s", "d", n_leveringen=len(bewijzen), reeks="synthetisch"
    )
    warehouse.laad(
        settings, catalogus, bewijzen, peilmoment=NU, publicatie=gegevens, kalender=kalender(catalogus, bewijzen, NU)
    )
    warehouse.bouw(settings, vars=gegevens.dbt_vars())


def _leg_neer(bron: Path, settings: Settings) -> Iterator[Ontvangstbewijs]:
    from pipeline.warehouse.laden import validated_pad
    from pipeline.warehouse.tabellen import RIJTABELLEN

    rijen = {b: pl.read_parquet(bron / "geleverd" / f"{b.value}.parquet") for b in KERN}
    with (bron / "leveringen.csv").open(encoding="utf-8", newline="") as f:
        leveringen = list(csv.DictReader(f))
    for r in leveringen:
        bericht = Bericht(r["bericht"])
        frame = rijen[bericht].filter(pl.col("bestand") == r["bestand"])
        sleutel = Sleutel(r["gemeente"], bericht, Maand.lees(r["maand"]))
        sha = hashlib.sha256(r["bestand"].encode()).hexdigest()
        cent = int(frame["ingediend_bedrag"].sum()) if bericht is Bericht.DECLARATIES else 0
        bewijs = Ontvangstbewijs(
            levering_id(sleutel, sha), sleutel, sha, 1, Path(r["bestand"]).name,
            dt.datetime.fromisoformat(r["ontvangen_op"]), NU, Status.GEACCEPTEERD, rijen_in_bestand=frame.height,
            rijen=Telling(frame.height, frame.height), bedrag_cent=Telling(cent, cent), deurversie="d",
        )  # fmt: skip
        pad = validated_pad(settings.huis, bewijs)
        pad.parent.mkdir(parents=True, exist_ok=True)
        _als_gevalideerd(frame, bewijs, list(RIJTABELLEN[bericht])).write_parquet(pad)
        yield bewijs


def _als_gevalideerd(frame: pl.DataFrame, bewijs: Ontvangstbewijs, kolommen: list[str]) -> pl.DataFrame:
    """Give rows the shape the door leaves (architecture.md, section 3); the pseudonym is the number itself."""
    inhoud = [k for k in frame.columns if k not in ("rij", "bestand", "leveringsmaand")]
    frame = frame.with_columns(
        levering_id=pl.lit(bewijs.levering_id),
        pseudoniem=pl.col("bsn"),
        rij_hash=pl.struct(inhoud).hash(seed=1).cast(pl.String),
        signalen=pl.lit(""),
        toewijzingnummer=pl.col("toewijzingnummer").cast(pl.String),
        eigen_sleutel=pl.col(CONTRACTEN[bewijs.sleutel.bericht].eigen_sleutel).cast(pl.String),
    )
    if bewijs.sleutel.bericht is Bericht.TOEWIJZINGEN:
        geboren = pl.col("geboortedatum")
        eerste = pl.when(geboren.dt.day() == 1).then(geboren).otherwise(geboren.dt.offset_by("1mo").dt.month_start())
        frame = frame.with_columns(leeftijdsmaand=eerste)
    else:
        frame = frame.with_columns(ingediend_bedrag_cent="ingediend_bedrag")
    leeg = [pl.lit(None, dtype=_type(k)).alias(k) for k in kolommen if k not in frame.columns]
    return frame.with_columns(leeg).select(kolommen)


def _type(kolom: str) -> pl.DataType:
    if kolom in ("volume", "geleverd_volume"):
        return pl.Decimal(14, 2)
    if kolom == "producttarief_cent":
        return pl.Decimal(14, 4)
    if kolom == "budget_cent":
        return pl.Int64()
    return pl.Date() if kolom in ("declaratieperiode_begin", "datum_antwoord") else pl.String()
