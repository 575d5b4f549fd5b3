"""Explanations that point at nothing are told to the engineer; all others are silent."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from pipeline.domain.catalogus import Catalogus, SeedFout
from pipeline.domain.leveringen import Bericht, Ontvangstbewijs, Sleutel, Status, levering_id
from pipeline.domain.maanden import Maand
from pipeline.domain.verklaringen import losse_verklaringen
from pipeline.settings import PROJECT

NU = dt.datetime(2026, 4, 20, 12, tzinfo=dt.UTC)


def bewijs(dag: str, status: Status = Status.GEACCEPTEERD) -> Ontvangstbewijs:
    """A receipt of Almelo, declaraties of March 2026."""
    sleutel, moment = Sleutel("GM0141", Bericht.DECLARATIES, Maand(2026, 3)), dt.datetime.fromisoformat(f"{dag}T08:00Z")
    sha = f"{dag:a<64}"
    return Ontvangstbewijs(levering_id(sleutel, sha), sleutel, sha, 1, "x.csv", moment, moment, status)


def met(map_: Path, *rijen: str) -> Catalogus:
    """The seeds with these explanations."""
    seeds = map_ / "seeds"
    shutil.copytree(PROJECT / "seeds", seeds, dirs_exist_ok=True)
    kop = (PROJECT / "seeds" / "ref_verklaringen.csv").read_text(encoding="utf-8").splitlines()[0]
    (seeds / "ref_verklaringen.csv").write_text("\n".join([kop, *rijen, ""]), encoding="utf-8")
    return Catalogus.load(seeds)


@pytest.mark.parametrize(
    ("rij", "zin"),
    [
        ("GM0141,declaraties,2026-03,D24,,,,,kwartaalfactuur,beheer,2026-04-12", None),
        # boundary: explained on the day of arrival
        ("GM0141,declaraties,2026-03,D24,,,,,kwartaalfactuur,beheer,2026-04-10", None),
        ("GM0141,declaraties,2026-03,D24,,,,,kwartaalfactuur,beheer,2026-04-09", "nieuwe versie"),
        ("GM0141,declaraties,2026-03,D24,,,,,kwartaalfactuur,beheer,2026-04-20", None),
        ("GM0141,declaraties,2026-03,D24,,,,,kwartaalfactuur,beheer,2026-04-21", "moet nog komen"),
        ("GM0141,declaraties,2026-02,D24,,,,,kwartaalfactuur,beheer,2026-04-12", "geen levering"),
        ("GM0141,declaraties,2026-03,D99,,,,,kwartaalfactuur,beheer,2026-04-12", "ref_regels.csv"),
        ("GM0141,declaraties,2026-03,T23,,,,,kwartaalfactuur,beheer,2026-04-12", "gaat niet over"),
        ("GM0141,declaraties,2026-03,D02,,,,,kwartaalfactuur,beheer,2026-04-12", "keurt af"),
        # a rule that holds back: of how many rows and how much money; a newer version is no reason to ask again
        ("GM0141,declaraties,2026-03,D36,,,2,150000,spoedtarief,beheer,2026-04-09", None),
        ("GM0141,declaraties,2026-03,D36,,,2,,spoedtarief,beheer,2026-04-12", "bedrag_cent"),
        ("REGIO,,2026-01,beweging_bij_gelijke_dekking,kosten,,,,nabetaling,beheer,2026-04-12", None),
        ("GM0141,,2026-01,groei_in_een_jaar,,,,,nieuwe taak,beheer,2026-04-12", None),
        ("GM9999,,2026-01,groei_in_een_jaar,,,,,nieuwe taak,beheer,2026-04-12", "gebied GM9999"),
        ("REGIO,,2026-01,D24,kosten,,,,nabetaling,beheer,2026-04-12", "zonder bericht"),
        ("REGIO,,2026-01,beweging_bij_gelijke_dekking,koste,,,,nabetaling,beheer,2026-04-12", "ref_indicatoren.csv"),
    ],
)
def test_an_explanation_that_excuses_nothing_is_named(tmp_path: Path, rij: str, zin: str | None) -> None:
    gevonden = losse_verklaringen(met(tmp_path, rij), [bewijs("2026-04-10")], NU)
    assert len(gevonden) == (zin is not None)
    assert all(s.startswith("ref_verklaringen.csv regel 2: ") and (zin or "") in s for s in gevonden)


def test_a_refused_later_version_does_not_ask_again(tmp_path: Path) -> None:
    catalogus = met(tmp_path, "GM0141,declaraties,2026-03,D24,,,,,kwartaalfactuur,beheer,2026-04-12")
    assert losse_verklaringen(catalogus, [bewijs("2026-04-10"), bewijs("2026-04-14", Status.AFGEKEURD)], NU) == ()
    assert len(losse_verklaringen(catalogus, [bewijs("2026-04-10"), bewijs("2026-04-14")], NU)) == 1
    # what arrives after the peilmoment is not known yet
    assert losse_verklaringen(catalogus, [bewijs("2026-04-10"), bewijs("2026-04-21")], NU) == ()


@pytest.mark.parametrize(
    "rij",
    [
        "GM0141,declaraties,2026-03,D24,,,,,,beheer,2026-04-12",
        "GM0141,declaraties,2026-03,D24,,,,,kwartaalfactuur,,2026-04-12",
        "GM0141,declaraties,2026-03,D24,,,,,het gaat om 999900006,beheer,2026-04-12",
        "GM0141,facturen,2026-03,D24,,kwartaalfactuur,beheer,2026-04-12",
        "GM0141,declaraties,2026-03,D24,,,,,kwartaalfactuur,beheer,12-04-2026",
    ],
)
def test_an_explanation_without_text_author_or_day_or_with_a_number_is_refused(tmp_path: Path, rij: str) -> None:
    with pytest.raises(SeedFout):
        met(tmp_path, rij).controleer()
