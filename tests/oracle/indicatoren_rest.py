"""The indicators on stays, cost per head, shares of cost, prices, use of allocations, waiting and savings.

Lives here: one formula per indicator, from its definition in seeds/ref_indicatoren.csv, and (adr 0006) how it is read.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from pipeline.domain.maanden import Maand, reeks
from tests.oracle.gebruik import Gebied, Geldig, Traject, eerste_versies, groepeer, nieuwste_versies, trajecten
from tests.oracle.indicatoren import Rekenaar, Waarde, aantal, deel
from tests.oracle.invoer import REGIO, SEGMENTEN, TOTAAL, Regel, T
from tests.oracle.kosten import Deel, tellende_regels
from tests.oracle.kwaliteit import is_verwijderd, kwantiel
from tests.oracle.perioden import Periode, perioden, rijping

DAG = dt.timedelta(days=1)
DAGEN_IN_KADER = {"1": 1, "2": 7}


def jaren_eerder(dag: dt.date, jaren: int) -> dt.date:
    """The same day `jaren` before; 29 February becomes the 28th."""
    try:
        return dag.replace(year=dag.year - jaren)
    except ValueError:
        return dag.replace(year=dag.year - jaren, day=28)


def aandeel_van_kosten(teller: int, noemer: int) -> Waarde:
    """Amounts in cents; "a share that falls outside 0-1 is no share"."""
    return teller / 100, noemer / 100, teller / noemer if noemer and 0 <= teller <= noemer else None


@dataclass
class Rest:
    """What these formulas share."""

    r: Rekenaar
    _kosten: dict[tuple[str, str, Periode], list[Deel]] = field(default_factory=dict)
    _dagen: dict[tuple[str, Periode], tuple[int, int, int]] = field(default_factory=dict)

    @cached_property
    def aanbieders(self) -> dict[object, list[dict[str, str]]]:
        """The region's list of providers, by AGB code."""
        return groepeer(self.r.regio.catalogus.rijen("aanbieders"), lambda a: a["aanbieder_agb"])

    def op_lijst(self, soort: str, d: Deel) -> bool:
        """Whether the provider is listed as `soort` on a day of the month of care, for the segment."""
        return any(
            a["soort"] == soort
            and a["segment"] in ("", d.soort.segment)
            and a["geldig_van"] <= str(d.zorgmaand.laatste_dag)
            and (not a["geldig_tot"] or a["geldig_tot"] >= str(d.zorgmaand.eerste_dag))
            for a in self.aanbieders.get(d.regel.aanbieder_agb, ())
        )

    @cached_property
    def houdt(self) -> dict[tuple[str, str, str], tuple[bool, bool]]:
        """Lines under reserve: whether their amount and their volume are."""
        return {
            d.regel.nummer: (d.houdt_bedrag, d.houdt_volume) for d in self.r.delen if d.houdt_bedrag or d.houdt_volume
        }

    def kosten(self, g: Gebied, s: str, p: Periode) -> list[Deel]:
        """Cost of a gebied, segment and period, remembered."""
        sleutel = (g.code, s, p)
        if sleutel not in self._kosten:
            self._kosten[sleutel] = self._zoek_kosten(g, s, p)
        return self._kosten[sleutel]

    def _zoek_kosten(self, g: Gebied, s: str, p: Periode) -> list[Deel]:
        return [
            d
            for gemeente in self.r.regio.gebieden[g.code]
            for m in p.maanden
            for d in self.r.delen_per_maand.get((gemeente, m), ())
            if s in (TOTAAL, d.soort.segment)
        ]

    @cached_property
    def vormen(self) -> dict[tuple[str, int], str | None]:
        """Leveringsvorm per allocation that was not deleted."""
        return {t.nummer: t.leveringsvorm for t in nieuwste_versies(self.r.regio.toewijzingen) if not is_verwijderd(t)}

    def is_zin(self, regel: Regel) -> bool:
        """SPEC 7: "leveringsvorm other than ZIN is left out"; not said is in kind."""
        return (self.vormen.get((regel.gemeente, regel.toewijzingnummer)) or "ZIN") == "ZIN"

    @cached_property
    def minuten(self) -> dict[str, int]:
        """Minutes in a unit of time, of the current list."""
        rijen = self.r.regio.catalogus.rijen("codes_eenheid")
        return {x["code"]: int(x["naar_minuten"]) for x in rijen if x["status"] == "actief" and x["naar_minuten"]}

    @cached_property
    def prijseenheden(self) -> list[str]:
        """Units of the current list of which a price can be told."""
        rijen = self.r.regio.catalogus.rijen("codes_eenheid")
        return sorted(x["code"] for x in rijen if x["status"] == "actief" and x["soort"] != "bedrag")


