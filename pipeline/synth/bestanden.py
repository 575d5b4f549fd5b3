"""The files in landing/: which rows are in each, and its bytes with what is wrong with it as a file.

Lives here: from rows to files and their control files. Add here: how a new kind of defect of a file, or a new kind of
file, is written. Keep out: what a dress looks like (dracht.py, xml_dracht.py, werkmap.py), which file gets which defect
(bestandsgebreken.py), what is entered about it (boekhouding.py).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from pipeline.domain.bevindingen import Ernst
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht, Sleutel
from pipeline.domain.maanden import Maand
from pipeline.synth import bestandsgebreken as bg
from pipeline.synth.berichtrijen import LAAT, PRODUCTDAG, Berichtrijen
from pipeline.synth.boekhouding import Boekhouding, boek_levering
from pipeline.synth.dracht import GEWOON, Opmaak, als_tekst, maak_op
from pipeline.synth.leveringen import Levering
from pipeline.synth.planter import EXTRA_VELD, RID, Boeking
from pipeline.synth.werkmap import TITEL, als_parquet, als_xlsx
from pipeline.synth.xml_dracht import berichten as als_berichten
from pipeline.synth.xml_dracht import inpakken, los_antwoord
from pipeline.synth.xml_dracht import volgorde as berichtvolgorde


@dataclass(frozen=True)
class _Plek:
    """Where the rows of each (gemeente, leveringsmaand) lie in the sorted frame."""

    slots: dict[tuple[str, Maand], tuple[int, int]]

    @classmethod
    def van(cls, frame: pl.DataFrame) -> _Plek:
        slots: dict[tuple[str, Maand], tuple[int, int]] = {}
        start = 0
        for gemeente, maand, n in frame.group_by("gemeente", "leveringsmaand", maintain_order=True).len().iter_rows():
            slots[(gemeente, Maand.van(maand))] = (start, n)
            start += n
        return cls(slots)

    def van_levering(self, v: Levering) -> tuple[int, int]:
        """Offset and length of the rows of a levering; a stand holds everything up to its month."""
        g, m = v.sleutel.gemeente, v.maand_van_inhoud
        if v.soort != "stand":
            return self.slots.get((g, m), (0, 0))
        eigen = [(s, n) for (gem, maand), (s, n) in self.slots.items() if gem == g and maand <= m]
        if not eigen:
            return 0, 0
        begin = min(s for s, _ in eigen)
        return begin, sum(n for _, n in eigen)


def schrijf_bericht(
    out: Path, catalogus: Catalogus, b: Berichtrijen, berichten: dict[Bericht, Berichtrijen],
    leveringen: list[Levering], boek: Boekhouding, rng: np.random.Generator,
) -> None:  # fmt: skip
    """Write all files of one bericht and book what is in them."""
    fout = {r.regel_code for r in catalogus.regels.values() if r.ernst is Ernst.FOUT}
    per_rid: dict[int, list[Boeking]] = {}
    for boeking in b.boekingen:
        per_rid.setdefault(boeking.rid, []).append(boeking)
    kwade_rijen = pl.Series(sorted({x.rid for x in b.boekingen if x.regel_code in fout}), dtype=pl.Int64)
    rijen = b.rijen.with_columns(
        in_quarantaine=pl.col(RID).is_in(kwade_rijen.implode()),
        geboekt=pl.col(RID).is_in(pl.Series(sorted(per_rid), dtype=pl.Int64).implode()),
        is_laat=LAAT.fill_null(value=False) if b.bericht is Bericht.DECLARATIES else pl.lit(value=False),
    )
    rijen = _met_productregel(rijen, catalogus, PRODUCTDAG[b.bericht][1])
    plek = _Plek.van(rijen)
    tekst = {euro: als_tekst(rijen, b.bericht, euro=euro, dracht=GEWOON) for euro in (False, True)}
    geldend = _geldende(leveringen)
    for v in leveringen:
        if v.sleutel.bericht is not b.bericht:
            continue
        if v.gebrek == "L03":
            _schrijf_ander_bericht(out, v, berichten, boek)
            continue
        begin, n = plek.van_levering(v)
        keuze = _keuze(v, rijen[begin : begin + n], begin)
        _schrijf_levering(out, b, v, rijen, tekst[v.bedrag_eenheid == "euro"], keuze, per_rid, boek, rng,
                          is_geldend=geldend.get(v.sleutel) == v.bestand)  # fmt: skip


def _met_productregel(rijen: pl.DataFrame, catalogus: Catalogus, dag: str) -> pl.DataFrame:
    """Add whether no line of the product table, own or regional, is valid on `dag` (`buiten_tabel`).

    Before the table begins nobody can know.
    """
    sleutel = ["gemeente", "productcode", dag]
    begin = min(p.geldig_van for p in catalogus.producten)
    gevraagd = rijen.filter(pl.col(dag) >= begin).select(sleutel).drop_nulls().unique(maintain_order=True)
    lijnen = pl.DataFrame(
        [(p.productcode, p.gemeente, p.geldig_van, p.geldig_tot or dt.date.max) for p in catalogus.producten],
        schema={"productcode": pl.String, "van": pl.String, "eerste": pl.Date, "laatste": pl.Date}, orient="row",
    )  # fmt: skip
    geldig = gevraagd.join(lijnen, on="productcode").filter(
        ((pl.col("van") == "") | (pl.col("van") == pl.col("gemeente"))) & pl.col(dag).is_between("eerste", "laatste")
    )
    zonder = gevraagd.join(geldig, on=sleutel, how="anti").with_columns(buiten_tabel=pl.lit(value=True))
    samen = rijen.join(zonder, on=sleutel, how="left", maintain_order="left")
    return samen.with_columns(pl.col("buiten_tabel").fill_null(value=False))


def _schrijf_ander_bericht(out: Path, v: Levering, berichten: dict[Bericht, Berichtrijen], boek: Boekhouding) -> None:
    """Send the rows of the other bericht under the name of this one."""
    (ander,) = (b for soort, b in berichten.items() if soort is not v.sleutel.bericht)
    rijen = ander.waarheid.filter(
        (pl.col("gemeente") == v.sleutel.gemeente) & (pl.col("leveringsmaand") == v.sleutel.maand.eerste_dag)
    )
    if not rijen.height:
        rijen = ander.waarheid.head(3)
    als = als_tekst(rijen, ander.bericht, euro=v.bedrag_eenheid == "euro", dracht=GEWOON)
    _bewaar(out, v, Opmaak(als.write_csv(separator=";").encode(), 1), rijen, met_som=False)
    boek.boek(v, None, "L03", v.toelichting)


def _geldende(leveringen: list[Levering]) -> dict[Sleutel, str]:
    """Per key the file that stands: the newest accepted one."""
    uit: dict[Sleutel, tuple[dt.datetime, str]] = {}
    for v in leveringen:
        if v.is_geaccepteerd:
            uit[v.sleutel] = max(uit.get(v.sleutel, (v.ontvangen_op, v.bestand)), (v.ontvangen_op, v.bestand))
    return {k: bestand for k, (_, bestand) in uit.items()}


def _keuze(v: Levering, rijen: pl.DataFrame, begin: int) -> npt.NDArray[np.int64]:
    """Which rows (positions in the whole frame) are in the file."""
    n = rijen.height
    plaatsen = np.arange(begin, begin + n)
    if v.gebrek in ("L09", "nihil"):
        return plaatsen[:0]
    if v.gebrek == "L14":
        return plaatsen[: max(1, n * 4 // 5)]
    if v.soort == "stand" and v.versies == "laatste" and v.sleutel.bericht is Bericht.TOEWIJZINGEN and n:
        nieuwste = rijen.select(
            (pl.col("toewijzingsdatum") == pl.col("toewijzingsdatum").max().over("toewijzingnummer")).fill_null(
                value=True
            )
        )
        plaatsen = plaatsen[nieuwste.to_series().to_numpy()]
    elif v.weggelaten:
        plaatsen = plaatsen[~np.isin(rijen["toewijzingnummer"].to_numpy(), list(v.weggelaten))]
    return plaatsen


def _schrijf_levering(
    out: Path, b: Berichtrijen, v: Levering, rijen: pl.DataFrame, tekst: pl.DataFrame, keuze: npt.NDArray[np.int64],
    per_rid: dict[int, list[Boeking]], boek: Boekhouding, rng: np.random.Generator, *, is_geldend: bool,
) -> None:  # fmt: skip
    if v.dracht.soort == "xml":
        keuze = keuze[np.array(berichtvolgorde(rijen[keuze], b.bericht), dtype=np.int64)]
    getypt = rijen[keuze]
    extra: tuple[int, ...] = ()
    if v.gebrek == "L10":
        getypt = _bederf_bsn(getypt)
    geboekt = getypt["geboekt"].to_numpy() if getypt.height else np.zeros(0, dtype=bool)
    if v.gebrek in bg.GEEN_TABEL:
        opmaak = Opmaak(bg.onleesbaar(v.gebrek, rng), 1)
    else:
        euro = v.bedrag_eenheid == "euro" or v.gebrek == "L08"
        is_gewoon = v.dracht == GEWOON and v.gebrek not in ("L08", "L10")
        als = tekst[keuze] if is_gewoon else als_tekst(getypt, b.bericht, euro=euro, dracht=v.dracht)
        als, extra = _schrijf_ruw(als, getypt, geboekt, b.ruw)
        opmaak = _maak_inhoud(b.bericht, v, als, getypt, extra, rng, euro=euro)
    _bewaar(out, v, opmaak, getypt)
    if not getypt.height and not v.gebrek:
        boek.lege.add(v.bestand)
    boek_levering(v, b.bericht, opmaak, getypt, geboekt, per_rid, boek, is_geldend=is_geldend)


def _bederf_bsn(getypt: pl.DataFrame) -> pl.DataFrame:
    """Give two of five rows a person number that fails the eleven-test; late lines are left as they are."""
    slecht = (pl.int_range(pl.len()) % 5 < 2) & ~pl.col("is_laat")
    cijfer = (pl.col("bsn").str.slice(8).cast(pl.Int64) + 1) % 10
    kapot = pl.concat_str(pl.col("bsn").str.slice(0, 8), cijfer.cast(pl.String))
    return getypt.with_columns(bsn=pl.when(slecht).then(kapot).otherwise("bsn"), in_quarantaine=slecht)


def _schrijf_ruw(
    als: pl.DataFrame, getypt: pl.DataFrame, geboekt: npt.NDArray[np.bool_], ruw: dict[int, list[tuple[str, str]]]
) -> tuple[pl.DataFrame, tuple[int, ...]]:
    """Put the texts that no type can hold into the cells; tell which rows get a field too many."""
    extra: list[int] = []
    for i in np.flatnonzero(geboekt).tolist():
        for kolom, waarde in ruw.get(int(getypt[RID][i]), ()):
            if kolom == EXTRA_VELD:
                extra.append(i)
            else:
                als = als.with_columns(als[kolom].scatter(i, waarde))
    return als, tuple(extra)


def _maak_inhoud(
    bericht: Bericht, v: Levering, als: pl.DataFrame, getypt: pl.DataFrame, extra: tuple[int, ...],
    rng: np.random.Generator, *, euro: bool,
) -> Opmaak:  # fmt: skip
    """Return the bytes of a table, with the file-level defect of the levering in it."""
    if v.gebrek == "L05":
        weg = "ingangsdatum" if bericht is Bericht.TOEWIJZINGEN else "productperiode_begin"
        return Opmaak(als.drop(weg).write_csv(separator=";").encode(), 1)
    if v.gebrek == "L06":
        regels = als.write_csv(separator=";").splitlines()
        dubbel = [r + ";" + (r.split(";")[0]) for r in regels]
        return Opmaak(("\n".join(dubbel) + "\n").encode(), 1)
    if v.dracht.soort != "csv":
        return _ander_soort(bericht, v, als, getypt, euro=euro)
    if v.dracht == GEWOON and not extra:
        return Opmaak(als.write_csv(separator=";").encode(), 1)
    return maak_op(als, getypt, bericht, v.sleutel.gemeente, v.dracht, euro=euro, extra_velden=extra, rng=rng)


def _ander_soort(bericht: Bericht, v: Levering, als: pl.DataFrame, getypt: pl.DataFrame, *, euro: bool) -> Opmaak:
    """Return the bytes of a file that is no CSV."""
    if v.dracht.soort == "xlsx":
        return Opmaak(als_xlsx(getypt, bericht, v.sleutel.gemeente, euro=euro), TITEL + 1)
    if v.dracht.soort == "parquet":
        return Opmaak(als_parquet(getypt, bericht, euro=euro), 1)
    if not als.height:  # there is no message that says nothing
        return Opmaak(inpakken({"leeg.csv": als.write_csv(separator=";").encode()}), 1)
    leden = dict(als_berichten(als, bericht, v.sleutel.gemeente).leden)
    if v.gebrek == "L15":
        leden |= [los_antwoord(v.sleutel.gemeente)]
    # rows are numbered from 1: there is no header row
    return Opmaak(inpakken(leden), 0)


def _bewaar(out: Path, v: Levering, opmaak: Opmaak, getypt: pl.DataFrame, *, met_som: bool = True) -> None:
    """Write the file and, where it has one, its control file; both bear the moment of arrival."""
    pad = out / "landing" / v.bestand
    pad.parent.mkdir(parents=True, exist_ok=True)
    pad.write_bytes(opmaak.inhoud)
    moment = v.ontvangen_op.timestamp()
    os.utime(pad, (moment, moment))
    leeg = v.gebrek != "L09" and not getypt.height and v.gebrek not in bg.GEEN_TABEL
    if not met_som or not (v.met_controle or leeg):
        return
    kolom = "budget" if v.sleutel.bericht is Bericht.TOEWIJZINGEN else "ingediend_bedrag"
    som = int(getypt[kolom].sum() or 0) if getypt.height else 0
    controle = {
        "rijen": getypt.height + (3 if v.gebrek == "L07 rijen" else 0),
        "som_bedrag_cent": som + (10_000 if v.gebrek == "L07 som" else 0),
        "sha256": "0" * 64 if v.gebrek == "L07 sha256" else hashlib.sha256(opmaak.inhoud).hexdigest(),
    }
    naast = pad.with_name(pad.stem + ".controle.json")
    naast.write_text(json.dumps(controle) + "\n", encoding="utf-8")
    os.utime(naast, (moment, moment))
