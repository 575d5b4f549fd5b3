-- Every valid allocation with stay, in its own gemeente and in the regio: what moves within stay are seen from.
with geldig as (
    select
        toewijzingen.gemeente,
        toewijzingen.toewijzingnummer,
        jeugdigen.jeugdige_nr,
        toewijzingen.aanbieder_agb,
        coalesce(toewijzingen.productcode, toewijzingen.productcategorie) as verblijfsproduct,
        toewijzingen.dekt_van,
        coalesce(toewijzingen.dekt_tot, {{ zonder_einde() }}) as dekt_tot
    from {{ ref('fct_toewijzingen') }} as toewijzingen
    inner join {{ ref('int_jeugdigen') }} as jeugdigen using (pseudoniem)
    where toewijzingen.dekt_iets and toewijzingen.met_verblijf
)

select *, unnest([gemeente, 'REGIO']) as gebied_code
from geldig
