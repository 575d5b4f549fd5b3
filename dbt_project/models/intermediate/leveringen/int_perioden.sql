-- The periods that are published: months, years (the running one as far as it
-- goes; one that began before the first published month is none) and twelve months from the
-- twelfth published month on. `periode_nr` counts up by one per period of the same soort.
with maanden as (
    select * from {{ ref('dim_maanden') }}
),

eerste as (
    select min(maandnr) as eerste_nr
    from maanden
),

perioden as (
    select
        'maand' as periode_soort,
        maand as periode,
        maandnr as periode_nr,
        maand as eerste_maand,
        maand as laatste_maand,
        maand as slotmaand
    from maanden

    union all

    select
        'jaar',
        make_date(jaar, 1, 1),
        jaar,
        min(maand),
        max(maand),
        make_date(jaar, 12, 1)
    from maanden
    group by jaar
    having min(maand) = make_date(jaar, 1, 1)

    union all

    select
        '12m' as periode_soort,
        maand as periode,
        maandnr as periode_nr,
        {{ maand_van_nr('maandnr - 11') }} as eerste_maand,
        maand as laatste_maand,
        maand as slotmaand
    from maanden
    cross join eerste
    where maandnr - eerste_nr >= 11
)

select
    *,
    {{ maandnr('eerste_maand') }} as eerste_maandnr,
    {{ maandnr('laatste_maand') }} as laatste_maandnr,
    eerste_maand as eerste_dag,
    last_day(laatste_maand) as laatste_dag
from perioden
