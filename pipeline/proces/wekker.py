"""How long until it is that time in the Netherlands? For a container, which has no timers: `sleep $(python -m ...)`.

Lives here: that one answer. Keep out: what happens then (deploy/compose.yaml).
"""

from __future__ import annotations

import datetime as dt
import sys

from pipeline.domain.kalender import AMSTERDAM


def seconden_tot(tijd: dt.time, nu: dt.datetime) -> int:
    """Return the seconds from `nu` (aware) to the next moment at which Dutch clocks show `tijd`; at least one."""
    hier = nu.astimezone(AMSTERDAM)
    dagen = (dt.datetime.combine(hier.date() + dt.timedelta(days=n), tijd, AMSTERDAM) for n in (0, 1))
    straks = next(d for d in dagen if d > hier)
    return max(1, round((straks.astimezone(dt.UTC) - nu.astimezone(dt.UTC)).total_seconds()))


if __name__ == "__main__":
    print(seconden_tot(dt.time.fromisoformat(sys.argv[1]), dt.datetime.now(dt.UTC)))
