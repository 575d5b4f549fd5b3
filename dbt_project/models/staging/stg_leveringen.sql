select *
from {{ source('raw', 'leveringen') }}
