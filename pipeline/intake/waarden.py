"""From text to values, vectorised over the rows of many leveringen: dates, times, numbers, codes, person numbers.

Lives here: reading cells in every dress of SPEC 3, per form of column (berichten.Vorm). A cell that cannot be read
gives no value and a fault code; which rule that is, is decided by the rules. Add here: another way in which a value is
written. Keep out: judging.

After `lees_waarden` every column `k` of the contract has: `k` (its value), `k__t` (its text, NULL when empty), `k__f`
(a `Celfout` as UInt8, 0 when fine), for codes, dates and numbers `k__h` (repaired), and for codes `k__s` (translated).
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import IntEnum

import polars as pl

from pipeline.berichten.kolom import GETALVORMEN, Contract, Kolom, Vorm, kaal
from pipeline.berichten.namen import (
    EURO,
    LEVERING,
    Celfout,
    bron,
    elf,
    fout,
    hersteld,
    in_euro_of_cent,
    tekst,
    vertaald,
)
from pipeline.domain.synoniemen import Waardesynoniem

MICRO = 1_000_000
"""Numbers are read as whole millionths: exact, and fast to compare."""


class _Wijze(IntEnum):
    """How a number is written, as far as its own text shows."""

    HEEL = 0
    KOMMA_DECIMAAL = 1
    PUNT_DECIMAAL = 2
    KOMMA_DUIZEND = 3
    PUNT_DUIZEND = 4
    KOMMA_TWIJFEL = 5
    PUNT_TWIJFEL = 6
    ONLEESBAAR = 7


WITRUIMTE = " \t\r\n\u00a0\u2007\u202f\u200b\ufeff"
# a spreadsheet's #N/A is a fault, not an empty cell, in whatever kind of file it comes
_LEEG_WOORDEN = ("NULL", "null", "Null", "(null)")
_TIJDSTAART = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$"
_DATUM_ISO = r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + _TIJDSTAART
_DATUM_NL = r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})" + _TIJDSTAART
_DATUM_KORT = r"^\d{1,2}[-/.]\d{1,2}[-/.]\d{2}" + _TIJDSTAART
_DATUM_SERIE = r"^\d{5}(?:[.,]\d+)?$"
_TIJD = (
    r"^(?:\d{4}-\d{1,2}-\d{1,2}[T ]|\d{1,2}-\d{1,2}-\d{4}[T ])?"
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$"
)
_EXCEL_NULDAG = -25569
"""Days from the epoch to day 0 of a spreadsheet (30 December 1899)."""
_OPEN_DATUMS = (dt.date(9999, 12, 31), dt.date(2999, 12, 31))
_ONBEKENDE_DATUM = dt.date(1900, 1, 1)
_SERIEEL = 99

JAAR_MIN, JAAR_MAX, JAAR_MIN_GEBOORTE = 1990, 2100, 1900
"""Years outside are typing errors; the same as the threshold of R14 (tests hold them together)."""


def schoon(kolom: str) -> pl.Expr:
    """Trim a cell; NULL when nothing is left, or a word for nothing."""
    kaal = pl.col(kolom).str.strip_chars(WITRUIMTE)
    return pl.when((kaal == "") | kaal.is_in(_LEEG_WOORDEN)).then(None).otherwise(kaal)


Woordenboek = Mapping[str, Mapping[str, str]]
"""Per column: words in reduced form (`kaal`) with the code they stand for."""


def woordenboek(synoniemen: Iterable[Waardesynoniem]) -> Woordenboek:
    """Return the value synonyms as `lees_waarden` wants them."""
    uit: dict[str, dict[str, str]] = {}
    for s in synoniemen:
        uit.setdefault(s.kolom, {})[kaal(s.invoer)] = s.code
    return uit


def lees_waarden(ruw: pl.DataFrame, contract: Contract, woorden: Woordenboek | None = None) -> pl.DataFrame:
    """Read the text columns of `ruw` (one per contract column, plus `_l`, `_euro`) as values."""
    df = ruw.with_columns(schoon(k.naam).alias(tekst(k.naam)) for k in contract.kolommen)
    df = _met_codes(df, contract, woorden or {})
    df = _met_datums(df, contract.met_vorm(Vorm.DATUM))
    df = _met_getallen(df, contract)
    return df.with_columns(
        expressie
        for k in contract.kolommen
        if k.vorm is not Vorm.DATUM and k.vorm not in GETALVORMEN
        for expressie in _LEZERS[k.vorm](k)
    )


def _met_codes(df: pl.DataFrame, contract: Contract, woorden: Woordenboek) -> pl.DataFrame:
    """Translate words to codes. A word for nothing makes the cell empty, counted as a translation like any other."""
    for k in contract.met_vorm(Vorm.CODE, Vorm.WOORD):
        t = pl.col(tekst(k.naam))
        eigen = woorden.get(k.naam, {})
        codes = {u: eigen[kaal(u)] for u in df[tekst(k.naam)].unique() if eigen and u is not None and kaal(u) in eigen}
        if not codes:
            df = df.with_columns(t.alias(bron(k.naam)), pl.lit(value=False).alias(vertaald(k.naam)))
            continue
        gevonden = t.is_in(list(codes)).fill_null(value=False)
        niets = t.is_in([u for u, code in codes.items() if not code]).fill_null(value=False)
        df = df.with_columns(gevonden.alias(vertaald(k.naam)), t.replace(codes).alias(bron(k.naam)), niets.alias("_n"))
        df = df.with_columns(
            pl.when(~pl.col("_n")).then(pl.col(naam)).alias(naam) for naam in (bron(k.naam), tekst(k.naam))
        ).drop("_n")
    return df


# --- codes, words, references, numbers -------------------------------------------------------------------------------


def _aangevuld(k: Kolom) -> tuple[pl.Expr, pl.Expr]:
    """Return (text with eaten zeros put back, whether that was done)."""
    t = pl.col(bron(k.naam) if k.vorm is Vorm.CODE else tekst(k.naam))
    lengte = t.str.len_chars()
    kort = (lengte < k.breedte) & t.str.contains(r"^[0-9]+$") & ((lengte >= k.minimum) | t.str.contains(r"^0+$"))
    return pl.when(kort).then(t.str.zfill(k.breedte)).otherwise(t), kort.fill_null(value=False)


def _lees_code(k: Kolom) -> list[pl.Expr]:
    waarde, kort = _aangevuld(k)
    return [waarde.str.to_uppercase().alias(k.naam), kort.alias(hersteld(k.naam))]


def _lees_bsn(k: Kolom) -> list[pl.Expr]:
    waarde, kort = _aangevuld(k)
    goed = waarde.str.contains(r"^[0-9]{9}$")
    som = pl.lit(0, pl.Int64)
    for plaats, gewicht in enumerate((9, 8, 7, 6, 5, 4, 3, 2, -1)):
        som = som + waarde.str.slice(plaats, 1).cast(pl.Int64, strict=False) * gewicht
    geslaagd = (goed & (som % 11 == 0)).fill_null(value=False)
    return [
        pl.when(goed).then(waarde).otherwise(None).alias(k.naam),
        kort.alias(hersteld(k.naam)),
        geslaagd.alias(elf(k.naam)),
    ]


def _lees_agb(k: Kolom) -> list[pl.Expr]:
    waarde, kort = _aangevuld(k)
    goed = waarde.str.contains(r"^[0-9]{8}$")
    return [
        pl.when(goed).then(waarde).otherwise(None).alias(k.naam),
        kort.alias(hersteld(k.naam)),
        _onleesbaar_als(k, ~goed),
    ]


def _lees_woord(k: Kolom) -> list[pl.Expr]:
    t = pl.col(bron(k.naam))
    return [(t.str.to_lowercase() if k.naam == "status" else t.str.to_uppercase()).alias(k.naam)]


def _lees_kenmerk(k: Kolom) -> list[pl.Expr]:
    t = pl.col(tekst(k.naam))
    waarde = t.str.to_uppercase() if k.naam == "productcode" else t
    vorm = rf"^[A-Za-z0-9]{{1,{k.breedte}}}$" if k.naam == "productcode" else _vrij_kenmerk(k.breedte)
    goed = t.str.contains(vorm) & ~t.str.contains(pl.col(tekst("bsn")), literal=True).fill_null(value=False)
    if k.bewaard:  # what is kept must be a reference: words without a digit could be a name (SPEC 8)
        goed = goed & t.str.contains(r"[0-9]")
    return [pl.when(goed).then(waarde).otherwise(None).alias(k.naam), _onleesbaar_als(k, ~goed)]


def _vrij_kenmerk(breedte: int) -> str:
    return rf"^[A-Za-z0-9][A-Za-z0-9 ._/\-]{{0,{breedte - 1}}}$"


def _lees_nummer(k: Kolom) -> list[pl.Expr]:
    t = pl.col(tekst(k.naam))
    goed = t.str.contains(r"^[0-9]{1,9}$")
    return [pl.when(goed).then(t.cast(pl.Int64, strict=False)).otherwise(None).alias(k.naam), _onleesbaar_als(k, ~goed)]


def _lees_tijd(k: Kolom) -> list[pl.Expr]:
    t = pl.col(tekst(k.naam))
    delen = [t.str.extract(_TIJD, i) for i in (1, 2, 3)]
    klok = pl.concat_str(delen[0].str.zfill(2), delen[1], delen[2].fill_null("00"), separator=":").str.to_time(
        "%H:%M:%S", strict=False
    )
    return [klok.alias(k.naam), _onleesbaar_als(k, klok.is_null())]


def _onleesbaar_als(k: Kolom, slecht: pl.Expr) -> pl.Expr:
    gevuld = pl.col(tekst(k.naam)).is_not_null()
    return (
        pl.when(gevuld & slecht.fill_null(value=False))
        .then(Celfout.ONLEESBAAR.value)
        .otherwise(Celfout.GEEN.value)
        .cast(pl.UInt8)
        .alias(fout(k.naam))
    )


_LEZERS: dict[Vorm, Callable[[Kolom], list[pl.Expr]]] = {
    Vorm.BSN: _lees_bsn,
    Vorm.AGB: _lees_agb,
    Vorm.CODE: _lees_code,
    Vorm.WOORD: _lees_woord,
    Vorm.KENMERK: _lees_kenmerk,
    Vorm.NUMMER: _lees_nummer,
    Vorm.TIJD: _lees_tijd,
}


# --- dates -----------------------------------------------------------------------------------------------------------


def _met_datums(df: pl.DataFrame, kolommen: Sequence[Kolom]) -> pl.DataFrame:
    """Read all date columns by way of their distinct texts: there are few of those."""
    teksten = pl.concat([df[tekst(k.naam)].unique().rename("t") for k in kolommen]).unique().drop_nulls()
    gelezen = _lees_datums(teksten)
    for k in kolommen:
        df = df.drop(k.naam).join(
            gelezen.rename({"t": tekst(k.naam), "dag": k.naam, "f": fout(k.naam), "h": hersteld(k.naam)}),
            on=tekst(k.naam),
            how="left",
            maintain_order="left",
        )
        df = _beslis_serieel(df, k)
    return df.with_columns(e for k in kolommen for e in _grenzen(k))


def _lees_datums(teksten: pl.Series) -> pl.DataFrame:
    """Return every distinct text with its day and fault code (`_SERIEEL` for a spreadsheet's day number)."""
    t = pl.col("t")
    iso = pl.concat_str((t.str.extract(_DATUM_ISO, deel).str.zfill(2) for deel in (1, 2, 3)), separator="-")
    nl = pl.concat_str((t.str.extract(_DATUM_NL, deel).str.zfill(2) for deel in (3, 2, 1)), separator="-")
    serie = t.str.contains(_DATUM_SERIE)
    dagnummer = t.str.slice(0, 5).cast(pl.Int32, strict=False) + _EXCEL_NULDAG
    gelezen = pl.DataFrame({"t": teksten}).with_columns(iso=pl.coalesce(iso, nl))
    dag = pl.coalesce(pl.col("iso").str.to_date("%Y-%m-%d", strict=False), pl.when(serie).then(dagnummer.cast(pl.Date)))
    return gelezen.select(
        "t",
        dag=dag,
        f=pl.when(serie)
        .then(_SERIEEL)
        .when(pl.col("iso").is_null() & t.str.contains(_DATUM_KORT))
        .then(Celfout.TWEECIJFERIG_JAAR.value)
        .when(dag.is_null())
        .then(Celfout.ONLEESBAAR.value)
        .otherwise(Celfout.GEEN.value)
        .cast(pl.UInt8),
        h=dag.is_not_null() & ~t.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    )


def _beslis_serieel(df: pl.DataFrame, k: Kolom) -> pl.DataFrame:
    """Day numbers of a spreadsheet are dates only when the whole column of the levering holds nothing else."""
    f = pl.col(fout(k.naam))
    if not df.select((f == _SERIEEL).any()).item():
        return df
    geheel = ((f == _SERIEEL) | f.is_null()).all().over(LEVERING)
    serieel = f == _SERIEEL
    return df.with_columns(
        pl.when(serieel & ~geheel).then(None).otherwise(pl.col(k.naam)).alias(k.naam),
        pl.when(serieel & geheel)
        .then(Celfout.GEEN.value)
        .when(serieel)
        .then(Celfout.ONLEESBAAR.value)
        .otherwise(f)
        .cast(pl.UInt8)
        .alias(fout(k.naam)),
        (pl.col(hersteld(k.naam)) & ~(serieel & ~geheel)).alias(hersteld(k.naam)),
    )


def _grenzen(k: Kolom) -> list[pl.Expr]:
    """Recognise dates that mean `open` or `unknown`, and refuse years that nobody means."""
    dag, f = pl.col(k.naam), pl.col(fout(k.naam)).fill_null(0)
    open_ = pl.any_horizontal(dag == d for d in _OPEN_DATUMS) if k.eindig else pl.lit(value=False)
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


# --- numbers ---------------------------------------------------------------------------------------------------------


def _met_getallen(df: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Read all number columns; a lone separator before three digits is decided by its column, proof, or agreement."""
    kolommen = [k for k in contract.kolommen if k.vorm in GETALVORMEN]
    teksten = pl.concat([df[tekst(k.naam)].unique().rename("t") for k in kolommen]).unique().drop_nulls()
    gelezen = _lees_getallen(teksten)
    for k in kolommen:
        df = df.drop(k.naam).join(
            gelezen.rename({"t": tekst(k.naam), "m": k.naam, "w": f"{k.naam}__w", "h": hersteld(k.naam)}),
            on=tekst(k.naam),
            how="left",
            maintain_order="left",
        )
    df = _beslis_twijfel(df, contract, kolommen)
    return df.with_columns(e for k in kolommen for e in _getal_uit(k)).drop(f"{k.naam}__w" for k in kolommen)


def _lees_getallen(teksten: pl.Series) -> pl.DataFrame:
    """Return every distinct text with its value in millionths (as if doubtful separators were decimal) and `_Wijze`."""
    groepen = r"^[-+]?[0-9]{1,3}(?:[ '\x{a0}\x{202f}\x{2007}][0-9]{3})+(?:[.,][0-9]+)?$"
    t = (
        pl.col("t")
        .str.replace_all(r"(?i)€|\beur\b|\beuro\b", "")
        .str.strip_chars(WITRUIMTE)
        .str.replace(r",-{1,2}$", "")
    )
    t = pl.when(t.str.contains(groepen)).then(t.str.replace_all(r"[ '\x{a0}\x{202f}\x{2007}]", "")).otherwise(t)
    t = t.str.replace(r"^([0-9.,]+)-$", "-$1").str.replace(r"^([-+])\s+", "$1").str.strip_prefix("+")
    df = pl.DataFrame({"t": teksten}).with_columns(b=t.str.strip_prefix("-"), min=t.str.starts_with("-"))
    b = pl.col("b")
    wijze = (
        pl.when(b.str.contains(r"^[0-9]{1,12}$"))
        .then(_Wijze.HEEL.value)
        .when(b.str.contains(r"^[1-9][0-9]{0,2}\.[0-9]{3}$"))
        .then(_Wijze.PUNT_TWIJFEL.value)
        .when(b.str.contains(r"^[1-9][0-9]{0,2},[0-9]{3}$"))
        .then(_Wijze.KOMMA_TWIJFEL.value)
        .when(b.str.contains(r"^[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?$") & b.str.contains(r"\..*[.,]"))
        .then(_Wijze.PUNT_DUIZEND.value)
        .when(b.str.contains(r"^[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?$") & b.str.contains(r",.*[.,]"))
        .then(_Wijze.KOMMA_DUIZEND.value)
        .when(b.str.contains(r"^[0-9]{0,12}\.[0-9]+$"))
        .then(_Wijze.PUNT_DECIMAAL.value)
        .when(b.str.contains(r"^[0-9]{0,12},[0-9]+$"))
        .then(_Wijze.KOMMA_DECIMAAL.value)
        .otherwise(_Wijze.ONLEESBAAR.value)
        .cast(pl.UInt8)
    )
    df = df.with_columns(w=wijze)
    punt_is_duizend = pl.col("w") == _Wijze.PUNT_DUIZEND
    komma_is_duizend = pl.col("w") == _Wijze.KOMMA_DUIZEND
    gewoon = (
        pl.when(punt_is_duizend)
        .then(b.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True))
        .when(komma_is_duizend)
        .then(b.str.replace_all(",", "", literal=True))
        .otherwise(b.str.replace(",", ".", literal=True))
    )
    heel = gewoon.str.extract(r"^([0-9]*)", 1)
    breuk = gewoon.str.extract(r"\.([0-9]+)$", 1).fill_null("")
    # a seventh decimal is rounded away: nothing in the messages has more than four
    micro = pl.when(heel == "").then(pl.lit("0")).otherwise(heel).cast(
        pl.Int64, strict=False
    ) * MICRO + breuk.str.pad_end(6, "0").str.slice(0, 6).cast(pl.Int64, strict=False)
    leesbaar = (pl.col("w") != _Wijze.ONLEESBAAR) & (heel.str.len_chars() <= 12)
    return df.select(
        "t",
        m=pl.when(leesbaar).then(pl.when(pl.col("min")).then(-micro).otherwise(micro)),
        w=pl.when(leesbaar).then(pl.col("w")).otherwise(_Wijze.ONLEESBAAR.value).cast(pl.UInt8),
        h=leesbaar & ~pl.col("t").str.contains(r"^-?[0-9]+(?:\.[0-9]+)?$"),
    )


def _beslis_twijfel(df: pl.DataFrame, contract: Contract, kolommen: Sequence[Kolom]) -> pl.DataFrame:
    """Decide per levering and column whether `1.234` is a thousand or a fraction; as a thousand it becomes x1000."""
    twijfel = {k.naam: pl.col(f"{k.naam}__w").is_in([_Wijze.KOMMA_TWIJFEL, _Wijze.PUNT_TWIJFEL]) for k in kolommen}
    aanwezig = df.select(e.any().alias(n) for n, e in twijfel.items()).row(0, named=True)
    if not any(aanwezig.values()):
        return df
    namen = [n for n in twijfel if aanwezig[n]]
    bewijs = _bewijs_per_levering(df, [k.naam for k in kolommen])
    keuzes = {n: _keuze_uit_kolom(bewijs, n, [k.naam for k in kolommen]) for n in namen}
    open_ = {n: {i for i, keuze in keuzes[n].items() if keuze is None} for n in namen}
    for levering, gekozen in _bewezen(df, contract, namen, open_).items():
        for naam, duizend in gekozen.items():
            keuzes[naam][levering] = duizend
    tabel = pl.DataFrame(
        [(i, *(keuzes[n].get(i) is not False for n in namen)) for i in next(iter(keuzes.values()))],
        schema={LEVERING: df.schema[LEVERING], **{f"{n}__d": pl.Boolean for n in namen}},
        orient="row",
    )
    df = df.join(tabel, on=LEVERING, how="left", maintain_order="left")
    duizenden = {n: twijfel[n] & pl.col(f"{n}__d") for n in namen}
    return df.with_columns(
        *(pl.when(d).then(pl.col(n) * 1000).otherwise(pl.col(n)).alias(n) for n, d in duizenden.items()),
        *((pl.col(hersteld(n)) | d).alias(hersteld(n)) for n, d in duizenden.items()),
    ).drop(f"{n}__d" for n in namen)


def _bewijs_per_levering(df: pl.DataFrame, namen: Sequence[str]) -> list[dict[str, bool | int]]:
    """Per levering: which unambiguous ways of writing occur in which column."""
    vormen = (_Wijze.KOMMA_DECIMAAL, _Wijze.PUNT_DECIMAAL, _Wijze.KOMMA_DUIZEND, _Wijze.PUNT_DUIZEND)
    twijfels = (_Wijze.KOMMA_TWIJFEL, _Wijze.PUNT_TWIJFEL)
    return (
        df.group_by(LEVERING, maintain_order=True)
        .agg((pl.col(f"{n}__w") == w.value).any().alias(f"{n}|{w.name}") for n in namen for w in (*vormen, *twijfels))
        .to_dicts()
    )


def _keuze_uit_kolom(bewijs: Sequence[dict[str, bool | int]], naam: str, alle: Sequence[str]) -> dict[int, bool | None]:
    """Decide from the column itself, else from the other number columns; None when nothing tells."""
    uit: dict[int, bool | None] = {}
    for rij in bewijs:
        teken = "KOMMA" if rij[f"{naam}|KOMMA_TWIJFEL"] else "PUNT"
        eigen = _leer(rij, [naam], teken)
        uit[int(rij[LEVERING])] = eigen if eigen is not None else _leer(rij, alle, teken)
    return uit


def _leer(rij: dict[str, bool | int], namen: Sequence[str], teken: str) -> bool | None:
    ander = "PUNT" if teken == "KOMMA" else "KOMMA"

    def ziet(wijze: str) -> bool:
        return any(rij[f"{n}|{wijze}"] for n in namen)

    duizend = ziet(f"{teken}_DUIZEND") or ziet(f"{ander}_DECIMAAL")
    decimaal = ziet(f"{teken}_DECIMAAL") or ziet(f"{ander}_DUIZEND")
    if duizend == decimaal:
        return None
    return duizend


def _bewezen(
    df: pl.DataFrame, contract: Contract, namen: Sequence[str], open_: dict[str, set[int]]
) -> dict[int, dict[str, bool]]:
    """Let volume x tarief = bedrag decide what the columns left open; only claims can prove it."""
    drie = ("geleverd_volume", "producttarief", "ingediend_bedrag")
    if any(n not in contract.per_naam for n in drie):
        return {}
    te_bewijzen = {levering for n in namen for levering in open_[n]}
    uit: dict[int, dict[str, bool]] = {}
    for levering in sorted(te_bewijzen):
        eigen = [n for n in namen if levering in open_[n]]
        deel = df.filter(pl.col(LEVERING) == levering)
        beste: tuple[int, tuple[bool, ...]] | None = None
        for keuze in itertools.product((True, False), repeat=len(eigen)):
            treffers = deel.select(_klopt(dict(zip(eigen, keuze, strict=True)))).item() or 0
            if beste is None or treffers > beste[0]:
                beste = (treffers, keuze)
        if beste and beste[0]:
            uit[levering] = dict(zip(eigen, beste[1], strict=True))
    return uit


def _klopt(duizend: dict[str, bool]) -> pl.Expr:
    """Count the rows with a doubtful separator in which volume x tarief is the bedrag, read in this way."""

    def waarde(naam: str) -> pl.Expr:
        twijfel = pl.col(f"{naam}__w").is_in([_Wijze.KOMMA_TWIJFEL, _Wijze.PUNT_TWIJFEL])
        keer = pl.when(twijfel & pl.lit(duizend.get(naam, False))).then(1000.0).otherwise(1.0)
        return pl.col(naam) / MICRO * keer

    verschil = (waarde("geleverd_volume") * waarde("producttarief") - waarde("ingediend_bedrag")).abs()
    in_twijfel = pl.any_horizontal(
        pl.col(f"{n}__w").is_in([_Wijze.KOMMA_TWIJFEL, _Wijze.PUNT_TWIJFEL]) for n in duizend
    )
    return (in_twijfel & (verschil <= 1.0)).sum()


def _getal_uit(k: Kolom) -> list[pl.Expr]:
    """Turn millionths into the unit of the column: hundredths of a volume, ten-thousandths of a cent, whole cents."""
    m, w = pl.col(k.naam), pl.col(f"{k.naam}__w")
    negatief = m < 0
    gebroken = pl.lit(value=False)
    if k.vorm is Vorm.GELD:
        per_cent = pl.when(pl.col(EURO)).then(MICRO // 100).otherwise(MICRO)
        gebroken = m % per_cent != 0
        waarde = pl.when(gebroken).then(None).otherwise(m // per_cent)
    else:
        deel = 10_000 if k.vorm is Vorm.GETAL else 100
        waarde = (m + deel // 2) // deel
        if k.vorm is Vorm.TARIEF:
            waarde = pl.when(pl.col(EURO)).then(m).otherwise(waarde)
    # a person number in the place of a number is no number, and must not get into a sum
    onleesbaar = (w == _Wijze.ONLEESBAAR) | (pl.col(tekst(k.naam)) == pl.col(tekst("bsn"))).fill_null(value=False)
    if k.maximum:
        onleesbaar = onleesbaar | (waarde > k.maximum * (1 if k.vorm is Vorm.GELD else 100)).fill_null(value=False)
    waarde = pl.when(onleesbaar).then(None).otherwise(waarde)
    fout_ = (
        pl.when(onleesbaar)
        .then(Celfout.ONLEESBAAR.value)
        .when(negatief)
        .then(Celfout.NEGATIEF.value)
        .when(gebroken)
        .then(Celfout.GEEN_HELE_CENTEN.value)
        .otherwise(Celfout.GEEN.value)
        .cast(pl.UInt8)
    )
    uit = [waarde.alias(k.naam), fout_.alias(fout(k.naam))]
    if k.vorm is Vorm.TARIEF:
        uit.append(m.alias(in_euro_of_cent(k.naam)))
    return uit
