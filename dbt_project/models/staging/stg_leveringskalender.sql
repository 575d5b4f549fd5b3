select *
from {{ source('raw', 'leveringskalender') }}
