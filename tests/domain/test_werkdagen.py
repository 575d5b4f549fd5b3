"""The worked example is of DOMAIN 2.1: request received Thursday 17-04-2025."""

import datetime as dt

from pipeline.domain.werkdagen import feestdagen, is_werkdag, werkdagen_reeks


def _werkdagen_na(van: dt.date, tot: dt.date) -> int:
    nummers = {dag: nr for dag, _, nr in werkdagen_reeks(dt.date(2025, 1, 1), dt.date(2025, 12, 31))}
    return nummers[tot] - nummers[van]


def test_five_working_days_around_easter_and_kingsday():
    ontvangen = dt.date(2025, 4, 17)
    werkdagen = [d for d in (ontvangen + dt.timedelta(days=i) for i in range(1, 12)) if is_werkdag(d)]
    assert [d.day for d in werkdagen] == [22, 23, 24, 25, 28]
    assert _werkdagen_na(ontvangen, dt.date(2025, 4, 28)) == 5  # on time
    assert _werkdagen_na(ontvangen, dt.date(2025, 4, 29)) == 6  # late


def test_the_default_set_of_holidays():
    assert feestdagen(2026) == {
        dt.date(2026, 1, 1),
        dt.date(2026, 4, 3),  # Goede Vrijdag
        dt.date(2026, 4, 5),  # Pasen
        dt.date(2026, 4, 6),
        dt.date(2026, 4, 27),  # Koningsdag
        dt.date(2026, 5, 5),  # every year, not only in lustrum years
        dt.date(2026, 5, 14),  # Hemelvaart
        dt.date(2026, 5, 24),  # Pinksteren
        dt.date(2026, 5, 25),
        dt.date(2026, 12, 25),
        dt.date(2026, 12, 26),
    }


def test_kingsday_moves_when_it_is_a_sunday():
    assert dt.date(2025, 4, 26) in feestdagen(2025)
    assert dt.date(2025, 4, 27) not in feestdagen(2025)


def test_weekend_days_keep_the_number_of_the_friday():
    rijen = werkdagen_reeks(dt.date(2025, 6, 6), dt.date(2025, 6, 8))
    assert [(werkdag, nr) for _, werkdag, nr in rijen] == [(True, 1), (False, 1), (False, 1)]
