"""Door 3: rules that look at the history of a gemeente and at the other gemeenten, and explanations of what they find.

Lives here: one small raw database, built once. Every rule has a case where it fires, one where it does not and one on
the boundary; on every other row and levering it must be silent. Add here: a case of a door 3 rule.
"""

from __future__ import annotations

import datetime as dt
import shutil
from typing import Any

import pytest

from pipeline.settings import PROJECT, load_settings
from pipeline.warehouse import bouw
from tests.dbt.maak_raw import levering, levering_id, maak_raw, ook_van_weinig
from tests.dbt.test_money_side import Gebouwd, Invoer
from tests.in_dit_proces import in_dit_proces

JAN, FEB, MRT = (dt.date(2025, m, 1) for m in (1, 2, 3))
DAG = dt.timedelta(days=1)
REEKS = [dt.date(2024, m, 1) for m in range(1, 9)]
OMVANG, KLEIN = "GM0141", "GM0147"
"""Gemeenten of which only the size of leveringen matters."""
EIGEN, BUUR = "GM0153", "GM0158"
"""Gemeenten of the prices and volumes; the second pays otherwise."""
DADER, BRON = "GM0163", "GM0164"
"""Gemeenten that deliver the same rows."""
STAND, QUARANTAINE = "GM0168", "GM0173"
"""Gemeenten that deliver all claims every time."""

Rij = dict[str, Any]


def _omvang(i: Invoer) -> None:
    """L16: 300 is three times 100 and 301 more; a third of the amount is allowed, a cent less is not."""
    for maand, rijen in zip(REEKS, (100, 100, 100, 100, 100, 100, 300, 301), strict=True):
        i.leveringen.append(levering(OMVANG, "toewijzingen", maand, rijen_ontvangen=rijen))
    for maand, rijen, cent in zip(
        REEKS,
        (100, 100, 100, 100, 100, 100, 100, 32),
        (10_000, 10_000, 10_000, 10_000, 10_000, 3_300, 3_299, 100),  # the last has few rows: L12 says so
        strict=True,
    ):
        i.leveringen.append(levering(OMVANG, "declaraties", maand, rijen_ontvangen=rijen, bedrag_ontvangen_cent=cent))
    # under twenty rows nothing is said; two leveringen are no custom
    for maand, rijen in zip(REEKS[:6], (5, 500, 5, 5, 19, 20), strict=True):
        i.leveringen.append(levering(KLEIN, "toewijzingen", maand, rijen_ontvangen=rijen))


def _regels(i: Invoer, naam: str, aantal: int, **anders: Any) -> None:
    """Ordinary lines on one allocation, with `naam` and a number."""
    nummer = i.toewijzing(f"bij {naam}", gemeente=anders["gemeente"])
    for k in range(aantal):
        i.regel(f"{naam} {k}", nummer, **anders)


def _prijzen(i: Invoer) -> None:
    """D33: the median of the year is 7000; three times five percent of it is 1050."""
    eigen: Rij = {"gemeente": EIGEN, "productcode": "45A04"}
    _regels(i, "gewoon", 30, **eigen)
    for naam, prijs in (("D33 hoog", 8051), ("D33 laag", 5949), ("D33 grens", 8050), ("D33 grens laag", 5950)):
        _regels(i, naam, 1, **eigen, producttarief_cent=prijs)
    # what was paid per unit, where the line has no tariff: 90.000 for 10
    _regels(i, "D33 zonder tarief", 1, **eigen, producttarief_cent=None, ingediend_bedrag_cent=90_000)
    _regels(i, "D33 afgekeurd", 1, **eigen, producttarief_cent=90_000, status="afgekeurd")
    _regels(i, "D33 gecrediteerd", 1, **eigen, producttarief_cent=90_000)
    _regels(i, "credit", 1, **eigen, debet_credit="C", vorig_referentienummer="D33 gecrediteerd 0")
    # a credit that was rejected took nothing back
    _regels(i, "D33 terug", 1, **eigen, producttarief_cent=90_000)
    _regels(i, "credit terug", 1, **eigen, debet_credit="C", vorig_referentienummer="D33 terug 0", status="afgekeurd")
    # the year before all was cheaper, and that is in order
    vorig_jaar: Rij = {"productperiode_begin": dt.date(2024, 12, 1), "productperiode_eind": dt.date(2024, 12, 31)}
    _regels(i, "vorig jaar", 20, **eigen, **vorig_jaar, producttarief_cent=5000)
    # nineteen lines and an odd one are twenty; eighteen and one say nothing
    for code, gewoon, naam in (("45A05", 19, "D33 net genoeg"), ("45A06", 18, "D33 te weinig")):
        _regels(i, f"{naam} gewoon", gewoon, gemeente=EIGEN, productcode=code)
        _regels(i, naam, 1, gemeente=EIGEN, productcode=code, producttarief_cent=90_000)
    # ordinary in the regio, and not for this gemeente
    _regels(i, "buur", 20, gemeente=BUUR, producttarief_cent=9000)
    _regels(i, "D33 buur", 1, gemeente=BUUR, producttarief_cent=7000)
    # unit 83 has no price
    _regels(i, "euro", 20, gemeente=BUUR, eenheid="83", producttarief_cent=None, geleverd_volume=7000)


