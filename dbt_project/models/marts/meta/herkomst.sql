-- Every receipt known at the peilmoment, refused ones too. No file name and no moment of handling: the same content
-- under another name or in another run must give the same publication (SPEC 9); the receipt has them.
with redenen as (
    select levering_id, string_agg(regel_code, '|' order by regel_code) as redenen
    from {{ ref('stg_bevindingen') }}
    where ernst = 'BLOKKEREND' and n_rijen > 0
    group by levering_id
)

select
    '{{ var("publicatie_id") }}' as publicatie_id,
    levering_id,
    gemeente,
    bericht,
    leveringsmaand as maand,
    sha256,
    ontvangen_op,
    status,
    redenen.redenen as afgekeurd_om,
    is_geaccepteerd,
    is_geldend,
    cast(versie as integer) as versie,
    soort,
    bedrag_eenheid,
    deurversie,
    rijen_in_bestand,
    rijen_niet_data,
    rijen_ontvangen,
    rijen_geaccepteerd,
    rijen_quarantaine,
    {{ euro('bedrag_ontvangen_cent') }} as bedrag_ontvangen_eur,
    {{ euro('bedrag_geaccepteerd_cent') }} as bedrag_geaccepteerd_eur,
    {{ euro('bedrag_quarantaine_cent') }} as bedrag_quarantaine_eur
from {{ ref('stg_leveringen') }}
left join redenen using (levering_id)
