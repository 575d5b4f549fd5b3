-- What a gemeente usually delivers, beside every geldende levering with rows: the median of the six before it; a confirmed
-- nil says nothing about what is usual. bedrag_cent of claims leaves out what is under reserve: one line that is a factor
-- off makes no levering a large one. is_aangevuld: what came in the one or two leveringen after it makes up for rows that are few.
with geldend as (
    select * from {{ ref('stg_leveringen') }}
    where is_geldend and status <> 'NIHIL_BEVESTIGD'
),

nieuw as (
    select gemeente, maand as leveringsmaand, sum(bedrag_cent) as bedrag_cent
    from {{ ref('int_declaratie_komst') }}
    group by gemeente, maand
),

met_bedrag as (
    select
        geldend.*,
        case geldend.bericht
            when 'declaraties' then cast(coalesce(nieuw.bedrag_cent, 0) as bigint)
            else geldend.bedrag_ontvangen_cent
        end as bedrag_cent
    from geldend
    left join nieuw on geldend.gemeente = nieuw.gemeente and geldend.leveringsmaand = nieuw.leveringsmaand
),

gewoonlijk as (
    select
        levering_id,
        levering_nr,
        gemeente,
        bericht,
        leveringsmaand,
        soort,
        rijen_ontvangen,
        bedrag_cent,
        count(*) over voorgaande as n_voorgaande,
        median(rijen_ontvangen) over voorgaande as mediaan_rijen,
        median(bedrag_ontvangen_cent) over voorgaande as mediaan_ontvangen_cent,
        median(bedrag_cent) over voorgaande as mediaan_bedrag_cent,
        -- robust spread of the logarithm, as of a normal distribution
        1.4826 * mad(case when bedrag_cent > 0 then ln(bedrag_cent) end) over voorgaande as spreiding_bedrag,
        1.4826 * mad(case when bedrag_ontvangen_cent > 0 then ln(bedrag_ontvangen_cent) end) over voorgaande
            as spreiding_ontvangen,
        lead(rijen_ontvangen, 1, 0) over volgorde as rijen_volgende,
        lead(rijen_ontvangen, 2, 0) over volgorde as rijen_daarna
    from met_bedrag
    window
        volgorde as (partition by gemeente, bericht order by leveringsmaand),
        voorgaande as (
            partition by gemeente, bericht order by leveringsmaand rows between 6 preceding and 1 preceding
        )
)

select
    *,
    case soort
        when 'stand' then greatest(rijen_volgende, rijen_daarna) >= 0.8 * mediaan_rijen
        else
            rijen_ontvangen + rijen_volgende >= 2 * 0.8 * mediaan_rijen
            or rijen_ontvangen + rijen_volgende + rijen_daarna >= 3 * 0.8 * mediaan_rijen
    end as is_aangevuld
from gewoonlijk
