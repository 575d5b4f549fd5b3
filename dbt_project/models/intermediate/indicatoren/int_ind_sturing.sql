-- What was saved: cost of the base year, the same months of it and indexed by the region's own list, minus the cost of
-- the year completed by naijling, so that a late claim is no saving. Of the segments that have a target on cost, without
-- what the target leaves out (ambulant alternatives); totaal is their sum. Empty where the target gives no judgement
-- (int_doeloordeel) or where an index of a year since the base year is missing.
with doelen as (
    select doel_id, segment, basisjaar, uitsluiting is not null as zonder_alternatief
    from {{ ref('stg_ref_streefwaarden') }}
    where indicator_id = 'kosten' and segment in ('verblijf', 'wonen', 'ambulant')
    qualify row_number() over (partition by segment order by doel_id) = 1
),

indexatie as (
    select
        doelen.doel_id,
        perioden.periode as jaar_begin,
        -- exact: every factor has six decimals, and the amount is rounded once
        case when count(*) = any_value(year(perioden.periode) - doelen.basisjaar)
            then product(cast(1 + stg_ref_indexatie.indexatie_aandeel as double))
        end as factor
    from doelen
    inner join {{ ref('int_perioden') }} as perioden
        on perioden.periode_soort = 'jaar' and year(perioden.periode) > doelen.basisjaar
    inner join {{ ref('stg_ref_indexatie') }} as stg_ref_indexatie
        on doelen.basisjaar < stg_ref_indexatie.jaar and stg_ref_indexatie.jaar <= year(perioden.periode)
    group by doelen.doel_id, perioden.periode
),

jaren as (
    select
        doelen.segment,
        doelen.zonder_alternatief,
        perioden.periode,
        doelen.doel_id,
        waarden.gebied_code,
        case
            when waarden.reden is null
                -- six decimals first, as for the targets: a DOUBLE just below half a cent must not decide about the cent
                then {{ euro(
                    'cast(cast(cast(waarden.basis as double) * indexatie.factor as decimal(28, 6)) as decimal(18, 0))'
                    ~ ' - waarden.geschat'
                ) }}
        end as besparing
    from doelen
    inner join {{ ref('int_doeloordeel') }} as waarden using (doel_id)
    inner join {{ ref('int_perioden') }} as perioden
        on
            perioden.periode_soort = 'jaar'
            and year(perioden.periode) = waarden.jaar
            and doelen.basisjaar < waarden.jaar
    left join indexatie on doelen.doel_id = indexatie.doel_id and perioden.periode = indexatie.jaar_begin
),

per_segment as (
    select segment, periode, gebied_code, besparing
    from jaren

    union all

    select
        'totaal',
        periode,
        gebied_code,
        case when count(besparing) = (select count(*) from doelen) then sum(besparing) end
    from jaren
    group by periode, gebied_code
),

beoordeeld as (
    select distinct doel_id, jaar, maand
    from {{ ref('int_doelmaanden') }}
    where is_beoordeeld
),

regels as (
    select jaren.periode, jaren.segment, kosten.gemeente, kosten.jeugdige_nr
    from jaren
    inner join beoordeeld on jaren.doel_id = beoordeeld.doel_id and year(jaren.periode) = beoordeeld.jaar
    inner join {{ ref('fct_kosten_zorgmaand') }} as kosten
        on
            jaren.gebied_code = 'REGIO'
            and jaren.segment = kosten.segment
            and beoordeeld.maand = kosten.zorgmaand
            and kosten.houdt_bedrag is not true
            and not (jaren.zonder_alternatief and kosten.is_ambulant_alternatief)
),

jeugdigen as (
    select
        periode,
        coalesce(gemeente, 'REGIO') as gebied_code,
        coalesce(segment, 'totaal') as segment,
        count(distinct jeugdige_nr) as n_jeugdigen
    from regels
    group by grouping sets (
        (periode, gemeente, segment), (periode, gemeente), (periode, segment), (periode)
    )
)

select
    raster.indicator_id,
    raster.periode_soort,
    raster.periode,
    raster.gebied_code,
    raster.segment,
    per_segment.besparing as teller,
    cast(null as decimal(18, 2)) as noemer,
    cast(per_segment.besparing as double) as waarde,
    coalesce(jeugdigen.n_jeugdigen, 0) as n_jeugdigen,
    'declaraties_twee_perioden' as dekking_bericht
from {{ ref('int_raster') }} as raster
inner join per_segment using (periode, gebied_code, segment)
left join jeugdigen using (periode, gebied_code, segment)
where raster.indicator_id = 'besparing_gerealiseerd'
