"""Would we dare publish this? Each expectation: a plain Dutch sentence, a measurement in SQL, and what it must satisfy.

Lives here: coverage, plausible ranges, movement since the last publication, sums and targets, measured on the
aggregated marts of a candidate. Add here: an expectation: a function that gives `Verwachting`s, in `METINGEN`, with a
test in which it bites. Keep out: whether rows were counted rightly (dbt tests), thresholds (ref_instellingen.csv), what
is asked of the public edition (verwachtingen_openbaar.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import REGIO, Bericht
from pipeline.domain.maanden import Maand, reeks
from pipeline.domain.seedrijen import Verklaring
from pipeline.domain.verklaringen import BEWEGING, GROEI, UITSCHIETER
from pipeline.publish.bewegingen import VERDWENEN, Beweging, bewegingen, gemaakt_op
from pipeline.publish.meting import Bron, Eis, Meting, Verwachting
from pipeline.publish.oordeel import Zwaarte
from pipeline.publish.verwachtingen_openbaar import openbare_verwachtingen

VERPLICHT = (
    "sturing.indicatoren",
    "sturing.stromen",
    "kwaliteit.leveringsstatus",
    "kwaliteit.tijdigheid",
    "kwaliteit.bevindingen",
    "meta.publicatie",
    "meta.herkomst",
    "meta.woordenboek",
    "meta.indicatordefinities",
)
VERPLICHT_BIJ_DECLARATIES = (
    "kosten.kosten_zorgmaand",
    "kosten.naijling",
    "kwaliteit.aansluiting",
)
VERPLICHT_BIJ_JAAR = ("kosten.concentratie", "kosten.verrekening")
"""Of years that began within the published months; a region that began in spring has its first next January."""
VERPLICHT_BIJ_SEED = {"streefwaarden": "sturing.doelrealisatie", "bijdragen": "kosten.bijdragen"}
"""Tables of a seed that a region may leave empty: with rows there, there must be rows here."""
GEEN_DEEL_VAN_GEHEEL = ("kostengroei", "verzilvering")
"""Ratios whose unit is 'aandeel' but whose numerator is no part of the denominator: not bound to 0-1."""
GROEI_IS_BEWEGING = ("kostengroei",)
"""Figures that are a change themselves: the relative change of a change says nothing."""
GELIJKE_DEKKING = 0.01
"""Figures whose coverage moved more than this moved because more (or less) was delivered; they do not hold."""


def _nl(getal: float, decimalen: int = 0) -> str:
    """Write a number as Dutch readers do."""
    return f"{getal:,.{decimalen}f}".translate(str.maketrans(",.", ".,"))


def verzamel(bron: Bron) -> list[Verwachting]:
    """Measure everything that the candidate has the tables for."""
    return [v for m in METINGEN if set(m.nodig) <= bron.tabellen for v in m.meet(bron)]


def _pct(aandeel: float | None) -> str:
    return "onbekend" if aandeel is None else f"{100 * aandeel:.1f}%".replace(".", ",")


def _aantal(waarde: float) -> str:
    """A number that everyone may read: this one goes to the public page."""
    return "minder dan 10" if 0 < waarde < 10 else f"{waarde:.0f}"


# twelve months, else the running year, else (a region that just began) the fullest month
_JONGSTE_JAAR = """
    SELECT * FROM n.sturing.indicatoren
    WHERE gebied_code = 'REGIO' AND segment = 'totaal'
    QUALIFY row_number() OVER (
        PARTITION BY indicator_id
        ORDER BY periode_soort, if(periode_soort = 'maand', -coalesce(waarde, 0), 0), periode DESC) = 1
