-- Indicators kosten and kostengroei, every gebied x segment x period, also at zero.
with cellen as (
    select
        perioden.periode_soort,
        perioden.periode,
        perioden.eerste_maand,
        perioden.laatste_maand,
        gebieden.gebied_code,
        segmenten.segment
    from {{ ref('int_perioden') }} as perioden
    cross join {{ ref('dim_gebieden') }} as gebieden
    cross join {{ ref('dim_segmenten') }} as segmenten
),

per_maand as (
    select
        zorgmaand,
        gebied_code,
        segment,
        sum(netto_cent) as netto_cent,
        coalesce(sum(voorbehoud_cent), 0) as voorbehoud_cent
    from {{ ref('int_kosten_maand') }}
    group by all
),

kosten_maanden as (
    select gemeente, segment, jeugdige_nr as jeugdige, zorgmaand as maand
    from {{ ref('fct_kosten_zorgmaand') }}
),

jeugdige_maskers as (
    select * from {{ jeugdige_maskers('kosten_maanden') }}
),

jeugdigen as (
    select * from {{ unieke_uit_maskers('jeugdige_maskers') }}
),

kosten as (
    select
        cellen.periode_soort,
        cellen.periode,
        cellen.gebied_code,
        cellen.segment,
        coalesce(sum(per_maand.netto_cent), 0) as netto_cent
    from cellen
    left join per_maand
        on
            cellen.gebied_code = per_maand.gebied_code
            and cellen.segment = per_maand.segment
            and per_maand.zorgmaand between cellen.eerste_maand and cellen.laatste_maand
    group by all
),

-- Growth: full spans of twelve months, each against the twelve months before it.
spannen as (
    select
        perioden.periode_soort,
        perioden.periode,
        perioden.eerste_maand,
        perioden.laatste_maand,
        cast(perioden.eerste_maand - interval 1 year as date) as eerste_maand_ervoor,
        coalesce(dekking.rijping = 'definitief', false) as is_rijp
    from {{ ref('int_perioden') }} as perioden
    left join {{ ref('int_dekking') }} as dekking
        on
            perioden.periode_soort = dekking.periode_soort
            and perioden.periode = dekking.periode
            and dekking.gebied_code = 'REGIO'
            and dekking.dekking_bericht = 'declaraties'
    where
        perioden.periode_soort in ('jaar', '12m')
        and date_diff('month', perioden.eerste_maand, perioden.laatste_maand) = 11
),

-- Gemeenten with every month of both spans delivered, of spans that are ripe: so that a levering that is missing, or
-- claims still to come, never look like a decline.
volledig as (
    select spannen.periode_soort, spannen.periode, dekking.gebied_code as gemeente
    from spannen
    inner join {{ ref('int_dekking_maand') }} as dekking
        on
            dekking.bericht = 'declaraties'
            and dekking.gebied_code <> 'REGIO'
            and dekking.inwoners_gedekt > 0
            and dekking.maand between spannen.eerste_maand_ervoor and spannen.laatste_maand
    where spannen.is_rijp
    group by all
    having count(*) = 24
),

groei_per_gemeente as (
    select
        volledig.periode_soort,
        volledig.periode,
        volledig.gemeente,
        per_maand.segment,
        coalesce(sum(per_maand.netto_cent) filter (per_maand.zorgmaand >= spannen.eerste_maand), 0) as nu_cent,
        coalesce(sum(per_maand.netto_cent) filter (per_maand.zorgmaand < spannen.eerste_maand), 0) as ervoor_cent,
        coalesce(sum(per_maand.voorbehoud_cent) filter (per_maand.zorgmaand >= spannen.eerste_maand), 0)
            as nu_voorbehoud_cent,
        coalesce(sum(per_maand.voorbehoud_cent) filter (per_maand.zorgmaand < spannen.eerste_maand), 0)
            as ervoor_voorbehoud_cent
    from volledig
    inner join spannen using (periode_soort, periode)
    inner join per_maand
        on
            volledig.gemeente = per_maand.gebied_code
            and per_maand.zorgmaand between spannen.eerste_maand_ervoor and spannen.laatste_maand
    group by all
),

