-- Counts of the regio per public period with the distinct youths behind them: trajecten by what happened to them, and
-- what shares of allocations and claims are measured on. For what the internal tables do not tell: flows per quarter, and
-- the youths behind a denominator. First per youth, so that youths are rows.
with trajecten as (
    select
        telling,
        segment,
        jeugdige_nr,
        maandnr // 12 as jaar,
        count(*) as n,
        {%- for kwartaal in range(4) %}
        count(*) filter (where maandnr // 3 % 4 = {{ kwartaal }}) as n_{{ kwartaal }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_traject_gebeurtenissen') }}
    where gebied_code = 'REGIO' and telling in ('instroom', 'uitstroom', 'begonnen', 'uithuisplaatsing')
    group by all
),

-- one row per telling, segment and year, with its four quarters beside it
trajecten_per_jaar as (
    select
        telling,
        segment,
        jaar,
        sum(n) as n,
        count(*) as n_jeugdigen,
        [sum(n_0), sum(n_1), sum(n_2), sum(n_3)] as n_per_kwartaal,
        [count_if(n_0 > 0), count_if(n_1 > 0), count_if(n_2 > 0), count_if(n_3 > 0)] as jeugdigen_per_kwartaal
    from trajecten
    group by all
),

toewijzingen as (
    select
        eerste.segment,
        jeugdigen.jeugdige_nr,
        year(eerste.toewijzingsdatum) as jaar,
        count(*) filter (where eerste.is_meetbaar) as meetbaar,
        count(*) filter (where eerste.reden_wijziging is null) as eerste_versie
    from {{ ref('fct_toewijzing_eerste') }} as eerste
    inner join {{ ref('int_jeugdigen') }} as jeugdigen using (pseudoniem)
    group by all
),

regels as (
    select product_nr, jeugdige_nr, year(declaratiedagtekening) as jaar, count(*) as n
    from {{ ref('int_declaratie_kern') }}
    where is_debet
    group by all
),

-- who is measured on how much, per youth and segment, and over all segments
delen as (
    select
        coalesce(segment, 'totaal') as segment,
        jeugdige_nr,
        jaar,
        sum(meetbaar) as meetbaar,
        sum(eerste_versie) as eerste_versie,
        sum(declaratie) as declaratie
    from (
        select segment, jeugdige_nr, jaar, meetbaar, eerste_versie, 0 as declaratie
        from toewijzingen
        union all
        select producten.segment, regels.jeugdige_nr, regels.jaar, 0, 0, regels.n
        from regels
        inner join {{ ref('dim_producten') }} as producten using (product_nr)
    )
    group by grouping sets ((segment, jeugdige_nr, jaar), (jeugdige_nr, jaar))
),

-- one row per segment and year, with its three tellingen beside it
delen_per_jaar as (
    select
        segment,
        jaar,
        [sum(meetbaar), sum(eerste_versie), sum(declaratie)] as n_per_telling,
        [count_if(meetbaar > 0), count_if(eerste_versie > 0), count_if(declaratie > 0)] as jeugdigen_per_telling
    from delen
    group by all
),

per_periode as (
    select 'jaar' as periode_soort, make_date(jaar, 1, 1) as periode, telling, segment, cast(n as bigint) as n, n_jeugdigen
    from trajecten_per_jaar
    union all
    select
        'jaar',
        make_date(jaar, 1, 1),
        unnest(['meetbaar', 'eerste_versie', 'declaratie']),
        segment,
        cast(unnest(n_per_telling) as bigint),
        unnest(jeugdigen_per_telling)
    from delen_per_jaar
    union all
    select
        'kwartaal',
        make_date(jaar, cast(unnest([1, 4, 7, 10]) as bigint), 1),
        telling,
        segment,
        cast(unnest(n_per_kwartaal) as bigint),
        unnest(jeugdigen_per_kwartaal)
    from trajecten_per_jaar
    where telling in ('instroom', 'uitstroom', 'begonnen')
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
where n > 0
