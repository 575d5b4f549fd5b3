"""What a dress costs: the same rows as CSV, quoted CSV, xlsx, Parquet and in a zip, read and judged side by side.

Printed per dress: microseconds per row of reading alone and of the whole door (reading, values, rules, verdict), and
its ratio to the plain CSV within this run. Every dress must give the same accepted rows, or the benchmark fails.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import statistics
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from pipeline.berichten.toets import Regelboek
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht, Sleutel, levering_id
from pipeline.domain.maanden import Maand
from pipeline.intake.bestandsdeur import lees_stuk
from pipeline.intake.deuren import Deur
from pipeline.intake.pseudoniemen import Pseudonimiseerder
from pipeline.intake.uitkomst import Stuk
from pipeline.settings import PROJECT, BsnReeks
from pipeline.synth.dracht import DRACHTEN, GEWOON, SCHEMAS, als_tekst, maak_op
from pipeline.synth.werkmap import als_parquet, als_xlsx
from pipeline.synth.xml_dracht import berichten

GEMEENTE, MAAND = "GM0141", Maand(2025, 3)
GRENS = 5.0
"""The slowest dress may cost this many times the plain CSV, for the whole door."""
IJW, GRENS_XML = "zip met iJw-berichten", 10.0
"""Messages in XML have a limit of their own."""


@dataclass
class Meting:
    """Microseconds per row of one dress, each repetition."""

    naam: str
    soort: str
    data: bytes
    lezen: list[float] = field(default_factory=list)
    deur: list[float] = field(default_factory=list)
    uitkomst: tuple[str, int] = ("", 0)


def rijen(n: int) -> pl.DataFrame:
    """Claims that the door accepts, each with its own reference."""
    i = pl.int_range(n)
    dag = pl.date(2025, 3, 1)
    return pl.select(
        aanbieder_agb=pl.lit("06345678"), declaratienummer=pl.concat_str(pl.lit("D"), (i // 500).cast(pl.String)),
        declaratieperiode_begin=dag, declaratiedagtekening=dag.dt.month_end() + pl.duration(days=i % 5),
        bsn=pl.lit("999900006"), referentienummer=pl.concat_str(pl.lit("R"), i.cast(pl.String)),
        vorig_referentienummer=pl.lit(None, pl.String), toewijzingnummer=1000 + i % 700,
        productcategorie=pl.lit("45"), productcode=pl.lit("45A04"), productperiode_begin=dag,
        productperiode_eind=dag.dt.month_end(), geleverd_volume=(1 + i % 40).cast(pl.Float64), eenheid=pl.lit("04"),
        producttarief=pl.lit(7090), ingediend_bedrag=(1 + i % 40) * 7090, debet_credit=pl.lit("D"),
        status=pl.lit("goedgekeurd"), retourcode=pl.lit(None, pl.String), datum_antwoord=pl.lit(None, pl.Date),
    ).select(pl.col(k).cast(s) for k, s in SCHEMAS[Bericht.DECLARATIES].items())  # fmt: skip


def drachten(n: int) -> list[Meting]:
    """The same rows in every kind of file."""
    getypt, bericht = rijen(n), Bericht.DECLARATIES
    csv = als_tekst(getypt, bericht, euro=False, dracht=GEWOON).write_csv(separator=";").encode()
    tekst = io.BytesIO()
    als_tekst(getypt, bericht, euro=False, dracht=GEWOON).write_parquet(tekst)
    xlsx = als_xlsx(getypt, bericht, GEMEENTE, euro=False)
    uit = [Meting("csv", "csv", csv)]
    for dracht in DRACHTEN:
        if dracht.naam in {"bom-aangehaald", "spreadsheet", "alles"}:
            als = als_tekst(getypt, bericht, euro=False, dracht=dracht)
            opmaak = maak_op(als, getypt, bericht, GEMEENTE, dracht, euro=False, rng=np.random.default_rng(1))
            uit.append(Meting(f"csv, {dracht.naam}", "csv", opmaak.inhoud))
    als_bericht = als_tekst(getypt, bericht, euro=False, dracht=GEWOON)
    return [
        *uit,
        Meting(IJW, "zip", berichten(als_bericht, bericht, GEMEENTE).als_zip()),
        Meting("csv in utf-16", "csv", csv.decode().encode("utf-16")),
        Meting("zip met csv", "zip", _zip("a.csv", csv)),
        Meting("parquet, getypt", "parquet", als_parquet(getypt, bericht, euro=False)),
        Meting("parquet, tekst", "parquet", tekst.getvalue()),
        Meting("xlsx", "xlsx", xlsx),
        Meting("zip met xlsx", "zip", _zip("a.xlsx", xlsx)),
    ]


def _zip(naam: str, data: bytes) -> bytes:
    uit = io.BytesIO()
    with zipfile.ZipFile(uit, "w", zipfile.ZIP_DEFLATED) as zip_:
        zip_.writestr(naam, data)
    return uit.getvalue()


def _stuk(m: Meting) -> Stuk:
    sleutel, nu = Sleutel(GEMEENTE, Bericht.DECLARATIES, MAAND), MAAND.plus(1)
    moment = dt.datetime.combine(nu.eerste_dag, dt.time(), dt.UTC)
    return Stuk(
        sleutel=sleutel, levering_id=levering_id(sleutel, m.naam), controle_id="", sha256=m.naam, n_bytes=len(m.data),
        bestandsnaam=f"{m.naam}.{m.soort}", extensie=m.soort, ontvangen_op=moment, verwerkt_op=moment, data=m.data,
    )  # fmt: skip


def _tijd(doe: Callable[[], object], n: int) -> float:
    begin = time.perf_counter()
    doe()
    return (time.perf_counter() - begin) / n * 1e6


def meet(n: int, keer: int) -> list[Meting]:
    """Measure every dress `keer` times, interleaved; RuntimeError when one gives other rows."""
    catalogus = Catalogus.load(PROJECT / "seeds")
    sleutel = Pseudonimiseerder(b"sleutel-van-de-benchmark-0123456789")
    deur = Deur(catalogus, Regelboek(catalogus, BsnReeks.SYNTHETISCH), sleutel, "benchmark")
    metingen = drachten(n)
    for ronde in range(keer + 1):
        for m in metingen:
            stuk = _stuk(m)
            lezen = _tijd(lambda s=stuk: lees_stuk(s, catalogus), n)  # type: ignore[misc]
            heel = _tijd(lambda s=stuk: deur.beoordeel([s]), n)  # type: ignore[misc]
            if ronde:  # the first warms up
                m.lezen.append(lezen)
                m.deur.append(heel)
            else:
                (uitspraak,) = deur.beoordeel([stuk])
                m.uitkomst = uitspraak.bewijs.inhoud_hash, uitspraak.bewijs.rijen.geaccepteerd
    if {m.uitkomst for m in metingen} != {metingen[0].uitkomst} or metingen[0].uitkomst[1] != n:
        raise RuntimeError(f"niet dezelfde rijen: {[(m.naam, m.uitkomst) for m in metingen]}")
    return metingen


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rijen", type=int, default=20_000)
    parser.add_argument("--n", type=int, default=3, help="repetitions")
    keuze = parser.parse_args()
    metingen = meet(keuze.rijen, keuze.n)
    per_csv = [statistics.median(x) for x in (metingen[0].lezen, metingen[0].deur)]
    print(f"{keuze.rijen} declaraties, {len(SCHEMAS[Bericht.DECLARATIES])} kolommen, µs per rij, {keuze.n} keer")
    print(f"{'dracht':24}{'MB':>7}{'lezen':>9}{'hele deur':>11}{'x csv':>8}")
    for m in metingen:
        lezen, deur = statistics.median(m.lezen), statistics.median(m.deur)
        print(f"{m.naam:24}{len(m.data) / 1e6:7.1f}{lezen:9.2f}{deur:11.2f}{deur / per_csv[1]:8.2f}")
    goed = True
    for metingen_, grens in (
        ([m for m in metingen if m.naam != IJW], GRENS),
        ([m for m in metingen if m.naam == IJW], GRENS_XML),
    ):
        traagste = max(metingen_, key=lambda m: statistics.median(m.deur))
        keer = statistics.median(traagste.deur) / per_csv[1]
        print(f"traagste: {traagste.naam}, {keer:.2f} keer de gewone CSV (grens {grens:.0f})")
        goed = goed and keer <= grens
    return 0 if goed else 1


if __name__ == "__main__":
    raise SystemExit(main())