def _volumes(i: Invoer) -> None:
    """D34: all of 10, so the spread is the smallest: up to 10 x e^(5 x 0.2) = 27.18."""
    eigen: Rij = {"gemeente": EIGEN, "productcode": "45A10"}
    _regels(i, "volume", 40, **eigen, productperiode_begin=dt.date(2024, 12, 1))  # over the years
    for naam, volume in (("D34 ja", 28), ("D34 grens", 27), ("D34 weinig", 1), ("D34 nul", 0)):
        _regels(i, naam, 1, **eigen, geleverd_volume=volume)
    # a gemeente where 40 is as ordinary as 10 has a wider bound: median 20, spread 1.4826 x ln 2, bound 3408
    wisselend: Rij = {"gemeente": BUUR, "productcode": "45A10"}
    for volume in (10, 20, 40):
        _regels(i, f"wisselend {volume}", 20, **wisselend, geleverd_volume=volume)
    _regels(i, "D34 wisselend grens", 1, **wisselend, geleverd_volume=3400)
    _regels(i, "D34 wisselend", 1, **wisselend, geleverd_volume=3450)
    # thirty-nine lines and an odd one are forty; thirty-eight and one are often of a few youths, and say nothing
    for code, gewoon, naam in (("45A14", 39, "D34 net genoeg"), ("45A15", 38, "D34 te weinig")):
        _regels(i, f"{naam} gewoon", gewoon, gemeente=EIGEN, productcode=code)
        _regels(i, naam, 1, gemeente=EIGEN, productcode=code, geleverd_volume=900)


def _andermans_rijen(i: Invoer) -> None:
    """L17: half of the new rows and at least ten; per month a case of (shared, own rows)."""
    gevallen = {JAN: (10, 10), FEB: (10, 11), MRT: (9, 0)}
    for maand, (gedeeld, eigen) in gevallen.items():
        for gemeente, aantal in ((DADER, gedeeld + eigen), (BRON, gedeeld + 30)):
            nummer = i.toewijzing("lijn", gemeente=gemeente, leveringsmaand=dt.date(2024, 12, 1))
            for k in range(aantal):
                naam = f"L17 {maand} {k}" if k < gedeeld else f"{gemeente} {maand} {k}"
                i.regel(naam, nummer, gemeente=gemeente, leveringsmaand=maand, signalen="")
            for k in range(aantal):
                van_wie = "samen" if k < gedeeld else gemeente
                i.toewijzing(
                    "", gemeente=gemeente, leveringsmaand=maand, toewijzingnummer=5000 + 100 * maand.month + k,
                    pseudoniem=f"{van_wie} {maand} {k}", productcode="45A05",
                )  # fmt: skip


def _standen(i: Invoer) -> None:
    """D35: line 2 is gone in February and stays away; line 4 comes back."""
    for gemeente, in_stand in {
        STAND: {JAN: (1, 2, 3, 4), FEB: (1, 3), MRT: (1, 3, 4)},
        QUARANTAINE: {JAN: (1, 2, 3), FEB: (1, 3), MRT: (1,)},
    }.items():
        nummer = i.toewijzing("stand", gemeente=gemeente)
        for maand, nummers in in_stand.items():
            anders: Rij = {"soort": "stand"}
            if gemeente == QUARANTAINE and maand == FEB:
                anders["rijen_quarantaine"] = 1  # boundary: it may be the one that was refused
            i.leveringen.append(levering(gemeente, "declaraties", maand, **anders))
            for k in nummers:
                i.regel(f"stand {k}", nummer, gemeente=gemeente, leveringsmaand=maand)


