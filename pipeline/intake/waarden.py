"""From text to values, vectorised over the rows of many leveringen: codes, references, person numbers, and the rest.

Lives here: reading cells in every dress of SPEC 3, per form of column (berichten.Vorm). A cell that cannot be read
gives no value and a fault code; which rule that is, is decided by the rules. Add here: another way in which a code or a
reference is written. Keep out: dates and times (datums.py), numbers (getallen.py), judging.

After `lees_waarden` every column `k` of the contract has: `k` (its value), `k__t` (its text, NULL when empty), `k__f`
(a `Celfout` as UInt8, 0 when fine), for codes, dates and numbers `k__h` (repaired), and for codes `k__s` (translated).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import polars as pl

from pipeline.berichten.kolom import Contract, Kolom, Vorm, kaal
from pipeline.berichten.namen import Celfout, bron, elf, fout, hersteld, tekst, vertaald
from pipeline.domain.synoniemen import Waardesynoniem
from pipeline.intake.datums import met_datums, met_tijden
from pipeline.intake.getallen import met_getallen

WITRUIMTE = " \t\r\n\u00a0\u2007\u202f\u200b\ufeff"
# a spreadsheet's #N/A is a fault, not an empty cell, in whatever kind of file it comes
_LEEG_WOORDEN = ("NULL", "null", "Null", "(null)")


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
    """Read the text columns of `ruw` (one per contract column, plus `_b`, `_euro`) as values."""
    df = ruw.with_columns(schoon(k.naam).alias(tekst(k.naam)) for k in contract.kolommen)
    if not contract.over_personen:
        df = df.with_columns(niemand())
    df = _met_codes(df, contract, woorden or {})
    df = met_datums(df, contract.met_vorm(Vorm.DATUM))
    df = met_tijden(df, contract.met_vorm(Vorm.TIJD))
    df = met_getallen(df, contract)
    return df.with_columns(
        expressie for k in contract.kolommen if k.vorm in _LEZERS for expressie in _LEZERS[k.vorm](k)
    )


def niemand() -> list[pl.Expr]:
    """Return the working columns of a person number for rows that are about nobody: empty, and nothing to judge."""
    leeg = pl.lit(None, pl.String)
    return [leeg.alias("bsn"), leeg.alias(tekst("bsn")), pl.lit(value=False).alias(elf("bsn"))]


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


# --- codes, words, references, numbers of allocations ----------------------------------------------------------------


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
    return [(t.str.to_lowercase() if k.in_kleine_letters else t.str.to_uppercase()).alias(k.naam)]


def _lees_kenmerk(k: Kolom) -> list[pl.Expr]:
    t = pl.col(tekst(k.naam))
    if not k.bewaard:  # read and never kept: whatever stands in it can do no harm
        return [t.alias(k.naam), _onleesbaar_als(k, pl.lit(value=False))]
    waarde = t.str.to_uppercase() if k.naam == "productcode" else t
    vorm = rf"^[A-Za-z0-9]{{1,{k.breedte}}}$" if k.naam == "productcode" else _vrij_kenmerk(k.breedte)
    goed = t.str.contains(vorm) & ~t.str.contains(pl.col(tekst("bsn")), literal=True).fill_null(value=False)
    # what is kept must be a reference: words without a digit could be a name (SPEC 8)
    goed = goed & t.str.contains(r"[0-9]") & ~t.str.contains(_WETENSCHAPPELIJK)
    return [pl.when(goed).then(waarde).otherwise(None).alias(k.naam), _onleesbaar_als(k, ~goed)]


_WETENSCHAPPELIJK = r"^[0-9]+(?:[.,][0-9]+[eE][+-]?[0-9]+|[eE][+-][0-9]+)$"
"""A reference that a spreadsheet took for a number and no longer knows: 2,02503E+15."""


def _vrij_kenmerk(breedte: int) -> str:
    """Anything one can see, on one line; but no formula of a spreadsheet, and no element of a page."""
    return rf"^[^\p{{C}}\p{{Z}}<>=+\-@][^\p{{C}}\p{{Zl}}\p{{Zp}}<>]{{0,{breedte - 1}}}$"


def _lees_nummer(k: Kolom) -> list[pl.Expr]:
    t = pl.col(tekst(k.naam))
    goed = t.str.contains(r"^[0-9]{1,9}$")
    return [pl.when(goed).then(t.cast(pl.Int64, strict=False)).otherwise(None).alias(k.naam), _onleesbaar_als(k, ~goed)]


def _lees_gemeente(k: Kolom) -> list[pl.Expr]:
    """Put the prefix before the bare digits, and back the zeros that a spreadsheet ate."""
    cijfers = pl.col(tekst(k.naam)).str.to_uppercase().str.strip_prefix("GM")
    goed = cijfers.str.contains(r"^[0-9]{2,4}$")
    code = pl.lit("GM") + cijfers.str.zfill(4)
    return [pl.when(goed).then(code).otherwise(None).alias(k.naam), _onleesbaar_als(k, ~goed)]


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
    Vorm.GEMEENTE: _lees_gemeente,
}
