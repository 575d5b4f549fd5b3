-- Indicators on how long trajecten last (ended in the period) or have lasted (running on the last day of the month).
with beeindigd as (
    select
        raster.indicator_id,
        raster.periode_soort,
        raster.periode,
        raster.gebied_code,
        raster.segment,
        case raster.indicator_id when 'trajectduur_gemiddeld' then coalesce(trajecten.som_dagen, 0) end as teller,
        coalesce(trajecten.n_trajecten, 0) as noemer,
        case raster.indicator_id
            when 'trajectduur_gemiddeld' then trajecten.som_dagen / trajecten.n_trajecten
            else medianen.mediaan_dagen
        end as waarde,
        coalesce(jeugdigen.n_jeugdigen, 0) as n_jeugdigen
    from {{ ref('int_raster') }} as raster
    left join {{ ref('int_trajecten_per_periode') }} as trajecten
        on trajecten.telling = 'beeindigd'
        and raster.periode_soort = trajecten.periode_soort
        and raster.periode = trajecten.periode
        and raster.gebied_code = trajecten.gebied_code
        and raster.segment = trajecten.segment
    left join {{ ref('int_trajectduur_mediaan') }} as medianen
        on raster.periode_soort = medianen.periode_soort
        and raster.periode = medianen.periode
        and raster.gebied_code = medianen.gebied_code
        and raster.segment = medianen.segment
    left join {{ ref('int_jeugdigen_per_periode') }} as jeugdigen
        on jeugdigen.telling = 'beeindigd'
        and raster.periode_soort = jeugdigen.periode_soort
        and raster.periode = jeugdigen.periode
        and raster.gebied_code = jeugdigen.gebied_code
        and raster.segment = jeugdigen.segment
    where raster.indicator_id in ('trajectduur_gemiddeld', 'trajectduur_mediaan')
),

lopend as (
    select
        raster.indicator_id,
        raster.periode_soort,
        raster.periode,
        raster.gebied_code,
        raster.segment,
        stand.som_looptijd_dagen as teller,
        stand.stand_eind as noemer,
        stand.som_looptijd_dagen / nullif(stand.stand_eind, 0) as waarde,
        -- at one moment a youth has one traject per gebied and segment
        stand.stand_eind as n_jeugdigen
    from {{ ref('int_raster') }} as raster
    inner join {{ ref('int_trajecten_stand') }} as stand
        on raster.periode = stand.maand
        and raster.gebied_code = stand.gebied_code
        and raster.segment = stand.segment
    where raster.indicator_id = 'looptijd_lopend' and raster.periode_soort = 'maand'
),

alle as (
    select * from beeindigd

    union all

    select * from lopend
)

select
    indicator_id,
    periode_soort,
    periode,
    gebied_code,
    segment,
    cast(teller as decimal(18, 2)) as teller,
    cast(noemer as decimal(18, 2)) as noemer,
    cast(waarde as double) as waarde,
    cast(n_jeugdigen as bigint) as n_jeugdigen,
    'toewijzingen' as dekking_bericht
from alle
