-- What targets and measures follow, month by month and per gemeente, in hundredths: cost in cents, as received and completed
-- by naijling, and a hundred times the crisis trajecten that began.
select
    gemeente,
    zorgmaand as maand,
    'kosten' as indicator_id,
    segment,
    zonder_alternatief,
    geteld_cent as ontvangen,
    eind_cent as geschat
from {{ ref('int_naijling_eind') }}

union all

select
    gebied_code,
    cast(date_trunc('month', begin) as date),
    'crisis_instroom',
    segment,
    false,
    count(*) * 100,
    count(*) * 100
from {{ ref('fct_trajecten') }}
where gebied_code <> 'REGIO'
group by all
