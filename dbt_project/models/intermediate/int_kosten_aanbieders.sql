-- Cost per published period, gebied (REGIO included), segment (totaal included) and provider; and of it what is care in
-- kind, what partners did and what was done without a contract. Of years and twelve months only.
with per_maand as (
    select
        gemeente,
        segment,
        aanbieder_agb,
        zorgmaand,
        sum(netto_cent) as netto_cent,
        sum(netto_cent) filter (where is_zin) as zin_cent
    from {{ ref('fct_kosten_zorgmaand') }}
    group by gemeente, segment, aanbieder_agb, zorgmaand
),

per_periode as (
    select
        perioden.periode_soort,
        perioden.periode,
        per_maand.gemeente,
        per_maand.segment,
        per_maand.aanbieder_agb,
        sum(per_maand.netto_cent) as netto_cent,
        sum(per_maand.zin_cent) as zin_cent,
        sum(per_maand.netto_cent) filter (where aanbieders.is_strategisch_partner) as partner_cent,
        sum(per_maand.netto_cent) filter (where not coalesce(aanbieders.is_gecontracteerd, false))
            as zonder_contract_cent
    from per_maand
    inner join {{ ref('int_perioden') }} as perioden
        on per_maand.zorgmaand between perioden.eerste_maand and perioden.laatste_maand
    left join {{ ref('int_aanbieder_maanden') }} as aanbieders
        on per_maand.aanbieder_agb = aanbieders.aanbieder_agb
        and per_maand.segment = aanbieders.segment
        and per_maand.zorgmaand = aanbieders.maand
    where perioden.periode_soort in ('jaar', '12m')
    group by all
)

select
    periode_soort,
    periode,
    coalesce(gemeente, 'REGIO') as gebied_code,
    coalesce(segment, 'totaal') as segment,
    aanbieder_agb,
    cast(sum(netto_cent) as bigint) as netto_cent,
    cast(coalesce(sum(zin_cent), 0) as bigint) as zin_cent,
    cast(coalesce(sum(partner_cent), 0) as bigint) as partner_cent,
    cast(coalesce(sum(zonder_contract_cent), 0) as bigint) as zonder_contract_cent
from per_periode
group by grouping sets (
    (periode_soort, periode, aanbieder_agb, gemeente, segment),
    (periode_soort, periode, aanbieder_agb, gemeente),
    (periode_soort, periode, aanbieder_agb, segment),
    (periode_soort, periode, aanbieder_agb)
)
