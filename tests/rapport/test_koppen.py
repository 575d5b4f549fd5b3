"""Headlines and lines on how sure a figure is: never a fall on what is not complete; right Dutch in every combination.

`koppen.txt` holds every sentence that the rules can make of the cases below. A reader has read it; when a rule changes,
run this file with REGIOMONITOR_SCHRIJF_KOPPEN=1, read what moved, and commit it.
"""

from __future__ import annotations

import datetime as dt
import itertools
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline.rapport import koppen, taal, zekerheid
from pipeline.rapport.beweging import Beweging, Vergelijking, beweging, vergelijk

LIJST = Path(__file__).with_name("koppen.txt")
JULI, JULI_EERDER = dt.date(2026, 7, 1), dt.date(2025, 7, 1)


def rij(v: float | None, **anders: Any) -> dict[str, Any]:
    return {"maand": JULI, "v": v, "dekking": 1.0, "rijping": "definitief"} | anders


@pytest.mark.parametrize(
    ("nu", "toen", "verwacht"),
    [
        (rij(120), rij(100), Beweging.MEER),
        (rij(100), rij(120), Beweging.MINDER),
        (rij(101), rij(100), Beweging.GELIJK),
        (rij(102), rij(100), Beweging.GELIJK),  # the bound of a count is two
        (rij(103), rij(100), Beweging.MEER),
        (rij(80, rijping="voorlopig"), rij(100), Beweging.ZWIJGT),
        (rij(80), rij(100, rijping="voorlopig"), Beweging.ZWIJGT),
        (rij(80, dekking=0.949), rij(100), Beweging.ZWIJGT),
        (rij(80, dekking=0.95), rij(100), Beweging.MINDER),
        (rij(80), rij(100, dekking=0.9), Beweging.ZWIJGT),
        (rij(80, dekking=None), rij(100), Beweging.ZWIJGT),
        (rij(80, reserve=0.011), rij(100), Beweging.ZWIJGT),
        (rij(80, reserve=0.01), rij(100), Beweging.MINDER),
        (rij(9), rij(100), Beweging.ZWIJGT),
        (rij(80), rij(9), Beweging.ZWIJGT),
        (rij(80, n=9), rij(100, n=50), Beweging.ZWIJGT),
        (rij(None), rij(100), Beweging.ZWIJGT),
        (None, rij(100), Beweging.ZWIJGT),
        (rij(80), None, Beweging.ZWIJGT),
    ],
)
def test_what_may_be_said_of_a_count(nu, toen, verwacht):
    assert beweging(nu, toen, "aantal") is verwacht


@pytest.mark.parametrize(
    ("eenheid", "nu", "toen", "verwacht"),
    [
        ("euro", 102.0, 100.0, Beweging.GELIJK),
        ("euro", 102.1, 100.0, Beweging.MEER),
        ("aandeel", 0.245, 0.24, Beweging.GELIJK),
        ("aandeel", 0.246, 0.24, Beweging.MEER),
        ("dagen", 405, 400, Beweging.GELIJK),
        ("dagen", 391, 400, Beweging.MINDER),
    ],
)
def test_each_unit_has_its_own_bounds_of_no_change(eenheid, nu, toen, verwacht):
    assert beweging(rij(nu, n=500), rij(toen, n=500), eenheid) is verwacht


def test_the_newest_complete_definitive_figure_is_compared_with_the_same_month_a_year_before():
    reeks = [
        rij(100, maand=JULI_EERDER),
        rij(999, maand=dt.date(2026, 6, 1)),
        rij(120),
        rij(50, maand=dt.date(2026, 8, 1), rijping="voorlopig"),
        rij(10, maand=dt.date(2026, 9, 1), rijping="voorlopig", dekking=0.5),
    ]
    v = vergelijk(reeks, "aantal")
    assert (v.nu["v"], v.toen["v"], v.beweging) == (120, 100, Beweging.MEER)


