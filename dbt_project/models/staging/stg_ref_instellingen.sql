select
    sleutel,
    cast(waarde as double) as waarde,
    eenheid,
    omschrijving
from {{ ref('ref_instellingen') }}
