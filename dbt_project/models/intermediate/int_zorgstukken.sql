-- Every valid allocation as it counts: in its own gemeente and in the regio, in its own segment and in the total.
with geldig as (
    select
        gemeente,
        toewijzingnummer,
        pseudoniem,
        segment as eigen_segment,
        hulpvorm,
        met_verblijf,
        is_crisis,
        verwijzer_groep,
        dekt_van,
        coalesce(dekt_tot, {{ zonder_einde() }}) as dekt_tot
    from {{ ref('fct_toewijzingen') }}
    where dekt_iets
),

per_gebied as (
    select *, unnest([gemeente, 'REGIO']) as gebied_code
    from geldig
)

select *, unnest([eigen_segment, 'totaal']) as segment
from per_gebied
