-- What the calendar says and what the levering shown holds. States, dates and versions are decided in the pipeline
-- (domain/kalender); here they are put side by side, and what was accepted is told apart by whether there is something to
-- do: rows in quarantine, or an entry of the worklist that nobody explained. Which bytes it was is in meta.herkomst: the same levering in
-- another dress is the same row here (SPEC 9).
with te_doen as (
    select distinct gemeente, bericht, maand
    from {{ ref('werklijst') }}
    where is_te_doen
)

select
    '{{ var("publicatie_id") }}' as publicatie_id,
    kalender.gemeente,
    kalender.bericht,
    kalender.maand,
    case
        when kalender.status not in ('GEACCEPTEERD', 'GEACCEPTEERD_MET_OPMERKINGEN') then kalender.status
        when leveringen.rijen_quarantaine > 0 or te_doen.gemeente is not null then 'GEACCEPTEERD_MET_OPMERKINGEN'
        else 'GEACCEPTEERD'
    end as status,
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
left join te_doen
    on
        kalender.gemeente = te_doen.gemeente
        and kalender.bericht = te_doen.bericht
        and kalender.maand = te_doen.maand
