"""The public page of an indicator: definition, what is shown per year, traps, download, query.

Keep out: the page within the region (begrip.py), words (definities.py).
"""

from __future__ import annotations

from pipeline.rapport import segmenten, taal
from pipeline.rapport.blokken import Inhoud, Kolom, Pagina, Punten, Sectie, Tabel, Tabelblok, Verwijzingen, Zoekvraag
from pipeline.rapport.boek import Boek
from pipeline.rapport.bron import REGIO, Rij
from pipeline.rapport.paginas import definities
from pipeline.rapport.paginas.openbaar_vragen import vorm_van
from pipeline.rapport.taal import geleverd


def pagina(boek: Boek, d: Rij) -> Pagina:
    """Return the public page of an indicator: definition, what is shown per year, traps, download, query."""
    plek = boek.plek.met(indicator=d["indicator_id"])
    rijen = plek.vraag(
        "SELECT periode, gebied_code, segment, waarde AS v, teller, noemer, teken, dekking FROM openbaar.kerncijfers "
        "WHERE indicator_id = $indicator AND periode_soort = 'jaar' ORDER BY periode DESC, gebied_code = 'REGIO' DESC, gebied_code, segment"
    )
    secties = []
    titel = f"{d['naam']} per jaar"
    if rijen:
        kolommen = (
            Kolom("gebied_code", "Gebied", lambda c: f"Regio {boek.regio}" if c == REGIO else boek.bron.naam(c)),
            Kolom("periode", "Jaar", taal.jaar),
            Kolom("segment", "Segment", segmenten.naam),
            Kolom("v", "Waarde", vorm_van(d["eenheid"]), "teken"),
            Kolom("dekking", "Geleverd", geleverd),
        )
        secties.append(
            Sectie(
                "jaren",
                "Per jaar",
                [
                    Tabelblok(
                        "",
                        "",
                        Tabel(titel, kolommen, rijen, "openbaar.kerncijfers"),
                        zeker="Afgerond, en alleen wat compleet en definitief is.",
                    )
                ],
            )
        )
    else:
        secties.append(Sectie("jaren", "Per jaar", [Punten((), leeg="Dit cijfer wordt niet openbaar getoond.")]))
    secties += [
        Sectie("hoe", "Zo is het berekend", [definities.feiten(d)]),
        Sectie("lees", "Lees dit voor u het cijfer gebruikt", [Punten(definities.valkuilen(boek, d))]),
    ]
    halen: list[Inhoud] = []
    if pad := boek.gegevens.get(d["indicator_id"]):
        halen.append(Verwijzingen([("CSV", pad, "alles wat van dit cijfer openbaar is")], is_bestand=True))
    halen.append(
        Zoekvraag(
            "SELECT periode, gebied_code, segment, teller, noemer, waarde, teken, dekking\nFROM openbaar.kerncijfers\n"
            f"WHERE indicator_id = '{d['indicator_id']}' AND periode_soort = 'jaar'"
        )
    )
    secties.append(Sectie("halen", "Gegevens ophalen", halen))
    return Pagina(
        pad=f"begrip/{d['indicator_id']}.html",
        titel=d["naam"],
        kicker=f"Begrip · {definities.GROEPEN.get(d['groep'], d['groep'])} · versie {d['indicator_versie']}",
        kop=d["naam"],
        lead=d["definitie"] if d["definitie"].endswith(".") else f"{d['definitie']}.",
        secties=secties,
        hier="begrip",
    )
