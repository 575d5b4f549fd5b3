-- Of every levering that stands: how many core fields its rows have filled, on how many rows the door found a value it
-- does not know, and how many rows contradict themselves or another row. A row counts once, however many rules hit it.
-- Core fields are those the figures need: of an allocation the month of birth, product (or budget), volume (or budget),
-- referrer, and a date to measure lateness by; of a claim volume, tariff (unit 83 has none) and the answer of the gemeente.
with regels as (
    select
        regel_code,
        deur = 'contract' as is_geldigheid,
        deur in ('regels', 'bouw') and bericht <> 'alle' and (marts is distinct from ['kwaliteit.tijdigheid']) as is_consistentie
    from {{ ref('stg_ref_regels') }}
    where ernst = 'SIGNAAL'
),

rijen as not materialized (
    select
        levering_nr,
        rij,
        signalen,
        5 as n_velden,
        cast(leeftijdsmaand is not null as integer)
        + cast(coalesce(productcode, cast(budget_cent as varchar)) is not null as integer)
        + cast(coalesce(cast(volume as double), budget_cent) is not null as integer)
        + cast(verwijzer_type is not null as integer)
        + cast(coalesce(datum_ontvangst_verzoek, besluitdatum, startdatum_levering) is not null as integer) as n_gevuld
    from {{ ref('stg_toewijzingen') }}

    union all

    select
        levering_nr,
        rij,
        signalen,
        3,
        cast(geleverd_volume is not null as integer)
        + cast(producttarief_cent is not null or eenheid = '83' as integer)
        + cast(status is not null as integer)
    from {{ ref('stg_declaraties') }}
),

-- the rows of a levering differ in little of this: counted before anything is looked up
soorten as (
    select levering_nr, signalen, n_velden, n_gevuld, count(*) as n
    from rijen
    group by all
),

combinaties as (
    select
        signalen,
        bool_or(regels.is_geldigheid) as is_geldigheid,
        bool_or(regels.is_consistentie) as is_consistentie
    from (
        select signalen, unnest(string_split(signalen, '|')) as regel_code
        from (select distinct signalen from soorten) as verschillend
    ) as codes
    inner join regels using (regel_code)
    group by signalen
),

per_levering as (
    select
        soorten.levering_nr,
        sum(soorten.n) as n_rijen,
        sum(soorten.n * soorten.n_velden) as n_kernvelden,
        sum(soorten.n * soorten.n_gevuld) as n_kernvelden_gevuld,
        coalesce(sum(soorten.n) filter (where combinaties.is_geldigheid), 0) as n_rijen_ongeldig
    from soorten
    left join combinaties using (signalen)
    group by soorten.levering_nr
),

leveringen as (
    select levering_nr, levering_id
    from {{ ref('stg_leveringen') }}
),

tegenstrijdig as (
    select leveringen.levering_id, rijen.rij
    from rijen
    semi join (
        select signalen
        from combinaties
        where is_consistentie
    ) as tegenstrijdig using (signalen)
    inner join leveringen using (levering_nr)

    union

    select bevindingen.levering_id, bevindingen.rij
    from {{ ref('int_bevindingen_rij') }} as bevindingen
    inner join regels using (regel_code)
    where regels.is_consistentie and bevindingen.rij is not null
),

tegenstrijdig_per_levering as (
    select levering_id, count(*) as n_rijen_tegenstrijdig
    from tegenstrijdig
    group by levering_id
)

select
    leveringen.levering_id,
    cast(per_levering.n_rijen as bigint) as n_rijen,
    cast(per_levering.n_kernvelden as bigint) as n_kernvelden,
    cast(per_levering.n_kernvelden_gevuld as bigint) as n_kernvelden_gevuld,
    cast(per_levering.n_rijen_ongeldig as bigint) as n_rijen_ongeldig,
    cast(coalesce(tegenstrijdig.n_rijen_tegenstrijdig, 0) as bigint) as n_rijen_tegenstrijdig
from per_levering
inner join leveringen using (levering_nr)
left join tegenstrijdig_per_levering as tegenstrijdig using (levering_id)
