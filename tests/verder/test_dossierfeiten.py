"""The two shares that facts in files feed, computed a second time from what was delivered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import pytest

from pipeline.domain.kalender import lokale_dag
from pipeline.domain.leveringen import REGIO, Bericht
from pipeline.domain.maanden import Maand
from tests.oracle.gebruik import Gebied, leeftijd, leeftijdsmaanden
from tests.oracle.indicatoren import Rekenaar
from tests.oracle.indicatoren_rest import Rest, _verblijf, uithuisplaatsingen
from tests.oracle.invoer import TOTAAL, T, lees_regio
from tests.oracle.perioden import Periode, perioden
from tests.verder.conftest import GEMEENTEN, NU, Huis

pytestmark = pytest.mark.slow

F = Bericht.DOSSIERFEITEN
ANALYSE, PLAN = "verklarende_analyse", "perspectiefplan"
JAAR = dt.timedelta(days=365)


@dataclass
class Dossiers:
    """Facts, who delivered them when, and the allocations beside them."""

    met: Huis

    @cached_property
    def r(self) -> Rekenaar:
        return Rekenaar(lees_regio(self.met.bron, self.met.catalogus, lokale_dag(NU)))

    @cached_property
    def feiten(self) -> set[tuple[str, str, str, dt.date]]:
        return {(f["gemeente"], f["bsn"], f["soort"], f["datum"]) for f in self.met.geleverd(F)}

    @cached_property
    def gedekt(self) -> set[tuple[str, Maand]]:
        """Gemeenten and months of which both facts and allocations are there."""
        binnen = {
            (g["gemeente"], Maand.lees(g["maand"]))
            for g in self.met.leveringen
            if g["bericht"] == F.value
            and g["verwachte_status"] in ("GEACCEPTEERD", "GEACCEPTEERD_MET_OPMERKINGEN", "NIHIL_BEVESTIGD")
        }
        return {(g, m) for g, m in binnen if (g, T, m) in self.r.regio.gedekt}

    def dekking(self, gebied: str, p: Periode) -> float:
        """Inhabitants 0-17 of what is there, of all; a year spans from January on."""
        maanden = (
            p.maanden if p.soort != "jaar" else [Maand(p.begin.year, m) for m in range(1, p.maanden[-1].maand + 1)]
        )
        alle = [(g, m) for g in GEMEENTEN for m in maanden if gebied in (g, REGIO)]
        inwoners = {k: self.r.regio.referentie.inwoners_0_17(k[0], k[1].jaar) for k in alle}
        return sum(inwoners[k] for k in alle if k in self.gedekt) / sum(inwoners.values())

    def heeft(self, gebied: str, bsn: str, soort: str, van: dt.date, tot: dt.date) -> bool:
        return any(
            (wie, wat) == (bsn, soort) and gebied in (g, REGIO) and van <= dag <= tot
            for g, wie, wat, dag in self.feiten
        )

    def plaatsingen(self, g: Gebied, p: Periode) -> list[tuple[str, bool]]:
        """(youth, with an analysis) of every placement of a gemeente and month that delivered."""
        uit = []
        for t in uithuisplaatsingen(Rest(self.r), g, p):
            begonnen = {v.gemeente for v in _verblijf(g) if (v.jeugdige, v.eerste) == (t.jeugdige, t.eerste)}
            if any((gemeente, Maand.van(t.eerste)) in self.gedekt for gemeente in begonnen):
                uit.append((t.jeugdige, self.heeft(g.code, t.jeugdige, ANALYSE, t.eerste - JAAR, t.eerste)))
        return uit

    def zestien_plus(self, g: Gebied, p: Periode) -> list[tuple[str, bool]]:
        """(youth, with a plan) of everybody of sixteen and over in care on the last day."""
        (m,) = p.maanden
        geboren = leeftijdsmaanden(self.r.regio)
        wie = {
            t.jeugdige
            for t in g.in_segment(TOTAAL)
            if t.dekt(m.laatste_dag, m.laatste_dag)
            and (t.gemeente, m) in self.gedekt
            and t.jeugdige in geboren
            and leeftijd(geboren[t.jeugdige], m.eerste_dag) >= 16
        }
        return [(j, self.heeft(g.code, j, PLAN, dt.date.min, m.laatste_dag)) for j in sorted(wie)]


@pytest.fixture(scope="module")
def dossiers(met: Huis) -> Dossiers:
    return Dossiers(met)


@pytest.mark.parametrize(
    ("indicator", "soorten", "wie"),
    [
        ("aandeel_uithuisplaatsing_met_verklarende_analyse", ("jaar", "12m"), Dossiers.plaatsingen),
        ("aandeel_16plus_met_perspectiefplan", ("maand",), Dossiers.zestien_plus),
    ],
    ids=["analyse", "plan"],
)
def test_the_share_is_that_of_who_was_delivered(met: Huis, dossiers: Dossiers, indicator, soorten, wie) -> None:
    mart = {
        (r["periode_soort"], r["periode"], r["gebied_code"]): r
        for r in met.vraag("select * from sturing.indicatoren where indicator_id = ?", indicator)
    }
    alle = [(p, g) for p in perioden(dossiers.r.regio, soorten) for g in dossiers.r.gebieden]
    assert set(mart) == {(p.soort, p.begin, g.code) for p, g in alle}
    met_teller = zonder = 0
    for p, g in alle:
        r = mart[p.soort, p.begin, g.code]
        gevallen = wie(dossiers, g, p)
        teller = sum(heeft for _, heeft in gevallen)
        assert (r["teller"], r["noemer"]) == (teller, len(gevallen)), (p.soort, p.begin, g.code)
        assert r["n_jeugdigen"] == len({j for j, heeft in gevallen if heeft})
        dekking = dossiers.dekking(g.code, p)
        assert r["dekking"] == pytest.approx(dekking)
        waarde = teller / len(gevallen) if gevallen and dekking >= 0.5 else None
        assert r["waarde"] == (pytest.approx(waarde) if waarde is not None else None)
        met_teller += teller > 0
        zonder += teller < len(gevallen)
    assert met_teller > 3
    assert zonder > 3
