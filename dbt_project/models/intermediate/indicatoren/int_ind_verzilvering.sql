-- Which part of what was allocated has been delivered: volumes of different units do not add up, so both are weighed with
-- the tariff of the allocation's product (in cents, rounded half up per allocation and month, and per claim line).
-- Allocated: over the days of the period that the allocation covers. Delivered: lines on it that count and lie inside it,
-- in the month in which their productperiode begins.
with toewijzingen as (
    select * from {{ ref('int_verzilvering_toewijzingen') }}
),

stukken as (
    select
        toewijzingen.gemeente,
        toewijzingen.segment,
        maanden.maand,
        date_diff(
            'day', greatest(toewijzingen.dekt_van, maanden.maand), least(toewijzingen.dekt_tot, maanden.laatste_dag)
        ) + 1 as dagen,
        cast(toewijzingen.volume_honderdsten * toewijzingen.tarief_cent as double) as waarde,
        100 * case toewijzingen.frequentie
            when '1' then 1
            when '2' then 7
            when '4' then day(maanden.laatste_dag)
            when '6' then toewijzingen.dagen_geldig
        end as deler
    from toewijzingen
    inner join {{ ref('dim_maanden') }} as maanden
        on toewijzingen.dekt_van <= maanden.laatste_dag and toewijzingen.dekt_tot >= maanden.maand
),

toegewezen as (
    select gemeente, segment, maand, cast(sum(cast(round(waarde * dagen / deler) as bigint)) as bigint) as toegewezen_cent
    from stukken
    group by gemeente, segment, maand
),

regels as (
    select
        regels.gemeente,
        toewijzingen.segment,
        regels.jeugdige_nr as jeugdige,
        {{ eerste_van_maand('regels.productperiode_begin') }} as maand,
        cast(
            round(
                cast(regels.geleverd_volume * 100 as double)
                * toewijzingen.tarief_cent
                * case when regels.eenheid = toewijzingen.eenheid then 1 else eenheden.naar_minuten end
                / (100 * case when regels.eenheid = toewijzingen.eenheid then 1 else toewijzingen.naar_minuten end)
            ) as bigint
        )
        * case regels.debet_credit when 'C' then -1 else 1 end as geleverd_cent
    from {{ ref('fct_declaratieregels') }} as regels
    inner join toewijzingen using (toewijzing_nr)
    inner join {{ ref('stg_ref_eenheden') }} as eenheden on regels.eenheid = eenheden.eenheid and eenheden.is_actief
    where
        regels.telt_mee
        and not coalesce(regels.houdt_volume, false)
        and regels.aansluiting = 'met'
        and (regels.eenheid = toewijzingen.eenheid or eenheden.naar_minuten * toewijzingen.naar_minuten > 0)
),

geleverd as (
    select
        gemeente,
        segment,
        maand,
        cast(sum(geleverd_cent) as bigint) as geleverd_cent
    from regels
    group by gemeente, segment, maand
),

per_maand as (
    select
        coalesce(gemeente, 'REGIO') as gebied_code,
        coalesce(segment, 'totaal') as segment,
        maand,
        sum(coalesce(toegewezen.toegewezen_cent, 0)) as toegewezen_cent,
        sum(coalesce(geleverd.geleverd_cent, 0)) as geleverd_cent
    from toegewezen
    full join geleverd using (gemeente, segment, maand)
    group by grouping sets ((gemeente, segment, maand), (gemeente, maand), (segment, maand), (maand))
),

per_periode as (
    select
        perioden.periode_soort,
        perioden.periode,
        per_maand.gebied_code,
        per_maand.segment,
        sum(per_maand.toegewezen_cent) as toegewezen_cent,
        sum(per_maand.geleverd_cent) as geleverd_cent
    from per_maand
    inner join {{ ref('int_perioden') }} as perioden
        on per_maand.maand between perioden.eerste_maand and perioden.laatste_maand
    where perioden.periode_soort in ('jaar', '12m')
    group by all
),

jeugdigen as (
    select * from {{ unieke_jeugdigen('regels', ['jaar', '12m']) }}
)

select
    raster.indicator_id,
    raster.periode_soort,
    raster.periode,
    raster.gebied_code,
    raster.segment,
    {{ euro('coalesce(per_periode.geleverd_cent, 0)') }} as teller,
    {{ euro('coalesce(per_periode.toegewezen_cent, 0)') }} as noemer,
    cast(per_periode.geleverd_cent / nullif(per_periode.toegewezen_cent, 0) as double) as waarde,
    coalesce(jeugdigen.n_jeugdigen, 0) as n_jeugdigen,
    'beide' as dekking_bericht
from {{ ref('int_raster') }} as raster
left join per_periode using (periode_soort, periode, gebied_code, segment)
left join jeugdigen using (periode_soort, periode, gebied_code, segment)
where raster.indicator_id = 'verzilvering'
