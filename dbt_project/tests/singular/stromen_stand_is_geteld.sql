-- The stock that follows from flows equals a plain count of the trajecten that cover the last day.
with geteld as (
    select maanden.maand, trajecten.gebied_code, trajecten.segment, count(*) as n
    from {{ ref('dim_maanden') }} as maanden
    inner join {{ ref('fct_trajecten') }} as trajecten
        on maanden.laatste_dag >= trajecten.begin and coalesce(trajecten.eind, maanden.laatste_dag) >= maanden.laatste_dag
    where maanden.maand = (select max(maand) from {{ ref('dim_maanden') }})
    group by all
)

select stromen.maand, stromen.gebied_code, stromen.segment
from {{ ref('stromen') }} as stromen
left join geteld using (maand, gebied_code, segment)
where
    stromen.maand = (select max(maand) from {{ ref('dim_maanden') }})
    and stromen.stand_eind <> coalesce(geteld.n, 0)
