-- Cost per public period, and whether it may be public: at least ten youths behind it and the p-percent rule. The regio
-- per segment and in total, per year and quarter; a gemeente its total per year. A segment that fails in any period of
-- a year is shown in none of that year: together with overig, as overig_en_kleine, where the two together pass in all of
-- them, and else no segment is shown.
with per_jeugdige as (
    select
        cast(date_trunc('quarter', zorgmaand) as date) as kwartaal,
        gemeente,
        {{ openbaar_segment('segment') }} as segment,
        jeugdige_nr,
        sum(netto_cent) as netto_cent,
        sum(voorbehoud_cent) as voorbehoud_cent,
        bool_or(not houdt_bedrag) as telt
    from {{ ref('fct_kosten_zorgmaand') }}
    group by all
),

per_periode as (
    select
        *,
        unnest(['jaar', 'kwartaal']) as periode_soort,
        unnest([cast(date_trunc('year', kwartaal) as date), kwartaal]) as periode
    from per_jeugdige
),

per_cel as (
    select
        periode_soort,
        periode,
        cast(date_trunc('year', periode) as date) as jaar_begin,
        coalesce(gemeente, 'REGIO') as gebied_code,
        coalesce(segment, 'totaal') as segment,
        jeugdige_nr,
        sum(netto_cent) as netto_cent,
        sum(voorbehoud_cent) as voorbehoud_cent,
        bool_or(telt) as telt
    from per_periode
    semi join {{ ref('int_openbare_perioden') }} using (periode_soort, periode)
    group by grouping sets (
        (periode_soort, periode, segment, jeugdige_nr),
        (periode_soort, periode, gemeente, jeugdige_nr),
        (periode_soort, periode, jeugdige_nr)
    )
    having gemeente is null or periode_soort = 'jaar'
),

getoetst as (
    select
        periode_soort,
        periode,
        gebied_code,
        segment,
        cast(sum(netto_cent) as bigint) as netto_cent,
        cast(sum(voorbehoud_cent) as bigint) as voorbehoud_cent,
        count(*) filter (where telt) as n_jeugdigen,
        count(*) filter (where telt) >= 10 and {{ p_procent('netto_cent') }} as voldoet
    from per_cel
    group by all
),

cellen as (
    select
        perioden.periode_soort,
        perioden.periode,
        perioden.jaar_begin,
        gebieden.gebied_code,
        segmenten.segment,
        coalesce(getoetst.netto_cent, 0) as netto_cent,
        coalesce(getoetst.voorbehoud_cent, 0) as voorbehoud_cent,
        coalesce(getoetst.n_jeugdigen, 0) as n_jeugdigen,
        coalesce(getoetst.voldoet, false) as voldoet
    from {{ ref('int_openbare_perioden') }} as perioden
    cross join {{ ref('dim_gebieden') }} as gebieden
    cross join {{ ref('dim_segmenten') }} as segmenten
    left join getoetst using (periode_soort, periode, gebied_code, segment)
    where
        segmenten.segment <> 'onbekend'
        and (
            gebieden.gebied_code = 'REGIO' or (perioden.periode_soort = 'jaar' and segmenten.segment = 'totaal')
        )
),

-- the segments that are too small in some period of a year; overig goes with them
klein as (
    select jaar_begin, segment
    from cellen
    where gebied_code = 'REGIO' and segment <> 'totaal' and not voldoet
    group by all
),

samen_per_jeugdige as (
    select
        kosten.periode_soort,
        kosten.periode,
        kosten.jaar_begin,
        kosten.jeugdige_nr,
        sum(kosten.netto_cent) as netto_cent,
        sum(kosten.voorbehoud_cent) as voorbehoud_cent,
        bool_or(kosten.telt) as telt
    from per_cel as kosten
    semi join klein on kosten.jaar_begin = klein.jaar_begin
    left join klein as kleine on kosten.jaar_begin = kleine.jaar_begin and kosten.segment = kleine.segment
    where kosten.gebied_code = 'REGIO' and (kosten.segment = 'overig' or kleine.segment is not null)
    group by all
),

samen as (
    select
        perioden.periode_soort,
        perioden.periode,
        perioden.jaar_begin,
        cast(coalesce(sum(samen.netto_cent), 0) as bigint) as netto_cent,
        cast(coalesce(sum(samen.voorbehoud_cent), 0) as bigint) as voorbehoud_cent,
        count(*) filter (where samen.telt) as n_jeugdigen,
        count(*) filter (where samen.telt) >= 10 and {{ p_procent('samen.netto_cent') }} as voldoet
    from {{ ref('int_openbare_perioden') }} as perioden
    semi join klein on perioden.jaar_begin = klein.jaar_begin
    left join samen_per_jeugdige as samen using (periode_soort, periode, jaar_begin)
    group by all
),

jaren as (
    select jaar_begin, bool_and(voldoet) as kan_samen
    from samen
    group by jaar_begin
)

select
    cellen.periode_soort,
    cellen.periode,
    cellen.gebied_code,
    cellen.segment,
    cellen.netto_cent,
    cellen.voorbehoud_cent,
    cellen.n_jeugdigen,
    cellen.voldoet and case
        when cellen.gebied_code <> 'REGIO' or cellen.segment = 'totaal' or jaren.jaar_begin is null then true
        else jaren.kan_samen and cellen.segment <> 'overig' and klein.segment is null
    end as mag_openbaar
from cellen
left join jaren using (jaar_begin)
left join klein using (jaar_begin, segment)
where cellen.segment <> 'overig' or not coalesce(jaren.kan_samen, false)

union all

select
    samen.periode_soort,
    samen.periode,
    'REGIO',
    'overig_en_kleine',
    samen.netto_cent,
    samen.voorbehoud_cent,
    samen.n_jeugdigen,
    true
from samen
inner join jaren using (jaar_begin)
where jaren.kan_samen
