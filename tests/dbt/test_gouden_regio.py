"""The golden region: three gemeenten, four months of 2026 and the history they need, every figure worked out by hand.

Lives here: a few youths whose lives fit in a comment, and beside each expected figure how it comes about. Add here: a
figure of another indicator, with its sum. Keep out: boundaries of single rules (unit tests beside the models).
The sums follow from the definitions (seeds/ref_indicatoren.csv) and the lives, not from what a build gave.
"""

from __future__ import annotations

import csv
import datetime as dt
from typing import Any

import pytest

from pipeline.settings import PROJECT
from pipeline.warehouse.bouwen import Plek, omgeving, voer_uit
from tests.dbt.maak_raw import levering, maak_raw, zonder_voorbehoud
from tests.dbt.test_dbt_project import DAG, VARS, Bouw
from tests.in_dit_proces import in_dit_proces, manifest_voor
from tests.kleine_regio import maak_seeds

A, B, C = "GM0141", "GM0147", "GM0183"
P1, P2, P3 = "94000001", "94000002", "94000003"
MAANDEN = [*(dt.date(j, m, 1) for j in (2024, 2025) for m in range(1, 13)), *(dt.date(2026, m, 1) for m in range(1, 5))]
ALTERNATIEF, GEZINSHUIS, BEHANDELHUIS, AMBULANT = "45A60", "44A21", "43A01", "45A04"
JEUGDZORGPLUS, PLEEGZORG, CRISIS, OTS, RECLASSERING = "43A10", "44A09", "46A02", "48A01", "47A01"
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
# j5: supervision order, by the court, in A from 1 October 2025; moves to B on 1 January 2026, to 28 February. B issued
#   it on Monday 12 January; asked on Friday 2 January, that is the sixth working day (5, 6, 7, 8, 9, 12).
# j6 (A): 18 on 1 January 2026. Probation 1 March - 15 April 2025, 30 days without (15 of April, 15 of May), 16 May -
#   30 June, 31 days without (July), 1 August 2025 - 15 January 2026. Trajecten: 1 March - 30 June, 31 + 30 + 31 + 30 =
#   122 days, and 1 August - 15 January, 31 + 30 + 31 + 30 + 31 + 15 = 168 days.
# j7 (C): crisis help with stay on 21 May - 9 June 2025 (20 days), sent by the huisarts, issued two days later; 10 days
#   on (20 June) foster care to 15 December (11 + 31 + 31 + 30 + 31 + 30 + 15 = 179 days), issued on Monday 30 June, ten
#   days later, asked on Monday 23 June: the fifth working day (24, 25, 26, 27, 30). Ambulant help beside it from
#   9 July, the 30th day after the crisis help (21 of June, 9 of July), to November. One traject in all: 20 + 10
#   + 179 = 209 days. In March 2019, long before anything is published, j7 had ambulant help too: that of July is not
#   the first.
# j8 (C): ambulant help in the autumn of 2025 that was deleted: it never was.
# j9 (B): closed stay from 1 November 2024 to 31 May 2025: 30 + 31 + 31 + 28 + 31 + 30 + 31 = 212 days.
ACHTTIEN = {"leeftijdsmaand": DAG("2008-01-01")}
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
    toewijzing(A, 7, "j5", OTS, "2025-10-01", "2025-12-31", verwijzer_type="08"),
    toewijzing(
        B, 2, "j5", OTS, "2026-01-01", "2026-02-28", verwijzer_type="08", toewijzingsdatum=DAG("2026-01-12"),
        datum_ontvangst_verzoek=DAG("2026-01-02"),
    ),
    toewijzing(A, 8, "j6", RECLASSERING, "2025-03-01", "2025-04-15", **ACHTTIEN),
    toewijzing(A, 9, "j6", RECLASSERING, "2025-05-16", "2025-06-30", **ACHTTIEN),
    toewijzing(A, 10, "j6", RECLASSERING, "2025-08-01", "2026-01-15", **ACHTTIEN),
    toewijzing(
        C, 2, "j7", CRISIS, "2025-05-21", "2025-06-09", verwijzer_type="02", toewijzingsdatum=DAG("2025-05-23")
    ),
    toewijzing(
        C, 3, "j7", PLEEGZORG, "2025-06-20", "2025-12-15", toewijzingsdatum=DAG("2025-06-30"),
        datum_ontvangst_verzoek=DAG("2025-06-23"),
    ),
    toewijzing(C, 4, "j7", AMBULANT, "2025-07-09", "2025-11-30"),
    toewijzing(C, 6, "j7", AMBULANT, "2019-03-01", "2019-03-31"),
    toewijzing(C, 5, "j8", AMBULANT, "2025-09-01", "2025-11-30"),
    toewijzing(
        C, 5, "j8", AMBULANT, "2025-09-01", "2025-11-30", toewijzingsdatum=DAG("2025-09-10"), reden_wijziging="13"
    ),
    toewijzing(B, 3, "j9", JEUGDZORGPLUS, "2024-11-01", "2025-05-31"),
]  # fmt: skip

