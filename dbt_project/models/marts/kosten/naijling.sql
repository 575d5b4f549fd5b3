-- How the cost of a zorgmaand grew as leveringen came in. A row for every delay that could have been seen: from the
-- first leveringsmaand of the regio on, up to the last. What the
-- month of care is expected to cost in the end stands in every row of it; for the regio it is the sum of the gemeenten.
-- netto and cumulatief are what counts; the estimate takes what is under reserve at its mended amount, and its bounds hold
-- all readings of it.
with grenzen as (
    select min(leveringsmaand) as eerste_leveringsmaand, max(leveringsmaand) as laatste_leveringsmaand
    from {{ ref('stg_leveringen') }}
    where is_geldend and bericht = 'declaraties'
),

combinaties as (
    select maanden.maand as zorgmaand, gebieden.gebied_code, segmenten.segment
    from {{ ref('dim_maanden') }} as maanden
    cross join {{ ref('dim_gebieden') }} as gebieden
    cross join {{ ref('dim_segmenten') }} as segmenten
    union
    select zorgmaand, gebied_code, segment
    from {{ ref('int_kosten_maand') }}
),

-- one number instead of a date and two words: the delays of all of them are many rows
reeksen as materialized (
    select *, cast(row_number() over () as integer) as reeks_nr
    from combinaties
),

kosten as (
    select reeksen.reeks_nr, kosten.vertraging_maanden, kosten.netto_cent, kosten.voorbehoud_cent
    from {{ ref('int_kosten_maand') }} as kosten
    inner join reeksen using (zorgmaand, gebied_code, segment)
),

cellen as (
    select
        reeksen.reeks_nr,
        unnest(range(
            greatest(date_diff('month', reeksen.zorgmaand, grenzen.eerste_leveringsmaand), 0),
            greatest(date_diff('month', reeksen.zorgmaand, grenzen.laatste_leveringsmaand), 0) + 1
        )) as vertraging_maanden
    from reeksen
    cross join grenzen
),

per_vertraging as (
    select
        cellen.*,
        coalesce(kosten.netto_cent, 0) as netto_cent,
        coalesce(kosten.voorbehoud_cent, 0) as voorbehoud_cent,
        coalesce(
            sum(kosten.netto_cent) over (partition by cellen.reeks_nr order by cellen.vertraging_maanden), 0
        ) as cumulatief_cent
    from cellen
    left join kosten using (reeks_nr, vertraging_maanden)
),

opgeteld as (
    select reeksen.* exclude (reeks_nr), per_vertraging.* exclude (reeks_nr)
    from per_vertraging
    inner join reeksen using (reeks_nr)
),

eind as (
    select
        coalesce(gemeente, 'REGIO') as gebied_code,
        zorgmaand,
        segment,
        sum(eind_cent) as eind_cent,
        -- the other readings of what is under reserve: nothing of it, or its own amount
        least(sum(eigen_cent), 0) - sum(hersteld_cent) as lager_cent,
        greatest(sum(eigen_cent), 0) - sum(hersteld_cent) as hoger_cent,
        {{ schattingsvariantie('variantie_cent', 'gedeeld_cent') }} as variantie_cent,
        -- the least certain of the methods under it
        case
            when bool_or(methode = 'onvolledig') then 'onvolledig'
            when bool_or(methode = 'bornhuetter_ferguson') then 'bornhuetter_ferguson'
            when bool_or(methode = 'chain_ladder') then 'chain_ladder'
            else 'ontvangen'
        end as methode,
        bool_or(vanaf_vertraging is not null and methode <> 'ontvangen') as is_geschat
    from {{ ref('int_naijling_eind') }}
    where not zonder_alternatief
    group by grouping sets ((gemeente, zorgmaand, segment), (zorgmaand, segment))
),

varianties as (
    select open.gebied_code, open.zorgmaand, open.segment, {{ mack_variantie('open.open_cent') }} as variantie
    from {{ ref('int_naijling_open') }} as open
    inner join {{ ref('int_naijling_factoren') }} as factoren using (segment, vertraging_maanden)
    where not open.zonder_alternatief
    group by all
),

schattingen as (
    select
        eind.*,
        {{ lognormale_grens('eind_cent', 'eind.variantie_cent + coalesce(varianties.variantie, 0)', -1) }}
        + least(eind.lager_cent, 0) as ondergrens_cent,
        {{ lognormale_grens('eind_cent', 'eind.variantie_cent + coalesce(varianties.variantie, 0)', 1) }}
        + greatest(eind.hoger_cent, 0) as bovengrens_cent
    from eind
    left join varianties using (gebied_code, zorgmaand, segment)
)

select
    '{{ var("publicatie_id") }}' as publicatie_id,
    opgeteld.zorgmaand,
    opgeteld.gebied_code,
    opgeteld.segment,
    cast(opgeteld.vertraging_maanden as integer) as vertraging_maanden,
    {{ euro('opgeteld.netto_cent') }} as netto_eur,
    {{ euro('opgeteld.cumulatief_cent') }} as cumulatief_eur,
    {{ euro('opgeteld.voorbehoud_cent') }} as voorbehoud_eur,
    -- a gebied outside the regio in that month has no estimate and no cost
    {{ euro('coalesce(schattingen.eind_cent, 0)') }} as verwacht_eindbedrag_eur,
    {{ euro('coalesce(schattingen.ondergrens_cent, 0)') }} as ondergrens_eur,
    {{ euro('coalesce(schattingen.bovengrens_cent, 0)') }} as bovengrens_eur,
    factoren.ontwikkelfactor,
    case when factoren.segment is null then 1 else factoren.factor_tot_eind end as factor_tot_eind,
    coalesce(schattingen.methode, 'ontvangen') as methode,
    coalesce(schattingen.is_geschat, false) as is_geschat
from opgeteld
left join schattingen using (zorgmaand, gebied_code, segment)
left join {{ ref('int_naijling_factoren') }} as factoren
    on opgeteld.segment = factoren.segment and opgeteld.vertraging_maanden = factoren.vertraging_maanden
