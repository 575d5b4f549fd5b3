-- Cost by zorgmaand and delay, with gebied REGIO and segment totaal added. Delay = months between the zorgmaand and the
-- leveringsmaand in which the line first arrived, at least 0. Amounts may be added up over gemeenten and segments.
with bladeren as (
    select
        zorgmaand,
        gemeente,
        segment,
        greatest(date_diff('month', zorgmaand, eerste_leveringsmaand), 0) as vertraging_maanden,
        sum(netto_cent) as netto_cent,
        sum(netto_cent) filter (not is_ambulant_alternatief) as netto_zonder_alternatief_cent
    from {{ ref('fct_kosten_zorgmaand') }}
    group by all
)

select
    zorgmaand,
    coalesce(gemeente, 'REGIO') as gebied_code,
    coalesce(segment, 'totaal') as segment,
    vertraging_maanden,
    cast(sum(netto_cent) as bigint) as netto_cent,
    cast(coalesce(sum(netto_zonder_alternatief_cent), 0) as bigint) as netto_zonder_alternatief_cent
from bladeren
group by grouping sets (
    (zorgmaand, vertraging_maanden, gemeente, segment),
    (zorgmaand, vertraging_maanden, gemeente),
    (zorgmaand, vertraging_maanden, segment),
    (zorgmaand, vertraging_maanden)
)