VERKLARINGEN = (
    # L16 of July and August 2024: explained on the day of arrival, and a day before it
    f"{OMVANG},toewijzingen,2024-08,L16,,,,,nieuwe doelgroep,beheer,2024-09-10",
    f"{OMVANG},declaraties,2024-07,L16,,,,,lage tarieven,beheer,2024-08-09",
    # the newest of two counts; one of after the build is not known yet
    f"{STAND},declaraties,2025-02,D35,,,,,oude tekst,beheer,2025-04-01",
    f"{STAND},declaraties,2025-02,D35,,,,,samengevoegd,beheer,2025-04-02",
    f"{STAND},declaraties,2025-02,D35,,,,,te laat,beheer,2025-06-02",
    # nothing was found, another gemeente, and a refusal
    f"{STAND},declaraties,2025-03,D35,,,,,niets aan de hand,beheer,2025-05-01",
    f"{KLEIN},toewijzingen,2024-08,L16,,,,,van een ander,beheer,2025-05-01",
    f"{EIGEN},declaraties,2025-01,D02,,,,,weigert,beheer,2025-05-01",
    "REGIO,,2025-01,beweging_bij_gelijke_dekking,,,,,iets anders,beheer,2025-05-01",
)


@pytest.fixture(scope="module")
def gebouwd(tmp_path_factory: pytest.TempPathFactory) -> Gebouwd:
    """Build the findings on the rows above; their own data tests run along and must pass."""
    i = Invoer()
    for vul in (_omvang, _prijzen, _volumes, _andermans_rijen, _standen):
        vul(i)
    i.bevindingen.append(
        {
            "levering_id": levering_id(EIGEN, "declaraties", JAN),
            "regel_code": "D02",
            "ernst": "FOUT",
            "n_rijen": 1,
            "n_gecontroleerd": 9,
        }
    )
    map_ = tmp_path_factory.mktemp("deur3")
    seeds = map_ / "seeds"
    shutil.copytree(PROJECT / "seeds", seeds)
    ook_van_weinig(seeds)
    with (seeds / "ref_verklaringen.csv").open("a", encoding="utf-8") as f:
        f.writelines(f"{rij}\n" for rij in VERKLARINGEN)
    pad = map_ / "warehouse.duckdb"
    maak_raw(
        pad,
        toewijzingen=i.toewijzingen,
        declaraties=i.declaraties,
        leveringen=i.leveringen,
        bevindingen=i.bevindingen,
    )
    settings = load_settings(
        {
            "REGIOMONITOR_HOME": str(map_),
            "REGIOMONITOR_SEEDS": str(seeds),
            "REGIOMONITOR_SLEUTEL": "sleutel-van-de-tests-0123456789abcdef",
            "REGIOMONITOR_BSN_REEKS": "synthetisch",
        }
    )
    vars_ = {"publicatie_id": "proef", "peilmoment": "2025-06-01 00:00:00.000000", "peildatum": "2025-06-01"}
    with in_dit_proces():
        # test_dbt_project.py and test_money_side.py make everything; here a test goes along when all it looks at does
        deel = ["+bevindingen", "+int_bevindingen_rij", "--indirect-selection", "cautious"]
        return Gebouwd(pad, bouw(settings, vars=vars_, warehouse=pad, selectie=deel))


def leveringen(gebouwd: Gebouwd, regel: str) -> set[str]:
    """Leveringen with a finding of a rule on the whole."""
    sql = "select levering_id, rij from intermediate.int_bevindingen_rij where regel_code = ?"
    gevonden = gebouwd.vraag(sql, regel)
    assert all(rij is None for _, rij in gevonden)
    assert len(set(gevonden)) == len(gevonden)
    return {naam for naam, _ in gevonden}


@pytest.mark.parametrize(
    ("regel", "verwacht"),
    [
        (
            "D33",
            {"D33 hoog", "D33 laag", "D33 zonder tarief", "D33 terug", "D33 net genoeg", "D33 buur"},
        ),
        ("D34", {"D34 ja", "D34 wisselend", "D34 net genoeg"}),
    ],
)
def test_rijen_die_afwijken_van_de_eigen_historie(gebouwd: Gebouwd, regel: str, verwacht: set[str]) -> None:
    gevonden = gebouwd.vraag(
        """select r.referentienummer from intermediate.int_bevindingen_rij as b
        inner join raw.declaraties as r on r.levering_id = b.levering_id and r.rij = b.rij where b.regel_code = ?""",
        regel,
    )
    assert sorted(naam for (naam,) in gevonden) == sorted(f"{naam} 0" for naam in verwacht)


