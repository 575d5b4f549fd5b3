-- Figures known from elsewhere, beside the own figure of the regio for the same year. They come from other ways of
-- counting (`opmerking`): lines to look at, never to steer by to the digit.
with eigen as (
    select indicator_id, segment_basis, uitsplitsing, year(periode) as jaar, waarde, dekking, rijping
    from {{ ref('indicatoren') }}
    where periode_soort = 'jaar' and gebied_code = 'REGIO'
)

select
    '{{ var("publicatie_id") }}' as publicatie_id,
    referenties.indicator_id,
    referenties.gebied,
    referenties.segment,
    referenties.uitsplitsing,
    referenties.jaar,
    referenties.waarde,
    catalogus.eenheid,
    referenties.bron,
    referenties.opmerking,
    eigen.waarde as waarde_regio,
    eigen.dekking as dekking_regio,
    eigen.rijping as rijping_regio
from {{ ref('stg_ref_referentiewaarden') }} as referenties
inner join {{ ref('stg_ref_indicatoren') }} as catalogus using (indicator_id)
left join eigen
    on
        referenties.indicator_id = eigen.indicator_id
        and referenties.segment = eigen.segment_basis
        and referenties.uitsplitsing is not distinct from eigen.uitsplitsing
        and referenties.jaar = eigen.jaar
