-- Cost by zorgmaand and delay, with gebied REGIO and segment totaal added. Delay = months between the zorgmaand and the
-- leveringsmaand in which the line first arrived, at least 0. Amounts may be added up over gemeenten and segments.
-- netto is what counts; what is under reserve stands beside it, as it was claimed and in its two other readings.
with bladeren as (
    select
        zorgmaand,
        gemeente,
        segment,
        greatest(date_diff('month', zorgmaand, eerste_leveringsmaand), 0) as vertraging_maanden,
        is_ambulant_alternatief,
        sum(netto_cent) as netto_cent,
        sum(voorbehoud_cent) as voorbehoud_cent,
        sum(hersteld_cent) as hersteld_cent,
        sum(eigen_cent) as eigen_cent
    from {{ ref('fct_kosten_zorgmaand') }}
    group by all
)

select
    zorgmaand,
    coalesce(gemeente, 'REGIO') as gebied_code,
    coalesce(segment, 'totaal') as segment,
    vertraging_maanden,
    {%- for bedrag in ['netto', 'voorbehoud', 'hersteld', 'eigen'] %}
    cast(coalesce(sum({{ bedrag }}_cent), 0) as bigint) as {{ bedrag }}_cent,
    cast(coalesce(sum({{ bedrag }}_cent) filter (not is_ambulant_alternatief), 0) as bigint)
        as {{ bedrag }}_zonder_alternatief_cent{{ ',' if not loop.last }}
    {%- endfor %}
from bladeren
group by grouping sets (
    (zorgmaand, vertraging_maanden, gemeente, segment),
    (zorgmaand, vertraging_maanden, gemeente),
    (zorgmaand, vertraging_maanden, segment),
    (zorgmaand, vertraging_maanden)
)