def herhaald_beroep(x: Rest, g: Gebied, s: str, p: Periode) -> Waarde:
    """Begun by youths who had a traject before, ended in the five years before."""
    alle = x.r.begonnen(g, s, p)
    jaren = x.r.regio.getal("herhaald_beroep_jaren")
    van_jeugdige = groepeer(g.trajecten[s], lambda t: t.jeugdige)

    def is_herhaald(t: Traject) -> bool:
        grens = jaren_eerder(t.eerste, jaren)
        return any(e.eerste < t.eerste and e.laatste >= grens for e in van_jeugdige[t.jeugdige])

    return deel(sum(is_herhaald(t) for t in alle), len(alle))


def _verblijf(g: Gebied) -> list[Geldig]:
    return [t for t in g.in_segment(TOTAAL) if t.soort.met_verblijf]


def uithuisplaatsingen(x: Rest, g: Gebied, p: Periode) -> list[Traject]:
    """Stays begun by youths without stay in the 365 days before."""
    verblijf = _verblijf(g)
    van_jeugdige = groepeer(verblijf, lambda t: t.jeugdige)
    begonnen = trajecten(verblijf, TOTAAL, x.r.regio.getal("traject_gat_dagen"))
    return [
        t
        for t in begonnen
        if p.eerste_dag <= t.eerste <= p.laatste_dag
        and not any(v.dekt(t.eerste - 365 * DAG, t.eerste - DAG) for v in van_jeugdige[t.jeugdige])
    ]


def met_ambulant_alternatief(x: Rest, g: Gebied, s: str, p: Periode) -> Waarde:
    """Of them: an ambulant alternative on one of the 180 days before."""
    alle = uithuisplaatsingen(x, g, p)
    venster = x.r.regio.getal("alternatief_venster_dagen")
    alternatief = groepeer((t for t in g.in_segment(TOTAAL) if t.soort.ambulant_alternatief), lambda t: t.jeugdige)
    met = [
        t
        for t in alle
        if any(a.dekt(t.eerste - venster * DAG, t.eerste - DAG) for a in alternatief.get(t.jeugdige, ()))
    ]
    return deel(len(met), len(alle))


def doorplaatsingen(x: Rest, g: Gebied, s: str, p: Periode) -> Waarde:
    """Days on which stay begins elsewhere than the last stay was, none that began earlier going on."""
    gat = x.r.regio.getal("traject_gat_dagen")
    n = 0
    for reeks_ in groepeer(_verblijf(g), lambda t: t.jeugdige).values():
        for dag in {t.eerste for t in reeks_ if p.eerste_dag <= t.eerste <= p.laatste_dag}:
            eerder = [t for t in reeks_ if t.eerste < dag]
            if not eerder or any(t.laatste > dag for t in eerder):
                continue
            eind = max(t.laatste for t in eerder)
            if (dag - eind).days - 1 > gat:
                continue
            plekken = {_plek(t) for t in eerder if t.laatste == eind}
            n += not any(_plek(t) in plekken for t in reeks_ if t.eerste == dag)
    return aantal(n)


def _plek(t: Geldig) -> tuple[str | None, str | None]:
    assert t.versie
    return t.versie.aanbieder_agb, t.versie.productcode or t.soort.categorie


def _dagen(stukken: Iterable[Geldig], p: Periode) -> set[dt.date]:
    uit: set[dt.date] = set()
    for t in stukken:
        van, tot = max(t.eerste, p.eerste_dag), min(t.laatste, p.laatste_dag)
        uit.update(van + DAG * i for i in range((tot - van).days + 1))
    return uit


def verblijfsdagen(x: Rest, g: Gebied, p: Periode) -> tuple[int, int, int]:
    """Days of stay, of them beside ambulant help, of them after all treatment; every youth's day once."""
    if (g.code, p) not in x._dagen:
        x._dagen[g.code, p] = _verblijfsdagen(g, p)
    return x._dagen[g.code, p]