def test_without_a_complete_figure_what_is_shown_says_nothing_of_its_course():
    v = vergelijk([rij(100, maand=JULI_EERDER, dekking=0.6), rij(20, dekking=0.6)], "aantal")
    assert (v.nu["v"], v.beweging) == (20, Beweging.ZWIJGT)
    assert vergelijk([rij(20, dekking=0.49)], "aantal").nu is None  # less than half is no figure


def test_a_full_check_never_stands_beside_a_caveat():
    assert koppen.teken("op_koers", twijfel=True).woord == "Op koers, maar we twijfelen"
    assert koppen.teken("op_koers", twijfel=False).woord == "Op koers"
    assert koppen.teken("niet_op_koers", twijfel=True).woord == "Niet op koers"


def _v(soort: str, nu: float = 533, toen: float = 499) -> Vergelijking:
    m = {"meer": Beweging.MEER, "minder": Beweging.MINDER, "gelijk": Beweging.GELIJK, "zwijgt": Beweging.ZWIJGT}[soort]
    if soort == "minder":
        nu, toen = toen, nu
    return Vergelijking(rij(nu), rij(toen, maand=JULI_EERDER), m)


GEEN = Vergelijking(None, None, Beweging.ZWIJGT)
SOORTEN = ("meer", "minder", "gelijk", "zwijgt")


def doel(**anders: Any) -> dict[str, Any]:
    return {
        "jaar": 2026, "basisjaar": 2025, "eenheid": "euro", "status": "niet_op_koers", "reden": None,
        "basiswaarde": Decimal("36.1e6"), "realisatie": Decimal("38.3e6"), "realisatie_geschat": Decimal("41.5e6"), "streefwaarde": Decimal("32.5e6"),
        "ondergrens": Decimal("41.0e6"), "bovengrens": Decimal("42.0e6"), "afwijking": 0.278, "is_geschat": True,
        "voorbehoud_eur": Decimal(0), "gebied_code": "REGIO", "panel_dekking": 0.95, "panel_n_gemeenten": 13, "n_maanden": 8,
        "jaarverwachting": Decimal("61.5e6"), "jaarverwachting_ondergrens": Decimal("61.4e6"),
        "jaarverwachting_bovengrens": Decimal("62.7e6"), "streefwaarde_jaar": Decimal("49.2e6"),
    } | anders  # fmt: skip


