select
    maat,
    naam,
    eenheid,
    peilmoment,
    telt_anders,
    indicator_id,
    bron
from {{ ref('ref_historie_maten') }}
