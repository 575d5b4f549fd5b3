-- Places coming free against places needed: the newest forecast per hulpvorm beside the places of that month, or of the
-- newest month before it of which they were delivered and that is not older than figures may be.
with prognose as (
    select *, split_part(segment, ':', 2) as hulpvorm
    from {{ ref('int_prognose_hulpvorm') }}
    where is_laatste
),

nieuwste as (
    select
        prognose.gebied_code,
        prognose.segment,
        prognose.vooruit,
        plekken.maand as plekken_maand,
        plekken.plekken,
        plekken.vrij
    from prognose
    inner join {{ ref('int_plekken_maand') }} as plekken
        on
            prognose.gebied_code = plekken.gebied_code
            and prognose.hulpvorm = plekken.hulpvorm
            and prognose.peilmaand >= plekken.maand
            and date_diff('month', plekken.maand, prognose.peilmaand) < {{ instelling('rijping_maanden') }}
    qualify row_number() over (
        partition by prognose.gebied_code, prognose.segment, prognose.vooruit
        order by plekken.maand desc
    ) = 1
)

select
    prognose.*,
    nieuwste.plekken_maand,
    nieuwste.plekken,
    nieuwste.vrij,
    prognose.stand_nu - prognose.n_blijft as n_komt_vrij,
    -- what is free now and comes free, less what is needed: of those who keep a place nothing changes
    nieuwste.vrij + prognose.stand_nu - prognose.stand_verwacht as saldo,
    nieuwste.vrij + prognose.stand_nu - prognose.bovengrens as saldo_ondergrens,
    nieuwste.vrij + prognose.stand_nu - prognose.ondergrens as saldo_bovengrens
from prognose
inner join nieuwste using (gebied_code, segment, vooruit)
