"""Numbers and amounts in every way they are written (SPEC 3), vectorised over the rows of many files.

Lives here: separators of thousands and of decimals, and what decides when `1.234` could be either. Add here: another
way in which a number is written. Keep out: judging.

A lone separator before three digits is decided, in this order, by: the row (volume x tarief = bedrag in one reading
only), the proven rows of the same file, the column, the other columns of the file, and last by what was agreed: a comma
is decimal, and a column of nothing else is no column of thousands. Files of one zip decide nothing for each other.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from enum import IntEnum
from functools import reduce

import polars as pl

from pipeline.berichten.kolom import GETALVORMEN, Contract, Kolom, Vorm
from pipeline.berichten.namen import BESTAND, EURO, Celfout, afgerond, bron, fout, hersteld, in_euro_of_cent, tekst

MICRO = 1_000_000
"""Numbers are read as whole millionths: exact, and fast to compare."""
_WIT = " \t\r\n\u00a0\u2007\u202f\u200b\ufeff"
_FACTOREN = ("geleverd_volume", "producttarief", "ingediend_bedrag")
_EUROS = "83"
"""Unit under which the volume is the amount, and there is no price."""


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


_TWIJFELS = (_Wijze.KOMMA_TWIJFEL.value, _Wijze.PUNT_TWIJFEL.value)


def met_getallen(df: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Read all number columns."""
    kolommen = [k for k in contract.kolommen if k.vorm in GETALVORMEN]
    if not kolommen:
        return df
    teksten = pl.concat([df[tekst(k.naam)].unique().rename("t") for k in kolommen]).unique().drop_nulls()
    gelezen = _lees_getallen(teksten)
    for k in kolommen:
        df = df.drop(k.naam).join(
            gelezen.rename({"t": tekst(k.naam), "m": k.naam, "w": _wijze(k.naam), "h": hersteld(k.naam)}),
            on=tekst(k.naam),
            how="left",
            maintain_order="left",
        )
    df = _beslis_twijfel(df, kolommen)
    return df.with_columns(e for k in kolommen for e in _getal_uit(k)).drop(
        [_wijze(k.naam) for k in kolommen] + [_onzeker(k.naam) for k in kolommen]
    )


def _wijze(naam: str) -> str:
    return f"{naam}__w"


def _onzeker(naam: str) -> str:
    """Whether nothing decided what the separator means."""
    return f"{naam}__o"


def _lees_getallen(teksten: pl.Series) -> pl.DataFrame:
    """Return every distinct text with its value in millionths (as if doubtful separators were decimal) and `_Wijze`."""
    groepen = r"^[-+]?[0-9]{1,3}(?:[ '\x{a0}\x{202f}\x{2007}][0-9]{3})+(?:[.,][0-9]+)?$"
    t = pl.col("t").str.replace_all(r"(?i)€|\beur\b|\beuro\b", "").str.strip_chars(_WIT).str.replace(r",-{1,2}$", "")
    t = pl.when(t.str.contains(groepen)).then(t.str.replace_all(r"[ '\x{a0}\x{202f}\x{2007}]", "")).otherwise(t)
    t = t.str.replace(r"^([0-9.,]+)-$", "-$1").str.replace(r"^([-+])\s+", "$1").str.strip_prefix("+")
    df = pl.DataFrame({"t": teksten}).with_columns(b=t.str.strip_prefix("-"), min=t.str.starts_with("-"))
    b = pl.col("b")
    df = df.with_columns(w=_wijze_van(b))
    gewoon = (
        pl.when(pl.col("w") == _Wijze.PUNT_DUIZEND)
        .then(b.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True))
        .when(pl.col("w") == _Wijze.KOMMA_DUIZEND)
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


