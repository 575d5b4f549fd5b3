-- Geldende leveringen whose rows cannot be those of their month, by a rule that says so (gevolg = geen_levering) and that
-- nobody explained: they do not count as delivered, so that what is missing or twice of them is no decline and no rise.
-- With what was found beside what was expected, in euros of the month for claims, in rows for both.
with gevonden as (
    select levering_id, regel_code
    from {{ ref('int_bevindingen_rij') }}
    where rij is null
),

-- a small stand without a change is the same stand, and a young one grows fast; few rows that came a month later were
-- late, and are there
getwijfeld as (
    select
        gevonden.regel_code,
        leveringen.levering_nr,
        leveringen.gemeente,
        leveringen.bericht,
        leveringen.leveringsmaand as maand,
        leveringen.ontvangen_dag,
        gewoonlijk.rijen_ontvangen,
        gewoonlijk.bedrag_cent,
        gewoonlijk.mediaan_rijen,
        gewoonlijk.mediaan_bedrag_cent
    from gevonden
    inner join {{ ref('stg_ref_regels') }} as regels using (regel_code)
    inner join {{ ref('stg_leveringen') }} as leveringen using (levering_id)
    inner join {{ ref('int_leveringen_gewoonlijk') }} as gewoonlijk using (levering_id)
    where
        regels.gevolg = 'geen_levering'
        and leveringen.is_geldend
        and not (gevonden.regel_code = 'L16' and leveringen.soort = 'stand')
        -- after a merger the new gemeente rightly delivers what the old one did
        and not (
            gevonden.regel_code = 'L17'
            and exists (
                select 1 from {{ ref('dim_gebieden') }}
                where geldig_tot >= (select min(maand) from {{ ref('dim_maanden') }})
            )
        )
        and not (
            gevonden.regel_code = 'L13'
            and leveringen.soort = 'stand'
            and leveringen.rijen_ontvangen < {{ drempel('L13') }}
        )
        and not (
            gevonden.regel_code = 'L12'
            and gewoonlijk.rijen_ontvangen < {{ drempel('L12', 1) }} * gewoonlijk.mediaan_rijen
            and gewoonlijk.is_aangevuld
        )
)

select
    getwijfeld.*,
    verklaringen.verklaring,
    verklaringen.regel_code is not null as is_verklaard
from getwijfeld
left join {{ ref('stg_ref_verklaringen') }} as verklaringen
    on
        getwijfeld.gemeente = verklaringen.gemeente
        and getwijfeld.bericht = verklaringen.bericht
        and getwijfeld.maand = verklaringen.maand
        and getwijfeld.regel_code = verklaringen.regel_code
        and getwijfeld.ontvangen_dag <= verklaringen.verklaard_op
