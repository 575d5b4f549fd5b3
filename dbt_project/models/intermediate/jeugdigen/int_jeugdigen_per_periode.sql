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

-- a number for what is counted where: what follows goes over every run several times
sleutels as (
    select *, cast(row_number() over () as integer) as sleutel_nr
    from (select distinct gebied_code, telling, segment from runs) as verschillend
),

genummerd as (
    select
        sleutels.sleutel_nr,
        sleutels.telling = 'stand' as is_stand,
        runs.van,
        runs.tot,
        runs.eerder_tot,
        runs.leeftijdsmaandnr,
        runs.n
    from runs
    inner join sleutels using (gebied_code, telling, segment)
),

-- The periods that a run of months touches and an earlier run of the same youth does not. A period of twelve months
-- still holds a month eleven months later.
geraakt as (
    select
        sleutel_nr,
        leeftijdsmaandnr,
        n,
        'maand' as periode_soort,
        greatest(van, coalesce(eerder_tot + 1, van)) as van,
        tot
    from genummerd

    union all

    select
        genummerd.sleutel_nr,
        genummerd.leeftijdsmaandnr,
        genummerd.n,
        'jaar',
        greatest(genummerd.van // 12, grenzen.eerste, coalesce(genummerd.eerder_tot // 12 + 1, 0)),
        genummerd.tot // 12
    from genummerd
    inner join grenzen on grenzen.periode_soort = 'jaar'
    where not genummerd.is_stand

    union all

    select
        genummerd.sleutel_nr,
        genummerd.leeftijdsmaandnr,
        genummerd.n,
        '12m',
        greatest(genummerd.van, grenzen.eerste, coalesce(genummerd.eerder_tot + 12, 0)),
        least(genummerd.tot + 11, grenzen.laatste)
    from genummerd
    inner join grenzen on grenzen.periode_soort = '12m'
    where not genummerd.is_stand
),

reeksen as (
    select * from geraakt
    where van <= tot
),

-- Number of the first period on whose first day the youth is 18, and 23; only of care the age is known.
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
    where leeftijdsmaandnr is not null
),

geteld as (
    select sleutel_nr, null as leeftijd, periode_soort, van, tot, n
    from reeksen

    union all

    select sleutel_nr, '0_17', periode_soort, van, least(tot, nr_18 - 1), n
    from met_leeftijd
    where van < nr_18

    union all

    select sleutel_nr, '18_22', periode_soort, greatest(van, nr_18), least(tot, nr_23 - 1), n
    from met_leeftijd
    where van < nr_23 and tot >= nr_18
),

per_nummer as (
    select sleutel_nr, leeftijd, periode_soort, periode_nr, sum(n) as n
    from (
        select sleutel_nr, leeftijd, periode_soort, unnest([van, tot + 1]) as periode_nr, unnest([n, -n]) as n
        from geteld
    ) as mutaties
    group by all
),

raster as (
    select reeks.*, perioden.periode_nr, perioden.periode
    from (
        select *, cast(row_number() over () as integer) as reeks_nr
        from (select distinct sleutel_nr, leeftijd, periode_soort from per_nummer) as verschillend
    ) as reeks
    inner join {{ ref('int_perioden') }} as perioden using (periode_soort)
),

opgeteld as (
    select
        raster.*,
        cast(
            sum(coalesce(per_nummer.n, 0)) over (partition by raster.reeks_nr order by raster.periode_nr) as bigint
        ) as n_jeugdigen
    from raster
    left join per_nummer
        on raster.sleutel_nr = per_nummer.sleutel_nr
        and raster.leeftijd is not distinct from per_nummer.leeftijd
        and raster.periode_soort = per_nummer.periode_soort
        and raster.periode_nr = per_nummer.periode_nr
)

select
    sleutels.telling || coalesce('_' || opgeteld.leeftijd, '') as telling,
    opgeteld.periode_soort,
    opgeteld.periode,
    sleutels.gebied_code,
    sleutels.segment,
    opgeteld.n_jeugdigen
from opgeteld
inner join sleutels using (sleutel_nr)
