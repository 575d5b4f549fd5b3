"""sturing.plaatsing and dagen_tot_plaatsing, computed a second time from what was delivered."""

from __future__ import annotations

import datetime as dt
import statistics
from typing import Any

import pytest

from pipeline.domain.leveringen import REGIO, Bericht
from pipeline.domain.maanden import Maand, reeks
from tests.verder.conftest import GEMEENTEN, MAANDEN, Huis

pytestmark = pytest.mark.slow

V = Bericht.VERZOEKEN
Rij = dict[str, Any]


@pytest.fixture(scope="module")
def verzoeken(met: Huis) -> list[Rij]:
    """Every request as it was told of last; nobody but the regio tells of them here."""
    laatste: dict[str, Rij] = {}
    for r in sorted(met.geleverd(V), key=lambda r: r["leveringsmaand"]):
        laatste[r["verzoek_id"]] = r
    assert {r["gemeente"] for r in laatste.values()} == {REGIO}
    return list(laatste.values())


def in_gebied(verzoeken: list[Rij], gebied: str) -> list[Rij]:
    return [r for r in verzoeken if gebied in (REGIO, r["woongemeente"])]


def mediaan(rijen: list[Rij], tot: str) -> float | None:
    dagen = [(r[tot] - r["verzoekdatum"]).days for r in rijen]
    return statistics.median(dagen) if dagen else None


def in_maand(r: Rij, kolom: str, m: Maand) -> bool:
    return r[kolom] is not None and m.eerste_dag <= r[kolom] <= m.laatste_dag


def wacht(r: Rij, dag: dt.date) -> bool:
    gevonden = r["matchdatum"] or r["plaatsingsdatum"]
    return r["verzoekdatum"] <= dag and (gevonden is None or gevonden > dag) and r["uitkomst"] != "ingetrokken"


def test_plaatsing_is_what_was_delivered(met: Huis, verzoeken: list[Rij]) -> None:
    geleverd = {Maand.van(r["leveringsmaand"]) for r in met.geleverd(V)}
    mart = {
        (Maand.van(r["maand"]), r["gebied_code"], r["hulpvorm"]): r
        for r in met.vraag("select * from sturing.plaatsing")
    }
    vormen = {r["hulpvorm"] for r in verzoeken} | {"totaal"}
    maanden = reeks(min(geleverd), max(geleverd))
    assert set(mart) == {(m, g, v) for m in maanden for g in (*GEMEENTEN, REGIO) for v in vormen}
    assert len(geleverd) == len(maanden) - 1  # one month never came
    for (m, gebied, vorm), r in mart.items():
        eigen = [v for v in in_gebied(verzoeken, gebied) if vorm in ("totaal", v["hulpvorm"])]
        nieuw, gematcht, geplaatst = (
            [v for v in eigen if in_maand(v, k, m)] for k in ("verzoekdatum", "matchdatum", "plaatsingsdatum")
        )
        assert (r["n_verzoeken"], r["n_spoed"]) == (len(nieuw), sum(v["spoed"] == "ja" for v in nieuw))
        assert (r["n_gematcht"], r["n_geplaatst"]) == (len(gematcht), len(geplaatst))
        assert r["n_zonder_match"] == sum(wacht(v, m.laatste_dag) for v in eigen), (m, gebied, vorm)
        assert r["mediaan_dagen_tot_match"] == mediaan(gematcht, "matchdatum")
        assert r["mediaan_dagen_tot_plaatsing"] == mediaan(geplaatst, "plaatsingsdatum")
        assert r["dekking"] == (m in geleverd)
    assert sum(r["n_geplaatst"] for (_, g, v), r in mart.items() if (g, v) == (REGIO, "totaal")) > 20
    assert any(r["n_zonder_match"] for r in mart.values())


def test_dagen_tot_plaatsing_is_in_the_long_table(met: Huis, verzoeken: list[Rij]) -> None:
    mart = met.vraag("select * from sturing.indicatoren where indicator_id = 'dagen_tot_plaatsing'")
    assert {r["periode_soort"] for r in mart} == {"maand", "jaar", "12m"}
    assert {r["gebied_code"] for r in mart} == {*GEMEENTEN, REGIO}
    n = 0
    for r in mart:
        m = Maand.van(r["periode"])
        van, tot = {"maand": (m, m), "12m": (m.plus(-11), m), "jaar": (m, min(m.plus(11), MAANDEN[-1]))}[
            r["periode_soort"]
        ]
        geplaatst = [
            v
            for v in in_gebied(verzoeken, r["gebied_code"])
            if v["plaatsingsdatum"] and van.eerste_dag <= v["plaatsingsdatum"] <= tot.laatste_dag
        ]
        assert (r["teller"], r["noemer"]) == (None, len(geplaatst))
        assert r["n_jeugdigen"] == len({v["bsn"] for v in geplaatst})
        waarde = mediaan(geplaatst, "plaatsingsdatum")
        assert r["waarde"] == (waarde if r["dekking"] >= 0.5 else None), r
        n += r["waarde"] is not None
    assert n > 20