def _wijze_van(b: pl.Expr) -> pl.Expr:
    """How a number without its sign is written."""
    return (
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


# --- thousands or decimals --------------------------------------------------------------------------------------------


def _beslis_twijfel(df: pl.DataFrame, kolommen: Sequence[Kolom]) -> pl.DataFrame:
    """Decide for every `1.234` whether it is a thousand or a fraction; as a thousand it becomes x1000."""
    twijfel = {k.naam: pl.col(_wijze(k.naam)).is_in(_TWIJFELS).fill_null(value=False) for k in kolommen}
    aanwezig = df.select(e.any().alias(n) for n, e in twijfel.items()).row(0, named=True)
    df = df.with_columns(pl.lit(value=False).alias(_onzeker(n)) for n in twijfel)
    if not any(aanwezig.values()):
        return df
    namen = [n for n in twijfel if aanwezig[n]]
    df = df.with_columns(_bewijs_per_rij(namen, [k.naam for k in kolommen]))
    keuzes = _keuze_per_bestand(df, namen, kolommen)
    df = df.join(keuzes, on=BESTAND, how="left", maintain_order="left")
    duizend = {n: twijfel[n] & pl.coalesce(_bewezen(n), _per_bestand(n)) for n in namen}
    onzeker = {n: twijfel[n] & pl.col(_bewezen(n)).is_null() & pl.col(f"{n}__s") for n in namen}
    return df.with_columns(
        *(pl.when(d).then(pl.col(n) * 1000).otherwise(pl.col(n)).alias(n) for n, d in duizend.items()),
        *((pl.col(hersteld(n)) | d).alias(hersteld(n)) for n, d in duizend.items()),
        *(e.alias(_onzeker(n)) for n, e in onzeker.items()),
    ).drop(naam for n in namen for naam in (_bewezen(n), _per_bestand(n), f"{n}__s"))


def _bewezen(naam: str) -> str:
    """Whether a doubtful cell is a thousand, as its own row proves; NULL when it does not."""
    return f"{naam}__b_rij"


def _per_bestand(naam: str) -> str:
    """The same for the other rows of the file."""
    return f"{naam}__b_best"


def _bewijs_per_rij(namen: Sequence[str], alle: Sequence[str]) -> list[pl.Expr]:
    """What volume x tarief = bedrag proves in a row: a reading of its doubtful cells, when only one comes out right."""
    if not set(_FACTOREN) <= set(alle):
        return [pl.lit(None, pl.Boolean).alias(_bewezen(n)) for n in namen]
    twijfelt = [n for n in _FACTOREN if n in namen]
    klopt = {
        keuze: _klopt(dict(zip(twijfelt, keuze, strict=True)))
        for keuze in itertools.product((False, True), repeat=len(twijfelt))
    }
    enig = pl.sum_horizontal(klopt.values()) == 1
    return [
        pl.when(enig & (pl.col(_wijze(n)).is_in(_TWIJFELS)))
        .then(pl.any_horizontal(e for keuze, e in klopt.items() if keuze[twijfelt.index(n)]))
        .alias(_bewezen(n))
        for n in namen
    ]


def _klopt(duizend: Mapping[str, bool]) -> pl.Expr:
    """Whether volume x tarief is the bedrag when the doubtful cells of a row are read in this way."""

    def waarde(naam: str) -> pl.Expr:
        keer = 1000 if duizend.get(naam) else 1
        return pl.col(naam).cast(pl.Float64) / MICRO * keer

    eigen = [pl.col(_wijze(n)).is_in(_TWIJFELS).fill_null(value=False) for n in duizend]
    kan = [e for e, d in zip(eigen, duizend.values(), strict=True) if d]  # else it is a reading counted already
    zonder_prijs = pl.col(tekst("producttarief")).is_null() & (pl.col(bron("eenheid")) == _EUROS)
    prijs = pl.when(zonder_prijs).then(1.0).otherwise(waarde("producttarief"))
    bedrag = waarde("ingediend_bedrag")
    verschil = (waarde("geleverd_volume") * prijs - bedrag).abs()
    # readings differ by a factor of a thousand: rounding of prices per minute must not look like another one
    klopt = (verschil <= 1.0 + bedrag.abs() / 200) & _hele_centen(duizend)
    return reduce(lambda a, b: a & b, kan, klopt).fill_null(value=False)


def _hele_centen(duizend: Mapping[str, bool]) -> pl.Expr:
    """An amount has no parts of a cent: a reading that gives them is none."""
    if duizend.get("ingediend_bedrag", True):
        return pl.lit(value=True)
    return pl.col("ingediend_bedrag") % _per_cent() == 0


def _per_cent() -> pl.Expr:
    return pl.when(pl.col(EURO)).then(MICRO // 100).otherwise(MICRO)


def _keuze_per_bestand(df: pl.DataFrame, namen: Sequence[str], kolommen: Sequence[Kolom]) -> pl.DataFrame:
    """For every file and doubtful column: is it a thousand where the row proves nothing, and is that unsure."""
    alle = [k.naam for k in kolommen]
    vormen = {k.naam: k.vorm for k in kolommen}
    gezien = (
        df.group_by(BESTAND, maintain_order=True)
        .agg(
            *((pl.col(_wijze(n)) == w.value).any().alias(f"{n}|{w.name}") for n in alle for w in _Wijze),
            *((pl.col(_bewezen(n)) == d).any().alias(f"{n}|bewezen|{d}") for n in namen for d in (False, True)),
            *(_breekt_centen(n).any().alias(f"{n}|gebroken") for n in namen),
        )
        .to_dicts()
    )
    rijen = []
    for rij in gezien:
        keuzes = [_keuze(rij, n, alle, vormen[n]) for n in namen]
        rijen.append((rij[BESTAND], *(deel for keuze in keuzes for deel in keuze)))
    schema = {BESTAND: df.schema[BESTAND]} | {
        naam: pl.Boolean() for n in namen for naam in (_per_bestand(n), f"{n}__s")
    }
    return pl.DataFrame(rijen, schema=schema, orient="row")


def _breekt_centen(naam: str) -> pl.Expr:
    """Doubtful cells that, read with decimals, would be no whole cents."""
    return pl.col(_wijze(naam)).is_in(_TWIJFELS) & (pl.col(naam) % _per_cent() != 0)


def _keuze(rij: Mapping[str, bool], naam: str, alle: Sequence[str], vorm: Vorm) -> tuple[bool, bool]:
    """Return (thousand, unsure) for the doubtful cells of a column of a file that no row proves."""
    bewezen = [d for d in (False, True) if rij[f"{naam}|bewezen|{d}"]]
    if len(bewezen) == 1:
        return bewezen[0], False
    teken = "KOMMA" if rij[f"{naam}|KOMMA_TWIJFEL"] else "PUNT"
    for namen in ([naam], alle):
        geleerd = _leer(rij, namen, teken)
        if geleerd is not None:
            return geleerd, False
    if vorm is Vorm.GELD and rij[f"{naam}|gebroken"]:
        return True, False
    if teken == "KOMMA":  # as agreed; of money nothing is taken in silence
        return False, vorm is Vorm.GELD or rij[f"{naam}|PUNT_TWIJFEL"]
    return bool(rij[f"{naam}|HEEL"]), True


def _leer(rij: Mapping[str, bool], namen: Sequence[str], teken: str) -> bool | None:
    """Decide from unambiguous cells in these columns; None when they say nothing, or both."""
    ander = "PUNT" if teken == "KOMMA" else "KOMMA"

    def ziet(wijze: str) -> bool:
        return any(rij[f"{n}|{wijze}"] for n in namen)

    duizend = ziet(f"{teken}_DUIZEND") or ziet(f"{ander}_DECIMAAL")
    decimaal = ziet(f"{teken}_DECIMAAL") or ziet(f"{ander}_DUIZEND")
    if duizend == decimaal:
        return None
    return duizend


# --- units ------------------------------------------------------------------------------------------------------------


def _getal_uit(k: Kolom) -> list[pl.Expr]:
    """Turn millionths into the unit of the column: hundredths of a volume, ten-thousandths of a cent, whole cents."""
    m, w = pl.col(k.naam), pl.col(_wijze(k.naam))
    negatief = m < 0
    gebroken = pl.lit(value=False)
    if k.vorm is Vorm.GELD:
        per_cent = _per_cent()
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
        .when(_onzeker(k.naam))
        .then(Celfout.TWIJFEL.value)
        .otherwise(Celfout.GEEN.value)
        .cast(pl.UInt8)
    )
    uit = [waarde.alias(k.naam), fout_.alias(fout(k.naam))]
    if k.vorm is Vorm.TARIEF:
        uit.append(m.alias(in_euro_of_cent(k.naam)))
    if k.vorm is Vorm.GETAL:
        uit.append((m % 10_000 != 0).fill_null(value=False).alias(afgerond(k.naam)))
    return uit
