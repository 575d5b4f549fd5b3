"""A movement that was explained passes the gate once, as far as it was explained."""

from __future__ import annotations

import shutil

import duckdb
import pytest

from pipeline.domain.catalogus import Catalogus
from pipeline.publish import beoordeel_kandidaat
from pipeline.publish.verwachtingen import Bron, Verwachting, verzamel
from pipeline.settings import PROJECT
from tests.publish.conftest import Proefmarts

# the handmade marts were all made on 20 July 2025
DAG = "2025-07-20"
MAART = "periode_soort = 'maand' AND periode = '2025-03-01'"


def met(marts: Proefmarts, rij: str) -> Catalogus:
    """The seeds with one explanation."""
    seeds = marts.map / "seeds"
    shutil.copytree(PROJECT / "seeds", seeds)
    pad = seeds / "ref_verklaringen.csv"
    pad.write_text(pad.read_text(encoding="utf-8").splitlines()[0] + f"\n{rij}\n", encoding="utf-8")
    return Catalogus.load(seeds)


def verwachtingen(marts: Proefmarts, rij: str, *bederf: str, beide: str = "SELECT 1") -> dict[str, tuple[bool, str]]:
    """Measure a spoiled candidate beside one that is sound: per expectation whether it holds, and what was seen.

    Without Great Expectations, which only says the same slower; one case below goes through all of the gate.
    """
    catalogus = met(marts, rij)
    with duckdb.connect() as con:
        for naam, nummer, sql in (("o", 1, (beide,)), ("n", 2, (beide, *bederf))):
            con.execute(f"ATTACH '{marts.warehouse(nummer, *sql)}' AS {naam} (READ_ONLY)")
        tabellen = frozenset({"sturing.indicatoren", "meta.publicatie"})
        gemeten = verzamel(Bron(con, catalogus, tabellen, heeft_vorige=True, heeft_declaraties=True))
    return {v.naam: (_houdt(v), v.waargenomen) for v in gemeten}


def _houdt(v: Verwachting) -> bool:
    return all(w <= eis.maximum for eis in v.eisen if eis.maximum is not None for w in v.meting[eis.kolom])


def zet(wat: str, gebied: str, indicator: str = "aandeel_te_laat", waar: str = MAART) -> str:
    """SQL that spoils one figure."""
    welke = f"gebied_code = '{gebied}' AND indicator_id = '{indicator}' AND {waar}"
    return f"UPDATE sturing.indicatoren SET {wat} WHERE {welke}"


def verklaring(gebied: str = "REGIO", maand: str = "2025-03", indicator: str = "aandeel_te_laat", op: str = DAG) -> str:
    """One explanation of a movement."""
    return f"{gebied},,{maand},beweging_bij_gelijke_dekking,{indicator},,,,inhaalslag,beheer,{op}"


@pytest.mark.parametrize(
    ("rij", "door"),
    [
        (verklaring(), True),
        (verklaring(indicator=""), True),
        (verklaring(indicator="kosten"), False),
        (verklaring(maand="2025-02"), False),
        # used up: the publication it is compared with was made a day later, and holds the movement
        (verklaring(op="2025-07-19"), False),
        (verklaring(op="2025-07-21"), False),
        # this gemeente did not move
        (verklaring("GM0141"), False),
    ],
)
def test_only_the_figure_and_the_month_that_were_explained(marts: Proefmarts, rij: str, door: bool) -> None:
    uit = verwachtingen(marts, rij, zet("waarde = waarde * 2, teller = teller * 2", "REGIO"))
    houdt, gezien = uit["beweging_bij_gelijke_dekking"]
    assert houdt is door
    assert ("1 verklaard" in gezien) is door


@pytest.mark.parametrize("rij", [verklaring(), verklaring("GM0141")])
def test_the_gate_itself_lets_an_explained_movement_through(marts: Proefmarts, rij: str) -> None:
    catalogus, vorige = met(marts, rij), marts.publiceer(1).pad
    kandidaat = marts.bedorven(2, zet("waarde = waarde * 2, teller = teller * 2", "REGIO"))
    assert beoordeel_kandidaat(kandidaat, catalogus, vorige).is_doorgelaten is ("REGIO" in rij)


