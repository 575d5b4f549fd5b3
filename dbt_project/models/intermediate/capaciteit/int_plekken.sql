-- Places per location, hulpvorm, product and month, once: on the newest day of counting in the month, and of what two senders
-- say about one location the newest. A sender that is a gemeente counts for itself too.
with per_gebied as (
    select *, unnest(list_distinct([gemeente, 'REGIO'])) as gebied_code
    from {{ ref('stg_capaciteit') }}
)

select
    gebied_code,
    leveringsmaand as maand,
    aanbieder_agb,
    locatie_code,
    hulpvorm,
    coalesce(productcode, '') as productcode,
    peildatum,
    plekken,
    bezet,
    vrij,
    greatest(bezet - plekken, 0) as overbezet,
    greatest(plekken - bezet - vrij, 0) as dicht
from per_gebied
qualify row_number() over (
    partition by gebied_code, leveringsmaand, aanbieder_agb, locatie_code, hulpvorm, coalesce(productcode, '')
    order by peildatum desc, ontvangen_op desc, levering_id asc, rij asc
) = 1
