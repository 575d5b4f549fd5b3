-- Per levering and build-time rule: how many rows were checked and how many findings there are, also at zero. A row for
-- every rule of its bericht on every geldende levering; L14 is about accepted leveringen that do not stand, too.
with leveringen as (
    select levering_id, levering_nr, bericht, is_geldend
    from {{ ref('stg_leveringen') }}
    where is_geaccepteerd
),
{% for familie in bouwregels() %}
tellingen_{{ loop.index }} as (
    select
        levering_nr
        {%- for regel in familie.regels %},
        count("{{ regel }}") as gecontroleerd_{{ regel | lower }},
        count(*) filter (where "{{ regel }}") as bevindingen_{{ regel | lower }}
        {%- endfor %}
    from {{ ref(familie.model) }}
    group by levering_nr
),
{% endfor %}
geteld as (
{%- for familie in bouwregels() %}
{%- set nummer = loop.index %}
{%- for regel in familie.regels %}
    {%- if not (nummer == 1 and loop.first) %}
    union all
    {%- endif %}
    select
        '{{ regel }}' as regel_code,
        leveringen.levering_id,
        leveringen.is_geldend,
        coalesce(telling.bevindingen_{{ regel | lower }}, 0) as n_rijen,
        coalesce(telling.gecontroleerd_{{ regel | lower }}, 0) as n_gecontroleerd
    from leveringen
    left join tellingen_{{ nummer }} as telling using (levering_nr)
    {%- if familie.bericht %}
    where leveringen.bericht = '{{ familie.bericht }}'
    {%- endif %}
{%- endfor %}
{%- endfor %}
)

select regel_code, levering_id, n_rijen, n_gecontroleerd
from geteld
where is_geldend or n_rijen > 0
