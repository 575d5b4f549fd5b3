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

-- one number instead of three words: a month counts in its year and in twelve spans of twelve months
reeksen as materialized (
    select *, cast(row_number() over () as integer) as reeks_nr
    from (select distinct gemeente, segment, aanbieder_agb from per_maand) as verschillend
),

bedragen as (
    select
        reeksen.reeks_nr,
        per_maand.zorgmaand,
        per_maand.netto_cent,
        per_maand.zin_cent,
        case when aanbieders.is_strategisch_partner then per_maand.netto_cent end as partner_cent,
        case when not coalesce(aanbieders.is_gecontracteerd, false) then per_maand.netto_cent end as zonder_contract_cent
    from per_maand
    inner join reeksen using (gemeente, segment, aanbieder_agb)
    left join {{ ref('int_aanbieder_maanden') }} as aanbieders
        on per_maand.aanbieder_agb = aanbieders.aanbieder_agb
        and per_maand.segment = aanbieders.segment
        and per_maand.zorgmaand = aanbieders.maand
),

per_reeks as (
    select
        perioden.volgnr,
        bedragen.reeks_nr,
        sum(bedragen.netto_cent) as netto_cent,
        sum(bedragen.zin_cent) as zin_cent,
        sum(bedragen.partner_cent) as partner_cent,
        sum(bedragen.zonder_contract_cent) as zonder_contract_cent
    from bedragen
    inner join {{ periodebits() }} as perioden
        on bedragen.zorgmaand between perioden.eerste_maand and perioden.laatste_maand
    where perioden.periode_soort in ('jaar', '12m')
    group by perioden.volgnr, bedragen.reeks_nr
),

per_gebied as (
    select
        per_reeks.volgnr,
        coalesce(reeksen.gemeente, 'REGIO') as gebied_code,
        coalesce(reeksen.segment, 'totaal') as segment,
        reeksen.aanbieder_agb,
        cast(sum(per_reeks.netto_cent) as bigint) as netto_cent,
        cast(coalesce(sum(per_reeks.zin_cent), 0) as bigint) as zin_cent,
        cast(coalesce(sum(per_reeks.partner_cent), 0) as bigint) as partner_cent,
        cast(coalesce(sum(per_reeks.zonder_contract_cent), 0) as bigint) as zonder_contract_cent
    from per_reeks
    inner join reeksen using (reeks_nr)
    group by grouping sets (
        (per_reeks.volgnr, reeksen.aanbieder_agb, reeksen.gemeente, reeksen.segment),
        (per_reeks.volgnr, reeksen.aanbieder_agb, reeksen.gemeente),
        (per_reeks.volgnr, reeksen.aanbieder_agb, reeksen.segment),
        (per_reeks.volgnr, reeksen.aanbieder_agb)
    )
)

select perioden.periode_soort, perioden.periode, per_gebied.* exclude (volgnr)
from per_gebied
inner join {{ periodebits() }} as perioden using (volgnr)
