-- The expected final cost per gemeente, month of care and segment, and how it was found:
--   ontvangen             nothing is to come any more;
--   chain_ladder          what is known times the factor still to come;
--   bornhuetter_ferguson  the two newest months, and wherever less than half is known: what is known, plus of the
--                         expectation (int_naijling_verwacht) the part not seen yet;
--   onvolledig            a levering since the month of care is missing (of a gemeente that sends stands: all of them). Its part is taken from the expectation, but not
--                         when what is known shows that it came with another levering; a month of care before the first
--                         levering of the gemeente stays as received, and so does one of which nothing can be expected.
-- Without an expectation (no ripe months, no allocations) the chain ladder is all there is.
-- variantie_cent and gedeeld_cent are of the part taken from the expectation: the variance of the gemeente by itself, and the
-- deviation it shares with the others (schattingsvariantie adds them up). That of the factors is in int_naijling_open.
with soorten as (
    select
        stand.*,
        verwacht.verwacht_cent,
        stand.cumulatief_cent * coalesce(stand.factor_tot_eind, 1) as ladder_cent,
        case
            when not (stand.is_gezien and stand.is_volledig) then 'onvolledig'
            when stand.factor_tot_eind = 1 then 'ontvangen'
            when
                verwacht.verwacht_cent is not null
                and (date_diff('month', stand.zorgmaand, rijping.laatste_leveringsmaand) < 2 or stand.aandeel_gezien < 0.5)
                then 'bornhuetter_ferguson'
            when stand.factor_tot_eind is null then 'onvolledig'
            else 'chain_ladder'
        end as methode
    from {{ ref('int_naijling_stand') }} as stand
    inner join {{ ref('int_rijping') }} as rijping on rijping.bericht = 'declaraties'
    left join {{ ref('int_naijling_verwacht') }} as verwacht
        using (gemeente, zorgmaand, segment, zonder_alternatief)
),

aangevuld as (
    select
        *,
        case when methode = 'bornhuetter_ferguson' then vertraging_maanden else 0 end as zo_oud,
        is_gezien and verwacht_cent is not null and methode in ('bornhuetter_ferguson', 'onvolledig') as met_verwachting,
        case
            when not is_gezien then cumulatief_cent
            when methode = 'bornhuetter_ferguson' then cumulatief_cent + verwacht_cent * (1 - aandeel_gezien)
            when methode = 'onvolledig' and verwacht_cent is not null
                then least(
                    cumulatief_cent + verwacht_cent * (1 - aandeel_gezien),
                    greatest(ladder_cent, verwacht_cent)
                )
            else ladder_cent
        end as eind_cent
    from soorten
)

select
    aangevuld.gemeente,
    aangevuld.zorgmaand,
    aangevuld.segment,
    aangevuld.zonder_alternatief,
    -- from this delay on something is to come; empty when nothing is added
    case
        when is_gezien and (met_verwachting or factor_tot_eind is not null) then coalesce(aangevuld.vertraging_maanden, 0)
    end as vanaf_vertraging,
    cumulatief_cent,
    geteld_cent,
    voorbehoud_cent,
    hersteld_cent,
    eigen_cent,
    verwacht_cent,
    aandeel_gezien,
    methode,
    cast(round(eind_cent) as bigint) as eind_cent,
    {{ afwijking_van_verwachting() }}
from aangevuld
inner join {{ ref('int_rijping') }} as rijping on rijping.bericht = 'declaraties'
left join {{ ref('int_terugblik_spreiding') }} as spreiding
    on
        spreiding.peilnr = {{ maandnr('rijping.laatste_leveringsmaand') }}
        and aangevuld.segment = spreiding.segment
        and spreiding.vertraging_maanden = least(aangevuld.zo_oud, {{ instelling('terugblik_maanden') }} - 1)
