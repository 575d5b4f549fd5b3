"""Build-time findings for senders: counts per levering, and rows with their number and the sender's own key.

Lives here: reading what the build found, as plain values. Keep out: wording (reports/), person-level columns other than
the own key.
"""

from __future__ import annotations

import duckdb

from pipeline.domain.leveringen import Bericht
from pipeline.domain.maanden import Maand
from pipeline.domain.terugmelding import Signaal, Signaaltelling, toonbare_sleutel
from pipeline.settings import Huis

_TELLINGEN = """
    select
        l.gemeente, l.bericht, l.leveringsmaand, l.bestandsnaam, b.regel_code, sum(b.n_rijen)::bigint,
        coalesce(bool_or(k.is_verklaard), false)
    from intermediate.int_bevindingen_bouw as b
    inner join raw.leveringen as l using (levering_id)
    left join kwaliteit.bevindingen as k
        on l.gemeente = k.gemeente and l.bericht = k.bericht and l.leveringsmaand = k.maand
        and b.regel_code = k.regel_code
    where l.is_geldend and b.n_rijen > 0
    group by all
    order by all
"""
# the newest months of each gemeente; of every rule as many rows as of any other before the maximum is reached
_RIJEN = """
    with recent as (
        select levering_id, gemeente, bericht, leveringsmaand, bestandsnaam
        from raw.leveringen
        where is_geldend
        qualify leveringsmaand > max(leveringsmaand) over (partition by gemeente, bericht) - to_months($maanden)
    ),

    bevindingen as (
        select regel_code, levering_id, rij, null as sleutel
        from intermediate.int_bevindingen_rij
        where rij is not null
        union all
        select 'T26', levering_id, null, toewijzingnummer
        from intermediate.int_bevindingen_standen
        inner join staging.stg_leveringen using (levering_nr)
        where "T26"
    ),

    verdeeld as (
        select recent.*, regel_code, rij, sleutel,
            row_number() over (
                partition by gemeente, regel_code order by leveringsmaand desc, bericht, rij, sleutel
            ) as beurt
        from bevindingen
        inner join recent using (levering_id)
        anti join (
            select gemeente, bericht, maand as leveringsmaand, regel_code from kwaliteit.bevindingen where is_verklaard
        ) using (gemeente, bericht, leveringsmaand, regel_code)
    ),

    gekozen as materialized (
        select * from verdeeld
        qualify row_number() over (partition by gemeente order by beurt, regel_code) <= $max_rijen
    ),

    -- first the few rows, then their keys: the other way around every row of the raw tables is hashed
    sleutels as (
        __SLEUTELS__
    ),

    -- an allocation that is no longer there is known by what an earlier levering called it
    verdwenen as (
        select gemeente, toewijzingnummer as sleutel, arg_max(eigen_sleutel, (leveringsmaand, rij)) as eigen
        from raw.toewijzingen
        semi join (select gemeente, sleutel as toewijzingnummer from gekozen) using (gemeente, toewijzingnummer)
        group by all
    )

    select g.gemeente, g.bericht, g.leveringsmaand, g.bestandsnaam, g.regel_code, g.rij,
        coalesce(case when g.rij is null then v.eigen else s.eigen end, '')
    from gekozen as g
    left join sleutels as s using (levering_id, rij)
    left join verdwenen as v using (gemeente, sleutel)
    order by g.gemeente, g.regel_code, g.leveringsmaand desc, g.bericht, g.rij, 7
""".replace(
    "__SLEUTELS__",
    " union all ".join(
        f"select levering_id, rij, eigen_sleutel as eigen from raw.{b.value} semi join gekozen using (levering_id, rij)"
        for b in Bericht
    ),
)


def lees_signalen(huis: Huis, *, maanden: int, max_rijen: int) -> tuple[list[Signaaltelling], list[Signaal]]:
    """Return what the last build found on geldende leveringen: all counts, and the rows of the newest `maanden`.

    Of what was explained (`seeds/ref_verklaringen.csv`) only the count is there: nobody is asked again. At most
    `max_rijen` rows per gemeente. Empty when there is no warehouse, or one that was not built.
    """
    if not huis.warehouse.exists():
        return [], []
    with duckdb.connect(str(huis.warehouse), read_only=True) as con:
        gebouwd = con.execute(
            "select count(*) from duckdb_tables() where schema_name = 'kwaliteit' and table_name = 'bevindingen'"
        ).fetchall()[0][0]
        if not gebouwd:
            return [], []
        tellingen = con.execute(_TELLINGEN).fetchall()
        rijen = con.execute(_RIJEN, {"maanden": maanden, "max_rijen": max_rijen}).fetchall()
    return (
        [Signaaltelling(g, Bericht(b), Maand.van(m), naam, regel, n, v) for g, b, m, naam, regel, n, v in tellingen],
        [
            Signaal(g, Bericht(b), Maand.van(m), naam, regel, rij, toonbare_sleutel(sleutel))
            for g, b, m, naam, regel, rij, sleutel in rijen
        ],
    )
