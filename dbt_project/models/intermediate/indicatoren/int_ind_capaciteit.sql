-- The share of places that is taken, where places were delivered at all: every published month of the regio, and of a gemeente
-- that delivers places of its own. Who lives there beyond the number of places counts in neither.
with gebieden as (
    select distinct gebied_code
    from {{ ref('int_plekken_maand') }}
)

select
    raster.indicator_id,
    raster.periode_soort,
    raster.periode,
    raster.gebied_code,
    raster.segment,
    cast(plekken.bezet - plekken.overbezet as decimal(18, 2)) as teller,
    cast(plekken.plekken as decimal(18, 2)) as noemer,
    cast((plekken.bezet - plekken.overbezet) / nullif(plekken.plekken, 0) as double) as waarde,
    coalesce(plekken.bezet, 0) as n_jeugdigen,
    'capaciteit' as dekking_bericht
from {{ ref('int_raster') }} as raster
semi join gebieden using (gebied_code)
left join {{ ref('int_plekken_maand') }} as plekken
    on raster.gebied_code = plekken.gebied_code and raster.periode = plekken.maand and plekken.hulpvorm = 'totaal'
where raster.indicator_id = 'bezettingsgraad' and raster.periode_soort = 'maand'
