-- How good the data of a month are, with what each score is made of. In the manner of the NHS data quality maturity index:
-- score_totaal = coverage x the average of complete, valid and consistent; timeliness stands apart. A levering that was due
-- and is not there counts as nothing: what is missing never improves a score. One that cannot be that of its month
-- (int_leveringen_twijfel) is not there either. Of the berichten that every regio delivers.
with kalender as (
    select
        kalender.gemeente,
        kalender.maand,
        kalender.is_verplicht and kalender.status <> 'VERWACHT' as is_verschuldigd,
        kalender.status in ('GEACCEPTEERD', 'GEACCEPTEERD_MET_OPMERKINGEN', 'NIHIL_BEVESTIGD')
        and twijfel.levering_nr is null as is_binnen,
        kalender.dagen_te_laat,
        leveringen.levering_id,
        leveringen.rijen_ontvangen,
        leveringen.rijen_geaccepteerd
    from {{ ref('stg_leveringskalender') }} as kalender
    left join {{ ref('stg_leveringen') }} as leveringen
        on kalender.levering_id = leveringen.levering_id and leveringen.is_geldend
    left join (
        select distinct levering_nr from {{ ref('int_leveringen_twijfel') }}
        where not is_verklaard
    ) as twijfel using (levering_nr)
    where kalender.bericht in {{ kern() }}
),

per_gemeente as (
    select
        kalender.gemeente,
        kalender.maand,
        count(*) filter (where kalender.is_verschuldigd) as n_leveringen_verschuldigd,
        count(*) filter (where kalender.is_verschuldigd and kalender.is_binnen and kalender.dagen_te_laat = 0)
            as n_leveringen_op_tijd,
        count(*) filter (where kalender.is_verschuldigd or kalender.is_binnen) as n_leveringen_verwacht,
        count(*) filter (where kalender.is_binnen) as n_leveringen_binnen,
        coalesce(sum(kwaliteit.n_kernvelden), 0) as n_kernvelden,
        coalesce(sum(kwaliteit.n_kernvelden_gevuld), 0) as n_kernvelden_gevuld,
        coalesce(sum(kalender.rijen_ontvangen), 0) as n_rijen_ontvangen,
        coalesce(sum(kalender.rijen_geaccepteerd - coalesce(kwaliteit.n_rijen_ongeldig, 0)), 0) as n_rijen_geldig,
        coalesce(sum(kalender.rijen_geaccepteerd), 0) as n_rijen_geaccepteerd,
        coalesce(sum(kalender.rijen_geaccepteerd - coalesce(kwaliteit.n_rijen_tegenstrijdig, 0)), 0)
            as n_rijen_consistent
    from kalender
    left join {{ ref('int_kwaliteit_leveringen') }} as kwaliteit using (levering_id)
    group by kalender.gemeente, kalender.maand
),

per_gebied as (
    select
        coalesce(gemeente, 'REGIO') as gebied_code,
        maand,
        {% for kolom in [
            'n_leveringen_verschuldigd', 'n_leveringen_op_tijd', 'n_leveringen_verwacht', 'n_leveringen_binnen',
            'n_kernvelden', 'n_kernvelden_gevuld', 'n_rijen_ontvangen', 'n_rijen_geldig', 'n_rijen_geaccepteerd',
            'n_rijen_consistent',
        ] -%}
        cast(sum({{ kolom }}) as bigint) as {{ kolom }}{{ ',' if not loop.last }}
        {% endfor %}
    from per_gemeente
    group by grouping sets ((gemeente, maand), (maand))
),

delen as (
    select
        gebieden.gebied_code,
        maanden.maand,
        per_gebied.* exclude (gebied_code, maand),
        per_gebied.n_leveringen_op_tijd / nullif(per_gebied.n_leveringen_verschuldigd, 0) as tijdig,
        per_gebied.n_leveringen_binnen / nullif(per_gebied.n_leveringen_verwacht, 0) as dekking_leveringen,
        per_gebied.n_kernvelden_gevuld / nullif(per_gebied.n_kernvelden, 0) as volledig,
        per_gebied.n_rijen_geldig / nullif(per_gebied.n_rijen_ontvangen, 0) as geldig,
        per_gebied.n_rijen_consistent / nullif(per_gebied.n_rijen_geaccepteerd, 0) as consistent
    from {{ ref('dim_maanden') }} as maanden
    cross join {{ ref('dim_gebieden') }} as gebieden
    left join per_gebied using (gebied_code, maand)
)

select
    '{{ var("publicatie_id") }}' as publicatie_id,
    gebied_code,
    maand,
    round(100 * tijdig, 4) as score_tijdigheid,
    round(100 * volledig, 4) as score_volledigheid,
    round(100 * geldig, 4) as score_geldigheid,
    round(100 * consistent, 4) as score_consistentie,
    case
        -- of a month of which nothing came nothing can be judged: dekking says that it is not there
        when n_leveringen_binnen = 0 then null
        -- a nil of both berichten: nothing to find fault with
        when n_rijen_ontvangen = 0 then round(100 * dekking_leveringen, 4)
        else round(100 * dekking_leveringen * (coalesce(volledig, 0) + geldig + coalesce(consistent, 0)) / 3, 4)
    end as score_totaal,
    dekking_leveringen,
    coalesce(n_leveringen_verschuldigd, 0) as n_leveringen_verschuldigd,
    coalesce(n_leveringen_op_tijd, 0) as n_leveringen_op_tijd,
    coalesce(n_leveringen_verwacht, 0) as n_leveringen_verwacht,
    coalesce(n_leveringen_binnen, 0) as n_leveringen_binnen,
    coalesce(n_kernvelden, 0) as n_kernvelden,
    coalesce(n_kernvelden_gevuld, 0) as n_kernvelden_gevuld,
    coalesce(n_rijen_ontvangen, 0) as n_rijen_ontvangen,
    coalesce(n_rijen_geldig, 0) as n_rijen_geldig,
    coalesce(n_rijen_geaccepteerd, 0) as n_rijen_geaccepteerd,
    coalesce(n_rijen_consistent, 0) as n_rijen_consistent,
    coalesce(dekking.dekking, 0) as dekking,
    coalesce(dekking.rijping, 'voorlopig') as rijping
from delen
left join (
    select gebied_code, periode as maand, dekking, rijping
    from {{ ref('int_dekking') }}
    where periode_soort = 'maand' and dekking_bericht = 'beide'
) as dekking using (gebied_code, maand)
