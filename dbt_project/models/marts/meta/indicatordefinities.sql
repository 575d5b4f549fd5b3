-- The catalogue as it was for this publication. Reference figures come from other counting methods: lines to look at,
-- never to compare to the digit.
select
    '{{ var("publicatie_id") }}' as publicatie_id,
    indicator_id,
    indicator_versie,
    naam,
    groep,
    definitie,
    teller,
    noemer,
    eenheid,
    richting,
    segmenten,
    periodes,
    referentie_twente,
    referentie_nederland,
    referentie_jaar,
    bron,
    indicator_id in (select indicatoren.indicator_id from {{ ref('indicatoren') }} as indicatoren) as is_berekend
from {{ ref('stg_ref_indicatoren') }}
