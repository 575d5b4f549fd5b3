"""The attack on the public edition: nothing that is hidden because it is small can be computed.

The criterion. With every sum of the specification, the shown figures, and that counts are whole and never negative:
(1) no hidden figure of a published row is determined, by algebra, by bounds, or by both in turn; (2) of no count of 1-9
is the range that remains wholly within 1-9; (3) neither for a gemeente that knows its own figures. Free to follow are
zero, which tells of no youth, and what is by definition one other figure that is shown. The threshold is lower than in
life, so that a small region has figures on both sides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
import polars as pl
import pytest

from pipeline.publish import bescherming, bescherming_reeksen, bescherming_tabellen
from pipeline.publish.bescherming import Bescherming, Eerder, bescherm
from pipeline.publish.bescherming_kern import Opgave, Vlaggen, is_klein
from pipeline.publish.bescherming_reeksen import LID, REEKS, verberg_reeksen
from pipeline.publish.bescherming_tabellen import REGELS, VLAG, Periode, Stand
from pipeline.publish.kandidaat import schone_verbinding
from pipeline.publish.openbaar import lees_bladen
from pipeline.publish.woordenboek import beschrijf
from tests.conftest import GedraaideRegio
from tests.publish.aanval import GELD, Naam, Stelsel, lees, maand
from tests.publish.proefregio import DREMPEL, EERSTE, GEMEENTEN, LAATSTE, ZONDER_LEVERING, maak_bladen

Bladen = Mapping[str, pl.DataFrame]
PERIODE = Periode(EERSTE, LAATSTE)


@pytest.fixture(scope="module")
def bladen() -> Bladen:
    return maak_bladen(seed=3)


@pytest.fixture(scope="module")
def beschermd(bladen: Bladen) -> Bescherming:
    return bescherm(bladen, drempel=DREMPEL, periode=PERIODE)


@pytest.fixture(scope="module")
def gelezen(bladen: Bladen, beschermd: Bescherming) -> Stelsel:
    """The public edition as the attacker sees it; leave it as it is."""
    return lees(beschermd.tabellen, bladen)


def _geheimen(s: Stelsel) -> set[Naam]:
    """Figures that are published in the region and not here; a denominator is hidden for what stands above it."""
    return {n for n in s.cijfers if s.nummers[n] not in s.bekend and s.nummers[n] in s.waar}


def _lekken(s: Stelsel, drempel: float, van: str = "") -> dict[Naam, str]:
    """Attack, for the public or for the gemeente `van`, and say which hidden figures it tells, and how much."""
    aanval, gelijken = s.val_aan(van), s.gelijken(van)
    uit: dict[Naam, str] = {}
    for naam in (n for n in _geheimen(s) if n[3] != van and n not in gelijken and not (van and _is_driehoek(n))):
        i = s.nummers[naam]
        # of the regio a gemeente learns what the others have: no more than its own is nothing new
        eigen = s.waar.get(s.nummers.get((*naam[:3], van, *naam[4:]), -1), 0.0) if naam[3] == "REGIO" else 0.0
        waar, laag, hoog = (x - eigen for x in (s.waar[i], aanval.laag[i], aanval.hoog[i]))
        if naam[0] == "cumulatief" and waar == s.bekend.get(s.nummers.get(("kosten", *naam[1:5], ""), -1)):
            continue  # all of the cost, which is shown, came in by then
        if naam in aanval.gevonden and abs(waar) > 0.5:
            uit[naam] = "gevonden"
        elif naam[0] not in GELD and 0 < waar < drempel and laag > 0 and hoog < drempel:
            uit[naam] = "klein"
    return uit


def _is_driehoek(naam: Naam) -> bool:
    """Tell of figures of the regio over its gemeenten together that a gemeente can know which has all few youths in
    them, or none: what others have with one delay is on enough youths (docs/bescherming.md).
    """
    return naam[0] in ("naijling", "cumulatief", "ontvangen", "werkelijk") and naam[3] == "REGIO"


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


def _kleine(s: Stelsel) -> list[Naam]:
    return sorted((n for n in _geheimen(s) if n[0] in KLEIN and 0 < s.waar[s.nummers[n]] < DREMPEL), key=str)


def test_something_is_hidden_and_much_is_not(gelezen: Stelsel) -> None:
    geheimen = _geheimen(gelezen)
    assert len(_kleine(gelezen)) > 100
    assert len(gelezen.cijfers) - len(geheimen) > len(gelezen.cijfers) / 4
    totaal = [n for n in geheimen if n[3] == "REGIO" and n[4] == "totaal" and n[0] in KLEIN - {"herhaald"}]
    assert totaal == []


def test_no_hidden_figure_follows_from_the_shown_ones(gelezen: Stelsel) -> None:
    assert _lekken(gelezen, DREMPEL) == {}


@pytest.mark.parametrize("gemeente", GEMEENTEN)
def test_neither_for_a_gemeente_that_knows_its_own(gelezen: Stelsel, gemeente: str) -> None:
    assert _lekken(gelezen, DREMPEL, gemeente) == {}


@pytest.mark.parametrize("van", ["", "GM0003"])
def test_what_the_bounds_say_is_true(gelezen: Stelsel, van: str) -> None:
    laag, hoog = gelezen.grenzen_overal({i for n, i in gelezen.nummers.items() if n[3] == van})
    waar, plek = np.array([*gelezen.waar.values()]), [*gelezen.waar]
    assert (laag[plek] <= waar + 0.01).all()
    assert (hoog[plek] >= waar - 0.01).all()


def _kleine_sommen(s: Stelsel) -> int:
    """Count the sums in which all that is hidden is on a few youths together, and therefore told."""
    naam, gevonden = {i: n for n, i in s.nummers.items()}, 0
    for regel in s.sommen:
        over = {i: t for i, t in regel.items() if i not in s.bekend}
        if len(set(over.values())) == 1 and all(naam[i][0] in KLEIN for i in over):
            gevonden += 0.5 < abs(sum(t * s.bekend[i] for i, t in regel.items() if i in s.bekend)) < DREMPEL - 0.5
    return gevonden


def test_no_hidden_figures_are_a_few_youths_together(gelezen: Stelsel) -> None:
    assert _kleine_sommen(gelezen) == 0


STRENGER = {
    # what begins and what ends come to the change of the stand: their sum is not known, but counted as if it were
    ("stromen", "verblijf", "uitstroom"),
    # a figure each, of a year that is not whole: of a sum all months count, and a share goes with its denominator
    ("stromen", "jr", "begonnen"),
    ("herhaald", "ambulant", ""),
    ("herhaald", "jr", ""),
    ("herhaald", "verblijf", ""),
    # what stands on something hidden is hidden with it
    ("tarief", "jr", "uren"),
    ("tarief", "verblijf", "uren"),
    ("terugwerkend", "jr", ""),
    ("terugwerkend", "verblijf", ""),
}
"""Reeksen of the regio that a rule hides which is stricter than the attack, and the rule."""


@pytest.mark.slow
def test_of_the_regio_nothing_is_hidden_that_could_be_shown(bladen: Bladen, beschermd: Bescherming) -> None:
    dicht = beschermd.reeksen.filter(pl.col("dicht"), pl.col("reden") != "klein", gebied="REGIO")
    zonder_gevolg = set()
    for familie, segment, deel in dicht.select("familie", "segment", "deel").iter_rows():
        s = lees(beschermd.tabellen, bladen)
        reeks = {n for n in s.cijfers | s.noemers if _is_van(n, familie, segment, deel)}
        getoond = {s.nummers[n]: s.waar[s.nummers[n]] for n in reeks if s.nummers[n] not in s.bekend}
        assert getoond, (familie, segment, deel)
        s.bekend |= getoond
        if not (_kleine_sommen(s) or any(_lekken(s, DREMPEL, van) for van in ("", *GEMEENTEN))):
            zonder_gevolg.add((familie, segment, deel))
    assert dicht.height > len(STRENGER)
    assert zonder_gevolg <= STRENGER


def _is_van(naam: Naam, familie: str, segment: str, deel: str) -> bool:
    hier = (naam[0], naam[5]) in ((familie, deel), (deel, ""))  # in some families a deel is a number of its own
    return hier and (naam[3], naam[4]) == ("REGIO", segment)


@pytest.mark.parametrize("maten", [{"te_laat", "meetbaar"}, {"herhaald"}, {"instroom", "doorstroom_in"}])
def test_no_small_count_is_left_a_range_within_the_small_ones(
    bladen: Bladen, beschermd: Bescherming, maten: set[str]
) -> None:
    s = lees(beschermd.tabellen, bladen, maten)
    kleine = [n for n in _kleine(s) if n[0] in maten]
    keuze = [kleine[i] for i in np.random.default_rng(2).choice(len(kleine), 2, replace=False)]
    for naam, (laag, hoog) in s.grenzen(keuze).items():
        assert laag - 1e-6 <= s.waar[s.nummers[naam]] <= hoog + 1e-6
        assert hoog - laag > 0.5, naam
        assert laag < 0.5 or hoog > DREMPEL - 0.5, (naam, laag, hoog)


def _alleen_reeksen(
    leden: pl.DataFrame, drempel: float, periode: Periode, eerder: pl.DataFrame | None, leveringen: pl.DataFrame | None
) -> pl.DataFrame:
    assert leveringen is not None and periode == PERIODE
    return verberg_reeksen(leden.drop("tabel"), drempel, eerder)


def test_with_whole_reeksen_alone_the_attack_finds_what_follows_in_one_period(
    bladen: Bladen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bescherming, "verberg_tot_niets_volgt", _alleen_reeksen)
    s = lees(bescherm(bladen, drempel=DREMPEL, periode=PERIODE).tabellen, bladen)
    lekken = _lekken(s, DREMPEL)
    assert len(lekken) > 5
    assert {n[1] for n in lekken} == {"maand"}


def test_with_only_the_small_figures_hidden_the_attack_finds_them(
    bladen: Bladen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def alleen_klein(opgave: Opgave, drempel: float) -> Vlaggen:
        return opgave.verplicht | is_klein(opgave.jeugdigen, drempel).any(axis=1)

    for module in (bescherming_reeksen, bescherming_tabellen):
        monkeypatch.setattr(module, "verberg", alleen_klein)
    monkeypatch.setattr(bescherming, "verberg_tot_niets_volgt", _alleen_reeksen)
    s = lees(bescherm(bladen, drempel=DREMPEL, periode=PERIODE).tabellen, bladen)
    gerekend, lekken = s.bepaald(), _lekken(s, DREMPEL)
    assert len(gerekend & set(_kleine(s))) > 20
    soorten = {"instroom", "uitstroom", "doorstroom_in", "te_laat", "meetbaar", "kosten", "blad"}
    assert {n[0] for n in lekken if n in gerekend} >= soorten
    erbij = {(n[0], hoe) for n, hoe in lekken.items() if n not in gerekend}
    assert erbij >= {("instroom", "gevonden"), ("uitstroom", "gevonden"), ("doorstroom_in", "gevonden")}
    assert erbij >= {("doorstroom_uit", "gevonden"), ("kosten", "gevonden"), ("blad", "gevonden")}
    assert erbij >= {("instroom", "klein"), ("uitstroom", "klein"), ("te_laat", "klein"), ("meetbaar", "klein")}


@pytest.mark.parametrize("weet_wie_er_niet_leverde", [True, False])
def test_a_month_without_levering_tells_the_month_a_year_before(
    bladen: Bladen, *, weet_wie_er_niet_leverde: bool
) -> None:
    wie, toen = ZONDER_LEVERING
    intern = {t: df for t, df in bladen.items() if weet_wie_er_niet_leverde or t != "kwaliteit.leveringsstatus"}
    weg = pl.col("gebied_code").is_in([wie, "GM0003", "GM0004"])
    uit = weg & (pl.col("periode_soort") == "maand")
    openbaar = {
        **intern,
        "kwaliteit.tijdigheid": bladen["kwaliteit.tijdigheid"].with_columns(
            n_te_laat=pl.when(~weg).then(pl.col("n_te_laat"))
        ),
        "sturing.indicatoren": bladen["sturing.indicatoren"].with_columns(teller=pl.when(~uit).then(pl.col("teller"))),
    }
    gevonden = lees(openbaar, intern, {"te_laat"}).bepaald()
    assert (("te_laat", "maand", toen - 12, wie, "ambulant", "") in gevonden) == weet_wie_er_niet_leverde


def _klein_stelsel(*sommen: tuple[str, str], **bekend: float) -> Stelsel:
    """A system of counts named by a letter, that of `w` and `k` excepted: these are money."""
    s = Stelsel()
    maat = {"w": "naijling", "k": "kosten"}
    for delen, totaal in sommen:
        s.som(*([s.getal((maat.get(x, "stand"), x)) for x in kant] for kant in (delen, totaal)))
    for x, waarde in bekend.items():
        s.getal((maat.get(x, "stand"), x), waarde)
    return s


@pytest.mark.parametrize(
    ("sommen", "bekend", "naam", "grenzen"),
    [
        ([("ab", "t")], {"t": 7.0}, "a", (0, 7)),
        ([("ab", "t"), ("bc", "u")], {"t": 7.0, "u": 3.0}, "a", (4, 7)),
        ([("ab", "t"), ("bc", "u")], {"t": 3.0, "u": 3.0, "c": 3.0}, "a", (3, 3)),
        ([("aab", "t")], {"t": 7.0}, "a", (0, 3)),  # twice a whole number
        ([("kkb", "t")], {"t": 7.0}, "k", (0, 3.5)),
        ([("wb", "t")], {"t": 7.0}, "b", (0, np.inf)),  # money that may be negative
        ([("ab", "t"), ("a", "c")], {"t": 0.0}, "c", (0, 0)),
    ],
)
def test_bounds_by_hand(
    sommen: list[tuple[str, str]], bekend: dict[str, float], naam: str, grenzen: tuple[float, float]
) -> None:
    s = _klein_stelsel(*sommen, **bekend)
    laag, hoog = s.grenzen_overal()
    i = next(i for n, i in s.nummers.items() if n[1] == naam)
    assert (laag[i], hoog[i]) == grenzen


def test_bounds_and_algebra_tell_each_other() -> None:
    # bounds tell that a and b are nothing, then algebra x, y and v, and then bounds that c is at most x
    s = _klein_stelsel(("ab", "z"), ("axy", "t"), ("yv", "u"), ("xv", "s"), ("ce", "x"), z=0.0, t=5.0, u=5.0, s=4.0)
    s.waar = {s.nummers["stand", n]: waarde for n, waarde in (("x", 2.0), ("y", 3.0), ("v", 2.0))}
    assert s.bepaald() == set()
    c = s.nummers["stand", "c"]
    assert s.grenzen_overal()[1][c] == 4.0
    aanval = s.val_aan()
    assert {n[1] for n in aanval.gevonden} == set("abxyv")
    assert aanval.hoog[c] == 2.0


def test_a_sum_with_one_part_tells_nothing_new() -> None:
    s = _klein_stelsel(("a", "t"), ("bc", "t"), t=4.0)
    assert {n[1] for n in s.gelijken()} == {"a"}


@pytest.fixture(scope="module")
def verbeterd() -> Bladen:
    """The same region after a correction: two late gemeenten, one of which is no longer small."""
    return maak_bladen(seed=3, erbij={("instroom", "GM0005", "ambulant", m): 9 for m in range(EERSTE, LAATSTE + 1)})


def _samen(
    eerst: Bescherming, daarna: Bescherming, bladen: Bladen, verbeterd: Bladen, maten: set[str] | None = None
) -> Stelsel:
    """Two publications in one system: what did not change is one number, what did is two."""
    s, s2 = lees(eerst.tabellen, bladen, maten), lees(daarna.tabellen, verbeterd, maten)
    plek: dict[int, int] = {}
    for n, i in s2.nummers.items():
        anders = s2.waar.get(i) is None or s2.waar[i] != s.waar.get(s.nummers.get(n, -1))
        plek[i] = s.getal((*n, "later") if anders else n, s2.bekend.get(i))
    s.waar |= {plek[i]: waarde for i, waarde in s2.waar.items()}
    for van, naar in ((s2.sommen, s.sommen), (s2.gevolgen, s.gevolgen)):
        naar += [{plek[i]: t for i, t in regel.items()} for regel in van]
    return s


def _later(bladen: Bladen, eerst: Bescherming | None) -> Bescherming:
    eerder = Eerder({t: df.filter(VLAG) for t, df in eerst.tabellen.items()}, eerst.reeksen) if eerst else None
    return bescherm(bladen, drempel=DREMPEL, periode=PERIODE, eerder=eerder)


def test_a_correction_does_not_tell_what_was_hidden_before(
    bladen: Bladen, beschermd: Bescherming, gelezen: Stelsel, verbeterd: Bladen
) -> None:
    maten = KLEIN - {"te_laat", "onverwacht", "meetbaar"} | {"begonnen", "beeindigd"}
    s = _samen(beschermd, _later(verbeterd, beschermd), bladen, verbeterd, maten)
    s.cijfers &= _geheimen(gelezen)  # what is hidden in the first
    assert _lekken(s, DREMPEL) == {}


@pytest.mark.slow
def test_the_next_month_does_not_tell_what_was_hidden_before(bladen: Bladen) -> None:
    vorige = maak_bladen(seed=3, laatste=LAATSTE - 1)
    eerst = bescherm(vorige, drempel=DREMPEL, periode=Periode(EERSTE, LAATSTE - 1))
    s = _samen(eerst, _later(bladen, eerst), vorige, bladen)
    assert _lekken(s, DREMPEL) == {}


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
    s = lees(bescherm(bladen, drempel=4, periode=periode).tabellen, bladen)
    geheimen = _geheimen(s)
    assert len(geheimen) > 100_000
    assert {str(n[0]) for n in geheimen} >= {"instroom", "te_laat", "kosten", "blad", "naijling", "cumulatief"}
    assert _lekken(s, 4) == {}
    inwoners = Counter(str(n[3]) for n in geheimen if n[3] != "REGIO").most_common()
    for gemeente in (inwoners[0][0], inwoners[-1][0]):  # of the smallest most is hidden
        assert _lekken(s, 4, gemeente) == {}, gemeente


def test_the_same_again_hides_the_same(bladen: Bladen, beschermd: Bescherming) -> None:
    weer = _later(bladen, beschermd)
    for tabel, df in beschermd.tabellen.items():
        assert weer.tabellen[tabel].equals(df), tabel
