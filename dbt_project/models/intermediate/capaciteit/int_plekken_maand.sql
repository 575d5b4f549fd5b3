-- Places per gebied, month and hulpvorm, and all together (totaal); months of which nothing came are not here.
select
    gebied_code,
    maand,
    coalesce(hulpvorm, 'totaal') as hulpvorm,
    cast(count(distinct aanbieder_agb || '|' || locatie_code) as bigint) as n_locaties,
    cast(sum(plekken) as bigint) as plekken,
    cast(sum(bezet) as bigint) as bezet,
    cast(sum(overbezet) as bigint) as overbezet,
    cast(sum(vrij) as bigint) as vrij,
    cast(sum(dicht) as bigint) as dicht
from {{ ref('int_plekken') }}
group by grouping sets ((gebied_code, maand, hulpvorm), (gebied_code, maand))
