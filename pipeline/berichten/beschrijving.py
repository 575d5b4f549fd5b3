"""What a column means, for people and for other programs: the contracts in plain values, without pandera or polars.

Lives here: the meaning and an example of every column, and the neutral description that docs and data contracts are
made from. Add here: the meaning of a new column (a test says which is missing). Keep out: how it is written down
(reports/).
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.berichten import contracten
from pipeline.berichten.kolom import Contract, Kolom, Vorm, kaal
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht

BETEKENIS: dict[str, tuple[str, str]] = {
    "bsn": ("Burgerservicenummer van de jeugdige; wordt bij binnenkomst vervangen door een pseudoniem.", "999900006"),
    "geboortedatum": ("Geboortedatum; alleen de maand waarin een leeftijd wordt bereikt blijft bewaard.", "2012-05-10"),
    "geslacht": ("Geslacht: 0 onbekend, 1 man, 2 vrouw.", "2"),
    "aanbieder_agb": ("AGB-code van de aanbieder.", "42345678"),
    "toewijzingnummer": ("Nummer van de toewijzing in uw administratie; gelijk in alle versies ervan.", "1001"),
    "referentie_aanbieder": ("Eigen kenmerk van de aanbieder; wordt gelezen en niet bewaard.", "A-2025-17"),
    "productcategorie": ("Productcategorie volgens de landelijke lijst JZ020.", "45"),
    "productcode": ("Productcode uit de productentabel van de regio.", "45A04"),
    "toewijzingsdatum": ("Dag waarop deze versie van de toewijzing is afgegeven.", "2025-03-03"),
    "toewijzingstijd": ("Tijdstip daarbij; onderscheidt versies van dezelfde dag.", "10:00:00"),
    "ingangsdatum": ("Eerste dag waarop de zorg is toegewezen.", "2025-03-01"),
    "einddatum": ("Laatste dag van de toewijzing; leeg als die nog niet vaststaat.", "2025-08-31"),
    "reden_wijziging": ("Waarom er een nieuwe versie is (JZ002); leeg bij de eerste versie.", "07"),
    "volume": ("Omvang van de toegewezen zorg, in de eenheid hiernaast.", "10"),
    "eenheid": ("Eenheid van het volume (WJ756), zoals 01 minuut, 04 uur, 14 etmaal, 82 stuks, 83 euro.", "04"),
    "frequentie": ("Per wat het volume geldt: 1 dag, 2 week, 4 maand, 6 hele toewijzing.", "4"),
    "budget": ("Toegewezen bedrag, als er geen omvang is.", "150000"),
    "besluitdatum": ("Dag van de beschikking.", "2025-02-20"),
    "datum_ontvangst_verzoek": ("Dag waarop het verzoek van de aanbieder binnenkwam.", "2025-02-25"),
    "verwijzer_type": ("Wie verwees (COD327), zoals 01 gemeente, 02 huisarts, 08 rechter.", "01"),
    "startdatum_levering": ("Dag waarop de zorg echt begon (iJw 305).", "2025-03-05"),
    "stopdatum_levering": ("Dag waarop de zorg echt stopte (iJw 307).", "2025-03-28"),
    "reden_beeindiging": ("Waarom de zorg stopte (JZ588).", "31"),
    "leveringsvorm": ("Zorg in natura (ZIN) of persoonsgebonden budget (PGB); leeg is ZIN.", "ZIN"),
    "declaratienummer": ("Nummer van de declaratie van de aanbieder.", "D2025-031"),
    "declaratieperiode_begin": ("Eerste dag van de periode waarover de aanbieder declareert.", "2025-03-01"),
    "declaratiedagtekening": ("Dag waarop de declaratie is opgesteld; bepaalt in welke maand zij hoort.", "2025-03-31"),
    "referentienummer": ("Kenmerk van de declaratieregel bij de aanbieder; uniek per aanbieder.", "REF-2025/1"),
    "vorig_referentienummer": ("Bij een creditregel: het referentienummer van de ingetrokken regel.", "REF-2025/0"),
    "productperiode_begin": ("Eerste dag van de geleverde zorg.", "2025-03-01"),
    "productperiode_eind": ("Laatste dag van de geleverde zorg, in dezelfde kalendermaand.", "2025-03-31"),
    "geleverd_volume": ("Hoeveel er is geleverd, in de eenheid hiernaast.", "12"),
    "producttarief": ("Prijs per eenheid; leeg bij eenheid 83.", "7090"),
    "ingediend_bedrag": ("Bedrag van de regel, altijd positief; debet_credit zegt of het erbij of eraf gaat.", "85080"),
    "debet_credit": ("D telt erbij, C trekt af.", "D"),
    "status": ("Wat u met de regel deed; alleen `afgekeurd` verandert cijfers.", "goedgekeurd"),
    "retourcode": ("Waarom een regel is afgekeurd (WJ001).", "8001"),
    "datum_antwoord": ("Dag waarop de aanbieder antwoord kreeg (iJw 325).", "2025-04-10"),
}  # fmt: skip
"""Per column: what it means, and an example (person numbers from the official test range)."""

PERSOONLIJK = frozenset({"bsn", "geboortedatum"})
"""Columns that say who somebody is: never right of the archive."""

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
    betekenis, voorbeeld = BETEKENIS[k.naam]
    codes = catalogus.codes(k.codelijst) if k.codelijst else k.waarden
    element = [naam for pad in (*k.ijw, *k.ggm) for naam in _kortste_kop(pad, k.naam, contract)]
    element = [naam for naam in element if kaal(naam) != kaal(k.naam)]
    return Kolombeschrijving(
        naam=k.naam,
        betekenis=betekenis,
        voorbeeld=voorbeeld,
        vorm=k.vorm,
        vormzin=_vormzin(k),
        verplicht=k.verplicht,
        breedte=k.breedte,
        maximum=k.maximum,
        codelijst=k.codelijst,
        toegestaan=tuple(sorted(codes)),
        synoniemen=tuple(dict.fromkeys([*element, *extra])),
        is_persoonlijk=k.naam in PERSOONLIJK,
        bewaard=k.bewaard,
    )


def _vormzin(k: Kolom) -> str:
    if k.vorm is Vorm.KENMERK:
        return f"tekst, hoogstens {k.breedte} tekens"
    if k.vorm is Vorm.CODE:
        return f"code van {k.breedte} {'teken' if k.breedte == 1 else 'tekens'}"
    if k.vorm is Vorm.WOORD and k.waarden and len(k.waarden) <= 3:
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
