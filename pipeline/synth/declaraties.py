"""What was claimed: one line per allocation and month of care, with everything that happens to lines afterwards.

Lives here: from numbers to the rows of the declaraties extract (iJw 323; DOMAIN 1.4): naijling, rejections, credits,
claims anew. Add here: a way in which a line comes about. Keep out: which file a row ends up in, defects.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from pipeline.domain.maanden import Maand
from pipeline.synth import parameters as p
from pipeline.synth.bevolking import (
    CRISIS,
    JB,
    JR,
    VERBLIJF,
    VERVOER,
    Bevolking,
    Dagen,
    begrensd_normaal,
    dag_nr,
    eerste_dag,
    maand_nr,
)
from pipeline.synth.toewijzingen import Assortiment, Nummers

SCHEMA = {
    "aanbieder_agb": pl.String, "declaratienummer": pl.String, "declaratieperiode_begin": pl.Date,
    "declaratiedagtekening": pl.Date, "bsn": pl.String, "referentienummer": pl.String,
    "vorig_referentienummer": pl.String, "toewijzingnummer": pl.Int64, "productcategorie": pl.String,
    "productcode": pl.String, "productperiode_begin": pl.Date, "productperiode_eind": pl.Date,
    "geleverd_volume": pl.Float64, "eenheid": pl.String, "producttarief": pl.Int64, "ingediend_bedrag": pl.Int64,
    "debet_credit": pl.String, "status": pl.String, "retourcode": pl.String, "datum_antwoord": pl.Date,
}  # fmt: skip
RETOURCODES = np.array(["0611", "9321", "9308", "9346", "8214"])
_MINUTEN_AANBIEDER = 9
"""Providers with this remainder by ten claim some of their hours in minutes (IV081)."""


def maak_declaraties(
    b: Bevolking, a: Assortiment, agb: npt.NDArray[np.str_], nummers: Nummers, eerste: Maand, laatste: Maand,
    rng: np.random.Generator,
) -> pl.DataFrame:  # fmt: skip
    """Make all lines with a dagtekening from the first day of `eerste` to the last of `laatste`.

    The frame has the columns of the extract plus gemeente, leveringsmaand and `nr` (index into Nummers).
    """
    t0, t1 = dag_nr(eerste.eerste_dag), dag_nr(laatste.laatste_dag)
    basis = _zorgmaanden(nummers, a, t0, t1, rng)
    basis = _dagtekening(basis, nummers, rng)
    basis = _prijs(basis, a, nummers.stukken.aanbieder, rng)
    basis = basis.filter(pl.col("dagtekening") <= t1)
    alles = _levensloop(basis, t1, rng).filter((pl.col("dagtekening") >= t0) & (pl.col("dagtekening") <= t1))
    return _rijen(b, a, agb, nummers, alles, rng)


def _zorgmaanden(nummers: Nummers, a: Assortiment, t0: int, t1: int, rng: np.random.Generator) -> pl.DataFrame:
    """One row per number and month in which care is claimed: period clipped to the allocation (IV089), volume."""
    s = nummers.stukken
    van = np.maximum(s.begin, t0 - 270)
    tot = np.minimum(s.eind, t1)
    wie = np.flatnonzero(~nummers.pgb & ~nummers.verwijderd & (nummers.geleverd | (tot < t0 + 25)) & (tot >= van))
    aantal = maand_nr(tot[wie]) - maand_nr(van[wie]) + 1
    nr = np.repeat(wie, aantal)
    volg = np.arange(len(nr)) - np.repeat(np.cumsum(aantal) - aantal, aantal)
    maand = maand_nr(van[nr]) + volg
    begin, einde = eerste_dag(maand), eerste_dag(maand + 1) - 1
    pb = np.maximum(begin, s.begin[nr])
    dagen = np.minimum(einde, s.eind[nr]) - pb + 1
    pe = np.minimum(einde, nummers.slot[nr])
    deel = dagen / (einde - begin + 1)
    eenheid = a.eenheid[s.product[nr]]
    stuks = (eenheid == "82") & (s.soort[nr] != VERVOER)
    # output is claimed once, in its last product period (OP264); a long one every half year
    laatste = (maand == maand_nr(s.eind)[nr]) | ((maand - maand_nr(s.begin)[nr]) % 6 == 5)
    soort = s.soort[nr]
    kans = np.select([np.isin(soort, (JB, JR)), soort == VERBLIJF, soort == CRISIS], [0.99, 0.985, 0.97], 0.96)
    kans = np.where((deel < 0.15) & ~np.isin(eenheid, ("14", "84")), 0.75 * kans, kans)
    kies = (rng.random(len(nr)) < np.where(stuks, laatste * 0.97, kans)) & (pe >= pb)
    volume = _volume(nummers.maandvolume[nr], deel, dagen, eenheid, stuks, rng)
    return pl.DataFrame(
        {"nr": nr, "product": s.product[nr], "pb": pb, "pe": pe, "volume": volume, "eenheid": eenheid, "maand": maand}
    ).filter(pl.Series(kies))


def _volume(
    maandvolume: npt.NDArray[np.float64], deel: npt.NDArray[np.float64], dagen: Dagen,
    eenheid: npt.NDArray[np.str_], stuks: npt.NDArray[np.bool_], rng: np.random.Generator,
) -> npt.NDArray[np.float64]:  # fmt: skip
    n = len(dagen)
    ruis = np.exp(0.35 * begrensd_normaal(n, rng))
    volume = np.round(maandvolume * deel * np.where(np.isin(eenheid, ("01", "04", "16", "82", "83")), ruis, 1.0))
    etmalen = np.round(np.minimum(1.0, maandvolume / 30.4) * dagen) - (rng.random(n) < 0.12) * rng.integers(0, 4, n)
    volume = np.where(eenheid == "14", np.minimum(etmalen, dagen), volume)
    volume = np.where(stuks | (eenheid == "84"), 1, volume)
    uit: npt.NDArray[np.float64] = np.maximum(volume, 1.0)
    return uit


def _dagtekening(basis: pl.DataFrame, nummers: Nummers, rng: np.random.Generator) -> pl.DataFrame:
    """Claimed in the first ten days of the month after the care, or later; never before the allocation is there."""
    n = basis.height
    extra = rng.choice(len(p.NAIJLING), n, p=np.array(p.NAIJLING) / sum(p.NAIJLING))
    maand = basis["maand"].to_numpy() + 1 + extra
    toegewezen = maand_nr(nummers.eerste_toewijzing)[basis["nr"].to_numpy()]
    maand = np.maximum(maand, toegewezen + 1)
    return basis.with_columns(dagtekening=pl.Series(eerste_dag(maand) + rng.integers(0, 10, n)))


def _prijs(basis: pl.DataFrame, a: Assortiment, aanbieders: Dagen, rng: np.random.Generator) -> pl.DataFrame:
    """Tariff of the first day of the period; amount = volume x tariff, exactly."""
    n = basis.height
    product, pb = basis["product"].to_numpy(), basis["pb"].to_numpy()
    tarief = a.tarief_op(product, pb)
    volume = basis["volume"].to_numpy()
    eenheid = basis["eenheid"].to_numpy().astype(object)
    uren = eenheid == "04"
    # half hours, only where the amount stays a whole number of cents
    half = uren & (tarief % 2 == 0) & (rng.random(n) < p.HALVE_UREN)
    volume = np.where(half, volume + 0.5, volume)
    bedrag = np.round(volume * np.where(tarief > 0, tarief, 1)).astype(np.int64)
    # hours claimed in minutes: the tariff is rounded per minute, the amount once (IV081)
    minuten = uren & ~half & (aanbieders[basis["nr"].to_numpy()] % 10 == _MINUTEN_AANBIEDER)
    min_volume = np.maximum(15, volume * 60 - rng.integers(0, 12, n) * 5)
    bedrag = np.where(minuten, np.floor(tarief * min_volume / 60 + 0.5).astype(np.int64), bedrag)
    tarief = np.where(minuten, np.floor(tarief / 60 + 0.5).astype(np.int64), tarief)
    return basis.with_columns(
        volume=pl.Series(np.where(minuten, min_volume, volume)),
        eenheid=pl.Series(np.where(minuten, "01", eenheid), dtype=pl.String),
        tarief=pl.Series(tarief),
        bedrag=pl.Series(bedrag),
    )


def _levensloop(basis: pl.DataFrame, t1: int, rng: np.random.Generator) -> pl.DataFrame:
    """Rejections and claims anew, credits and claims anew (DOMAIN 1.4, life cycle of a line)."""
    n = basis.height
    afgekeurd = rng.random(n) < p.AFGEKEURD
    gecrediteerd = ~afgekeurd & (rng.random(n) < p.GECREDITEERD)
    basis = basis.with_columns(
        regel=pl.Series(np.arange(n)), vorig=pl.lit(-1, dtype=pl.Int64), dc=pl.lit("D"),
        afgekeurd=pl.Series(afgekeurd),
    )  # fmt: skip
    goed = pl.lit(value=False)
    opnieuw = basis.filter(pl.Series(afgekeurd & (rng.random(n) < p.OPNIEUW_NA_AFKEURING)))
    opnieuw = _later(opnieuw, 1, 3, rng).with_columns(afgekeurd=goed)
    credit = _later(basis.filter(pl.Series(gecrediteerd)), 1, 5, rng)
    credit = credit.with_columns(vorig=pl.col("regel"), dc=pl.lit("C"))
    # a credit that was not sent yet has no second debit either
    credit = credit.filter(pl.col("dagtekening") <= t1)
    tweede = credit.filter(pl.Series(rng.random(credit.height) < p.OPNIEUW_NA_CREDIT))
    tweede = tweede.filter((pl.col("tarief") > 0) & (pl.col("volume") >= 2) & (pl.col("volume") % 1 == 0))
    gelijk = (pl.col("volume") * pl.col("tarief")).cast(pl.Int64) == pl.col("bedrag")
    tweede = tweede.filter(gelijk).with_columns(
        volume=pl.col("volume") - 1, vorig=pl.lit(-1, dtype=pl.Int64), dc=pl.lit("D")
    )
    tweede = tweede.with_columns(bedrag=(pl.col("volume") * pl.col("tarief")).round(0).cast(pl.Int64))
    nieuw = pl.concat([opnieuw, credit, tweede])
    nieuw = nieuw.with_columns(regel=pl.int_range(n, n + pl.len(), dtype=pl.Int64))
    return pl.concat([basis, nieuw])


def _later(regels: pl.DataFrame, laag: int, hoog: int, rng: np.random.Generator) -> pl.DataFrame:
    """The same lines claimed 1 or more months later."""
    n = regels.height
    maand = maand_nr(regels["dagtekening"].to_numpy()) + rng.integers(laag, hoog, n)
    return regels.with_columns(dagtekening=pl.Series(eerste_dag(maand) + rng.integers(0, 10, n), dtype=pl.Int64))


def _rijen(
    b: Bevolking, a: Assortiment, agb: npt.NDArray[np.str_], nummers: Nummers, alles: pl.DataFrame,
    rng: np.random.Generator,
) -> pl.DataFrame:  # fmt: skip
    """Dress the lines with everything the extract has; reference numbers are unique per provider in the whole regio."""
    s = nummers.stukken
    nr = alles["nr"].to_numpy()
    aanbieder = s.aanbieder[nr]
    dagtekening = alles["dagtekening"].to_numpy()
    maand = maand_nr(dagtekening)
    referentie = _referenties(aanbieder, dagtekening)
    verwijzing = alles.select("vorig").join(
        pl.DataFrame({"vorig": alles["regel"], "vorige": referentie}), on="vorig", how="left", maintain_order="left"
    )
    afgekeurd = alles["afgekeurd"].to_numpy()
    antwoord = dagtekening + rng.integers(2, 15, len(nr))
    frame = pl.DataFrame(
        {
            "aanbieder_agb": agb[aanbieder],
            "declaratienummer": _declaratienummers(aanbieder, maand, s.gemeente[nr]),
            "declaratieperiode_begin": eerste_dag(maand - 1),
            "declaratiedagtekening": dagtekening,
            "bsn": b.jeugdigen.bsn[s.jeugdige[nr]],
            "referentienummer": referentie,
            "vorig_referentienummer": verwijzing["vorige"],
            "toewijzingnummer": nummers.nummer[nr],
            "productcategorie": a.categorie[alles["product"].to_numpy()],
            "productcode": a.codes[alles["product"].to_numpy()],
            "productperiode_begin": alles["pb"],
            "productperiode_eind": alles["pe"],
            "geleverd_volume": alles["volume"],
            "eenheid": alles["eenheid"],
            "producttarief": alles["tarief"],
            "ingediend_bedrag": alles["bedrag"],
            "debet_credit": alles["dc"],
            "status": pl.Series(np.where(afgekeurd, "afgekeurd", "goedgekeurd")),
            "retourcode": pl.Series(rng.choice(RETOURCODES, len(nr))).set(pl.Series(~afgekeurd), None),
            "datum_antwoord": antwoord,
            "gemeente": np.array(b.gemeenten)[s.gemeente[nr]],
            "leveringsmaand": eerste_dag(maand),
            "nr": nr,
        }
    ).filter((alles["vorig"] < 0) | verwijzing["vorige"].is_not_null())
    datums = [k for k, t in SCHEMA.items() if t == pl.Date] + ["leveringsmaand"]
    return frame.with_columns(
        *(pl.col(d).cast(pl.Int32).cast(pl.Date) for d in datums),
        pl.col("bsn").cast(pl.String),
        producttarief=pl.when(pl.col("eenheid") != "83").then(pl.col("producttarief")),
    )


def _referenties(aanbieder: Dagen, dagtekening: Dagen) -> pl.Series:
    """Running numbers per provider, in the order of claiming."""
    volgorde = np.lexsort((dagtekening, aanbieder))
    geordend = aanbieder[volgorde]
    begin = np.flatnonzero(np.r_[True, geordend[1:] != geordend[:-1]])
    volg = np.arange(len(geordend)) - np.repeat(begin, np.diff(np.r_[begin, len(geordend)])) + 1
    nummer = np.empty(len(geordend), dtype=np.int64)
    nummer[volgorde] = volg
    tekst = pl.DataFrame({"a": aanbieder, "v": nummer}).select(
        pl.concat_str(
            pl.lit("P"), pl.col("a").cast(pl.String).str.zfill(3), pl.lit("-"), pl.col("v").cast(pl.String).str.zfill(7)
        )
    )
    return tekst.to_series()


def _declaratienummers(aanbieder: Dagen, maand: Dagen, gemeente: Dagen) -> pl.Series:
    """One claim per provider, gemeente and month."""
    return (
        pl.DataFrame({"a": aanbieder, "m": maand, "g": gemeente})
        .select(
            pl.concat_str(
                pl.lit("D"),
                pl.col("a").cast(pl.String).str.zfill(3),
                (197001 + (pl.col("m") // 12) * 100 + pl.col("m") % 12).cast(pl.String).str.slice(2),
                pl.col("g").cast(pl.String).str.zfill(2),
            )
        )
        .to_series()
    )