def _verblijfsdagen(g: Gebied, p: Periode) -> tuple[int, int, int]:
    alle = met = na = 0
    van_jeugdige = groepeer(g.in_segment(TOTAAL), lambda t: t.jeugdige)
    for jeugdige in {t.jeugdige for t in _verblijf(g)}:
        stukken = van_jeugdige[jeugdige]
        dagen = _dagen((t for t in stukken if t.soort.met_verblijf), p)
        alle += len(dagen)
        met += len(dagen & _dagen((t for t in stukken if t.soort.segment == "ambulant"), p))
        hulp = [t.laatste for t in stukken if t.soort.behandeling or t.soort.segment == "ambulant"]
        na += sum(d > max(hulp) for d in dagen) if hulp else 0
    return alle, met, na


def parallel_ambulant(x: Rest, g: Gebied, s: str, p: Periode) -> Waarde:
    """Days of stay on which an ambulant allocation runs too."""
    alle, met, _ = verblijfsdagen(x, g, p)
    return deel(met, alle)


def na_behandeling(x: Rest, g: Gebied, s: str, p: Periode) -> Waarde:
    """Days of stay after the last treatment or ambulant allocation of the youth."""
    alle, _, na = verblijfsdagen(x, g, p)
    return deel(na, alle)


def kosten_per_jeugdige(x: Rest, g: Gebied, s: str, p: Periode) -> Waarde:
    """Cost in kind / youths with claims in kind, of whom an amount counts."""
    delen = [d for d in x.kosten(g, s, p) if x.is_zin(d.regel) and not d.houdt_bedrag]
    return deel(sum(d.cent for d in delen) / 100, len({d.regel.bsn for d in delen}))


def kosten_per_inwoner(x: Rest, g: Gebied, s: str, p: Periode) -> Waarde:
    """Cost / inhabitants 0-17."""
    return deel(sum(d.cent for d in x.kosten(g, s, p)) / 100, x.r.inwoners(g.code, p))


def _per(delen: Iterable[Deel], sleutel: str) -> dict[str, int]:
    uit: dict[str, int] = defaultdict(int)
    for d in delen:
        uit[getattr(d.regel, sleutel)] += d.cent
    return uit


def _duurste(x: Rest, g: Gebied, p: Periode, procent: int) -> Waarde:
    geteld = [d for d in x.kosten(g, TOTAAL, p) if not d.houdt_bedrag]
    bedragen = sorted(_per(geteld, "bsn").values(), reverse=True)
    n = math.ceil(Fraction(procent * len(bedragen), 100))
    return aandeel_van_kosten(sum(bedragen[:n]), sum(bedragen))


def duurste_1pct(x: Rest, g: Gebied, s: str, p: Periode) -> Waarde:
    """SPEC 7: "Top x percent: rounded up"."""
    return _duurste(x, g, p, 1)


def duurste_15pct(x: Rest, g: Gebied, s: str, p: Periode) -> Waarde:
    """The same for 15 percent."""
    return _duurste(x, g, p, 15)


def marktaandeel_top10(x: Rest, g: Gebied, s: str, p: Periode) -> Waarde:
    """Cost at the ten largest providers / all cost."""
    bedragen = sorted(_per(x.kosten(g, s, p), "aanbieder_agb").values(), reverse=True)
    return aandeel_van_kosten(sum(bedragen[:10]), sum(bedragen))


def strategische_partners(x: Rest, g: Gebied, s: str, p: Periode) -> Waarde:
    """Cost at providers that were a partner then / all cost."""
    delen = x.kosten(g, s, p)
    partner = sum(d.cent for d in delen if x.op_lijst("strategisch_partner", d))
    return aandeel_van_kosten(partner, sum(d.cent for d in delen))


def niet_gecontracteerd(x: Rest, g: Gebied, s: str, p: Periode) -> Waarde:
    """Cost at providers without a contract then / all cost."""
    delen = x.kosten(g, s, p)
    zonder = sum(d.cent for d in delen if not x.op_lijst("contract", d))
    return aandeel_van_kosten(zonder, sum(d.cent for d in delen))


