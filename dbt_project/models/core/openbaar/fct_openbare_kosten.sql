-- Cost per public period, and whether it may be public: at least ten youths behind it and the p-percent rule. The regio
-- per segment and in total, per year and quarter; a gemeente its total per year. A segment that fails in any period of
-- a year is shown in none of that year: together with overig, as overig_en_kleine, where the two together pass in all of
-- them, and else no segment is shown.
with per_jeugdige as materialized (
    -- of a gemeente only what it shows: its total per year
    select
        jaar,
        coalesce(gemeente, 'REGIO') as gebied_code,
        coalesce(openbaar_segment, 'totaal') as segment,
        jeugdige_nr,
        cast(sum(netto_cent) as bigint) as netto_cent,
        {%- for kwartaal in range(1, 5) %}
        cast(sum(netto_k{{ kwartaal }}_cent) as bigint) as netto_k{{ kwartaal }}_cent{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select *, {{ openbaar_segment('segment') }} as openbaar_segment
        from {{ ref('int_kosten_jeugdigen') }}
    )
    group by grouping sets (
        (jaar, openbaar_segment, jeugdige_nr), (jaar, gemeente, jeugdige_nr), (jaar, jeugdige_nr)
    )
),

per_cel as (
    select 'jaar' as periode_soort, make_date(jaar, 1, 1) as periode, gebied_code, segment, jeugdige_nr, netto_cent
    from per_jeugdige
    union all
    select
        'kwartaal',
        make_date(jaar, cast(unnest([1, 4, 7, 10]) as bigint), 1),
        gebied_code,
        segment,
        jeugdige_nr,
        unnest([netto_k1_cent, netto_k2_cent, netto_k3_cent, netto_k4_cent])
    from per_jeugdige
    where gebied_code = 'REGIO'
),

-- the four quarters of a year beside each other: one reading instead of four
kwartalen as (
    select
        make_date(jaar, cast(unnest([1, 4, 7, 10]) as bigint), 1) as kwartaal,
        segment,
        unnest([
            {%- for kwartaal in range(1, 5) %}
            cast(sum(netto_k{{ kwartaal }}_cent) as bigint){{ ',' if not loop.last }}
            {%- endfor %}
        ]) as netto_cent,
        unnest([
            {%- for kwartaal in range(1, 5) %}
            count(netto_k{{ kwartaal }}_cent){{ ',' if not loop.last }}
            {%- endfor %}
        ]) as n_jeugdigen,
        unnest([
            {%- for kwartaal in range(1, 5) %}
            {{ p_procent('netto_k' ~ kwartaal ~ '_cent') }}{{ ',' if not loop.last }}
            {%- endfor %}
        ]) as geen_te_groot
    from per_jeugdige
    where gebied_code = 'REGIO'
    group by jaar, segment
),

getoetst as (
    select
        'jaar' as periode_soort,
        make_date(jaar, 1, 1) as periode,
        gebied_code,
        segment,
        cast(sum(netto_cent) as bigint) as netto_cent,
        count(*) as n_jeugdigen,
        count(*) >= 10 and {{ p_procent('netto_cent') }} as voldoet
    from per_jeugdige
    group by all
    union all
    select 'kwartaal', kwartaal, 'REGIO', segment, netto_cent, n_jeugdigen, n_jeugdigen >= 10 and geen_te_groot
    from kwartalen
    where n_jeugdigen > 0
),

onder_voorbehoud as (
    select
        periode_soort,
        periode,
        coalesce(gemeente, 'REGIO') as gebied_code,
        coalesce(segment, 'totaal') as segment,
        cast(sum(voorbehoud_cent) as bigint) as voorbehoud_cent
    from (
        select
            gemeente,
            {{ openbaar_segment('segment') }} as segment,
            voorbehoud_cent,
            unnest(['jaar', 'kwartaal']) as periode_soort,
            cast(unnest([date_trunc('year', zorgmaand), date_trunc('quarter', zorgmaand)]) as date) as periode
        from {{ ref('fct_kosten_zorgmaand') }}
        where voorbehoud_cent <> 0
    )
    group by grouping sets (
        (periode_soort, periode, segment), (periode_soort, periode, gemeente), (periode_soort, periode)
    )
),

cellen as (
    select
        perioden.periode_soort,
        perioden.periode,
        perioden.jaar_begin,
        gebieden.gebied_code,
        segmenten.segment,
        coalesce(getoetst.netto_cent, 0) as netto_cent,
        coalesce(onder_voorbehoud.voorbehoud_cent, 0) as voorbehoud_cent,
        coalesce(getoetst.n_jeugdigen, 0) as n_jeugdigen,
        coalesce(getoetst.voldoet, false) as voldoet
    from {{ ref('int_openbare_perioden') }} as perioden
    cross join {{ ref('dim_gebieden') }} as gebieden
    cross join {{ ref('dim_segmenten') }} as segmenten
    left join getoetst using (periode_soort, periode, gebied_code, segment)
    left join onder_voorbehoud using (periode_soort, periode, gebied_code, segment)
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

kleine_cellen as (
    select cellen.periode_soort, cellen.periode, cellen.jaar_begin, cellen.segment, cellen.voorbehoud_cent
    from cellen
    semi join klein on cellen.jaar_begin = klein.jaar_begin
    left join klein as kleine on cellen.jaar_begin = kleine.jaar_begin and cellen.segment = kleine.segment
    where cellen.gebied_code = 'REGIO' and (cellen.segment = 'overig' or kleine.segment is not null)
),

samen_per_jeugdige as (
    select periode_soort, periode, jeugdige_nr, cast(sum(per_cel.netto_cent) as bigint) as netto_cent
    from per_cel
    semi join kleine_cellen using (periode_soort, periode, segment)
    where per_cel.gebied_code = 'REGIO' and per_cel.netto_cent is not null
    group by all
),

samen as (
    select
        perioden.periode_soort,
        perioden.periode,
        perioden.jaar_begin,
        perioden.voorbehoud_cent,
        cast(coalesce(sum(samen.netto_cent), 0) as bigint) as netto_cent,
        count(samen.jeugdige_nr) as n_jeugdigen,
        count(samen.jeugdige_nr) >= 10 and {{ p_procent('samen.netto_cent') }} as voldoet
    from (
        select periode_soort, periode, jaar_begin, cast(sum(voorbehoud_cent) as bigint) as voorbehoud_cent
        from kleine_cellen
        group by all
    ) as perioden
    left join samen_per_jeugdige as samen using (periode_soort, periode)
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
