-- What a month of care was expected to cost before any claim came: the days that valid allocations cover in it, times
-- what a covered day of the segment cost on average in the regio over the last ripe months (naijling_jaargangen of
-- them). Allocations that bring no claims (other than ZIN) are left out; the ripe months are those of gemeenten that
-- delivered everything since, completed by the factors.
-- How far it may be off: int_terugblik_spreiding.
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
)

select
    dagen.gemeente,
    dagen.zorgmaand,
    dagen.segment,
    dagen.zonder_alternatief,
    cast(dagen.dagen as bigint) as dagen,
    gemiddeld.cent_per_dag,
    dagen.dagen * gemiddeld.cent_per_dag as verwacht_cent
from dagen
inner join gemiddeld using (segment, zonder_alternatief)
