-- Every finding of a build-time rule, at the first arrival of the row it is about (rij NULL: the levering as a whole).
-- A model is read once for all of its rules: hardly any row has a finding.
with bevindingen as (
{%- for familie in bouwregels() %}
    {%- if not loop.first %}
    union all
    {%- endif %}
    select
        levering_nr,
        rij,
        unnest([
            {%- for regel in familie.regels %}
            case when "{{ regel }}" then '{{ regel }}' end{{ ',' if not loop.last }}
            {%- endfor %}
        ]) as regel_code
    from {{ ref(familie.model) }}
    where {% for regel in familie.regels %}"{{ regel }}"{{ ' or ' if not loop.last }}{% endfor %}
{%- endfor %}
)

select bevindingen.regel_code, leveringen.levering_id, bevindingen.rij
from bevindingen
inner join {{ ref('stg_leveringen') }} as leveringen using (levering_nr)
where bevindingen.regel_code is not null