@pytest.mark.parametrize(
    ("maand", "door"), [("2024-06", True), ("2024-07", True), ("2025-05", True), ("2024-05", False), ("2025-06", False)]
)
def test_a_month_explains_the_twelve_months_that_hold_it(marts: Proefmarts, maand: str, door: bool) -> None:
    """Twelve months up to May 2025, made definitive on both sides, run from June 2024."""
    waar = "periode_soort = '12m' AND periode = '2025-05-01'"
    definitief = f"UPDATE sturing.indicatoren SET rijping = 'definitief' WHERE {waar}"
    uit = verwachtingen(
        marts, verklaring(maand=maand), zet("waarde = waarde * 2", "REGIO", waar=waar), beide=definitief
    )
    assert uit["beweging_bij_gelijke_dekking"][0] is door


@pytest.mark.parametrize(
    ("eigen", "regio", "door"),
    [
        # 1000 + 1000: the gemeente adds all of the 600
        (1600, 2600, True),
        # of 1100 it explains 600: 500 of 2000 is just a quarter, one more is not
        (1600, 3100, True),
        (1600, 3101, False),
        # it went down, so the others went up by 45 percent; an explanation never makes it worse than without
        (600, 2500, True),
        (600, 2501, False),
    ],
)
def test_a_gemeente_explains_what_it_moved_and_no_more(marts: Proefmarts, eigen: int, regio: int, door: bool) -> None:
    """Cost of March; the year is not moved."""
    bederf = [
        zet(f"waarde = {waarde}, teller = {waarde}", gebied, "kosten")
        for gebied, waarde in (("GM0141", eigen), ("GM0153", regio - eigen), ("REGIO", regio))
    ]
    uit = verwachtingen(marts, verklaring("GM0141", indicator="kosten"), *bederf)
    assert uit["beweging_bij_gelijke_dekking"][0] is door


@pytest.mark.parametrize(("ander", "door"), [(150, True), (151, False)])
def test_of_a_share_numerator_and_denominator_are_taken_out(marts: Proefmarts, ander: int, door: bool) -> None:
    """200 / 2000; Almelo goes from 100 to 400 and explains that; without it 200 becomes 100 + the other one's."""
    bederf = [
        zet(f"teller = {teller}, waarde = {teller} / noemer", gebied)
        for gebied, teller in (("GM0141", 400), ("GM0153", ander), ("REGIO", 400 + ander))
    ]
    uit = verwachtingen(marts, verklaring("GM0141"), *bederf)
    assert uit["beweging_bij_gelijke_dekking"][0] is door


@pytest.mark.parametrize(
    ("rij", "gewaarschuwd"),
    [
        ("REGIO,,2024-10,groei_in_een_jaar,kosten,,,,nieuwe taak,beheer,2025-07-01", False),
        ("REGIO,,2024-10,groei_in_een_jaar,stand,,,,nieuwe taak,beheer,2025-07-01", True),
        ("GM0141,,2024-10,groei_in_een_jaar,kosten,,,,nieuwe taak,beheer,2025-07-01", True),
        # the figure spans April 2023 to March 2025
        ("REGIO,,2023-04,groei_in_een_jaar,,,,,nieuwe taak,beheer,2025-07-01", False),
        ("REGIO,,2023-03,groei_in_een_jaar,,,,,nieuwe taak,beheer,2025-07-01", True),
        ("REGIO,,2024-10,groei_in_een_jaar,,,,,nieuwe taak,beheer,2025-07-21", True),
    ],
)
def test_growth_that_was_explained_is_not_warned_about_again(marts: Proefmarts, rij: str, gewaarschuwd: bool) -> None:
    toen = "periode_soort = '12m' AND periode = '2024-03-01'"
    minder = zet("waarde = waarde * 0.6, teller = teller * 0.6", "REGIO", "kosten", toen)
    gm = [zet("waarde = waarde * 0.6, teller = teller * 0.6", g, "kosten", toen) for g in ("GM0141", "GM0153")]
    uit = verwachtingen(marts, rij, minder, *gm)
    assert uit["groei_in_een_jaar"][0] is not gewaarschuwd
