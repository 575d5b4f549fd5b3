-- Which part of placements out of home had an analysis before, and of youths of sixteen and over a plan. Where facts were
-- delivered at all: every figure of the catalogue, also at zero.
select
    raster.indicator_id,
    raster.periode_soort,
    raster.periode,
    raster.gebied_code,
    raster.segment,
    cast(count(*) filter (where gevallen.heeft_feit) as decimal(18, 2)) as teller,
    cast(count(gevallen.jeugdige_nr) as decimal(18, 2)) as noemer,
    cast(count(*) filter (where gevallen.heeft_feit) / nullif(count(gevallen.jeugdige_nr), 0) as double) as waarde,
    count(distinct gevallen.jeugdige_nr) filter (where gevallen.heeft_feit) as n_jeugdigen,
    'dossierfeiten_en_toewijzingen' as dekking_bericht
from {{ ref('int_raster') }} as raster
inner join {{ getelde_indicatoren(['dossiers_met_feit']) }} as indicatoren using (indicator_id)
left join {{ ref('int_dossier_gevallen') }} as gevallen
    on
        indicatoren.telling = gevallen.telling
        and raster.gebied_code = gevallen.gebied_code
        and gevallen.maandnr between raster.eerste_maandnr and raster.laatste_maandnr
where exists (select 1 from {{ ref('stg_dossierfeiten') }})
group by raster.indicator_id, raster.periode_soort, raster.periode, raster.gebied_code, raster.segment
