-- Why the cost of a year differs from that of the year before, per segment, by successive substitution: first the
-- youths of the new year at all that was, then also its months in care per youth, then also its volume per month in care,
-- then also its prices at the old mix of products; what is then left is the new mix. Every effect is the step between
-- two amounts in whole cents, so they add up exactly.
-- Volumes of different units are made comparable by what the unit cost on average in the year before (in the year
-- itself when it did not exist then). Prices change only for products that both years know.
-- As kostengroei: over the gemeenten that delivered every month of both years, of years that are ripe; else empty. A
-- levering that is missing, or a claim still to come, is no saving; and neither is an amount under reserve: where more of
-- either year is, nothing is explained.
with jaren as (
    select jaar
    from {{ ref('dim_maanden') }}
    group by jaar
    having count(*) = 12
),

volledig as (
    select jaren.jaar, dekking.gebied_code as gemeente
    from jaren
    inner join {{ ref('int_dekking') }} as regio
        on
            regio.periode_soort = 'jaar'
            and regio.periode = make_date(jaren.jaar, 1, 1)
            and regio.gebied_code = 'REGIO'
            and regio.dekking_bericht = 'declaraties'
            and regio.rijping = 'definitief'
    inner join {{ ref('int_dekking_maand') }} as dekking
        on
            dekking.bericht = 'declaraties'
            and dekking.gebied_code <> 'REGIO'
            and dekking.inwoners_gedekt > 0
            and year(dekking.maand) between jaren.jaar - 1 and jaren.jaar
    group by jaren.jaar, dekking.gebied_code
    having count(*) = 24
),

leden as (
    select
        jaar,
        gemeente,
        unnest([gemeente, 'REGIO']) as gebied_code
    from volledig
),

jeugdigen as (
    select
        leden.jaar,
        leden.gebied_code,
        kosten.jaar = leden.jaar as is_nu,
        coalesce(kosten.segment, 'totaal') as segment,
        kosten.jeugdige_nr,
        bit_or(kosten.maanden) as maanden
    from leden
    inner join {{ ref('int_kosten_jeugdigen') }} as kosten
        on leden.gemeente = kosten.gemeente and kosten.jaar between leden.jaar - 1 and leden.jaar
    group by grouping sets (
        (leden.jaar, leden.gebied_code, kosten.jaar, kosten.segment, kosten.jeugdige_nr),
        (leden.jaar, leden.gebied_code, kosten.jaar, kosten.jeugdige_nr)
    )
),

aantallen as (
    select
        jaar,
        gebied_code,
        segment,
        count(*) filter (where not is_nu) as n_vorig,
        count(*) filter (where is_nu) as n_nu,
        coalesce(sum(bit_count(maanden)) filter (where not is_nu), 0) as maanden_vorig,
        coalesce(sum(bit_count(maanden)) filter (where is_nu), 0) as maanden_nu
    from jeugdigen
    group by jaar, gebied_code, segment
),

producten as (
    select
        leden.jaar,
        leden.gebied_code,
        kosten.segment,
        kosten.productcode,
        kosten.eenheid,
        cast(coalesce(sum(kosten.netto_cent) filter (where kosten.jaar < leden.jaar), 0) as bigint) as k0,
        cast(coalesce(sum(kosten.netto_cent) filter (where kosten.jaar = leden.jaar), 0) as bigint) as k1,
        cast(coalesce(sum(kosten.volume) filter (where kosten.jaar < leden.jaar), 0) as double) as v0,
        cast(coalesce(sum(kosten.volume) filter (where kosten.jaar = leden.jaar), 0) as double) as v1
    from leden
    inner join {{ ref('int_kosten_producten') }} as kosten
        on leden.gemeente = kosten.gemeente and kosten.jaar between leden.jaar - 1 and leden.jaar
    group by leden.jaar, leden.gebied_code, kosten.segment, kosten.productcode, kosten.eenheid
),

