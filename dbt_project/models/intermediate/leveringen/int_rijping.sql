-- Up to which month the regio delivered, per bericht; 'beide' is the one that lags, as is a further extract with allocations. It decides what is still voorlopig.
with per_bericht as (
    select berichten.bericht, max(leveringen.leveringsmaand) as laatste_leveringsmaand
    from (values ('toewijzingen'), ('declaraties')) as berichten (bericht)
    left join {{ ref('stg_leveringen') }} as leveringen
        on berichten.bericht = leveringen.bericht and leveringen.is_geldend
    group by berichten.bericht
),

verder as (
    select bericht, max(leveringsmaand) as laatste_leveringsmaand
    from {{ ref('stg_leveringen') }}
    where is_geldend and bericht not in {{ kern() }}
    group by bericht
)

select bericht, laatste_leveringsmaand
from per_bericht

union all

select 'beide', case when count(laatste_leveringsmaand) = 2 then min(laatste_leveringsmaand) end
from per_bericht

union all

select bericht, laatste_leveringsmaand
from verder

union all

select verder.bericht || '_en_toewijzingen', least(verder.laatste_leveringsmaand, per_bericht.laatste_leveringsmaand)
from verder
inner join per_bericht on per_bericht.bericht = 'toewijzingen'
