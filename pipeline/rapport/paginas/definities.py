"""What an indicator is: the facts about it, and what to know before using it; in every edition.

Lives here: words on one indicator of the catalogue. Add here: a group of indicators, a trap. Keep out: its figures and
the page (begrip.py, openbaar_begrip.py), words on all figures (begrippenlijst.py).
"""

from __future__ import annotations

from pipeline.rapport import segmenten, taal
from pipeline.rapport.blokken import Feiten
from pipeline.rapport.boek import Boek
from pipeline.rapport.bron import Rij

GROEPEN = {
    "gebruik": "Gebruik",
    "stroom": "In- en uitstroom",
    "duur": "Duur",
    "kosten": "Kosten",
    "kwaliteit": "Tijdigheid",
    "toegang": "Toegang",
    "verwijzers": "Verwijzers",
    "sturing": "Sturing",
    "capaciteit": "Plekken",
    "verzoeken": "Plaatsing",
    "dossierfeiten": "Dossier",
}
RICHTING = {"omlaag": "Lager is wat de regio wil", "omhoog": "Hoger is wat de regio wil"}
PERIODEN = {"maand": "maand", "jaar": "jaar", "12m": "twaalf maanden", "kwartaal": "kwartaal"}
_T, _D = "toewijzingen van de gemeenten", "declaraties van de gemeenten"
_GEMAAKT_VAN = {
    **dict.fromkeys(("gebruik", "stroom", "duur", "verwijzers", "kwaliteit"), _T),
    **dict.fromkeys(("kosten", "sturing", "aandeel_declaraties_te_laat"), _D),
    "toegang": f"{_T}, en hun declaraties",
    "capaciteit": "opgaven van plekken",
    "verzoeken": "verzoeken om een plaatsing",
    "dossierfeiten": f"feiten uit dossiers, naast {_T}",
}
"""What the figures of a group are made of, or of one indicator that differs from its group."""


def feiten(d: Rij) -> Feiten:
    """Return the facts about an indicator."""
    perioden = [PERIODEN.get(p, p) for p in (d["periodes"] or "").split("|") if p]
    eigen = (d["segmenten"] or "").split("|")
    uit = [
        ("Teller", d["teller"] or taal.LEEG),
        ("Noemer", d["noemer"] or taal.LEEG),
        ("Eenheid", d["eenheid"]),
        ("Richting", RICHTING.get(d["richting"], "Geen richting afgesproken")),
        ("Perioden", taal.rij(perioden)),
        ("Segmenten", "alle, en samen" if "alle" in eigen else taal.rij(segmenten.naam(s).lower() for s in eigen)),
        ("Gemaakt van", _GEMAAKT_VAN.get(d["indicator_id"]) or _GEMAAKT_VAN.get(d["groep"], taal.LEEG)),
        ("Bron van de definitie", d["bron"] or taal.LEEG),
        ("Naam in de tabel", f"{d['indicator_id']}, versie {d['indicator_versie']}"),
    ]
    return Feiten(uit)


def valkuilen(boek: Boek, d: Rij) -> list[tuple[str, str, str]]:
    """Return what to know before using an indicator, by what it is."""
    uit = []
    if not d["is_berekend"]:
        uit.append(("Dit cijfer is er nog niet", punt(d["reden_niet_berekend"] or "Er zijn geen gegevens voor"), ""))
    if d["groep"] in ("gebruik", "stroom") and d["eenheid"] == "aantal":
        uit.append(
            (
                "Segmenten tellen niet op",
                "Wie in twee segmenten hulp krijgt telt in beide, en in het totaal één keer.",
                "",
            )
        )
        uit.append(
            (
                "Gemeenten tellen niet op",
                "Wie binnen de regio verhuist telt in twee gemeenten, en in de regio één keer.",
                "",
            )
        )
    if is_geld(d):
        uit.append(
            (
                "Wat ontvangen is, niet wat het wordt",
                "Declaraties komen maanden later. Recente maanden zijn te laag; op de segmentpagina staat wat we nog verwachten.",
                "",
            )
        )
        uit.append(
            (
                "Voorbehoud telt niet mee",
                "Bedragen die niet kunnen kloppen staan ernaast tot de gemeente ze herstelt of bevestigt.",
                "kwaliteit.html",
            )
        )
    if d["eenheid"] == "dagen":
        zwaar = "" if "mediaan" in d["indicator_id"] else "Enkele lange trajecten wegen zwaar. "
        uit.append(
            ("Weinig trajecten", f"{zwaar}Bij kleine aantallen verschuift de uitkomst door een paar trajecten.", "")
        )
    opmerkingen = (
        []
        if boek.editie.gemeente or boek.editie.is_openbaar
        else boek.bron.vraag(
            "SELECT gebied, jaar, any_value(opmerking) AS opmerking FROM sturing.referentiewaarden "
            "WHERE indicator_id = $i AND opmerking IS NOT NULL AND opmerking <> '' GROUP BY ALL ORDER BY ALL LIMIT 3",
            {"i": d["indicator_id"]},
        )
    )
    uit += [(f"{r['gebied']} {r['jaar']} telt anders", punt(r["opmerking"]), "") for r in opmerkingen]
    uit.append(
        (
            "Niet geleverd is niet nul",
            "Een cijfer met minder dan 95% geleverd staat open in de grafiek; een lager cijfer is dan geen daling, een hoger geen stijging.",
            "",
        )
    )
    return uit


def is_geld(d: Rij) -> bool:
    """Tell whether an indicator is about money."""
    return d["groep"] in ("kosten", "sturing")


def punt(zin: str) -> str:
    """End a sentence of a seed."""
    return zin if zin.endswith(".") else f"{zin}."
