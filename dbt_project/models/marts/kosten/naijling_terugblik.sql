-- What would have been said of a month of care after every leveringsmaand since, beside what it became. Only months of
-- care that are known by now: every levering of the terugblik_bekend_maanden after it (and all since) is there. For the regio both
-- are over the gemeenten of which the month is known.
with rijping as (
    select {{ maandnr('laatste_leveringsmaand') }} as laatste_nr
    from {{ ref('int_rijping') }}
    where bericht = 'declaraties'
),

geworden as (
    select
        gemeente,
        zorgmaand,
        {{ maandnr('zorgmaand') }} as zorgmaandnr,
        segment,
        cumulatief_cent as werkelijk_cent
    from {{ ref('int_naijling_stand') }}
    where
        not zonder_alternatief
        and is_gezien
        and is_volledig
        and vertraging_maanden >= {{ instelling('terugblik_bekend_maanden') }}
),

toen as (
    select
        geworden.zorgmaand,
        eind.peilnr,
        eind.segment,
        eind.vertraging_maanden,
        eind.vanaf_vertraging,
        eind.cumulatief_cent,
        eind.eind_cent,
        eind.variantie_cent,
        eind.gedeeld_cent,
        eind.methode,
        geworden.werkelijk_cent,
        geworden.gemeente,
        unnest([geworden.gemeente, 'REGIO']) as gebied_code
    from geworden
    inner join {{ ref('int_terugblik_eind') }} as eind using (gemeente, zorgmaandnr, segment)
),

eind as (
    select
        peilnr,
        gebied_code,
        zorgmaand,
        segment,
        vertraging_maanden,
        count(*) as n_gemeenten,
        sum(cumulatief_cent) as cumulatief_cent,
        sum(eind_cent) as eind_cent,
        {{ schattingsvariantie('variantie_cent', 'gedeeld_cent') }} as variantie_cent,
        sum(werkelijk_cent) as werkelijk_cent,
        -- the least certain of the methods under it
        case
            when bool_or(methode = 'onvolledig') then 'onvolledig'
            when bool_or(methode = 'bornhuetter_ferguson') then 'bornhuetter_ferguson'
            when bool_or(methode = 'chain_ladder') then 'chain_ladder'
            else 'ontvangen'
        end as methode,
        bool_or(vanaf_vertraging is not null and methode <> 'ontvangen') as is_geschat
    from toen
    group by peilnr, gebied_code, zorgmaand, segment, vertraging_maanden
),

per_vertraging as (
    select peilnr, gebied_code, zorgmaand, segment, vanaf_vertraging, sum(eind_cent) as eind_cent
    from toen
    where vanaf_vertraging is not null and eind_cent <> 0 and methode <> 'bornhuetter_ferguson'
    group by peilnr, gebied_code, zorgmaand, segment, vanaf_vertraging
),

open as (
    select
        per_vertraging.peilnr,
        per_vertraging.gebied_code,
        per_vertraging.zorgmaand,
        per_vertraging.segment,
        factoren.vertraging_maanden,
        sum(per_vertraging.eind_cent) as open_cent
    from per_vertraging
    inner join {{ ref('int_terugblik_factoren') }} as factoren
        on
            per_vertraging.peilnr = factoren.peilnr
            and per_vertraging.segment = factoren.segment
            and per_vertraging.vanaf_vertraging <= factoren.vertraging_maanden
            and factoren.sigma_kwadraat > 0
    group by all
),

varianties as (
    select open.peilnr, open.gebied_code, open.zorgmaand, open.segment, {{ mack_variantie('open.open_cent') }} as variantie
    from open
    inner join {{ ref('int_terugblik_factoren') }} as factoren using (peilnr, segment, vertraging_maanden)
    group by all
),

schattingen as (
    select
        eind.*,
        {{ lognormale_grens('eind_cent', 'eind.variantie_cent + coalesce(varianties.variantie, 0)', -1) }} as ondergrens_cent,
        {{ lognormale_grens('eind_cent', 'eind.variantie_cent + coalesce(varianties.variantie, 0)', 1) }} as bovengrens_cent
    from eind
    left join varianties using (peilnr, gebied_code, zorgmaand, segment)
)

select
    '{{ var("publicatie_id") }}' as publicatie_id,
    zorgmaand,
    gebied_code,
    segment,
    vertraging_maanden,
    {{ maand_van_nr('peilnr') }} as leveringsmaand,
    {{ euro('cumulatief_cent') }} as ontvangen_eur,
    {{ euro('eind_cent') }} as geschat_eur,
    {{ euro('ondergrens_cent') }} as ondergrens_eur,
    {{ euro('bovengrens_cent') }} as bovengrens_eur,
    {{ euro('werkelijk_cent') }} as werkelijk_eur,
    {{ euro('eind_cent - werkelijk_cent') }} as fout_eur,
    case when werkelijk_cent > 0 then (eind_cent - werkelijk_cent) / werkelijk_cent end as fout_aandeel,
    case when werkelijk_cent > 0 then (cumulatief_cent - werkelijk_cent) / werkelijk_cent end as fout_ontvangen_aandeel,
    werkelijk_cent between ondergrens_cent and bovengrens_cent as is_binnen_grenzen,
    methode,
    is_geschat,
    cast(n_gemeenten as integer) as n_gemeenten,
    cast(peilnr - (select min(peilnr) from {{ ref('int_terugblik_factoren') }}) + 1 as integer) as n_maanden_geschiedenis
from schattingen
where peilnr < (select laatste_nr from rijping)
