select
    '{{ var("publicatie_id") }}' as publicatie_id,
    gebied_code,
    maand,
    segment,
    n_toewijzingen,
    n_meetbaar,
    n_te_laat,
    n_terugwerkend,
    n_terugwerkend_onverwacht,
    mediaan_dagen_terugwerkend,
    p90_dagen_terugwerkend,
    n_declaraties,
    n_declaraties_te_laat
from {{ ref('int_tijdigheid_maand') }}
