select
    cast(jaar as integer) as jaar,
    maat,
    gebied,
    gebied_soort,
    uitsplitsing,
    cast(waarde as double) as waarde,
    onderdeel_van,
    coalesce(cast(afwijking_uitsplitsing as double), 0) as afwijking_uitsplitsing,
    coalesce(cast(afwijking_gebieden as double), 0) as afwijking_gebieden,
    toelichting,
    bron
from {{ ref('ref_historie') }}