groei_bedragen as (
    select
        periode_soort,
        periode,
        coalesce(gemeente, 'REGIO') as gebied_code,
        segment,
        sum(nu_cent) as nu_cent,
        sum(ervoor_cent) as ervoor_cent,
        {{ te_veel_voorbehoud('sum(nu_voorbehoud_cent)', 'sum(nu_cent)') }}
        or {{ te_veel_voorbehoud('sum(ervoor_voorbehoud_cent)', 'sum(ervoor_cent)') }} as is_te_onzeker
    from groei_per_gemeente
    group by grouping sets ((periode_soort, periode, gemeente, segment), (periode_soort, periode, segment))
),

-- Youths of the later span. At REGIO only over the gemeenten that take part, so they are counted anew there.
groei_maskers as (
    select volledig.gemeente, perioden.groep, bit_or(cast(1 as ubigint) << perioden.plek) as masker
    from volledig
    inner join {{ periodebits() }} as perioden using (periode_soort, periode)
    group by volledig.gemeente, perioden.groep
),

groei_per_jeugdige as (
    select
        'REGIO' as gebied_code,
        coalesce(jeugdigen.segment, 'totaal') as segment,
        jeugdigen.groep,
        bit_or(jeugdigen.masker & groei_maskers.masker) as masker
    from jeugdige_maskers as jeugdigen
    inner join groei_maskers using (gemeente, groep)
    group by grouping sets (
        (jeugdigen.jeugdige, jeugdigen.groep, jeugdigen.segment),
        (jeugdigen.jeugdige, jeugdigen.groep)
    )
),

groei_jeugdigen as (
    select * from {{ tel_maskers('groei_per_jeugdige', ['gebied_code', 'segment'], ['jaar', '12m']) }}
    union all
    select periode_soort, periode, gebied_code, segment, n_jeugdigen
    from jeugdigen
    where gebied_code <> 'REGIO'
),

volledige_gebieden as (
    select periode_soort, periode, gemeente as gebied_code from volledig
    union
    select periode_soort, periode, 'REGIO' as gebied_code from volledig
),

groei as (
    select
        cellen.periode_soort,
        cellen.periode,
        cellen.gebied_code,
        cellen.segment,
        -- with more under reserve than a comparison bears nothing is said
        volledige_gebieden.gebied_code is not null and groei_bedragen.is_te_onzeker is not true as is_bekend,
        coalesce(groei_bedragen.nu_cent, 0) as nu_cent,
        coalesce(groei_bedragen.ervoor_cent, 0) as ervoor_cent,
        coalesce(groei_jeugdigen.n_jeugdigen, 0) as n_jeugdigen
    from cellen
    inner join spannen using (periode_soort, periode)
    left join volledige_gebieden using (periode_soort, periode, gebied_code)
    left join groei_bedragen using (periode_soort, periode, gebied_code, segment)
    left join groei_jeugdigen using (periode_soort, periode, gebied_code, segment)
)

select
    'kosten' as indicator_id,
    kosten.periode_soort,
    kosten.periode,
    kosten.gebied_code,
    kosten.segment,
    {{ euro('kosten.netto_cent') }} as teller,
    cast(null as decimal(18, 2)) as noemer,
    cast({{ euro('kosten.netto_cent') }} as double) as waarde,
    coalesce(jeugdigen.n_jeugdigen, 0) as n_jeugdigen,
    'declaraties' as dekking_bericht
from kosten
left join jeugdigen using (periode_soort, periode, gebied_code, segment)
union all
select
    'kostengroei' as indicator_id,
    periode_soort,
    periode,
    gebied_code,
    segment,
    case when is_bekend then {{ euro('nu_cent - ervoor_cent') }} end as teller,
    case when is_bekend then {{ euro('ervoor_cent') }} end as noemer,
    case when is_bekend and ervoor_cent <> 0 then (nu_cent - ervoor_cent) / ervoor_cent end as waarde,
    case when is_bekend then cast(n_jeugdigen as bigint) end as n_jeugdigen,
    'declaraties_twee_perioden' as dekking_bericht
from groei
