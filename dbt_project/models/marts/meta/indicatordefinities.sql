-- The catalogue as it was for this publication. Reference figures come from other counting methods: lines to look at,
-- never to compare to the digit.
select
    '{{ var("publicatie_id") }}' as publicatie_id,
    indicator_id,
    indicator_versie,
    naam,
    groep,
    definitie,
    teller,
    noemer,
    eenheid,
    richting,
    segmenten,
    periodes,
    bron,
    openbaar,
    openbaar_vorm,
    berekend.indicator_id is not null as is_berekend,
    case
        when berekend.indicator_id is not null then null
        when indicator_id in ('aandeel_strategische_partners', 'aandeel_niet_gecontracteerd')
            then
                'De berichten 301 en 323 zeggen niet wie een contract heeft of strategisch partner is; op de lijst van de '
                || 'regio (ref_aanbieders) staat geen aanbieder van die soort die declareerde.'
        when groep in (
            select bericht
            from {{ ref('stg_ref_regels') }}
            where bericht not in {{ kern() }}
        )
            then
                'Het extract ' || groep || ' is er niet: in deze regio is er niets over afgesproken, of er is nog niets geleverd.'
        else 'In deze publicatie is er geen periode waarover dit cijfer bestaat.'
    end as reden_niet_berekend
from {{ ref('stg_ref_indicatoren') }}
left join (select distinct indicator_id from {{ ref('indicatoren') }}) as berekend using (indicator_id)
