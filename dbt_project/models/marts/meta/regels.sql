-- The rule catalogue as it was for this publication.
select
    '{{ var("publicatie_id") }}' as publicatie_id,
    regel_code,
    titel,
    zin,
    ernst,
    bericht,
    deur,
    drempel,
    eenheid,
    geldig_vanaf,
    bron,
    blinde_vlek,
    array_to_string(marts, '|') as marts
from {{ ref('stg_ref_regels') }}
