import datetime as dt

import pytest

from pipeline.domain.maanden import Maand, reeks


def test_reading_and_writing_are_each_others_inverse():
    assert str(Maand.lees("2025-03")) == "2025-03"


@pytest.mark.parametrize("tekst", ["2025-13", "2025-00", "2025-3", "25-03", "2025/03", "maart 2025", "2025-03-01", ""])
def test_anything_else_is_refused(tekst):
    with pytest.raises(ValueError, match="geen maand"):
        Maand.lees(tekst)


def test_arithmetic_crosses_the_year():
    assert Maand(2025, 11).plus(3) == Maand(2026, 2)
    assert Maand(2025, 1).plus(-1) == Maand(2024, 12)
    assert Maand(2026, 2).volgnummer - Maand(2025, 11).volgnummer == 3


def test_a_day_past_the_end_is_the_last_day():
    assert Maand(2025, 2).dag(31) == dt.date(2025, 2, 28)
    assert Maand(2024, 2).dag(30) == dt.date(2024, 2, 29)
    assert Maand(2025, 4).dag(15) == dt.date(2025, 4, 15)


def test_reeks_is_inclusive_and_empty_when_reversed():
    assert reeks(Maand(2024, 12), Maand(2025, 2)) == [Maand(2024, 12), Maand(2025, 1), Maand(2025, 2)]
    assert reeks(Maand(2025, 2), Maand(2025, 1)) == []
