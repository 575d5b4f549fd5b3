-- Every figure that has to be there, also at zero: the segments and periods of the catalogue for every gebied.
with catalogus as (
    select
        indicator_id,
        unnest(string_split(periodes, '|')) as periode_soort,
        segmenten
    from {{ ref('stg_ref_indicatoren') }}
),

met_segment as (
    select catalogus.indicator_id, catalogus.periode_soort, segmenten.segment
    from catalogus
    inner join {{ ref('dim_segmenten') }} as segmenten
        on catalogus.segmenten = 'alle' or list_contains(string_split(catalogus.segmenten, '|'), segmenten.segment)
)

select
    met_segment.indicator_id,
    perioden.periode_soort,
    perioden.periode,
    perioden.periode_nr,
    perioden.eerste_maand,
    perioden.laatste_maand,
    perioden.eerste_maandnr,
    perioden.laatste_maandnr,
    gebieden.gebied_code,
    met_segment.segment
from met_segment
inner join {{ ref('int_perioden') }} as perioden using (periode_soort)
cross join {{ ref('dim_gebieden') }} as gebieden
