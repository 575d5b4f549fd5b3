-- Leaves only: no totals over segment, hulpvorm or verwijzer_groep. Gebied REGIO is counted on the youths themselves,
-- because one who moved is one youth there.
with per_jeugdige as (
    select
        zorgmaand,
        gemeente,
        segment,
        hulpvorm,
        verwijzer_groep,
        jeugdige_nr,
        sum(gedeclareerd_cent) as gedeclareerd_cent,
        sum(gecrediteerd_cent) as gecrediteerd_cent,
        count(*) filter (where is_eerste_maand) as n_regels
    from {{ ref('fct_kosten_zorgmaand') }}
    group by all
)

select
    '{{ var("publicatie_id") }}' as publicatie_id,
    zorgmaand,
    coalesce(gemeente, 'REGIO') as gebied_code,
    segment,
    hulpvorm,
    verwijzer_groep,
    {{ euro('sum(gedeclareerd_cent)') }} as gedeclareerd_eur,
    {{ euro('sum(gecrediteerd_cent)') }} as gecrediteerd_eur,
    {{ euro('sum(gedeclareerd_cent - gecrediteerd_cent)') }} as netto_eur,
    cast(count(distinct jeugdige_nr) as bigint) as n_jeugdigen,
    cast(sum(n_regels) as bigint) as n_regels
from per_jeugdige
group by grouping sets (
    (zorgmaand, gemeente, segment, hulpvorm, verwijzer_groep),
    (zorgmaand, segment, hulpvorm, verwijzer_groep)
)
