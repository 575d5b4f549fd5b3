-- Counts of the regio per public period with the distinct youths behind them: trajecten by what happened to them, and
-- what shares of allocations and claims are measured on. For what the internal tables do not tell: flows per quarter, and
-- the youths behind a denominator. First per youth, so that youths are rows.
with kwartalen as materialized (
    select
        telling,
        segment,
        jeugdige_nr,
        maandnr // 3 as kwartaalnr,
        count(*) as n
    from {{ ref('int_traject_gebeurtenissen') }}
    where gebied_code = 'REGIO' and telling in ('instroom', 'uitstroom', 'begonnen', 'uithuisplaatsing')
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

delen as (
    select
        unnest(['meetbaar', 'eerste_versie']) as telling,
        segment,
        jeugdige_nr,
        jaar,
        unnest([meetbaar, eerste_versie]) as n
    from toewijzingen
    union all
    select 'declaratie', producten.segment, regels.jeugdige_nr, regels.jaar, regels.n
    from regels
    inner join {{ ref('dim_producten') }} as producten using (product_nr)
),

jaren as (
    select telling, segment, jeugdige_nr, kwartaalnr // 4 as jaar, sum(n) as n
    from kwartalen
    group by all
    union all
    select telling, coalesce(segment, 'totaal'), jeugdige_nr, jaar, sum(n)
    from delen
    where n > 0
    group by grouping sets ((telling, segment, jeugdige_nr, jaar), (telling, jeugdige_nr, jaar))
),

per_periode as (
    select
        'jaar' as periode_soort,
        make_date(jaar, 1, 1) as periode,
        telling,
        segment,
        cast(sum(n) as bigint) as n,
        count(*) as n_jeugdigen
    from jaren
    group by all
    union all
    select
        'kwartaal',
        {{ maand_van_nr('3 * kwartaalnr') }} as periode,
        telling,
        segment,
        cast(sum(n) as bigint),
        count(*)
    from kwartalen
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
