-- What int_naijling_eind would have said after every leveringsmaand (`peilnr`) of the months of care that were the newest
-- then (terugblik_maanden): the same estimate, by the same rules, from what had come in with the leveringen up to that month.
with leveringen as (
    select gemeente, is_stand, {{ maandnr('maand') }} as leveringsnr
    from {{ ref('int_naijling_leveringen') }}
),

patroon as (
    select
        peilnr,
        segment,
        vertraging_maanden,
        aandeel_bekend,
        aandeel_bekend
        - coalesce(lag(aandeel_bekend) over (partition by peilnr, segment order by vertraging_maanden), 0) as aandeel
    from {{ ref('int_terugblik_factoren') }}
),

-- first the few leveringen that were there of the few months that are shown: with the pattern they are a hundred times more
gekomen as materialized (
    select
        maanden.peilnr,
        maanden.gemeente,
        maanden.zorgmaandnr,
        leveringen.is_stand,
        leveringen.leveringsnr - maanden.zorgmaandnr as vertraging_maanden
    from (select distinct peilnr, gemeente, zorgmaandnr, vertraging_maanden from {{ ref('int_terugblik_stand') }}) as maanden
    inner join leveringen
        on
            maanden.gemeente = leveringen.gemeente
            and leveringen.leveringsnr between maanden.zorgmaandnr and maanden.peilnr
    where maanden.vertraging_maanden < {{ instelling('terugblik_maanden') }}
),

-- the part of the cost that comes with them
aandelen as (
    select
        gekomen.peilnr,
        gekomen.gemeente,
        gekomen.zorgmaandnr,
        patroon.segment,
        round(
            case
                when bool_or(gekomen.is_stand) then arg_max(patroon.aandeel_bekend, patroon.vertraging_maanden)
                else sum(patroon.aandeel)
            end, 12
        ) as aandeel_gezien
    from gekomen
    inner join patroon using (peilnr, vertraging_maanden)
    group by gekomen.peilnr, gekomen.gemeente, gekomen.zorgmaandnr, patroon.segment
),

soorten as (
    select
        stand.*,
        coalesce(aandelen.aandeel_gezien, 0) as aandeel_gezien,
        stand.cumulatief_cent * coalesce(stand.factor_tot_eind, 1) as ladder_cent,
        case
            when not (stand.is_gezien and stand.is_volledig) then 'onvolledig'
            when stand.factor_tot_eind = 1 then 'ontvangen'
            when
                stand.verwacht_cent is not null
                and (stand.vertraging_maanden < 2 or coalesce(aandelen.aandeel_gezien, 0) < 0.5)
                then 'bornhuetter_ferguson'
            when stand.factor_tot_eind is null then 'onvolledig'
            else 'chain_ladder'
        end as methode
    from {{ ref('int_terugblik_stand') }} as stand
    left join aandelen using (peilnr, gemeente, zorgmaandnr, segment)
    where stand.vertraging_maanden < {{ instelling('terugblik_maanden') }}
),

aangevuld as (
    select
        *,
        case when methode = 'bornhuetter_ferguson' then laatste_vertraging else 0 end as zo_oud,
        is_gezien and verwacht_cent is not null and methode in ('bornhuetter_ferguson', 'onvolledig') as met_verwachting,
        case
            when not is_gezien then cumulatief_cent
            when methode = 'bornhuetter_ferguson' then cumulatief_cent + verwacht_cent * (1 - aandeel_gezien)
            when methode = 'onvolledig' and verwacht_cent is not null
                then least(
                    cumulatief_cent + verwacht_cent * (1 - aandeel_gezien), greatest(ladder_cent, verwacht_cent)
                )
            else ladder_cent
        end as eind_cent
    from soorten
)

select
    aangevuld.peilnr,
    aangevuld.gemeente,
    aangevuld.zorgmaandnr,
    aangevuld.segment,
    aangevuld.vertraging_maanden,
    case
        when is_gezien and (met_verwachting or factor_tot_eind is not null) then coalesce(laatste_vertraging, 0)
    end as vanaf_vertraging,
    cumulatief_cent,
    methode,
    cast(round(eind_cent) as bigint) as eind_cent,
    {{ afwijking_van_verwachting() }}
from aangevuld
left join {{ ref('int_terugblik_spreiding') }} as spreiding
    on
        aangevuld.peilnr = spreiding.peilnr
        and aangevuld.segment = spreiding.segment
        and spreiding.vertraging_maanden = least(aangevuld.zo_oud, {{ instelling('terugblik_maanden') }} - 1)
