-- Requests for a place per month, gebied and hulpvorm: how many came, were matched and placed, how long that took, and who
-- waits. From the first to the last month of which requests were delivered; without an agreement on verzoeken none.
with grenzen as (
    select min(leveringsmaand) as eerste, max(leveringsmaand) as laatste
    from {{ ref('stg_verzoeken') }}
),

raster as (
    select maanden.maand, maanden.laatste_dag, gebieden.gebied_code, hulpvormen.hulpvorm
    from {{ ref('dim_maanden') }} as maanden
    inner join grenzen on maanden.maand between grenzen.eerste and grenzen.laatste
    cross join {{ ref('dim_gebieden') }} as gebieden
    cross join (select distinct hulpvorm_groep as hulpvorm from {{ ref('int_verzoeken_per_gebied') }}) as hulpvormen
),

geteld as (
    select
        raster.maand,
        raster.gebied_code,
        raster.hulpvorm,
        count(*) filter (where verzoeken.verzoekdatum between raster.maand and raster.laatste_dag) as n_verzoeken,
        count(*) filter (
            where verzoeken.is_spoed and verzoeken.verzoekdatum between raster.maand and raster.laatste_dag
        ) as n_spoed,
        count(*) filter (where verzoeken.matchdatum between raster.maand and raster.laatste_dag) as n_gematcht,
        count(*) filter (where verzoeken.plaatsingsdatum between raster.maand and raster.laatste_dag) as n_geplaatst,
        -- who withdrew waits no more, and nobody knows since when
        count(*) filter (
            where verzoeken.verzoekdatum <= raster.laatste_dag
            and coalesce(verzoeken.gevonden_op > raster.laatste_dag, true)
            and verzoeken.uitkomst <> 'ingetrokken'
        ) as n_zonder_match,
        quantile_cont(date_diff('day', verzoeken.verzoekdatum, verzoeken.matchdatum), 0.5) filter (
            where verzoeken.matchdatum between raster.maand and raster.laatste_dag
        ) as mediaan_dagen_tot_match,
        quantile_cont(date_diff('day', verzoeken.verzoekdatum, verzoeken.plaatsingsdatum), 0.5) filter (
            where verzoeken.plaatsingsdatum between raster.maand and raster.laatste_dag
        ) as mediaan_dagen_tot_plaatsing
    from raster
    inner join {{ ref('int_verzoeken_per_gebied') }} as verzoeken
        on raster.gebied_code = verzoeken.gebied_code and raster.hulpvorm = verzoeken.hulpvorm_groep
    group by raster.maand, raster.gebied_code, raster.hulpvorm
)

select
    '{{ var("publicatie_id") }}' as publicatie_id,
    raster.maand,
    raster.gebied_code,
    raster.hulpvorm,
    coalesce(hulpvormen.naam, 'Alle hulpvormen') as hulpvorm_naam,
    {% for kolom in ['n_verzoeken', 'n_spoed', 'n_gematcht', 'n_geplaatst', 'n_zonder_match'] -%}
    cast(coalesce(geteld.{{ kolom }}, 0) as bigint) as {{ kolom }},
    {% endfor -%}
    cast(geteld.mediaan_dagen_tot_match as double) as mediaan_dagen_tot_match,
    cast(geteld.mediaan_dagen_tot_plaatsing as double) as mediaan_dagen_tot_plaatsing,
    coalesce(dekking.dekking, 0) as dekking,
    coalesce(dekking.rijping, 'voorlopig') as rijping
from raster
left join geteld using (maand, gebied_code, hulpvorm)
left join {{ ref('stg_ref_hulpvormen') }} as hulpvormen using (hulpvorm)
left join {{ ref('int_dekking') }} as dekking
    on
        dekking.periode_soort = 'maand'
        and raster.maand = dekking.periode
        and raster.gebied_code = dekking.gebied_code
        and dekking.dekking_bericht = 'verzoeken'
