-- Days from request to placement, of who was placed in the period: the median. Where requests were delivered at all.
with geplaatst as (
    select
        gebied_code,
        pseudoniem,
        plaatsingsdatum,
        date_diff('day', verzoekdatum, plaatsingsdatum) as dagen
    from {{ ref('int_verzoeken_per_gebied') }}
    where hulpvorm_groep = 'totaal' and plaatsingsdatum is not null
)

select
    raster.indicator_id,
    raster.periode_soort,
    raster.periode,
    raster.gebied_code,
    raster.segment,
    cast(null as decimal(18, 2)) as teller,
    cast(count(geplaatst.dagen) as decimal(18, 2)) as noemer,
    cast(quantile_cont(geplaatst.dagen, 0.5) as double) as waarde,
    count(distinct geplaatst.pseudoniem) as n_jeugdigen,
    'verzoeken' as dekking_bericht
from {{ ref('int_raster') }} as raster
left join geplaatst
    on
        raster.gebied_code = geplaatst.gebied_code
        and geplaatst.plaatsingsdatum between raster.eerste_maand and last_day(raster.laatste_maand)
where raster.indicator_id = 'dagen_tot_plaatsing' and exists (select 1 from {{ ref('stg_verzoeken') }})
group by raster.indicator_id, raster.periode_soort, raster.periode, raster.gebied_code, raster.segment
