"""*Kwaliteit*: what not to trust now, who delivered what, the score, lateness, findings, what the gate asked.

The public page shows deliveries by status, coverage and the verdict of the gate: no rows, scores, findings or
measurements.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from pipeline.domain.leveringen import KERN
from pipeline.publish.oordeel import Verwachtingsresultaat, Zwaarte
from pipeline.rapport import beelden, koppen, segmenten, taal
from pipeline.rapport.beweging import VOLDOENDE, is_zuiver
from pipeline.rapport.blokken import (
    Cel,
    Inhoud,
    Kolom,
    Matrix,
    Pagina,
    Plek,
    Punten,
    Sectie,
    Tabel,
    Tabelblok,
    Tegel,
    Tegels,
    Verwijzingen,
)
from pipeline.rapport.boek import Boek
from pipeline.rapport.bron import REGIO
from pipeline.rapport.paginas import doelen, leveringen, veranderd
from pipeline.rapport.paginas.gemeente import TIJD_INTRO, tijd
from pipeline.rapport.taal import bedrag, geleverd, getal, maand, procent

SCORES = """
SELECT maand, score_tijdigheid, score_volledigheid, score_geldigheid, score_consistentie, score_totaal,
    dekking_leveringen AS dekking, rijping
FROM kwaliteit.datakwaliteit
WHERE gebied_code = $gebied AND maand BETWEEN (SELECT eerste_maand FROM meta.publicatie) AND $laatste ORDER BY maand"""
HITTE = """
SELECT gebied_code, maand, score_totaal AS v, n_leveringen_verwacht AS verwacht, n_leveringen_binnen AS binnen
FROM kwaliteit.datakwaliteit WHERE gebied_code <> 'REGIO' AND maand <= $laatste"""
VOORBEHOUDEN = """
SELECT reden, bericht, max(n_geraakt) AS n, max(n_gecontroleerd) AS van, any_value(geteld_in) AS soort, max(maand) AS maand,
    list(DISTINCT tabel ORDER BY tabel) AS tabellen
