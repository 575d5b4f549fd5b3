-- Requests for a place as they were delivered, of every levering that stands.
select
    verzoeken.*,
    leveringen.levering_nr,
    leveringen.ontvangen_op
from {{ source('raw', 'verzoeken') }} as verzoeken
inner join {{ ref('stg_leveringen') }} as leveringen using (levering_id)
where leveringen.is_geldend
