-- The months that are published: from the first to the last leveringsmaand with an accepted levering that stands, of a
-- bericht that every regio delivers.
with grenzen as (
    select min(leveringsmaand) as eerste, max(leveringsmaand) as laatste
    from {{ ref('stg_leveringen') }}
    where is_geldend and bericht in {{ kern() }}
),

reeks as (
    select unnest(generate_series(cast(eerste as timestamp), cast(laatste as timestamp), interval 1 month)) as maand
    from grenzen
)

select
    cast(maand as date) as maand,
    cast(year(maand) as integer) as jaar,
    last_day(maand) as laatste_dag,
    cast({{ maandnr('maand') }} as integer) as maandnr
from reeks
