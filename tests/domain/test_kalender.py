"""Calendar states (SPEC 4 and 7), with the project's own seeds and a clock that is an argument."""

import datetime as dt
import shutil
from pathlib import Path

import pytest

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.kalender import AMSTERDAM, kalender, uiterste_datum
from pipeline.domain.leveringen import Bericht, Ontvangstbewijs, Sleutel, Status, levering_id
from pipeline.domain.maanden import Maand
from pipeline.settings import PROJECT

MAAND = Maand(2026, 3)
BERICHT = Bericht.DECLARATIES


@pytest.fixture(scope="module")
def catalogus() -> Catalogus:
    return Catalogus.load(PROJECT / "seeds")


def moment(dag: str) -> dt.datetime:
    return dt.datetime.combine(dt.date.fromisoformat(dag), dt.time(12), tzinfo=AMSTERDAM)


def bewijs(
    dag: str, status: Status, *, gemeente: str = "GM0141", maand: Maand = MAAND, sha: str = "a"
) -> Ontvangstbewijs:
    sleutel = Sleutel(gemeente, BERICHT, maand)
    return Ontvangstbewijs(
        levering_id=levering_id(sleutel, sha * 64),
        sleutel=sleutel,
        sha256=sha * 64,
        bytes=1,
        bestandsnaam="x.csv",
        ontvangen_op=moment(dag),
        verwerkt_op=moment(dag),
        status=status,
    )


def cel(catalogus, bewijzen, peil, *, gemeente="GM0141", maand=MAAND):
    rijen = kalender(catalogus, bewijzen, moment(peil))
    (rij,) = [r for r in rijen if (r.gemeente, r.bericht, r.maand) == (gemeente, BERICHT, maand)]
    return rij


@pytest.mark.parametrize(
    ("peil", "verwacht"),
    [
        ("2026-04-15", Status.VERWACHT),  # through the due date
        ("2026-04-16", Status.TE_LAAT),
        ("2026-04-25", Status.TE_LAAT),  # last day of ten days' grace
        ("2026-04-26", Status.ONTBREEKT),
    ],
)
def test_nothing_came(catalogus, peil, verwacht):
    assert cel(catalogus, [], peil).status is verwacht


def test_dagen_te_laat_runs_to_the_peilmoment_and_stops_at_the_first_accepted_arrival(catalogus):
    assert cel(catalogus, [], "2026-04-14").dagen_te_laat == 0
    assert cel(catalogus, [], "2026-04-20").dagen_te_laat == 5
    goed = [bewijs("2026-04-17", Status.GEACCEPTEERD), bewijs("2026-05-30", Status.GEACCEPTEERD, sha="b")]
    assert cel(catalogus, goed, "2026-06-30").dagen_te_laat == 2


def test_a_receipt_after_the_peilmoment_is_not_known_yet(catalogus):
    assert cel(catalogus, [bewijs("2026-04-17", Status.GEACCEPTEERD)], "2026-04-16").status is Status.TE_LAAT


def test_a_refused_later_version_does_not_change_what_stands(catalogus):
    goed, fout = bewijs("2026-04-10", Status.GEACCEPTEERD), bewijs("2026-04-12", Status.AFGEKEURD, sha="b")
    rij = cel(catalogus, [goed, fout], "2026-04-20")
    assert (rij.status, rij.levering_id) == (Status.GEACCEPTEERD, goed.levering_id)


def test_with_none_accepted_the_last_refused_one_is_shown(catalogus):
    eerste, laatste = bewijs("2026-04-10", Status.AFGEKEURD), bewijs("2026-04-12", Status.AFGEKEURD, sha="b")
    assert cel(catalogus, [laatste, eerste], "2026-04-20").levering_id == laatste.levering_id


def test_quarter_is_due_after_the_quarter(catalogus):
    afspraak = catalogus.afspraak("GM0153", BERICHT, MAAND)
    assert {uiterste_datum(afspraak, Maand(2026, m)) for m in (1, 2, 3)} == {dt.date(2026, 4, 15)}
    assert uiterste_datum(afspraak, Maand(2026, 12)) == dt.date(2027, 1, 15)
    assert cel(catalogus, [], "2026-02-20", gemeente="GM0153", maand=Maand(2026, 1)).status is Status.VERWACHT


def test_before_the_agreement_what_came_is_shown_and_what_did_not_is_not_missing(catalogus):
    vroeg = Maand(2024, 6)
    kwam = [bewijs("2024-07-10", Status.GEACCEPTEERD, maand=vroeg)]
    assert cel(catalogus, kwam, "2026-04-20", maand=vroeg).status is Status.GEACCEPTEERD
    assert cel(catalogus, kwam, "2026-04-20", maand=vroeg, gemeente="GM0147").status is Status.NOG_NIET_AANGESLOTEN


def test_a_refused_file_with_a_mistyped_year_does_not_stretch_the_calendar(catalogus):
    rijen = kalender(catalogus, [bewijs("2026-04-10", Status.AFGEKEURD, maand=Maand(1926, 3))], moment("2026-04-20"))
    assert sum(r.maand < Maand(2025, 1) for r in rijen) == 1


def test_rows_run_to_the_first_month_not_yet_due(catalogus):
    maanden = {r.maand for r in kalender(catalogus, [], moment("2026-04-15")) if r.gemeente == "GM0141"}
    assert max(maanden) == Maand(2026, 3)
    assert min(maanden) == Maand(2025, 1)
    maanden = {r.maand for r in kalender(catalogus, [], moment("2026-04-16")) if r.gemeente == "GM0141"}
    assert max(maanden) == Maand(2026, 4)


def test_of_a_demo_nothing_is_missing_from_before_its_first_month(catalogus):
    rijen = kalender(catalogus, [], moment("2026-04-28"), niet_voor=Maand(2026, 1))
    assert {r.maand for r in rijen} >= {Maand(2026, 1), Maand(2026, 3)}
    assert min(r.maand for r in rijen) == Maand(2026, 1)
    # what did come is shown, however early
    eerder = kalender(
        catalogus, [bewijs("2025-05-05", Status.AFGEKEURD, maand=Maand(2025, 4))], moment("2026-04-28"),
        niet_voor=Maand(2026, 1),
    )  # fmt: skip
    assert min(r.maand for r in eerder) == Maand(2025, 4)
    # and before it agreements still decide: a later month than theirs does not pull them forward
    laat = kalender(catalogus, [], moment("2026-04-28"), niet_voor=Maand(2020, 1))
    assert min(r.maand for r in laat) == Maand(2025, 1)


def test_nil_confirmation_counts_from_the_day_it_was_given(tmp_path: Path):
    seeds = shutil.copytree(PROJECT / "seeds", tmp_path / "seeds")
    with (seeds / "ref_nihil_opgaven.csv").open("a", encoding="utf-8") as f:
        f.write("GM0141,declaraties,2026-03,afdeling jeugd,2026-04-18\n")
    met_nihil = Catalogus.load(seeds)
    assert cel(met_nihil, [], "2026-04-17").status is Status.TE_LAAT
    rij = cel(met_nihil, [], "2026-04-18")
    assert (rij.status, rij.dagen_te_laat) == (Status.NIHIL_BEVESTIGD, None)
