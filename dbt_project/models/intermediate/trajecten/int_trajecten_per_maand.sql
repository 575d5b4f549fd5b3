-- Numbers of trajecten per month of the event, also months outside the published ones: a stock is their sum.
select
    telling,
    gebied_code,
    segment,
    maandnr,
    count(*) as n_trajecten,
    cast(sum(duur_dagen) as bigint) as som_dagen,
    cast(sum(date_diff('day', date '1970-01-01', begin)) as bigint) as som_begindagnr
from {{ ref('int_traject_gebeurtenissen') }}
group by all
