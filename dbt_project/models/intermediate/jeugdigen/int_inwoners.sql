-- Inhabitants 0-17 per gebied and calendar year of the published months and the year before them. A year without a row takes the nearest
-- earlier one, or the first there is. The regio is the sum of the gemeenten that belong to it on 1 January.
with jaren as (
    select distinct unnest([jaar - 1, jaar]) as jaar
    from {{ ref('dim_maanden') }}
),

per_gemeente as (
    select
        gebieden.gebied_code,
        jaren.jaar,
        inwoners.inwoners,
        inwoners.inwoners_0_17,
        inwoners.inwoners_0_22,
        coalesce(inwoners.jaar <> jaren.jaar, true) as is_geschat,
        gebieden.geldig_van <= make_date(jaren.jaar, 1, 1)
        and coalesce(gebieden.geldig_tot, {{ zonder_einde() }}) >= make_date(jaren.jaar, 1, 1) as in_regio
    from {{ ref('dim_gebieden') }} as gebieden
    cross join jaren
    -- a gemeente has nobody in a year in which it did not exist: what was its own is counted at what it became part of
    left join {{ ref('stg_ref_inwoners') }} as inwoners
        on gebieden.gebied_code = inwoners.gemeente
        and gebieden.geldig_van <= make_date(jaren.jaar, 12, 31)
        and coalesce(gebieden.geldig_tot, {{ zonder_einde() }}) >= make_date(jaren.jaar, 1, 1)
    where gebieden.gebied_soort = 'gemeente'
    qualify row_number() over (
        partition by gebieden.gebied_code, jaren.jaar
        order by (inwoners.jaar <= jaren.jaar) desc, abs(inwoners.jaar - jaren.jaar)
    ) = 1
)

select
    gebied_code,
    jaar,
    coalesce(inwoners, 0) as inwoners,
    coalesce(inwoners_0_17, 0) as inwoners_0_17,
    coalesce(inwoners_0_22, 0) as inwoners_0_22,
    is_geschat
from per_gemeente

union all

select
    'REGIO',
    jaar,
    cast(coalesce(sum(inwoners), 0) as bigint),
    cast(coalesce(sum(inwoners_0_17), 0) as bigint),
    cast(coalesce(sum(inwoners_0_22), 0) as bigint),
    bool_or(is_geschat)
from per_gemeente
where in_regio
group by jaar
