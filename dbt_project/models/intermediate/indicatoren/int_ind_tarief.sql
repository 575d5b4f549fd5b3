-- Average price per unit: amount and volume of the lines that count, credits as minus, whole in the month in which their
-- productperiode begins. Per unit (`segment` is '<segment>:<unit>'), because volumes of different units do not add up;
-- unit 83 has no price (its volume is the amount). What is under reserve, amount or volume, is left out of both.
with eenheden as (
    select distinct eenheid
    from {{ ref('stg_ref_eenheden') }}
    where is_actief and soort <> 'bedrag'
),

producten as (
    select dim_producten.product_nr, dim_producten.segment || ':' || dim_producten.eenheid as segment
    from {{ ref('dim_producten') }} as dim_producten
    semi join eenheden using (eenheid)
),

-- by number of product: adding up words costs more than reading the lines twice
regels as not materialized (
    select
        gemeente,
        product_nr,
        jeugdige_nr as jeugdige,
        {{ eerste_van_maand('productperiode_begin') }} as maand,
        case debet_credit when 'C' then -geleverd_volume else geleverd_volume end as volume,
        netto_cent
    from {{ ref('fct_declaratieregels') }}
    where telt_mee and not coalesce(houdt_bedrag or houdt_volume, false)
),

per_maand as (
    select
        per_product.gemeente,
        producten.segment,
        per_product.maand,
        sum(per_product.volume) as volume,
        sum(per_product.netto_cent) as netto_cent
    from (
        select gemeente, product_nr, maand, sum(volume) as volume, sum(netto_cent) as netto_cent
        from regels
        group by gemeente, product_nr, maand
    ) as per_product
    inner join producten using (product_nr)
    group by all
),

per_gebied as (
    select
        unnest([segment, 'totaal:' || split_part(segment, ':', 2)]) as segment,
        gebied_code,
        maand,
        volume,
        netto_cent
    from (select *, unnest([gemeente, 'REGIO']) as gebied_code from per_maand) as per_gemeente
),

per_periode as (
    select
        perioden.periode_soort,
        perioden.periode,
        per_gebied.gebied_code,
        per_gebied.segment,
        sum(per_gebied.volume) as volume,
        sum(per_gebied.netto_cent) as netto_cent
    from per_gebied
    inner join {{ ref('int_perioden') }} as perioden
        on per_gebied.maand between perioden.eerste_maand and perioden.laatste_maand
    where perioden.periode_soort in ('jaar', '12m')
    group by all
),

maskers as (
    select
        gebieden.gebied_code,
        unnest([producten.segment, 'totaal:' || split_part(producten.segment, ':', 2)]) as segment,
        gebieden.jeugdige,
        gebieden.groep,
        gebieden.masker
    from (
        select *, unnest([gemeente, 'REGIO']) as gebied_code
        from {{ jeugdige_maskers('regels', per='product_nr') }} as per_gemeente
    ) as gebieden
    inner join producten using (product_nr)
),

maskers_per_jeugdige as (
    select gebied_code, segment, groep, bit_or(masker) as masker
    from maskers
    group by gebied_code, segment, groep, jeugdige
),

jeugdigen as (
    select * from {{ tel_maskers('maskers_per_jeugdige', ['gebied_code', 'segment'], ['jaar', '12m']) }}
),

cellen as (
    select
        raster.indicator_id,
        raster.periode_soort,
        raster.periode,
        raster.gebied_code,
        raster.segment || ':' || eenheden.eenheid as segment
    from {{ ref('int_raster') }} as raster
    cross join eenheden
    where raster.indicator_id = 'gemiddeld_tarief'
)

select
    cellen.indicator_id,
    cellen.periode_soort,
    cellen.periode,
    cellen.gebied_code,
    cellen.segment,
    {{ euro('coalesce(per_periode.netto_cent, 0)') }} as teller,
    cast(coalesce(per_periode.volume, 0) as decimal(18, 2)) as noemer,
    case
        when per_periode.volume > 0
            then cast(per_periode.netto_cent as double) / cast(per_periode.volume as double) / 100
    end as waarde,
    coalesce(jeugdigen.n_jeugdigen, 0) as n_jeugdigen,
    'declaraties' as dekking_bericht
from cellen
left join per_periode using (periode_soort, periode, gebied_code, segment)
left join jeugdigen using (periode_soort, periode, gebied_code, segment)
