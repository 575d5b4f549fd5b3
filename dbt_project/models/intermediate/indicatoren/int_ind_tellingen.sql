-- Indicators that are a count of youths or of trajecten, or a share of one in another: one row of the catalogue each says
-- what is counted (`telt`, `telt_per`). A figure that divides by inhabitants counts youths of 0-17 only (SPEC 7).
-- `doorstroom` exists per segment entered, not in total.
with tellingen as (
    select 'jeugdigen' as soort, telling, periode_soort, periode, gebied_code, segment, n_jeugdigen as n
    from {{ ref('int_jeugdigen_per_periode') }}

    union all

    select 'trajecten', telling, periode_soort, periode, gebied_code, segment, n_trajecten
    from {{ ref('int_trajecten_per_periode') }}
),

cijfers as (
    select
        raster.indicator_id,
        raster.periode_soort,
        raster.periode,
        raster.gebied_code,
        raster.segment,
        coalesce(teller.n, 0) as teller,
        case
            when indicatoren.noemer_soort = 'inwoners' then inwoners.inwoners_0_17
            when indicatoren.noemer_soort is not null then coalesce(noemer.n, 0)
        end as noemer,
        indicatoren.noemer_soort is not null as is_aandeel,
        coalesce(jeugdigen.n_jeugdigen, 0) as n_jeugdigen
    from {{ ref('int_raster') }} as raster
    inner join {{ getelde_indicatoren(['jeugdigen', 'trajecten']) }} as indicatoren using (indicator_id)
    left join tellingen as teller
        on indicatoren.soort = teller.soort
        and indicatoren.telling = teller.telling
        and raster.periode_soort = teller.periode_soort
        and raster.periode = teller.periode
        and raster.gebied_code = teller.gebied_code
        and raster.segment = teller.segment
    left join tellingen as noemer
        on indicatoren.noemer_soort = noemer.soort
        and indicatoren.noemer_telling = noemer.telling
        and raster.periode_soort = noemer.periode_soort
        and raster.periode = noemer.periode
        and raster.gebied_code = noemer.gebied_code
        and coalesce(indicatoren.noemer_segment, raster.segment) = noemer.segment
    -- the youths counted, or those of the trajecten counted
    left join {{ ref('int_jeugdigen_per_periode') }} as jeugdigen
        on indicatoren.telling = jeugdigen.telling
        and raster.periode_soort = jeugdigen.periode_soort
        and raster.periode = jeugdigen.periode
        and raster.gebied_code = jeugdigen.gebied_code
        and raster.segment = jeugdigen.segment
    left join {{ ref('int_inwoners') }} as inwoners
        on raster.gebied_code = inwoners.gebied_code and year(raster.periode) = inwoners.jaar
    where not (indicatoren.telling = 'doorstroom_in' and raster.segment = 'totaal')
)

select
    indicator_id,
    periode_soort,
    periode,
    gebied_code,
    segment,
    cast(teller as decimal(18, 2)) as teller,
    cast(noemer as decimal(18, 2)) as noemer,
    cast(case when is_aandeel then teller / nullif(noemer, 0) else teller end as double) as waarde,
    cast(n_jeugdigen as bigint) as n_jeugdigen,
    'toewijzingen' as dekking_bericht
from cijfers
