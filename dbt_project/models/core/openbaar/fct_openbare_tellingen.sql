-- Counts of the regio per public period with the distinct youths behind them: trajecten by what happened to them, and
-- what shares of allocations and claims are measured on. For what the internal tables do not tell: flows per quarter, and
-- the youths behind a denominator.
with gebeurtenissen as (
    select telling, segment, jeugdige_nr as jeugdige, {{ maand_van_nr('maandnr') }} as maand
    from {{ ref('int_traject_gebeurtenissen') }}
    where gebied_code = 'REGIO' and telling in ('instroom', 'uitstroom', 'begonnen', 'uithuisplaatsing')
),

toewijzingen as (
    select
        segment,
        jeugdige_nr as jeugdige,
        cast(date_trunc('month', toewijzingsdatum) as date) as maand,
        unnest([
            case when is_meetbaar then 'meetbaar' end,
            case when reden_wijziging is null then 'eerste_versie' end
        ]) as telling
    from {{ ref('fct_toewijzing_eerste') }}
    inner join {{ ref('int_jeugdigen') }} using (pseudoniem)
),

-- by year and youth first: there are a hundred times as many lines
declaraties as (
    select
        'declaratie' as telling,
        producten.segment,
        kern.jeugdige_nr as jeugdige,
        cast(date_trunc('year', kern.declaratiedagtekening) as date) as maand,
        count(*) as n
    from {{ ref('int_declaratie_kern') }} as kern
    inner join {{ ref('dim_producten') }} as producten using (product_nr)
    where kern.is_debet
    group by all
),

per_segment as (
    select telling, segment, jeugdige, maand, 1 as n from gebeurtenissen
    union all
    select telling, unnest([segment, 'totaal']), jeugdige, maand, 1 from toewijzingen
    where telling is not null
    union all
    select telling, unnest([segment, 'totaal']), jeugdige, maand, n from declaraties
),

per_periode as (
    select
        'jaar' as periode_soort,
        cast(date_trunc('year', maand) as date) as periode,
        telling,
        segment,
        cast(sum(n) as bigint) as n,
        count(distinct jeugdige) as n_jeugdigen
    from per_segment
    group by all
    union all
    select
        'kwartaal',
        cast(date_trunc('quarter', maand) as date) as periode,
        telling,
        segment,
        count(*),
        count(distinct jeugdige)
    from gebeurtenissen
    where telling in ('instroom', 'uitstroom', 'begonnen')
    group by all
)

select
    periode_soort,
    periode,
    telling,
    segment,
    n,
    n_jeugdigen
from per_periode
semi join {{ ref('int_openbare_perioden') }} using (periode_soort, periode)
