-- Build-time rules on allocations in their newest version. One column per rule: true = finding, false = checked and in
-- order, NULL = not checked.
with peildagen as (
    -- up to where a gemeente's own leveringen tell what was changed
    select gemeente, last_day(max(leveringsmaand)) as peildag
    from {{ ref('stg_leveringen') }}
    where is_geldend and bericht = 'toewijzingen'
    group by gemeente
)

select
    levering_nr,
    rij,
    -- T19: begins while an earlier allocation of the same product, provider and youth still runs
    case
        when dekt_iets
            then
                coalesce(
                    dekt_van <= max(coalesce(dekt_tot, date '9999-12-31')) over (
                        partition by gemeente, pseudoniem, aanbieder_agb, productcategorie, productcode, dekt_iets
                        order by dekt_van, toewijzing_nr
                        rows between unbounded preceding and 1 preceding
                    ), false
                )
    end as "T19",
    -- T27: still running, and its newest version is older than the threshold
    case
        when dekt_iets and dekt_van <= peildag and coalesce(dekt_tot, date '9999-12-31') >= peildag
            then toewijzingsdatum + to_months(cast({{ drempel('T27') }} as integer)) < peildag
    end as "T27"
from {{ ref('fct_toewijzingen') }}
left join peildagen using (gemeente)
