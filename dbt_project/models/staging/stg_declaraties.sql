with geldende_leveringen as (
    select levering_id, levering_nr, ontvangen_op, ontvangen_dag
    from {{ ref('stg_leveringen') }}
    where is_geldend and bericht = 'declaraties'
)

select
    declaraties.*,
    -- a row by its place in raw, within one build: what is narrow stays narrow and fetches the rest by this number
    declaraties.rowid as rij_nr,
    geldende_leveringen.levering_nr,
    geldende_leveringen.ontvangen_op,
    geldende_leveringen.ontvangen_dag
from {{ source('raw', 'declaraties') }} as declaraties
inner join geldende_leveringen using (levering_id)
