"""Which regional figures moved since the last publication, and which of those movements are explained.

Lives here: the comparison of two attached marts files (`n` the candidate, `o` the last publication) with the
explanations of `seeds/ref_verklaringen.csv`. Keep out: what a movement may be at most (verwachtingen.py).

An explanation without bericht excuses figures that span its maand. One for REGIO excuses the whole movement; one for a
gemeente only what that gemeente moved: the figure is computed again without it. It is used up by the first publication
after it, because that holds the movement: it speaks only against a publication made on or before its day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from pipeline.domain.kalender import lokale_dag
from pipeline.domain.leveringen import REGIO
from pipeline.domain.seedrijen import Verklaring

VERDWENEN = 1e9
"""The movement of a figure that vanished or came from zero."""


@dataclass(frozen=True)
class Beweging:
    """One regional figure: its relative change, and what remains of it after the explanations (`onverklaard`)."""

    indicator_id: str
    periode_soort: str
    periode: dt.date
    segment: str
    beweging: float
    onverklaard: float
    zelfde_dekking: bool

    @property
    def naam(self) -> str:
        """The figure as one reads it."""
        return f"{self.indicator_id} {self.periode_soort} {self.periode:%Y-%m} {self.segment}"


_SQL = f"""
    -- a month of which more came in explains what moved in the months before it: claims arrive late
    WITH aangevuld AS (
        SELECT max(n.periode) AS laatste
        FROM o.sturing.indicatoren AS o
        JOIN n.sturing.indicatoren AS n USING (indicator_id, periode_soort, periode, gebied_code, segment)
        WHERE o.gebied_code = '{REGIO}' AND o.periode_soort = 'maand' AND o.segment = 'totaal'
            AND o.indicator_id IN ('kosten', 'stand') AND abs(n.dekking - o.dekking)::DOUBLE > $gelijke_dekking
    ),

    verklaard AS (
        SELECT unnest($gebieden) AS gebied_code, unnest($indicatoren) AS indicator_id,
            unnest($maanden)::DATE AS maand
    ),

    -- figures that an explanation speaks about: of the right gebied and indicator, with the month in their period
    verklaarde_cijfers AS (
        SELECT DISTINCT o.indicator_id, o.periode_soort, o.periode, o.segment, o.gebied_code
        FROM o.sturing.indicatoren AS o
        JOIN verklaard AS v
            ON o.gebied_code = v.gebied_code AND v.indicator_id IN ('', o.indicator_id)
            AND v.maand <= CASE o.periode_soort
                WHEN 'jaar' THEN o.periode + INTERVAL 11 MONTH ELSE o.periode END
            AND v.maand >= CASE o.periode_soort
                WHEN '12m' THEN o.periode - INTERVAL 11 MONTH ELSE o.periode END
    ),

    verklaard_deel AS (
        SELECT indicator_id, periode_soort, periode, segment,
            bool_or(gebied_code = '{REGIO}') AS geheel,
            sum(coalesce(n.waarde, 0)::DOUBLE - coalesce(o.waarde, 0)::DOUBLE) AS waarde,
            sum(coalesce(n.teller, 0)::DOUBLE - coalesce(o.teller, 0)::DOUBLE) AS teller,
            sum(coalesce(n.noemer, 0)::DOUBLE - coalesce(o.noemer, 0)::DOUBLE) AS noemer
        FROM verklaarde_cijfers
        JOIN o.sturing.indicatoren AS o USING (indicator_id, periode_soort, periode, gebied_code, segment)
        LEFT JOIN n.sturing.indicatoren AS n USING (indicator_id, periode_soort, periode, gebied_code, segment)
        GROUP BY ALL
    ),

    vergeleken AS (
        SELECT o.indicator_id, o.periode_soort, o.periode, o.segment,
            CASE WHEN n.waarde IS NOT DISTINCT FROM o.waarde THEN 0
                 WHEN n.waarde IS NULL OR o.waarde = 0 THEN {VERDWENEN}
                 ELSE abs(n.waarde::DOUBLE - o.waarde::DOUBLE) / abs(o.waarde::DOUBLE) END AS beweging,
            CASE WHEN v.geheel THEN 0
                 WHEN n.waarde IS NULL OR o.waarde = 0 THEN NULL
                 WHEN o.noemer IS NULL
                     THEN abs(n.waarde::DOUBLE - v.waarde - o.waarde::DOUBLE) / abs(o.waarde::DOUBLE)
                 -- a median has no numerator: what is left of it without a gemeente is not known
                 WHEN o.teller <> 0 AND n.noemer <> v.noemer
                     THEN abs((n.teller::DOUBLE - v.teller) / (n.noemer::DOUBLE - v.noemer)
                              / (o.teller::DOUBLE / o.noemer::DOUBLE) - 1)
            END AS rest,
            abs(coalesce(n.dekking, o.dekking)::DOUBLE - o.dekking::DOUBLE) <= $gelijke_dekking
                AND o.periode > coalesce((SELECT laatste FROM aangevuld), DATE '1900-01-01') AS zelfde_dekking
        FROM o.sturing.indicatoren AS o
        LEFT JOIN n.sturing.indicatoren AS n USING (indicator_id, periode_soort, periode, gebied_code, segment)
        LEFT JOIN verklaard_deel AS v
            ON o.indicator_id = v.indicator_id AND o.periode_soort = v.periode_soort
            AND o.periode = v.periode AND o.segment = v.segment
        WHERE o.gebied_code = '{REGIO}' AND o.rijping = 'definitief' AND o.waarde IS NOT NULL
            AND o.indicator_id NOT IN (SELECT unnest($niet))
            AND coalesce(n.rijping, 'definitief') = 'definitief'
            AND coalesce(n.indicator_versie, o.indicator_versie) = o.indicator_versie
            AND greatest(coalesce(n.n_jeugdigen, 0), coalesce(o.n_jeugdigen, 0)) >= $min_jeugdigen
            AND o.periode <= (
                SELECT max(p.periode) FROM n.sturing.indicatoren AS p WHERE p.periode_soort = o.periode_soort
            )
    )
    SELECT indicator_id, periode_soort, periode, segment, beweging::DOUBLE,
        least(beweging, coalesce(rest, beweging))::DOUBLE AS onverklaard, zelfde_dekking
    FROM vergeleken
    ORDER BY onverklaard DESC, beweging DESC, indicator_id, periode_soort, periode, segment
