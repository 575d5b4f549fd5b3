{# Who had a place on the last day of every month, as it was known then. `groep`: what is forecast apart, as an expression on
   versies, producten and categorieen; `groepen`: which of those, as what stands behind `in`. #}
{% macro prognose_stand(groep, groepen) %}
with ingedeeld as (
    select
        versies.gemeente,
        versies.toewijzingnummer,
        versies.toewijzingsdatum,
        versies.versietijd,
        versies.ingangsdatum,
        versies.einddatum,
        versies.stopdatum_levering,
        versies.reden_wijziging,
        versies.reden_beeindiging,
        jeugdigen.jeugdige_nr,
        {{ groep }} as segment,
        coalesce(versies.productcode, versies.productcategorie, 'onbekend') as product
    from {{ ref('int_toewijzing_versies') }} as versies
    inner join {{ ref('int_jeugdigen') }} as jeugdigen using (pseudoniem)
    left join {{ ref('int_toewijzing_producten') }} as producten
        on
            versies.gemeente = producten.gemeente
            and versies.productcode = producten.productcode
            and versies.ingangsdatum = producten.ingangsdatum
    left join {{ ref('stg_ref_categorieen') }} as categorieen
        on versies.productcategorie = categorieen.productcategorie
),

-- few allocations are ever of a group: only of those it matters which version came next
versies as (
    select
        *,
        lead(toewijzingsdatum) over (
            partition by gemeente, toewijzingnummer
            order by toewijzingsdatum, versietijd
        ) as volgende_op
    from ingedeeld
    semi join (
        select gemeente, toewijzingnummer
        from ingedeeld
        where segment in {{ groepen }}
    ) as gevraagd using (gemeente, toewijzingnummer)
),

plekken as (
    select
        gemeente,
        segment,
        jeugdige_nr,
        product,
        ingangsdatum,
        toewijzingsdatum,
        coalesce(volgende_op, {{ zonder_einde() }}) as bekend_voor,
        least(
            coalesce(einddatum, {{ zonder_einde() }}),
            coalesce(
                case when reden_beeindiging is distinct from '20' then stopdatum_levering end, {{ zonder_einde() }}
            )
        ) as gepland_tot
    from versies
    where
        segment in {{ groepen }}
        and reden_wijziging is distinct from '13'
        and not coalesce(reden_wijziging = '01' and einddatum = ingangsdatum, false)
),

per_gebied as (
    select *, unnest([gemeente, 'REGIO']) as gebied_code
    from plekken
)

select
    per_gebied.gebied_code,
    per_gebied.segment,
    maanden.maandnr,
    per_gebied.jeugdige_nr,
    max(per_gebied.gepland_tot) as gepland_tot,
    arg_max(per_gebied.product, (per_gebied.gepland_tot, per_gebied.ingangsdatum, per_gebied.product)) as product
from per_gebied
inner join {{ ref('dim_maanden') }} as maanden
    on
        per_gebied.toewijzingsdatum <= maanden.laatste_dag
        and per_gebied.bekend_voor > maanden.laatste_dag
        and per_gebied.ingangsdatum <= maanden.laatste_dag
        and per_gebied.gepland_tot >= maanden.laatste_dag
inner join {{ ref('int_rijping') }} as rijping
    on rijping.bericht = 'toewijzingen' and maanden.maand <= rijping.laatste_leveringsmaand
group by all
{% endmacro %}

{# What became of those of `stand`. `met_plek`: who had a place in which month (gebied_code, segment, jeugdige_nr, maandnr), once each. #}
{% macro prognose_uitkomst(stand, met_plek) %}
with maanden_met_plek as (
    {{ met_plek }}
),

vooruitgekeken as (
    select
        * exclude (laatste_nr),
        maandnr + vooruit as doel_maandnr,
        case
            when gepland_tot = {{ zonder_einde() }} then 'open'
            when laatste_nr >= maandnr + vooruit then 'loopt'
            else 'voorbij'
        end as plan
    from (
        select
            *,
            -- the last month of which the last day is planned
            {{ maandnr('(gepland_tot + 1)') }} - 1 as laatste_nr,
            unnest(range(1, 13)) as vooruit
        from {{ stand }}
    ) as horizonnen
)

select
    vooruitgekeken.gebied_code,
    vooruitgekeken.segment,
    vooruitgekeken.maandnr,
    vooruitgekeken.vooruit,
    vooruitgekeken.product,
    vooruitgekeken.plan,
    count(*) as n_jeugdigen,
    count(maanden_met_plek.jeugdige_nr) as n_gebleven
from vooruitgekeken
left join maanden_met_plek
    on
        vooruitgekeken.gebied_code = maanden_met_plek.gebied_code
        and vooruitgekeken.segment = maanden_met_plek.segment
        and vooruitgekeken.jeugdige_nr = maanden_met_plek.jeugdige_nr
        and vooruitgekeken.doel_maandnr = maanden_met_plek.maandnr
group by all
{% endmacro %}

{# The forecast from every month as origin, of those of `stand` by what became of them (`uitkomst`). `groepen`: a query of what is
   forecast apart; `werkelijk`: how many had a place in which month (gebied_code, segment, maandnr, stand). #}
{% macro prognose(stand, uitkomst, groepen, werkelijk) %}
with uitkomsten as (
    select * from {{ uitkomst }}
),

origins as (
    select maandnr, max(maandnr) over () as laatste_nr
    from (select distinct maandnr from {{ stand }})
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
    cross join ({{ groepen }}) as segmenten (segment)
    cross join range(1, 13) as horizonnen (vooruit)
),

werkelijk as (
    {{ werkelijk }}
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
{% endmacro %}