eenheden as (
    select
        jaar,
        gebied_code,
        segment,
        eenheid,
        sum(v0) as v0,
        sum(v1) as v1,
        case
            when sum(k0) > 0 and sum(v0) > 0 then sum(k0) / sum(v0)
            when sum(k1) > 0 and sum(v1) > 0 then sum(k1) / sum(v1)
            else 0
        end as gewicht
    from producten
    group by jaar, gebied_code, segment, eenheid
),

volumes as (
    select
        jaar,
        gebied_code,
        segment,
        round(sum(v1 * gewicht), 3) / nullif(round(sum(v0 * gewicht), 3), 0) as groei
    from eenheden
    group by jaar, gebied_code, segment
),

prijzen as (
    select
        jaar,
        gebied_code,
        segment,
        sum(k0) as k0,
        sum(k1) as k1,
        round(
            sum(k0 * case when k1 > 0 and v1 > 0 then (k1 / v1) / (k0 / v0) else 1 end) filter (where k0 > 0 and v0 > 0)
            / sum(k0) filter (where k0 > 0 and v0 > 0),
            12
        ) as prijsindex
    from producten
    group by jaar, gebied_code, segment
),

-- what the year would have cost with ever more of it as it became, in cents; without volumes to compare the step is nil
niveaus as (
    select
        aantallen.*,
        prijzen.k0 as vorig_cent,
        prijzen.k1 as nu_cent,
        case
            when aantallen.n_vorig = 0 then prijzen.k1
            else round(prijzen.k0 * aantallen.n_nu / aantallen.n_vorig)
        end as na_jeugdigen,
        case
            when aantallen.n_vorig = 0 then prijzen.k1
            else round(prijzen.k0 * aantallen.maanden_nu / aantallen.maanden_vorig)
        end as na_duur,
        case
            when aantallen.n_vorig = 0 then prijzen.k1
            else round(
                prijzen.k0
                * case when volumes.groei > 0 then volumes.groei else aantallen.maanden_nu / aantallen.maanden_vorig end
            )
        end as na_intensiteit,
        case
            when aantallen.n_vorig = 0 then prijzen.k1
            else round(
                prijzen.k0
                * case when volumes.groei > 0 then volumes.groei else aantallen.maanden_nu / aantallen.maanden_vorig end
                * coalesce(prijzen.prijsindex, 1)
            )
        end as na_tarief
    from aantallen
    inner join prijzen using (jaar, gebied_code, segment)
    left join volumes using (jaar, gebied_code, segment)
),

effecten as (
    select
        jaar,
        gebied_code,
        coalesce(segment, 'totaal') as segment,
        sum(vorig_cent) as vorig_cent,
        sum(nu_cent) as nu_cent,
        sum(cast(na_jeugdigen as bigint) - vorig_cent) as effect_jeugdigen,
        sum(cast(na_duur as bigint) - cast(na_jeugdigen as bigint)) as effect_duur,
        sum(cast(na_intensiteit as bigint) - cast(na_duur as bigint)) as effect_intensiteit,
        sum(cast(na_tarief as bigint) - cast(na_intensiteit as bigint)) as effect_tarief,
        sum(nu_cent - cast(na_tarief as bigint)) as effect_mix
    from niveaus
    group by grouping sets ((jaar, gebied_code, segment), (jaar, gebied_code))
),

