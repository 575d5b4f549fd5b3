select
    cast(jaar as integer) as jaar,
    cast(indexatie_aandeel as decimal(9, 6)) as indexatie_aandeel
from {{ ref('ref_indexatie') }}
