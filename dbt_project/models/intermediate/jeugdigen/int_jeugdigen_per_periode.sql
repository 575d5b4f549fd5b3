-- Distinct youths per telling and published period, by counting where runs of periods begin and end. Age is that on the
-- first day of the period; a youth whose age is unknown is in no age group.
with grenzen as (
    select periode_soort, min(periode_nr) as eerste, max(periode_nr) as laatste
    from {{ ref('int_perioden') }}
    group by periode_soort
),

-- Youths with the same run of months are counted together; of those in care the age matters too.
runs as (
    select
        maanden.gebied_code,
        maanden.telling,
        maanden.segment,
        maanden.van,
        maanden.tot,
        maanden.eerder_tot,
        case when maanden.telling = 'zorg' then jeugdigen.leeftijdsmaandnr end as leeftijdsmaandnr,
        count(*) as n
    from {{ ref('int_jeugdmaanden') }} as maanden
    left join {{ ref('int_jeugdigen') }} as jeugdigen using (jeugdige_nr)
    group by all
),

-- The periods that a run of months touches and an earlier run of the same youth does not. A period of twelve months
-- still holds a month eleven months later.
geraakt as (
    select
        runs.gebied_code,
        runs.telling,
        runs.segment,
        runs.leeftijdsmaandnr,
        runs.n,
        'maand' as periode_soort,
        greatest(runs.van, coalesce(runs.eerder_tot + 1, runs.van)) as van,
        runs.tot
    from runs

    union all

    select
        runs.gebied_code,
        runs.telling,
        runs.segment,
        runs.leeftijdsmaandnr,
        runs.n,
        'jaar',
        greatest(runs.van // 12, grenzen.eerste, coalesce(runs.eerder_tot // 12 + 1, 0)),
        runs.tot // 12
    from runs
    inner join grenzen on grenzen.periode_soort = 'jaar'

    union all

    select
        runs.gebied_code,
        runs.telling,
        runs.segment,
        runs.leeftijdsmaandnr,
        runs.n,
        '12m',
        greatest(runs.van, grenzen.eerste, coalesce(runs.eerder_tot + 12, 0)),
        least(runs.tot + 11, grenzen.laatste)
    from runs
    inner join grenzen on grenzen.periode_soort = '12m'
),

reeksen as (
    select * from geraakt
    where van <= tot and (telling <> 'stand' or periode_soort = 'maand')
),

-- Number of the first period on whose first day the youth is 18, and 23.
met_leeftijd as (
    select
        *,
        case periode_soort
            when 'maand' then leeftijdsmaandnr + 18 * 12
            when '12m' then leeftijdsmaandnr + 18 * 12 + 11
            else (leeftijdsmaandnr + 11) // 12 + 18
        end as nr_18,
        case periode_soort
            when 'maand' then leeftijdsmaandnr + 23 * 12
            when '12m' then leeftijdsmaandnr + 23 * 12 + 11
            else (leeftijdsmaandnr + 11) // 12 + 23
        end as nr_23
    from reeksen
    where telling = 'zorg' and leeftijdsmaandnr is not null
),

geteld as (
    select gebied_code, telling, segment, periode_soort, van, tot, n
    from reeksen

    union all

    select gebied_code, 'zorg_0_17', segment, periode_soort, van, least(tot, nr_18 - 1), n
    from met_leeftijd
    where van < nr_18

    union all

    select gebied_code, 'zorg_18_22', segment, periode_soort, greatest(van, nr_18), least(tot, nr_23 - 1), n
    from met_leeftijd
    where van < nr_23 and tot >= nr_18
),

mutaties as (
    select gebied_code, telling, segment, periode_soort, van as periode_nr, sum(n) as n
    from geteld
    group by all

    union all

    select gebied_code, telling, segment, periode_soort, tot + 1, -sum(n)
    from geteld
    group by all
),

per_nummer as (
    select gebied_code, telling, segment, periode_soort, periode_nr, sum(n) as n
    from mutaties
    group by all
),

raster as (
    select reeks.*, perioden.periode_nr, perioden.periode
    from (select distinct gebied_code, telling, segment, periode_soort from per_nummer) as reeks
    inner join {{ ref('int_perioden') }} as perioden using (periode_soort)
)

select
    raster.telling,
    raster.periode_soort,
    raster.periode,
    raster.gebied_code,
    raster.segment,
    cast(sum(coalesce(per_nummer.n, 0)) over (
        partition by raster.gebied_code, raster.telling, raster.segment, raster.periode_soort
        order by raster.periode_nr
    ) as bigint) as n_jeugdigen
from raster
left join per_nummer using (gebied_code, telling, segment, periode_soort, periode_nr)
