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
    n_declaraties_te_laat,
    coalesce(dekking.dekking, 0) as dekking,
    coalesce(dekking.rijping, 'voorlopig') as rijping
from {{ ref('int_tijdigheid_maand') }}
left join (
    select gebied_code, periode as maand, dekking, rijping
    from {{ ref('int_dekking') }}
    where periode_soort = 'maand' and dekking_bericht = 'beide'
) as dekking using (gebied_code, maand)
