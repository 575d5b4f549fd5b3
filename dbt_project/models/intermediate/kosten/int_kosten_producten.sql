-- Cost and volume per year, gemeente, segment, product and unit: what price and mix are measured on. Credits count
-- negative in both. Units of time that have a length (minute, hour, part of a day) are all counted in minutes, because an
-- allocation in hours may be claimed in minutes; every other unit stands for itself.
-- A volume under reserve is left out, and so is the volume of an amount under reserve.
-- A line that runs over New Year is in both years: its cost as fct_kosten_zorgmaand spreads it, its volume by days.
with over_jaren as (
    select
        regel_nr,
        gemeente,
        segment,
        productcode,
        eenheid,
        productperiode_begin,
        productperiode_eind,
        case
            when coalesce(houdt_bedrag or houdt_volume, false) then 0
            when debet_credit = 'C' then -geleverd_volume
            else geleverd_volume
        end as volume,
        unnest(range(year(productperiode_begin), year(productperiode_eind) + 1)) as jaar
    from {{ ref('fct_declaratieregels') }}
    where telt_mee and year(productperiode_begin) <> year(productperiode_eind)
),

kosten_over_jaren as (
    select
        over_jaren.regel_nr,
        over_jaren.jaar,
        sum(kosten.netto_cent) as netto_cent
    from over_jaren
    inner join {{ ref('fct_kosten_zorgmaand') }} as kosten using (regel_nr)
    where year(kosten.zorgmaand) = over_jaren.jaar
    group by all
),

-- added up per unit of the claim first: that is a hundred times fewer rows to convert
per_jaar as (
    select
        year(productperiode_begin) as jaar,
        gemeente,
        segment,
        productcode,
        eenheid,
        coalesce(sum(netto_cent) filter (not coalesce(houdt_bedrag, false)), 0) as netto_cent,
        cast(
            coalesce(
                sum(case when debet_credit = 'C' then -geleverd_volume else geleverd_volume end)
                    filter (not coalesce(houdt_bedrag or houdt_volume, false)),
                0
            )
            as decimal(38, 6)
        ) as volume
    from {{ ref('fct_declaratieregels') }}
    where telt_mee and year(productperiode_begin) = year(productperiode_eind)
    group by all

    union all

    select
        over_jaren.jaar,
        over_jaren.gemeente,
        over_jaren.segment,
        over_jaren.productcode,
        over_jaren.eenheid,
        kosten.netto_cent,
        cast(
            coalesce(over_jaren.volume, 0) * (
                date_diff(
                    'day',
                    greatest(over_jaren.productperiode_begin, make_date(over_jaren.jaar, 1, 1)),
                    least(over_jaren.productperiode_eind, make_date(over_jaren.jaar, 12, 31))
                ) + 1
            )
            / (date_diff('day', over_jaren.productperiode_begin, over_jaren.productperiode_eind) + 1)
            as decimal(38, 6)
        ) as volume
    from over_jaren
    inner join kosten_over_jaren as kosten using (regel_nr, jaar)
),

eenheden as (
    select eenheid, any_value(naar_minuten) as naar_minuten
    from {{ ref('stg_ref_eenheden') }}
    group by eenheid
)

select
    cast(per_jaar.jaar as integer) as jaar,
    per_jaar.gemeente,
    per_jaar.segment,
    per_jaar.productcode,
    case when eenheden.naar_minuten is not null then 'minuten' else per_jaar.eenheid end as eenheid,
    cast(sum(per_jaar.netto_cent) as bigint) as netto_cent,
    cast(sum(per_jaar.volume * coalesce(eenheden.naar_minuten, 1)) as decimal(38, 6)) as volume
from per_jaar
left join eenheden on per_jaar.eenheid = eenheden.eenheid
group by all
