"""Which figures moved between two publications, and which leveringen did it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from pipeline.domain.leveringen import Bericht
from pipeline.publish import verschil_leveringen, verschillen
from tests.publish.conftest import Proefmarts, bewijs


def test_moved_new_and_gone_figures(marts: Proefmarts) -> None:
    een = marts.publiceer(1)
    waar = "WHERE indicator_id = 'kosten' AND periode_soort = 'maand' AND gebied_code = 'GM0141'"
    twee = marts.kandidaat(
        2,
        f"UPDATE sturing.indicatoren SET waarde = 1100, teller = 1100, dekking = 0.9 {waar} AND periode = '2025-03-01'",
        f"UPDATE sturing.indicatoren SET periode = '2025-06-01' {waar} AND periode = '2025-05-01'",
    )
    uit = verschillen(een.pad, twee.pad)
    assert [(v.soort, v.periode) for v in uit] == [
        ("gewijzigd", dt.date(2025, 3, 1)),
        ("vervallen", dt.date(2025, 5, 1)),
    ]
    v = uit[0]
    assert (v.indicator_id, v.gebied_code, v.waarde_oud, v.waarde_nieuw, v.verschil) == (
        "kosten",
        "GM0141",
        1000,
        1100,
        100,
    )
    assert v.verschil_aandeel == pytest.approx(0.1)
    assert (v.dekking_oud, v.dekking_nieuw) == (1.0, 0.9)
    assert v.als_dict()["periode"] == "2025-03-01"
    assert [v.soort for v in verschillen(een.pad, twee.pad, met_nieuwe=True)] == ["gewijzigd", "vervallen", "nieuw"]
    assert verschillen(een.pad, een.pad) == []


def test_which_leveringen_did_it(marts: Proefmarts) -> None:
    een = marts.publiceer(1)
    oud = marts.bewijzen[1]
    marts.bewijzen = [
        marts.bewijzen[0],
        oud,
        replace(bewijs(Bericht.DECLARATIES, inhoud="b" * 64), ontvangen_op=oud.ontvangen_op + dt.timedelta(days=1)),
        bewijs(Bericht.TOEWIJZINGEN, maand="2025-06"),
    ]
    twee = marts.kandidaat(2)
    assert [(v.soort, v.bericht, v.maand) for v in verschil_leveringen(een.pad, twee.pad)] == [
        ("eraf", "declaraties", "2025-05"),
        ("erbij", "declaraties", "2025-05"),
        ("erbij", "toewijzingen", "2025-06"),
    ]