# What was before 2026: j9 4000 in November 2024 and 5000 in May 2025; j3 1000 in January 2025; j7 1000.01 for the 20
#   days of crisis, claimed on 1 August (after the month that follows June: late) and 2000 in July; j6 300 for 17
#   December - 15 January, claimed on the last day that is not late. 11 of the 20 days are of May: 1000.01 x 11/20 =
#   550.0055 and x 9/20 = 450.0045; the cent left over goes to the larger remainder: 550.01 and 450.00. Half of the 300
#   is of 2026.
CRISISREGEL = {
    "productperiode_begin": DAG("2025-05-21"), "productperiode_eind": DAG("2025-06-09"),
    "declaratiedagtekening": DAG("2025-08-01"), "leveringsmaand": DAG("2025-08-01"),
}  # fmt: skip
JAARWISSEL = {
    "productperiode_begin": DAG("2025-12-17"), "productperiode_eind": DAG("2026-01-15"),
    "declaratiedagtekening": DAG("2026-02-28"), "leveringsmaand": DAG("2026-02-01"),
}  # fmt: skip
DECLARATIES = [
    regel(B, 3, "j9", JEUGDZORGPLUS, "2024-11", 400_000, 30, "14", P1),
    regel(B, 3, "j9", JEUGDZORGPLUS, "2025-05", 500_000, 31, "14", P1),
    regel(A, 5, "j3", AMBULANT, "2025-01", 100_000, 10, "04", P1),
    regel(C, 2, "j7", CRISIS, "2025-05", 100_001, 20, "14", P1, **CRISISREGEL),
    regel(C, 3, "j7", PLEEGZORG, "2025-07", 200_000, 31, "14", P1),
    regel(A, 10, "j6", RECLASSERING, "2025-12", 30_000, 1, "84", P1, **JAARWISSEL),
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


def plekken(afzender: str, locatie: str, alle: int, bezet: int, maand: str = "2026-03") -> Any:
    """Places of one location on the last day of a month; what is not taken is free."""
    begin = DAG(f"{maand}-01")
    return {
        "gemeente": afzender, "leveringsmaand": begin, "aanbieder_agb": P1, "locatie_code": locatie, "hulpvorm": "14",
        "peildatum": begin, "plekken": alle, "bezet": bezet, "vrij": max(alle - bezet, 0),
    }  # fmt: skip


# the regio gathers them; gemeente A has a house of its own, in which five live on four places
def verzoek(nummer: str, jeugdige: str, gemeente: str, van: str, tot: str | None) -> Any:
    """A request as the coordination point told of it last, in the month of its outcome."""
    return {
        "gemeente": "REGIO", "leveringsmaand": DAG(tot or "2026-04-01").replace(day=1), "verzoek_id": nummer,
        "pseudoniem": jeugdige, "woongemeente": gemeente, "verzoekdatum": DAG(van), "hulpvorm": "14", "spoed": "nee",
        "matchdatum": DAG(tot) if tot else None, "plaatsingsdatum": DAG(tot) if tot else None,
        "uitkomst": "geplaatst" if tot else "open",
    }  # fmt: skip


# j1 waited 10 days, j2 20 and j7 61; j3 waits
VERZOEKEN = [
    verzoek("1", "j1", A, "2026-02-01", "2026-02-11"), verzoek("2", "j2", B, "2026-02-02", "2026-02-22"),
    verzoek("3", "j7", C, "2025-12-31", "2026-03-02"), verzoek("4", "j3", A, "2026-03-01", None),
]  # fmt: skip

# j1 had an analysis twelve days before the stay, j6 a plan; C delivers no facts
FEITEN = [
    {"gemeente": A, "leveringsmaand": DAG("2025-12-01"), "pseudoniem": wie, "soort": soort, "datum": DAG(dag)}
    for wie, soort, dag in (("j1", "verklarende_analyse", "2025-12-20"), ("j6", "perspectiefplan", "2025-12-05"))
]
FEITENMAANDEN = [m for m in MAANDEN if m >= dt.date(2025, 12, 1)]
VERDER = {
    "verzoeken": VERZOEKEN,
    "dossierfeiten": FEITEN,
    "capaciteit": [plekken("REGIO", "x", 10, 8), plekken(A, "y", 4, 5), plekken("REGIO", "x", 10, 9, "2026-02")],
}

GEVRAAGD = ("+indicatoren", "+indicatoren_breed", "+indicatordefinities", "--indirect-selection", "cautious")


@pytest.fixture(scope="module")
def bouw(tmp_path_factory: pytest.TempPathFactory) -> Bouw:
    """The region built once; every gemeente delivers every month."""
    map_ = tmp_path_factory.mktemp("goud")
    seeds = zonder_voorbehoud(maak_seeds(map_ / "seeds", (A, B, C)))
    # so few lives: a target on fewer than ten youths would not be judged
    instellingen = seeds / "ref_instellingen.csv"
    tekst = instellingen.read_text(encoding="utf-8")
    instellingen.write_text(tekst.replace("doel_minimum_jeugdigen,10,", "doel_minimum_jeugdigen,1,"), encoding="utf-8")
    with (seeds / "ref_aanbieders.csv").open("a", encoding="utf-8", newline="") as f:
        csv.writer(f, lineterminator="\n").writerows([*r, "hand"] for r in LIJST)
    warehouse = map_ / "warehouse.duckdb"
    maak_raw(
        warehouse,
        toewijzingen=TOEWIJZINGEN,
        declaraties=DECLARATIES,
        leveringen=[levering(g, b, m) for m in MAANDEN for g in (A, B, C) for b in ("toewijzingen", "declaraties")]
        + [levering(g, "dossierfeiten", m) for m in FEITENMAANDEN for g in (A, B)],
        verder=VERDER,
    )
    plek = Plek(PROJECT / "dbt_project", seeds, warehouse, map_)
    with in_dit_proces(), omgeving(plek.env):
        knopen = voer_uit(plek, manifest_voor(plek), VARS, GEVRAAGD)
    assert [k for k in knopen if not k.is_goed] == []
    return Bouw({k.unique_id: k.status for k in knopen}, warehouse, seeds)


JAAR, JAAR_2025, JAAR_2024 = ("jaar", "2026-01-01"), ("jaar", "2025-01-01"), ("jaar", "2024-01-01")


def maand(welke: str) -> tuple[str, str]:
    """The key of one month, given as YYYY-MM."""
    return "maand", f"{welke}-01"


def jaar_tot(welke: str) -> tuple[str, str]:
    """The key of the twelve months that end with the month given."""
    return "12m", f"{welke}-01"


Cijfer = tuple[str, tuple[str, str], str, str, tuple[float | None, ...]]

# (teller, noemer, waarde, n_jeugdigen). Counting youths and trajecten; cost; keeping to terms and days
CIJFERS: list[Cijfer] = [
    # --- further extracts ------------------------------------------------------------------------------------------
    # x has 10 places, 8 taken; y 4, all taken, and a fifth youth on none: 12 of 14, thirteen youths
    # j1 (A, 1 January) had an analysis, j2 (B, 1 March) had none; of j7's in C nobody told
    ("aandeel_uithuisplaatsing_met_verklarende_analyse", JAAR, "REGIO", "totaal", (1, 2, 0.5, 1)),
    ("aandeel_uithuisplaatsing_met_verklarende_analyse", JAAR, A, "totaal", (1, 1, 1, 1)),
    ("aandeel_uithuisplaatsing_met_verklarende_analyse", jaar_tot("2026-04"), "REGIO", "totaal", (1, 2, 0.5, 1)),
    # j6 is 17 on the first of December: has a plan; j1-j5 and j7 are younger
    ("aandeel_16plus_met_perspectiefplan", maand("2025-12"), "REGIO", "totaal", (1, 1, 1, 1)),
    ("aandeel_16plus_met_perspectiefplan", maand("2025-12"), A, "totaal", (1, 1, 1, 1)),
    # 10 and 20 days; over the year 61 as well; j1 alone
    ("dagen_tot_plaatsing", maand("2026-02"), "REGIO", "totaal", (None, 2, 15, 2)),
    ("dagen_tot_plaatsing", JAAR, "REGIO", "totaal", (None, 3, 20, 3)),
    ("dagen_tot_plaatsing", jaar_tot("2026-04"), A, "totaal", (None, 1, 10, 1)),
    ("bezettingsgraad", maand("2026-03"), "REGIO", "totaal", (12, 14, 12 / 14, 13)),
    ("bezettingsgraad", maand("2026-03"), A, "totaal", (4, 4, 1, 5)),
    ("bezettingsgraad", maand("2026-02"), "REGIO", "totaal", (9, 10, 0.9, 9)),
    # --- use -------------------------------------------------------------------------------------------------------
    # all but j7 (to December), j8 (never) and j9 (to May 2025): j1-j6
    ("jeugdigen_in_zorg", JAAR, "REGIO", "totaal", (6, None, 6, 6)),
    # j1, j3, j6; j5 left on 31 December
    ("jeugdigen_in_zorg", JAAR, A, "totaal", (3, None, 3, 3)),
    # j2 and j5
    ("jeugdigen_in_zorg", JAAR, B, "totaal", (2, None, 2, 2)),
    # j1, j3, j5, j6, j7, j9
    ("jeugdigen_in_zorg", JAAR_2025, "REGIO", "totaal", (6, None, 6, 6)),
    # May 2025 - April 2026: j1-j7 and j9, whose last day was 31 May
    ("jeugdigen_in_zorg", jaar_tot("2026-04"), "REGIO", "totaal", (8, None, 8, 8)),
    # April 2025 - March 2026 has j4 and j9 too
    ("jeugdigen_in_zorg", jaar_tot("2026-03"), C, "totaal", (2, None, 2, 2)),
    # j1, j5 and j6 (to the 15th)
    ("jeugdigen_in_zorg", maand("2026-01"), "REGIO", "totaal", (3, None, 3, 3)),
    # j1
    ("jeugdigen_in_zorg", maand("2026-01"), "REGIO", "wonen", (1, None, 1, 1)),
    # j7; j8 was deleted
    ("jeugdigen_in_zorg", maand("2025-09"), C, "totaal", (1, None, 1, 1)),
    # j1 (15-24 January), j3, j4
    ("jeugdigen_ambulant", JAAR, "REGIO", "ambulant", (3, None, 3, 3)),
    ("jeugdigen_ambulant", JAAR, A, "ambulant", (2, None, 2, 2)),
    # with j7
    ("jeugdigen_ambulant", jaar_tot("2026-04"), "REGIO", "ambulant", (4, None, 4, 4)),
    # j3 and j4
    ("jeugdigen_ambulant", maand("2026-03"), "REGIO", "ambulant", (2, None, 2, 2)),
    # j7; j8 was deleted
    ("jeugdigen_ambulant", maand("2025-09"), C, "ambulant", (1, None, 1, 1)),
    # j1 (family home) and j2 (treatment)
    ("jeugdigen_met_verblijf", JAAR, "REGIO", "totaal", (2, None, 2, 2)),
    ("jeugdigen_met_verblijf", JAAR, "REGIO", "verblijf", (1, None, 1, 1)),
    ("jeugdigen_met_verblijf", JAAR, A, "wonen", (1, None, 1, 1)),
    # j9 and j7, whose crisis help of 21 May is with stay too
    ("jeugdigen_met_verblijf", maand("2025-05"), "REGIO", "totaal", (2, None, 2, 2)),
    ("jeugdigen_met_verblijf", maand("2025-05"), C, "totaal", (1, None, 1, 1)),
    ("jeugdigen_met_verblijf", maand("2025-05"), C, "wonen", (0, None, 0, 0)),
    # j1, j2, j7 and j9
    ("jeugdigen_met_verblijf", jaar_tot("2026-04"), "REGIO", "totaal", (4, None, 4, 4)),
    # j1 of j1 and j2; in A j1 alone
    ("aandeel_gezinsgericht_smal", JAAR, "REGIO", "totaal", (1, 2, 0.5, 1)),
    ("aandeel_gezinsgericht_smal", JAAR, A, "totaal", (1, 1, 1, 1)),
    # j1 of j1, j2, j7 and j9
    ("aandeel_gezinsgericht_smal", jaar_tot("2026-04"), "REGIO", "totaal", (1, 4, 0.25, 1)),
    # j7 (foster care) and j9 were in no family home; foster care is in the broad variant
    ("aandeel_gezinsgericht_smal", JAAR_2025, "REGIO", "totaal", (0, 2, 0, 0)),
    ("aandeel_gezinsgericht_breed", JAAR_2025, "REGIO", "totaal", (1, 2, 0.5, 1)),
    ("aandeel_gezinsgericht_breed", JAAR_2025, B, "totaal", (0, 1, 0, 0)),
    # j1 and j7 of j1, j2, j7 and j9
    ("aandeel_gezinsgericht_breed", jaar_tot("2026-04"), "REGIO", "totaal", (2, 4, 0.5, 2)),
    # j6 of j1-j6, of j1, j3 and j6 in A; a youth of 18 counts
    ("jeugdigen_jeugdreclassering", JAAR, "REGIO", "jr", (1, 6, 1 / 6, 1)),
    ("jeugdigen_jeugdreclassering", JAAR, A, "jr", (1, 3, 1 / 3, 1)),
    ("jeugdigen_jeugdreclassering", JAAR, B, "jr", (0, 2, 0, 0)),
    ("jeugdigen_jeugdreclassering", jaar_tot("2026-04"), "REGIO", "jr", (1, 8, 1 / 8, 1)),
    # j6 is 18 on the first day of 2026, and was not on those of 2025 and of May 2025
    ("aandeel_verlengde_jeugdhulp", JAAR, "REGIO", "totaal", (1, 6, 1 / 6, 1)),
    ("aandeel_verlengde_jeugdhulp", JAAR, A, "totaal", (1, 3, 1 / 3, 1)),
    ("aandeel_verlengde_jeugdhulp", JAAR, "REGIO", "jr", (1, 1, 1, 1)),
    ("aandeel_verlengde_jeugdhulp", JAAR_2025, "REGIO", "totaal", (0, 6, 0, 0)),
    ("aandeel_verlengde_jeugdhulp", jaar_tot("2026-04"), "REGIO", "totaal", (0, 8, 0, 0)),
    # j7 is in foster care and ambulant help on 30 September, beside j6
    ("aandeel_stapeling", maand("2025-09"), "REGIO", "totaal", (1, 2, 0.5, 1)),
    ("aandeel_stapeling", maand("2025-09"), C, "totaal", (1, 1, 1, 1)),
    # 30 November is the last day of that help; j5 and j6 are there
    ("aandeel_stapeling", maand("2025-11"), "REGIO", "totaal", (1, 3, 1 / 3, 1)),
    # the ambulant help beside the stay of j1 ended on the 24th; j5
    ("aandeel_stapeling", maand("2026-01"), "REGIO", "totaal", (0, 2, 0, 0)),
    # j9, in closed stay over the turn of the year
    ("jeugdigen_jeugdzorgplus", JAAR_2024, "REGIO", "totaal", (1, None, 1, 1)),
    ("jeugdigen_jeugdzorgplus", JAAR_2025, B, "totaal", (1, None, 1, 1)),
    ("jeugdigen_jeugdzorgplus", JAAR_2025, A, "totaal", (0, None, 0, 0)),
    # May 2025 is in it; from June on it is over
    ("jeugdigen_jeugdzorgplus", jaar_tot("2026-04"), "REGIO", "totaal", (1, None, 1, 1)),
    ("jeugdigen_jeugdzorgplus", JAAR, "REGIO", "totaal", (0, None, 0, 0)),
    # --- flows -----------------------------------------------------------------------------------------------------
    # 31 January: j1 (A) and j5 (B); j6 left on the 15th
    ("stand", maand("2026-01"), "REGIO", "totaal", (2, None, 2, 2)),
    ("stand", maand("2026-01"), A, "totaal", (1, None, 1, 1)),
    ("stand", maand("2026-01"), B, "jb", (1, None, 1, 1)),
    # 30 April 2025 is in the gap of j6: no valid allocation; j9
    ("stand", maand("2025-04"), "REGIO", "totaal", (1, None, 1, 1)),
    # 30 April: j2 and j4, the last day counts
    ("stand", maand("2026-04"), "REGIO", "totaal", (2, None, 2, 2)),
    # j1, j2, j3, j4
    ("instroom", JAAR, "REGIO", "totaal", (4, None, 4, 4)),
    # j2, and j5 who moved in
    ("instroom", JAAR, B, "totaal", (2, None, 2, 2)),
    ("instroom", maand("2026-01"), B, "totaal", (1, None, 1, 1)),
    # j1; the move of j5 is no event in the region
    ("instroom", maand("2026-01"), "REGIO", "totaal", (1, None, 1, 1)),
    # j3 and j4; j1 was in the family home when the ambulant help began
    ("instroom", JAAR, "REGIO", "ambulant", (2, None, 2, 2)),
    # j1 in June, j3, j5, j7 and j6 twice: 31 days without is a new traject; 30 days is not (May: j7 alone)
    ("instroom", JAAR_2025, "REGIO", "totaal", (6, None, 6, 5)),
    ("instroom", maand("2025-05"), "REGIO", "totaal", (1, None, 1, 1)),
    # May 2025 - April 2026: j7 in May, j1 in June and January, j6 in August, j5 in October, j3, j4, j2
    ("instroom", jaar_tot("2026-04"), "REGIO", "totaal", (8, None, 8, 7)),
    # j6 on 16 January, j5 on 1 March, j1 and j3 on 1 April; j4 leaves in May
    ("uitstroom", JAAR, "REGIO", "totaal", (4, None, 4, 4)),
    ("uitstroom", maand("2026-04"), "REGIO", "totaal", (2, None, 2, 2)),
    # A: j6, and j5 on 1 January; in the region only j6
    ("uitstroom", maand("2026-01"), A, "totaal", (2, None, 2, 2)),
    ("uitstroom", maand("2026-01"), "REGIO", "totaal", (1, None, 1, 1)),
    # j5 on 1 March
    ("uitstroom", JAAR, B, "totaal", (1, None, 1, 1)),
    # j3; of j1 the stay runs on
    ("uitstroom", JAAR, "REGIO", "ambulant", (1, None, 1, 1)),
    # of j7 the foster care began 10 days after the crisis help; it left on 16 December, the ambulant help long over
    ("uitstroom", JAAR_2025, "REGIO", "crisis", (0, None, 0, 0)),
    ("uitstroom", jaar_tot("2025-12"), "REGIO", "wonen", (1, None, 1, 1)),
    # j1 to the ambulant help beside the stay
    ("doorstroom", JAAR, "REGIO", "ambulant", (1, None, 1, 1)),
    ("doorstroom", maand("2026-01"), A, "ambulant", (1, None, 1, 1)),
    ("doorstroom", JAAR, "REGIO", "wonen", (0, None, 0, 0)),
    # j7 from crisis help to foster care
    ("doorstroom", JAAR_2025, C, "wonen", (1, None, 1, 1)),
    # j7 in July, j1 in January
    ("doorstroom", jaar_tot("2026-04"), "REGIO", "ambulant", (2, None, 2, 2)),
    # j7 on 21 May 2025
    ("crisis_instroom", JAAR_2025, "REGIO", "crisis", (1, None, 1, 1)),
    ("crisis_instroom", maand("2025-05"), C, "crisis", (1, None, 1, 1)),
    ("crisis_instroom", maand("2025-05"), A, "crisis", (0, None, 0, 0)),
    ("crisis_instroom", jaar_tot("2026-04"), "REGIO", "crisis", (1, None, 1, 1)),
    # j7 of j1, j3, j5, j6, j6 and j7
    ("aandeel_start_crisis", JAAR_2025, "REGIO", "totaal", (1, 6, 1 / 6, 1)),
    ("aandeel_start_crisis", JAAR_2025, C, "totaal", (1, 1, 1, 1)),
    # j1, j3 and j7, who began it on the 30th day after the crisis help
    ("aandeel_start_crisis", JAAR_2025, "REGIO", "ambulant", (1, 3, 1 / 3, 1)),
    # j1 in June and January, j7, j3, j4
    ("aandeel_start_crisis", jaar_tot("2026-04"), "REGIO", "ambulant", (1, 5, 0.2, 1)),
    # j7 of the eight of instroom above
    ("aandeel_start_crisis", jaar_tot("2026-04"), "REGIO", "totaal", (1, 8, 1 / 8, 1)),
    # j1 on 1 January and j2 on 1 March
    ("uithuisplaatsingen", JAAR, "REGIO", "totaal", (2, None, 2, 2)),
    ("uithuisplaatsingen", maand("2026-03"), B, "totaal", (1, None, 1, 1)),
    ("uithuisplaatsingen", maand("2026-03"), A, "totaal", (0, None, 0, 0)),
    # j7 by the crisis help; the foster care is the same stay, 10 days on
    ("uithuisplaatsingen", JAAR_2025, "REGIO", "totaal", (1, None, 1, 1)),
    ("uithuisplaatsingen", maand("2025-06"), C, "totaal", (0, None, 0, 0)),
    # j7, j1, j2
    ("uithuisplaatsingen", jaar_tot("2026-04"), "REGIO", "totaal", (3, None, 3, 3)),
    # --- duration --------------------------------------------------------------------------------------------------
    # ended in 2026: j1 90 (1 January - 31 March), j3 28 + 31 = 59, j5 31 + 30 + 31 + 31 + 28 = 151, j6 168: 468
    ("trajectduur_gemiddeld", JAAR, "REGIO", "totaal", (468, 4, 117, 4)),
    # (90 + 151) / 2
    ("trajectduur_mediaan", JAAR, "REGIO", "totaal", (None, 4, 120.5, 4)),
    # A: j1 90, j3 59, j6 168 and j5 31 + 30 + 31 = 92, ended on 31 December, so in 2026: 409; (90 + 92) / 2
    ("trajectduur_gemiddeld", JAAR, A, "totaal", (409, 4, 102.25, 4)),
    ("trajectduur_mediaan", JAAR, A, "totaal", (None, 4, 91, 4)),
    # j5 31 + 28
    ("trajectduur_gemiddeld", JAAR, B, "totaal", (59, 1, 59, 1)),
    # j1 10 (15-24 January), j3 59
    ("trajectduur_gemiddeld", JAAR, "REGIO", "ambulant", (69, 2, 34.5, 2)),
    ("trajectduur_mediaan", JAAR, "REGIO", "ambulant", (None, 2, 34.5, 2)),
    # February 2025 - January 2026: j3 31 (ended on 31 January, so in February), j9 212, j6 122, j1 30 + 5 = 35, j7 209,
    # j6 168: 777 of five youths; the middle two of 31, 35, 122, 168, 209, 212 are 122 and 168
    ("trajectduur_gemiddeld", jaar_tot("2026-01"), "REGIO", "totaal", (777, 6, 129.5, 5)),
    ("trajectduur_mediaan", jaar_tot("2026-01"), "REGIO", "totaal", (None, 6, 145, 5)),
    # j7 in foster care
    ("trajectduur_mediaan", JAAR_2025, C, "wonen", (None, 1, 179, 1)),
    # on 31 March, not counting that day: j1 31 + 28 + 30 = 89, j2 30, j3 28 + 30 = 58, j4 58: 235
    ("looptijd_lopend", maand("2026-03"), "REGIO", "totaal", (235, 4, 58.75, 4)),
    ("looptijd_lopend", maand("2026-03"), A, "totaal", (147, 2, 73.5, 2)),
    ("looptijd_lopend", maand("2026-03"), "REGIO", "verblijf", (30, 1, 30, 1)),
    # on 31 January: j1 30, j5 31 + 30 + 31 + 30 = 122; at B from 1 January: 30
    ("looptijd_lopend", maand("2026-01"), "REGIO", "totaal", (152, 2, 76, 2)),
    ("looptijd_lopend", maand("2026-01"), B, "totaal", (30, 1, 30, 1)),
    # on 30 April 2025: j6 31 + 29 = 60, in the gap of 30 days; j9 30 + 31 + 31 + 28 + 31 + 29 = 180
    ("looptijd_lopend", maand("2025-04"), "REGIO", "totaal", (240, 2, 120, 2)),
    # --- who referred ----------------------------------------------------------------------------------------------
    # begun in 2025: j1, j3, j6 and j6 by the gemeente, j5 by the court, j7 by the huisarts
    ("aandeel_verwijzer", JAAR_2025, "REGIO", "totaal:gemeente_en_gi", (4, 6, 4 / 6, 3)),
    ("aandeel_verwijzer", JAAR_2025, "REGIO", "totaal:rechter", (1, 6, 1 / 6, 1)),
    ("aandeel_verwijzer", JAAR_2025, "REGIO", "totaal:onbekend", (0, 6, 0, 0)),
    ("aandeel_verwijzer", JAAR_2025, C, "totaal:huisarts", (1, 1, 1, 1)),
    # the ambulant help of j7 was allocated by the gemeente, as those of j1 and j3
    ("aandeel_verwijzer", JAAR_2025, "REGIO", "ambulant:gemeente_en_gi", (3, 3, 1, 3)),
    # j2 and, new there, j5
    ("aandeel_verwijzer", JAAR, B, "totaal:rechter", (1, 2, 0.5, 1)),
    # j7, of the eight of instroom above
    ("aandeel_verwijzer", jaar_tot("2026-04"), "REGIO", "totaal:huisarts", (1, 8, 1 / 8, 1)),
    # --- cost ------------------------------------------------------------------------------------------------------
    # 3100 + 1000 (j1) + 5900 (j2) + 700 + 300 - 300 (j3) + 500 (j4) + 150 (j6)
    ("kosten", JAAR, "REGIO", "totaal", (11_350, None, 11_350, 5)),
    # 4100 + 700 + 150
    ("kosten", JAAR, A, "totaal", (4_950, None, 4_950, 3)),
    # 5000 (j9) + 1000.01 + 2000 (j7) + 150 (j6) + 1000 (j3)
    ("kosten", JAAR_2025, "REGIO", "totaal", (9_150.01, None, 9_150.01, 4)),
    # the line over the turn of the year: 15 of its 30 days
    ("kosten", maand("2025-12"), A, "jr", (150, None, 150, 1)),
    ("kosten", maand("2026-01"), "REGIO", "jr", (150, None, 150, 1)),
    # the line over two months, the cent to May
    ("kosten", maand("2025-05"), C, "crisis", (550.01, None, 550.01, 1)),
    ("kosten", maand("2025-06"), C, "crisis", (450, None, 450, 1)),
    # with the 5000 of j9
    ("kosten", maand("2025-05"), "REGIO", "totaal", (5_550.01, None, 5_550.01, 2)),
    # 1000 (j1) + 700 (j3) + 500 (j4)
    ("kosten", maand("2026-02"), "REGIO", "totaal", (2_200, None, 2_200, 3)),
    # j3: 300 and its credit
    ("kosten", maand("2026-03"), A, "ambulant", (0, None, 0, 1)),
    # February 2025 - January 2026: 9150.01 - 1000 + 3100 + 150, of j9, j7, j6, j1
    ("kosten", jaar_tot("2026-01"), "REGIO", "totaal", (11_400.01, None, 11_400.01, 4)),
    # 2024: the 4000 of j9; 9150.01 - 4000
    ("kostengroei", JAAR_2025, "REGIO", "totaal", (5_150.01, 4_000, 5_150.01 / 4_000, 4)),
    ("kostengroei", JAAR_2025, B, "totaal", (1_000, 4_000, 0.25, 1)),
    ("kostengroei", JAAR_2025, "REGIO", "verblijf", (1_000, 4_000, 0.25, 1)),
    # nothing before: no growth
    ("kostengroei", JAAR_2025, C, "totaal", (3_000.01, 0, None, 1)),
    # 11400.01 against February 2024 - January 2025: 4000 + 1000
    ("kostengroei", jaar_tot("2026-01"), "REGIO", "totaal", (6_400.01, 5_000, 6_400.01 / 5_000, 4)),
    ("kostengroei", jaar_tot("2026-01"), "REGIO", "ambulant", (-1_000, 1_000, -1, 0)),
    # February is two months before the last levering: claims are still to come
    ("kostengroei", jaar_tot("2026-02"), "REGIO", "totaal", (None, None, None, None)),
    # --- keeping to terms ------------------------------------------------------------------------------------------
    # j5, the sixth working day; of the allocations of j1 in January nothing is known
    ("aandeel_te_laat", maand("2026-01"), "REGIO", "totaal", (1, 1, 1, 1)),
    ("aandeel_te_laat", maand("2026-01"), B, "jb", (1, 1, 1, 1)),
    # j2 and j3, started after they were issued
    ("aandeel_te_laat", maand("2026-02"), "REGIO", "totaal", (0, 2, 0, 0)),
    # with j7, the fifth working day
    ("aandeel_te_laat", jaar_tot("2026-04"), "REGIO", "totaal", (1, 4, 0.25, 1)),
    ("aandeel_te_laat", jaar_tot("2026-04"), "REGIO", "wonen", (0, 1, 0, 0)),
    # issued in June 2025: the alternative of j1, and the foster care of j7 ten days after it began
    ("aandeel_terugwerkend", maand("2025-06"), "REGIO", "totaal", (1, 2, 0.5, 1)),
    ("aandeel_terugwerkend", maand("2025-06"), C, "wonen", (1, 1, 1, 1)),
    # May: crisis help is expected to be retroactive; the second of j6
    ("aandeel_terugwerkend", maand("2025-05"), "REGIO", "totaal", (0, 2, 0, 0)),
    # January: so is a supervision order; two of j1, j5
    ("aandeel_terugwerkend", maand("2026-01"), "REGIO", "totaal", (0, 3, 0, 0)),
    # May 2025 - April 2026: four of j1 (June, January), j2, j3, j4, two of j5, two of j6 (May, August), three of j7
    ("aandeel_terugwerkend", jaar_tot("2026-04"), "REGIO", "totaal", (1, 14, 1 / 14, 1)),
    # the crisis line of j7, of June, on 1 August
    ("aandeel_declaraties_te_laat", maand("2025-08"), C, "crisis", (1, 1, 1, 1)),
    # the foster care of July on its last day
    ("aandeel_declaraties_te_laat", maand("2025-07"), "REGIO", "totaal", (0, 1, 0, 0)),
    # February: j1 and j3, and the line of j6 to 15 January on 28 February, just in time
    ("aandeel_declaraties_te_laat", maand("2026-02"), A, "totaal", (0, 3, 0, 0)),
    # the debit lines from May 2025 on: j9, two of j7, j6, two of j1, j2, two of j3, j4
    ("aandeel_declaraties_te_laat", jaar_tot("2026-04"), "REGIO", "totaal", (1, 10, 0.1, 1)),
    # --- what was saved --------------------------------------------------------------------------------------------
    # No line of these segments came in after its month, so nothing is added to what is in. Base, January - April 2025:
    # the 1000 of j3 in ambulant help, indexed with 3.8 percent. 1038 - (700 + 500); A: 1038 - 700
    ("besparing_gerealiseerd", JAAR, "REGIO", "ambulant", (-162, None, -162, 2)),
    ("besparing_gerealiseerd", JAAR, A, "ambulant", (338, None, 338, 1)),
    # nothing in the base year: no base to save on, so no verdict and no saving; nor of all together
    ("besparing_gerealiseerd", JAAR, "REGIO", "wonen", (None, None, None, 1)),
    ("besparing_gerealiseerd", JAAR, "REGIO", "verblijf", (None, None, None, 1)),
    ("besparing_gerealiseerd", JAAR, "REGIO", "totaal", (None, None, None, 4)),
    # --- the agenda ------------------------------------------------------------------------------------------------
    # begun in 2026: j1 (after July 2025), j2 (never before), j3 (after January 2025), j4 (never before)
    ("aandeel_herhaald_beroep", JAAR, "REGIO", "totaal", (2, 4, 0.5, 2)),
    # j2, and j5 who was in care elsewhere; in the region the traject of j5 did not begin in 2026
    ("aandeel_herhaald_beroep", JAAR, B, "totaal", (0, 2, 0, 0)),
    # January 2025 - December 2025: j6, the second time after 31 days, of j1, j3, j5, j6, j6 and j7
    ("aandeel_herhaald_beroep", jaar_tot("2025-12"), "REGIO", "totaal", (1, 6, 1 / 6, 1)),
    # ambulant: j1 (alternative before), j3 and j4
    ("aandeel_herhaald_beroep", JAAR, "REGIO", "ambulant", (2, 3, 2 / 3, 2)),
    # j1 and j2 were placed; 1 January minus 180 days is 5 July
    ("aandeel_uithuisplaatsing_met_ambulant_alternatief", JAAR, "REGIO", "totaal", (1, 2, 0.5, 1)),
    ("aandeel_uithuisplaatsing_met_ambulant_alternatief", JAAR, B, "totaal", (0, 1, 0, 0)),
    # with j7, who had none
    ("aandeel_uithuisplaatsing_met_ambulant_alternatief", jaar_tot("2026-04"), "REGIO", "totaal", (1, 3, 1 / 3, 1)),
    # j1 on 11 February
    ("doorplaatsingen", maand("2026-02"), "REGIO", "totaal", (1, None, 1, 1)),
    ("doorplaatsingen", JAAR, B, "totaal", (0, None, 0, 0)),
    # with j7, from crisis help to foster care on 20 June, within one stay
    ("doorplaatsingen", jaar_tot("2026-04"), "REGIO", "totaal", (2, None, 2, 2)),
    # j1 31 + 28 + 31 = 90 days, j2 31 + 30 = 61: 151; beside ambulant help 15-24 January: 10
    ("aandeel_verblijf_met_parallel_ambulant", JAAR, "REGIO", "totaal", (10, 151, 10 / 151, 1)),
    ("aandeel_verblijf_met_parallel_ambulant", JAAR, A, "totaal", (10, 90, 10 / 90, 1)),
    # 2025: j7 20 + 179 and j9 31 + 28 + 31 + 30 + 31 = 151: 350; j7 from 9 July on 23 + 31 + 91
    ("aandeel_verblijf_met_parallel_ambulant", jaar_tot("2025-12"), "REGIO", "totaal", (145, 350, 145 / 350, 1)),
    # j1 after 24 January: 7 + 28 + 31 = 66; the treatment of j2 goes on
    ("aandeel_verblijf_na_behandeling", JAAR, "REGIO", "totaal", (66, 151, 66 / 151, 1)),
    ("aandeel_verblijf_na_behandeling", JAAR, A, "totaal", (66, 90, 66 / 90, 1)),
    # j7 on 1-15 December; closed stay is with treatment to its end
    ("aandeel_verblijf_na_behandeling", jaar_tot("2025-12"), "REGIO", "totaal", (15, 350, 15 / 350, 1)),
    # 3100 + 1000 (j1) + 5900 (j2) + 700 + 300 - 300 (j3) + 150 (j6) = 10850 of four; j4 has a personal budget
    ("kosten_per_jeugdige", JAAR, "REGIO", "totaal", (10_850, 4, 10_850 / 4, 4)),
    ("kosten_per_jeugdige", JAAR, C, "totaal", (0, 0, None, 0)),
    # j1
    ("kosten_per_jeugdige", JAAR, "REGIO", "wonen", (4_100, 1, 4_100, 1)),
    # February 2025 - January 2026, 11400.01 of j9, j7, j6 and j1
    ("kosten_per_jeugdige", jaar_tot("2026-01"), "REGIO", "totaal", (11_400.01, 4, 11_400.01 / 4, 4)),
    # with the 500 of j4; 1 percent of five youths is one
    ("aandeel_duurste_1pct", JAAR, "REGIO", "totaal", (5_900, 11_350, 5_900 / 11_350, 1)),
    ("aandeel_duurste_1pct", JAAR, A, "totaal", (4_100, 4_950, 4_100 / 4_950, 1)),
    # j9, of the 11400.01
    ("aandeel_duurste_1pct", jaar_tot("2026-01"), "REGIO", "totaal", (5_000, 11_400.01, 5_000 / 11_400.01, 1)),
    # 15 percent of five is 0.75: one youth; in A three youths, j1 4100 of 4100 + 700 + 150 = 4950
    ("aandeel_duurste_15pct", JAAR, "REGIO", "totaal", (5_900, 11_350, 5_900 / 11_350, 1)),
    ("aandeel_duurste_15pct", JAAR, A, "totaal", (4_100, 4_950, 4_100 / 4_950, 1)),
    ("aandeel_duurste_15pct", jaar_tot("2026-01"), "REGIO", "totaal", (5_000, 11_400.01, 5_000 / 11_400.01, 1)),
    # three providers are the ten largest
    ("marktaandeel_top10", JAAR, "REGIO", "totaal", (11_350, 11_350, 1, 5)),
    ("marktaandeel_top10", JAAR, A, "ambulant", (700, 700, 1, 1)),
    ("marktaandeel_top10", jaar_tot("2026-01"), "REGIO", "totaal", (11_400.01, 11_400.01, 1, 4)),
    # P2 is a partner from March on: the 5900 of j2
    ("aandeel_strategische_partners", JAAR, "REGIO", "totaal", (5_900, 11_350, 5_900 / 11_350, 1)),
    ("aandeel_strategische_partners", JAAR, B, "verblijf", (5_900, 5_900, 1, 1)),
    ("aandeel_strategische_partners", JAAR, A, "totaal", (0, 4_950, 0, 0)),
    # not yet in January
    ("aandeel_strategische_partners", jaar_tot("2026-01"), "REGIO", "totaal", (0, 11_400.01, 0, 0)),
    # P3 is not on the list
    ("aandeel_niet_gecontracteerd", JAAR, "REGIO", "totaal", (500, 11_350, 500 / 11_350, 1)),
    ("aandeel_niet_gecontracteerd", JAAR, C, "totaal", (500, 500, 1, 1)),
    # j3 700 with a contract
    ("aandeel_niet_gecontracteerd", JAAR, "REGIO", "ambulant", (500, 1_200, 500 / 1_200, 1)),
    # P1 alone, which has one
    ("aandeel_niet_gecontracteerd", jaar_tot("2026-01"), "REGIO", "totaal", (0, 11_400.01, 0, 0)),
    # (3100 + 1000) / (31 + 10) days
    ("gemiddeld_tarief", JAAR, "REGIO", "wonen:14", (4_100, 41, 100, 1)),
    # with 2000 for 31 days of foster care: 6100 / 72
    ("gemiddeld_tarief", jaar_tot("2026-04"), "REGIO", "wonen:14", (6_100, 72, 6_100 / 72, 2)),
    # (700 + 300 - 300 + 500) / (10 + 5 - 5 + 5) hours
    ("gemiddeld_tarief", JAAR, "REGIO", "ambulant:04", (1_200, 15, 80, 2)),
    # A: 700 / 10
    ("gemiddeld_tarief", JAAR, A, "ambulant:04", (700, 10, 70, 1)),
    # the crisis line goes whole to May, in which it begins
    ("gemiddeld_tarief", jaar_tot("2025-05"), C, "crisis:14", (1_000.01, 20, 1_000.01 / 20, 1)),
    # 7 days a week over 90 days at 192.74; 31 and 10 days delivered. Only j1 has a volume.
    ("verzilvering", JAAR, "REGIO", "totaal", (41 * 192.74, 90 * 192.74, 41 / 90, 1)),
    ("verzilvering", JAAR, A, "wonen", (41 * 192.74, 90 * 192.74, 41 / 90, 1)),
    # January: every day
    ("verzilvering", jaar_tot("2026-01"), "REGIO", "totaal", (31 * 192.74, 31 * 192.74, 1, 1)),
    # j2: 20 February to 5 March is 13 days, j3: 1 to 4 February is 3
    ("wachttijd_dagen", maand("2026-03"), "REGIO", "totaal", (None, 1, 13, 1)),
    ("wachttijd_dagen", jaar_tot("2026-04"), "REGIO", "totaal", (None, 2, 8, 2)),
    ("wachttijd_dagen", jaar_tot("2026-04"), A, "totaal", (None, 1, 3, 1)),
    ("wachttijd_dagen", jaar_tot("2026-04"), "REGIO", "verblijf", (None, 1, 13, 1)),
]
# teller and n_jeugdigen of what is divided by the inhabitants 0-17 of the calendar year of the period
PER_INWONER: list[tuple[str, tuple[str, str], str, str, float, int]] = [
    # j1, j3, j5, j6 (17 on 1 January 2025), j7, j9; in 2026 j6 is 18, so j1-j5
    ("aandeel_jeugdigen_in_zorg", JAAR_2025, "REGIO", "totaal", 6, 6),
    ("aandeel_jeugdigen_in_zorg", JAAR, "REGIO", "totaal", 5, 5),
    # 17 on 1 May 2025, the first day of the twelve months: all eight
    ("aandeel_jeugdigen_in_zorg", jaar_tot("2026-04"), "REGIO", "totaal", 8, 8),
    # A without j6: j1 and j3; j5 had moved
    ("aandeel_jeugdigen_in_zorg", JAAR, A, "totaal", 2, 2),
    # j5, in A to 31 December and in B from 1 January; once in the region
    ("jeugdigen_jeugdbescherming", JAAR, "REGIO", "jb", 1, 1),
    ("jeugdigen_jeugdbescherming", JAAR_2025, A, "jb", 1, 1),
    ("jeugdigen_jeugdbescherming", JAAR, A, "jb", 0, 0),
    ("jeugdigen_jeugdbescherming", JAAR, B, "jb", 1, 1),
    ("jeugdigen_jeugdbescherming", jaar_tot("2025-12"), "REGIO", "jb", 1, 1),
    # 3100 + 1000 (j1) + 5900 (j2) + 700 (j3) + 500 (j4) + 150 (j6)
    ("kosten_per_inwoner_0_17", JAAR, "REGIO", "totaal", 11_350, 5),
    # 5900 of j2
    ("kosten_per_inwoner_0_17", JAAR, B, "totaal", 5_900, 1),
    # 11400.01 of j9, j7, j6 and j1, by the inhabitants of 2026
    ("kosten_per_inwoner_0_17", jaar_tot("2026-01"), "REGIO", "totaal", 11_400.01, 4),
    # the foster care of j7
    ("kosten_per_inwoner_0_17", JAAR_2025, "REGIO", "wonen", 2_000, 1),
]


def tot_op_de_cent(verwacht: tuple[float | None, ...]) -> tuple[Any, ...]:
    """What a figure must be: the default tolerance would let a cent in ten thousand euros pass."""
    return tuple(None if w is None else pytest.approx(w, rel=1e-9) for w in verwacht)


@pytest.mark.parametrize(("indicator", "periode", "gebied", "segment", "verwacht"), CIJFERS)
def test_figures_counted_by_hand(
    bouw: Bouw, indicator: str, periode: tuple[str, str], gebied: str, segment: str, verwacht: tuple[float | None, ...]
) -> None:
    assert bouw.cijfer(indicator, *periode, gebied, segment) == tot_op_de_cent(verwacht)


@pytest.mark.parametrize(("indicator", "periode", "gebied", "segment", "teller", "n_jeugdigen"), PER_INWONER)
def test_figures_per_inhabitant(
    bouw: Bouw, indicator: str, periode: tuple[str, str], gebied: str, segment: str, teller: float, n_jeugdigen: int
) -> None:
    """The denominator is the sum of the inhabitants 0-17 in the seed, of the gemeente or of the three."""
    with (bouw.seeds / "ref_inwoners.csv").open(encoding="utf-8") as f:
        inwoners = sum(
            int(r["inwoners_0_17"])
            for r in csv.DictReader(f)
            if r["jaar"] == periode[1][:4] and gebied in (r["gemeente"], "REGIO")
        )
    verwacht = (teller, inwoners, teller / inwoners, n_jeugdigen)
    assert bouw.cijfer(indicator, *periode, gebied, segment) == tot_op_de_cent(verwacht)


def test_every_computed_indicator_has_its_figures_worked_out_here(bouw: Bouw) -> None:
    """Of every indicator one of the region, one of a gemeente and one of every kind of period that it has."""
    catalogus = bouw.rijen("select indicator_id, periodes from meta.indicatordefinities where is_berekend")
    uitgewerkt: dict[str, set[str]] = {}
    for indicator, (soort, _), gebied in [*(c[:3] for c in CIJFERS), *(c[:3] for c in PER_INWONER)]:
        uitgewerkt.setdefault(indicator, set()).update((soort, "REGIO" if gebied == "REGIO" else "gemeente"))
    assert uitgewerkt == {i: {"REGIO", "gemeente", *periodes.split("|")} for i, periodes in catalogus}


def test_every_indicator_of_the_catalogue_is_computed(bouw: Bouw) -> None:
    """With a list of providers nothing is left; the wide table has no column that is no indicator."""
    assert bouw.rijen("select indicator_id from meta.indicatordefinities where not is_berekend") == []
    breed = {r[0] for r in bouw.rijen("select column_name from (describe sturing.indicatoren_breed)")}
    lang = {r[0] for r in bouw.rijen("select distinct indicator_id from sturing.indicatoren")}
    assert lang == {r[0] for r in bouw.rijen("select indicator_id from meta.indicatordefinities")}
    sleutels = {"publicatie_id", "periode_soort", "periode", "gebied_soort", "gebied_code", "segment"}
    figuren = {k for k in breed - sleutels if not k.startswith(("dekking_", "rijping_"))}
    assert figuren <= lang
    assert len(figuren) >= 41  # all but two that are broken down: SPEC 6 forbids to drop a column


def test_measurable_share_of_waiting(bouw: Bouw) -> None:
    """Issued in February 2026: j1's second stay (no start), j2, j3 and j4 (no start): 2 of 4."""
    assert bouw.rijen(
        "select meetbaar_aandeel from sturing.indicatoren where indicator_id = 'wachttijd_dagen' "
        "and periode_soort = 'maand' and periode = '2026-02-01' and gebied_code = 'REGIO' and segment = 'totaal'"
    ) == [(0.5,)]
