-- Rows under a finding that moves a figure: what the door said of the newest version of each line and allocation, and
-- what the build found; each once, in the maand of its first arrival. Rules about lateness and about which allocation a
-- line belongs to move no cost and no count, and are not here. A pair of debit and credit that cancels weighs nothing.
with regels as (
    select regel_code
    from {{ ref('stg_ref_regels') }}
    where
        ernst = 'SIGNAAL'
        and (list_contains(marts, 'kosten') or list_contains(marts, 'sturing') or list_contains(marts, 'sturing.indicatoren'))
),

lijnen as (
    select
        kern.regel_nr,
        kern.levering_nr,
        kern.rij,
        kern.gemeente,
        kern.eerste_leveringsmaand as maand,
        kern.jeugdige_nr,
        producten.segment,
        cast(year(kern.productperiode_begin) as integer) as jaar,
        case when kern.is_debet then kern.ingediend_bedrag_cent else -kern.ingediend_bedrag_cent end as bedrag_cent,
        rijen.signalen
    from {{ ref('int_declaratie_kern') }} as kern
    inner join {{ ref('stg_declaraties') }} as rijen using (rij_nr)
    inner join {{ ref('dim_producten') }} as producten using (product_nr)
    where kern.telt_mee
),

toewijzingen as (
    select
        toewijzingen.levering_nr,
        toewijzingen.rij,
        toewijzingen.gemeente,
        toewijzingen.eerste_leveringsmaand as maand,
        jeugdigen.jeugdige_nr,
        toewijzingen.segment,
        cast(year(greatest(toewijzingen.ingangsdatum, toewijzingen.eerste_leveringsmaand)) as integer) as jaar,
        rijen.signalen
    from {{ ref('fct_toewijzingen') }} as toewijzingen
    inner join {{ ref('int_jeugdigen') }} as jeugdigen using (pseudoniem)
    inner join {{ ref('stg_toewijzingen') }} as rijen
        on toewijzingen.levering_nr = rijen.levering_nr and toewijzingen.rij = rijen.rij
    where not toewijzingen.is_verwijderd
),

van_de_bouw as (
    select bevindingen.regel_code, leveringen.levering_nr, bevindingen.rij
    from {{ ref('int_bevindingen_rij') }} as bevindingen
    inner join {{ ref('stg_leveringen') }} as leveringen using (levering_id)
    semi join regels using (regel_code)
    where bevindingen.rij is not null
),

gevonden as (
    select 'declaraties' as bericht, unnest(string_split(signalen, '|')) as regel_code, * exclude (signalen)
    from lijnen
    where signalen <> ''

    union all by name

    select 'declaraties' as bericht, van_de_bouw.regel_code, lijnen.* exclude (signalen)
    from lijnen
    inner join van_de_bouw using (levering_nr, rij)

    union all by name

    select 'toewijzingen' as bericht, unnest(string_split(signalen, '|')) as regel_code, * exclude (signalen)
    from toewijzingen
    where signalen <> ''

    union all by name

    select 'toewijzingen' as bericht, van_de_bouw.regel_code, toewijzingen.* exclude (signalen)
    from toewijzingen
    inner join van_de_bouw using (levering_nr, rij)
)

select
    gevonden.bericht,
    gevonden.regel_code,
    gevonden.gemeente,
    gevonden.maand,
    gevonden.levering_nr,
    gevonden.rij,
    gevonden.jeugdige_nr,
    gevonden.segment,
    gevonden.jaar,
    coalesce(gevonden.bedrag_cent, 0) as bedrag_cent,
    leveringen.ontvangen_dag
from gevonden
semi join regels using (regel_code)
left join {{ ref('stg_leveringen') }} as leveringen using (levering_nr)
left join {{ ref('int_voorbehoud_bevindingen') }} as voorbehoud using (regel_nr)
where coalesce(voorbehoud.weegt, true)
