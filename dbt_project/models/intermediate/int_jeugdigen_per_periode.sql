-- Distinct youths per telling and published period, by counting where runs of periods begin and end. Age is that on the
-- first day of the period; a youth whose age is unknown is in no age group.
with grenzen as (
    select periode_soort, min(periode_nr) as eerste, max(periode_nr) as laatste
    from {{ ref('int_perioden') }}
    group by periode_soort
),

-- The periods that a run of months touches: a twelve-month period still holds a month eleven months later.
geraakt as (
    select
        *,
        unnest(['maand', 'jaar', '12m']) as periode_soort
    from {{ ref('int_jeugdmaanden') }}
),

genummerde_perioden as (
    select
        geraakt.gebied_code,
        geraakt.telling,
        geraakt.segment,
        geraakt.pseudoniem,
        geraakt.periode_soort,
        case geraakt.periode_soort
            when 'jaar' then geraakt.van // 12
            else greatest(geraakt.van, grenzen.eerste)
        end as van,
        case geraakt.periode_soort
            when 'jaar' then geraakt.tot // 12
            when '12m' then least(geraakt.tot + 11, grenzen.laatste)
            else geraakt.tot
        end as tot
    from geraakt
    inner join grenzen using (periode_soort)
),

in_publicatie as (
    select * from genummerde_perioden
    where van <= tot
),

reeksen as (
    select * from (
        with invoer as (select * from in_publicatie)
        {{ aaneengesloten('invoer', ['gebied_code', 'telling', 'segment', 'pseudoniem', 'periode_soort']) }}
    )
),

-- Number of the first period on whose first day the youth is 18, and 23.
leeftijden as (
    select
        pseudoniem,
        {{ maandnr('leeftijdsmaand') }} as geboortemaandnr
    from {{ ref('int_jeugdigen') }}
),

met_leeftijd as (
    select
        reeksen.*,
        case reeksen.periode_soort
            when 'maand' then leeftijden.geboortemaandnr + 18 * 12
            when '12m' then leeftijden.geboortemaandnr + 18 * 12 + 11
            else (leeftijden.geboortemaandnr + 11) // 12 + 18
        end as nr_18,
        case reeksen.periode_soort
            when 'maand' then leeftijden.geboortemaandnr + 23 * 12
            when '12m' then leeftijden.geboortemaandnr + 23 * 12 + 11
            else (leeftijden.geboortemaandnr + 11) // 12 + 23
        end as nr_23
    from reeksen
    inner join leeftijden using (pseudoniem)
    where reeksen.telling = 'zorg'
),

geteld as (
    select gebied_code, telling, segment, periode_soort, van, tot
    from reeksen

    union all

    select gebied_code, 'zorg_0_17', segment, periode_soort, van, least(tot, nr_18 - 1)
    from met_leeftijd
    where van < nr_18

    union all

    select gebied_code, 'zorg_18_22', segment, periode_soort, greatest(van, nr_18), least(tot, nr_23 - 1)
    from met_leeftijd
    where van < nr_23 and tot >= nr_18
),

mutaties as (
    select gebied_code, telling, segment, periode_soort, van as periode_nr, count(*) as n
    from geteld
    group by all

    union all

    select gebied_code, telling, segment, periode_soort, tot + 1, -count(*)
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
