{# Chains the rows of `relatie` (dekt_van, dekt_tot without NULLs) per `sleutel` while the gap between them, in days
   not covered, is at most `gat` days. One row per chain; `nr` counts them in time. `extra` adds aggregates.
   Rows that begin on one day come in any order, so `nr` counts by range: they all get the same. #}
{% macro keten(relatie, sleutel, gat, extra=[]) %}
with met_vorige as (
    select
        *,
        max(dekt_tot) over (
            partition by {{ sleutel | join(', ') }}
            order by dekt_van
            rows between unbounded preceding and 1 preceding
        ) as eerder_gedekt_tot
    from {{ relatie }}
),

genummerd as (
    select
        *,
        count(*) filter (
            where eerder_gedekt_tot is null or date_diff('day', eerder_gedekt_tot, dekt_van) - 1 > {{ gat }}
        ) over (
            partition by {{ sleutel | join(', ') }}
            order by dekt_van
            range between unbounded preceding and current row
        ) as nr
    from met_vorige
)

select
    {{ sleutel | join(', ') }},
    nr,
    min(dekt_van) as begin,
    max(dekt_tot) as eind
    {%- for uitdrukking in extra %},
    {{ uitdrukking }}
    {%- endfor %}
from genummerd
group by {{ sleutel | join(', ') }}, nr
{% endmacro %}
