with geldende_leveringen as (
    select levering_id, levering_nr, ontvangen_op, ontvangen_dag
    from {{ ref('stg_leveringen') }}
    where is_geldend and bericht = 'toewijzingen'
)

select
    toewijzingen.*,
    toewijzingen.rowid as rij_nr,
    geldende_leveringen.levering_nr,
    geldende_leveringen.ontvangen_op,
    geldende_leveringen.ontvangen_dag
from {{ source('raw', 'toewijzingen') }} as toewijzingen
inner join geldende_leveringen using (levering_id)
