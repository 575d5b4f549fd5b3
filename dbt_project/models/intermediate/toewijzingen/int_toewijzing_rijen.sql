-- One row per gemeente and content: what was delivered more than once counts once, with where it came first and last.
with voorkomens as (
    select
        -- by leveringsmaand, then rij: one number, because comparing pairs takes twice the time
        arg_min(rij_nr, (leveringsmaand - date '1900-01-01') * 4294967296 + rij) as rij_nr,
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
inner join voorkomens using (rij_nr)