FORMULES = {
    "aandeel_herhaald_beroep": (herhaald_beroep, (*SEGMENTEN, TOTAAL), ("jaar", "12m"), T),
    "aandeel_uithuisplaatsing_met_ambulant_alternatief": (met_ambulant_alternatief, (TOTAAL,), ("jaar", "12m"), T),
    "doorplaatsingen": (doorplaatsingen, (TOTAAL,), ("maand", "jaar", "12m"), T),
    "aandeel_verblijf_met_parallel_ambulant": (parallel_ambulant, (TOTAAL,), ("jaar", "12m"), T),
    "aandeel_verblijf_na_behandeling": (na_behandeling, (TOTAAL,), ("jaar", "12m"), T),
    "kosten_per_jeugdige": (kosten_per_jeugdige, (*SEGMENTEN, TOTAAL), ("jaar", "12m"), "declaraties"),
    "kosten_per_inwoner_0_17": (kosten_per_inwoner, (*SEGMENTEN, TOTAAL), ("jaar", "12m"), "declaraties"),
    "aandeel_duurste_1pct": (duurste_1pct, (TOTAAL,), ("jaar", "12m"), "declaraties"),
    "aandeel_duurste_15pct": (duurste_15pct, (TOTAAL,), ("jaar", "12m"), "declaraties"),
    "marktaandeel_top10": (marktaandeel_top10, (*SEGMENTEN, TOTAAL), ("jaar", "12m"), "declaraties"),
    "aandeel_strategische_partners": (
        strategische_partners, (*SEGMENTEN, TOTAAL), ("jaar", "12m"), "declaraties",
    ),
    "aandeel_niet_gecontracteerd": (niet_gecontracteerd, (*SEGMENTEN, TOTAAL), ("jaar", "12m"), "declaraties"),
}  # fmt: skip
NAMEN = (*FORMULES, "gemiddeld_tarief", "verzilvering", "wachttijd_dagen", "besparing_gerealiseerd")
VAN_DE_LIJST = {"aandeel_strategische_partners": "strategisch_partner", "aandeel_niet_gecontracteerd": "contract"}


def indicatoren_rest(r: Rekenaar) -> Iterator[dict[str, object]]:
    """Their rows of sturing.indicatoren."""
    x = Rest(r)
    for naam, (formule, segmenten, soorten, bericht) in FORMULES.items():
        lijst = VAN_DE_LIJST.get(naam)
        if lijst and not any(x.op_lijst(lijst, d) for d in r.delen if d.zorgmaand in r.regio.maanden):
            continue  # nobody on the list has a claim: no figure at all
        for p in perioden(r.regio, soorten):
            for g in r.gebieden:
                for s in segmenten:
                    yield _rij(r, naam, bericht, g, s, p, formule(x, g, s, p))
    yield from gemiddeld_tarief(x)
    yield from verzilvering(x)
    yield from wachttijd(x)
    yield from besparing(x)


