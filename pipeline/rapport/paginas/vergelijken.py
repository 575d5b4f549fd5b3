"""*Vergelijken*: this region beside the others, of what every region made public and shared.

Everything here is read from the comparison (`vergelijking.duckdb` in the data home), which is made of the public figures
of the regions and nothing finer; without one there is no page. Lives here: the questions of that page. Keep out: how the
comparison is made (dbt_landelijk/).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.rapport import beelden, koppen, taal
from pipeline.rapport.blokken import Figuur, Inhoud, Kolom, Pagina, Punten, Sectie, Tabel, Tabelblok
from pipeline.rapport.boek import Boek
from pipeline.rapport.bron import Bron, Rij, Rijen
from pipeline.rapport.paginas.openbaar_vragen import vorm_van
from pipeline.rapport.taal import geleverd, getal

PAD = "vergelijken.html"
KERN = (
    "aandeel_jeugdigen_in_zorg",
    "kosten_per_inwoner_0_17",
    "kosten_per_jeugdige",
    "trajectduur_gemiddeld",
    "aandeel_gezinsgericht_breed",
    "aandeel_te_laat",
)
"""Figures that do not grow with the size of a region, so that regions may be put on one scale."""
CIJFERS = """
SELECT * FROM landelijk.vergelijking
WHERE periode_soort = 'jaar' AND segment = 'totaal' AND year(periode) = $jaar
ORDER BY indicator_id, indicator_versie, waarde DESC NULLS LAST, regio_naam"""
JAAR = """
SELECT max(year(periode)) AS jaar FROM landelijk.vergelijking
WHERE periode_soort = 'jaar' AND segment = 'totaal' AND regio_naam = $regio AND waarde IS NOT NULL"""
REGIOS = "SELECT * FROM landelijk.regios ORDER BY regio_naam"
BRON = "landelijk.vergelijking"
_GEEN_OORDEEL = "Verschillen zeggen niets over goed of slecht: regio's verschillen in bevolking, aanbod en afspraken."


def paginas(boek: Boek) -> Sequence[Pagina]:
    """Return the one page; none where regions share nothing."""
    if boek.vergelijking is None:
        return []
    bron = Bron(boek.vergelijking)
    jaar = bron.een(JAAR, {"regio": boek.regio}).get("jaar")
    cijfers, regios = bron.vraag(CIJFERS, {"jaar": jaar or 0}), bron.vraag(REGIOS)
    bron.sluit()
    eigen = {(r["indicator_id"], r["indicator_versie"]): r for r in cijfers if r["regio_naam"] == boek.regio}
    naast = [r for r in cijfers if (r["indicator_id"], r["indicator_versie"]) in eigen]
    return [
        Pagina(
            pad=PAD,
            titel="Vergelijken",
            kicker=f"De regio's naast elkaar · {jaar or taal.LEEG}",
            kop=_kop(boek, eigen.get((KERN[0], _versie(boek, KERN[0])))),
            lead=_lead(len(regios), jaar),
            secties=[
                Sectie("naast", "De regio's op een rij", _figuren(boek, naast, jaar)),
                Sectie("alles", "Alle cijfers van deze regio", [_alles(boek, list(eigen.values()), jaar)]),
                Sectie("samen", "Alle regio's samen", [_samen(boek, list(eigen.values()), jaar)]),
                Sectie("wie", "Wie er meedoet", [_wie(regios), Punten(LEES_DIT)]),
            ],
            hier="vergelijken",
        )
    ]


LEES_DIT = (
    ("Openbare cijfers", "Elke regio deelt wat zij zelf openbaar maakt, met haar eigen afronding.", ""),
    (
        "Geen personen",
        "Jeugdigen zijn nergens over regio's gekoppeld; wie in twee regio's hulp kreeg, telt in beide.",
        "",
    ),
    (
        "Zelfde definitie",
        "Regio's staan alleen naast elkaar als zij volgens dezelfde versie van de definitie tellen.",
        "",
    ),
    (
        "Plaats",
        "Plaats één is de hoogste waarde; gelijke waarden delen een plaats. Hoog is niet goed en niet slecht.",
        "",
    ),
)


def _versie(boek: Boek, indicator: str) -> Any:
    return boek.bron.indicatoren.get(indicator, {}).get("indicator_versie")


def _naam(boek: Boek, indicator: str) -> str:
    return str(boek.bron.indicatoren.get(indicator, {}).get("naam", indicator))


def _kop(boek: Boek, r: Rij | None) -> str:
    if r is None or r["waarde"] is None or r["n_regios"] < 2:
        return f"{boek.regio} naast de andere regio's."
    return koppen.plaats(boek.regio, r["rang"], r["n_regios"], "het aandeel jeugdigen met jeugdzorg")


def _lead(n: int, jaar: int | None) -> str:
    if jaar is None:
        return "Deze regio heeft nog geen heel jaar dat compleet en definitief is. Zodra dat er is, staat zij hier."
    zin = taal.zin(taal.meervoud(n, "regio deelt", "regio's delen"))
    return f"{zin} openbare cijfers. Hier staan die van {jaar} naast elkaar, voor zover een jaar compleet en definitief is."


def _figuren(boek: Boek, cijfers: Rijen, jaar: int | None) -> list[Inhoud]:
    """Return a chart per figure that may stand on one scale, of the regions that show it."""
    uit: list[Inhoud] = []
    for indicator in KERN:
        rijen = [r for r in cijfers if r["indicator_id"] == indicator]
        if any(r["waarde"] is not None for r in rijen):
            uit.append(_figuur(boek, indicator, rijen, jaar))
    return uit or [Punten((), leeg="Er is nog geen cijfer dat regio's naast elkaar laten zien.")]


def _figuur(boek: Boek, indicator: str, rijen: Rijen, jaar: int | None) -> Figuur:
    eerste, vorm, naam = rijen[0], _vorm(rijen[0]["eenheid"]), _naam(boek, indicator)
    tabel = [r | {"naam": r["regio_naam"], "v": r["waarde"]} for r in rijen]
    met = [(r["naam"], vorm(r["v"])) for r in tabel if r["v"] is not None]
    kop = koppen.naast_elkaar(met[-1], met[0], naam) if met[-1][1] != met[0][1] else naam
    midden = f"De helft van de regio's zit tussen {vorm(eerste['kwartiel_1'])} en {vorm(eerste['kwartiel_3'])}"
    return Figuur(
        id=indicator.replace("_", "-"),
        kop=kop,
        onderkop=f"{naam}, {jaar}. Blauw is {boek.regio}, grijs zijn de andere regio's.",
        beeld=beelden.balken(tabel, kop, vorm, eigen=lambda r: r["naam"] == boek.regio),
        zeker=f"{midden}, met {vorm(eerste['mediaan'])} in het midden; {_van(eerste)} tonen dit cijfer. {_GEEN_OORDEEL}",
        letop="",
        tabel=Tabel(kop, _kolommen(vorm), tabel, BRON, nadruk=lambda r: r["naam"] == boek.regio),
        definitie=indicator if indicator in boek.bron.indicatoren else "",
    )


def _vorm(eenheid: str) -> taal.Vorm:
    """How a figure is written here, where days stand beside shares and euros."""
    return (lambda x: f"{getal(x)} dagen" if x is not None else taal.LEEG) if eenheid == "dagen" else vorm_van(eenheid)


def _van(r: Rij) -> str:
    """Of how many of the regions: `38 van de 41 regio's`."""
    return f"{taal.tel(r['n_regios'])} van de {taal.tel(r['n_regios_totaal'])} regio's"


def _kolommen(vorm: taal.Vorm) -> tuple[Kolom, ...]:
    return (
        Kolom("naam", "Regio"),
        Kolom("v", "Waarde", vorm, "teken"),
        Kolom("dekking", "Geleverd", geleverd),
        Kolom("rang", "Plaats", getal),
        Kolom("kwartiel", "Kwart, 1 is het laagste", getal),
    )


def _alles(boek: Boek, rijen: Rijen, jaar: int | None) -> Tabelblok:
    titel = f"Cijfers van {boek.regio} naast de andere regio's, {jaar or taal.LEEG}"
    tabel = []
    for r in rijen:
        vorm = _vorm(r["eenheid"])
        grenzen = {k: vorm(r[k]) for k in ("waarde", "kwartiel_1", "mediaan", "kwartiel_3")}
        plaats = f"{r['rang']} van {r['n_regios']}" if r["rang"] else taal.LEEG
        pad = f"begrip/{r['indicator_id']}.html" if r["indicator_id"] in boek.bron.indicatoren else ""
        tabel.append(r | grenzen | {"naam": _naam(boek, r["indicator_id"]), "plaats": plaats, "pad": pad})
    kolommen = (
        Kolom("naam", "Cijfer"),
        Kolom("waarde", "Deze regio", taal.tekst, "teken"),
        Kolom("kwartiel_1", "Een kwart zit onder", taal.tekst, rechts=True),
        Kolom("mediaan", "Midden", taal.tekst, rechts=True),
        Kolom("kwartiel_3", "Een kwart zit boven", taal.tekst, rechts=True),
        Kolom("plaats", "Plaats", taal.tekst, rechts=True),
        Kolom("dekking", "Geleverd", geleverd),
    )
    op_naam = sorted(tabel, key=lambda r: str(r["naam"]))
    leeg = "Deze regio toont nog geen cijfer over een heel jaar."
    return Tabelblok("", "", Tabel(titel, kolommen, op_naam, BRON, verwijs=lambda r: str(r["pad"])), leeg=leeg)


def _samen(boek: Boek, rijen: Rijen, jaar: int | None) -> Tabelblok:
    titel = f"Alle regio's die delen samen, {jaar or taal.LEEG}"
    tabel = [
        r | {"naam": _naam(boek, r["indicator_id"]), "som": vorm_van(r["eenheid"])(r["landelijke_som"]), "wie": _van(r)}
        for r in rijen
        if r["landelijke_som"] is not None
    ]
    kolommen = (
        Kolom("naam", "Cijfer"),
        Kolom("som", "Samen", taal.tekst, rechts=True),
        Kolom("wie", "Van wie"),
        Kolom("dekking_som", "Deel van de jeugdigen dat daar woont", geleverd),
    )
    zeker = "Alleen aantallen en kosten tellen op. Een som van minder regio's is lager en is geen daling."
    leeg = "Er is nog geen cijfer dat optelt."
    return Tabelblok(
        "", "", Tabel(titel, kolommen, sorted(tabel, key=lambda r: str(r["naam"])), BRON), zeker, leeg=leeg
    )


def _wie(regios: Rijen) -> Tabelblok:
    rijen = [r | {"dag": taal.dag(r["gedeeld_op"].date()), "maand": taal.maand(r["laatste_maand"])} for r in regios]
    kolommen = (
        Kolom("regio_naam", "Regio"),
        Kolom("dag", "Gedeeld op"),
        Kolom("maand", "Laatste maand"),
        Kolom("inwoners_0_17", "Inwoners tot 18 jaar", getal),
        Kolom("publicatie_id", "Publicatie"),
    )
    return Tabelblok("", "", Tabel("Regio's die delen", kolommen, rijen, "landelijk.regios"))
