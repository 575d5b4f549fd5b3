select datum, is_werkdag, werkdag_nr
from {{ source('raw', 'kalender') }}
