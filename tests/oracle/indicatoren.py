"""sturing.indicatoren, figure by figure (SPEC 7 and seeds/ref_indicatoren.csv)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.domain.maanden import Maand
from tests.oracle.gebruik import (
    Gebied,
    Geldig,
    Traject,
    gebieden,
    geldige_toewijzingen,
    groepeer,
    leeftijd,
    leeftijdsmaanden,
    trajecten,
)
from tests.oracle.invoer import REGIO, SEGMENTEN, TOTAAL, D, Regio, T
from tests.oracle.kosten import Deel, som_per_maand
from tests.oracle.kwaliteit import kwantiel, tijdigheid
from tests.oracle.naijling import Naijling, rond
from tests.oracle.perioden import Periode, dekking, perioden, rijping
from tests.oracle.quarantaine import quarantaine

Waarde = tuple[float | None, float | None, float | None]
"""(teller, noemer, waarde) of one figure."""
ALLE = (*SEGMENTEN, TOTAAL)


def aantal(n: float) -> Waarde:
    """Give a figure that is a count or an amount: no denominator."""
    return n, None, n


def deel(teller: float, noemer: float) -> Waarde:
    """Give a share or an average; of nothing it is unknown."""
    return teller, noemer, teller / noemer if noemer else None


@dataclass
class Rekenaar:
    """Holds what the indicators share; computed once per region."""

    regio: Regio
    _dekking: dict[tuple[object, ...], float] = field(default_factory=dict)

    @cached_property
    def gebieden(self) -> list[Gebied]:
        """Gemeenten and regio with their trajecten."""
        return gebieden(self.regio)

    @cached_property
    def geldig(self) -> list[Geldig]:
        """All valid allocations."""
        return geldige_toewijzingen(self.regio)

    @cached_property
    def delen(self) -> list[Deel]:
        """Counting claim lines per care month."""
        return self.regio.delen

    @cached_property
    def delen_per_maand(self) -> dict[tuple[str, Maand], list[Deel]]:
        """The same per gemeente and month of care."""
        uit: dict[tuple[str, Maand], list[Deel]] = defaultdict(list)
        for d in self.delen:
            uit[d.regel.gemeente, d.zorgmaand].append(d)
        return dict(uit)

    @cached_property
    def kosten(self) -> dict[tuple[str, str, Maand], int]:
        """Net cents per (gemeente, segment, zorgmaand)."""
        return som_per_maand(self.regio, self.delen)

    @cached_property
    def doelrealisatie(self) -> list[dict[str, object]]:
        """Targets; every row is asked for by more than one table."""
        from tests.oracle.doelrealisatie import doelrealisatie

        return list(doelrealisatie(self))

    @cached_property
    def quarantaine(self) -> dict[tuple[str, int, str, bool], int]:
        """What refused lines would cost, in cents by cell."""
        return {cel: rond(cent) for cel, cent in quarantaine(self.regio).items()}

    @cached_property
    def naijling(self) -> Naijling:
        """What is still to come."""
        return self.regio.naijling

    @cached_property
    def tijdigheid(self) -> dict[tuple[object, object, object], dict[str, object]]:
        """Timeliness per (gebied, month, segment)."""
        return {(r["gebied_code"], r["maand"], r["segment"]): r for r in tijdigheid(self.regio)}

    @cached_property
    def leeftijdsmaand(self) -> dict[str, dt.date]:
        """Birth months per youth."""
        return leeftijdsmaanden(self.regio)

    def leeftijd(self, jeugdige: str, p: Periode) -> int:
        """Age "at the first day of the period"; -1 when unknown."""
        maand = self.leeftijdsmaand.get(jeugdige)
        return -1 if maand is None else leeftijd(maand, p.leeftijdsdag)

    def dekking(self, gebied: str, maanden: tuple[Maand, ...], bericht: str) -> float:
        """Dekking, remembered."""
        sleutel = (gebied, maanden, bericht)
        if sleutel not in self._dekking:
            self._dekking[sleutel] = dekking(self.regio, gebied, maanden, bericht)
        return self._dekking[sleutel]

    def inwoners(self, gebied: str, p: Periode) -> int:
        """SPEC 7: inhabitants on "1 January of the calendar year of `periode`"."""
        return sum(self.regio.referentie.inwoners_0_17(g, p.begin.year) for g in self.regio.gebieden[gebied])

    def jeugdigen(
        self, g: Gebied, segment: str, p: Periode, voorwaarde: Callable[[Geldig], bool] = lambda _: True
    ) -> set[str]:
        """Distinct youths "with at least one day of valid allocation in the period"."""
        return {t.jeugdige for t in g.in_segment(segment) if t.dekt(p.eerste_dag, p.laatste_dag) and voorwaarde(t)}

    def begonnen(self, g: Gebied, segment: str, p: Periode) -> list[Traject]:
        """Trajecten whose first day lies in the period."""
        return [t for t in g.trajecten[segment] if p.eerste_dag <= t.eerste <= p.laatste_dag]

    def geeindigd(self, g: Gebied, segment: str, p: Periode) -> list[Traject]:
        """SPEC 7: "A traject has ended in the period that holds the day after its last day"."""
        return [t for t in g.trajecten[segment] if t.eindmaand in p.is_begonnen_in]


Formule = Callable[[Rekenaar, Gebied, str, Periode], Waarde]


def jeugdigen_in_zorg(r: Rekenaar, g: Gebied, s: str, p: Periode) -> Waarde:
    """Distinct youths with care in the period."""
    return aantal(len(r.jeugdigen(g, s, p)))


def aandeel_jeugdigen_in_zorg(r: Rekenaar, g: Gebied, s: str, p: Periode) -> Waarde:
    """Youths 0-17 with care / inhabitants 0-17."""
    jong = [j for j in r.jeugdigen(g, s, p) if 0 <= r.leeftijd(j, p) <= 17]
    return deel(len(jong), r.inwoners(g.code, p))


def jeugdigen_ambulant(r: Rekenaar, g: Gebied, s: str, p: Periode) -> Waarde:
    """Youths with help without stay, in segment ambulant."""
    return aantal(len(r.jeugdigen(g, s, p, lambda t: not t.soort.met_verblijf)))


def jeugdigen_met_verblijf(r: Rekenaar, g: Gebied, s: str, p: Periode) -> Waarde:
    """Youths with a product with stay, "crisis with stay included"."""
    return aantal(len(r.jeugdigen(g, s, p, lambda t: t.soort.met_verblijf)))


def aandeel_gezinsgericht_smal(r: Rekenaar, g: Gebied, s: str, p: Periode) -> Waarde:
    """Form of help 12 / with stay."""
    return _gezinsgericht(r, g, s, p, ("12",))


def aandeel_gezinsgericht_breed(r: Rekenaar, g: Gebied, s: str, p: Periode) -> Waarde:
    """Form of help 11 or 12 / with stay."""
    return _gezinsgericht(r, g, s, p, ("11", "12"))


def _gezinsgericht(r: Rekenaar, g: Gebied, s: str, p: Periode, vormen: tuple[str, ...]) -> Waarde:
    met = r.jeugdigen(g, s, p, lambda t: t.soort.met_verblijf)
    return deel(len(r.jeugdigen(g, s, p, lambda t: t.soort.hulpvorm in vormen)), len(met))


def jeugdigen_jeugdbescherming(r: Rekenaar, g: Gebied, s: str, p: Periode) -> Waarde:
    """Youths jb / inhabitants 0-17: "0-17 where the denominator is 0-17"."""
    return aandeel_jeugdigen_in_zorg(r, g, s, p)


def jeugdigen_jeugdreclassering(r: Rekenaar, g: Gebied, s: str, p: Periode) -> Waarde:
    """Youths jr / youths in care."""
    return deel(len(r.jeugdigen(g, s, p)), len(r.jeugdigen(g, TOTAAL, p)))


def aandeel_verlengde_jeugdhulp(r: Rekenaar, g: Gebied, s: str, p: Periode) -> Waarde:
    """Youths of 18-22 in care / all youths in care."""
    alle = r.jeugdigen(g, s, p)
    return deel(sum(18 <= r.leeftijd(j, p) <= 22 for j in alle), len(alle))


def aandeel_stapeling(r: Rekenaar, g: Gebied, s: str, p: Periode) -> Waarde:
    """Youths with allocations in two or more segments on the last day / youths in care on that day."""
    segmenten = defaultdict(set)
    for t in g.in_segment(TOTAAL):
        if t.dekt(p.laatste_dag, p.laatste_dag):
            segmenten[t.jeugdige].add(t.soort.segment)
    return deel(sum(len(x) >= 2 for x in segmenten.values()), len(segmenten))


def jeugdigen_jeugdzorgplus(r: Rekenaar, g: Gebied, s: str, p: Periode) -> Waarde:
    """Youths with form of help 13, closed placement."""
    return aantal(len(r.jeugdigen(g, s, p, lambda t: t.soort.hulpvorm == "13")))


def uithuisplaatsingen(r: Rekenaar, g: Gebied, s: str, p: Periode) -> Waarde:
    """Trajecten with stay begun by youths without a day of stay in the 365 days before."""
    jaar = dt.timedelta(days=365)
    verblijf = [t for t in g.in_segment(TOTAAL) if t.soort.met_verblijf]
    van_jeugdige = groepeer(verblijf, lambda t: t.jeugdige)
    begonnen = [
        t
        for t in trajecten(verblijf, TOTAAL, r.regio.getal("traject_gat_dagen"))
        if p.eerste_dag <= t.eerste <= p.laatste_dag
    ]
    nieuw = [
        t
        for t in begonnen
        if not any(v.dekt(t.eerste - jaar, t.eerste - dt.timedelta(days=1)) for v in van_jeugdige[t.jeugdige])
    ]
    return aantal(len(nieuw))


def stand(r: Rekenaar, g: Gebied, s: str, p: Periode) -> Waarde:
    """SPEC 7: "`stand` counts valid allocations on that day" (distinct youths, last day of the month)."""
    return aantal(len({t.jeugdige for t in g.in_segment(s) if t.dekt(p.laatste_dag, p.laatste_dag)}))


def instroom(r: Rekenaar, g: Gebied, s: str, p: Periode) -> Waarde:
    """Trajecten begun that did not come from another segment."""
    return aantal(sum(t not in g.van_elders for t in r.begonnen(g, s, p)))


def uitstroom(r: Rekenaar, g: Gebied, s: str, p: Periode) -> Waarde:
    """Trajecten ended that did not go on in another segment."""
    return aantal(sum(t not in g.naar_elders for t in r.geeindigd(g, s, p)))


def doorstroom(r: Rekenaar, g: Gebied, s: str, p: Periode) -> Waarde:
    """SPEC 7: "entries by doorstroom_in, per segment entered"."""
    return aantal(sum(t in g.van_elders for t in r.begonnen(g, s, p)))


def crisis_instroom(r: Rekenaar, g: Gebied, s: str, p: Periode) -> Waarde:
    """SPEC 7: "all trajecten begun in segment crisis"."""
    return aantal(len(r.begonnen(g, s, p)))


def aandeel_start_crisis(r: Rekenaar, g: Gebied, s: str, p: Periode) -> Waarde:
    """SPEC 7: first day "lies in, or at most 30 days after, a crisis allocation"; "every traject begun" can be one."""
    venster = dt.timedelta(days=r.regio.getal("crisis_venster_dagen"))
    crisis = groepeer((t for t in g.in_segment(TOTAAL) if t.soort.crisis), lambda t: t.jeugdige)
    alle = r.begonnen(g, s, p)

    def uit_crisis(t: Traject) -> bool:
        return any(c.eerste <= t.eerste and t.eerste - venster <= c.laatste for c in crisis.get(t.jeugdige, ()))

    return deel(sum(uit_crisis(t) for t in alle), len(alle))


def trajectduur_gemiddeld(r: Rekenaar, g: Gebied, s: str, p: Periode) -> Waarde:
    """SPEC 7: duration = "last day - first day + 1", of trajecten ended in the period."""
    dagen = [(t.laatste - t.eerste).days + 1 for t in r.geeindigd(g, s, p)]
    return deel(sum(dagen), len(dagen))


def trajectduur_mediaan(r: Rekenaar, g: Gebied, s: str, p: Periode) -> Waarde:
    """Interpolated median of the same durations."""
    dagen = [(t.laatste - t.eerste).days + 1 for t in r.geeindigd(g, s, p)]
    return None, len(dagen), kwantiel(dagen, 0.5)


def looptijd_lopend(r: Rekenaar, g: Gebied, s: str, p: Periode) -> Waarde:
    """SPEC 7: "of a running one up to the reference day, exclusive"."""
    dagen = [(p.laatste_dag - t.eerste).days for t in g.trajecten[s] if t.dekt_dag(p.laatste_dag)]
    return deel(sum(dagen), len(dagen))


def kosten(r: Rekenaar, g: Gebied, s: str, p: Periode) -> Waarde:
    """Net claimed by care month, in euros."""
    return aantal(_kosten_cent(r, r.regio.gebieden[g.code], s, p.maanden) / 100)


def _kosten_cent(r: Rekenaar, gemeenten: Iterable[str], s: str, maanden: Iterable[Maand]) -> int:
    return sum(r.kosten.get((x, s, m), 0) for m in maanden for x in gemeenten)


def te_onzeker(r: Rekenaar, gemeenten: Iterable[str], s: str, maanden: Iterable[Maand], geteld: int) -> bool:
    """SPEC 13: "where |voorbehoud_eur| exceeds 1 percent (setting) of counted + under reserve"."""
    onder = sum(r.naijling.lezing((g, m.volgnummer, s, False))[0] for m in maanden for g in gemeenten)
    return abs(onder) > r.regio.catalogus.getal("voorbehoud_maximum_aandeel") * abs(geteld + onder)


def vorige(p: Periode) -> tuple[Maand, ...]:
    """The twelve months before a whole period of twelve."""
    return tuple(m.plus(-12) for m in p.maanden)


def kostengroei(r: Rekenaar, g: Gebied, s: str, p: Periode) -> Waarde:
    """Cost of 12 months / the 12 before - 1, "over the gemeenten with every month of both periods delivered"."""
    if rijping(r.regio, p, D) == "voorlopig":
        return None, None, None
    beide = (*p.maanden, *vorige(p))
    mee = [x for x in r.regio.gebieden[g.code] if all((x, D, m) in r.regio.gedekt for m in beide)]
    if not mee:
        return None, None, None
    nu, toen = _kosten_cent(r, mee, s, p.maanden), _kosten_cent(r, mee, s, vorige(p))
    if te_onzeker(r, mee, s, p.maanden, nu) or te_onzeker(r, mee, s, vorige(p), toen):
        return None, None, None
    return (nu - toen) / 100, toen / 100, (nu - toen) / toen if toen else None


def _som_tijdigheid(r: Rekenaar, g: Gebied, s: str, p: Periode, kolom: str) -> int:
    return sum(int(str(r.tijdigheid[g.code, m.eerste_dag, s][kolom])) for m in p.maanden)


def _aandeel_tijdigheid(teller: str, noemer: str) -> Formule:
    def formule(r: Rekenaar, g: Gebied, s: str, p: Periode) -> Waarde:
        return deel(_som_tijdigheid(r, g, s, p, teller), _som_tijdigheid(r, g, s, p, noemer))

    return formule


@dataclass(frozen=True)
class Indicator:
    """One indicator: its formula, segments, kinds of period and the bericht it needs."""

    formule: Formule
    segmenten: tuple[str, ...]
    soorten: tuple[str, ...]
    bericht: str = T


M = ("maand",)
MJ12 = ("maand", "jaar", "12m")
J12 = ("jaar", "12m")
M12 = ("maand", "12m")

INDICATOREN: dict[str, Indicator] = {
    "jeugdigen_in_zorg": Indicator(jeugdigen_in_zorg, ALLE, MJ12),
    "aandeel_jeugdigen_in_zorg": Indicator(aandeel_jeugdigen_in_zorg, (TOTAAL,), J12),
    "jeugdigen_ambulant": Indicator(jeugdigen_ambulant, ("ambulant",), MJ12),
    "jeugdigen_met_verblijf": Indicator(jeugdigen_met_verblijf, ("verblijf", "wonen", TOTAAL), MJ12),
    "aandeel_gezinsgericht_smal": Indicator(aandeel_gezinsgericht_smal, (TOTAAL,), J12),
    "aandeel_gezinsgericht_breed": Indicator(aandeel_gezinsgericht_breed, (TOTAAL,), J12),
    "jeugdigen_jeugdbescherming": Indicator(jeugdigen_jeugdbescherming, ("jb",), J12),
    "jeugdigen_jeugdreclassering": Indicator(jeugdigen_jeugdreclassering, ("jr",), J12),
    "aandeel_verlengde_jeugdhulp": Indicator(aandeel_verlengde_jeugdhulp, ALLE, J12),
    "aandeel_stapeling": Indicator(aandeel_stapeling, (TOTAAL,), M),
    "jeugdigen_jeugdzorgplus": Indicator(jeugdigen_jeugdzorgplus, (TOTAAL,), J12),
    "uithuisplaatsingen": Indicator(uithuisplaatsingen, (TOTAAL,), MJ12),
    "stand": Indicator(stand, ALLE, M),
    "instroom": Indicator(instroom, ALLE, MJ12),
    "uitstroom": Indicator(uitstroom, ALLE, MJ12),
    "doorstroom": Indicator(doorstroom, SEGMENTEN, MJ12),
    "crisis_instroom": Indicator(crisis_instroom, ("crisis",), MJ12),
    "aandeel_start_crisis": Indicator(aandeel_start_crisis, (TOTAAL, "verblijf", "ambulant"), J12),
    "trajectduur_gemiddeld": Indicator(trajectduur_gemiddeld, ALLE, J12),
    "trajectduur_mediaan": Indicator(trajectduur_mediaan, ALLE, J12),
    "looptijd_lopend": Indicator(looptijd_lopend, ALLE, M),
    "kosten": Indicator(kosten, ALLE, MJ12, D),
    "kostengroei": Indicator(kostengroei, ALLE, J12, D),
    "aandeel_te_laat": Indicator(_aandeel_tijdigheid("n_te_laat", "n_meetbaar"), ALLE, M12),
    "aandeel_terugwerkend": Indicator(_aandeel_tijdigheid("n_terugwerkend_onverwacht", "_n_eerste_versies"), ALLE, M12),
    "aandeel_declaraties_te_laat": Indicator(
        _aandeel_tijdigheid("n_declaraties_te_laat", "n_declaraties"), ALLE, M12, D
    ),
}
VERWIJZER_SEGMENTEN = (TOTAAL, "verblijf", "ambulant")


def indicatoren(r: Rekenaar) -> Iterator[dict[str, object]]:
    """sturing.indicatoren: "every gebied x segment x month of the published period is present, also at zero"."""
    for naam, i in INDICATOREN.items():
        for p in perioden(r.regio, i.soorten):
            if naam == "kostengroei" and not p.is_heel:
                continue  # "A year that is not complete has no kostengroei"
            for g in r.gebieden:
                for s in i.segmenten:
                    yield _rij(r, naam, i.bericht, g, s, p, i.formule(r, g, s, p))
    yield from aandeel_verwijzer(r)


def aandeel_verwijzer(r: Rekenaar) -> Iterator[dict[str, object]]:
    """Begun trajecten per group of referrers / all begun; "inclusief geen en onbekend"."""
    for p in perioden(r.regio, J12):
        for g in r.gebieden:
            for s in VERWIJZER_SEGMENTEN:
                alle = r.begonnen(g, s, p)
                for groep in r.regio.referentie.verwijzergroepen:
                    waarde = deel(sum(t.verwijzergroep == groep for t in alle), len(alle))
                    yield _rij(r, "aandeel_verwijzer", T, g, f"{s}:{groep}", p, waarde)


def _rij(
    r: Rekenaar, naam: str, bericht: str, g: Gebied, segment: str, p: Periode, waarde: Waarde
) -> dict[str, object]:
    maanden = (*vorige(p), *p.maanden) if naam == "kostengroei" else p.dekkingsmaanden
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
        "dekking": r.dekking(g.code, maanden, bericht),
        "rijping": rijping(r.regio, p, bericht),
    }
