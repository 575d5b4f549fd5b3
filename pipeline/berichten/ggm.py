"""Our berichten as tables of the Gemeentelijk Gegevensmodel (GGM): which column holds what (docs/ggm.md).

Lives here: the tables, keys and enumerations of the model as far as we fill or read them, and the place of every
column, which follows from its `ggm`. What the model cannot hold stands beside it, in a column that begins with `RM_`.
Add here: a table that a column names. Keep out: reading such tables (intake/ggm_lezer.py), writing them
(warehouse/ggm.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

from pipeline.berichten import CONTRACTEN
from pipeline.berichten.kolom import Contract, Kolom, Vorm, kaal
from pipeline.domain.synoniemen import Waardesynoniem

VERSIE = "2.5.1"
BUITEN = "RM_"
"""Begins the name of a column that the model has not."""
MAAND = "RM_LEVERINGSMAAND"
"""Of which levering a row is; written, never read."""

ENUMERATIES = {
    "EENHEID_ENUM": ("DAGDEEL_4_UUR_", "ETMAAL", "EUROS", "LEEG", "MINUUT", "ONBEKEND", "STUKS", "UUR"),
    "FREQUENTIE_ENUM": (
        *("BINNEN_GELDIGHEID_BESCHIKKING", "LEEG", "ONBEKEND", "PER_4_WEKEN", "PER_DAG", "PER_JAAR", "PER_MAAND"),
        "PER_WEEK",
    ),
    "LEVERINGSVORM_309_ENUM": ("LEEG", "ONBEKEND", "PGB", "ZIN"),
    "SOORT_VERWIJZER_ENUM": (
        *("GECERTIFICEERDE_INSTELLING", "GEMEENTE", "HUISARTS", "JEUGDARTS", "LEEG", "MEDISCH_SPECIALIST", "ONBEKEND"),
        "RECHTER_OFFICIER_VAN_JUSTITIE_FUNCTIONARIS_JUSTITIËLE_JEUGDINRICHTING",
        "ZELFVERWIJZER_GEEN_VERWIJZER",
    ),
}
"""Values of the model; each has its place in the list, from 1, as its number."""
_TEKST, _KORT, _DAG, _GETAL = "VARCHAR(255)", "VARCHAR(20)", "DATE", "INTEGER"
TABELLEN: dict[str, dict[str, str]] = {
    "RECHTSPERSOON": {"RECHTSPERSOON_ID": _GETAL},
    "NATUURLIJKPERSOON": {
        "RECHTSPERSOON_ID": "RECHTSPERSOON",
        "BURGERSERVICENUMMER": _TEKST,
        "DATUMGEBOORTE": _DAG,
        "GESLACHTSAANDUIDING": _TEKST,
    },
    "INGESCHREVENPERSOON": {"RECHTSPERSOON_ID": "NATUURLIJKPERSOON"},
    "CLIENT": {"RECHTSPERSOON_ID": "INGESCHREVENPERSOON"},
    "LEVERANCIER": {"RECHTSPERSOON_ID": "RECHTSPERSOON", "AGBCODE": _TEKST},
    "VOORZIENINGSOORT": {"VOORZIENINGSOORT_ID": _GETAL, "PRODUCTCATEGORIECODE": _KORT, "PRODUCTCODE": _KORT},
    "VOORZIENING": {"VOORZIENING_ID": _GETAL, "VALT_BINNEN_VOORZIENINGSOORT_ID": "VOORZIENINGSOORT"},
    "BESCHIKKING": {"BESCHIKKING_ID": _GETAL, "DATUMAFGIFTE": _DAG, "RECHTSPERSOON_ID": "RECHTSPERSOON"},
    "VERZOEK_OM_TOEWIJZING": {
        "VERZOEK_OM_TOEWIJZING_ID": _GETAL,
        "DATUMONTVANGST": _DAG,
        "LEIDT_TOT_BESCHIKKING_ID": "BESCHIKKING",
        "REFERENTIEAANBIEDER": _TEKST,
        "SOORTVERWIJZER_ENUM_ID": "SOORT_VERWIJZER_ENUM",
    },
    "TOEWIJZING": {
        "TOEWIJZING_ID": _GETAL,
        "DATUMEINDETOEWIJZING": _DAG,
        "DATUMSTARTTOEWIJZING": _DAG,
        "DATUMTOEWIJZING": _DAG,
        "EENHEID_ENUM_ID": "EENHEID_ENUM",
        "FREQUENTIE_ENUM_ID": "FREQUENTIE_ENUM",
        "LEVERT_VOORZIENING_RECHTSPERSOON_ID": "RECHTSPERSOON",
        "OMVANG": _TEKST,
        "REDENWIJZIGING": _GETAL,
        "TOEWIJZINGNUMMER": _TEKST,
        "TOEWIJZING_BESCHIKKING_ID": "BESCHIKKING",
    },
    "BESCHIKTE_VOORZIENING": {
        "BESCHIKTE_VOORZIENING_ID": _GETAL,
        "IS_VOORZIENING_VOORZIENING_ID": "VOORZIENING",
        "LEVERINGSVORM_287_ENUM_ID": "LEVERINGSVORM_309_ENUM",
        "TOEGEWEZEN_PRODUCT_TOEWIJZING_ID": "TOEWIJZING",
    },
    "LEVERING": {
        "LEVERING_ID": _GETAL,
        "DATUMSTART": _DAG,
        "DATUMSTOP": _DAG,
        "GELEVERDE_ZORG_TOEWIJZING_ID": "TOEWIJZING",
        "STOPREDEN": "TEXT",
    },
    "DECLARATIE": {
        "DECLARATIE_ID": _GETAL,
        "DATUMDECLARATIE": _DAG,
        "INGEDIEND_DOOR_RECHTSPERSOON_ID": "RECHTSPERSOON",
    },
    "DECLARATIEREGEL": {
        "DECLARATIEREGEL_ID": _GETAL,
        "BEDRAG": "DECIMAL(10,2)",
        "BETREFT_RECHTSPERSOON_ID": "RECHTSPERSOON",
        "CODE": _KORT,
        "DATUMEINDE": _DAG,
        "DATUMSTART": _DAG,
        "IS_OP_BASIS_VAN_TOEWIJZING_ID": "TOEWIJZING",
        "VALT_BINNEN_DECLARATIE_ID": "DECLARATIE",
    },
}
"""Per table the columns we fill: its key first; a type of SQL, or the table (or enumeration) that a key points at.

