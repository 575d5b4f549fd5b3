-- The periods of the public edition: years and quarters of which every month is published.
with maanden as (
    select
        maand,
        unnest(['jaar', 'kwartaal']) as periode_soort,
        unnest([date_trunc('year', maand), date_trunc('quarter', maand)]) as periode
    from {{ ref('dim_maanden') }}
)

select
    periode_soort,
    cast(periode as date) as periode,
    min(maand) as eerste_maand,
    max(maand) as slotmaand,
    make_date(cast(year(min(maand)) as bigint), 1, 1) as jaar_begin
from maanden
group by 1, 2
having count(*) = case periode_soort when 'jaar' then 12 else 3 end
