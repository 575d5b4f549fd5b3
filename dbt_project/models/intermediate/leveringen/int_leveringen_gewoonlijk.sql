-- What a gemeente usually delivers, beside every geldende levering with rows: the median of the six before it; a confirmed
-- nil says nothing about what is usual. bedrag_cent leaves out what is under reserve: one line that is a factor off makes no
-- levering a large one. is_aangevuld: what came in the one or two leveringen after it makes up for rows that are few.
with geldend as (
    select * from {{ ref('stg_leveringen') }}
    where is_geldend and status <> 'NIHIL_BEVESTIGD'
),

voorbehoud as (
    select gemeente, maand, sum(netto_cent) as voorbehoud_cent
    from {{ ref('int_voorbehoud_bevindingen') }}
    where weegt and not is_verklaard and not alleen_volume
    group by gemeente, maand
),

-- a stand holds what first came in an earlier month as well
per_levering as (
    select geldend.levering_id, sum(voorbehoud.voorbehoud_cent) as voorbehoud_cent
    from geldend
    inner join voorbehoud
        on
            geldend.bericht = 'declaraties'
            and geldend.gemeente = voorbehoud.gemeente
            and (
                geldend.leveringsmaand = voorbehoud.maand
                or (geldend.soort = 'stand' and geldend.leveringsmaand >= voorbehoud.maand)
            )
    group by geldend.levering_id
),

met_bedrag as (
    select
        geldend.*,
        geldend.bedrag_ontvangen_cent - coalesce(per_levering.voorbehoud_cent, 0) as bedrag_cent
    from geldend
    left join per_levering using (levering_id)
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
