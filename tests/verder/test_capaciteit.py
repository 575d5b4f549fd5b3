"""sturing.plekken, bezettingsgraad and the places in the forecast, computed a second time from what was delivered."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from pipeline.domain.kalender import lokale_dag
from pipeline.domain.leveringen import REGIO, Bericht
from pipeline.domain.maanden import Maand, reeks
from tests.oracle.indicatoren import Rekenaar
from tests.oracle.invoer import Soort, lees_regio
from tests.oracle.prognose import Prognose
from tests.verder.conftest import MAANDEN, NU, Huis

pytestmark = pytest.mark.slow

K = Bericht.CAPACITEIT
AANTALLEN = ("n_locaties", "plekken", "bezet", "overbezet", "vrij", "dicht")
Rij = dict[str, Any]


def orakel(rijen: list[Rij]) -> dict[tuple[str, str, str], dict[str, int]]:
    """(gebied, month, hulpvorm) -> counts: of every location the newest count of the month, once."""
    nieuwste: dict[tuple[Any, ...], Rij] = {}
    for gebied in {REGIO, *(r["gemeente"] for r in rijen)}:
        for r in rijen:
            if gebied in (REGIO, r["gemeente"]):
                maand = r["leveringsmaand"].strftime("%Y-%m")
                sleutel = (gebied, maand, r["aanbieder_agb"], r["locatie_code"], r["hulpvorm"], r["productcode"])
                if sleutel not in nieuwste or r["peildatum"] > nieuwste[sleutel]["peildatum"]:
                    nieuwste[sleutel] = r
    uit: dict[tuple[str, str, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(AANTALLEN, 0))
    locaties = defaultdict(set)
    for (gebied, maand, agb, locatie, hulpvorm, _), r in nieuwste.items():
        for vorm in (hulpvorm, "totaal"):
            cel = uit[gebied, maand, vorm]
            locaties[gebied, maand, vorm].add((agb, locatie))
            for k in ("plekken", "bezet", "vrij"):
                cel[k] += r[k]
            cel["overbezet"] += max(r["bezet"] - r["plekken"], 0)
            cel["dicht"] += max(r["plekken"] - r["bezet"] - r["vrij"], 0)
    for k, gevonden in locaties.items():
        uit[k]["n_locaties"] = len(gevonden)
    return uit


def test_plekken_are_what_was_delivered(met: Huis) -> None:
    verwacht = orakel(met.geleverd(K))
    mart = met.vraag("select *, strftime(maand, '%Y-%m') as m from sturing.plekken order by all")
    assert {r["gebied_code"] for r in mart} == {REGIO}
    geleverd = {m for _, m, _ in verwacht}
    maanden = [str(m) for m in reeks(Maand.lees(min(geleverd)), Maand.lees(max(geleverd)))]
    vormen = {v for _, _, v in verwacht}
    assert {(r["m"], r["hulpvorm"]) for r in mart} == {(m, v) for m in maanden for v in vormen}
    assert len(geleverd) == len(maanden) - 1  # one month never came
    for r in mart:
        eigen = verwacht.get((REGIO, r["m"], r["hulpvorm"])) or dict.fromkeys(AANTALLEN, 0)
        if r["m"] not in geleverd:
            assert [r[k] for k in AANTALLEN] == [None] * len(AANTALLEN)
            assert (r["dekking"], r["bezettingsgraad"]) == (0, None)
            continue
        assert {k: r[k] for k in AANTALLEN} == eigen, (r["m"], r["hulpvorm"])
        assert r["dekking"] == 1
        graad = (eigen["bezet"] - eigen["overbezet"]) / eigen["plekken"] if eigen["plekken"] else None
        assert r["bezettingsgraad"] == pytest.approx(graad) if graad is not None else r["bezettingsgraad"] is None
    assert sum(r["overbezet"] or 0 for r in mart) > 0
    assert sum(r["dicht"] or 0 for r in mart) > 0


class PerHulpvorm(Prognose):
    """The forecast of the oracle, per hulpvorm of which places were delivered."""

    def __init__(self, r: Rekenaar, hulpvormen: set[str]) -> None:
        self.plekken = sorted(hulpvormen)
        super().__init__(r)

    def groep(self, soort: Soort) -> str:
        return soort.hulpvorm


@pytest.fixture(scope="module")
def prognose(met: Huis) -> PerHulpvorm:
    vormen = {v for _, _, v in orakel(met.geleverd(K))} - {"totaal"}
    return PerHulpvorm(Rekenaar(lees_regio(met.bron, met.catalogus, lokale_dag(NU))), vormen)


def test_the_stand_beside_the_places_is_that_of_the_allocations(met: Huis, prognose: PerHulpvorm) -> None:
    for r in met.vraag("select * from sturing.plekken where gebied_code = 'REGIO'"):
        vormen = prognose.plekken if r["hulpvorm"] == "totaal" else [r["hulpvorm"]]
        m = Maand.van(r["maand"])
        wie = set().union(*(prognose.nu.get((REGIO, v, m), set()) for v in vormen))
        assert r["stand_toewijzingen"] == len(wie), (m, r["hulpvorm"])


def test_what_was_expected_then_is_what_the_oracle_expects(met: Huis, prognose: PerHulpvorm) -> None:
    n = 0
    for r in met.vraag("select * from sturing.plekken where gebied_code = 'REGIO' and hulpvorm <> 'totaal'"):
        m = Maand.van(r["maand"])
        v = prognose.voorspel(REGIO, r["hulpvorm"], m, 6) if m in prognose.origins else None
        if v is None or not v.is_voorspeld:
            assert r["stand_over_6_maanden"] is None
            continue
        n += 1
        assert float(r["stand_over_6_maanden"]) == pytest.approx(v.verwacht, abs=0.0051)
        assert (r["stand_ondergrens"], r["stand_bovengrens"]) == v.grenzen
    assert n > 0


def test_bezettingsgraad_is_in_the_long_table(met: Huis) -> None:
    verwacht = orakel(met.geleverd(K))
    mart = met.vraag(
        "select strftime(periode, '%Y-%m') as m, * from sturing.indicatoren where indicator_id = 'bezettingsgraad'"
    )
    assert {(r["gebied_code"], r["segment"], r["periode_soort"]) for r in mart} == {(REGIO, "totaal", "maand")}
    assert len(mart) == len({r["m"] for r in mart}) >= len(MAANDEN) - 1
    for r in mart:
        eigen = verwacht.get((REGIO, r["m"], "totaal"))
        if eigen is None:
            assert (r["teller"], r["noemer"], r["waarde"], r["dekking"]) == (None, None, None, 0)
        else:
            bezet = eigen["bezet"] - eigen["overbezet"]
            assert (r["teller"], r["noemer"], r["n_jeugdigen"]) == (bezet, eigen["plekken"], eigen["bezet"])
            assert r["waarde"] == pytest.approx(bezet / eigen["plekken"])
            assert r["dekking"] == 1


def test_the_forecast_sets_what_comes_free_against_what_is_needed(met: Huis, prognose: PerHulpvorm) -> None:
    verwacht = orakel(met.geleverd(K))
    rijen = met.vraag("select * from sturing.prognose_plekken where segment like 'totaal:%' order by segment, maand")
    assert len(rijen) >= 12
    assert {r["gebied_code"] for r in rijen} == {REGIO}
    for r in rijen:
        plekken = verwacht[REGIO, r["plekken_maand"].strftime("%Y-%m"), r["segment"].split(":")[1]]
        assert (r["plekken"], r["n_vrij"]) == (plekken["plekken"], plekken["vrij"])
        assert 0 <= (r["peilmaand"] - r["plekken_maand"]).days < 93
        if r["status"] != "geschat":
            assert r["saldo"] is None
            continue
        vorm, m = r["segment"].split(":")[1], Maand.van(r["peilmaand"])
        v = prognose.voorspel(REGIO, vorm, m, r["maanden_vooruit"])
        assert r["stand_nu"] == v.stand_nu
        assert float(r["n_blijft"]) == pytest.approx(v.n_blijft, abs=0.0051)
        assert float(r["n_komt"]) == pytest.approx(v.n_komt, abs=0.0051)
        assert (r["ondergrens"], r["bovengrens"]) == v.grenzen
        assert r["n_komt_vrij"] == r["stand_nu"] - r["n_blijft"]
        assert float(r["saldo"]) == pytest.approx(float(r["n_vrij"] + r["n_komt_vrij"] - r["n_komt"]), abs=0.011)
        assert (r["saldo_ondergrens"], r["saldo_bovengrens"]) == (
            r["n_vrij"] + r["stand_nu"] - r["bovengrens"],
            r["n_vrij"] + r["stand_nu"] - r["ondergrens"],
        )
        assert r["saldo_ondergrens"] <= r["saldo"] <= r["saldo_bovengrens"]
    assert any(r["status"] == "geschat" for r in rijen)
