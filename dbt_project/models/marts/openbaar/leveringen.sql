-- Who delivered what, for the public, of the berichten the public figures are made of: the state only. Remarks on what was delivered are between the regio and the gemeente.
select
    '{{ var("publicatie_id") }}' as publicatie_id,
    gemeente,
    bericht,
    maand,
    case status when 'GEACCEPTEERD_MET_OPMERKINGEN' then 'GEACCEPTEERD' else status end as status
from {{ ref('leveringsstatus') }}
where bericht in {{ kern() }}
