select
    sleutel,
    waarde as tekst,
    try_cast(waarde as double) as waarde,
    eenheid,
    omschrijving
from {{ ref('ref_instellingen') }}
