"""Days and times of day in every way they are written (SPEC 3), vectorised over the rows of many files.

Lives here: forms of dates and clocks, time zones, the day numbers and sentinels of spreadsheets, and which of day and
month comes first. Add here: another way in which a day is written, and its words in the sentence of R06. Keep out:
judging.

All forms are read by way of the distinct texts of a batch: there are few of those.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from enum import IntEnum

import polars as pl

from pipeline.berichten.kolom import Kolom
from pipeline.berichten.namen import BESTAND, Celfout, fout, hersteld, tekst
from pipeline.intake.celtekst import TIJDZONE

JAAR_MIN, JAAR_MAX, JAAR_MIN_GEBOORTE = 1990, 2100, 1900
"""Years outside are typing errors; the same as the threshold of R14 (tests hold them together)."""
DAGNUMMER = r"[0-9]{5}|2958465|401768"
"""Days as a spreadsheet counts them: 1927 to 2173, and the two that mean `no end`."""
_EXCEL_NULDAG = -25569
"""Days from the epoch to day 0 of a spreadsheet (30 December 1899)."""
_OPEN_DATUM = dt.date(2999, 12, 31)
_OPEN_VANAF = dt.date(9999, 12, 31)
"""The last day there is, and what lies beyond it: in the Netherlands that night may be over already."""
_ONBEKENDE_DATUM = dt.date(1900, 1, 1)

_KLOK = r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?"
_ZONE = r"(Z|UTC|GMT|CES?T|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)(?:\[[A-Za-z_/]+\])?"
_STAART = rf"(?:(?:T|\s+)\d{{1,2}}:\d{{2}}(?::\d{{2}}(?:[.,]\d+)?)?(?:\s?{_ZONE})?)?$"
_DAG_MET_ZONE = r"(?:Z|[+-]\d{2}:\d{2}$)?"
"""A day of XML may name its zone; it is the day as written."""
_ISO = rf"(?i)^(?P<j>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}}){_DAG_MET_ZONE}{_STAART}"
_ISO_KAAL = r"^(?P<j>(?:19|20|99)\d{2})(?P<m>\d{2})(?P<d>\d{2})$"
_NL = rf"(?i)^(?P<d>\d{{1,2}})[-/.](?P<m>\d{{1,2}})[-/.](?P<j>\d{{4}}){_STAART}"
_DAGNAAM = r"(?:(?:ma|di|wo|do|vr|za|zo)[a-z]{0,7}\.?,?\s+)?"
_MAANDNAAM = r"[a-z]{3,9}\.?"
_WOORD = rf"(?i)^{_DAGNAAM}(?P<d>\d{{1,2}})[-/.\s]\s*(?P<m>{_MAANDNAAM})[-/.\s]\s*(?P<j>\d{{4}}){_STAART}"
_KORT = rf"(?i)^\d{{1,2}}[-/.\s](?:\d{{1,2}}|{_MAANDNAAM})[-/.\s]\d{{1,2}}{_STAART}"
_MOMENT = rf"(?i)(?:T|\s+){_KLOK}\s?{_ZONE}$"
_TIJD = (
    r"(?i)^(?:(?P<dag>\d{4}-\d{1,2}-\d{1,2}|\d{1,2}-\d{1,2}-\d{4})[T ])?"
    rf"(?P<u>\d{{1,2}}):(?P<m>\d{{2}})(?::(?P<s>\d{{2}})(?:[.,]\d+)?)?(?:\s?{_ZONE})?$"
)
_MAANDEN = {
    naam: f"{nummer:02d}"
    for nummer, namen in enumerate(
        (
            "jan januari january", "feb febr februari february", "mrt maart mar march", "apr april", "mei may",
            "jun juni june", "jul juli july", "aug augustus august", "sep sept september", "okt oktober oct october",
            "nov november", "dec december",
        ),
        start=1,
    )
    for naam in namen.split()
}  # fmt: skip
"""Names of months; those of databases that speak English say nothing else than the Dutch ones."""


class _Volgorde(IntEnum):
    """What a date in figures says about which of day and month comes first."""

    GEEN = 0
    BEIDE = 1
    DAG_MAAND = 2
    MAAND_DAG = 3


# --- days -------------------------------------------------------------------------------------------------------------


def met_datums(df: pl.DataFrame, kolommen: Sequence[Kolom]) -> pl.DataFrame:
    """Read all date columns, by way of their distinct texts."""
    teksten = pl.concat([df[tekst(k.naam)].unique().rename("t") for k in kolommen]).unique().drop_nulls()
    gelezen = _lees_datums(teksten)
    maand_voorop = (gelezen["v"] == _Volgorde.MAAND_DAG).any()
    gelezen = gelezen if maand_voorop else gelezen.drop("v")
    for k in kolommen:
        namen = {"t": tekst(k.naam), "dag": k.naam, "f": fout(k.naam), "h": hersteld(k.naam), "v": _volgorde(k)}
        df = df.drop(k.naam).join(
            gelezen.rename({oud: nieuw for oud, nieuw in namen.items() if oud in gelezen.columns}),
            on=tekst(k.naam),
            how="left",
            maintain_order="left",
        )
    if maand_voorop:
        df = _zonder_maand_voorop(df, kolommen)
    return df.with_columns(e for k in kolommen for e in _grenzen(k))


def _lees_datums(teksten: pl.Series) -> pl.DataFrame:
    """Return every distinct text with its day, fault code, whether it was repaired, and its order of day and month."""
    t = pl.col("t")
    vormen = {"iso": _ISO, "kaal": _ISO_KAAL, "nl": _NL, "woord": _WOORD}
    df = pl.DataFrame({"t": teksten}).with_columns(t.str.extract_groups(p).alias(n) for n, p in vormen.items())
    woord = pl.col("woord").struct
    maandnummer = woord.field("m").str.to_lowercase().str.strip_suffix(".").replace_strict(_MAANDEN, default=None)
    df = df.with_columns(woord.with_fields(maandnummer.alias("m")).alias("woord"))
    delen = {d: pl.coalesce(pl.col(n).struct.field(d) for n in vormen) for d in "jmd"}
    iso = pl.concat_str([delen["j"], delen["m"].str.zfill(2), delen["d"].str.zfill(2)], separator="-")
    df = df.with_columns(iso=iso, serie=t.str.contains(rf"^(?:{DAGNUMMER})(?:[.,][0-9]+)?$"))
    dagnummer = t.str.extract(r"^([0-9]+)").cast(pl.Int32, strict=False) + _EXCEL_NULDAG
    dag = pl.coalesce(
        pl.col("iso").str.to_date("%Y-%m-%d", strict=False), pl.when("serie").then(dagnummer.cast(pl.Date))
    )
    df = _met_zone(df.with_columns(dag=dag))
    onleesbaar = pl.col("dag").is_null()
    return df.select(
        "t",
        "dag",
        f=pl.when(onleesbaar & pl.col("iso").is_null() & t.str.contains(_KORT))
        .then(Celfout.TWEECIJFERIG_JAAR.value)
        .when(onleesbaar)
        .then(Celfout.ONLEESBAAR.value)
        .otherwise(Celfout.GEEN.value)
        .cast(pl.UInt8),
        h=~onleesbaar & ~t.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
        v=_volgorde_van(pl.col("nl")),
    )


def _volgorde_van(nl: pl.Expr) -> pl.Expr:
    eerste, tweede = (nl.struct.field(d).cast(pl.Int32, strict=False) for d in "dm")
    return (
        pl.when((eerste <= 12) & (tweede <= 12))
        .then(_Volgorde.BEIDE.value)
        .when(tweede <= 12)
        .then(_Volgorde.DAG_MAAND.value)
        .when(eerste <= 12)
        .then(_Volgorde.MAAND_DAG.value)
        .otherwise(_Volgorde.GEEN.value)
        .cast(pl.UInt8)
    )


def _volgorde(k: Kolom) -> str:
    return f"{k.naam}__v"


def _zonder_maand_voorop(df: pl.DataFrame, kolommen: Sequence[Kolom]) -> pl.DataFrame:
    """Read no date in figures of a column in which the month comes first: 05/03 would be taken for the fifth of March.

    Judged per file. A column that shows nothing itself is as the other date columns of its file are.
    """
    zegt = {
        v: {k.naam: (pl.col(_volgorde(k)) == v.value).any().over(BESTAND) for k in kolommen}
        for v in (_Volgorde.DAG_MAAND, _Volgorde.MAAND_DAG)
    }
    maand, dag = zegt[_Volgorde.MAAND_DAG], zegt[_Volgorde.DAG_MAAND]
    elders = pl.any_horizontal(maand.values()) & ~pl.any_horizontal(dag.values())
    fouten = {k.naam: ~dag[k.naam] & (maand[k.naam] | elders) & (pl.col(_volgorde(k)) > 0) for k in kolommen}
    df = df.with_columns(e.fill_null(value=False).alias(f"{n}__x") for n, e in fouten.items())
    return df.with_columns(
        e
        for n in fouten
        for e in (
            pl.when(f"{n}__x").then(None).otherwise(pl.col(n)).alias(n),
            pl.when(f"{n}__x").then(Celfout.ONLEESBAAR.value).otherwise(fout(n)).cast(pl.UInt8).alias(fout(n)),
            (pl.col(hersteld(n)) & ~pl.col(f"{n}__x")).alias(hersteld(n)),
        )
    ).drop([f"{n}__x" for n in fouten] + [_volgorde(k) for k in kolommen])


def _grenzen(k: Kolom) -> list[pl.Expr]:
    """Recognise dates that mean `open` or `unknown`, and refuse years that nobody means."""
    dag, f = pl.col(k.naam), pl.col(fout(k.naam)).fill_null(0)
    open_ = (dag == _OPEN_DATUM) | (dag >= _OPEN_VANAF) if k.eindig else pl.lit(value=False)
    onbekend = dag == _ONBEKENDE_DATUM
    laagste = JAAR_MIN_GEBOORTE if k.naam == "geboortedatum" else JAAR_MIN
    buiten = (dag.dt.year() < laagste) | (dag.dt.year() > JAAR_MAX)
    soort = (
        pl.when(open_)
        .then(Celfout.OPEN.value)
        .when(onbekend)
        .then(Celfout.ONBEKEND.value)
        .when(buiten)
        .then(Celfout.BUITEN_BEREIK.value)
        .otherwise(f)
        .cast(pl.UInt8)
    )
    return [
        soort.alias(fout(k.naam)),
        pl.when(open_ | onbekend | buiten).then(None).otherwise(dag).alias(k.naam),
    ]


# --- time zones -------------------------------------------------------------------------------------------------------


def _met_zone(df: pl.DataFrame) -> pl.DataFrame:
    """Move the days of moments with a time zone (columns `t`, `dag`) to the day it was in the Netherlands."""
    met = df["t"].str.contains(_MOMENT).fill_null(value=False)
    if not met.any():
        return df
    nederlands = _nederlandse_tijd(pl.col("dag"), _klok(pl.col("t")), _zone(pl.col("t")))
    # a clock that does not exist makes the moment unreadable, not its day
    return df.with_columns(pl.when(met).then(nederlands.dt.date()).otherwise("dag").alias("dag"))


def _klok(moment: pl.Expr) -> pl.Expr:
    """Clock of a text that is a moment with a zone."""
    uur, minuut, seconde = (moment.str.extract(_MOMENT, i) for i in (1, 2, 3))
    return _als_tijd(uur, minuut, seconde)


def _zone(moment: pl.Expr) -> pl.Expr:
    """Zone of a text that is a moment; NULL when it names none."""
    return moment.str.extract(_MOMENT, 4)


def _als_tijd(uur: pl.Expr, minuut: pl.Expr, seconde: pl.Expr) -> pl.Expr:
    klok = pl.concat_str(uur.str.zfill(2), minuut, seconde.fill_null("00"), separator=":")
    return klok.str.to_time("%H:%M:%S", strict=False)


def _nederlandse_tijd(dag: pl.Expr, klok: pl.Expr, zone: pl.Expr) -> pl.Expr:
    """Moment as calendar and clock in the Netherlands had it; NULL where one of the three is."""
    kant = pl.when(zone.str.starts_with("-")).then(-1).otherwise(1)
    uren = zone.str.extract(r"^[+-](\d{2})").cast(pl.Int32).fill_null(0)
    minuten = zone.str.extract(r"^[+-]\d{2}:?(\d{2})").cast(pl.Int32).fill_null(0)
    naam = zone.str.to_uppercase()
    voor = pl.when(naam == "CET").then(60).when(naam == "CEST").then(120).otherwise(kant * (uren * 60 + minuten))
    utc = (dag.dt.combine(klok) - pl.duration(minutes=voor)).dt.replace_time_zone("UTC")
    return utc.dt.convert_time_zone(TIJDZONE).dt.replace_time_zone(None)


# --- times of day -----------------------------------------------------------------------------------------------------


def met_tijden(df: pl.DataFrame, kolommen: Sequence[Kolom]) -> pl.DataFrame:
    """Read all times of day, after the days: with a time zone they are what a Dutch clock showed on that day."""
    for k in kolommen:
        t = pl.col(tekst(k.naam)).str.extract_groups(_TIJD).struct
        klok = _als_tijd(*(t.field(deel) for deel in "ums"))
        df = df.with_columns(klok.alias(k.naam)).pipe(_met_nederlandse_klok, k)
        slecht = pl.col(tekst(k.naam)).is_not_null() & pl.col(k.naam).is_null()
        df = df.with_columns(
            pl.when(slecht)
            .then(Celfout.ONLEESBAAR.value)
            .otherwise(Celfout.GEEN.value)
            .cast(pl.UInt8)
            .alias(fout(k.naam))
        )
    return df


def _met_nederlandse_klok(df: pl.DataFrame, k: Kolom) -> pl.DataFrame:
    """Move clocks with a time zone; also those without that are the clock of the moment they belong to."""
    t, klok = pl.col(tekst(k.naam)), pl.col(k.naam)
    eigen = t.str.contains(rf"(?i)\d\s?{_ZONE}$")
    if not k.bij:  # a clock that belongs to no day is not known in another zone
        return df.with_columns(pl.when(~eigen).then(klok).alias(k.naam))
    dagtekst = pl.col(tekst(k.bij))
    bij = dagtekst.str.contains(_MOMENT)
    if not df.select((eigen.any() | bij.any()).fill_null(value=False)).item():
        return df
    eigen_dag = t.str.extract_groups(_TIJD).struct.field("dag")
    dag = pl.coalesce(
        eigen_dag.str.to_date("%Y-%m-%d", strict=False), eigen_dag.str.to_date("%d-%m-%Y", strict=False), pl.col(k.bij)
    )
    met_zone = _nederlandse_tijd(dag, klok, t.str.extract(rf"(?i)\d\s?{_ZONE}$", 1))
    samen = bij & ~eigen & (klok == _klok(dagtekst)) & eigen_dag.is_null()
    # the day of the moment is read anew, as written: the column holds the day it was in the Netherlands
    geschreven = dagtekst.str.extract(r"^(\d{4}-\d{1,2}-\d{1,2})").str.to_date("%Y-%m-%d", strict=False)
    meegegaan = _nederlandse_tijd(geschreven, klok, _zone(dagtekst))
    return df.with_columns(
        pl.when(eigen)
        .then(met_zone.dt.time())
        .when(samen)
        .then(pl.coalesce(meegegaan.dt.time(), klok))
        .otherwise(klok)
        .alias(k.naam)
    )
