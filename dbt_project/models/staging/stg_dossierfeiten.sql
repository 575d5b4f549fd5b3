-- Facts in files as they were delivered, of every levering that stands.
select
    dossierfeiten.*,
    leveringen.levering_nr,
    leveringen.ontvangen_dag
from {{ source('raw', 'dossierfeiten') }} as dossierfeiten
inner join {{ ref('stg_leveringen') }} as leveringen using (levering_id)
where leveringen.is_geldend
