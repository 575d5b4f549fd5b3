-- Of those who had a place on the last day of a month (the origin): how many by product and by what was planned for
-- `vooruit` months later, and how many had one then, as it is known now (a month to come: what is known of it, of no use).
with maanden_met_plek as (
    select distinct gebied_code, segment, jeugdige_nr, unnest(range(van, tot + 1)) as maandnr
    from {{ ref('int_jeugdmaanden') }}
    where telling = 'stand' and segment in ('verblijf', 'wonen')
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
        from {{ ref('int_prognose_stand') }}
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
