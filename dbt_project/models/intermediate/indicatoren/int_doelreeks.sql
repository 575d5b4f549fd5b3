-- What targets and measures follow, month by month and per gemeente, in hundredths: cost in cents, as counted and completed
-- by naijling, and a hundred times the crisis trajecten that began. Beside cost the doubt in it: what is under reserve in its
-- readings (hersteld is in geschat), and what is in quarantine, which is in neither.
select
    eind.gemeente,
    eind.zorgmaand as maand,
    'kosten' as indicator_id,
    eind.segment,
    eind.zonder_alternatief,
    eind.geteld_cent as ontvangen,
    eind.eind_cent as geschat,
    eind.voorbehoud_cent as voorbehoud,
    eind.hersteld_cent as hersteld,
    eind.eigen_cent as eigen,
    coalesce(
        case when eind.zonder_alternatief then quarantaine.zonder_alternatief_cent else quarantaine.quarantaine_cent end, 0
    ) as quarantaine,
    eind.variantie_cent as variantie,
    eind.gedeeld_cent as gedeeld
from {{ ref('int_naijling_eind') }} as eind
left join {{ ref('int_quarantaine_maand') }} as quarantaine using (gemeente, zorgmaand, segment)

union all

select
    gebied_code,
    {{ eerste_van_maand('begin') }},
    'crisis_instroom',
    segment,
    false,
    count(*) * 100,
    count(*) * 100,
    0,
    0,
    0,
    0,
    0,
    0
from {{ ref('fct_trajecten') }}
where gebied_code <> 'REGIO'
group by all