def gemiddeld_tarief(x: Rest) -> Iterator[dict[str, object]]:
    """Amount / volume of whole lines, "per eenheid", in the month their productperiode begins."""
    per: dict[tuple[str, str, str, Maand], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    soort = x.r.regio.referentie.soort
    for regel in tellende_regels(x.r.regio):
        if regel.eenheid not in x.prijseenheden or regel.geleverd_volume is None or regel.nummer in x.houdt:
            continue
        s = soort(regel.gemeente, regel.productcode, regel.productcategorie, regel.productperiode_begin).segment
        for segment in (s, TOTAAL):
            som = per[regel.gemeente, segment, str(regel.eenheid), Maand.van(regel.productperiode_begin)]
            som[0] += regel.teken * regel.ingediend_bedrag
            som[1] += regel.teken * Decimal(str(regel.geleverd_volume))
    for p in perioden(x.r.regio, ("jaar", "12m")):
        for g in x.r.gebieden:
            for s in (*SEGMENTEN, TOTAAL):
                for e in x.prijseenheden:
                    sommen = [
                        per[gem, s, e, m]
                        for gem in x.r.regio.gebieden[g.code]
                        for m in p.maanden
                        if (gem, s, e, m) in per
                    ]
                    bedrag, volume = (sum((z[i] for z in sommen), Decimal(0)) for i in (0, 1))
                    waarde = float(bedrag / 100) / float(volume) if volume > 0 else None
                    yield _rij(
                        x.r, "gemiddeld_tarief", "declaraties", g, f"{s}:{e}", p,
                        (float(bedrag / 100), float(volume), waarde),
                    )  # fmt: skip


def _half_omhoog(waarde: Fraction) -> int:
    """Whole cents, half up (amounts are not negative here)."""
    return math.floor(waarde + Fraction(1, 2))


def _tarief(t: Geldig) -> int | None:
    """Cents per unit to weigh an allocation with; None when it cannot be compared with what was delivered."""
    v = t.versie
    assert v
    if (v.leveringsvorm or "ZIN") != "ZIN" or not v.volume or v.frequentie not in ("1", "2", "4", "6"):
        return None
    if (v.frequentie == "6" and v.einddatum is None) or t.soort.eenheid is None:
        return None
    if v.eenheid == "83":
        return 1
    return t.soort.tarief_cent if v.eenheid == t.soort.eenheid and t.soort.tarief_cent else None


def verzilvering(x: Rest) -> Iterator[dict[str, object]]:
    """Delivered / allocated, both weighed with the tariff of the allocation's product."""
    (regio,) = (g for g in x.r.gebieden if g.code == REGIO)
    met_tarief = {(t.gemeente, t.nummer): (t, tarief) for t in regio.in_segment(TOTAAL) if (tarief := _tarief(t))}
    toegewezen, geleverd = _toegewezen(x, met_tarief), _geleverd(x, met_tarief)
    for p in perioden(x.r.regio, ("jaar", "12m")):
        for g in x.r.gebieden:
            for s in (*SEGMENTEN, TOTAAL):
                plekken = [(gem, s, m) for gem in x.r.regio.gebieden[g.code] for m in p.maanden]
                boven = sum(geleverd.get(k, 0) for k in plekken)
                onder = sum(toegewezen.get(k, 0) for k in plekken)
                waarde = (boven / 100, onder / 100, boven / onder if onder else None)
                yield _rij(x.r, "verzilvering", "beide", g, s, p, waarde)


MetTarief = dict[tuple[str, int], tuple[Geldig, int]]
PerMaand = dict[tuple[str, str, Maand], int]


def _toegewezen(x: Rest, met_tarief: MetTarief) -> PerMaand:
    """Cents allocated per gemeente, segment and published month."""
    uit: PerMaand = defaultdict(int)
    maanden = x.r.regio.maanden
    for t, tarief in met_tarief.values():
        if t.eerste > maanden[-1].laatste_dag or t.laatste < maanden[0].eerste_dag:
            continue
        for m in reeks(max(Maand.van(t.eerste), maanden[0]), Maand.van(min(t.laatste, maanden[-1].laatste_dag))):
            for s in (t.soort.segment, TOTAAL):
                uit[t.gemeente, s, m] += _half_omhoog(_toegewezen_in(t, m) * tarief)
    return uit


def _geleverd(x: Rest, met_tarief: MetTarief) -> PerMaand:
    """Cents delivered per gemeente, segment and month, by the same tariffs."""
    uit: PerMaand = defaultdict(int)
    for regel in tellende_regels(x.r.regio):
        t, tarief = met_tarief.get((regel.gemeente, regel.toewijzingnummer), (None, 0))
        if t is None or not t.dekt(regel.productperiode_begin, regel.productperiode_eind):
            continue
        if x.houdt.get(regel.nummer, (False, False))[1]:
            continue
        cent = _half_omhoog(Fraction(str(regel.geleverd_volume or 0)) * _factor(x, regel, t) * tarief)
        for s in (t.soort.segment, TOTAAL):
            uit[regel.gemeente, s, Maand.van(regel.productperiode_begin)] += regel.teken * cent
    return uit


def _toegewezen_in(t: Geldig, m: Maand) -> Fraction:
    v = t.versie
    assert v
    assert v.volume
    dagen = (min(t.laatste, m.laatste_dag) - max(t.eerste, m.eerste_dag)).days + 1
    if v.frequentie == "6":
        assert v.einddatum
        kader = (v.einddatum - v.ingangsdatum).days + 1
    else:
        kader = DAGEN_IN_KADER.get(str(v.frequentie), m.laatste_dag.day)
    return Fraction(str(v.volume)) * dagen / kader


def _factor(x: Rest, regel: Regel, t: Geldig) -> Fraction:
    """Units of the allocation in one unit of the claim; 0 when they cannot be compared."""
    assert t.versie
    if regel.eenheid == t.versie.eenheid:
        return Fraction(1)
    van, naar = x.minuten.get(regel.eenheid or "", 0), x.minuten.get(t.versie.eenheid or "", 0)
    return Fraction(van, naar) if van and naar else Fraction(0)


def wachttijd(x: Rest) -> Iterator[dict[str, object]]:
    """Median days from first toewijzingsdatum to start, at least 0, by month of start; first versions only."""
    nieuwste = {t.nummer: t for t in nieuwste_versies(x.r.regio.toewijzingen) if not is_verwijderd(t)}
    per: dict[tuple[str, str, Maand], list[int]] = defaultdict(list)
    for t in eerste_versies(x.r.regio.toewijzingen):
        if t.reden_wijziging or t.nummer not in nieuwste:
            continue
        start = nieuwste[t.nummer].startdatum_levering or t.startdatum_levering
        if start:
            s = x.r.regio.referentie.soort(t.gemeente, t.productcode, t.productcategorie, t.ingangsdatum).segment
            for segment in (s, TOTAAL):
                per[t.gemeente, segment, Maand.van(start)].append(max(0, (start - t.toewijzingsdatum).days))
    for p in perioden(x.r.regio, ("maand", "12m")):
        for g in x.r.gebieden:
            for s in (*SEGMENTEN, TOTAAL):
                dagen = [d for gem in x.r.regio.gebieden[g.code] for m in p.maanden for d in per.get((gem, s, m), ())]
                yield _rij(x.r, "wachttijd_dagen", T, g, s, p, (None, len(dagen), kwantiel(dagen, 0.5)))


def besparing(x: Rest) -> Iterator[dict[str, object]]:
    """Indexed cost of the months judged in the base year - cost of the year, as targets have it; totaal their sum."""
    doelen = {
        d["segment"]: d["doel_id"]
        for d in x.r.regio.catalogus.rijen("streefwaarden")
        if d["indicator_id"] == "kosten" and d["segment"] in ("verblijf", "wonen", "ambulant")
    }
    per = {(r["doel_id"], r["jaar"], r["gebied_code"]): r for r in x.r.doelrealisatie}
    for p in perioden(x.r.regio, ("jaar",)):
        for g in x.r.gebieden:
            rijen = {s: per.get((d, p.begin.year, g.code)) for s, d in doelen.items()}
            if all(rijen.values()):
                delen = {s: r["besparing_gerealiseerd_eur"] for s, r in rijen.items() if r}
                compleet = all(w is not None for w in delen.values())
                delen[TOTAAL] = sum((Decimal(str(w)) for w in delen.values()), Decimal(0)) if compleet else None
                for s, w in delen.items():
                    waarde = None if w is None else float(str(w))
                    yield _rij(x.r, "besparing_gerealiseerd", "twee", g, s, p, (waarde, None, waarde))


def _rij(
    r: Rekenaar, naam: str, bericht: str, g: Gebied, segment: str, p: Periode, waarde: Waarde
) -> dict[str, object]:
    maanden = p.dekkingsmaanden
    if bericht == "twee":
        maanden = tuple(reeks(maanden[0].plus(-12), maanden[-1]))
    return {
        "indicator_id": naam,
        "periode_soort": p.soort,
        "periode": p.begin,
        "gebied_code": g.code,
        "segment": segment,
        "gebied_soort": "regio" if g.code == REGIO else "gemeente",
        "teller": waarde[0],
        "noemer": waarde[1],
        "waarde": waarde[2],
        "dekking": _dekking(r, g, maanden, bericht),
        "rijping": _rijping(r, p, bericht),
    }


def _dekking(r: Rekenaar, g: Gebied, maanden: tuple[Maand, ...], bericht: str) -> float:
    """Of figures that need both: the months in which both were delivered."""
    if bericht != "beide":
        return r.dekking(g.code, maanden, "declaraties" if bericht == "twee" else bericht)
    gedekt = alles = 0
    for m in maanden:
        for gem in r.regio.gebieden[g.code]:
            n = r.regio.referentie.inwoners_0_17(gem, m.jaar)
            alles += n
            gedekt += n if all((gem, b, m) in r.regio.gedekt for b in (T, "declaraties")) else 0
    return gedekt / alles


def _rijping(r: Rekenaar, p: Periode, bericht: str) -> str:
    if bericht == "beide":
        oordelen = [rijping(r.regio, p, b) for b in (T, "declaraties")]
        return "voorlopig" if "voorlopig" in oordelen else "definitief"
    return rijping(r.regio, p, "declaraties" if bericht == "twee" else bericht)
