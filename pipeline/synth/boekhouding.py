"""What is written beside landing/: truth, deliveries, the list of leveringen, the ledger (architecture.md section 5).

Lives here: what the door must find in a file, what a perfect reader finds there, and the sizes of it all. Add here:
what somebody must be able to look up about the region. Keep out: the files themselves (bestanden.py).
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from pipeline.domain.bevindingen import Ernst
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import KERN, Bericht, Status
from pipeline.synth import bestandsgebreken as bg
from pipeline.synth.berichtrijen import PRODUCTDAG, Berichtrijen
from pipeline.synth.dracht import SCHEMAS, Opmaak
from pipeline.synth.leveringen import Levering
from pipeline.synth.planter import RID, Boeking


@dataclass(frozen=True)
class Samenvatting:
    """What was made: sizes per calendar year, counts of files and of planted defects."""

    gemeenten: int
    maanden: int
    bestanden: int
    jeugdigen: int
    rijen_toewijzingen: int
    rijen_declaraties: int
    soorten_gebreken: int
    bevindingen_gepland: int
    bevindingen_natuurlijk: int
    per_jaar: dict[str, dict[str, int]] = field(default_factory=dict)

    def als_dict(self) -> dict[str, Any]:
        """Plain form, for people and machines."""
        return asdict(self)


@dataclass
class Boekhouding:
    """What is written beside landing/."""

    grootboek: list[tuple[Levering, int | None, str, str, str]] = field(default_factory=list)
    geleverd: dict[Bericht, list[pl.DataFrame]] = field(default_factory=lambda: {b: [] for b in KERN})
    lege: set[str] = field(default_factory=set)

    def boek(self, v: Levering, rij: int | None, regel: str, toelichting: str, soort: str = "gepland") -> None:
        """Enter one finding."""
        self.grootboek.append((v, rij, regel, soort, toelichting))


def boek_levering(
    v: Levering, bericht: Bericht, opmaak: Opmaak, getypt: pl.DataFrame, geboekt: npt.NDArray[np.bool_],
    per_rid: dict[int, list[Boeking]], boek: Boekhouding, *, is_geldend: bool,
) -> None:  # fmt: skip
    """Enter what the door must find in one file, and what a perfect reader finds there."""
    eerste = opmaak.regels_vooraf + 1
    if v.gebrek in bg.REGEL:
        boek.boek(v, None, bg.REGEL[v.gebrek], v.toelichting)
    for nummer in sorted(v.weggelaten):
        boek.boek(v, None, "T26", f"toewijzing {nummer} ontbreekt in deze stand")
    if v.gebrek not in bg.NIET_BEOORDEELD:
        _boek_rijen(v, bericht, getypt, geboekt, per_rid, boek, eerste)
        for i in opmaak.nullen_rijen:
            boek.boek(v, i + eerste, "R11", "voorloopnullen weg")
        for i in opmaak.open_rijen:
            boek.boek(v, i + eerste, "R12", "geen einde als 31-12-9999")
    if v.gebrek in bg.ZONDER_RIJEN or not getypt.height:
        return
    boek.geleverd[bericht].append(
        getypt.with_columns(
            leveringsmaand=pl.lit(v.sleutel.maand.eerste_dag),
            bestand=pl.lit(v.bestand),
            rij=pl.int_range(eerste, eerste + getypt.height, dtype=pl.Int32),
            levering_geaccepteerd=pl.lit(v.is_geaccepteerd),
            is_geldend=pl.lit(is_geldend),
        )
    )


def _boek_rijen(
    v: Levering, bericht: Bericht, getypt: pl.DataFrame, geboekt: npt.NDArray[np.bool_],
    per_rid: dict[int, list[Boeking]], boek: Boekhouding, eerste: int,
) -> None:  # fmt: skip
    for i in np.flatnonzero(geboekt).tolist():
        for boeking in per_rid[int(getypt[RID][i])]:
            boek.boek(v, i + eerste, boeking.regel_code, boeking.toelichting, boeking.soort)
    if getypt.height:
        regel, _ = PRODUCTDAG[bericht]
        for i in np.flatnonzero(getypt["buiten_tabel"].to_numpy()).tolist():
            if all(x.regel_code != regel for x in per_rid.get(int(getypt[RID][i]), ())):
                boek.boek(v, i + eerste, regel, "begonnen voor de code er was", "natuurlijk")
    if v.gebrek == "L10":
        for i in np.flatnonzero(getypt["in_quarantaine"].to_numpy()).tolist():
            boek.boek(v, i + eerste, "R02", "L10")
    if bericht is Bericht.DECLARATIES and getypt.height:
        laat = getypt["is_laat"].to_numpy() & ~getypt["in_quarantaine"].to_numpy()
        for i in np.flatnonzero(laat).tolist():
            boek.boek(v, i + eerste, "D24", "naijling", "natuurlijk")


def leg_vast(
    out: Path, catalogus: Catalogus, berichten: dict[Bericht, Berichtrijen], bp: bg.Bestandsplan, boek: Boekhouding, *,
    gemeenten: int, maanden: int,
) -> Samenvatting:  # fmt: skip
    """Write the truth, what was delivered, the list of leveringen and the ledger."""
    for bericht, b in berichten.items():
        kolommen = list(SCHEMAS[bericht])
        (out / "waarheid").mkdir(parents=True, exist_ok=True)
        (out / "geleverd").mkdir(parents=True, exist_ok=True)
        waarheid = _als_decimaal(b.waarheid.select(*kolommen, "gemeente", "leveringsmaand"))
        waarheid.write_parquet(out / "waarheid" / f"{bericht.value}.parquet")
        extra = ("bestand", "rij", "in_quarantaine", "levering_geaccepteerd", "is_geldend")
        leeg = b.waarheid.clear().with_columns(
            bestand=pl.lit(""), rij=pl.lit(0, dtype=pl.Int32), **{k: pl.lit(value=False) for k in extra[2:]}
        )
        delen = [d.select(*kolommen, "gemeente", "leveringsmaand", *extra) for d in boek.geleverd[bericht]]
        geleverd = pl.concat(delen) if delen else leeg.select(*kolommen, "gemeente", "leveringsmaand", *extra)
        _als_decimaal(geleverd).write_parquet(out / "geleverd" / f"{bericht.value}.parquet")
    _schrijf_leveringen(out, catalogus, bp, boek)
    _schrijf_grootboek(out, boek)
    gepland = [r for r in boek.grootboek if r[3] == "gepland"]
    t, d = berichten[Bericht.TOEWIJZINGEN], berichten[Bericht.DECLARATIES]
    soorten = t.soorten | d.soorten | {v.gebrek for v in bp.leveringen if v.gebrek}
    return Samenvatting(
        gemeenten=gemeenten,
        maanden=maanden,
        bestanden=len(bp.leveringen),
        jeugdigen=t.waarheid["bsn"].n_unique(),
        rijen_toewijzingen=t.waarheid.height,
        rijen_declaraties=d.waarheid.height,
        soorten_gebreken=len(soorten),
        bevindingen_gepland=len(gepland),
        bevindingen_natuurlijk=len(boek.grootboek) - len(gepland),
        per_jaar=_per_jaar(t.waarheid, d.waarheid),
    )


def _als_decimaal(frame: pl.DataFrame) -> pl.DataFrame:
    """Volumes as exact decimals, times as times."""
    uit = [pl.col(k).cast(pl.Decimal(14, 2)) for k in ("volume", "geleverd_volume") if k in frame.columns]
    if "toewijzingstijd" in frame.columns:
        uit.append(pl.col("toewijzingstijd").str.to_time("%H:%M:%S"))
    return frame.with_columns(uit)


def _schrijf_leveringen(out: Path, catalogus: Catalogus, bp: bg.Bestandsplan, boek: Boekhouding) -> None:
    """List the files; a remark is a FOUT: a row that the door refuses."""
    telt = {r.regel_code for r in catalogus.regels.values() if r.ernst is Ernst.FOUT}
    opgemerkt = {v.bestand for v, _, regel, _, _ in boek.grootboek if regel in telt}
    with (out / "leveringen.csv").open("w", encoding="utf-8", newline="") as f:
        schrijver = csv.writer(f, lineterminator="\n")
        schrijver.writerow(
            [
                "gemeente",
                "bericht",
                "maand",
                "bestand",
                "ontvangen_op",
                "soort",
                "dracht",
                "verwachte_status",
                "toelichting",
            ]
        )
        for v in bp.leveringen:
            k = v.sleutel
            status = v.status
            if status is Status.GEACCEPTEERD and v.bestand in opgemerkt:
                status = Status.GEACCEPTEERD_MET_OPMERKINGEN
            if v.bestand in boek.lege:
                status = Status.NIHIL_BEVESTIGD
            schrijver.writerow(
                [k.gemeente, k.bericht.value, k.maand, v.bestand, v.ontvangen_op.strftime("%Y-%m-%dT%H:%M:%SZ"),
                 v.soort, v.dracht.naam, status.value, v.toelichting]
            )  # fmt: skip
        for k, reden in sorted(bp.niet_geleverd.items()):
            schrijver.writerow([k.gemeente, k.bericht.value, k.maand, "", "", "", "", "ONTBREEKT", reden])


def _schrijf_grootboek(out: Path, boek: Boekhouding) -> None:
    with (out / "grootboek.csv").open("w", encoding="utf-8", newline="") as f:
        schrijver = csv.writer(f, lineterminator="\n")
        schrijver.writerow(["gemeente", "bericht", "maand", "bestand", "rij", "regel_code", "soort", "toelichting"])
        schrijver.writerows(
            (v.sleutel.gemeente, v.sleutel.bericht.value, v.sleutel.maand, v.bestand, "" if rij is None else rij, regel,
             soort, toelichting)
            for v, rij, regel, soort, toelichting in boek.grootboek
        )  # fmt: skip


def _per_jaar(t: pl.DataFrame, d: pl.DataFrame) -> dict[str, dict[str, int]]:
    """Count youths, allocations, lines and euros per calendar year that is touched."""
    nieuwste = (
        t.sort("toewijzingsdatum", "toewijzingstijd")
        .group_by("gemeente", "toewijzingnummer", maintain_order=True)
        .last()
    )
    nieuwste = nieuwste.filter(pl.col("reden_wijziging").fill_null("") != "13")
    stop = pl.when(pl.col("reden_beeindiging") != "20").then("stopdatum_levering")
    eind = pl.min_horizontal("einddatum", stop).fill_null(pl.date(9999, 12, 31))
    telt = d.filter(pl.col("status") != "afgekeurd").with_columns(
        netto=pl.when(pl.col("debet_credit") == "D").then("ingediend_bedrag").otherwise(-pl.col("ingediend_bedrag"))
    )
    uit: dict[str, dict[str, int]] = {}
    for jaar in sorted(set(d["declaratiedagtekening"].dt.year().to_list())):
        loopt = nieuwste.filter((pl.col("ingangsdatum") <= dt.date(jaar, 12, 31)) & (eind >= dt.date(jaar, 1, 1)))
        eur = telt.filter(pl.col("productperiode_begin").dt.year() == jaar)["netto"].sum() // 100
        uit[str(jaar)] = {
            "jeugdigen": loopt["bsn"].n_unique(),
            "met_verblijf": loopt.filter(pl.col("productcategorie").is_in(["43", "44"]))["bsn"].n_unique(),
            "jb": loopt.filter(pl.col("productcategorie") == "48")["bsn"].n_unique(),
            "jr": loopt.filter(pl.col("productcategorie").is_in(["47", "49"]))["bsn"].n_unique(),
            "toewijzingen": loopt.height,
            "declaratieregels": d.filter(pl.col("declaratiedagtekening").dt.year() == jaar).height,
            "kosten_eur": int(eur),
        }
    return uit