def test_wat_niet_te_vergelijken_is_is_niet_gecontroleerd(gebouwd: Gebouwd) -> None:
    """Too few lines, rejected ones, credits, unit 83 for prices, nothing delivered for volumes."""
    kolommen = 'count("D33"), count("D34")'
    per_product = gebouwd.vraag(
        f"""select r.gemeente, r.productcode, r.eenheid, {kolommen}
        from intermediate.int_bevindingen_historie as b
        inner join staging.stg_leveringen using (levering_nr)
        inner join raw.declaraties as r using (levering_id, rij)
        where r.gemeente in ('{EIGEN}', '{BUUR}') group by all order by all"""
    )
    assert per_product == [
        # 30 ordinary, 4 around the bounds, 1 without tariff, 2 credited or not, 20 of the year before
        (EIGEN, "45A04", "04", 57, 57),
        # fewer than forty lines tell the price, not how volumes vary
        (EIGEN, "45A05", "04", 20, 0),
        (EIGEN, "45A06", "04", 0, 0),
        # of the volumes four are of January: too few for a price in that year
        (EIGEN, "45A10", "04", 40, 43),
        (EIGEN, "45A14", "04", 40, 40),
        (EIGEN, "45A15", "04", 39, 0),
        (BUUR, "45A04", "04", 21, 0),
        (BUUR, "45A04", "83", 0, 0),
        (BUUR, "45A10", "04", 62, 62),
    ]


def test_omvang(gebouwd: Gebouwd) -> None:
    assert leveringen(gebouwd, "L16") == {
        levering_id(OMVANG, "toewijzingen", REEKS[7]),
        levering_id(OMVANG, "declaraties", REEKS[6]),
        levering_id(KLEIN, "toewijzingen", REEKS[5]),
    }
    gecontroleerd = gebouwd.vraag(
        "select levering_id from intermediate.int_bevindingen_bouw where regel_code = 'L16' and n_gecontroleerd = 1 "
        "and levering_id like ? order by 1",
        f"{KLEIN}%",
    )
    # the fourth has 5 rows, of 5, 500 and 5; the fifth has 19 of 5; only the sixth reaches twenty
    assert gecontroleerd == [(levering_id(KLEIN, "toewijzingen", REEKS[5]),)]


def test_andermans_rijen(gebouwd: Gebouwd) -> None:
    """Ten of twenty, in both kinds; not ten of twenty-one or nine of nine, and not the other: it has thirty more."""
    assert leveringen(gebouwd, "L17") == {
        levering_id(DADER, bericht, JAN) for bericht in ("toewijzingen", "declaraties")
    }


def test_verdwenen_uit_de_stand_van_declaraties(gebouwd: Gebouwd) -> None:
    assert leveringen(gebouwd, "D35") == {
        levering_id(STAND, "declaraties", FEB),
        levering_id(QUARANTAINE, "declaraties", MRT),
    }
    # of the first stand nothing can be told, of mutaties neither
    assert gebouwd.vraag(
        "select count(*) from intermediate.int_bevindingen_bouw where regel_code = 'D35' and n_gecontroleerd > 0"
    ) == [(4,)]


def test_verklaarde_signalen_staan_in_de_mart(gebouwd: Gebouwd) -> None:
    rijen = gebouwd.vraag(
        """select gemeente, bericht, maand, regel_code, verklaring, verklaard_op from kwaliteit.bevindingen
        where is_verklaard order by all"""
    )
    assert rijen == [
        (OMVANG, "toewijzingen", REEKS[7], "L16", "nieuwe doelgroep", dt.date(2024, 9, 10)),
        (STAND, "declaraties", FEB, "D35", "samengevoegd", dt.date(2025, 4, 2)),
    ]
    assert gebouwd.vraag("select count(*) from kwaliteit.bevindingen where is_verklaard is null") == [(0,)]
    assert gebouwd.vraag("select count(*) from kwaliteit.bevindingen where verklaring is not null") == [(2,)]


def test_alleen_wat_niet_verklaard_is_wordt_genoemd(gebouwd: Gebouwd) -> None:
    from pipeline.reports.signalen import lees_signalen

    signalen = lees_signalen(gebouwd.pad)
    genoemd = {(s.gemeente, s.bericht, s.maand) for s in signalen.leveringen if s.regel_code == "L16"}
    assert genoemd == {(OMVANG, "declaraties", "2024-07"), (KLEIN, "toewijzingen", "2024-06")}
    assert signalen.onverklaard["D35"] == (1, 1)
    assert signalen.n_verklaard == 2
