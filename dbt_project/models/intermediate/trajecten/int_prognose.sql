-- The forecast from every month as origin, made with nothing that was not known then: who keeps a place (by what was planned
-- and how that turned out for origins whose outcome was known, per product, drawn to the segment where a product has
-- few), plus who will come in (the average of the last origins). Bounds of 80 percent: keeping a place is a toss per youth,
-- inflow spreads as it did. Months without a levering teach nothing, and a gebied that did not deliver gets no forecast.
with uitkomsten as (
    select * from {{ ref('int_prognose_uitkomst') }}
),

origins as (
    select maandnr, max(maandnr) over () as laatste_nr
    from (select distinct maandnr from {{ ref('int_prognose_stand') }})
),

dekking as (
    select
        gebied_code,
        {{ maandnr('maand') }} as maandnr,
        inwoners_gedekt >= {{ instelling('dekking_minimum') }} * inwoners_totaal and inwoners_totaal > 0 as is_gedekt
    from {{ ref('int_dekking_maand') }}
    where bericht = 'toewijzingen'
),

-- months not covered since a moment, so that a span is whole when nothing was missed in it
gemist as (
    select
        gebied_code,
        maandnr,
        is_gedekt,
        sum(cast(not is_gedekt as integer)) over (partition by gebied_code order by maandnr) as n_gemist
    from dekking
),

cellen as (
    select gebieden.gebied_code, segmenten.segment, origins.maandnr, origins.laatste_nr, horizonnen.vooruit
    from origins
    cross join {{ ref('dim_gebieden') }} as gebieden
    cross join (values ('verblijf'), ('wonen')) as segmenten (segment)
    cross join range(1, 13) as horizonnen (vooruit)
),

werkelijk as (
    select gebied_code, segment, {{ maandnr('periode') }} as maandnr, n_jeugdigen as stand
    from {{ ref('int_jeugdigen_per_periode') }}
    where telling = 'stand' and periode_soort = 'maand' and segment in ('verblijf', 'wonen')
),

-- one row per origin and horizon: those of then who stayed, and those who came in
per_origin as (
    select
        cellen.*,
        coalesce(sum(uitkomsten.n_jeugdigen), 0) as stand_nu,
        coalesce(sum(uitkomsten.n_gebleven), 0) as n_gebleven,
        coalesce(any_value(werkelijk.stand), 0) as stand_werkelijk,
        coalesce(any_value(begin.is_gedekt), false) as is_gedekt,
        coalesce(any_value(eind.n_gemist = begin.n_gemist and eind.maandnr <= cellen.laatste_nr), false) as is_leerzaam
    from cellen
    left join uitkomsten using (gebied_code, segment, maandnr, vooruit)
    left join werkelijk
        on
            cellen.gebied_code = werkelijk.gebied_code
            and cellen.segment = werkelijk.segment
            and cellen.maandnr + cellen.vooruit = werkelijk.maandnr
    left join gemist as begin
        on cellen.gebied_code = begin.gebied_code and cellen.maandnr = begin.maandnr
    left join gemist as eind
        on cellen.gebied_code = eind.gebied_code and cellen.maandnr + cellen.vooruit = eind.maandnr
    group by cellen.gebied_code, cellen.segment, cellen.maandnr, cellen.laatste_nr, cellen.vooruit
),

instroom as (
    select
        nu.gebied_code,
        nu.segment,
        nu.maandnr,
        nu.vooruit,
        count(*) as n_origins,
        avg(eerder.stand_werkelijk - eerder.n_gebleven) as gemiddeld,
        coalesce(var_samp(eerder.stand_werkelijk - eerder.n_gebleven), 0) as variantie
    from per_origin as nu
    inner join per_origin as eerder
        on
            nu.gebied_code = eerder.gebied_code
            and nu.segment = eerder.segment
            and nu.vooruit = eerder.vooruit
            and eerder.maandnr between nu.maandnr - nu.vooruit - 11 and nu.maandnr - nu.vooruit
    where eerder.is_leerzaam and eerder.is_gedekt
    group by all
),