voorbehouden as (
    select
        *,
        {{ te_veel_voorbehoud('voorbehoud_cent', 'nu_cent') }}
        or {{ te_veel_voorbehoud('vorig_voorbehoud_cent', 'vorig_cent') }} as is_te_veel
    from (
        select
            leden.jaar,
            leden.gebied_code,
            kosten.segment,
            coalesce(sum(kosten.netto_cent) filter (where year(kosten.zorgmaand) = leden.jaar), 0) as nu_cent,
            coalesce(sum(kosten.netto_cent) filter (where year(kosten.zorgmaand) < leden.jaar), 0) as vorig_cent,
            coalesce(sum(kosten.voorbehoud_cent) filter (where year(kosten.zorgmaand) = leden.jaar), 0) as voorbehoud_cent,
            coalesce(sum(kosten.voorbehoud_cent) filter (where year(kosten.zorgmaand) < leden.jaar), 0)
                as vorig_voorbehoud_cent
        from leden
        inner join {{ ref('int_kosten_maand') }} as kosten
            on leden.gemeente = kosten.gebied_code and year(kosten.zorgmaand) between leden.jaar - 1 and leden.jaar
        group by leden.jaar, leden.gebied_code, kosten.segment
    ) as bedragen
),

n_leden as (
    select jaar, gebied_code, count(*) as n_gemeenten
    from leden
    group by jaar, gebied_code
)

select
    '{{ var("publicatie_id") }}' as publicatie_id,
    jaren.jaar,
    gebieden.gebied_code,
    segmenten.segment,
    {% for naam in ['vorig', 'nu'] -%}
    case when n_leden.n_gemeenten > 0 and voorbehouden.is_te_veel is not true then {{ euro('coalesce(effecten.' ~ naam ~ '_cent, 0)') }} end
        as {{ 'kosten_vorig_jaar_eur' if naam == 'vorig' else 'kosten_eur' }},
    {% endfor -%}
    case
        when n_leden.n_gemeenten > 0 and voorbehouden.is_te_veel is not true then {{ euro('coalesce(effecten.nu_cent - effecten.vorig_cent, 0)') }}
    end as verandering_eur,
    {% for effect in ['jeugdigen', 'duur', 'intensiteit', 'tarief', 'mix'] -%}
    case
        when n_leden.n_gemeenten > 0 and voorbehouden.is_te_veel is not true then {{ euro('coalesce(effecten.effect_' ~ effect ~ ', 0)') }}
    end as effect_{{ effect }}_eur,
    {% endfor -%}
    case when n_leden.n_gemeenten > 0 and voorbehouden.is_te_veel is not true then coalesce(aantallen.n_vorig, 0) end as n_jeugdigen_vorig_jaar,
    case when n_leden.n_gemeenten > 0 and voorbehouden.is_te_veel is not true then coalesce(aantallen.n_nu, 0) end as n_jeugdigen,
    case when n_leden.n_gemeenten > 0 and voorbehouden.is_te_veel is not true then cast(coalesce(aantallen.maanden_vorig, 0) as bigint) end
        as jeugdmaanden_vorig_jaar,
    case when n_leden.n_gemeenten > 0 and voorbehouden.is_te_veel is not true then cast(coalesce(aantallen.maanden_nu, 0) as bigint) end as jeugdmaanden,
    {{ euro('coalesce(voorbehouden.voorbehoud_cent, 0)') }} as voorbehoud_eur,
    {{ euro('coalesce(voorbehouden.vorig_voorbehoud_cent, 0)') }} as voorbehoud_vorig_jaar_eur,
    cast(coalesce(n_leden.n_gemeenten, 0) as integer) as n_gemeenten,
    coalesce(dekking.dekking, 0) as dekking,
    coalesce(dekking.rijping, 'voorlopig') as rijping
from jaren
cross join {{ ref('dim_gebieden') }} as gebieden
cross join {{ ref('dim_segmenten') }} as segmenten
left join n_leden using (jaar, gebied_code)
left join effecten using (jaar, gebied_code, segment)
left join aantallen using (jaar, gebied_code, segment)
left join voorbehouden using (jaar, gebied_code, segment)
left join {{ ref('int_dekking') }} as dekking
    on
        gebieden.gebied_code = dekking.gebied_code
        and dekking.periode_soort = 'jaar'
        and dekking.periode = make_date(jaren.jaar, 1, 1)
        and dekking.dekking_bericht = 'declaraties_twee_perioden'
