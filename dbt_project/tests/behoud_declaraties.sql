-- Rows and cents of declaraties through every layer, from receipts to marts. One row per step that does not add up.
with ontvangen as (
    select coalesce(sum(rijen_geaccepteerd), 0) as rijen, coalesce(sum(bedrag_geaccepteerd_cent), 0) as cent
    from {{ ref('stg_leveringen') }}
    where is_geldend and bericht = 'declaraties'
),

geladen as (
    select count(*) as rijen, coalesce(sum(ingediend_bedrag_cent), 0) as cent
    from {{ ref('stg_declaraties') }}
),

verschillend as (
    select
        count(*) as rijen,
        coalesce(sum(ingediend_bedrag_cent), 0) as cent,
        coalesce(sum(n_voorkomens), 0) as voorkomens,
        coalesce(sum(n_voorkomens * ingediend_bedrag_cent), 0) as cent_voorkomens
    from {{ ref('int_declaratie_rijen') }}
),

vervangen as (
    select count(*) as rijen, coalesce(sum(rijen.ingediend_bedrag_cent), 0) as cent
    from {{ ref('int_declaratie_rijen') }} as rijen
    anti join {{ ref('int_declaratie_regels') }} as regels
        on rijen.gemeente = regels.gemeente and rijen.rij_hash = regels.rij_hash
),

regels as (
    select
        count(*) as rijen,
        coalesce(sum(ingediend_bedrag_cent), 0) as cent,
        coalesce(sum(netto_cent), 0) as netto_cent,
        count(*) filter (where telt_mee) as rijen_geteld,
        coalesce(sum(ingediend_bedrag_cent) filter (telt_mee and debet_credit = 'D'), 0) as gedeclareerd_cent,
        coalesce(sum(ingediend_bedrag_cent) filter (telt_mee and debet_credit = 'C'), 0) as gecrediteerd_cent,
        coalesce(sum(netto_cent) filter (not telt_mee), 0) as niet_geteld_cent
    from {{ ref('fct_declaratieregels') }}
),

zorgmaanden as (
    select
        count(*) filter (where is_eerste_maand) as rijen,
        coalesce(sum(gedeclareerd_cent), 0) as gedeclareerd_cent,
        coalesce(sum(gecrediteerd_cent), 0) as gecrediteerd_cent,
        coalesce(sum(netto_cent), 0) as netto_cent
    from {{ ref('fct_kosten_zorgmaand') }}
),

kosten as (
    select
        gebied_code = 'REGIO' as is_regio,
        sum(n_regels) as rijen,
        sum(gedeclareerd_eur) * 100 as gedeclareerd_cent,
        sum(gecrediteerd_eur) * 100 as gecrediteerd_cent,
        sum(netto_eur) * 100 as netto_cent
    from {{ ref('kosten_zorgmaand') }}
    group by is_regio
),

naijling as (
    select gebied_code = 'REGIO' as is_regio, segment = 'totaal' as is_totaal, sum(netto_eur) * 100 as netto_cent
    from {{ ref('naijling') }}
    group by all
),

naijling_eind as (
    select sum(cumulatief_eur) * 100 as cumulatief_cent
    from (
        select cumulatief_eur
        from {{ ref('naijling') }}
        where gebied_code = 'REGIO' and segment = 'totaal'
        qualify row_number() over (partition by zorgmaand order by vertraging_maanden desc) = 1
    )
),

aansluiting as (
    select
        coalesce(sum(met_regels + zonder_regels + buiten_regels), 0) as rijen,
        coalesce(sum(met_eur + zonder_eur + buiten_eur), 0) * 100 as netto_cent,
        coalesce(sum(niet_geteld_eur), 0) * 100 as niet_geteld_cent
    from {{ ref('aansluiting') }}
),

stappen as (
    select 'rijen: ontvangstbewijs = geladen' as stap, ontvangen.rijen as links, geladen.rijen as rechts
    from ontvangen, geladen
    union all
    select 'cent: ontvangstbewijs = geladen', ontvangen.cent, geladen.cent from ontvangen, geladen
    union all
    select 'rijen: geladen = voorkomens van verschillende rijen', geladen.rijen, verschillend.voorkomens
    from geladen, verschillend
    union all
    select 'cent: geladen = voorkomens van verschillende rijen', geladen.cent, verschillend.cent_voorkomens
    from geladen, verschillend
    union all
    select 'rijen: verschillend = nieuwste + vervangen', verschillend.rijen, regels.rijen + vervangen.rijen
    from verschillend, regels, vervangen
    union all
    select 'cent: verschillend = nieuwste + vervangen', verschillend.cent, regels.cent + vervangen.cent
    from verschillend, regels, vervangen
    union all
    select 'regels: geteld = eerste maanden', regels.rijen_geteld, zorgmaanden.rijen from regels, zorgmaanden
    union all
    select 'cent: gedeclareerd = naar zorgmaand', regels.gedeclareerd_cent, zorgmaanden.gedeclareerd_cent
    from regels, zorgmaanden
    union all
    select 'cent: gecrediteerd = naar zorgmaand', regels.gecrediteerd_cent, zorgmaanden.gecrediteerd_cent
    from regels, zorgmaanden
    union all
    select 'regels: zorgmaand = mart, regio ' || kosten.is_regio, zorgmaanden.rijen, kosten.rijen
    from zorgmaanden, kosten
    union all
    select
        'cent: gedeclareerd zorgmaand = mart, regio ' || kosten.is_regio,
        zorgmaanden.gedeclareerd_cent,
        kosten.gedeclareerd_cent
    from zorgmaanden, kosten
    union all
    select
        'cent: gecrediteerd zorgmaand = mart, regio ' || kosten.is_regio,
        zorgmaanden.gecrediteerd_cent,
        kosten.gecrediteerd_cent
    from zorgmaanden, kosten
    union all
    select
        'cent: zorgmaand = naijling, regio ' || naijling.is_regio || ' totaal ' || naijling.is_totaal,
        zorgmaanden.netto_cent,
        naijling.netto_cent
    from zorgmaanden, naijling
    union all
    select 'cent: naijling opgeteld', zorgmaanden.netto_cent, coalesce(naijling_eind.cumulatief_cent, 0)
    from zorgmaanden, naijling_eind
    union all
    select 'regels: alle = aansluiting', regels.rijen, aansluiting.rijen from regels, aansluiting
    union all
    select 'cent: alle = aansluiting', regels.netto_cent, aansluiting.netto_cent from regels, aansluiting
    union all
    select 'cent: aansluiting min niet geteld = kosten', aansluiting.netto_cent - aansluiting.niet_geteld_cent, zorgmaanden.netto_cent
    from aansluiting, zorgmaanden
)

select *
from stappen
where links is distinct from rechts
