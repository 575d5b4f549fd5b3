-- Refused claim lines of the leveringen that stand, with what could be read of them. A stand holds everything, so of a
-- gemeente that sends stands only the newest speaks. A line that is refused month after month is one line, where provider
-- and number can be read: then the newest refusal. What was accepted elsewhere under that number is in no doubt, and what the
-- gemeente rejected costs nothing.
with geldende_leveringen as (
    select
        levering_id,
        levering_nr,
        leveringsmaand = max(leveringsmaand) over (partition by gemeente) as is_nieuwste,
        soort
    from {{ ref('stg_leveringen') }}
    where is_geldend and bericht = 'declaraties'
),

rijen as (
    select
        quarantaine.*,
        geldende_leveringen.levering_nr,
        coalesce(quarantaine.productperiode_begin, quarantaine.leveringsmaand) as productdag,
        quarantaine.aanbieder_agb is not null and quarantaine.referentienummer is not null as heeft_nummer
    from {{ source('raw', 'quarantaine') }} as quarantaine
    inner join geldende_leveringen using (levering_id)
    where
        (geldende_leveringen.is_nieuwste or geldende_leveringen.soort is distinct from 'stand')
        and quarantaine.status is distinct from 'afgekeurd'
),

elders as (
    select distinct bron.gemeente, bron.aanbieder_agb, bron.referentienummer
    from {{ ref('stg_declaraties') }} as bron
    semi join rijen
        on bron.gemeente = rijen.gemeente
        and bron.aanbieder_agb = rijen.aanbieder_agb
        and bron.referentienummer = rijen.referentienummer
)

select rijen.*
from rijen
left join elders
    on rijen.gemeente = elders.gemeente
    and rijen.aanbieder_agb = elders.aanbieder_agb
    and rijen.referentienummer = elders.referentienummer
where elders.gemeente is null
qualify
    not rijen.heeft_nummer
    or row_number() over (
        partition by rijen.gemeente, rijen.aanbieder_agb, rijen.referentienummer, rijen.heeft_nummer
        order by rijen.leveringsmaand desc, rijen.rij desc
    ) = 1