"""


def _tabellen(b: Bron) -> Iterator[Verwachting]:
    van_seeds = [tabel for seed, tabel in VERPLICHT_BIJ_SEED.items() if b.catalogus.rijen(seed)]
    namen = [*VERPLICHT, *van_seeds, *(VERPLICHT_BIJ_DECLARATIES if b.heeft_declaraties else ())]
    if b.heeft_declaraties and _heeft_jaar(b):
        namen += VERPLICHT_BIJ_JAAR
    rijen = [b.vraag(f"SELECT count(*) FROM n.{t}")[0][0] if t in b.tabellen else 0 for t in namen]
    leeg = [t for t, n in zip(namen, rijen, strict=True) if not n]
    yield Verwachting(
        "tabellen_gevuld",
        "Elke afgesproken tabel is aanwezig en heeft rijen.",
        Zwaarte.KRITIEK,
        {"rijen": rijen},
        (Eis("rijen", minimum=1),),
        f"leeg of afwezig: {', '.join(leeg)}" if leeg else f"{len(namen)} tabellen, samen {_nl(sum(rijen))} rijen",
    )


def _heeft_jaar(b: Bron) -> bool:
    vraag = "SELECT 1 FROM n.sturing.indicatoren WHERE periode_soort = 'jaar' LIMIT 1"
    return "sturing.indicatoren" in b.tabellen and bool(b.vraag(vraag))


def _dekking(b: Bron) -> Iterator[Verwachting]:
    grens = b.catalogus.getal("poort_min_dekking")
    rijen = b.vraag(f"SELECT indicator_id, periode_soort, periode, dekking::DOUBLE FROM ({_JONGSTE_JAAR})")
    laatste = _maanden(b)[-1]
    dekking, zinnen = [], []
    for indicator, bericht in zip(b.kernindicatoren, Bericht, strict=False):
        soort, periode, van_alles = next((r[1:] for r in rijen if r[0] == indicator), ("", None, None))
        afgesproken = aandeel_afgesproken(b.catalogus, bericht, _spanne(soort, periode, laatste)) if periode else 0.0
        dekking.append(min(1.0, (van_alles or 0.0) / (afgesproken or 1.0)))
        erbij = f" (afgesproken is {_pct(afgesproken)} van die maanden)" if 0 < afgesproken < 1 else ""
        zinnen.append(f"{indicator} {_pct(dekking[-1])}{erbij}")
    yield Verwachting(
        "dekking_regio",
        f"Van wat over het laatste jaar is afgesproken is voor minstens {_pct(grens)} van de inwoners aangeleverd "
        "(poort_min_dekking).",
        Zwaarte.KRITIEK,
        {"dekking": dekking},
        (Eis("dekking", minimum=grens),),
        ", ".join(zinnen),
    )


def _maanden(b: Bron) -> list[Maand]:
    """The months published."""
    [(van, tot)] = b.vraag("SELECT min(eerste_maand), max(laatste_maand) FROM n.meta.publicatie")
    return list(reeks(Maand.van(van), Maand.van(tot))) if van and tot else [Maand(1, 1)]


def _spanne(soort: str, periode: dt.date, laatste: Maand) -> list[Maand]:
    """The months that the newest figure over a year speaks about."""
    maand = Maand.van(periode)
    if soort == "maand":
        return [maand]
    return list(reeks(maand.plus(-11), maand) if soort == "12m" else reeks(maand, min(maand.plus(11), laatste)))


def aandeel_afgesproken(catalogus: Catalogus, bericht: Bericht, maanden: Sequence[Maand]) -> float:
    """Which part of the regio (inhabitants 0-17) x `maanden` an agreement says will be delivered; 0 where none does."""
    alles = afgesproken = 0
    for maand in maanden:
        for g in (g for g in catalogus.gemeenten.values() if g.geldig_in(maand)):
            jaren = [i for i in catalogus.inwoners if i.gemeente == g.gemeente]
            n = min(jaren, key=lambda i: abs(i.jaar - maand.jaar)).inwoners_0_17 if jaren else 0
            alles += n
            afspraak = catalogus.afspraak(g.gemeente, bericht, maand)
            afgesproken += n if afspraak is not None and afspraak.geldig_in(maand) else 0
    return afgesproken / alles if alles else 0.0


def _boven_nul(b: Bron) -> Iterator[Verwachting]:
    gevonden = dict(b.vraag(f"SELECT indicator_id, waarde::DOUBLE FROM ({_JONGSTE_JAAR})"))
    waarden = {i: gevonden.get(i) or 0.0 for i in b.kernindicatoren}
    zinnen = [f"{i} {_aantal(w)}" for i, w in waarden.items()]
    # claims are about the months before the one they come in: in the first months there may be none yet
    n_maanden = len(_maanden(b))
    if n_maanden < b.catalogus.getal("rijping_maanden") and waarden.get("kosten") == 0:
        del waarden["kosten"]
        zinnen[-1] = f"kosten nog niet te beoordelen: er is pas over {n_maanden} maand(en) geleverd"
    yield Verwachting(
        "jeugdigen_en_kosten_boven_nul",
        "De regio heeft over het laatste jaar jeugdigen in zorg en, waar declaraties zijn, kosten boven nul.",
        Zwaarte.KRITIEK,
        {"waarde": list(waarden.values())},
        (Eis("waarde", minimum=0, strikt_minimum=True),),
        ", ".join(zinnen),
    )


def _aandelen(b: Bron) -> Iterator[Verwachting]:
    rijen = b.vraag(
        "SELECT indicator_id, min(waarde)::DOUBLE, max(waarde)::DOUBLE FROM n.sturing.indicatoren "
        "WHERE eenheid = 'aandeel' AND waarde IS NOT NULL AND indicator_id NOT IN (SELECT unnest(?)) "
        "GROUP BY ALL ORDER BY ALL",
        list(GEEN_DEEL_VAN_GEHEEL),
    )
    buiten = [f"{i} van {laag:.3f} tot {hoog:.3f}" for i, laag, hoog in rijen if laag < 0 or hoog > 1]
    yield Verwachting(
        "aandelen_tussen_0_en_1",
        "Een aandeel ligt tussen 0 en 1, in elk gebied en elke periode.",
        Zwaarte.KRITIEK,
        {"laagste": [r[1] for r in rijen], "hoogste": [r[2] for r in rijen]},
        (Eis("laagste", minimum=0), Eis("hoogste", maximum=1)),
        "; ".join(buiten) or f"{len(rijen)} indicatoren, alle ertussen",
    )


def _eindig(b: Bron) -> Iterator[Verwachting]:
    [(aantal,)] = b.vraag(
        "SELECT count_if(NOT isfinite(waarde::DOUBLE)) FROM n.sturing.indicatoren WHERE waarde IS NOT NULL"
    )
    yield Verwachting(
        "waarden_zijn_getallen",
        "Elke waarde is leeg of een gewoon getal, nooit oneindig of ongedefinieerd.",
        Zwaarte.KRITIEK,
        {"aantal": [aantal]},
        (Eis("aantal", maximum=0),),
        f"{aantal} waarden",
    )


def _stromen(b: Bron) -> Iterator[Verwachting]:
    kolommen = ("stand_begin", "instroom", "doorstroom_in", "doorstroom_uit", "uitstroom", "stand_eind")
    laagste = b.vraag(f"SELECT {', '.join(f'coalesce(min({k}), 0)' for k in kolommen)} FROM n.sturing.stromen")[0]
    onder = [f"{k} {v}" for k, v in zip(kolommen, laagste, strict=True) if v < 0]
    yield Verwachting(
        "standen_niet_negatief",
        "Er zijn geen negatieve standen of stromen.",
        Zwaarte.KRITIEK,
        {"laagste": [float(v) for v in laagste]},
        (Eis("laagste", minimum=0),),
        f"laagste: {', '.join(onder)}" if onder else "geen",
    )
    [(sluit_niet, sprong)] = b.vraag(
        """SELECT
            count_if(stand_begin + instroom + doorstroom_in - doorstroom_uit - uitstroom <> stand_eind),
            count_if(volgende <> stand_eind)
        FROM (SELECT *, lead(stand_begin) OVER (PARTITION BY segment ORDER BY maand) AS volgende
              FROM n.sturing.stromen WHERE gebied_code = 'REGIO')"""
    )
    yield Verwachting(
        "stromen_sluiten",
        "In de regio is beginstand plus wat erbij komt min wat eraf gaat de eindstand, en die de volgende beginstand.",
        Zwaarte.KRITIEK,
        {"afwijkingen": [sluit_niet, sprong]},
        (Eis("afwijkingen", maximum=0),),
        f"{sluit_niet} maanden sluiten niet, {sprong} sluiten niet aan op de volgende",
    )


def _kosten_regio_is_som(b: Bron) -> Iterator[Verwachting]:
    """Cost belongs to one gemeente, so it adds up; counts of youths do not (a youth may move)."""
    [(indicator,)] = b.vraag(
        """SELECT coalesce(max(abs(regio - gemeenten)), 0)::DOUBLE FROM (
            SELECT coalesce(sum(teller) FILTER (gebied_soort = 'regio'), 0) AS regio,
                   coalesce(sum(teller) FILTER (gebied_soort = 'gemeente'), 0) AS gemeenten
            FROM n.sturing.indicatoren WHERE indicator_id = 'kosten'
            GROUP BY periode_soort, periode, segment)"""
    )
    [(zorgmaand,)] = b.vraag(
        """SELECT coalesce(max(abs(regio - gemeenten)), 0)::DOUBLE FROM (
            SELECT coalesce(sum(netto_eur) FILTER (gebied_code = 'REGIO'), 0) AS regio,
                   coalesce(sum(netto_eur) FILTER (gebied_code <> 'REGIO'), 0) AS gemeenten
            FROM n.kosten.kosten_zorgmaand GROUP BY zorgmaand, segment)"""
    )
    yield Verwachting(
        "kosten_regio_is_som",
        "De kosten van de regio zijn tot op de cent de som van die van de gemeenten, per periode en segment.",
        Zwaarte.KRITIEK,
        {"verschil": [indicator, zorgmaand]},
        (Eis("verschil", maximum=0.005),),
        f"grootste verschil {_nl(max(indicator, zorgmaand), 2)} euro",
    )


_VERDEELD = """
    SELECT abs(coalesce(any_value(regiokosten_eur) - sum(bedrag_eur), 0))::DOUBLE AS verschil
    FROM n.kosten.verrekening GROUP BY jaar, methode
    UNION ALL
    SELECT abs(any_value(totaal_eur) - sum(bedrag_sluitend_eur))::DOUBLE FROM n.kosten.bijdragen GROUP BY bijdrage_id
    UNION ALL
    SELECT abs(verandering_eur - effect_jeugdigen_eur - effect_duur_eur - effect_intensiteit_eur - effect_tarief_eur
        - effect_mix_eur)::DOUBLE
    FROM n.kosten.groei_ontleding WHERE verandering_eur IS NOT NULL
