-- Build-time rules on leveringen as a whole; every accepted levering. One column per rule: true = finding, false =
-- checked and in order, NULL = not checked.
with geaccepteerd as (
    select
        *,
        status = 'NIHIL_BEVESTIGD' as is_nihil
    from {{ ref('stg_leveringen') }}
    where is_geaccepteerd
),

-- The six geldende leveringen before this one; a confirmed nil says nothing about what is usual.
gewoonlijk as (
    select
        levering_id,
        count(*) over voorgaande as n_voorgaande,
        median(rijen_ontvangen) over voorgaande as mediaan_rijen,
        median(bedrag_ontvangen_cent) over voorgaande as mediaan_bedrag_cent
    from geaccepteerd
    where is_geldend and not is_nihil
    window voorgaande as (
        partition by gemeente, bericht order by leveringsmaand rows between 6 preceding and 1 preceding
    )
),

-- The first maand with the same rows.
zelfde_inhoud as (
    select gemeente, bericht, inhoud_hash, min(leveringsmaand) as eerste_leveringsmaand
    from geaccepteerd
    where is_geldend and rijen_geaccepteerd > 0
    group by all
)

select
    geaccepteerd.levering_nr,
    cast(null as integer) as rij,
    geaccepteerd.bericht,
    -- L12: far fewer rows, or a far higher amount, than usual
    case
        when gewoonlijk.n_voorgaande >= 3
            then
                geaccepteerd.rijen_ontvangen < {{ drempel('L12', 1) }} * gewoonlijk.mediaan_rijen
                or (
                    gewoonlijk.mediaan_bedrag_cent > 0
                    and geaccepteerd.bedrag_ontvangen_cent > {{ drempel('L12', 2) }} * gewoonlijk.mediaan_bedrag_cent
                )
    end as "L12",
    -- L13: the same rows as an earlier maand
    case
        when geaccepteerd.is_geldend and geaccepteerd.rijen_geaccepteerd > 0
            then geaccepteerd.leveringsmaand > zelfde_inhoud.eerste_leveringsmaand
    end as "L13",
    -- L14: accepted, but a newer version stands
    not geaccepteerd.is_geldend as "L14"
from geaccepteerd
left join gewoonlijk using (levering_id)
left join zelfde_inhoud using (gemeente, bericht, inhoud_hash)