def alle_zinnen() -> list[str]:
    """Return every sentence the rules make of the cases, headline by headline."""
    uit: list[str] = []

    def kop(naam: str) -> None:
        uit.extend(["", f"## {naam}"])

    kop("stand")
    for waar in ("in verblijf", "met ambulante hulp", "met jeugdzorg"):
        uit += [koppen.stand(_v(s), waar) for s in SOORTEN]
    uit += [
        koppen.stand(_v("meer", 100, 99), "in wonen"),
        koppen.stand(_v("zwijgt", 1), "in wonen"),
        koppen.stand(GEEN, "in wonen"),
    ]
    kop("stromen")
    for bij, af in itertools.product((0, 1, 239), (0, 1, 204)):
        uit.append(koppen.stromen({"erbij": bij, "eraf": af, "is_vast": True}))
    uit += [koppen.stromen({"erbij": 5, "eraf": 3, "is_vast": False}), koppen.stromen(None)]
    kop("duur")
    uit += [koppen.duur(_v(s)) for s in SOORTEN] + [koppen.duur(_v("zwijgt", 1)), koppen.duur(GEEN)]
    kop("verwijzers")
    for deel in (0.93, 0.51, 0.5, 0.31):
        uit.append(koppen.verwijzers({"naam": "Huisarts", "v": deel, "is_vast": True}, van="de begonnen trajecten"))
    uit.append(koppen.verwijzers({"naam": "Onbekend", "v": 0.9, "is_vast": True}, van="de kosten"))
    uit += [
        koppen.verwijzers({"naam": "Huisarts", "v": 0.9, "is_vast": False}, van="de kosten"),
        koppen.verwijzers(None, van=""),
    ]
    kop("maandkosten")
    uit += [koppen.maandkosten(m, n) for m, n in ((5.1e6, 0), (5.1e6, 1), (5.1e6, 3), (None, 0), (None, 2))]
    kop("jaarkosten")
    uit += [koppen.jaarkosten(r) for r in ({"jaar": 2025, "v": Decimal(270_100_000)}, None)]
    kop("jaarverwachting")
    uit += [
        koppen.jaarverwachting(r)
        for r in (
            {"jaar": 2026, "jaarverwachting_eur": Decimal(325_260_064), "n_gemeenten": 14, "dekking": 1.0},
            {"jaar": 2026, "jaarverwachting_eur": Decimal(309_843_724), "n_gemeenten": 13, "dekking": 0.951},
            {"jaar": 2026, "jaarverwachting_eur": Decimal(325_260_064), "dekking": 0.9},
            None,
        )
    ]
    kop("ontleding")
    effecten = [("het aantal jeugdigen", 3.3e6), ("de prijs", -4.1e6)]
    for v, vast in ((5.9e6, True), (-5.9e6, True), (0.1e6, True), (5.9e6, False), (None, True)):
        uit.append(koppen.ontleding({"jaar": 2025, "v": v, "vorig": 54e6, "is_vast": vast}, effecten))
    kop("concentratie, prognose, naast elkaar, strook, aandeel, indicator")
    uit += [koppen.concentratie({"jaar": 2025, "v": 0.568, "is_vast": v}) for v in (True, False)]
    uit += [koppen.prognose({"maand": dt.date(2027, 9, 1), "v": v}) for v in (551.9, 1)] + [koppen.prognose(None)]
    uit += [
        koppen.naast_elkaar(("Losser", "3,1"), ("Wierden", "6,2"), "Per 1.000"),
        koppen.naast_elkaar(None, None, "Per 1.000"),
    ]
    for hoger, lager in itertools.product(([], ["kosten"], ["kosten", "duur", "crisis"]), repeat=2):
        uit.append(koppen.strook(hoger, lager, "Borne"))
    for s in SOORTEN:
        uit.append(koppen.aandeel(_v(s, 0.26, 0.24), "van de toewijzingen is te laat afgegeven"))
        uit += [
            koppen.indicator(_v(s, a, b), "Naam", eh)
            for eh, a, b in (("aandeel", 0.151, 0.143), ("euro", 2625, 2100), ("dagen", 333, 317), ("aantal", 533, 499))
        ]
    uit += [koppen.aandeel(GEEN, "van de toewijzingen"), koppen.indicator(GEEN, "Naam", "euro")]
    kop("doelen")
    uit += [koppen.doel_naam("Uitgaven verblijf", v) for v in (-0.1, -0.025, 0.05)]
    gevallen = [
        doel(),
        doel(afwijking=-0.105, status="op_koers"),
        doel(afwijking=0.0, status="op_koers"),
        doel(
            eenheid="aantal",
            basiswaarde=Decimal(251),
            ondergrens=Decimal(267),
            bovengrens=Decimal(267),
            realisatie_geschat=Decimal(267),
            streefwaarde=Decimal(245),
            afwijking=0.091,
            is_geschat=False,
        ),
        doel(
            eenheid="aantal",
            basiswaarde=Decimal(2),
            ondergrens=Decimal(1),
            bovengrens=Decimal(1),
            realisatie_geschat=Decimal(1),
            streefwaarde=Decimal(2),
            afwijking=-0.5,
            is_geschat=False,
        ),
        doel(status="onvoldoende_data", reden="voorbehoud", voorbehoud_eur=Decimal("2.3e6")),
        doel(voorbehoud_eur=Decimal("2.3e6")),
        doel(basiswaarde=Decimal("41.2e6"), status="aandacht"),
        doel(basiswaarde=Decimal("50e6"), streefwaarde=Decimal("45e6"), afwijking=-0.078, status="op_koers"),
        doel(basiswaarde=None),
        doel(voorbehoud_eur=Decimal("0.3e6")),
        doel(streefwaarde=Decimal("41.5e6"), afwijking=0.0, status="aandacht", panel_dekking=0.8, panel_n_gemeenten=1),
        *(
            doel(realisatie_geschat=None, realisatie=None, status="onvoldoende_data", reden=r)
            for r in ("te_vroeg", "geen_basis", "dekking")
        ),
    ]
    for d in gevallen:
        uit.append(
            " ".join(
                [
                    *koppen.doel_zin(d, "januari tot en met september 2026"),
                    "|",
                    zekerheid.grenzen(d),
                    zekerheid.jaarverwachting(d),
                    "|",
                    zekerheid.doel_letop(d),
                ]
            )
        )
    kop("antwoord")
    for n in (0, 1, 2, 5):
        for niet, op in itertools.product(range(n + 1), repeat=2):
            if niet + op <= n:
                statussen = ["niet_op_koers"] * niet + ["op_koers"] * op + ["onvoldoende_data"] * (n - niet - op)
                uit.append(f"{niet}+{op} van {n}: {koppen.antwoord(statussen)}")
    uit.append(f"2 op koers, 1 getwijfeld: {koppen.antwoord(['op_koers', 'op_koers'], twijfel=1)}")
    kop("segment")
    for s, d in itertools.product(
        SOORTEN, (None, *(("uitgaven", x) for x in koppen.STATUSWOORD), ("instroom", "aandacht"))
    ):
        uit.append(koppen.segment(_v(s), "Verblijf", "in verblijf", d))
    uit.append(koppen.segment(GEEN, "Verblijf", "in verblijf", None))
    kop("gemeente, kwaliteit, aanbieder, veranderd, openbaar")
    uit += [koppen.gemeente("Borne", *x, 2025) for x in (("€ 2.176", "€ 2.628"), ("€ 2.176", ""), ("", ""))]
    uit += [koppen.gemeente_aandeel("Borne", "15,1%", x, 2025) for x in ("14,5%", "")]
    for per, score in itertools.product(
        (
            [("toewijzingen", 0.58), ("declaraties", 0.64)],
            [("toewijzingen", 1.0)],
            [("declaraties", 0.0)],
            [("toewijzingen", 0.999)],
            [],
        ),
        (84.1, None),
    ):
        uit.append(koppen.kwaliteit(dt.date(2026, 10, 1), per, score))
    uit += [koppen.aanbieder("Zorggroep", k, 2025, d) for k, d in ((24.0e6, 0.082), (24.0e6, None), (None, None))]
    uit += [koppen.veranderd(n, m) for n, m in itertools.product((0, 1, 1203), (0, 1, 25))]
    uit += [koppen.openbaar({"v": 17155, "jaar": 2025}, "Twente"), koppen.openbaar(None, "Twente")]
    uit.append(koppen.plaats("Twente", 3, 41, "het aandeel jeugdigen met jeugdzorg"))
    kop("zeker")
    reeksen = [
        [rij(1), rij(2, maand=dt.date(2026, 8, 1))],
        [rij(1), rij(2, maand=dt.date(2026, 8, 1), rijping="voorlopig", dekking=0.58)],
        [rij(1), rij(None, maand=dt.date(2026, 8, 1)), rij(2, maand=dt.date(2026, 9, 1), dekking=0.999)],
        [rij(None)],
    ]
    uit += [zekerheid.reeks(r, None) for r in reeksen]  # type: ignore[arg-type]  # the place is not looked at
    uit += [zekerheid.waarom_niets([rij(None, **w)]) for w in ({}, {"dekking": 0.4}, {"reserve": 0.09})]
    uit.append(zekerheid.waarom_niets([]))
    uit += [
        zekerheid.periode(rij(1, dekking=d, rijping=r), "Het jaar 2025")
        for d, r in itertools.product((1.0, 0.97, 0.5), ("definitief", "voorlopig"))
    ]
    uit += [
        zekerheid.reserve(*x)
        for x in ((Decimal("2.3e6"), None), (Decimal("2.3e6"), Decimal(900)), (None, Decimal(900)), (0, 0))
    ]
    for n in (1, 2, 6):
        uit.append(zekerheid.maanden_onder_voorbehoud([rij(1, reserve=0.3, voorbehoud_eur=Decimal(1000 * n))] * n))
    return uit[1:]