-- what became of whom, over the origins of two years whose outcome was known
geleerd_product as (
    select
        origins.maandnr,
        eerder.segment,
        eerder.vooruit,
        eerder.product,
        eerder.plan,
        sum(eerder.n_jeugdigen) as n,
        sum(eerder.n_gebleven) as n_gebleven
    from origins
    inner join uitkomsten as eerder
        on
            eerder.gebied_code = 'REGIO'
            and eerder.maandnr between origins.maandnr - eerder.vooruit - 23 and origins.maandnr - eerder.vooruit
    group by all
),

geleerd as (
    select
        *,
        sum(n_gebleven) over segment_plan / sum(n) over segment_plan as kans_segment
    from geleerd_product
    window segment_plan as (partition by maandnr, segment, vooruit, plan)
),

-- a product nobody had then, or a plan nobody had: as the segment did
kansen_segment as (
    select maandnr, segment, vooruit, plan, any_value(kans_segment) as kans_segment
    from geleerd
    group by all
),

blijvers as (
    select
        uitkomsten.gebied_code,
        uitkomsten.segment,
        uitkomsten.maandnr,
        uitkomsten.vooruit,
        uitkomsten.n_jeugdigen as n,
        (coalesce(geleerd.n_gebleven, 0) + {{ instelling('prognose_gewicht') }} * kansen_segment.kans_segment)
        / (coalesce(geleerd.n, 0) + {{ instelling('prognose_gewicht') }}) as kans
    from uitkomsten
    left join geleerd using (segment, maandnr, vooruit, product, plan)
    left join kansen_segment using (segment, maandnr, vooruit, plan)
),

verwacht as (
    select
        gebied_code,
        segment,
        maandnr,
        vooruit,
        count(*) filter (where kans is null) = 0 as is_compleet,
        round(sum(n * kans), 6) as n_blijft,
        round(sum(n * kans * (1 - kans)), 6) as variantie
    from blijvers
    group by all
),

voorspeld as (
    select
        per_origin.gebied_code,
        per_origin.segment,
        per_origin.maandnr,
        per_origin.laatste_nr,
        per_origin.vooruit,
        per_origin.is_gedekt,
        per_origin.stand_nu,
        case when per_origin.is_leerzaam then per_origin.stand_werkelijk end as stand_werkelijk,
        coalesce(instroom.n_origins, 0) as n_origins,
        per_origin.is_gedekt
        and coalesce(instroom.n_origins, 0) >= {{ instelling('prognose_minimum_maanden') }}
        and coalesce(verwacht.is_compleet, true) as is_voorspeld,
        coalesce(verwacht.n_blijft, 0) as n_blijft,
        round(coalesce(instroom.gemiddeld, 0), 6) as n_komt,
        round(
            sqrt(coalesce(verwacht.variantie, 0) + greatest(coalesce(instroom.variantie, 0), coalesce(instroom.gemiddeld, 0))),
            6
        ) as spreiding
    from per_origin
    left join instroom using (gebied_code, segment, maandnr, vooruit)
    left join verwacht using (gebied_code, segment, maandnr, vooruit)
)

select
    gebied_code,
    segment,
    {{ maand_van_nr('maandnr') }} as peilmaand,
    -- the last month the gebied delivered is where a forecast of today starts; none: the last month there is
    maandnr = coalesce(
        max(case when is_gedekt then maandnr end) over (partition by gebied_code), laatste_nr
    ) as is_laatste,
    laatste_nr - maandnr as maanden_oud,
    vooruit,
    {{ maand_van_nr('maandnr + vooruit') }} as maand,
    stand_nu,
    stand_werkelijk,
    n_origins,
    is_voorspeld,
    case when is_voorspeld then n_blijft end as n_blijft,
    case when is_voorspeld then n_komt end as n_komt,
    case when is_voorspeld then n_blijft + n_komt end as stand_verwacht,
    -- 1.2816: ten percent on either side
    case when is_voorspeld then greatest(floor(round(n_blijft + n_komt - 1.2816 * spreiding, 4)), 0) end as ondergrens,
    case when is_voorspeld then ceil(round(n_blijft + n_komt + 1.2816 * spreiding, 4)) end as bovengrens
from voorspeld
