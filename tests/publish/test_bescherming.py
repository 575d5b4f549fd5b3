"""The attack on the public edition: nothing that is hidden because it is small can be computed.

The criterion. With every sum of the specification, the shown figures and that no count is negative: (1) no hidden
figure of a published row is determined; (2) of no figure on 1-9 youths is the range that remains one value, or wholly
within 1-9; (3) neither for a gemeente that knows its own figures. The threshold is lower than in life, so that a
small region has figures on both sides.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
import pytest

from pipeline.publish import bescherming_reeksen, bescherming_tabellen
from pipeline.publish.bescherming import Bescherming, Eerder, bescherm
from pipeline.publish.bescherming_kern import Opgave, Vlaggen, is_klein
from pipeline.publish.bescherming_reeksen import LID, REEKS, verberg_reeksen
from pipeline.publish.bescherming_tabellen import REGELS, VLAG, Periode, Stand
from pipeline.publish.kandidaat import schone_verbinding
from pipeline.publish.openbaar import lees_bladen
from pipeline.publish.woordenboek import beschrijf
from tests.conftest import GedraaideRegio
from tests.publish.aanval import NOEMER, Naam, Stelsel, lees, maand
from tests.publish.proefregio import DREMPEL, EERSTE, GEMEENTEN, LAATSTE, maak_bladen

Bladen = Mapping[str, pl.DataFrame]
PERIODE = Periode(EERSTE, LAATSTE)


@pytest.fixture(scope="module")
def bladen() -> Bladen:
    return maak_bladen(seed=3)


@pytest.fixture(scope="module")
def beschermd(bladen: Bladen) -> Bescherming:
    return bescherm(bladen, drempel=DREMPEL, periode=PERIODE)


def _waarheid(bladen: Bladen) -> dict[Naam, float]:
    s = lees(bladen, bladen)
    return {n: s.bekend[i] for n, i in s.nummers.items() if i in s.bekend}


def _geheimen(s: Stelsel, waarheid: dict[Naam, float]) -> set[Naam]:
    """Numbers that are published in the region and not here; a denominator is hidden for what stands above it."""
    noemers = set(NOEMER.values()) - {"kosten"}
    return {
        n
        for n, i in s.nummers.items()
        if i not in s.bekend and n in waarheid and (n[0] not in noemers or (n[0] in KLEIN and n[1] == "maand"))
    }


KLEIN = {
    "instroom",
    "uitstroom",
    "doorstroom_in",
    "doorstroom_uit",
    "te_laat",
    "onverwacht",
    "herhaald",
    "stand",
    "meetbaar",
}
"""Counts of youths, or of what a youth has at most one of here."""


def _kleine(geheimen: set[Naam], waarheid: dict[Naam, float]) -> list[Naam]:
    return sorted((n for n in geheimen if n[0] in KLEIN and 0 < waarheid[n] < DREMPEL), key=str)


def test_something_is_hidden_and_much_is_not(bladen: Bladen, beschermd: Bescherming) -> None:
    waarheid = _waarheid(bladen)
    s = lees(beschermd.tabellen, bladen)
    geheimen = _geheimen(s, waarheid)
    assert len(_kleine(geheimen, waarheid)) > 100
    assert len(waarheid) - len(geheimen) > len(waarheid) / 4
    totaal = [n for n in geheimen if n[3] == "REGIO" and n[4] == "totaal" and n[0] in KLEIN - {"herhaald"}]
    assert totaal == []


def test_no_hidden_figure_follows_from_the_shown_ones(bladen: Bladen, beschermd: Bescherming) -> None:
    s = lees(beschermd.tabellen, bladen)
    assert s.bepaald() & _geheimen(s, _waarheid(bladen)) == set()


def test_neither_for_a_gemeente_that_knows_its_own(bladen: Bladen, beschermd: Bescherming) -> None:
    s = lees(beschermd.tabellen, bladen)
    waarheid = _waarheid(bladen)
    for gemeente in sorted({str(n[3]) for n in s.nummers} - {"REGIO"}):
        eigen = {n for n in s.nummers if n[3] == gemeente}
        gevonden = {n for n in s.bepaald(eigen) & _geheimen(s, waarheid) if n[0] != "blad"}
        assert gevonden == set(), gemeente


def _kleine_sommen(s: Stelsel) -> int:
    """Count the sums in which all that is hidden is on a few youths together, and therefore told."""
    naam, gevonden = {i: n for n, i in s.nummers.items()}, 0
    for regel in s.sommen:
        over = {i: t for i, t in regel.items() if i not in s.bekend}
        if len(set(over.values())) == 1 and all(naam[i][0] in KLEIN for i in over):
            gevonden += 0.5 < abs(sum(t * s.bekend[i] for i, t in regel.items() if i in s.bekend)) < DREMPEL - 0.5
    return gevonden


def test_no_hidden_figures_are_a_few_youths_together(bladen: Bladen, beschermd: Bescherming) -> None:
    assert _kleine_sommen(lees(beschermd.tabellen, bladen)) == 0


STRENGER = {
    # what begins and what ends come to the change of the stand: their sum is not known, but counted as if it were
    ("stromen", "verblijf", "uitstroom"),
    # a figure each, of a year that is not whole: of a sum all months count, and a share goes with its denominator
    ("stromen", "jr", "begonnen"),
    ("herhaald", "ambulant", ""),
    ("herhaald", "jr", ""),
    ("herhaald", "verblijf", ""),
}
"""Reeksen of the regio that a rule hides which is stricter than the attack, and the rule."""


@pytest.mark.slow
def test_of_the_regio_nothing_is_hidden_that_could_be_shown(bladen: Bladen, beschermd: Bescherming) -> None:
    waarheid = _waarheid(bladen)
    dicht = beschermd.reeksen.filter(pl.col("dicht"), pl.col("reden") != "klein", gebied="REGIO")
    zonder_gevolg = set()
    for familie, segment, deel in dicht.select("familie", "segment", "deel").iter_rows():
        s = lees(beschermd.tabellen, bladen)
        reeks = {n for n in s.nummers if _is_van(n, deel or familie, segment)}
        getoond = {n for n in reeks if s.nummers[n] not in s.bekend and n in waarheid}
        geheimen = _geheimen(s, waarheid) - getoond
        s.bekend |= {s.nummers[n]: waarheid[n] for n in getoond}
        assert getoond, (familie, segment, deel)
        if not (s.bepaald() & geheimen or _kleine_sommen(s)):
            zonder_gevolg.add((familie, segment, deel))
    assert dicht.height > len(STRENGER)
    assert zonder_gevolg <= STRENGER


def _is_van(naam: Naam, maat: str, segment: str) -> bool:
    return (naam[0], naam[3], naam[4]) == (maat, "REGIO", segment)


@pytest.mark.parametrize("maten", [{"te_laat"}, {"herhaald"}, {"instroom", "doorstroom_in"}])
def test_no_small_count_is_left_a_range_within_the_small_ones(
    bladen: Bladen, beschermd: Bescherming, maten: set[str]
) -> None:
    s = lees(beschermd.tabellen, bladen, maten)
    waarheid = _waarheid(bladen)
    kleine = [n for n in _kleine(_geheimen(s, waarheid), waarheid) if n[0] in maten]
    keuze = [kleine[i] for i in np.random.default_rng(2).choice(len(kleine), 5, replace=False)]
    for naam, (laag, hoog) in s.grenzen(keuze).items():
        assert laag - 1e-6 <= waarheid[naam] <= hoog + 1e-6
        assert hoog - laag > 0.5, naam
        assert laag < 0.5 or hoog > DREMPEL - 0.5, (naam, laag, hoog)


def test_with_only_the_small_figures_hidden_the_attack_finds_them(
    bladen: Bladen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def alleen_klein(opgave: Opgave, drempel: float) -> Vlaggen:
        return opgave.verplicht | is_klein(opgave.jeugdigen, drempel).any(axis=1)

    for module in (bescherming_reeksen, bescherming_tabellen):
        monkeypatch.setattr(module, "verberg", alleen_klein)
    waarheid = _waarheid(bladen)
    s = lees(bescherm(bladen, drempel=DREMPEL, periode=PERIODE).tabellen, bladen)
    assert len(s.bepaald() & set(_kleine(_geheimen(s, waarheid), waarheid))) > 20


@pytest.fixture(scope="module")
def verbeterd() -> Bladen:
    """The same region after a correction: two late gemeenten, one of which is no longer small."""
    return maak_bladen(seed=3, erbij={("instroom", "GM0005", "ambulant", m): 9 for m in range(EERSTE, LAATSTE + 1)})


def _samen(eerst: Bescherming, daarna: Bescherming, bladen: Bladen, verbeterd: Bladen) -> Stelsel:
    """Two publications in one system: what did not change is one number, what did is two."""
    oud, nieuw = _waarheid(bladen), _waarheid(verbeterd)
    maten = KLEIN - {"te_laat", "onverwacht", "meetbaar"} | {"begonnen", "beeindigd"}
    s, s2 = lees(eerst.tabellen, bladen, maten), lees(daarna.tabellen, verbeterd, maten)
    plek = {
        i: s.getal(n if oud.get(n) == nieuw.get(n) and n in oud else (*n, "later"), s2.bekend.get(i))
        for n, i in s2.nummers.items()
    }
    s.sommen += [{plek[i]: t for i, t in regel.items()} for regel in s2.sommen]
    return s


def _later(bladen: Bladen, eerst: Bescherming | None) -> Bescherming:
    eerder = Eerder({t: df.filter(VLAG) for t, df in eerst.tabellen.items()}, eerst.reeksen) if eerst else None
    return bescherm(bladen, drempel=DREMPEL, periode=PERIODE, eerder=eerder)


def test_a_correction_does_not_tell_what_was_hidden_before(
    bladen: Bladen, beschermd: Bescherming, verbeterd: Bladen
) -> None:
    waarheid = _waarheid(bladen)
    kleine = set(_kleine(_geheimen(lees(beschermd.tabellen, bladen), waarheid), waarheid))
    assert _samen(beschermd, _later(verbeterd, beschermd), bladen, verbeterd).bepaald() & kleine == set()


def _kosten(*n: int) -> pl.DataFrame:
    """Leden of one month of cost: the youths behind it in four gemeenten, and in the regio."""
    rijen = [*zip(GEMEENTEN, n, strict=False), ("REGIO", sum(n))]
    plek = {
        "blok": "cijfer",
        "familie": "kosten",
        "laag": "maand",
        "segment": "totaal",
        "deel": "",
        "kenmerk": "kosten",
    }
    return pl.DataFrame(
        [{**plek, "gebied": g, "rij": i, "t": EERSTE, "n": float(k)} for i, (g, k) in enumerate(rijen)], schema=LID
    ).select(*LID)


def test_what_was_hidden_beside_a_small_figure_stays_hidden_when_that_is_corrected() -> None:
    eerst = verberg_reeksen(_kosten(5, 20, 30, 40), 10)
    assert eerst.filter("dicht")["gebied"].to_list() == ["GM0001", "GM0002", "GM0003"]
    assert eerst.filter("klein")["gebied"].to_list() == ["GM0001"]
    # or the first month less what is shown now would be the five
    assert verberg_reeksen(_kosten(15, 20, 30, 40), 10)["dicht"].sum() == 0
    daarna = verberg_reeksen(_kosten(15, 20, 30, 40), 10, eerst)
    assert daarna.filter("dicht")["gebied"].to_list() == ["GM0001", "GM0002", "GM0003"]


def test_a_measure_follows_the_reeksen_that_it_aims_at() -> None:
    maatregelen = pl.DataFrame(
        {
            "gebied_code": "REGIO",
            "indicator_id": ["kosten", "kosten", "crisis_instroom", "crisis_instroom", "iets_anders"],
            "segment": ["crisis", "ambulant+wonen", "crisis", "crisis", "crisis"],
            "waarde": 100.0,
            "dekking": [1.0, 1.0, 1.0, 0.9, 1.0],
        }
    )
    reeksen = pl.DataFrame(
        [
            ("kosten", "maand", "REGIO", "crisis", "", False, True, "som"),
            ("kosten", "maand", "REGIO", "ambulant", "", False, False, None),
            ("kosten", "maand", "REGIO", "wonen", "", False, False, None),
            ("stromen", "maand", "REGIO", "crisis", "begonnen", False, False, None),
            ("stromen", "maand", "GM0001", "crisis", "begonnen", True, True, "klein"),
        ],
        schema=REEKS,
        orient="row",
    )
    stand = Stand({"kosten.maatregelen": maatregelen}, PERIODE, DREMPEL, reeksen, {}, {})
    ((_, regel),) = REGELS["kosten.maatregelen"]
    (masker,) = regel(stand, "kosten.maatregelen")
    assert masker.dicht.tolist() == [True, False, False, True, True]


@pytest.mark.slow
def test_the_attack_on_a_whole_region(schone_regio: GedraaideRegio) -> None:
    settings = schone_regio.settings
    with schone_verbinding(settings.huis.warehouse) as con:
        bladen = lees_bladen(con, beschrijf(con, "bron", settings.huis.dbt_manifest))
    maanden = bladen["sturing.stromen"]["maand"]
    periode = Periode(maand(maanden.min()), maand(maanden.max()))  # type: ignore[arg-type]  # dates
    uit = bescherm(bladen, drempel=4, periode=periode)
    waarheid = _waarheid(bladen)
    s = lees(uit.tabellen, bladen)
    geheimen = _geheimen(s, waarheid)
    assert len(geheimen) > 100_000
    assert {str(n[0]) for n in geheimen} >= {"instroom", "te_laat", "kosten", "blad", "naijling", "cumulatief"}
    assert s.bepaald() & geheimen == set()


def test_the_same_again_hides_the_same(bladen: Bladen, beschermd: Bescherming) -> None:
    weer = _later(bladen, beschermd)
    for tabel, df in beschermd.tabellen.items():
        assert weer.tabellen[tabel].equals(df), tabel
