with geldende_leveringen as (
    select levering_id, ontvangen_op, ontvangen_dag
    from {{ ref('stg_leveringen') }}
    where is_geldend and bericht = 'declaraties'
)

select
    declaraties.*,
    geldende_leveringen.ontvangen_op,
    geldende_leveringen.ontvangen_dag
from {{ source('raw', 'declaraties') }} as declaraties
inner join geldende_leveringen using (levering_id)
