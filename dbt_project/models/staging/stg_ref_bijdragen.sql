select
    bijdrage_id,
    omschrijving,
    cast(bedrag_eur as decimal(18, 2)) as bedrag_eur,
    cast(inwoners_jaar as integer) as inwoners_jaar,
    cast(afronding_eur as decimal(18, 2)) as afronding_eur,
    bron
from {{ ref('ref_bijdragen') }}
