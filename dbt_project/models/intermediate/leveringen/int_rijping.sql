-- Up to which month the regio delivered, per bericht; 'beide' is the one that lags. It decides what is still voorlopig.
with per_bericht as (
    select berichten.bericht, max(leveringen.leveringsmaand) as laatste_leveringsmaand
    from (values ('toewijzingen'), ('declaraties')) as berichten (bericht)
    left join {{ ref('stg_leveringen') }} as leveringen
        on berichten.bericht = leveringen.bericht and leveringen.is_geldend
    group by berichten.bericht
)

select bericht, laatste_leveringsmaand
from per_bericht

union all

select 'beide', case when count(laatste_leveringsmaand) = 2 then min(laatste_leveringsmaand) end
from per_bericht
