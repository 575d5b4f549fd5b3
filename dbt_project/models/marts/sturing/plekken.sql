-- Places beside the stand of allocations and what was forecast of it then, per month and hulpvorm. A row for every
-- published month from the first to the last of which places were delivered; without an agreement on capaciteit none.
with maanden as (
    select plekken.gebied_code, maanden.maand, maanden.maandnr
    from (
        select gebied_code, min(maand) as eerste, max(maand) as laatste
        from {{ ref('int_plekken_maand') }}
        group by gebied_code
    ) as plekken
    inner join {{ ref('dim_maanden') }} as maanden on maanden.maand between plekken.eerste and plekken.laatste
),

raster as (
    select maanden.*, hulpvormen.hulpvorm
    from maanden
    inner join (select distinct gebied_code, hulpvorm from {{ ref('int_plekken_maand') }}) as hulpvormen using (gebied_code)
),

stand as (
    select
        stand.gebied_code,
        stand.maandnr,
        coalesce(stand.hulpvorm, 'totaal') as hulpvorm,
        count(distinct stand.jeugdige_nr) as n_jeugdigen
    from {{ ref('int_hulpvorm_stand') }} as stand
    -- totaal: of the hulpvormen that this gebied has places of
    semi join raster on stand.gebied_code = raster.gebied_code and stand.hulpvorm = raster.hulpvorm
    group by grouping sets (
        (stand.gebied_code, stand.maandnr, stand.hulpvorm), (stand.gebied_code, stand.maandnr)
    )
),

verwacht as (
    select
        gebied_code,
        split_part(segment, ':', 2) as hulpvorm,
        peilmaand as maand,
        stand_verwacht,
        ondergrens,
        bovengrens
    from {{ ref('int_prognose_hulpvorm') }}
    where vooruit = 6
)

select
    '{{ var("publicatie_id") }}' as publicatie_id,
    raster.maand,
    raster.gebied_code,
    raster.hulpvorm,
    coalesce(hulpvormen.naam, 'Alle hulpvormen met plekken') as hulpvorm_naam,
    -- a hulpvorm that is not in what came has no places; of a month of which nothing came nothing is known
    {% for kolom in ['n_locaties', 'plekken', 'bezet', 'overbezet', 'vrij', 'dicht'] -%}
    case when geleverd.maand is not null then coalesce(plekken.{{ kolom }}, 0) end as {{ kolom }},
    {% endfor -%}
    cast((plekken.bezet - plekken.overbezet) / nullif(plekken.plekken, 0) as double) as bezettingsgraad,
    cast(coalesce(stand.n_jeugdigen, 0) as bigint) as stand_toewijzingen,
    cast(verwacht.stand_verwacht as decimal(18, 2)) as stand_over_6_maanden,
    cast(verwacht.ondergrens as bigint) as stand_ondergrens,
    cast(verwacht.bovengrens as bigint) as stand_bovengrens,
    coalesce(dekking.dekking, 0) as dekking,
    coalesce(dekking.rijping, 'voorlopig') as rijping
from raster
left join {{ ref('int_plekken_maand') }} as plekken using (gebied_code, maand, hulpvorm)
left join {{ ref('int_plekken_maand') }} as geleverd
    on raster.gebied_code = geleverd.gebied_code and raster.maand = geleverd.maand and geleverd.hulpvorm = 'totaal'
left join stand
    on
        raster.gebied_code = stand.gebied_code
        and raster.maandnr = stand.maandnr
        and raster.hulpvorm = stand.hulpvorm
left join verwacht using (gebied_code, maand, hulpvorm)
left join {{ ref('stg_ref_hulpvormen') }} as hulpvormen using (hulpvorm)
left join {{ ref('int_dekking') }} as dekking
    on
        dekking.periode_soort = 'maand'
        and raster.maand = dekking.periode
        and raster.gebied_code = dekking.gebied_code
        and dekking.dekking_bericht = 'capaciteit'
