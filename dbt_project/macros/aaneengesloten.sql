{# Joins the runs of numbers `van`..`tot` of `relatie` that overlap or touch, per `sleutel`: afterwards they are
   disjoint, so that counting begins and ends counts every key once. Continues a list of CTEs. #}
{% macro aaneengesloten(relatie, sleutel) %}
, met_vorige as (
    select
        *,
        max(tot) over (
            partition by {{ sleutel | join(', ') }}
            order by van
            rows between unbounded preceding and 1 preceding
        ) as eerder_tot
    from {{ relatie }}
),

genummerd as (
    select
        *,
        count(*) filter (where eerder_tot is null or van > eerder_tot + 1) over (
            partition by {{ sleutel | join(', ') }}
            order by van
            rows between unbounded preceding and current row
        ) as reeks_nr
    from met_vorige
)

select
    {{ sleutel | join(', ') }},
    min(van) as van,
    max(tot) as tot
from genummerd
group by {{ sleutel | join(', ') }}, reeks_nr
{% endmacro %}
