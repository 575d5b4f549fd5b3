select *
from {{ source('raw', 'publicatie') }}
