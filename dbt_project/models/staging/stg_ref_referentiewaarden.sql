select
    indicator_id,
    gebied,
    segment,
    uitsplitsing,
    cast(jaar as integer) as jaar,
    cast(waarde as double) as waarde,
    bron,
    opmerking
from {{ ref('ref_referentiewaarden') }}
