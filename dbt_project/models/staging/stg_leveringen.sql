select
    *,
    -- short to join and count on, within one build
    cast(row_number() over (order by levering_id) as integer) as levering_nr
from {{ source('raw', 'leveringen') }}
