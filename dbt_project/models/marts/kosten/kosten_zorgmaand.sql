-- Leaves only: no totals over segment, hulpvorm or verwijzer_groep. Gebied REGIO counts youths, not gemeenten times
-- youths: those of the gemeenten together, less what somebody who moved was counted more than once. What is under
-- reserve stands beside the amounts and is in the counts.
with per_jeugdige as (
    select
        kosten.zorgmaand,
        kosten.gemeente,
        kosten.segment,
        producten.hulpvorm,
        kosten.verwijzer_nr,
        kosten.jeugdige_nr,
        sum(kosten.gedeclareerd_cent) as gedeclareerd_cent,
        sum(kosten.gecrediteerd_cent) as gecrediteerd_cent,
        count(*) filter (where kosten.is_eerste_maand) as n_regels,
        sum(kosten.voorbehoud_cent) as voorbehoud_cent,
        count(*) filter (where kosten.is_eerste_maand and kosten.houdt_bedrag) as n_voorbehoud
    from {{ ref('fct_kosten_zorgmaand') }} as kosten
    inner join {{ ref('dim_producten') }} as producten using (product_nr)
    group by all
),

per_gemeente as (
    select
        zorgmaand,
        gemeente,
        segment,
        hulpvorm,
        verwijzer_nr,
        sum(gedeclareerd_cent) as gedeclareerd_cent,
        sum(gecrediteerd_cent) as gecrediteerd_cent,
        count(*) as n_jeugdigen,
        sum(n_regels) as n_regels,
        sum(voorbehoud_cent) as voorbehoud_cent,
        sum(n_voorbehoud) as n_voorbehoud
    from per_jeugdige
    group by all
),

verhuisd as (
    select jeugdige_nr
    from per_jeugdige
    group by jeugdige_nr
    having min(gemeente) <> max(gemeente)
),

dubbel as (
    select zorgmaand, segment, hulpvorm, verwijzer_nr, count(*) - count(distinct jeugdige_nr) as n_jeugdigen
    from per_jeugdige
    semi join verhuisd using (jeugdige_nr)
    group by all
),

-- what was refused has no youth, form of help or referrer that can be trusted
quarantaine as (
    select
        maanden.gebied_code as gemeente,
        maanden.zorgmaand,
        maanden.segment,
        'geen' as hulpvorm,
        cast(0 as integer) as verwijzer_nr,
        sum(maanden.quarantaine_cent) as quarantaine_cent
    from (
        select *, unnest([gemeente, 'REGIO']) as gebied_code
        from {{ ref('int_quarantaine_maand') }}
        where segment <> 'totaal'
    ) as maanden
    group by all
    having sum(maanden.quarantaine_cent) <> 0
),

geteld as (
    select *
    from per_gemeente

    union all by name

    select
        zorgmaand,
        'REGIO' as gemeente,
        segment,
        hulpvorm,
        verwijzer_nr,
        sum(per_gemeente.gedeclareerd_cent) as gedeclareerd_cent,
        sum(per_gemeente.gecrediteerd_cent) as gecrediteerd_cent,
        sum(per_gemeente.n_jeugdigen) - coalesce(any_value(dubbel.n_jeugdigen), 0) as n_jeugdigen,
        sum(per_gemeente.n_regels) as n_regels,
        sum(per_gemeente.voorbehoud_cent) as voorbehoud_cent,
        sum(per_gemeente.n_voorbehoud) as n_voorbehoud
    from per_gemeente
    left join dubbel using (zorgmaand, segment, hulpvorm, verwijzer_nr)
    group by zorgmaand, segment, hulpvorm, verwijzer_nr
),

per_gebied as (
    select *
    from geteld
    full join quarantaine using (gemeente, zorgmaand, segment, hulpvorm, verwijzer_nr)
)

select
    '{{ var("publicatie_id") }}' as publicatie_id,
    per_gebied.zorgmaand,
    per_gebied.gemeente as gebied_code,
    per_gebied.segment,
    per_gebied.hulpvorm,
    verwijzers.verwijzer_groep,
    {{ euro('coalesce(per_gebied.gedeclareerd_cent, 0)') }} as gedeclareerd_eur,
    {{ euro('coalesce(per_gebied.gecrediteerd_cent, 0)') }} as gecrediteerd_eur,
    {{ euro('coalesce(per_gebied.gedeclareerd_cent - per_gebied.gecrediteerd_cent, 0)') }} as netto_eur,
    cast(coalesce(per_gebied.n_jeugdigen, 0) as bigint) as n_jeugdigen,
    cast(coalesce(per_gebied.n_regels, 0) as bigint) as n_regels,
    {{ euro('coalesce(per_gebied.voorbehoud_cent, 0)') }} as voorbehoud_eur,
    cast(coalesce(per_gebied.n_voorbehoud, 0) as bigint) as n_voorbehoud,
    {{ euro('coalesce(per_gebied.quarantaine_cent, 0)') }} as quarantaine_eur
from per_gebied
inner join {{ ref('dim_verwijzers') }} as verwijzers using (verwijzer_nr)
