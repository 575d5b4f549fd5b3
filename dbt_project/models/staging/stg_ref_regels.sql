select
    regel_code,
    titel,
    zin,
    ernst,
    bericht,
    deur,
    drempel,
    try_cast(drempel as double) as drempel_getal,
    eenheid,
    cast(geldig_vanaf as date) as geldig_vanaf,
    bron,
    blinde_vlek,
    string_split(marts, '|') as marts,
    gevolg,
    coalesce(string_split(houdt, '|'), []) as houdt
from {{ ref('ref_regels') }}
