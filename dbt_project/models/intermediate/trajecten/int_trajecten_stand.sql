-- Trajecten that cover the last day of every published month, and the days since they began: all that began up to
-- then minus all that left, so that no row per traject and month is needed.
with mutaties as (
    select
        gebied_code,
        segment,
        maandnr,
        case telling when 'begonnen' then n_trajecten else -n_trajecten end as n_trajecten,
        case telling when 'begonnen' then som_begindagnr else -som_begindagnr end as som_begindagnr
    from {{ ref('int_trajecten_per_maand') }}
    where telling in ('begonnen', 'beeindigd')
),

eerste as (
    select min(maandnr) as maandnr
    from {{ ref('dim_maanden') }}
),

-- What happened before the first published month counts as its beginning.
per_maand as (
    select
        mutaties.gebied_code,
        mutaties.segment,
        greatest(mutaties.maandnr, eerste.maandnr) as maandnr,
        sum(mutaties.n_trajecten) as n_trajecten,
        sum(mutaties.som_begindagnr) as som_begindagnr,
        coalesce(sum(mutaties.n_trajecten) filter (where mutaties.maandnr < eerste.maandnr), 0) as n_vooraf
    from mutaties
    cross join eerste
    group by all
),

raster as (
    select gebieden.gebied_code, segmenten.segment, maanden.maand, maanden.maandnr, maanden.laatste_dag
    from {{ ref('dim_gebieden') }} as gebieden
    cross join {{ ref('dim_segmenten') }} as segmenten
    cross join {{ ref('dim_maanden') }} as maanden
),

opgeteld as (
    select
        raster.*,
        coalesce(per_maand.n_trajecten, 0) as mutatie,
        coalesce(per_maand.n_vooraf, 0) as n_vooraf,
        sum(coalesce(per_maand.n_trajecten, 0)) over vanaf_begin as n_lopend,
        sum(coalesce(per_maand.som_begindagnr, 0)) over vanaf_begin as som_begindagnr
    from raster
    left join per_maand using (gebied_code, segment, maandnr)
    window vanaf_begin as (partition by raster.gebied_code, raster.segment order by raster.maandnr)
)

select
    gebied_code,
    segment,
    maand,
    maandnr,
    cast(n_lopend - mutatie + n_vooraf as bigint) as stand_begin,
    cast(n_lopend as bigint) as stand_eind,
    cast(n_lopend * date_diff('day', date '1970-01-01', laatste_dag) - som_begindagnr as bigint) as som_looptijd_dagen
from opgeteld
