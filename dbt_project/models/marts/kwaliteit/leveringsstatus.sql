-- What the calendar says and what the levering shown holds. States, dates and versions are decided in the pipeline
-- (domain/kalender); here they are only put side by side. Which bytes it was is in meta.herkomst: the same levering in
-- another dress is the same row here (SPEC 9).
select
    '{{ var("publicatie_id") }}' as publicatie_id,
    kalender.gemeente,
    kalender.bericht,
    kalender.maand,
    kalender.status,
    kalender.uiterste_datum,
    leveringen.ontvangen_op,
    cast(kalender.dagen_te_laat as integer) as dagen_te_laat,
    cast(leveringen.versie as integer) as versie,
    leveringen.rijen_ontvangen,
    leveringen.rijen_geaccepteerd,
    leveringen.rijen_quarantaine,
    {{ euro('leveringen.bedrag_ontvangen_cent') }} as bedrag_ontvangen_eur,
    {{ euro('leveringen.bedrag_geaccepteerd_cent') }} as bedrag_geaccepteerd_eur,
    kalender.is_verplicht,
    kalender.reden
from {{ ref('stg_leveringskalender') }} as kalender
left join {{ ref('stg_leveringen') }} as leveringen on kalender.levering_id = leveringen.levering_id
