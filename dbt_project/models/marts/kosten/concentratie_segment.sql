-- Of each segment by itself; all together: concentratie. The shares are those of the youths with cost in that segment.
select
    '{{ var("publicatie_id") }}' as publicatie_id,
    *
from {{ ref('int_concentratie') }}
where segment <> 'totaal'