def test_every_sentence_is_one_that_was_read():
    zinnen = alle_zinnen()
    if os.environ.get("REGIOMONITOR_SCHRIJF_KOPPEN"):
        LIJST.write_text("\n".join(zinnen) + "\n", encoding="utf-8")
    assert "\n".join(zinnen) + "\n" == LIJST.read_text(encoding="utf-8")


def test_no_sentence_names_a_fall_where_nothing_may_be_said():
    for zin in (
        koppen.stand(_v("zwijgt"), "in verblijf"),
        koppen.duur(_v("zwijgt")),
        koppen.indicator(_v("zwijgt"), "N", "euro"),
    ):
        assert not any(w in zin for w in ("minder", "lager", "korter", "af met", "daling"))
    assert "daling" not in "\n".join(
        z for z in alle_zinnen() if "geen daling" not in z and "geen stijging" not in z and "als daling tellen" not in z
    )


@pytest.mark.parametrize(
    ("geschreven", "verwacht"),
    [
        (taal.getal(1045), "1.045"),
        (taal.getal(-3), "−3"),
        (taal.getal(2.5), "3"),
        (taal.getal(0.25, 1), "0,3"),
        (taal.bedrag(47_912_345), "€\u00a047,9\u00a0mln"),
        (taal.bedrag(-999_499), "−€\u00a0999.499"),
        (taal.euro(Decimal("1234.50")), "€\u00a01.235"),
        (taal.procent(0.134, 1), "13,4%"),
        (taal.geleverd(0.999), "bijna 100%"),
        (taal.geleverd(0.001), "minder dan 1%"),
        (taal.geleverd(1.0), "100%"),
        (taal.rij(["a", "b", "c"]), "a, b en c"),
        (taal.kwartaal(dt.date(2026, 7, 1)), "derde kwartaal van 2026"),
        (taal.getal(None), "–"),
    ],
)
def test_numbers_are_written_as_a_dutch_reader_expects(geschreven, verwacht):
    assert geschreven == verwacht


