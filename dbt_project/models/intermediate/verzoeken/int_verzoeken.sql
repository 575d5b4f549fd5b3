-- Every request as its sender told of it last: newest leveringsmaand, then newest arrival.
select
    gemeente as afzender,
    verzoek_id,
    pseudoniem,
    woongemeente,
    verzoekdatum,
    hulpvorm,
    spoed = 'ja' as is_spoed,
    matchdatum,
    plaatsingsdatum,
    -- whoever was placed had been matched, also where nobody wrote down when
    coalesce(matchdatum, plaatsingsdatum) as gevonden_op,
    uitkomst
from {{ ref('stg_verzoeken') }}
qualify row_number() over (
    partition by gemeente, verzoek_id
    order by leveringsmaand desc, ontvangen_op desc, levering_id asc, rij asc
) = 1
