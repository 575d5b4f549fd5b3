-- One row per distinct canonical row of a gemeente. A row that is delivered again (in one file, or month after month
-- in a stand) is the same row; rij_nr is its first arrival. Narrow on purpose: the rows themselves stay in raw.
select
    gemeente,
    rij_hash,
    any_value(aanbieder_agb) as aanbieder_agb,
    any_value(referentienummer) as referentienummer,
    any_value(ingediend_bedrag_cent) as ingediend_bedrag_cent,
    -- by leveringsmaand, then rij: one number, because comparing pairs takes twice the time
    arg_min(rij_nr, (leveringsmaand - date '1900-01-01') * 4294967296 + rij) as rij_nr,
    min(leveringsmaand) as eerste_leveringsmaand,
    max(leveringsmaand) as laatste_leveringsmaand,
    arg_max(ontvangen_op, leveringsmaand) as laatste_ontvangen_op,
    count(*) as n_voorkomens
from {{ ref('stg_declaraties') }}
group by gemeente, rij_hash
