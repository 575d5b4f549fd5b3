-- One row per gemeente and content: what was delivered more than once counts once, with where it came first and last.
with voorkomens as (
    select
        gemeente,
        rij_hash,
        arg_min(levering_id, (leveringsmaand, rij)) as levering_id,
        arg_min(rij, (leveringsmaand, rij)) as rij,
        min(leveringsmaand) as eerste_leveringsmaand,
        max(leveringsmaand) as laatste_leveringsmaand,
        arg_max(ontvangen_op, leveringsmaand) as laatste_ontvangen_op
    from {{ ref('stg_toewijzingen') }}
    group by gemeente, rij_hash
)

select
    rijen.* exclude (leveringsmaand, ontvangen_op),
    voorkomens.eerste_leveringsmaand,
    voorkomens.laatste_leveringsmaand,
    voorkomens.laatste_ontvangen_op
from {{ ref('stg_toewijzingen') }} as rijen
inner join voorkomens using (gemeente, rij_hash, levering_id, rij)
