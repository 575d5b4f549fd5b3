-- Build-time rules on leveringen as a whole; every accepted levering. One column per rule: true = finding, false =
-- checked and in order, NULL = not checked.
with geaccepteerd as (
    select * from {{ ref('stg_leveringen') }}
    where is_geaccepteerd
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
    -- L12: far fewer rows, or (claims) a far higher amount than usual, and than chance allows: in rows by the root of what
    -- is usual, in euros by how the amounts of this gemeente vary. What is under reserve is in no amount here.
    case
        when gewoonlijk.n_voorgaande >= 3
            then
                (
                    gewoonlijk.rijen_ontvangen < {{ drempel('L12', 1) }} * gewoonlijk.mediaan_rijen
                    and gewoonlijk.mediaan_rijen - gewoonlijk.rijen_ontvangen
                    > {{ drempel('L12', 3) }} * sqrt(gewoonlijk.mediaan_rijen)
                )
                or (
                    geaccepteerd.bericht = 'declaraties'
                    and gewoonlijk.rijen_ontvangen >= {{ drempel('L12', 4) }}
                    and gewoonlijk.mediaan_bedrag_cent > 0
                    and gewoonlijk.bedrag_cent > gewoonlijk.mediaan_bedrag_cent * greatest(
                        {{ drempel('L12', 2) }}, exp({{ drempel('L12', 3) }} * gewoonlijk.spreiding_bedrag)
                    )
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
left join {{ ref('int_leveringen_gewoonlijk') }} as gewoonlijk on geaccepteerd.levering_id = gewoonlijk.levering_id
left join zelfde_inhoud
    on
        geaccepteerd.gemeente = zelfde_inhoud.gemeente
        and geaccepteerd.bericht = zelfde_inhoud.bericht
        and geaccepteerd.inhoud_hash = zelfde_inhoud.inhoud_hash
