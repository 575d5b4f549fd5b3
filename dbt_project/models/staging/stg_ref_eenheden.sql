select
    codelijst,
    code as eenheid,
    label_nl as naam,
    soort,
    status = 'actief' as is_actief,
    cast(naar_minuten as integer) as naar_minuten
from {{ ref('ref_codes_eenheid') }}
