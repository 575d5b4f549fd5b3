-- Youths with allocations in two or more segments on the last day of the month, of all in care on that day. Runs of
-- two segments that overlap give the months in which both are there.
with runs as (
    select gebied_code, segment, jeugdige_nr, van, tot
    from {{ ref('int_jeugdmaanden') }}
    where telling = 'stand' and segment <> 'totaal'
),

samenloop as (
    select
        een.gebied_code,
        een.jeugdige_nr,
        unnest(range(greatest(een.van, ander.van), least(een.tot, ander.tot) + 1)) as maandnr
    from runs as een
    inner join runs as ander
        on een.gebied_code = ander.gebied_code
        and een.jeugdige_nr = ander.jeugdige_nr
        and een.segment < ander.segment
        and een.van <= ander.tot
        and een.tot >= ander.van
),

gestapeld as (
    select gebied_code, maandnr, count(distinct jeugdige_nr) as n_jeugdigen
    from samenloop
    group by gebied_code, maandnr
),

cijfers as (
    select
        raster.indicator_id,
        raster.periode_soort,
        raster.periode,
        raster.gebied_code,
        raster.segment,
        coalesce(gestapeld.n_jeugdigen, 0) as teller,
        coalesce(stand.n_jeugdigen, 0) as noemer
    from {{ ref('int_raster') }} as raster
    left join gestapeld
        on raster.gebied_code = gestapeld.gebied_code and raster.periode_nr = gestapeld.maandnr
    left join {{ ref('int_jeugdigen_per_periode') }} as stand
        on stand.telling = 'stand'
        and raster.periode_soort = stand.periode_soort
        and raster.periode = stand.periode
        and raster.gebied_code = stand.gebied_code
        and raster.segment = stand.segment
    where raster.indicator_id = 'aandeel_stapeling' and raster.periode_soort = 'maand'
)

select
    indicator_id,
    periode_soort,
    periode,
    gebied_code,
    segment,
    cast(teller as decimal(18, 2)) as teller,
    cast(noemer as decimal(18, 2)) as noemer,
    cast(teller / nullif(noemer, 0) as double) as waarde,
    cast(teller as bigint) as n_jeugdigen,
    'toewijzingen' as dekking_bericht
from cijfers
