-- Every receipt known at the peilmoment, refused ones too. No file name and no moment of handling: the same content
-- under another name or in another run must give the same publication (SPEC 9); the receipt has them.
select
    '{{ var("publicatie_id") }}' as publicatie_id,
    levering_id,
    gemeente,
    bericht,
    leveringsmaand as maand,
    sha256,
    ontvangen_op,
    status,
    is_geaccepteerd,
    is_geldend,
    cast(versie as integer) as versie,
    soort,
    rijen_in_bestand,
    rijen_niet_data,
    rijen_ontvangen,
    rijen_geaccepteerd,
    rijen_quarantaine,
    {{ euro('bedrag_ontvangen_cent') }} as bedrag_ontvangen_eur,
    {{ euro('bedrag_geaccepteerd_cent') }} as bedrag_geaccepteerd_eur,
    {{ euro('bedrag_quarantaine_cent') }} as bedrag_quarantaine_eur
from {{ ref('stg_leveringen') }}
