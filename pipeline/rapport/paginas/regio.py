"""*In een oogopslag*: how the targets stand and whether that may be believed, key figures, what changed, who is late."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.rapport import koppen, taal
from pipeline.rapport.blokken import Inhoud, Pagina, Plek, Sectie, Verwijzingen
from pipeline.rapport.boek import Boek
from pipeline.rapport.paginas import doelen, geld, leveringen, veranderd, vragen
from pipeline.rapport.taal import maand


def paginas(boek: Boek) -> Sequence[Pagina]:
    """Return the first page of the internal edition."""
    plek = boek.plek
    kaarten = doelen.alle(plek)
    statussen = [d.teken.status for d in kaarten.doelen]
    twijfel = sum(d.teken.twijfel for d in kaarten.doelen)
    return [
        Pagina(
            pad="index.html",
            titel="De regio in één oogopslag",
            kicker=f"De regio in één oogopslag · {maand(boek.bron.laatste_maand)}",
            kop=f"{koppen.antwoord(statussen, twijfel=twijfel)}.",
            lead=leveringen.geloof(plek),
            tekens=[(d.kort, f"#{d.id}", d.teken) for d in kaarten.doelen],
            secties=[
                Sectie("doelen", "De doelen", [kaarten]),
                *_jaar(plek),
                Sectie("kern", "Kerncijfers", [vragen.kernen(boek, plek)]),
                Sectie("nieuw", "Wat is er veranderd?", veranderd.kort(boek)),
                Sectie("wie", "Wie is laat, wat ontbreekt?", wie_is_laat(plek), wie_zin(plek)),
            ],
            hier="regio",
        )
    ]


def _jaar(plek: Plek) -> list[Sectie]:
    """Return what the running year will cost; nothing in a publication of before."""
    inhoud = geld.jaarverwachting(plek)
    return [Sectie("jaar", "Wat gaat het jaar kosten?", inhoud)] if inhoud else []


def wie_zin(plek: Plek) -> str:
    """Name who did not deliver what was due over the last month."""
    laatste = plek.bron.laatste_maand
    open_ = leveringen.mist(plek, laatste)
    if not open_:
        return f"Over {maand(laatste)} ontbreekt niets van wat al geleverd moest zijn."
    delen = [f"{bericht} van {taal.rij(namen)}" for bericht, namen in sorted(open_.items(), reverse=True)]
    return f"Over {maand(laatste)} ontbreken of zijn afgekeurd: {taal.rij(delen)}."


def wie_is_laat(plek: Plek) -> list[Inhoud]:
    """Return the matrix of the last six months, who is late by quarter by agreement, and the way to more."""
    matrix = leveringen.leveringenmatrix(
        plek,
        titel="Leveringen per gemeente, laatste zes maanden",
        n=6,
        onderkop="In elk vakje het minst goede van toewijzingen en declaraties.",
    )
    verder = Verwijzingen([("Alles over de kwaliteit", "kwaliteit.html", "")])
    return [matrix, verder] if matrix else [verder]