FROM kwaliteit.voorbehouden
WHERE gebied_code = $gebied AND maand = (
    SELECT max(maand) FROM kwaliteit.voorbehouden WHERE gebied_code = $gebied
)
GROUP BY reden, bericht ORDER BY max(n_geraakt) / max(n_gecontroleerd) DESC, reden, bericht"""
# the heaviest months that look whole and are unlike those around them; of the regio those of its gemeenten as well
UITSCHIETERS = """
SELECT indicator_id, gebied_code, segment, maand, waarde, gewoonlijk, effect_aandeel
FROM kwaliteit.uitschieters WHERE verklaring IS NULL AND ($gebied = 'REGIO' OR gebied_code = $gebied)
ORDER BY effect_aandeel DESC, indicator_id, gebied_code, segment, maand LIMIT 5"""
_DELEN = (
    ("score_tijdigheid", "Tijdigheid"),
    ("score_volledigheid", "Volledigheid"),
    ("score_geldigheid", "Geldigheid"),
    ("score_consistentie", "Consistentie"),
)


def paginas(boek: Boek) -> Sequence[Pagina]:
    """Return the page on quality of an edition."""
    if boek.editie.is_openbaar:
        return [_openbaar(boek)]
    plek = boek.plek
    secties = [
        Sectie(
            "nu",
            "Wat u nu niet zonder meer kunt geloven",
            [Punten(nu_niet(boek, plek), leeg="Er is niets bekend dat een cijfer nu onbruikbaar maakt.")],
        ),
        Sectie("leveringen", "Wie leverde wat", _matrices(plek), _lever_intro(plek)),
        Sectie("score", "Het cijfer voor kwaliteit", _score(plek)),
        Sectie("laat", "Te laat en met terugwerkende kracht", tijd(boek, plek), TIJD_INTRO),
        Sectie(
            "bevindingen", "Bevindingen: nieuw, gebleven, opgelost", [veranderd.bevindingen(boek), *_werklijst(boek)]
        ),
        Sectie("redenen", "Waarom cijfers onzeker zijn", [_redenen(plek)]),
        Sectie("poort", "Wat is getoetst voor publicatie", [poort(boek)]),
        Sectie(
            "verder",
            "Verder",
            [Verwijzingen([("Wat is er veranderd sinds de vorige publicatie", "veranderd.html", "")])],
        ),
    ]
    return [
        Pagina(
            pad="kwaliteit.html",
            titel="Kwaliteit",
            kicker=f"Kwaliteit · {plek.gebied_naam} · {maand(boek.bron.laatste_maand)}",
            kop=f"{_kop(plek)}.",
            lead="Wat ontbreekt telt in de cijfers niet stilletjes als nul: bij elk cijfer staat welk deel is geleverd, sinds wanneer het voorlopig is, en "
            "wat er onder voorbehoud staat.",
            secties=secties,
            hier="kwaliteit",
            met_inhoud=True,
        )
    ]


def _kop(plek: Plek) -> str:
    laatste = plek.bron.laatste_maand
    per = [
        (b, next((r["dekking"] for r in rijen if r["maand"] == laatste), 0.0) or 0.0)
        for b, rijen in leveringen.dekking_per_bericht(plek).items()
    ]
    scores = [r for r in plek.vraag(SCORES) if r["score_totaal"] is not None]
    return koppen.kwaliteit(laatste, per, scores[-1]["score_totaal"] if scores else None)


def nu_niet(boek: Boek, plek: Plek) -> list[tuple[str, str, str]]:
    """Return what one should not simply believe now, gravest first."""
    laatste = plek.bron.laatste_maand
    uit: list[tuple[str, str, str]] = []
    for d in doelen.doelrijen(plek):
        if d["status"] == "onvoldoende_data" and d["reden"] != "te_vroeg":
            zinnen = koppen.doel_zin(d, doelen.tot_en_met(d))
            uit.append(
                (f"{d['naam'].split(' (')[0]}: geen oordeel", zinnen[-1], f"segment/{d['segment'].split('+')[0]}.html")
            )
    for r in plek.vraag(UITSCHIETERS):
        wat = {"kosten": "Kosten", "stand": "Stand", "instroom": "Instroom", "crisis_instroom": "Crisisinstroom"}
        waarde, gewoon = (
            bedrag(r[k]) if r["indicator_id"] == "kosten" else getal(r[k]) for k in ("waarde", "gewoonlijk")
        )
        zin = (
            f"{waarde} in {maand(r['maand'])}, waar {gewoon} gewoon is; niemand heeft het verklaard. Het beweegt het "
            f"cijfer van de regio {procent(r['effect_aandeel'])}."
        )
        welke = f"{wat[r['indicator_id']]} {segmenten.naam(r['segment']).lower()}, {boek.bron.naam(r['gebied_code'])}"
        uit.append((welke, zin, f"segment/{r['segment']}.html" if r["segment"] != "totaal" else ""))
    for r in plek.vraag(
        "SELECT segment, sum(voorbehoud_eur) AS b, sum(netto_eur) AS n FROM kosten.kosten_zorgmaand "
        "WHERE gebied_code = $gebied AND zorgmaand > $laatste - INTERVAL 12 MONTH GROUP BY 1 ORDER BY 2 DESC"
    ):
        if r["b"] and not is_zuiver({"reserve": abs(r["b"]) / (abs(r["b"]) + abs(r["n"]))}):
            deel = procent(abs(r["b"]) / (abs(r["b"]) + abs(r["n"])))
            zin = (
                f"{bedrag(r['b'])} van de laatste twaalf maanden staat onder voorbehoud ({deel} van alles). Vergelijk deze kosten niet met een ander "
                "jaar voordat de gemeenten het hebben nagekeken."
            )
            uit.append((f"Kosten {segmenten.naam(r['segment']).lower()}", zin, f"segment/{r['segment']}.html"))
    for bericht, rijen in leveringen.dekking_per_bericht(plek).items():
        gaten = [r for r in rijen if (r["dekking"] or 0) < VOLDOENDE and r["maand"] > _maanden_terug(laatste, 12)]
        for r in reversed(gaten[-3:]):
            namen = "".join(f" {zin}" for zin in leveringen.wie_ontbreekt(plek, bericht, r["maand"]))
            uit.append(
                (
                    f"{taal.zin(bericht)} van {maand(r['maand'])}",
                    f"{taal.zin(geleverd(r['dekking'] or 0))} is geleverd.{namen}",
                    "",
                )
            )
    los = [
        r["maand"]
        for r in next(iter(leveringen.dekking_per_bericht(plek).values()), [])
        if r["rijping"] != "definitief"
    ]
    if los:
        uit.append((f"Alles vanaf {maand(los[0])}", "is voorlopig: er komt nog bij, vooral bij kosten.", ""))
    return uit


def _maanden_terug(d: dt.date, n: int) -> dt.date:
    m = d.year * 12 + d.month - 1 - n
    return dt.date(m // 12, m % 12 + 1, 1)


def _lever_intro(plek: Plek) -> str:
    kwartaal = plek.vraag(
        "SELECT DISTINCT gemeente, reden FROM kwaliteit.leveringsstatus WHERE status = 'VERWACHT' AND reden <> '' ORDER BY 1"
    )
    uit = "Per gemeente en maand. Een maand telt mee zodra de uiterste datum voorbij is."
    for r in kwartaal:
        uit += f" {plek.bron.naam(r['gemeente'])} {r['reden']}."
    return uit


def _matrices(plek: Plek) -> list[Inhoud]:
    uit: list[Inhoud] = []
    gevraagd = {r["bericht"] for r in plek.vraag(leveringen.LEVERINGEN)} if not plek.editie.is_openbaar else set(KERN)
    for bericht in (*KERN, *sorted(gevraagd - set(KERN))):
        m = leveringen.leveringenmatrix(plek, titel=f"{bericht.capitalize()}, laatste twaalf maanden", bericht=bericht)
        if m is None:
            continue
        mis = sum(c.klasse in ("fout", "mist") for _, _, cellen in m.rijen for c in cellen)
        nodig = sum(c.klasse != "straks" for _, _, cellen in m.rijen for c in cellen)
        ontbreken = "ontbreekt of is afgekeurd" if mis == 1 else "ontbreken of zijn afgekeurd"
        kop = f"{bericht.capitalize()}: {getal(mis)} van de {getal(nodig)} {ontbreken}"
        uit.append(replace(m, kop=kop, onderkop=""))
    return uit


def _score(plek: Plek) -> list[Inhoud]:
    rijen = plek.vraag(SCORES)
    met = [r for r in rijen if any(r[k] is not None for k, _ in _DELEN)]
    if not met:
        return [Punten((), leeg="Er is nog geen cijfer voor kwaliteit.")]
    waarden = [r[k] for r in met for k, _ in _DELEN if r[k] is not None]
    laag = 60.0 if min(waarden) >= 60 else 0.0
    tegels = []
    for k, naam in _DELEN:
        reeks = [{"maand": r["maand"], "v": r[k], "dekking": r["dekking"], "rijping": r["rijping"]} for r in rijen]
        beeld = beelden.tegel(reeks, (), (laag, 100.0), f"{naam}, 0 tot 100", getal, ",.0f")
        if beeld is not None:
            tegels.append(Tegel(naam, "", beeld))
    kolommen = (
        Kolom("maand", "Maand", maand),
        *(Kolom(k, naam, partial(getal, decimalen=1)) for k, naam in _DELEN),
        Kolom("score_totaal", "Totaal", partial(getal, decimalen=1)),
        Kolom("dekking", "Leveringen binnen", geleverd),
    )
    tabel = Tabel("Cijfers voor kwaliteit", kolommen, met[::-1], "kwaliteit.datakwaliteit")
    begin = " De schaal begint bij 60." if laag else ""
    blok = Tegels(
        f"In {maand(met[-1]['maand'])} is het totaalcijfer {getal(met[-1]['score_totaal'])} van 100"
        if met[-1]["score_totaal"] is not None
        else "Vier deelcijfers",
        f"Cijfers van 0 tot 100. Totaal is het gemiddelde van volledigheid, geldigheid en consistentie maal het deel van de leveringen dat "
        f"binnen is; tijdigheid staat ernaast. Wat onder voorbehoud staat zijn weinig rijen met veel geld: dat ziet u aan dit cijfer niet. Leveringen binnen telt bestanden die er al moesten zijn; elders op "
        f"deze pagina is geleverd het deel van de jeugd, ook van wie pas later hoeft. Open stip: minder dan 95% van de leveringen is binnen.{begin}",
        tegels,
        "Een maand waarvan niets binnenkwam heeft geen cijfer.",
        tabel,
    )
    return [blok] if plek.gebied != REGIO else [blok, *_hitte(plek)]


def _hitte(plek: Plek) -> list[Inhoud]:
    alle = plek.vraag(HITTE)
    maanden = sorted({r["maand"] for r in alle})[-12:]
    zoek = {(r["gebied_code"], r["maand"]): r for r in alle}

    def cel(code: str, m: dt.date) -> Cel:
        r = zoek.get((code, m))
        if r is None or not r["verwacht"]:
            return Cel("straks", "·", "nog niet nodig")
        if r["v"] is None:
            return Cel("mist", "!", "niets geleverd")
        trap = sum(r["v"] < grens for grens in (98, 95, 90, 75))
        return Cel(f"h{trap}", getal(r["v"]), "")

    rijen = [(naam, f"gemeente/{c}.html", [cel(c, m) for m in maanden]) for c, naam in plek.bron.gemeenten.items()]
    return [
        Matrix(
            "Totaalcijfer per gemeente en maand",
            "Gemeente",
            leveringen.maandkoppen(maanden),
            rijen,
            kop="Het totaalcijfer per gemeente",
            onderkop="0 tot 100. Donkerder is lager.",
            uitleg=False,
            klasse="hitte",
            bron="kwaliteit.datakwaliteit",
        )
    ]


def _werklijst(boek: Boek) -> list[Inhoud]:
    rijen = [r for r in boek.plek.vraag(veranderd.WERKLIJST) if r["is_te_doen"]]
    kolommen = (
        Kolom("gemeente", "Gemeente", boek.bron.naam),
        Kolom("titel", "Wat er is"),
        Kolom("bericht", "In"),
        Kolom("maand", "Levering over", maand),
        Kolom("n_rijen", "Rijen", getal),
        Kolom("bedrag_eur", "Bedrag", taal.euro),
        Kolom("raakt", "Raakt"),
        Kolom("effect_aandeel", "Deel daarvan", partial(procent, decimalen=1)),
        Kolom("toestand", "Toestand"),
    )
    titel = f"De werklijst: {taal.meervoud(len(rijen), 'bevinding die een cijfer beweegt', 'bevindingen die een cijfer bewegen')}"
    onder = "Wat een cijfer van de regio het meest beweegt eerst. Raakt: een cijfer van die gemeente en het jaar van de zorg."
    if len(rijen) > 40:
        onder += " Dit zijn de eerste veertig."
    return [
        Tabelblok(titel, onder, Tabel(titel, kolommen, rijen[:40], "kwaliteit.werklijst"), leeg="Er is niets te doen.")
    ]


def _redenen(plek: Plek) -> Tabelblok:
    rijen = plek.vraag(VOORBEHOUDEN)
    for r in rijen:
        soort = "leveringen" if r["soort"] == "leveringen" else "rijen"
        r["deel"] = f"{getal(r['n'])} van {getal(r['van'])} {soort}"
        r["waar"] = ", ".join(r["tabellen"])
    titel = f"Redenen bij de cijfers van {maand(rijen[0]['maand'])}" if rijen else "Redenen"
    kolommen = (
        Kolom("reden", "Reden"),
        Kolom("bericht", "In"),
        Kolom("deel", "Hoeveel"),
        Kolom("waar", "Raakt de tabellen"),
    )
    return Tabelblok(
        titel,
        "",
        Tabel(titel, kolommen, rijen, "kwaliteit.voorbehouden"),
        leeg="Er zijn geen redenen om aan de cijfers te twijfelen.",
    )


def poort(boek: Boek) -> Tabelblok:
    """Return what the gate asked and answered; what it measured only in the internal edition."""
    if boek.poort is None:
        return Tabelblok("", "", Tabel("Toetsen", (), []), leeg="Deze publicatie is niet getoetst.")
    rijen = [_toets(v) for v in boek.poort.verwachtingen]
    mis = sum(r["uitslag"] != "voldaan" for r in rijen)
    if not boek.poort.is_doorgelaten:
        kop = "Deze cijfers zijn tegengehouden en niet gepubliceerd"
    elif mis:
        kop = f"Gepubliceerd: {taal.tel(len(rijen) - mis)} van de {taal.tel(len(rijen))} toetsen zijn voldaan, bij de rest een waarschuwing"
    else:
        kop = f"Gepubliceerd: aan alle {taal.tel(len(rijen))} toetsen is voldaan"
    kolommen = [Kolom("zin", "Wat is getoetst"), Kolom("uitslag", "Uitslag")]
    if boek.editie.is_intern:
        kolommen += [Kolom("gemeten", "Gemeten"), Kolom("afstand", "Hoe ver ernaast")]
    return Tabelblok(kop, "Voor elke publicatie.", Tabel("Toetsen voor publicatie", kolommen, rijen, "poort.json"))


def _toets(v: Verwachtingsresultaat) -> dict[str, Any]:
    # the names of settings are of use to an engineer only; they are in poort.json
    zin, _, _ = v.zin.partition(" (")
    uitslag = "voldaan" if v.geslaagd else "houdt tegen" if v.zwaarte is Zwaarte.KRITIEK else "waarschuwing"
    return {
        "zin": zin if zin.endswith(".") else f"{zin}.",
        "uitslag": uitslag,
        "gemeten": v.waargenomen,
        "afstand": v.afstand,
    }


# the public page -------------------------------------------------------------------------------------------------------

_DEKKING_OPENBAAR = """
SELECT periode, indicator_id, dekking, teken FROM openbaar.kerncijfers
WHERE gebied_code = 'REGIO' AND segment = 'totaal' AND periode_soort = 'kwartaal' AND indicator_id IN ('stand', 'kosten')
ORDER BY periode DESC, indicator_id"""
_OPENBARE_LEVERINGEN = """
SELECT bericht, count(*) AS nodig, count(*) FILTER (status LIKE 'GEACCEPTEERD%' OR status = 'NIHIL_BEVESTIGD') AS binnen
FROM openbaar.leveringen
WHERE status NOT IN ('VERWACHT', 'NOG_NIET_AANGESLOTEN') AND maand > $laatste - INTERVAL 12 MONTH AND maand <= $laatste
GROUP BY 1 ORDER BY 1 DESC"""


def _openbaar(boek: Boek) -> Pagina:
    plek = boek.plek
    per = [(r["bericht"], r["binnen"] / r["nodig"]) for r in plek.vraag(_OPENBARE_LEVERINGEN) if r["nodig"]]
    kop = "Wie leverde wat, en hoe volledig zijn de cijfers"
    if per:
        kop = "In het laatste jaar kwam " + taal.rij(f"{geleverd(d)} van de {b}" for b, d in per) + " binnen"
    rijen = plek.vraag(_DEKKING_OPENBAAR)
    per_kwartaal: dict[Any, dict[str, Any]] = {}
    for r in rijen:
        per_kwartaal.setdefault(r["periode"], {"periode": r["periode"], "stand": None, "kosten": None})[
            r["indicator_id"]
        ] = r["dekking"]
    kolommen = (
        Kolom("periode", "Kwartaal", taal.kwartaal),
        Kolom("stand", "Aantallen jeugdigen", geleverd),
        Kolom("kosten", "Kosten", geleverd),
    )
    titel = "Hoeveel van de regio is geleverd"
    tabel = Tabel(titel, kolommen, list(per_kwartaal.values()), "openbaar.kerncijfers")
    return Pagina(
        pad="kwaliteit.html",
        titel="Kwaliteit",
        kicker=f"Kwaliteit · {maand(boek.bron.laatste_maand)}",
        kop=f"{kop}.",
        lead="Alleen hele perioden die compleet en definitief zijn worden getoond. Wat nog niet compleet is heet onvolledig en wordt later aangevuld.",
        secties=[
            Sectie("leveringen", "Wie leverde wat", _matrices(plek), "Per gemeente en maand."),
            Sectie(
                "dekking",
                "Hoe volledig",
                [
                    Tabelblok(
                        titel,
                        "Inwoners tot 18 jaar van de gemeenten die leverden, als deel van de regio.",
                        tabel,
                        leeg="Er is nog geen heel kwartaal.",
                    )
                ],
            ),
            Sectie("afronden", "Hoe is afgerond", [Punten(AFRONDEN)]),
            Sectie("poort", "Wat is getoetst voor publicatie", [poort(boek)]),
        ],
        hier="kwaliteit",
    )


AFRONDEN = (
    ("<10", "Aantallen onder de tien, ook nul, tonen we niet. Andere aantallen zijn afgerond op vijf.", ""),
    (
        "Aandelen en gemiddelden",
        "zijn berekend uit de afgeronde aantallen; over weinig jeugdigen tonen we ze niet.",
        "",
    ),
    ("Bedragen", "zijn afgerond op duizend euro, en alleen getoond als er genoeg jeugdigen achter staan.", ""),
    ("Optellen", "Getoonde cijfers tellen door het afronden niet precies op tot getoonde totalen.", ""),
    (
        "Een correctie",
        "van negen naar tien na publicatie laat zien dat er één bijkwam. We tonen alleen definitieve perioden; daardoor komt dat zelden voor.",
        "",
    ),
)
