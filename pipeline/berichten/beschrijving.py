"""What a column means, for people and for other programs: the contracts in plain values, without pandera or polars.

Lives here: the neutral description that docs and data contracts are made from. Keep out: what a column means (its
room), how it is written down (reports/).
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.berichten import contracten
from pipeline.berichten.kolom import Contract, Kolom, Vorm, kaal
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht

VORMZIN: dict[Vorm, str] = {
    Vorm.BSN: "negen cijfers, elfproef",
    Vorm.DATUM: "jjjj-mm-dd of dd-mm-jjjj",
    Vorm.TIJD: "uu:mm:ss",
    Vorm.AGB: "acht cijfers",
    Vorm.CODE: "code",
    Vorm.WOORD: "code",
    Vorm.KENMERK: "tekst",
    Vorm.NUMMER: "geheel getal, hoogstens negen cijfers",
    Vorm.GETAL: "getal, hoogstens twee decimalen",
    Vorm.GELD: "bedrag, hele eurocenten",
    Vorm.TARIEF: "bedrag, hoogstens vier decimalen van een eurocent",
    Vorm.GEMEENTE: "CBS-code, zoals GM0153 of 0153",
}


@dataclass(frozen=True)
class Kolombeschrijving:
    """A column of an extract as a sender fills it. `toegestaan`: the codes; empty: any of the form."""

    naam: str
    betekenis: str
    voorbeeld: str
    vorm: Vorm
    vormzin: str
    verplicht: bool
    breedte: int
    maximum: int
    codelijst: str
    toegestaan: tuple[str, ...]
    synoniemen: tuple[str, ...]
    is_persoonlijk: bool
    bewaard: str


@dataclass(frozen=True)
class Bewaardkolom:
    """A column of accepted rows: DuckDB type, whether it may be empty, and the checks of pandera in words."""

    naam: str
    soort: str
    mag_leeg: bool
    controles: tuple[str, ...]


def beschrijf(bericht: Bericht, catalogus: Catalogus) -> list[Kolombeschrijving]:
    """Return every column of a bericht, in contract order, with the code lists and header names of these seeds."""
    contract = contracten(catalogus)[bericht]
    extra: dict[str, list[str]] = {}
    for r in catalogus.rijen("kolomsynoniemen"):
        if r["bericht"] in ("alle", bericht.value):
            extra.setdefault(r["kolom"], []).append(r["synoniem"])
    return [_beschrijf(k, contract, catalogus, extra.get(k.naam, [])) for k in contract.kolommen]


def _kortste_kop(pad: str, kolom: str, contract: Contract) -> list[str]:
    """Return the shortest tail of an element path that is accepted as a header for the column."""
    delen = pad.split("/")
    for begin in reversed(range(len(delen))):
        naam = ".".join(delen[begin:])
        if contract.kopnamen.get(kaal(naam)) == kolom:
            return [naam]
    return []


def _beschrijf(k: Kolom, contract: Contract, catalogus: Catalogus, extra: list[str]) -> Kolombeschrijving:
    codes = catalogus.codes(k.codelijst) if k.codelijst else k.waarden
    element = [naam for pad in (*k.ijw, *k.ggm) for naam in _kortste_kop(pad, k.naam, contract)]
    element = [naam for naam in element if kaal(naam) != kaal(k.naam)]
    return Kolombeschrijving(
        naam=k.naam,
        betekenis=k.betekenis,
        voorbeeld=k.voorbeeld,
        vorm=k.vorm,
        vormzin=_vormzin(k),
        verplicht=k.verplicht,
        breedte=k.breedte,
        maximum=k.maximum,
        codelijst=k.codelijst,
        toegestaan=tuple(sorted(codes)),
        synoniemen=tuple(dict.fromkeys([*element, *extra])),
        is_persoonlijk=k.is_persoonlijk,
        bewaard=k.bewaard,
    )


def _vormzin(k: Kolom) -> str:
    if k.vorm is Vorm.KENMERK:
        return f"tekst, hoogstens {k.breedte} tekens"
    if k.vorm is Vorm.CODE:
        return f"code van {k.breedte} {'teken' if k.breedte == 1 else 'tekens'}"
    if k.vorm is Vorm.WOORD and k.waarden and len(k.waarden) <= 3 and max(map(len, k.waarden)) < 20:
        return " of ".join(sorted(k.waarden))
    return VORMZIN[k.vorm]


_DUCKDB = {"String": "VARCHAR", "Date": "DATE", "Time": "TIME", "Int32": "INTEGER", "Int64": "BIGINT"}


def beschrijf_bewaard(bericht: Bericht, catalogus: Catalogus) -> list[Bewaardkolom]:
    """Return every column of accepted rows as the pandera schema has it."""
    from pipeline.berichten.schema import schema

    kolommen = schema(bericht, catalogus).columns
    return [
        Bewaardkolom(
            naam,
            _duckdb_type(str(kolom.dtype)),
            bool(kolom.nullable),
            tuple(str(check.error) for check in kolom.checks),
        )
        for naam, kolom in kolommen.items()
    ]


def _duckdb_type(soort: str) -> str:
    if soort in _DUCKDB:
        return _DUCKDB[soort]
    cijfers = soort.removeprefix("Decimal(").removesuffix(")").replace("precision=", "").replace("scale=", "")
    return f"DECIMAL({cijfers.replace(' ', '')})"
