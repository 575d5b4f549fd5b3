-- The look back estimates as kosten.naijling does: after the last leveringsmaand both say the same of every month of care,
-- to the cent. (When allocations run on past the last declaraties, what is expected of them is known from later versions.)
with laatste as (
    select max(terugblik.peilnr) as peilnr
    from {{ ref('int_terugblik_eind') }} as terugblik
    where (
        select count(distinct laatste_leveringsmaand)
        from {{ ref('int_rijping') }}
        where bericht <> 'beide'
    ) = 1
)

select terugblik.gemeente, terugblik.zorgmaandnr, terugblik.segment, terugblik.eind_cent, eind.eind_cent as eind_nu_cent
from {{ ref('int_terugblik_eind') }} as terugblik
inner join laatste using (peilnr)
left join {{ ref('int_naijling_eind') }} as eind
    on
        terugblik.gemeente = eind.gemeente
        and terugblik.zorgmaandnr = {{ maandnr('eind.zorgmaand') }}
        and terugblik.segment = eind.segment
        and not eind.zonder_alternatief
where
    abs(terugblik.eind_cent - coalesce(eind.eind_cent, 0)) > 1
    or terugblik.methode is distinct from eind.methode
    or terugblik.vanaf_vertraging is distinct from eind.vanaf_vertraging
