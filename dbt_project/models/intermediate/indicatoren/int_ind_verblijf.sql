-- Indicators on days of stay: with ambulant help beside it, and after all treatment ended. Days add up over months.
with per_maand as (
    select
        dagen.gebied_code,
        dagen.telling,
        maanden.maand,
        sum(date_diff('day', greatest(dagen.van, maanden.maand), least(dagen.tot, maanden.laatste_dag)) + 1) as n_dagen
    from {{ ref('int_verblijfsdagen') }} as dagen
    inner join {{ ref('dim_maanden') }} as maanden
        on dagen.van <= maanden.laatste_dag and dagen.tot >= maanden.maand
    group by all
),

per_periode as (
    select
        perioden.periode_soort,
        perioden.periode,
        per_maand.gebied_code,
        sum(per_maand.n_dagen) filter (where per_maand.telling = 'verblijf_met_ambulant') as met_ambulant,
        sum(per_maand.n_dagen) filter (where per_maand.telling = 'verblijf_na_behandeling') as na_behandeling,
        sum(per_maand.n_dagen) filter (where per_maand.telling = 'verblijfsdagen') as verblijfsdagen
    from per_maand
    inner join {{ ref('int_perioden') }} as perioden
        on per_maand.maand between perioden.eerste_maand and perioden.laatste_maand
    group by all
),

cijfers as (
    select
        raster.*,
        coalesce(
            case indicatoren.telling
                when 'verblijf_met_ambulant' then per_periode.met_ambulant
                else per_periode.na_behandeling
            end, 0
        ) as teller,
        coalesce(per_periode.verblijfsdagen, 0) as noemer,
        coalesce(jeugdigen.n_jeugdigen, 0) as n_jeugdigen
    from {{ ref('int_raster') }} as raster
    inner join {{ getelde_indicatoren(['dagen']) }} as indicatoren using (indicator_id)
    left join per_periode using (periode_soort, periode, gebied_code)
    left join {{ ref('int_jeugdigen_per_periode') }} as jeugdigen
        using (telling, periode_soort, periode, gebied_code, segment)
)

select
    indicator_id,
    periode_soort,
    periode,
    gebied_code,
    segment,
    cast(teller as decimal(18, 2)) as teller,
    cast(noemer as decimal(18, 2)) as noemer,
    cast(teller / nullif(noemer, 0) as double) as waarde,
    n_jeugdigen,
    'toewijzingen' as dekking_bericht
from cijfers
