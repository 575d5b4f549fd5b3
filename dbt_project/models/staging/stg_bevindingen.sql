select *
from {{ source('raw', 'bevindingen') }}
