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

declaraties as (
    select 'declaratie' as telling, segment, jeugdige_nr as jeugdige, cast(date_trunc('month', declaratiedagtekening) as date) as maand
    from {{ ref('fct_declaratieregels') }}
    where debet_credit = 'D'
),

per_segment as (
    select telling, segment, jeugdige, maand from gebeurtenissen
    union all
    select telling, unnest([segment, 'totaal']), jeugdige, maand from toewijzingen
    where telling is not null
    union all
    select telling, unnest([segment, 'totaal']), jeugdige, maand from declaraties
)

select
    perioden.periode_soort,
    perioden.periode,
    per_segment.telling,
    per_segment.segment,
    count(*) as n,
    count(distinct per_segment.jeugdige) as n_jeugdigen
from per_segment
inner join {{ ref('int_openbare_perioden') }} as perioden
    on per_segment.maand between perioden.eerste_maand and perioden.slotmaand
where perioden.periode_soort = 'jaar' or per_segment.telling in ('instroom', 'uitstroom', 'begonnen')
group by all
