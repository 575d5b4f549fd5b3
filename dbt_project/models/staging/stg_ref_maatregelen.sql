select
    maatregel_id,
    naam,
    gemeente_of_regio,
    gebied_code,
    indicator_id,
    segment,
    uitsluiting,
    cast(startmaand || '-01' as date) as startmaand,
    cast(laatste_jaar as integer) as laatste_jaar,
    cast(investering_eur as decimal(18, 2)) as investering_eur,
    cast(verwachte_besparing_eur as decimal(18, 2)) as verwachte_besparing_eur,
    opmerking,
    bron
from {{ ref('ref_maatregelen') }}