@pytest.mark.parametrize(("grenzen", "verwacht"), [("62.1|62.8", "€ 62,1 mln tot € 62,8 mln (80% zekerheid)"), ("60.1|60.8", "€ 60,1 mln tot € 60,8 mln (80% zekerheid)"), ("61.0|62.0", "€ 61,5 mln (80% zekerheid: € 61,0 mln tot € 62,0 mln)")])  # fmt: skip
def test_an_expectation_outside_its_bounds_is_not_named(grenzen: str, verwacht: str) -> None:
    """A rule that came out on one side every time before is worth what its bounds say."""
    onder, boven = (Decimal(g) * 1_000_000 for g in grenzen.split("|"))
    d = doel(jaarverwachting_ondergrens=onder, jaarverwachting_bovengrens=boven, panel_dekking=1.0)
    assert zekerheid.jaarverwachting(d).replace("\u00a0", " ").startswith(f"Over heel 2026 verwachten we {verwacht};")


@pytest.mark.parametrize(
    ("nu", "toen", "n", "soort"),
    [
        (642, 685, 212, Beweging.GELIJK),
        (642, 685, 7500, Beweging.MINDER),
        (300, 307, 7500, Beweging.GELIJK),
        (500, 685, 212, Beweging.MINDER),
    ],
)
def test_a_duration_of_few_trajecten_does_not_rise_or_fall_by_chance(nu, toen, n, soort):
    rijen = [rij(toen, maand=JULI_EERDER) | {"noemer": n}, rij(nu) | {"noemer": n}]
    assert vergelijk(rijen, "dagen").beweging is soort
