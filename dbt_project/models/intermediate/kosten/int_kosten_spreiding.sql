-- How cost is spread over youths, per year and twelve months and gebied: all cost, and that of the most expensive 1 and
-- 15 percent of the youths with an amount that counts, rounded up, at least one.
with per_maand as (
    select gemeente, jeugdige_nr, zorgmaand, cast(sum(netto_cent) as bigint) as netto_cent
    from {{ ref('fct_kosten_zorgmaand') }}
    where houdt_bedrag is not true
    group by gemeente, jeugdige_nr, zorgmaand
),

-- every month with the periods it lies in: a join by month, and by range no more
maanden as (
    select
        cast(unnest(generate_series(eerste_maand, laatste_maand, interval 1 month)) as date) as maand,
        volgnr
    from {{ periodebits() }} as perioden
    where periode_soort in ('jaar', '12m')
),

per_gemeente as (
    select
        maanden.volgnr,
        per_maand.gemeente as gebied_code,
        per_maand.jeugdige_nr,
        cast(sum(per_maand.netto_cent) as bigint) as netto_cent
    from per_maand
    inner join maanden on per_maand.zorgmaand = maanden.maand
    group by all
),

per_jeugdige as (
    select * from per_gemeente

    union all

    select volgnr, 'REGIO', jeugdige_nr, cast(sum(netto_cent) as bigint)
    from per_gemeente
    group by volgnr, jeugdige_nr
),

geordend as (
    select volgnr, gebied_code, list(netto_cent order by netto_cent desc) as bedragen
    from per_jeugdige
    group by volgnr, gebied_code
),

met_aantal as (
    select
        *,
        len(bedragen) as n_jeugdigen,
        -- whole numbers: 0.15 as a fraction of two could round up once too often
        (len(bedragen) + 99) // 100 as n_top1pct,
        (15 * len(bedragen) + 99) // 100 as n_top15pct
    from geordend
)

select
    perioden.periode_soort,
    perioden.periode,
    gebied_code,
    n_jeugdigen,
    n_top1pct,
    n_top15pct,
    cast(list_sum(bedragen) as bigint) as netto_cent,
    cast(list_sum(bedragen[1:n_top1pct]) as bigint) as top1pct_cent,
    cast(list_sum(bedragen[1:n_top15pct]) as bigint) as top15pct_cent
from met_aantal
inner join {{ periodebits() }} as perioden using (volgnr)
