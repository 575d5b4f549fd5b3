-- How the cost of a zorgmaand grew as leveringen came in. A row for every delay that could have been seen: from the
-- first leveringsmaand of the regio on, up to the last. Nothing is estimated yet: the expected end is what is known.
with grenzen as (
    select min(leveringsmaand) as eerste_leveringsmaand, max(leveringsmaand) as laatste_leveringsmaand
    from {{ ref('stg_leveringen') }}
    where is_geldend and bericht = 'declaraties'
),

combinaties as (
    select maanden.maand as zorgmaand, gebieden.gebied_code, segmenten.segment
    from {{ ref('dim_maanden') }} as maanden
    cross join {{ ref('dim_gebieden') }} as gebieden
    cross join {{ ref('dim_segmenten') }} as segmenten
    union
    select zorgmaand, gebied_code, segment
    from {{ ref('int_kosten_maand') }}
),

cellen as (
    select
        combinaties.*,
        unnest(range(
            greatest(date_diff('month', zorgmaand, eerste_leveringsmaand), 0),
            greatest(date_diff('month', zorgmaand, laatste_leveringsmaand), 0) + 1
        )) as vertraging_maanden
    from combinaties
    cross join grenzen
),

gevuld as (
    select cellen.*, coalesce(kosten.netto_cent, 0) as netto_cent
    from cellen
    left join {{ ref('int_kosten_maand') }} as kosten
        using (zorgmaand, gebied_code, segment, vertraging_maanden)
),

opgeteld as (
    select
        *,
        sum(netto_cent) over (
            partition by zorgmaand, gebied_code, segment order by vertraging_maanden
        ) as cumulatief_cent
    from gevuld
)

select
    '{{ var("publicatie_id") }}' as publicatie_id,
    zorgmaand,
    gebied_code,
    segment,
    cast(vertraging_maanden as integer) as vertraging_maanden,
    {{ euro('netto_cent') }} as netto_eur,
    {{ euro('cumulatief_cent') }} as cumulatief_eur,
    {{ euro('cumulatief_cent') }} as verwacht_eindbedrag_eur,
    cast(null as double) as ontwikkelfactor,
    false as is_geschat
from opgeteld
