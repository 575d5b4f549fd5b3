-- Every valid allocation as it counts: in its own gemeente and in the regio, in its own segment and in the total.
with geldig as (
    select
        toewijzingen.gemeente,
        toewijzingen.toewijzing_nr,
        jeugdigen.jeugdige_nr,
        toewijzingen.segment as eigen_segment,
        toewijzingen.hulpvorm,
        toewijzingen.met_verblijf,
        toewijzingen.is_crisis,
        toewijzingen.verwijzer_groep,
        toewijzingen.dekt_van,
        coalesce(toewijzingen.dekt_tot, {{ zonder_einde() }}) as dekt_tot
    from {{ ref('fct_toewijzingen') }} as toewijzingen
    inner join {{ ref('int_jeugdigen') }} as jeugdigen using (pseudoniem)
    where toewijzingen.dekt_iets
),

per_gebied as (
    select *, unnest([gemeente, 'REGIO']) as gebied_code
    from geldig
)

select *, unnest([eigen_segment, 'totaal']) as segment
from per_gebied
