select
    gemeente,
    bericht,
    cast(maand || '-01' as date) as maand,
    cast(bevestigd_op as date) as bevestigd_op
from {{ ref('ref_nihil_opgaven') }}
