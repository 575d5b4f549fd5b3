-- Of all segments together; each by itself: concentratie_segment.
select
    '{{ var("publicatie_id") }}' as publicatie_id,
    * exclude (segment)
from {{ ref('int_concentratie') }}
where segment = 'totaal'
