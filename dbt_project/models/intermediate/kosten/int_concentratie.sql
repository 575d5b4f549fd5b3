-- Which part of the cost of a year is that of the most expensive youths, of every segment and of all together (`totaal`, in
-- which a youth of more segments is one). A share is empty when there is no cost to share.
with per_jeugdige as (
    select
        jaar,
        coalesce(gemeente, 'REGIO') as gebied_code,
        coalesce(segment, 'totaal') as segment,
        jeugdige_nr,
        sum(netto_cent) as netto_cent
    from {{ ref('int_kosten_jeugdigen') }}
    group by grouping sets (
        (jaar, gemeente, jeugdige_nr),
        (jaar, jeugdige_nr),
        (jaar, gemeente, segment, jeugdige_nr),
        (jaar, segment, jeugdige_nr)
    )
),

geordend as (
    select
        jaar,
        gebied_code,
        segment,
        netto_cent,
        row_number() over (partition by jaar, gebied_code, segment order by netto_cent desc) as plaats,
        count(*) over (partition by jaar, gebied_code, segment) as n_jeugdigen
    from per_jeugdige
),

-- rounded up in whole numbers: n_jeugdigen * 0.01 would not be
met_top as (
    select
        *,
        (n_jeugdigen + 99) // 100 as n_top1pct,
        (n_jeugdigen * 5 + 99) // 100 as n_top5pct,
        (n_jeugdigen * 15 + 99) // 100 as n_top15pct,
        least(n_jeugdigen, 12) as n_top12
    from geordend
),

opgeteld as (
    select
        jaar,
        gebied_code,
        segment,
        n_jeugdigen,
        n_top1pct,
        n_top5pct,
        n_top15pct,
        n_top12,
        sum(netto_cent) as netto_cent,
        sum(netto_cent) filter (where plaats <= n_top1pct) as top1pct_cent,
        sum(netto_cent) filter (where plaats <= n_top5pct) as top5pct_cent,
        sum(netto_cent) filter (where plaats <= n_top15pct) as top15pct_cent,
        sum(netto_cent) filter (where plaats <= n_top12) as top12_cent
    from met_top
    group by all
),

-- beside the cost that is shared out, not in it
voorbehouden as (
    select
        year(kosten.zorgmaand) as jaar,
        kosten.gebied_code,
        kosten.segment,
        sum(kosten.voorbehoud_cent) as voorbehoud_cent
    from {{ ref('int_kosten_maand') }} as kosten
    inner join {{ ref('dim_maanden') }} as maanden on kosten.zorgmaand = maanden.maand
    group by all
),

cellen as (
    select
        cast(year(perioden.periode) as integer) as jaar,
        gebieden.gebied_code,
        segmenten.segment
    from {{ ref('int_perioden') }} as perioden
    cross join {{ ref('dim_gebieden') }} as gebieden
    cross join {{ ref('dim_segmenten') }} as segmenten
    where perioden.periode_soort = 'jaar'
)

select
    cellen.jaar,
    cellen.gebied_code,
    cellen.segment,
    coalesce(opgeteld.n_jeugdigen, 0) as n_jeugdigen,
    {{ euro('coalesce(opgeteld.netto_cent, 0)') }} as kosten_eur,
    {% for top in ['top1pct', 'top5pct', 'top15pct', 'top12'] -%}
    coalesce(opgeteld.n_{{ top }}, 0) as n_{{ top }},
    {{ euro('coalesce(opgeteld.' ~ top ~ '_cent, 0)') }} as kosten_{{ top }}_eur,
    case when opgeteld.netto_cent > 0 then opgeteld.{{ top }}_cent / opgeteld.netto_cent end as aandeel_{{ top }},
    {% endfor -%}
    {{ euro('coalesce(voorbehouden.voorbehoud_cent, 0)') }} as voorbehoud_eur,
    coalesce(dekking.dekking, 0) as dekking,
    coalesce(dekking.rijping, 'voorlopig') as rijping
from cellen
left join opgeteld using (jaar, gebied_code, segment)
left join voorbehouden using (jaar, gebied_code, segment)
left join {{ ref('int_dekking') }} as dekking
    on
        cellen.gebied_code = dekking.gebied_code
        and dekking.periode_soort = 'jaar'
        and dekking.periode = make_date(cellen.jaar, 1, 1)
        and dekking.dekking_bericht = 'declaraties'
