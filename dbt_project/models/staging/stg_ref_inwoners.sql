select
    gemeente,
    cast(jaar as integer) as jaar,
    cast(inwoners as bigint) as inwoners,
    cast(inwoners_0_17 as bigint) as inwoners_0_17,
    cast(inwoners_0_22 as bigint) as inwoners_0_22
from {{ ref('ref_inwoners') }}
