-- Every finding of a build-time rule, at the first arrival of the row it is about (rij NULL: the levering as a whole).
with bevindingen as (
{%- for familie in bouwregels() %}
{%- set buiten = loop %}
{%- for regel in familie.regels %}
    {%- if not (buiten.first and loop.first) %}
    union all
    {%- endif %}
    select '{{ regel }}' as regel_code, levering_nr, rij
    from {{ ref(familie.model) }}
    where "{{ regel }}"
{%- endfor %}
{%- endfor %}
)

select bevindingen.regel_code, leveringen.levering_id, bevindingen.rij
from bevindingen
inner join {{ ref('stg_leveringen') }} as leveringen using (levering_nr)
