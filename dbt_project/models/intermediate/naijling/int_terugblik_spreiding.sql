-- How far an estimate from the expectation was off: what would have been said of a month of care when it was so many months
-- old (`vertraging_maanden`), with what was known then, beside what it became. So that allocations that come late, and prices
-- that rose since, are in it. Where nothing could be expected yet, by the days and the cost of a day of `peilnr`. Of
-- gemeenten that delivered everything up to then, over the same months of care as the cost of a day.
-- Part of the difference is that of a gemeente by itself: a variance that grows with the amount (eigen_per_cent times the
-- expectation). The other part all have together, so that it does not wear off in the sum of the regio: a share of the amount
-- (gedeeld_deel). Of gemeenten the bound that 80 percent stayed within, because one month far off says little of the others;
-- of the twelve sums of the regio, which are few, the mean square.
--   per gemeente  (distance that 80 percent stayed within / 1.28)^2 / v  =  eigen_per_cent + gedeeld_deel^2 x mean of v
--   per month of the regio  sum of squares / sum of v  =  eigen_per_cent + gedeeld_deel^2 x (sum of v^2 / sum of v)
with vergeleken as (
    select
        rijp.peilnr,
        rijp.segment,
        toen.vertraging_maanden,
        rijp.zorgmaandnr,
        rijp.gemeente,
        rijp.rijp_cent,
        toen.cumulatief_cent,
        coalesce(1 / toen.factor_tot_eind, 0) as aandeel_bekend,
        case when toen.cent_per_dag is null then rijp.verwacht_cent else toen.verwacht_cent end as verwacht_cent
    from {{ ref('int_terugblik_stand') }} as rijp
    inner join {{ ref('int_terugblik_stand') }} as toen
        on
            rijp.gemeente = toen.gemeente
            and rijp.segment = toen.segment
            and rijp.zorgmaandnr = toen.zorgmaandnr
            and rijp.peilnr >= toen.peilnr
    where
        rijp.rijp_cent is not null
        and toen.vertraging_maanden < {{ instelling('terugblik_maanden') }}
        and toen.is_gezien
        and toen.is_volledig
        and toen.laatste_vertraging = toen.vertraging_maanden
        and (toen.factor_tot_eind is not null or toen.cumulatief_cent = 0)
),

-- whole cents, so that the order of adding does not show
waarnemingen as (
    select
        * exclude (rijp_cent, cumulatief_cent, aandeel_bekend, verwacht_cent),
        cast(rijp_cent - round(cumulatief_cent + verwacht_cent * (1 - aandeel_bekend)) as hugeint) as ernaast_cent,
        cast(round(verwacht_cent) as hugeint) as verwacht_cent
    from vergeleken
    where round(verwacht_cent) > 0
),

per_gemeente as (
    select
        peilnr,
        segment,
        vertraging_maanden,
        power(
            quantile_cont(abs(cast(ernaast_cent as double)) / sqrt(cast(verwacht_cent as double)), 0.8)
            / {{ grens_in_sigma() }},
            2
        ) as spreiding,
        cast(sum(verwacht_cent) as double) / count(*) as grootte
    from waarnemingen
    group by peilnr, segment, vertraging_maanden
),

per_maand as (
    select
        peilnr,
        segment,
        vertraging_maanden,
        sum(ernaast_cent) as ernaast_cent,
        sum(verwacht_cent) as verwacht_cent
    from waarnemingen
    group by peilnr, segment, vertraging_maanden, zorgmaandnr
),

per_regio as (
    select
        peilnr,
        segment,
        vertraging_maanden,
        cast(sum(ernaast_cent * ernaast_cent) as double) / cast(sum(verwacht_cent) as double) as spreiding,
        cast(sum(verwacht_cent * verwacht_cent) as double) / cast(sum(verwacht_cent) as double) as grootte
    from per_maand
    group by peilnr, segment, vertraging_maanden
),

gedeeld as (
    select
        peilnr,
        segment,
        vertraging_maanden,
        per_gemeente.spreiding,
        per_gemeente.grootte,
        case
            when per_regio.grootte > per_gemeente.grootte
                then greatest(
                    least(
                        (per_regio.spreiding - per_gemeente.spreiding) / (per_regio.grootte - per_gemeente.grootte),
                        per_regio.spreiding / per_regio.grootte
                    ),
                    0
                )
            else 0
        end as gedeeld_kwadraat
    from per_gemeente
    inner join per_regio using (peilnr, segment, vertraging_maanden)
)

select
    peilnr,
    segment,
    vertraging_maanden,
    round(greatest(spreiding - gedeeld_kwadraat * grootte, 0), 6) as eigen_per_cent,
    round(sqrt(gedeeld_kwadraat), 12) as gedeeld_deel
from gedeeld
