-- the figures of the regions side by side; only regions that count by the same version of a definition
with cijfers as (
    select
        kerncijfers.*,
        regios.regio_naam,
        regios.inwoners_0_17,
        definities.indicator_versie,
        -- a number of its own, not made of two others: what is shared out over regions adds up to the country
        case when kerncijfers.noemer is null then kerncijfers.teller end as telt_op
    from {{ source('openbaar', 'kerncijfers') }} as kerncijfers
    inner join {{ ref('regios') }} as regios using (regio_code, publicatie_id)
    inner join {{ source('meta', 'indicatordefinities') }} as definities using (regio_code, publicatie_id, indicator_id)
    where kerncijfers.gebied_code = 'REGIO'
),

samen as (
    select
        indicator_id,
        indicator_versie,
        periode_soort,
        periode,
        segment,
        count(waarde) as n_regios,
        quantile_cont(waarde, 0.25) as kwartiel_1,
        quantile_cont(waarde, 0.5) as mediaan,
        quantile_cont(waarde, 0.75) as kwartiel_3,
        sum(telt_op) as landelijke_som,
        sum(inwoners_0_17) filter (telt_op is not null) as inwoners_som
    from cijfers
    group by all
),

alle as (
    select count(*) as n_regios_totaal, sum(inwoners_0_17) as inwoners from {{ ref('regios') }}
)

select
    indicator_id,
    cast(indicator_versie as integer) as indicator_versie,
    cijfers.periode_soort,
    cijfers.periode,
    cijfers.segment,
    cijfers.regio_code,
    cijfers.regio_naam,
    cijfers.publicatie_id,
    cijfers.waarde,
    cijfers.teller,
    cijfers.noemer,
    cijfers.eenheid,
    cijfers.teken,
    cijfers.dekking,
    case
        when cijfers.waarde is not null
            then rank() over (
                partition by indicator_id, indicator_versie, periode_soort, periode, segment, cijfers.waarde is null
                order by cijfers.waarde desc
            )
    end as rang,
    samen.n_regios,
    alle.n_regios_totaal,
    samen.kwartiel_1,
    samen.mediaan,
    samen.kwartiel_3,
    cast(
        case
            when samen.n_regios < 4 or cijfers.waarde is null then null
            when cijfers.waarde <= samen.kwartiel_1 then 1
            when cijfers.waarde <= samen.mediaan then 2
            when cijfers.waarde <= samen.kwartiel_3 then 3
            else 4
        end as integer
    ) as kwartiel,
    cast(samen.landelijke_som as decimal(18, 2)) as landelijke_som,
    case when samen.landelijke_som is not null then samen.inwoners_som / alle.inwoners end as dekking_som
from cijfers
inner join samen using (indicator_id, indicator_versie, periode_soort, periode, segment)
cross join alle
order by all
