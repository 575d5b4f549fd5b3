-- Places on a day as they were delivered, of every levering that stands.
select
    capaciteit.*,
    leveringen.levering_nr,
    leveringen.ontvangen_op
from {{ source('raw', 'capaciteit') }} as capaciteit
inner join {{ ref('stg_leveringen') }} as leveringen using (levering_id)
where leveringen.is_geldend
