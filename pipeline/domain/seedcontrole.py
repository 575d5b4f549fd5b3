"""Do the seeds of a region fit together? What is missing, double, unknown, contradictory or left over from the example.

Lives here: the checks between rows and between files. `HARD` stops a run or makes figures wrong, `ZACHT` does nothing
or reaches nobody. Every sentence names file, row and what to do. Add here: a check, with a row in
tests/domain/test_seedcontrole.py that shows it bite. Keep out: what a single row may hold (seedrijen.py), settings and
data home (beheer/controle.py).
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.domain import contacten, kalender, synoniemen
from pipeline.domain import seedbestand as cel
from pipeline.domain.catalogus import Catalogus, SeedFout
from pipeline.domain.leveringen import REGIO
from pipeline.domain.oude_seeds import BESCHRIJVEND
from pipeline.domain.seedbestand import Rij
from pipeline.domain.seedrijen import GETYPEERD, SEGMENTEN
from pipeline.domain.verklaringen import POORTREGELS

REGIOBESTANDEN = (
    "gemeenten",
    "leveringsafspraken",
    "inwoners",
    "contacten",
    "productcodes",
    "aanbieders",
    "indexatie",
    "streefwaarden",
    "maatregelen",
    "bijdragen",
    "referentiewaarden",
    "historie",
    "historie_maten",
    "vrijstellingen",
    "nihil_opgaven",
    "verklaringen",
    "duiding",
)
"""What a region fills in itself; all other seeds come with the project."""
EIGEN_INSTELLINGEN = ("uitgever_naam", "uitgever_email", "catalogus_adres")
"""Keys of ref_instellingen.csv that say whose figures these are."""
_GEEN_GETAL = ("tekst", "adres", "kolom", "maand")


class Ernst(StrEnum):
    """HARD: a run stops, or its figures would be wrong. ZACHT: it runs, and this is worth a look."""

    HARD = "houdt tegen"
    ZACHT = "let op"


@dataclass(frozen=True)
class Gebrek:
    """One thing that is not in order, in one sentence that says what to do."""

    ernst: Ernst
    zin: str


def controleer_seeds(catalogus: Catalogus, voorbeeld: Catalogus, vandaag: dt.date) -> list[Gebrek]:
    """Everything that is not in order in the seeds; `voorbeeld`: those of the project, for its columns and rows."""
    uit = [Gebrek(Ernst.HARD, zin) for zin in (*_vorm(catalogus, voorbeeld), *_rijen(catalogus))]
    uit = uit or [Gebrek(Ernst.HARD, zin) for zin in _is_gevuld(catalogus)]
    if uit:  # rows that cannot be read, or are not there, cannot be compared
        return uit
    uit = [Gebrek(Ernst.HARD, zin) for toets in HARDE for zin in toets(catalogus, voorbeeld, vandaag)]
    return uit + [Gebrek(Ernst.ZACHT, zin) for toets in ZACHTE for zin in toets(catalogus, voorbeeld, vandaag)]


def _vorm(c: Catalogus, voorbeeld: Catalogus) -> Iterator[str]:
    """Files and columns that are missing; every cell of a file must stand in its own column."""
    for pad in sorted(voorbeeld.map.glob("ref_*.csv")):
        try:
            kop = cel.kopregel(c.map / pad.name)
        except SeedFout as fout:
            yield str(fout)
            continue
        mist = [k for k in cel.kopregel(pad) if k not in kop]
        if mist:
            hoe = (
                f"neem die kolom met haar waarden over uit {pad}" if pad.name in BESCHRIJVEND
                else "voeg die kolom toe, desnoods leeg"
            )  # fmt: skip
            yield f"{pad.name} regel 1: de kopregel mist {', '.join(mist)}; {hoe}."


def _rijen(c: Catalogus) -> list[str]:
    """Rows that cannot be read, of every seed; all of them, not only the first."""
    makers = {
        **GETYPEERD,
        "contacten": contacten.contact,
        "vrijstellingen": kalender.vrijstelling,
        "kolomsynoniemen": synoniemen.kolomsynoniem,
        "waardesynoniemen": synoniemen.waardesynoniem,
        "aanbieders": _aanbieder,
        "indexatie": _index,
        "referentiewaarden": _referentiewaarde,
    }
    namen = sorted(pad.stem.removeprefix("ref_") for pad in c.map.glob("ref_*.csv"))
    return [zin for naam in namen for zin in cel.fouten(c.pad(naam), makers.get(naam, bool))]


def _aanbieder(r: Rij) -> None:
    if not (r["aanbieder_agb"].isdigit() and len(r["aanbieder_agb"]) == 8):
        raise SeedFout(
            f"aanbieder_agb is {r['aanbieder_agb']!r}; een AGB-code heeft acht cijfers, nullen voorop meegeteld."
        )
    cel.een_van(r, "soort", ("contract", "strategisch_partner"))
    cel.een_van(r, "segment", ("", *SEGMENTEN))
    cel.volgorde(r, "geldig_van", "geldig_tot")
    cel.dag(r, "geldig_van")
    cel.dag_of_leeg(r, "geldig_tot")


def _index(r: Rij) -> None:
    cel.geheel(r, "jaar", minimum=1900)
    if not -0.5 < cel.getal(r, "indexatie_aandeel") < 0.5:
        raise SeedFout(f"indexatie_aandeel is {r['indexatie_aandeel']}; vier procent is 0.04.")


def _referentiewaarde(r: Rij) -> None:
    cel.gevuld(r, "gebied")
    cel.geheel(r, "jaar", minimum=1900)
    cel.getal(r, "waarde")


def _is_gevuld(c: Catalogus) -> Iterator[str]:
    if not c.gemeenten:
        yield "ref_gemeenten.csv heeft nog geen rij; zet er de gemeenten van de regio in."
    elif not c.afspraken:
        yield "ref_leveringsafspraken.csv heeft nog geen rij; schrijf per gemeente en bericht op wat zij levert."


UNIEK = {
    "gemeenten": ("gemeente",),
    "inwoners": ("gemeente", "jaar"),
    "instellingen": ("sleutel",),
    "regels": ("regel_code",),
    "indicatoren": ("indicator_id",),
    "streefwaarden": ("doel_id",),
    "maatregelen": ("maatregel_id",),
    "bijdragen": ("bijdrage_id",),
    "indexatie": ("jaar",),
    "nihil_opgaven": ("gemeente", "bericht", "maand"),
    "contacten": ("contact",),
}


def _dubbel(c: Catalogus, _v: Catalogus, _d: dt.date) -> Iterator[str]:
    for naam, kolommen in UNIEK.items():
        eerder: dict[tuple[str, ...], int] = {}
        for nummer, r in c.genummerd(naam):
            sleutel = tuple(r[k] for k in kolommen)
            if sleutel in eerder:
                wat = " ".join(sleutel)
                yield f"ref_{naam}.csv regel {nummer}: {wat} staat ook op regel {eerder[sleutel]}; haal er een weg."
            eerder.setdefault(sleutel, nummer)


OVERLAP = {
    "leveringsafspraken": (("gemeente", "bericht"), "vanaf", "tot"),
    "productcodes": (("productcode", "gemeente"), "geldig_van", "geldig_tot"),
    "aanbieders": (("aanbieder_agb", "soort", "segment"), "geldig_van", "geldig_tot"),
}


def _overlap(c: Catalogus, _v: Catalogus, _d: dt.date) -> Iterator[str]:
    """Two rows that hold on the same day: nobody knows which one counts."""
    for naam, (kolommen, van, tot) in OVERLAP.items():
        groepen: dict[tuple[str, ...], list[tuple[int, Rij]]] = defaultdict(list)
        for nummer, r in c.genummerd(naam):
            groepen[tuple(r[k] for k in kolommen)].append((nummer, r))
        for sleutel, rijen in groepen.items():
            rijen.sort(key=lambda x: x[1][van])
            for (eerder, a), (nummer, b) in itertools.pairwise(rijen):
                if not a[tot] or a[tot] >= b[van]:
                    wie = " ".join(d for d in sleutel if d)
                    yield (
                        f"ref_{naam}.csv regel {nummer}: {wie} geldt vanaf {b[van]} al door regel {eerder}; "
                        f"geef die een {tot} van de dag ervoor."
                    )


def _onbekend(naam: str, kolom: str, bestand: str, sleutel: str, ook: Collection[str] = ()) -> Toets:
    """Return the check that every value of a column stands in another seed."""

    def toets(c: Catalogus, _v: Catalogus, _d: dt.date) -> Iterator[str]:
        bekend = {r[sleutel] for r in c.rijen(bestand)} | set(ook)
        for nummer, r in c.genummerd(naam):
            if r[kolom] not in bekend:
                wie = f" ({r['contact']})" if naam == "contacten" else ""
                yield (
                    f"ref_{naam}.csv regel {nummer}{wie}: {kolom} {r[kolom] or 'zonder waarde'} staat niet in "
                    f"ref_{bestand}.csv; verbeter de code of voeg haar daar toe."
                )

    return toets


def _zonder_inwoners(c: Catalogus, _v: Catalogus, _d: dt.date) -> Iterator[str]:
    bekend = {i.gemeente for i in c.inwoners}
    for g in c.gemeenten.values():
        if g.gemeente not in bekend:
            yield (
                f"ref_inwoners.csv: {g.gemeente} ({g.naam}) heeft geen rij; zet haar inwoners erin, want de dekking "
                "telt op inwoners van 0 tot en met 17."
            )
    for nummer, r in c.genummerd("bijdragen"):
        zonder = [
            g for g in c.gemeenten if not any((i.gemeente, str(i.jaar)) == (g, r["inwoners_jaar"]) for i in c.inwoners)
        ]
        if zonder:
            yield (
                f"ref_bijdragen.csv regel {nummer}: van {_paar(zonder)} staan de inwoners van {r['inwoners_jaar']} "
                "niet in ref_inwoners.csv; voeg die toe, of kies een ander inwoners_jaar."
            )


def _instellingen(c: Catalogus, voorbeeld: Catalogus, _d: dt.date) -> Iterator[str]:
    """Every setting that the code knows is there, and is a number where it has to be one."""
    eigen = {r["sleutel"]: (nummer, r) for nummer, r in c.genummerd("instellingen")}
    for r in voorbeeld.rijen("instellingen"):
        if r["sleutel"] not in eigen:
            yield f"ref_instellingen.csv mist {r['sleutel']}; neem die regel over uit seeds/ van het project."
            continue
        nummer, rij = eigen[r["sleutel"]]
        if r["eenheid"] in _GEEN_GETAL or (not r["waarde"] and not rij["waarde"]):
            continue
        try:
            cel.getal(rij, "waarde")
        except SeedFout as fout:
            yield f"ref_instellingen.csv regel {nummer}: {rij['sleutel']}: {fout}"
    if c.instellingen.get("verrekening_sleutel") and not _leesbaar(lambda: c.verrekensleutel):
        yield (
            f"ref_instellingen.csv regel {eigen['verrekening_sleutel'][0]}: verrekening_sleutel is "
            f"{c.instellingen['verrekening_sleutel']!r}; kies inwoners_0_17, inwoners_0_22 of inwoners."
        )


def _leesbaar(vraag: Callable[[], object]) -> bool:
    try:
        vraag()
    except SeedFout:
        return False
    return True


def _regels_van_het_project(c: Catalogus, voorbeeld: Catalogus, _d: dt.date) -> Iterator[str]:
    for bestand, sleutel in (("regels", "regel_code"), ("indicatoren", "indicator_id")):
        eigen = {r[sleutel] for r in c.rijen(bestand)}
        mist = [r[sleutel] for r in voorbeeld.rijen(bestand) if r[sleutel] not in eigen]
        if mist:
            yield (
                f"ref_{bestand}.csv mist {_paar(mist)}; neem het bestand over uit seeds/ van het project: deze versie "
                "rekent ermee."
            )


def _zonder_afspraak(c: Catalogus, _v: Catalogus, _d: dt.date) -> Iterator[str]:
    met = {a.gemeente for a in c.afspraken}
    for g in c.gemeenten.values():
        if c.afspraken and g.gemeente not in met:
            yield (
                f"ref_leveringsafspraken.csv: {g.gemeente} ({g.naam}) heeft geen rij, dus van haar wordt niets "
                "verwacht; voeg haar toe zodra zij aansluit."
            )


def _niemand_hoort(c: Catalogus, _v: Catalogus, vandaag: dt.date) -> Iterator[str]:
    geldig = [k for k in cel.alle(c.pad("contacten"), contacten.contact) if k.geldig_op(vandaag)]
    gehoord = {k.gemeente for k in geldig}
    for g in c.gemeenten.values():
        if g.gemeente not in gehoord:
            yield (
                f"ref_contacten.csv: {g.gemeente} ({g.naam}) heeft geen rij; bij die gemeente hoort niemand dat iets "
                "te laat of afgekeurd is."
            )
    if not any(k.gemeente == REGIO and k.tekst == "technisch" for k in geldig):
        yield "ref_contacten.csv: geen rij van REGIO met tekst technisch; niemand hoort dat een run mislukt is."


def _voorbeeldadres(c: Catalogus, _v: Catalogus, _d: dt.date) -> Iterator[str]:
    for naam, kolom in (("contacten", "adres"), ("instellingen", "waarde")):
        for nummer, r in c.genummerd(naam):
            if r[kolom].rstrip("/").endswith(".example"):
                yield f"ref_{naam}.csv regel {nummer}: {r[kolom]} is een voorbeeldadres; zet er het echte."


def _afzender(c: Catalogus, _v: Catalogus, _d: dt.date) -> Iterator[str]:
    for nummer, r in c.genummerd("instellingen"):
        if r["sleutel"] in EIGEN_INSTELLINGEN and not r["waarde"]:
            yield f"ref_instellingen.csv regel {nummer}: {r['sleutel']} is leeg; vul in: {r['omschrijving'].lower()}."


def _overgebleven(c: Catalogus, voorbeeld: Catalogus, _d: dt.date) -> Iterator[str]:
    """Rows of the example region in the seeds of another one."""
    regio = {r["jeugdregio"] for r in voorbeeld.rijen("gemeenten")}
    if regio & {r["jeugdregio"] for r in c.rijen("gemeenten")}:
        return
    for naam in REGIOBESTANDEN:
        oud = [tuple(sorted(r.items())) for r in voorbeeld.rijen(naam)]
        over = [n for n, r in c.genummerd(naam) if tuple(sorted(r.items())) in oud or _noemt(r, regio)]
        if over:
            ook = f" (en {len(over) - 1} andere)" if over[1:] else ""
            yield f"ref_{naam}.csv regel {over[0]}{ook}: is van de voorbeeldregio; haal weg wat niet van deze regio is."
    for nummer, r in c.genummerd("instellingen"):
        if r["sleutel"] in EIGEN_INSTELLINGEN and _noemt(r, regio):
            yield f"ref_instellingen.csv regel {nummer}: {r['sleutel']} noemt de voorbeeldregio; zet er de eigen regio."


def _noemt(r: Rij, namen: Collection[str]) -> bool:
    return any(n and n.lower() in w.lower() for w in r.values() for n in namen)


def _onbekende_instelling(c: Catalogus, voorbeeld: Catalogus, _d: dt.date) -> Iterator[str]:
    bekend = {r["sleutel"] for r in voorbeeld.rijen("instellingen")}
    for nummer, r in c.genummerd("instellingen"):
        if r["sleutel"] not in bekend:
            yield f"ref_instellingen.csv regel {nummer}: {r['sleutel']} kent deze versie niet; haal de regel weg."


def _zonder_producten(c: Catalogus, _v: Catalogus, _d: dt.date) -> Iterator[str]:
    if not c.producten:
        yield (
            "ref_productcodes.csv heeft nog geen rij; elk product valt terug op zijn categorie en er is geen prijs om "
            "bedragen aan te toetsen. Zet de productenlijst van de regio erin."
        )


def _paar(namen: Sequence[str]) -> str:
    return ", ".join(namen[:3]) + (f" en {len(namen) - 3} andere" if len(namen) > 3 else "")


Toets = Callable[[Catalogus, Catalogus, dt.date], Iterator[str]]


def _tellingen(c: Catalogus, voorbeeld: Catalogus, _vandaag: dt.date) -> Iterator[str]:
    """A version of an indicator of the project counts what it counts: left empty there would be no figure at all."""
    telt = {
        (r["indicator_id"], r["indicator_versie"]): (r["telt"], r["telt_per"]) for r in voorbeeld.rijen("indicatoren")
    }
    for rij in c.rijen("indicatoren"):
        wie, wat = (rij["indicator_id"], rij["indicator_versie"]), (rij["telt"], rij["telt_per"])
        if telt.get(wie, wat) != wat:
            yield (
                f"ref_indicatoren.csv: {wie[0]} versie {wie[1]} heeft telt {wat[0]!r} en telt_per {wat[1]!r}, en hoort "
                f"{telt[wie][0]!r} en {telt[wie][1]!r} te hebben; wie anders telt, geeft een eigen indicator_versie."
            )


HARDE: tuple[Toets, ...] = (
    _dubbel,
    _overlap,
    _onbekend("leveringsafspraken", "gemeente", "gemeenten", "gemeente", (REGIO,)),
    _onbekend("inwoners", "gemeente", "gemeenten", "gemeente"),
    _onbekend("contacten", "gemeente", "gemeenten", "gemeente", (REGIO,)),
    _onbekend("productcodes", "productcategorie", "codes_productcategorie", "code"),
    _onbekend("productcodes", "cbs_hulpvorm", "codes_cbs_hulpvorm", "code", ("",)),
    _onbekend("productcodes", "eenheid", "codes_eenheid", "code", ("",)),
    _zonder_inwoners,
    _instellingen,
    _regels_van_het_project,
    _tellingen,
)
ZACHTE: tuple[Toets, ...] = (
    _zonder_afspraak,
    _niemand_hoort,
    _onbekend("nihil_opgaven", "gemeente", "gemeenten", "gemeente", (REGIO,)),
    _onbekend("vrijstellingen", "gemeente", "gemeenten", "gemeente", (REGIO,)),
    _onbekend("productcodes", "gemeente", "gemeenten", "gemeente", ("",)),
    _onbekend("maatregelen", "gebied_code", "gemeenten", "gemeente", ("", REGIO)),
    _onbekend("verklaringen", "gemeente", "gemeenten", "gemeente", (REGIO,)),
    _onbekend("verklaringen", "regel", "regels", "regel_code", POORTREGELS),
    _onbekend("referentiewaarden", "indicator_id", "indicatoren", "indicator_id"),
    _onbekende_instelling,
    _zonder_producten,
    _afzender,
    _voorbeeldadres,
    _overgebleven,
)
