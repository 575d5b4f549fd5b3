"""Refused rows as they are kept: reasons, and the text of columns that say nothing about a person (SPEC 8).

Lives here: what of a refused row may be kept. Add here: a form that is safe to show. Keep out: deciding who is refused.
"""

from __future__ import annotations

import polars as pl

from pipeline.berichten.kolom import GETALVORMEN, Contract, Kolom, Vorm
from pipeline.berichten.namen import RIJ, merk, tekst, vertaald
from pipeline.domain.terugmelding import GEMASKEERD
from pipeline.intake.persoonsnummers import Personen

NOOIT = frozenset({"bsn", "geboortedatum", "referentie_aanbieder"})
"""Columns of which the text is never kept."""

_VORMEN: dict[Vorm, str] = {
    Vorm.DATUM: r"^[0-9][0-9./:\-T Z+]{0,29}$",
    Vorm.TIJD: r"^[0-9][0-9./:\-T Z+]{0,29}$",
    Vorm.AGB: r"^[0-9]{1,8}$",
    Vorm.CODE: r"^(?:[A-Za-z]|[A-Za-z]?[0-9]{1,7})$",
    Vorm.WOORD: r"^(?:[A-Za-z]|[A-Za-z]?[0-9]{1,7})$",
    Vorm.KENMERK: r"^[A-Za-z0-9][A-Za-z0-9 ._/\-]{0,29}$",
    Vorm.NUMMER: r"^[0-9]{1,9}$",
    Vorm.GEMEENTE: r"^(?:[Gg][Mm])?[0-9]{2,4}$",
} | dict.fromkeys(GETALVORMEN, r"^[-+0-9.,€ \x{a0}']{1,20}$")
_LANGE_REEKS = r"[0-9]{8}"
_MAG_LANG = frozenset({Vorm.AGB, Vorm.KENMERK, Vorm.NUMMER})
_NEGEN = r"(?:^|[^0-9])([0-9]{9})(?:[^0-9]|$)"


def quarantainekolommen(contract: Contract) -> list[Kolom]:
    """Columns whose text is kept, masked where needed."""
    return [k for k in contract.kolommen if k.naam not in NOOIT]


def schema(contract: Contract) -> dict[str, pl.DataType]:
    """Columns and types of a quarantine file."""
    vast: dict[str, pl.DataType] = {
        "levering_id": pl.String(),
        "gemeente": pl.String(),
        "bericht": pl.String(),
        "leveringsmaand": pl.Date(),
        "rij": pl.Int32(),
        "redenen": pl.String(),
        "plaatsen": pl.String(),
        "pseudoniem": pl.String(),
        "eigen_sleutel": pl.String(),
    }
    teksten = {k.naam: pl.String() for k in quarantainekolommen(contract)}
    return vast | teksten | {gelezen(k.naam): pl.String() for k in _met_waarde(contract)}


def gelezen(naam: str) -> str:
    """Name of the column with the value as it was read, beside the text `naam`."""
    return f"{naam}_gelezen"


def _met_waarde(contract: Contract) -> list[Kolom]:
    """Columns of which text and value can differ; a reference is its text, and of a number its hash is all there is."""
    return [k for k in quarantainekolommen(contract) if k.vorm is not Vorm.KENMERK and not k.kenmerk]


def verdacht(df: pl.DataFrame, contract: Contract, personen: Personen, waar: pl.Series) -> pl.DataFrame:
    """Tell of the rows `waar`, per column, whether its text holds a person's number, or what could be one and no value.

    `personen` are those of all rows of `df`, accepted too.
    """
    rijen = df.filter(waar)
    gewoon = [k for k in quarantainekolommen(contract) if not k.kenmerk]
    if not rijen.height:
        return pl.DataFrame(schema={k.naam: pl.Boolean() for k in gewoon})
    uit = {}
    for k in gewoon:
        kan = personen.kan_staan_in(k.naam, waar) & rijen.select(_als_gelezen(rijen, k).is_null()).to_series()
        uit[k.naam] = personen.staat_in(k.naam, waar) | kan
    return pl.DataFrame(uit)


