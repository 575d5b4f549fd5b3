"""Tables of the Gemeentelijk Gegevensmodel, as Parquet in a zip: joined by their keys to rows of one bericht.

Lives here: what a row of each table adds to a row of the bericht, and the sentence when a table or a key is missing. A
row number is that of the table of which the rows are the bericht's own. Keep out: what stands where
(berichten/ggm.py), what a value means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from pipeline.berichten import ggm
from pipeline.berichten.kolom import GELDVORMEN, Contract, Kolom
from pipeline.intake.celtekst import GEEN_WAARDE
from pipeline.intake.lezing import Grenzen, Onleesbaar, Tabel
from pipeline.intake.parquet_lezer import lees_cellen
from pipeline.intake.tabelrijen import lichaam


def lees_ggm(leden: Mapping[str, bytes], contract: Contract, grenzen: Grenzen) -> Tabel:
    """Read the tables in a zip as one table of text under the names of the contract. Raises Onleesbaar as readers do.

    A key that points at a row that is not there is a fault of its cells, not of the file.
    """
    if not contract.ggm:
        raise Onleesbaar(f"Tabellen van het GGM worden voor {contract.bericht.value} niet gelezen; lever een tabel.")
    tabellen = _tabellen(leden, contract, grenzen)
    rijen, erbij = tabellen[contract.ggm], {contract.ggm}
    for tak in ggm.takken(contract.ggm):
        if tak.ouder in erbij and tak.kind in tabellen:
            rijen = _met(rijen, tak, tabellen[tak.kind])
            erbij.add(tak.kind)
    kolommen = {k.naam: e for k in contract.kolommen if (e := _waarde(k, contract.ggm, rijen)) is not None}
    cellen = rijen.select(e.alias(f"k{i}") for i, e in enumerate(kolommen.values()))
    return replace(lichaam(cellen, tuple(kolommen), 2), bedrag_eenheid="cent")


def _tabellen(leden: Mapping[str, bytes], contract: Contract, grenzen: Grenzen) -> dict[str, pl.DataFrame]:
    """Read of every table what the bericht is made of; a column bears the name of its table in front."""
    stappen = list(ggm.takken(contract.ggm))
    nodig = {_naam(p.tabel, p.kolom) for k in contract.kolommen for p in ggm.plaatsen(k, contract.ggm)}
    nodig |= {_naam(t, k) for tak in stappen for t, k in zip((tak.ouder, tak.kind), tak.sleutels, strict=True)}
    aanwezig = {ggm.tabelnaam(bestand): data for bestand, data in leden.items()}
    if ontbreekt := [t for t in ggm.verplichte_tabellen(contract) if t not in aanwezig]:
        raise Onleesbaar(f"In het zip-bestand ontbreekt van de tabellen van het GGM: {', '.join(ontbreekt)}.")
    uit = {}
    for tabel in {contract.ggm, *(t.kind for t in stappen)} & aanwezig.keys():
        namen, cellen = lees_cellen(aanwezig[tabel], grenzen)
        koppen = [_naam(tabel, naam.upper()) for naam in namen]
        if len(set(koppen)) < len(koppen):
            raise Onleesbaar(f"In de tabel {tabel} heten twee kolommen hetzelfde.")
        kolommen = zip(cellen.columns, koppen, strict=True)
        uit[tabel] = cellen.select(pl.col(van).replace("", None).alias(kop) for van, kop in kolommen if kop in nodig)
    return uit


def _met(rijen: pl.DataFrame, tak: ggm.Tak, kind: pl.DataFrame) -> pl.DataFrame:
    """Put the row of another table beside every row; what it points at in vain is no value."""
    van, naar = (_naam(t, k) for t, k in zip((tak.ouder, tak.kind), tak.sleutels, strict=True))
    for sleutel, df in ((van, rijen), (naar, kind)):
        if sleutel not in df.columns:
            tabel, _, kolom = sleutel.partition(".")
            raise Onleesbaar(f"In de tabel {tabel} ontbreekt de sleutel {kolom}.")
    kind = kind.filter(pl.col(naar).is_not_null())
    if kind[naar].is_duplicated().any():
        raise Onleesbaar(f"In de tabel {tak.kind} staat dezelfde {tak.sleutels[1]} in meer dan een rij.")
    samen = rijen.join(kind, left_on=van, right_on=naar, how="left", coalesce=False, maintain_order="left")
    if tak.terug:
        return samen
    loos = pl.col(van).is_not_null() & pl.col(naar).is_null()
    return samen.with_columns(pl.when(loos).then(pl.lit(GEEN_WAARDE)).otherwise(n).alias(n) for n in kind.columns)


def _waarde(kolom: Kolom, feit: str, rijen: pl.DataFrame) -> pl.Expr | None:
    """Return the value of a column: as it stands exactly, else as the model has it; None when it stands nowhere."""
    gevonden = [p for p in ggm.plaatsen(kolom, feit) if _naam(p.tabel, p.kolom) in rijen.columns]
    if not gevonden:
        return None
    waarde = pl.coalesce(_tekst(p) for p in gevonden)
    return _in_centen(waarde) if kolom.vorm in GELDVORMEN else waarde


def _tekst(plaats: ggm.Plaats) -> pl.Expr:
    cel = pl.col(_naam(plaats.tabel, plaats.kolom))
    if plaats.soort not in ggm.ENUMERATIES:
        return cel
    nummers = {str(nr): waarde for nr, waarde in enumerate(ggm.ENUMERATIES[plaats.soort], start=1)}
    return cel.replace(nummers)


def _in_centen(waarde: pl.Expr) -> pl.Expr:
    """Cents of an amount in euros, exactly; what is no plain number is no value."""
    cent = (waarde.str.replace(",", ".", literal=True).cast(pl.Decimal(24, 6), strict=False) * 100).cast(pl.String)
    return pl.when(waarde.is_not_null()).then(cent.fill_null(GEEN_WAARDE))


def _naam(tabel: str, kolom: str) -> str:
    return f"{tabel}.{kolom}"
