"""Working days: Monday to Friday without Dutch public holidays (DOMAIN 2.1, Algemene termijnenwet).

Lives here: which days count. Goede Vrijdag and 5 mei count as holidays every year; Koningsdag moves as the law says.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import holidays


@lru_cache(maxsize=256)
def feestdagen(jaar: int) -> frozenset[dt.date]:
    """Dutch holidays of `jaar` on which the five-working-day terms do not run."""
    return frozenset(holidays.country_holidays("NL", years=jaar, categories=("public", "optional")))


def is_werkdag(dag: dt.date) -> bool:
    """Tell whether `dag` is a working day."""
    return dag.weekday() < 5 and dag not in feestdagen(dag.year)


def werkdagen_reeks(van: dt.date, tot: dt.date) -> list[tuple[dt.date, bool, int]]:
    """Every day from `van` to `tot` (inclusive) as (day, is working day, working days since `van`).

    The difference of two running numbers is the number of working days after the first day, up to and including
    the second: day 1 is the day after receipt.
    """
    uit: list[tuple[dt.date, bool, int]] = []
    teller = 0
    for i in range((tot - van).days + 1):
        dag = van + dt.timedelta(days=i)
        werkdag = is_werkdag(dag)
        teller += werkdag
        uit.append((dag, werkdag, teller))
    return uit