"""


def _wat_wordt_verdeeld(b: Bron) -> Iterator[Verwachting]:
    [(verschil, aantal)] = b.vraag(f"SELECT coalesce(max(verschil), 0), count(*) FROM ({_VERDEELD})")
    yield Verwachting(
        "wat_wordt_verdeeld_telt_op",
        "Verrekening en bijdragen tellen tot op de cent op tot wat er wordt verdeeld, en de effecten van de "
        "groei-ontleding tot de groei.",
        Zwaarte.KRITIEK,
        {"verschil": [verschil]},
        (Eis("verschil", maximum=0.005),),
        f"grootste verschil {_nl(verschil, 2)} euro, over {aantal} sommen",
    )


def _streefwaarden(b: Bron) -> Iterator[Verwachting]:
    verwacht = [
        (r["doel_id"], jaar)
        for r in b.catalogus.rijen("streefwaarden")
        for jaar in range(int(r["eerste_jaar"]), int(r["laatste_jaar"]) + 1)
    ]
    aanwezig = {
        (doel, int(jaar))
        for doel, jaar in b.vraag("SELECT doel_id, jaar FROM n.sturing.doelrealisatie WHERE gebied_code = 'REGIO'")
    }
    ontbreekt = [f"{doel} {jaar}" for doel, jaar in verwacht if (doel, jaar) not in aanwezig]
    yield Verwachting(
        "streefwaarden_aanwezig",
        "Elk doel heeft voor de regio een regel in elk jaar waarvoor een streefwaarde is vastgesteld.",
        Zwaarte.KRITIEK,
        {"ontbreekt": [len(ontbreekt)]},
        (Eis("ontbreekt", maximum=0),),
        f"{len(ontbreekt)} ontbreken, eerste {ontbreekt[0]}" if ontbreekt else f"{len(verwacht)} regels",
    )


def _beweging(b: Bron) -> Iterator[Verwachting]:
    if not b.heeft_vorige:
        return
    grens = b.catalogus.getal("poort_max_beweging_aandeel")
    alle = bewegingen(
        b.con,
        _verklaringen(b, BEWEGING),
        gelijke_dekking=GELIJKE_DEKKING,
        niet=GROEI_IS_BEWEGING,
        min_jeugdigen=b.catalogus.getal("poort_min_jeugdigen"),
    )
    gelijk = [w for w in alle if w.zelfde_dekking]
    yield Verwachting(
        BEWEGING,
        f"Geen definitief regiocijfer is meer dan {_pct(grens)} anders dan in de vorige publicatie, als er evenveel is "
        "aangeleverd en niemand het heeft verklaard (poort_max_beweging_aandeel, ref_verklaringen.csv).",
        Zwaarte.KRITIEK,
        {"grootste": [gelijk[0].onverklaard if gelijk else 0.0]},
        (Eis("grootste", maximum=grens),),
        _grootste(gelijk, grens),
    )
    anders = [w for w in alle if not w.zelfde_dekking]
    yield Verwachting(
        "beweging_bij_andere_dekking",
        f"Ook waar meer of minder is aangeleverd verandert geen definitief regiocijfer meer dan {_pct(grens)}.",
        Zwaarte.WAARSCHUWING,
        {"grootste": [anders[0].onverklaard if anders else 0.0]},
        (Eis("grootste", maximum=grens),),
        _grootste(anders, grens),
    )


def _verklaringen(b: Bron, regel: str) -> list[Verklaring]:
    return [v for v in b.catalogus.verklaringen if v.bericht is None and v.regel == regel]


def _grootste(rijen: list[Beweging], grens: float) -> str:
    if not rijen:
        return "niets te vergelijken"
    grootste = rijen[0]
    hoeveel = "verdween of kwam van nul" if grootste.onverklaard >= VERDWENEN else _pct(grootste.onverklaard)
    zin = f"{sum(w.onverklaard > grens for w in rijen)} van {len(rijen)} cijfers; grootste: {grootste.naam} {hoeveel}"
    verklaard = sum(w.beweging > grens >= w.onverklaard for w in rijen)
    return f"{zin}; {verklaard} verklaard" if verklaard else zin


def _jaargroei(b: Bron) -> Iterator[Verwachting]:
    """Warn only: a region that starts with mutations only fills up during its first year."""
    grens = b.catalogus.getal("vorige_jaar_max_groei_aandeel")
    rijen = b.vraag(
        """SELECT nu.indicator_id, nu.periode, (abs(nu.waarde - toen.waarde) / abs(toen.waarde))::DOUBLE AS groei
        FROM n.sturing.indicatoren AS nu
        JOIN n.sturing.indicatoren AS toen
            ON toen.indicator_id = nu.indicator_id AND toen.periode_soort = '12m' AND toen.gebied_code = 'REGIO'
            AND toen.segment = 'totaal' AND toen.periode = nu.periode - INTERVAL 1 YEAR
        WHERE nu.periode_soort = '12m' AND nu.gebied_code = 'REGIO' AND nu.segment = 'totaal'
            AND nu.indicator_id IN (SELECT unnest(?)) AND nu.rijping = 'definitief' AND toen.waarde <> 0
            AND abs(nu.dekking - toen.dekking) <= ?
        ORDER BY groei DESC, nu.indicator_id, nu.periode""",
        b.kernindicatoren,
        GELIJKE_DEKKING,
    )
    verklaringen = [v for v in _verklaringen(b, GROEI) if v.gemeente == REGIO and v.op <= gemaakt_op(b.con, "n")]
    rijen = [r for r in rijen if not any(_verklaart_groei(v, r[0], Maand.van(r[1])) for v in verklaringen)]
    yield Verwachting(
        GROEI,
        f"Jeugdigen en kosten van de regio veranderen in twaalf maanden niet meer dan {_pct(grens)}, "
        "tenzij dat is verklaard (vorige_jaar_max_groei_aandeel, ref_verklaringen.csv).",
        Zwaarte.WAARSCHUWING,
        {"groei": [r[2] for r in rijen[:1]]},
        (Eis("groei", maximum=grens),),
        f"grootste: {rijen[0][0]} {rijen[0][1]:%Y-%m} {_pct(rijen[0][2])}" if rijen else "niets te vergelijken",
    )


def _verklaart_groei(v: Verklaring, indicator_id: str, periode: Maand) -> bool:
    """Tell whether the explained month lies in the twelve months up to `periode` or in the twelve before them."""
    return v.indicator_id in ("", indicator_id) and periode.plus(-23) <= v.maand <= periode


def _uitschieters(b: Bron) -> Iterator[Verwachting]:
    """Where verdicts look: every gebied, segment and month beside its own months (kwaliteit.uitschieters)."""
    grens = b.catalogus.getal("poort_max_uitschieter_aandeel")
    rijen = b.vraag(
        "SELECT indicator_id, gebied_code, segment, maand, effect_aandeel FROM n.kwaliteit.uitschieters "
        "WHERE verklaring IS NULL ORDER BY effect_aandeel DESC, indicator_id, gebied_code, segment, maand"
    )
    zwaarste = f"{rijen[0][0]} {rijen[0][2]} {rijen[0][1]} {rijen[0][3]:%Y-%m} {_pct(rijen[0][4])}" if rijen else ""
    yield Verwachting(
        UITSCHIETER,
        f"Geen maand van een gemeente of de regio beweegt een jaarcijfer van de regio meer dan {_pct(grens)} doordat "
        "zij niet bij de maanden eromheen past, tenzij dat is verklaard "
        "(poort_max_uitschieter_aandeel, ref_verklaringen.csv).",
        Zwaarte.KRITIEK,
        {"effect": [rijen[0][4] if rijen else 0.0]},
        (Eis("effect", maximum=grens),),
        f"{len(rijen)} onverklaarde uitschieters; zwaarste: {zwaarste}" if rijen else "geen uitschieters",
    )


METINGEN = (
    Meting(_tabellen, ()),
    Meting(_dekking, ("sturing.indicatoren", "meta.publicatie")),
    Meting(_boven_nul, ("sturing.indicatoren", "meta.publicatie")),
    Meting(_aandelen),
    Meting(_eindig),
    Meting(_stromen, ("sturing.stromen",)),
    Meting(_kosten_regio_is_som, ("sturing.indicatoren", "kosten.kosten_zorgmaand")),
    Meting(_wat_wordt_verdeeld, ("kosten.verrekening", "kosten.bijdragen", "kosten.groei_ontleding")),
    Meting(_streefwaarden, ("sturing.doelrealisatie",)),
    Meting(_beweging, ("sturing.indicatoren", "meta.publicatie")),
    Meting(_jaargroei, ("sturing.indicatoren", "meta.publicatie")),
    Meting(_uitschieters, ("kwaliteit.uitschieters",)),
    Meting(openbare_verwachtingen, ()),
)
