-- Waiting time: days from the first toewijzingsdatum to the start of care, of the allocations that started in the
-- period (a start before the allocation is a wait of 0). Counted by month of start: by month of allocation the newest
-- months would hold the short waits only. `meetbaar_aandeel`: of the allocations issued in the period, how many have a
-- known start.
with eerste_versies as (
    select
        eerste.gemeente,
        eerste.segment,
        eerste.pseudoniem as jeugdige,
        eerste.toewijzingsdatum,
        coalesce(toewijzingen.startdatum_levering, eerste.startdatum_levering) as start_op
    from {{ ref('fct_toewijzing_eerste') }} as eerste
    inner join {{ ref('fct_toewijzingen') }} as toewijzingen using (gemeente, toewijzingnummer)
    where eerste.is_eerste_gezien
),

gestart as (
    select
        gemeente,
        segment,
        jeugdige,
        cast(date_trunc('month', start_op) as date) as maand,
        greatest(date_diff('day', toewijzingsdatum, start_op), 0) as dagen
    from eerste_versies
    where start_op is not null
),

jeugdigen as (
    select * from {{ unieke_jeugdigen('gestart', ['maand', '12m']) }}
),

wachttijden as (
    select
        perioden.periode_soort,
        perioden.periode,
        coalesce(gestart.gemeente, 'REGIO') as gebied_code,
        coalesce(gestart.segment, 'totaal') as segment,
        count(*) as n_gestart,
        quantile_cont(gestart.dagen, 0.5) as mediaan_dagen
    from gestart
    inner join {{ ref('int_perioden') }} as perioden
        on gestart.maand between perioden.eerste_maand and perioden.laatste_maand
    where perioden.periode_soort in ('maand', '12m')
    group by grouping sets (
        (perioden.periode_soort, perioden.periode, gestart.gemeente, gestart.segment),
        (perioden.periode_soort, perioden.periode, gestart.gemeente),
        (perioden.periode_soort, perioden.periode, gestart.segment),
        (perioden.periode_soort, perioden.periode)
    )
),

afgegeven_per_maand as (
    select
        cast(date_trunc('month', toewijzingsdatum) as date) as maand,
        coalesce(gemeente, 'REGIO') as gebied_code,
        coalesce(segment, 'totaal') as segment,
        count(*) as n_afgegeven,
        count(start_op) as n_bekend
    from eerste_versies
    group by grouping sets (
        (date_trunc('month', toewijzingsdatum), gemeente, segment),
        (date_trunc('month', toewijzingsdatum), gemeente),
        (date_trunc('month', toewijzingsdatum), segment),
        (date_trunc('month', toewijzingsdatum))
    )
),

afgegeven as (
    select
        perioden.periode_soort,
        perioden.periode,
        per_maand.gebied_code,
        per_maand.segment,
        sum(per_maand.n_bekend) / sum(per_maand.n_afgegeven) as meetbaar_aandeel
    from afgegeven_per_maand as per_maand
    inner join {{ ref('int_perioden') }} as perioden
        on per_maand.maand between perioden.eerste_maand and perioden.laatste_maand
    group by all
)

select
    raster.indicator_id,
    raster.periode_soort,
    raster.periode,
    raster.gebied_code,
    raster.segment,
    cast(null as decimal(18, 2)) as teller,
    cast(coalesce(wachttijden.n_gestart, 0) as decimal(18, 2)) as noemer,
    wachttijden.mediaan_dagen as waarde,
    coalesce(jeugdigen.n_jeugdigen, 0) as n_jeugdigen,
    afgegeven.meetbaar_aandeel,
    'toewijzingen' as dekking_bericht
from {{ ref('int_raster') }} as raster
left join wachttijden using (periode_soort, periode, gebied_code, segment)
left join afgegeven using (periode_soort, periode, gebied_code, segment)
left join jeugdigen using (periode_soort, periode, gebied_code, segment)
where raster.indicator_id = 'wachttijd_dagen'
