-- Figures of before the region counted itself, as they were counted and printed then, with what that differs in and what the
-- print does not add up to. Context, never a point of a series. The sums are computed here: where they do not close as the seed
-- says, the build stops.
with delen as (
    select jaar, maat, gebied, sum(waarde) as som
    from {{ ref('stg_ref_historie') }}
    where uitsplitsing <> 'totaal' and onderdeel_van is null
    group by jaar, maat, gebied
),

gemeenten as (
    select jaar, maat, uitsplitsing, sum(waarde) as som
    from {{ ref('stg_ref_historie') }}
    where gebied_soort = 'gemeente'
    group by jaar, maat, uitsplitsing
),

rest as (
    select jaar, maat, uitsplitsing, sum(waarde) as som
    from {{ ref('stg_ref_historie') }}
    where gebied_soort in ('som_gemeenten', 'onbekend', 'buiten_regio')
    group by jaar, maat, uitsplitsing
)

select
    '{{ var("publicatie_id") }}' as publicatie_id,
    historie.jaar,
    historie.maat,
    maten.naam as maat_naam,
    historie.gebied as gebied_code,
    historie.gebied_soort,
    historie.uitsplitsing,
    historie.waarde,
    maten.eenheid,
    case when historie.uitsplitsing = 'totaal' then delen.som end as som_uitsplitsing,
    case historie.gebied_soort when 'som_gemeenten' then gemeenten.som when 'regio' then rest.som end as som_gebieden,
    historie.afwijking_uitsplitsing,
    historie.afwijking_gebieden,
    historie.toelichting,
    maten.peilmoment,
    maten.telt_anders,
    maten.indicator_id,
    historie.bron
from {{ ref('stg_ref_historie') }} as historie
inner join {{ ref('stg_ref_historie_maten') }} as maten using (maat)
left join delen using (jaar, maat, gebied)
left join gemeenten using (jaar, maat, uitsplitsing)
left join rest using (jaar, maat, uitsplitsing)
