select
    indicator_id,
    cast(indicator_versie as integer) as indicator_versie,
    naam,
    groep,
    definitie,
    teller,
    noemer,
    telt,
    telt_per,
    eenheid,
    richting,
    segmenten,
    periodes,
    bron,
    openbaar,
    openbaar_vorm
from {{ ref('ref_indicatoren') }}