def maskeer(
    df: pl.DataFrame, contract: Contract, gevoelig: pl.Series, verdacht_: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return refused rows with safe text only; `df` has id, reasons, places and pseudonym beside the texts.

    `gevoelig`: texts that are never shown, wherever they stand (`gevoelige_teksten` of all rows, accepted too).
    `verdacht_`: per column the rows whose text is not shown either. Of a number that the sender chose the hash is kept.
    """
    gewoon = [k for k in quarantainekolommen(contract) if not k.kenmerk]
    getoond = {k.naam: _mag_getoond(df, k, gevoelig) for k in gewoon}
    if verdacht_ is not None:
        getoond = {naam: toon & ~pl.lit(verdacht_[naam]) for naam, toon in getoond.items()}
    teksten = [pl.col(merk(k.naam)).alias(k.naam) for k in contract.kolommen if k.kenmerk]
    teksten += [
        pl.when(pl.col(tekst(naam)).is_null())
        .then(None)
        .when(toon)
        .then(pl.col(tekst(naam)))
        .otherwise(pl.lit(GEMASKEERD))
        .alias(naam)
        for naam, toon in getoond.items()
    ]
    # a value is shown only beside its text
    waarden = [pl.when(getoond[k.naam]).then(_als_gelezen(df, k)).alias(gelezen(k.naam)) for k in _met_waarde(contract)]
    return df.select(
        "levering_id",
        "gemeente",
        pl.lit(contract.bericht.value).alias("bericht"),
        "leveringsmaand",
        pl.col(RIJ).cast(pl.Int32),
        "redenen",
        "plaatsen",
        "pseudoniem",
        "eigen_sleutel",
        *teksten,
        *waarden,
    ).cast(schema(contract))  # type: ignore[arg-type]  # polars types a schema as a wider mapping


def _mag_getoond(df: pl.DataFrame, k: Kolom, gevoelig: pl.Series) -> pl.Expr:
    """Tell where a text is shown: it looks like what belongs there, or is a word from the seeds."""
    t = pl.col(tekst(k.naam))
    veilig = is_veilig(k, t)
    if vertaald(k.naam) in df.columns:
        veilig = veilig | pl.col(vertaald(k.naam))
    return veilig & ~t.is_in(gevoelig.implode())


def _als_gelezen(df: pl.DataFrame, k: Kolom) -> pl.Expr:
    """Return the value as text: days in ISO, money in cents, a point before decimals; NULL where it was not read."""
    if k.naam not in df.columns:  # refused before its cells were judged
        return pl.lit(None, pl.String)
    naam = f"{k.naam}__c" if f"{k.naam}__c" in df.columns else k.naam
    deel = {Vorm.GETAL: 100, Vorm.TARIEF: 10_000}.get(k.vorm)
    waarde = pl.col(naam) if deel is None else (pl.col(naam) / deel).cast(pl.Decimal(18, 4))
    return waarde.cast(pl.String)


def is_veilig(k: Kolom, t: pl.Expr) -> pl.Expr:
    """Tell whether a text looks like what belongs in the column, and holds nothing like a person number."""
    goed = t.str.contains(_VORMEN[k.vorm])
    if k.waarden:
        goed = goed | t.str.to_uppercase().is_in(sorted(w.upper() for w in k.waarden))
    if k.vorm is Vorm.KENMERK:
        goed = goed & t.str.contains(r"[0-9]") & ~t.str.contains(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}")
    if k.vorm not in _MAG_LANG:
        return goed & ~t.str.contains(_LANGE_REEKS)
    return goed & ~_lijkt_bsn(t)


def _lijkt_bsn(t: pl.Expr) -> pl.Expr:
    nummer = t.str.extract(_NEGEN, 1)
    som = pl.lit(0, pl.Int64)
    for plaats, gewicht in enumerate((9, 8, 7, 6, 5, 4, 3, 2, -1)):
        som = som + nummer.str.slice(plaats, 1).cast(pl.Int64, strict=False) * gewicht
    return (som % 11 == 0).fill_null(value=False)


def gevoelige_teksten(df: pl.DataFrame, contract: Contract) -> pl.Series:
    """Texts that are a person number or birth date somewhere in these files, in the spelling of the file."""
    bronnen = [n for n in ("bsn", "geboortedatum") if n in contract.per_naam]
    if not bronnen:
        return pl.Series("t", [], dtype=pl.String)
    return pl.concat([df[tekst(n)].unique().rename("t") for n in bronnen]).drop_nulls().unique()


__all__ = ["GEMASKEERD", "gevoelige_teksten", "is_veilig", "maskeer", "quarantainekolommen", "schema"]