"""


def bewegingen(
    con: duckdb.DuckDBPyConnection,
    verklaringen: Sequence[Verklaring],
    *,
    gelijke_dekking: float,
    niet: Sequence[str],
    min_jeugdigen: float,
) -> list[Beweging]:
    """Every definitive regional figure that both have, the largest unexplained movement first.

    `niet`: indicators left out; figures on fewer than `min_jeugdigen` youths are too. `zelfde_dekking`: as much was
    delivered for it as then, within `gelijke_dekking`.
    """
    geldig = nog_geldig(con, verklaringen)
    rijen = con.execute(
        _SQL,
        {
            "gelijke_dekking": gelijke_dekking,
            "niet": list(niet),
            "min_jeugdigen": min_jeugdigen,
            "gebieden": [v.gemeente for v in geldig],
            "indicatoren": [v.indicator_id for v in geldig],
            "maanden": [v.maand.eerste_dag.isoformat() for v in geldig],
        },
    ).fetchall()
    return [Beweging(*rij) for rij in rijen]


def nog_geldig(con: duckdb.DuckDBPyConnection, verklaringen: Sequence[Verklaring]) -> list[Verklaring]:
    """Explanations that are not used up: given since the last publication was made, and not in the future."""
    toen, nu = (gemaakt_op(con, naam) for naam in ("o", "n"))
    return [v for v in verklaringen if toen <= v.op <= nu]


def gemaakt_op(con: duckdb.DuckDBPyConnection, naam: str) -> dt.date:
    """Day on which the attached publication `naam` was made."""
    [(moment,)] = con.execute(f"SELECT max(gemaakt_op) FROM {naam}.meta.publicatie").fetchall()
    return lokale_dag(moment.replace(tzinfo=dt.UTC))
