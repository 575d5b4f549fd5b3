-- Targets on cost, completed by naijling: the sum of the expected final amounts over the months and segments of the
-- target, with Mack's bounds. Within a segment months and gemeenten share the uncertainty of the factors and are
-- otherwise independent; segments are independent.
with doelen as (
    select
        waarden.doel_id,
        waarden.jaar,
        waarden.gebied_code,
        waarden.eerste_maand,
        cast(waarden.eerste_maand + to_months(cast(waarden.n_maanden as integer)) as date) as na_laatste_maand,
        doelen.uitsluiting is not null as zonder_alternatief,
        unnest(string_split(doelen.segment, '+')) as segment
    from {{ ref('int_doelwaarden') }} as waarden
    inner join {{ ref('stg_ref_streefwaarden') }} as doelen using (doel_id)
    where doelen.indicator_id = 'kosten' and waarden.n_maanden > 0
),

eind as (
    select
        unnest([gemeente, 'REGIO']) as gebied_code,
        zorgmaand,
        segment,
        zonder_alternatief,
        eind_cent,
        variantie_cent
    from {{ ref('int_naijling_eind') }}
),

bedragen as (
    select
        doelen.doel_id,
        doelen.jaar,
        doelen.gebied_code,
        sum(eind.eind_cent) as eind_cent,
        sum(eind.variantie_cent) as variantie_cent
    from doelen
    inner join eind
        on
            doelen.gebied_code = eind.gebied_code
            and doelen.segment = eind.segment
            and doelen.zonder_alternatief = eind.zonder_alternatief
            and eind.zorgmaand >= doelen.eerste_maand
            and eind.zorgmaand < doelen.na_laatste_maand
    group by all
),

open as (
    select
        doelen.doel_id,
        doelen.jaar,
        doelen.gebied_code,
        doelen.segment,
        naijling.vertraging_maanden,
        sum(naijling.open_cent) as open_cent
    from doelen
    inner join {{ ref('int_naijling_open') }} as naijling
        on
            doelen.gebied_code = naijling.gebied_code
            and doelen.segment = naijling.segment
            and doelen.zonder_alternatief = naijling.zonder_alternatief
            and naijling.zorgmaand >= doelen.eerste_maand
            and naijling.zorgmaand < doelen.na_laatste_maand
    group by all
),

varianties as (
    select open.doel_id, open.jaar, open.gebied_code, {{ mack_variantie('open.open_cent') }} as variantie
    from open
    inner join {{ ref('int_naijling_factoren') }} as factoren using (segment, vertraging_maanden)
    group by all
)

select
    doel_id,
    jaar,
    gebied_code,
    {{ euro('bedragen.eind_cent') }} as realisatie_geschat,
    {{ euro(lognormale_grens('bedragen.eind_cent', 'bedragen.variantie_cent + coalesce(varianties.variantie, 0)', -1)) }} as ondergrens,
    {{ euro(lognormale_grens('bedragen.eind_cent', 'bedragen.variantie_cent + coalesce(varianties.variantie, 0)', 1)) }} as bovengrens
from bedragen
left join varianties using (doel_id, jaar, gebied_code)
