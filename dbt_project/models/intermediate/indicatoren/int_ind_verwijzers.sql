-- Who referred the trajecten that began: per group of referrers (`segment` is '<segment>:<group>') its share.
with groepen as (
    select distinct verwijzer_groep
    from {{ ref('stg_ref_verwijzers') }}

    union

    select 'onbekend'
),

cijfers as (
    select
        raster.indicator_id,
        raster.periode_soort,
        raster.periode,
        raster.gebied_code,
        raster.segment || ':' || groepen.verwijzer_groep as segment,
        coalesce(teller.n_trajecten, 0) as teller,
        coalesce(noemer.n_trajecten, 0) as noemer,
        coalesce(jeugdigen.n_jeugdigen, 0) as n_jeugdigen
    from {{ ref('int_raster') }} as raster
    cross join groepen
    left join {{ ref('int_trajecten_per_periode') }} as teller
        on teller.telling = 'verwijzer:' || groepen.verwijzer_groep
        and raster.periode_soort = teller.periode_soort
        and raster.periode = teller.periode
        and raster.gebied_code = teller.gebied_code
        and raster.segment = teller.segment
    left join {{ ref('int_trajecten_per_periode') }} as noemer
        on noemer.telling = 'begonnen'
        and raster.periode_soort = noemer.periode_soort
        and raster.periode = noemer.periode
        and raster.gebied_code = noemer.gebied_code
        and raster.segment = noemer.segment
    left join {{ ref('int_jeugdigen_per_periode') }} as jeugdigen
        on jeugdigen.telling = 'verwijzer:' || groepen.verwijzer_groep
        and raster.periode_soort = jeugdigen.periode_soort
        and raster.periode = jeugdigen.periode
        and raster.gebied_code = jeugdigen.gebied_code
        and raster.segment = jeugdigen.segment
    where raster.indicator_id = 'aandeel_verwijzer'
)

select
    indicator_id,
    periode_soort,
    periode,
    gebied_code,
    segment,
    cast(teller as decimal(18, 2)) as teller,
    cast(noemer as decimal(18, 2)) as noemer,
    cast(teller / nullif(noemer, 0) as double) as waarde,
    n_jeugdigen,
    'toewijzingen' as dekking_bericht
from cijfers
