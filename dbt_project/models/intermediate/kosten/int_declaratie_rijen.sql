-- One row per distinct canonical row of a gemeente. A row that is delivered again (in one file, or month after month
-- in a stand) is the same row; rij_nr is its first arrival. Narrow on purpose: the rows themselves stay in raw.
with rijen as not materialized (
    select
        *,
        hash(gemeente, rij_hash) as rij_kern,
        hash(aanbieder_agb, referentienummer) as kern
    from {{ ref('stg_declaraties') }}
),

gedeelde_kernen as (
    {{ gedeelde_kernen('rijen', 'rij_kern') }}
)

select
    rij_nr,
    kern,
    ingediend_bedrag_cent,
    leveringsmaand as eerste_leveringsmaand,
    leveringsmaand as laatste_leveringsmaand,
    ontvangen_op as laatste_ontvangen_op,
    1 as n_voorkomens
from rijen
anti join gedeelde_kernen using (rij_kern)

union all

select
    -- by leveringsmaand, then rij: one number, because comparing pairs takes twice the time
    arg_min(rij_nr, (leveringsmaand - date '1900-01-01') * 4294967296 + rij),
    any_value(kern),
    any_value(ingediend_bedrag_cent),
    min(leveringsmaand),
    max(leveringsmaand),
    arg_max(ontvangen_op, leveringsmaand),
    cast(count(*) as integer)
from rijen
semi join gedeelde_kernen using (rij_kern)
group by gemeente, rij_hash