In an order in which no table points at a later one.
"""
ZELFDE_SLEUTEL = {
    "RECHTSPERSOON": ("NATUURLIJKPERSOON", "LEVERANCIER"),
    "INGESCHREVENPERSOON": ("NATUURLIJKPERSOON",),
    "CLIENT": ("NATUURLIJKPERSOON",),
}
"""Tables that say no more than what somebody is: the rows of others under the same key."""


@dataclass(frozen=True)
class Tak:
    """From a row of one table to its row of another: by `kolom`, of the first, or of the second (`terug`)."""

    ouder: str
    kolom: str
    kind: str
    terug: bool = False

    @property
    def sleutels(self) -> tuple[str, str]:
        """The columns that are equal, of the one and of the other table."""
        eigen = sleutel(self.ouder if self.terug else self.kind)
        return (eigen, self.kolom) if self.terug else (self.kolom, eigen)


TAKKEN = (
    Tak("TOEWIJZING", "LEVERT_VOORZIENING_RECHTSPERSOON_ID", "LEVERANCIER"),
    Tak("TOEWIJZING", "TOEWIJZING_BESCHIKKING_ID", "BESCHIKKING"),
    Tak("BESCHIKKING", "RECHTSPERSOON_ID", "NATUURLIJKPERSOON"),
    Tak("BESCHIKKING", "LEIDT_TOT_BESCHIKKING_ID", "VERZOEK_OM_TOEWIJZING", terug=True),
    Tak("TOEWIJZING", "TOEGEWEZEN_PRODUCT_TOEWIJZING_ID", "BESCHIKTE_VOORZIENING", terug=True),
    Tak("BESCHIKTE_VOORZIENING", "IS_VOORZIENING_VOORZIENING_ID", "VOORZIENING"),
    Tak("VOORZIENING", "VALT_BINNEN_VOORZIENINGSOORT_ID", "VOORZIENINGSOORT"),
    Tak("TOEWIJZING", "GELEVERDE_ZORG_TOEWIJZING_ID", "LEVERING", terug=True),
    Tak("DECLARATIEREGEL", "VALT_BINNEN_DECLARATIE_ID", "DECLARATIE"),
    Tak("DECLARATIE", "INGEDIEND_DOOR_RECHTSPERSOON_ID", "LEVERANCIER"),
    Tak("DECLARATIEREGEL", "BETREFT_RECHTSPERSOON_ID", "NATUURLIJKPERSOON"),
    Tak("DECLARATIEREGEL", "IS_OP_BASIS_VAN_TOEWIJZING_ID", "TOEWIJZING"),
)


@dataclass(frozen=True)
class Plaats:
    """A column of a table; `soort` is a type of SQL or an enumeration."""

    tabel: str
    kolom: str
    soort: str


def zijn_ggm(namen: Iterable[str]) -> bool:
    """Tell whether files are tables of the model: two of them are called so (`TOEWIJZING.parquet`)."""
    return len({tabelnaam(n) for n in namen} & TABELLEN.keys()) > 1


def tabelnaam(bestand: str) -> str:
    """Return the name of the table in a file."""
    return PurePosixPath(bestand).stem.upper()


def sleutel(tabel: str) -> str:
    """Name of the key of a table."""
    return next(iter(TABELLEN[tabel]))


def takken(feit: str) -> Iterator[Tak]:
    """From a table to all that its rows are made of, the nearest first; not through the rows of another bericht."""
    for tak in TAKKEN:
        if tak.ouder == feit:
            yield tak
            if tak.kind not in {c.ggm for c in CONTRACTEN.values()}:
                yield from takken(tak.kind)


@cache
def plaatsen(kolom: Kolom, feit: str) -> tuple[Plaats, ...]:
    """Return where the value of a column stands: exactly first, then as the model has it."""
    bereikbaar = {feit, *(t.kind for t in takken(feit))}
    paden = [pad.split("/") for pad in kolom.ggm if pad.split("/")[0] in bereikbaar]
    in_model = [
        Plaats(tabel, k, soort)
        for tabel, element in paden
        for k, soort in TABELLEN[tabel].items()
        if re.fullmatch(rf"{element}(?:(?:_[0-9]+)?_ENUM_ID)?", k)
    ][:1]
    if in_model and not (in_model[0].soort in ENUMERATIES or in_model[0].soort == _GETAL):
        return tuple(in_model)
    buiten = feit if in_model or not paden else paden[-1][0]
    return (Plaats(buiten, BUITEN + kolom.naam.upper(), _soort(kolom)), *in_model)


def _soort(kolom: Kolom) -> str:
    """Type of SQL of a value as these tables have it: amounts in euros."""
    eigen = {Vorm.DATUM: _DAG, Vorm.TIJD: "TIME", Vorm.GETAL: "DECIMAL(14,2)", Vorm.GELD: "DECIMAL(16,2)"}
    return (eigen | {Vorm.TARIEF: "DECIMAL(16,6)"}).get(kolom.vorm, _TEKST)


def alle_plaatsen() -> dict[Plaats, Kolom]:
    """Return every column that holds a value of ours, with what it holds."""
    met_ggm = (c for c in CONTRACTEN.values() if c.ggm)
    return {p: k for c in met_ggm for k in c.kolommen for p in plaatsen(k, c.ggm)}


def tabellen() -> dict[str, dict[str, str]]:
    """Return the tables with all columns we fill, those outside the model behind its own."""
    uit = {tabel: dict(kolommen) for tabel, kolommen in TABELLEN.items()}
    for plaats in alle_plaatsen():
        uit[plaats.tabel].setdefault(plaats.kolom, plaats.soort)
    for contract in CONTRACTEN.values():
        if contract.ggm:
            uit[contract.ggm][MAAND] = _DAG
    return uit


def verplichte_tabellen(contract: Contract) -> list[str]:
    """Return the tables without which no row of a bericht is whole, those on the way to them included."""
    nodig = {plaatsen(k, contract.ggm)[-1].tabel for k in contract.kolommen if k.verplicht}
    stappen = list(takken(contract.ggm))
    for tak in reversed(stappen):
        nodig |= {tak.ouder} if tak.kind in nodig else set()
    return [contract.ggm, *(t.kind for t in stappen if t.kind in nodig)]


def nummers(enumeratie: str, kolom: str, woorden: list[Waardesynoniem]) -> dict[str, int]:
    """Return code -> number of an enumeration, for the codes of a column that it has a value for.

    What a value is called is a word for the code (`ref_waardesynoniemen.csv`), at need without what stands between
    parentheses: `STUKS` is 82 and 84.
    """
    waarden = {w: nr for nr, w in enumerate(ENUMERATIES[enumeratie], start=1)}
    per_naam = {kaal(w): nr for w, nr in waarden.items()}
    eigen = [(w.code, w.invoer) for w in woorden if w.kolom == kolom and w.code]
    ruim = [(code, kaal(re.sub(r"\(.*\)", "", woord))) for code, woord in eigen]
    vast = [(code, kaal(woord)) for code, woord in eigen]
    return waarden | {code: per_naam[naam] for code, naam in (*ruim, *vast) if naam in per_naam}


def ddl() -> str:
    """Return the tables as SQL for PostgreSQL, with their keys and the values of the enumerations."""
    uit = [f"-- Gemeentelijk Gegevensmodel {VERSIE}; kolommen die met {BUITEN} beginnen staan niet in het model."]
    for naam, waarden in ENUMERATIES.items():
        rijen = ", ".join(f"({nr}, '{waarde}')" for nr, waarde in enumerate(waarden, start=1))
        uit.append(f"CREATE TABLE {naam} ({naam}_ID INTEGER PRIMARY KEY, VALUE VARCHAR(255));")
        uit.append(f"INSERT INTO {naam} ({naam}_ID, VALUE) VALUES {rijen};")
    for tabel, kolommen in tabellen().items():
        regels = ",\n".join(
            f"    {k} {_sql(soort)}{' PRIMARY KEY' * (k == sleutel(tabel))}" for k, soort in kolommen.items()
        )
        uit.append(f"CREATE TABLE {tabel} (\n{regels}\n);")
    return "\n".join(uit) + "\n"


def _sql(soort: str) -> str:
    if soort in ENUMERATIES:
        return f"INTEGER REFERENCES {soort} ({soort}_ID)"
    return f"INTEGER REFERENCES {soort} ({sleutel(soort)})" if soort in TABELLEN else soort
