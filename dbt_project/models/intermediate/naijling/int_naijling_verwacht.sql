-- What a month of care was expected to cost before any claim came: the days that valid allocations cover in it, times
-- what a covered day of the segment cost on average in the regio over the last ripe months (naijling_jaargangen of
-- them). Allocations that bring no claims (other than ZIN) are left out; the ripe months are those of gemeenten that
-- delivered everything since, completed by the factors.
-- variantie: how far that expectation was off in those months, as a variance that grows with the amount; measured on
-- gemeenten and on the regio as a whole, and the larger of the two.
with per_dag as (
    select
        toewijzingen.gemeente,
        maanden.maand as zorgmaand,
        toewijzingen.segment,
        toewijzingen.is_ambulant_alternatief,
        sum(
            date_diff(
                'day',
                greatest(toewijzingen.dekt_van, maanden.maand),
                least(coalesce(toewijzingen.dekt_tot, {{ zonder_einde() }}), maanden.laatste_dag)
            ) + 1
        ) as dagen
    from {{ ref('fct_toewijzingen') }} as toewijzingen
    inner join {{ ref('dim_maanden') }} as maanden
        on
            toewijzingen.dekt_van <= maanden.laatste_dag
            and coalesce(toewijzingen.dekt_tot, {{ zonder_einde() }}) >= maanden.maand
    where toewijzingen.dekt_iets and coalesce(toewijzingen.leveringsvorm, 'ZIN') = 'ZIN'
    group by all
),

dagen as (
    select
        gemeente,
        zorgmaand,
        coalesce(segment, 'totaal') as segment,
        unnest([false, true]) as zonder_alternatief,
        unnest([sum(dagen), coalesce(sum(dagen) filter (where not is_ambulant_alternatief), 0)]) as dagen
    from per_dag
    group by grouping sets ((gemeente, zorgmaand, segment), (gemeente, zorgmaand))
),

rijp as (
    select
        dagen.gemeente,
        dagen.zorgmaand,
        dagen.segment,
        dagen.zonder_alternatief,
        dagen.dagen,
        cast(round(stand.cumulatief_cent * stand.factor_tot_eind) as bigint) as eind_cent
    from dagen
    inner join {{ ref('int_naijling_stand') }} as stand
        using (gemeente, zorgmaand, segment, zonder_alternatief)
    inner join {{ ref('int_rijping') }} as rijping on rijping.bericht = 'declaraties'
    where
        stand.is_gezien
        and stand.is_volledig
        and stand.factor_tot_eind is not null
        and stand.vertraging_maanden >= {{ instelling('rijping_maanden') }}
        and date_diff('month', stand.zorgmaand, rijping.laatste_leveringsmaand)
        < {{ instelling('rijping_maanden') }} + {{ instelling('naijling_jaargangen') }}
),

gemiddeld as (
    select segment, zonder_alternatief, sum(eind_cent) / sum(dagen) as cent_per_dag
    from rijp
    group by segment, zonder_alternatief
    having sum(eind_cent) > 0
),

-- per gemeente and month, and (gemeente empty) per month of the regio
naast_verwachting as (
    select
        rijp.segment,
        rijp.zonder_alternatief,
        rijp.gemeente is null as is_regio,
        sum(rijp.eind_cent) as eind_cent,
        sum(rijp.dagen) * any_value(gemiddeld.cent_per_dag) as verwacht_cent
    from rijp
    inner join gemiddeld using (segment, zonder_alternatief)
    group by grouping sets (
        (rijp.segment, rijp.zonder_alternatief, rijp.zorgmaand, rijp.gemeente),
        (rijp.segment, rijp.zonder_alternatief, rijp.zorgmaand)
    )
    having sum(rijp.dagen) > 0
),

spreiding as (
    select
        segment,
        zonder_alternatief,
        is_regio,
        round({{ vaste_som('power(eind_cent - verwacht_cent, 2) / verwacht_cent') }} / nullif(count(*) - 1, 0), 9)
            as per_cent
    from naast_verwachting
    group by segment, zonder_alternatief, is_regio
),

grootste_spreiding as (
    select segment, zonder_alternatief, coalesce(max(per_cent), 0) as per_cent
    from spreiding
    group by segment, zonder_alternatief
)

select
    dagen.gemeente,
    dagen.zorgmaand,
    dagen.segment,
    dagen.zonder_alternatief,
    cast(dagen.dagen as bigint) as dagen,
    gemiddeld.cent_per_dag,
    dagen.dagen * gemiddeld.cent_per_dag as verwacht_cent,
    dagen.dagen * gemiddeld.cent_per_dag * spreiding.per_cent as variantie
from dagen
inner join gemiddeld using (segment, zonder_alternatief)
inner join grootste_spreiding as spreiding using (segment, zonder_alternatief)
