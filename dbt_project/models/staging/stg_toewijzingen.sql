with geldende_leveringen as (
    select levering_id, ontvangen_op
    from {{ ref('stg_leveringen') }}
    where is_geldend and bericht = 'toewijzingen'
)

select
    toewijzingen.*,
    geldende_leveringen.ontvangen_op
from {{ source('raw', 'toewijzingen') }} as toewijzingen
inner join geldende_leveringen using (levering_id)
