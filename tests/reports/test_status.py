"""The calendar as people see it: the five counts, by month, and who is counted."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from rich.console import Console

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.kalender import kalender
from pipeline.domain.leveringen import Bericht, Ontvangstbewijs, Sleutel, Status, levering_id
from pipeline.domain.maanden import Maand
from pipeline.reports.status import tellingen, tellingen_per_maand, toon_status, toon_verloop
from tests.kleine_regio import maak_seeds

NU = dt.datetime(2025, 4, 20, 12, tzinfo=dt.UTC)


def bewijs(gemeente: str, bericht: Bericht, maand: Maand, dag: str, status: Status = Status.GEACCEPTEERD):
    sleutel = Sleutel(gemeente, bericht, maand)
    op = dt.datetime.combine(dt.date.fromisoformat(dag), dt.time(12), tzinfo=dt.UTC)
    return Ontvangstbewijs(levering_id(sleutel, "a"), sleutel, "a", 1, "x.csv", op, op, status)


@pytest.fixture(scope="module")
def rijen(tmp_path_factory):
    """Two gemeenten: one delivers, one is excused for February; Enschede's quarter was due on 15 April."""
    seeds = maak_seeds(tmp_path_factory.mktemp("status") / "seeds", ("GM0141", "GM0147", "GM0153"))
    with (seeds / "ref_vrijstellingen.csv").open("a", encoding="utf-8") as f:
        f.write("GM0147,,2025-02,2025-02,verhuizing van het systeem,2025-03-01\n")
    catalogus = Catalogus.load(seeds)
    d = Bericht.DECLARATIES
    bewijzen = [
        bewijs("GM0141", d, Maand(2025, 1), "2025-02-15"),
        bewijs("GM0141", d, Maand(2025, 2), "2025-03-16"),  # a day late
        bewijs("GM0147", d, Maand(2025, 1), "2025-02-10", Status.AFGEKEURD),
        bewijs("GM0141", d, Maand(2025, 4), "2025-04-20"),  # before it was due at all
    ]
    alles = kalender(catalogus, bewijzen, NU)
    return catalogus, [r for r in alles if r.bericht is d]


def test_the_five_counts_by_month(rijen):
    per_maand = tellingen_per_maand(rijen[1])
    # January: three expected, Almelo on time, Borne refused, Enschede (due 15 April) nothing
    assert per_maand[Maand(2025, 1)] == {
        "verwacht": 3,
        "ontvangen": 1,
        "op_tijd": 1,
        "ontvangen_aandeel": pytest.approx(1 / 3),
        "op_tijd_aandeel": pytest.approx(1 / 3),
    }
    # February: Borne is excused, Almelo came a day late
    assert (per_maand[Maand(2025, 2)]["verwacht"], per_maand[Maand(2025, 2)]["op_tijd"]) == (2, 0)
    assert sum(t["verwacht"] for t in per_maand.values()) == tellingen(rijen[1])["verwacht"]


def test_what_came_early_is_counted_and_what_is_not_due_is_not(rijen):
    april = tellingen_per_maand(rijen[1])[Maand(2025, 4)]
    assert (april["verwacht"], april["op_tijd"]) == (1, 1)


def test_the_excused_month_says_why(rijen):
    (rij,) = [r for r in rijen[1] if (r.gemeente, r.maand) == ("GM0147", Maand(2025, 2))]
    assert not rij.is_verplicht
    assert rij.reden == "verhuizing van het systeem"


def test_an_exemption_is_not_known_before_it_was_given(rijen):
    catalogus, _ = rijen
    eerder = kalender(catalogus, [], dt.datetime(2025, 2, 27, 12, tzinfo=dt.UTC))
    assert all(r.is_verplicht for r in eerder if r.gemeente == "GM0147")


def test_both_ways_to_show_it(rijen):
    catalogus, kal = rijen
    scherm = Console(file=io.StringIO(), width=120, force_terminal=False)
    toon_verloop(kal, n_maanden=12, console=scherm)
    toon_status(kal, catalogus, n_maanden=12, console=scherm)
    uit = scherm.file.getvalue()
    assert "2025-01 " in uit
    assert "33%" in uit
    assert "Almelo" in uit
    assert "Borne: declaraties 2025-01 is afgekeurd" in uit
