"""The packs for a duidingssessie: of a segment for the data advisory group, of a provider for the talk with it.

The pack of a provider holds its own figures beside the region's, and no other provider's, also not by subtraction: of a
segment and year with fewer than three providers, or of which what is left after its own is for more than ten elevenths
of one other, the region is not shown; and neither is the total when it would give such segments away together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from pipeline.rapport import segmenten, taal, zekerheid
from pipeline.rapport.blokken import (
    Gezegd,
    Kolom,
    Pagina,
    Plek,
    Punten,
    Sectie,
    Tabel,
    Tabelblok,
    Verwijzingen,
    beantwoord,
)
from pipeline.rapport.boek import Boek
from pipeline.rapport.bron import Rij, Rijen
from pipeline.rapport.paginas import aanbieder, segment
from pipeline.rapport.taal import euro, geleverd, getal, maand, procent

MINSTENS = 3
"""Providers in a segment and year, below which the region would tell of another."""
P = Decimal("0.10")
"""What is left without the two that know most, as a share of the largest other: below it one other can be estimated."""
ACHTERGEHOUDEN = "niet getoond"

_ALLE = """
SELECT periode, segment, aanbieder_agb, netto_eur, n_verwijzingen, n_gi_verwijzingen FROM kosten.aanbieders
WHERE periode_soort = 'jaar' AND periode >= (SELECT date_trunc('year', eerste_maand) FROM meta.publicatie)"""
_REGIO = """
SELECT periode, segment, waarde, dekking FROM sturing.indicatoren
WHERE indicator_id = 'trajectduur_gemiddeld' AND gebied_code = 'REGIO' AND periode_soort = 'jaar'"""


def mag_regio(kosten: dict[str, Decimal], eigen: str) -> bool:
    """Tell whether the cost of a segment may stand beside that of provider `eigen` (cost by provider).

    At least three providers, and of what is not its own no other is so large that the rest is less than a tenth of it.
    """
    anders = sorted((max(v, Decimal(0)) for k, v in kosten.items() if k != eigen), reverse=True)
    if sum(v > 0 for v in kosten.values()) < MINSTENS or not anders:
        return False
    return sum(anders[1:], Decimal(0)) >= P * anders[0] and anders[0] > 0


def te_tonen(per_segment: dict[str, dict[str, Decimal]], eigen: str) -> frozenset[str]:
    """Return the segments of one year of which the region may be shown, `totaal` among them when it gives nothing away.

    What is hidden can be computed from the total less what is shown: together it must stand the same test.
    """
    delen = {s: k for s, k in per_segment.items() if s != "totaal"}
    goed = {s for s, kosten in delen.items() if mag_regio(kosten, eigen)}
    verborgen: dict[str, Decimal] = defaultdict(Decimal)
    for s in delen.keys() - goed:  # where nobody has cost there is nothing to give away
        for wie, bedrag_ in delen[s].items():
            verborgen[wie] += bedrag_
    if (
        "totaal" in per_segment
        and mag_regio(per_segment["totaal"], eigen)
        and (not any(verborgen.values()) or mag_regio(verborgen, eigen))
    ):
        goed.add("totaal")
    return frozenset(goed)


def paginas(boek: Boek) -> Sequence[Pagina]:
    """Return the packs: of every segment, and of every strategic partner and certified institution."""
    segs = [s for s in segment.segmenten_van(boek.plek) if s != "totaal"]
    wie = [r for r in aanbieder.lijst(boek.plek) if r["is_strategisch"] or r["is_gi"]]
    return [
        _lijst(boek, segs, wie),
        *(_segmentpakket(boek, s) for s in segs),
        *(_aanbiederpakket(boek, r) for r in wie),
    ]


def _lijst(boek: Boek, segs: Sequence[str], wie: Rijen) -> Pagina:
    secties = [
        Sectie(
            "segmenten",
            "Per segment",
            [Verwijzingen([(segmenten.naam(s), f"duidingssessie/segment-{s}.html", "") for s in segs])],
        )
    ]
    if wie:
        pakketten = [
            (aanbieder.naam_van(r), f"duidingssessie/{r['aanbieder_agb']}.html", aanbieder.soort_van(r).lower())
            for r in wie
        ]
        secties.append(Sectie("aanbieders", "Per strategische partner en GI", [Verwijzingen(pakketten)]))
    return Pagina(
        pad="duidingssessie/index.html",
        titel="Duidingssessies",
        kicker="Duidingssessies",
        kop="Pakketten voor de duidingssessies",
        lead="Elk pakket is één pagina om af te drukken (A4). Het pakket van een aanbieder bevat alleen haar eigen cijfers naast die van de regio, en niets "
        "waaruit een andere aanbieder is af te leiden.",
        secties=secties,
        hier="segment",
    )


def _segmentpakket(boek: Boek, s: str) -> Pagina:
    jaar = segment.jaarrapport(boek, boek.plek.met(segment=s))
    kwartaal = segment.kwartaalrapport(boek, boek.plek.met(segment=s))
    eerst = [x for x in (kwartaal.secties if kwartaal else ()) if x.id == "kwartaal"]
    secties = [*eerst, *(x for x in jaar.secties if x.id != "weten")]
    secties += [Sectie("aanbieders", "Aanbieders in dit segment", [_aanbieders(boek.plek.met(segment=s))])]
    secties += [x for x in jaar.secties if x.id == "weten"]
    secties.append(Sectie("vragen", "Om te bespreken", [Punten(VRAGEN)]))
    return Pagina(
        pad=f"duidingssessie/segment-{s}.html",
        titel=f"Duidingssessie {segmenten.naam(s)}",
        kicker=f"Pakket voor de duidingssessie · {segmenten.naam(s)} · {maand(boek.bron.laatste_maand)}",
        kop=jaar.kop,
        lead=jaar.lead,
        secties=secties,
        hier="segment",
        tekens=jaar.tekens,
        is_afdruk=True,
    )


VRAGEN = (
    ("Herkent u dit beeld?", "Wat klopt niet met wat u in de praktijk ziet?", ""),
    ("Wat verklaart de verandering?", "En waar blijkt dat uit?", ""),
    ("Welk cijfer vertrouwt u niet?", "Wie kan het nakijken, en wanneer?", ""),
    ("Wat schrijven we als duiding bij welk cijfer?", "Een zin, een rol en een datum: ref_duiding.csv.", ""),
)


def _aanbieders(plek: Plek) -> Tabelblok:
    rijen = (
        plek.vraag(
            "SELECT aanbieder_agb, coalesce(naam, '') AS naam, periode, netto_eur, voorbehoud_eur, aandeel, groei, n_jeugdigen, dekking, rijping "
            "FROM kosten.aanbieders WHERE periode_soort = 'jaar' AND segment = $segment AND periode = (SELECT max(periode) FROM kosten.aanbieders "
            "WHERE periode_soort = 'jaar' AND rijping = 'definitief' AND dekking >= 0.95) ORDER BY netto_eur DESC LIMIT 15"
        )
        if "kosten.aanbieders" in plek.bron.tabellen
        else []
    )
    for r in rijen:
        r["wie"] = aanbieder.naam_van(r)
    kolommen = (
        Kolom("wie", "Aanbieder"),
        Kolom("netto_eur", "Kosten", euro),
        Kolom("voorbehoud_eur", "Onder voorbehoud", euro),
        Kolom("aandeel", "Deel van het segment", partial(procent, decimalen=1)),
        Kolom("groei", "Groei", partial(procent, decimalen=1, plus=True)),
        Kolom("n_jeugdigen", "Jeugdigen", getal),
    )
    titel = f"De grootste aanbieders {segmenten.waar(plek.segment)}" + (
        f", {taal.jaar(rijen[0]['periode'])}" if rijen else ""
    )
    return Tabelblok(
        titel,
        "Hoogstens vijftien.",
        Tabel(titel, kolommen, rijen, "kosten.aanbieders", verwijs=lambda r: f"aanbieder/{r['aanbieder_agb']}.html"),
        leeg="Er is nog geen jaar dat compleet en definitief is.",
    )


def _aanbiederpakket(boek: Boek, r: Rij) -> Pagina:
    naam, agb = aanbieder.naam_van(r), r["aanbieder_agb"]
    plek = boek.plek.met(aanbieder=agb)
    secties = [
        Sectie("naast", "Naast de regio", [_naast(plek, agb, naam)]),
        Sectie(
            "jaren", "Per kwartaal", [beantwoord(b, plek) for b in (aanbieder.KOSTEN_BLOK, aanbieder.JEUGDIGEN_BLOK)]
        ),
        Sectie("vragen", "Om te bespreken", [Punten(VRAGEN[:3])]),
    ]
    if gezegd := boek.duid("*", plek):
        secties.insert(2, Sectie("duiding", "Wat eerder is gezegd", [Gezegd(gezegd)]))
    return Pagina(
        pad=f"duidingssessie/{agb}.html",
        titel=f"Duidingssessie {naam}",
        kicker=f"Pakket voor de duidingssessie · {naam} · {maand(boek.bron.laatste_maand)}",
        kop=f"{naam} naast de regio",
        lead="Eigen cijfers, en die van de regio waar daaruit geen andere aanbieder is af te leiden.",
        secties=secties,
        hier="segment",
        is_afdruk=True,
        mag=f"Voor {naam}",
    )


def naast_de_regio(plek: Plek, agb: str) -> Rijen:
    """Return per year and segment the provider's own figures and, where that may be, the region's."""
    alle = plek.vraag(_ALLE)
    kosten: dict[Any, dict[str, dict[str, Decimal]]] = defaultdict(lambda: defaultdict(dict))
    gi: dict[tuple[Any, str], list[int]] = defaultdict(lambda: [0, 0])
    for x in alle:
        kosten[x["periode"]][x["segment"]][x["aanbieder_agb"]] = x["netto_eur"] or Decimal(0)
        som = gi[x["periode"], x["segment"]]
        som[0] += x["n_gi_verwijzingen"] or 0
        som[1] += x["n_verwijzingen"] or 0
    duur = {(x["periode"], x["segment"]): x["waarde"] for x in plek.vraag(_REGIO)}
    mag: dict[Any, Collection[str]] = {p: te_tonen(per, agb) for p, per in kosten.items()}
    uit = []
    for x in plek.vraag(aanbieder.PER_JAAR):
        sleutel = (x["periode"], x["segment"])
        goed = x["segment"] in mag.get(x["periode"], ())
        som = gi[sleutel]
        uit.append(
            x
            | {
                "mag": goed,
                "deel": procent(x["aandeel"], 1) if goed else ACHTERGEHOUDEN,
                "regio_eur": euro(sum(kosten[x["periode"]][x["segment"]].values(), Decimal(0)))
                if goed
                else ACHTERGEHOUDEN,
                "regio_duur": getal(duur.get(sleutel)) if goed else ACHTERGEHOUDEN,
                "regio_gi": (procent(som[0] / som[1]) if som[1] else taal.LEEG) if goed else ACHTERGEHOUDEN,
            }
        )
    return sorted(uit, key=lambda x: (-x["periode"].year, segmenten.plaats(x["segment"])))


def _naast(plek: Plek, agb: str, naam: str) -> Tabelblok:
    rijen = naast_de_regio(plek, agb)
    kolommen = (
        Kolom("periode", "Jaar", taal.jaar),
        Kolom("segment", "Segment", segmenten.naam),
        Kolom("netto_eur", "Kosten", euro),
        Kolom("regio_eur", "Regio", rechts=True),
        Kolom("deel", "Deel van de regio", rechts=True),
        Kolom("n_jeugdigen", "Jeugdigen", getal),
        Kolom("instroom", "Begonnen", getal),
        Kolom("uitstroom", "Beëindigd", getal),
        Kolom("gem_duur_dagen", "Duur (dagen)", getal),
        Kolom("regio_duur", "Duur regio", rechts=True),
        Kolom("aandeel_gi_verwijzingen", "Via een GI", procent),
        Kolom("regio_gi", "Via een GI, regio", rechts=True),
        Kolom("dekking", "Geleverd", geleverd),
        Kolom("rijping", "Voorlopig of definitief"),
    )
    titel = f"{naam} naast de regio, per jaar en segment"
    zeker = "Een jaar dat voorlopig of niet compleet is, is niet te vergelijken."
    if any(not r["mag"] for r in rijen):
        zeker += f" {taal.zin(ACHTERGEHOUDEN)}: met minder dan {taal.tel(MINSTENS)} aanbieders, of met één grote naast deze, zou de regio iets over een ander zeggen."
    vb = sum((r["voorbehoud_eur"] or Decimal(0) for r in rijen if r["segment"] == "totaal"), Decimal(0))
    return Tabelblok(
        titel,
        "Kosten: wat is ontvangen en telt.",
        Tabel(titel, kolommen, rijen, "kosten.aanbieders", nadruk=lambda r: r["segment"] == "totaal"),
        zeker=zeker,
        letop=zekerheid.reserve(vb),
    )
