-- The periods in which providers are shown: calendar years that began within the published months, and whole quarters;
-- each with the months of the same period a year before, and whether those are published as well.
with maanden as (
    select * from {{ ref('dim_maanden') }}
),

perioden as (
    select
        'jaar' as periode_soort,
        make_date(jaar, 1, 1) as periode,
        min(maand) as eerste_maand,
        max(maand) as laatste_maand,
        make_date(jaar, 12, 1) as slotmaand
    from maanden
    group by jaar
    having min(maand) = make_date(jaar, 1, 1)

    union all

    select
        'kwartaal',
        cast(date_trunc('quarter', maand) as date),
        min(maand),
        max(maand),
        max(maand)
    from maanden
    group by cast(date_trunc('quarter', maand) as date)
    having count(*) = 3
)

select
    *,
    last_day(laatste_maand) as laatste_dag,
    date_diff('month', eerste_maand, laatste_maand) + 1 as n_maanden,
    cast(eerste_maand - interval 1 year as date) as eerste_maand_ervoor,
    cast(laatste_maand - interval 1 year as date) as laatste_maand_ervoor,
    laatste_maand = slotmaand
    and eerste_maand - interval 1 year >= (select min(maand) from maanden) as heeft_jaar_ervoor
from perioden
