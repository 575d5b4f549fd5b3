"""The golden region: three gemeenten, four months of 2026 and the history they need, every figure worked out by hand.

Lives here: a few youths whose lives fit in a comment, and beside each expected figure how it comes about. Add here: a
figure of another indicator, with its sum. Keep out: boundaries of single rules (unit tests beside the models).
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from tests.dbt.maak_raw import levering, maak_raw
from tests.dbt.test_dbt_project import DAG, Bouw, dbt
from tests.kleine_regio import maak_seeds

A, B, C = "GM0141", "GM0147", "GM0183"
P1, P2, P3 = "94000001", "94000002", "94000003"
MAANDEN = [*(dt.date(2025, m, 1) for m in range(1, 13)), *(dt.date(2026, m, 1) for m in range(1, 5))]
ALTERNATIEF, GEZINSHUIS, BEHANDELHUIS, AMBULANT = "45A60", "44A21", "43A01", "45A04"
LIJST = [
    ("94000001", "Een", "contract", "", "2025-01-01", ""),
    ("94000002", "Twee", "contract", "", "2026-01-01", ""),
    ("94000002", "Twee", "strategisch_partner", "", "2026-03-01", ""),
]


def toewijzing(
    gemeente: str, nummer: int, jeugdige: str, product: str, van: str, tot: str | None, **anders: Any
) -> Any:
    """One version, issued on its first day unless told otherwise, delivered in that month."""
    rij = {
        "gemeente": gemeente, "toewijzingnummer": nummer, "pseudoniem": jeugdige, "productcategorie": product[:2],
        "productcode": product, "toewijzingsdatum": DAG(van), "ingangsdatum": DAG(van),
        "einddatum": DAG(tot) if tot else None, **anders,
    }  # fmt: skip
    return rij | {"leveringsmaand": rij["toewijzingsdatum"].replace(day=1)}


def regel(
    gemeente: str, nummer: int, jeugdige: str, product: str, maand: str, cent: int, volume: int, eenheid: str, agb: str,
    **anders: Any,
) -> Any:  # fmt: skip
    """One claim line of a whole month, delivered in that month."""
    begin = DAG(f"{maand}-01")
    einde = (begin.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    return {
        "gemeente": gemeente, "leveringsmaand": begin, "toewijzingnummer": nummer, "pseudoniem": jeugdige,
        "productcategorie": product[:2], "productcode": product, "productperiode_begin": begin,
        "productperiode_eind": einde, "declaratiedagtekening": einde, "ingediend_bedrag_cent": cent,
        "geleverd_volume": volume, "eenheid": eenheid, "aanbieder_agb": agb,
        "referentienummer": f"{jeugdige}-{maand}-{anders.get('debet_credit', 'D')}", **anders,
    }  # fmt: skip


# j1 (A): an ambulant alternative to 5 July 2025, 180 days before the family home that begins on 1 January 2026 at P1,
#   goes on from 11 February at P2, to 31 March; ambulant help beside it on 15-24 January, the last help there was.
# j2 (B): stay with treatment from 1 March 2026 on, issued on 20 February, started on 5 March.
# j3 (A): ambulant help in January 2025, and again in February and March 2026, started three days after it was issued.
# j4 (C): ambulant help by a personal budget, at P3 that has no contract.
WEEK = {"volume": 7, "eenheid": "14", "frequentie": "2"}
TOEWIJZINGEN = [
    toewijzing(A, 1, "j1", ALTERNATIEF, "2025-06-01", "2025-07-05"),
    toewijzing(A, 2, "j1", GEZINSHUIS, "2026-01-01", "2026-02-10", aanbieder_agb=P1, **WEEK),
    toewijzing(A, 3, "j1", GEZINSHUIS, "2026-02-11", "2026-03-31", aanbieder_agb=P2, **WEEK),
    toewijzing(A, 4, "j1", AMBULANT, "2026-01-15", "2026-01-24"),
    toewijzing(
        B, 1, "j2", BEHANDELHUIS, "2026-03-01", None, toewijzingsdatum=DAG("2026-02-20"),
        startdatum_levering=DAG("2026-03-05"), aanbieder_agb=P2,
    ),
    toewijzing(A, 5, "j3", AMBULANT, "2025-01-01", "2025-01-31"),
    toewijzing(A, 6, "j3", AMBULANT, "2026-02-01", "2026-03-31", startdatum_levering=DAG("2026-02-04")),
    toewijzing(C, 1, "j4", AMBULANT, "2026-02-01", "2026-04-30", leveringsvorm="PGB", aanbieder_agb=P3),
]  # fmt: skip
DECLARATIES = [
    regel(A, 2, "j1", GEZINSHUIS, "2026-01", 310_000, 31, "14", P1),
    regel(A, 2, "j1", GEZINSHUIS, "2026-02", 100_000, 10, "14", P1),
    regel(B, 1, "j2", BEHANDELHUIS, "2026-03", 590_000, 31, "14", P2),
    regel(A, 6, "j3", AMBULANT, "2026-02", 70_000, 10, "04", P1),
    regel(A, 6, "j3", AMBULANT, "2026-03", 30_000, 5, "04", P1),
    regel(
        A, 6, "j3", AMBULANT, "2026-03", 30_000, 5, "04", P1, debet_credit="C", vorig_referentienummer="j3-2026-03-D"
    ),
    regel(C, 1, "j4", AMBULANT, "2026-02", 50_000, 5, "04", P3),
]


@pytest.fixture(scope="module")
def bouw(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bouw]:
    """The region built once; every gemeente delivers every month."""
    map_ = tmp_path_factory.mktemp("goud")
    seeds = maak_seeds(map_ / "seeds", (A, B, C))
    with (seeds / "ref_aanbieders.csv").open("a", encoding="utf-8", newline="") as f:
        csv.writer(f, lineterminator="\n").writerows([*r, "hand"] for r in LIJST)
    warehouse = map_ / "warehouse.duckdb"
    maak_raw(
        warehouse,
        toewijzingen=TOEWIJZINGEN,
        declaraties=DECLARATIES,
        leveringen=[levering(g, b, m) for m in MAANDEN for g in (A, B, C) for b in ("toewijzingen", "declaraties")],
    )
    statussen = dbt(["build", "--exclude-resource-type", "test", "unit_test"], map_, warehouse, seeds)
    assert {n: s for n, s in statussen.items() if s != "success"} == {}
    yield Bouw(statussen, warehouse, seeds)


JAAR = ("jaar", "2026-01-01")


@pytest.mark.parametrize(
    ("indicator", "periode", "gebied", "segment", "verwacht"),
    [
        # begun in 2026: j1 (after July 2025), j2 (never before), j3 (after January 2025), j4 (never before)
        ("aandeel_herhaald_beroep", JAAR, "REGIO", "totaal", (2, 4, 0.5, 2)),
        ("aandeel_herhaald_beroep", JAAR, B, "totaal", (0, 1, 0, 0)),
        # ambulant: j1 (alternative before), j3 and j4
        ("aandeel_herhaald_beroep", JAAR, "REGIO", "ambulant", (2, 3, 2 / 3, 2)),
        # j1 and j2 were placed; 1 January minus 180 days is 5 July
        ("aandeel_uithuisplaatsing_met_ambulant_alternatief", JAAR, "REGIO", "totaal", (1, 2, 0.5, 1)),
        # j1 on 11 February
        ("doorplaatsingen", ("maand", "2026-02-01"), "REGIO", "totaal", (1, None, 1, 1)),
        ("doorplaatsingen", JAAR, B, "totaal", (0, None, 0, 0)),
        # j1 31 + 28 + 31 = 90 days, j2 31 + 30 = 61: 151; beside ambulant help 15-24 January: 10
        ("aandeel_verblijf_met_parallel_ambulant", JAAR, "REGIO", "totaal", (10, 151, 10 / 151, 1)),
        # j1 after 24 January: 7 + 28 + 31 = 66; the treatment of j2 goes on
        ("aandeel_verblijf_na_behandeling", JAAR, "REGIO", "totaal", (66, 151, 66 / 151, 1)),
        # 3100 + 1000 (j1) + 5900 (j2) + 700 + 300 - 300 (j3) = 10700 of three youths; j4 has a personal budget
        ("kosten_per_jeugdige", JAAR, "REGIO", "totaal", (10_700, 3, 10_700 / 3, 3)),
        ("kosten_per_jeugdige", JAAR, C, "totaal", (0, 0, None, 0)),
        # with the 500 of j4
        ("aandeel_duurste_1pct", JAAR, "REGIO", "totaal", (5_900, 11_200, 5_900 / 11_200, 1)),
        # 15 percent of four is 0.6: one youth; in A two youths, j1 4100 of 4800
        ("aandeel_duurste_15pct", JAAR, "REGIO", "totaal", (5_900, 11_200, 5_900 / 11_200, 1)),
        ("aandeel_duurste_15pct", JAAR, A, "totaal", (4_100, 4_800, 4_100 / 4_800, 1)),
        # three providers are the ten largest
        ("marktaandeel_top10", JAAR, "REGIO", "totaal", (11_200, 11_200, 1, 4)),
        # P2 is a partner from March on: the 5900 of j2
        ("aandeel_strategische_partners", JAAR, "REGIO", "totaal", (5_900, 11_200, 5_900 / 11_200, 1)),
        # P3 is not on the list
        ("aandeel_niet_gecontracteerd", JAAR, "REGIO", "totaal", (500, 11_200, 500 / 11_200, 1)),
        # (3100 + 1000) / (31 + 10) days
        ("gemiddeld_tarief", JAAR, "REGIO", "wonen:14", (4_100, 41, 100, 1)),
        # (700 + 300 - 300 + 500) / (10 + 5 - 5 + 5) hours
        ("gemiddeld_tarief", JAAR, "REGIO", "ambulant:04", (1_200, 15, 80, 2)),
        # 7 days a week over 90 days at 192.74; 31 and 10 days delivered. Only j1 has a volume.
        ("verzilvering", JAAR, "REGIO", "totaal", (41 * 192.74, 90 * 192.74, 41 / 90, 1)),
        # j2: 20 February to 5 March is 13 days, j3: 1 to 4 February is 3
        ("wachttijd_dagen", ("maand", "2026-03-01"), "REGIO", "totaal", (None, 1, 13, 1)),
        ("wachttijd_dagen", ("12m", "2026-04-01"), "REGIO", "totaal", (None, 2, 8, 2)),
    ],
)
def test_figures_counted_by_hand(
    bouw: Bouw, indicator: str, periode: tuple[str, str], gebied: str, segment: str, verwacht: tuple[float | None, ...]
) -> None:
    assert bouw.cijfer(indicator, *periode, gebied, segment) == pytest.approx(verwacht)


def test_cost_per_inhabitant(bouw: Bouw) -> None:
    """11200 / the inhabitants 0-17 of the three gemeenten in the seed of 2026."""
    with (bouw.seeds / "ref_inwoners.csv").open(encoding="utf-8") as f:
        inwoners = sum(int(r["inwoners_0_17"]) for r in csv.DictReader(f) if r["jaar"] == "2026")
    assert bouw.cijfer("kosten_per_inwoner_0_17", *JAAR) == pytest.approx((11_200, inwoners, 11_200 / inwoners, 4))


def test_what_was_saved_is_the_indexed_base_minus_the_estimate(bouw: Bouw) -> None:
    """January to April 2025 cost nothing, so nothing indexed minus what 2026 is estimated at, per target."""
    geschat = bouw.rijen(
        "select segment, basiswaarde, realisatie_geschat from sturing.doelrealisatie "
        "where gebied_code = 'REGIO' and jaar = 2026 and segment in ('wonen', 'verblijf', 'ambulant')"
    )
    assert {basis for _, basis, _ in geschat} == {0}
    for segment, _, bedrag in geschat:
        assert bouw.cijfer("besparing_gerealiseerd", *JAAR, segment=segment)[0] == pytest.approx(-float(bedrag))
    totaal = -float(sum(bedrag for _, _, bedrag in geschat))
    assert bouw.cijfer("besparing_gerealiseerd", *JAAR)[0] == pytest.approx(totaal)


def test_every_indicator_of_the_catalogue_is_computed(bouw: Bouw) -> None:
    """With a list of providers nothing is left; each has a column in the wide table unless it is broken down."""
    assert bouw.rijen("select indicator_id from meta.indicatordefinities where not is_berekend") == []
    breed = {r[0] for r in bouw.rijen("select column_name from (describe sturing.indicatoren_breed)")}
    lang = {r[0] for r in bouw.rijen("select distinct indicator_id from sturing.indicatoren")}
    assert len(lang) == 43
    assert lang - breed == {"aandeel_verwijzer", "gemiddeld_tarief"}


def test_measurable_share_of_waiting(bouw: Bouw) -> None:
    """Issued in February 2026: j1's second stay (no start), j2, j3 and j4 (no start): 2 of 4."""
    assert bouw.rijen(
        "select meetbaar_aandeel from sturing.indicatoren where indicator_id = 'wachttijd_dagen' "
        "and periode_soort = 'maand' and periode = '2026-02-01' and gebied_code = 'REGIO' and segment = 'totaal'"
    ) == [(0.5,)]
