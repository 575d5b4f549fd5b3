"""Who delivers: gemeenten, and the regio itself where that was agreed; what is owed of an optional bericht."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from pipeline.domain import leveringen
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.kalender import AMSTERDAM, kalender
from pipeline.domain.leveringen import REGIO, Bericht, Ontvangstbewijs, Sleutel, Status, levering_id
from pipeline.domain.maanden import Maand
from pipeline.intake.landing import lees_gemeentemap, lees_naam
from pipeline.settings import PROJECT

MAAND = Maand(2026, 3)
VAN_REGIO = "REGIO,declaraties,mutaties,cent,maand,2026-02-01,,15,10,alle,"


def seeds(map_: Path, *regels: str, zonder: str = "") -> Catalogus:
    """The project's own, with agreements added or, of one bericht, taken away."""
    shutil.copytree(PROJECT / "seeds", map_)
    pad = map_ / "ref_leveringsafspraken.csv"
    blijft = [r for r in pad.read_text(encoding="utf-8").splitlines() if not zonder or f",{zonder}," not in r]
    pad.write_text("\n".join([*blijft, *regels]) + "\n", encoding="utf-8")
    return Catalogus.load(map_)


def moment(dag: str) -> dt.datetime:
    return dt.datetime.combine(dt.date.fromisoformat(dag), dt.time(12), tzinfo=AMSTERDAM)


def bewijs(sleutel: Sleutel) -> Ontvangstbewijs:
    op = moment("2026-04-10")
    return Ontvangstbewijs(levering_id(sleutel, "a"), sleutel, "a" * 64, 1, "x.csv", op, op, Status.GEACCEPTEERD)


def van(catalogus: Catalogus, afzender: str, bericht: Bericht, bewijzen: list[Ontvangstbewijs]) -> dict[str, Status]:
    rijen = kalender(catalogus, bewijzen, moment("2026-04-28"))
    return {str(r.maand): r.status for r in rijen if (r.gemeente, r.bericht) == (afzender, bericht)}


def test_the_regio_owes_what_was_agreed_with_it_and_nothing_else(tmp_path: Path) -> None:
    met = seeds(tmp_path / "met", VAN_REGIO)
    assert met.afzenders[REGIO] == "Regio"
    assert met.naam_van("GM0141") == "Almelo"
    assert van(met, REGIO, Bericht.DECLARATIES, []) == {
        "2026-02": Status.ONTBREEKT,
        "2026-03": Status.ONTBREEKT,
        "2026-04": Status.VERWACHT,
    }
    # that gemeenten deliver declaraties from 2025 on makes the regio owe none, nor any toewijzingen
    assert van(met, REGIO, Bericht.TOEWIJZINGEN, [bewijs(Sleutel("GM0141", Bericht.TOEWIJZINGEN, MAAND))]) == {}


def test_a_regio_without_an_agreement_is_no_sender(tmp_path: Path) -> None:
    zonder = seeds(tmp_path / "zonder", zonder="REGIO")
    assert set(zonder.afzenders) == set(zonder.gemeenten)
    assert not zonder.levert_regio(Bericht.DECLARATIES)
    assert van(zonder, REGIO, Bericht.DECLARATIES, [bewijs(Sleutel(REGIO, Bericht.DECLARATIES, MAAND))]) == {}


def test_nothing_is_owed_of_what_is_optional_and_was_not_agreed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zonder = seeds(tmp_path / "zonder", zonder="declaraties")
    kwam = [bewijs(Sleutel("GM0141", Bericht.TOEWIJZINGEN, MAAND))]
    assert van(zonder, "GM0141", Bericht.DECLARATIES, kwam) == {"2026-03": Status.NOG_NIET_AANGESLOTEN}
    monkeypatch.setattr(leveringen, "KERN", (Bericht.TOEWIJZINGEN,))
    assert van(zonder, "GM0141", Bericht.DECLARATIES, kwam) == {}
    # what came without an agreement is shown, and owed no more than before
    ook = [*kwam, bewijs(Sleutel("GM0141", Bericht.DECLARATIES, MAAND))]
    assert van(zonder, "GM0141", Bericht.DECLARATIES, ook) == {"2026-03": Status.GEACCEPTEERD}
    assert van(zonder, "GM0153", Bericht.DECLARATIES, ook) == {}


@pytest.mark.parametrize(
    ("naam", "afzender"),
    [
        ("declaraties_REGIO_2026-03.csv", REGIO),
        ("Declaraties_regio_2026-03_v2.CSV", REGIO),
        ("declaraties_0141_2026-03.csv", "GM0141"),
        ("declaraties_GMREGIO_2026-03.csv", None),
        ("declaraties_REGIO0141_2026-03.csv", None),
    ],
)
def test_the_name_of_a_file_says_who_sent_it(naam: str, afzender: str | None) -> None:
    gelezen = lees_naam(naam)
    assert (gelezen[0].gemeente if gelezen else None) == afzender


def test_the_folder_of_the_regio_is_a_folder_of_a_sender() -> None:
    assert [lees_gemeentemap(n) for n in ("REGIO", "regio", "GM0141", "0141", "REGIOS")] == [
        REGIO, REGIO, "GM0141", "GM0141", None,
    ]  # fmt: skip
