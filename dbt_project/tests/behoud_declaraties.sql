-- Rows and cents of declaraties through every layer, from receipts to marts: accepted = counted + under reserve, to the
-- cent. One row per step that does not add up.
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
    anti join {{ ref('int_declaratie_regels') }} as regels on rijen.rij_nr = regels.rij_nr
),

regels as (
    select
        count(*) as rijen,
        coalesce(sum(ingediend_bedrag_cent), 0) as cent,
        coalesce(sum(netto_cent), 0) as netto_cent,
        count(*) filter (where telt_mee) as rijen_geteld,
        count(*) filter (where telt_mee and houdt_bedrag) as rijen_voorbehoud,
        coalesce(sum(ingediend_bedrag_cent) filter (telt_mee and not houdt_bedrag and debet_credit = 'D'), 0)
            as gedeclareerd_cent,
        coalesce(sum(ingediend_bedrag_cent) filter (telt_mee and not houdt_bedrag and debet_credit = 'C'), 0)
            as gecrediteerd_cent,
        coalesce(sum(netto_cent) filter (houdt_bedrag), 0) as voorbehoud_cent,
        coalesce(sum(netto_cent) filter (not telt_mee), 0) as niet_geteld_cent
    from {{ ref('fct_declaratieregels') }}
),

zorgmaanden as (
    select
        count(*) filter (where is_eerste_maand) as rijen,
        coalesce(sum(gedeclareerd_cent), 0) as gedeclareerd_cent,
        coalesce(sum(gecrediteerd_cent), 0) as gecrediteerd_cent,
        coalesce(sum(netto_cent), 0) as netto_cent,
        count(*) filter (where is_eerste_maand and houdt_bedrag) as rijen_voorbehoud,
        coalesce(sum(voorbehoud_cent), 0) as voorbehoud_cent
    from {{ ref('fct_kosten_zorgmaand') }}
),

-- The regio apart from the gemeenten, and totaal apart from the segments: each must hold everything.
kosten as (
    select
        delen.is_regio,
        coalesce(sum(mart.n_regels), 0) as rijen,
        coalesce(sum(mart.gedeclareerd_eur), 0) * 100 as gedeclareerd_cent,
        coalesce(sum(mart.gecrediteerd_eur), 0) * 100 as gecrediteerd_cent,
        coalesce(sum(mart.netto_eur), 0) * 100 as netto_cent,
        coalesce(sum(mart.n_voorbehoud), 0) as rijen_voorbehoud,
        coalesce(sum(mart.voorbehoud_eur), 0) * 100 as voorbehoud_cent
    from (values (true), (false)) as delen (is_regio)
    left join {{ ref('kosten_zorgmaand') }} as mart on (mart.gebied_code = 'REGIO') = delen.is_regio
    group by delen.is_regio
),

naijling as (
    select
        delen.is_regio,
        delen.is_totaal,
        coalesce(sum(mart.netto_eur), 0) * 100 as netto_cent,
        coalesce(sum(mart.voorbehoud_eur), 0) * 100 as voorbehoud_cent
    from (values (true, true), (true, false), (false, true), (false, false)) as delen (is_regio, is_totaal)
    left join {{ ref('naijling') }} as mart
        on (mart.gebied_code = 'REGIO') = delen.is_regio and (mart.segment = 'totaal') = delen.is_totaal
    group by delen.is_regio, delen.is_totaal
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
        coalesce(sum(niet_geteld_eur), 0) * 100 as niet_geteld_cent,
        coalesce(sum(voorbehoud_eur), 0) * 100 as voorbehoud_cent
    from {{ ref('aansluiting') }}
),

stappen as (
    select 'rijen: ontvangstbewijs = geladen' as stap, ontvangen.rijen as links, geladen.rijen as rechts
    from ontvangen cross join geladen
    union all
    select 'cent: ontvangstbewijs = geladen' as stap, ontvangen.cent as links, geladen.cent as rechts
    from ontvangen cross join geladen
    union all
    select 'rijen: geladen = voorkomens van verschillende rijen' as stap, geladen.rijen as links, verschillend.voorkomens as rechts
    from geladen cross join verschillend
    union all
    select 'cent: geladen = voorkomens van verschillende rijen' as stap, geladen.cent as links, verschillend.cent_voorkomens as rechts
    from geladen cross join verschillend
    union all
    select 'rijen: verschillend = nieuwste + vervangen' as stap, verschillend.rijen as links, regels.rijen + vervangen.rijen as rechts
    from verschillend cross join regels cross join vervangen
    union all
    select 'cent: verschillend = nieuwste + vervangen' as stap, verschillend.cent as links, regels.cent + vervangen.cent as rechts
    from verschillend cross join regels cross join vervangen
    union all
    select 'regels: geteld = eerste maanden' as stap, regels.rijen_geteld as links, zorgmaanden.rijen as rechts
    from regels cross join zorgmaanden
    union all
    select 'cent: gedeclareerd = naar zorgmaand' as stap, regels.gedeclareerd_cent as links, zorgmaanden.gedeclareerd_cent as rechts
    from regels cross join zorgmaanden
    union all
    select 'cent: gecrediteerd = naar zorgmaand' as stap, regels.gecrediteerd_cent as links, zorgmaanden.gecrediteerd_cent as rechts
    from regels cross join zorgmaanden
    union all
    select 'regels: zorgmaand = mart' as stap, zorgmaanden.rijen as links, kosten.rijen as rechts
    from zorgmaanden cross join kosten
    union all
    select 'cent: gedeclareerd zorgmaand = mart' as stap, zorgmaanden.gedeclareerd_cent as links, kosten.gedeclareerd_cent as rechts
    from zorgmaanden cross join kosten
    union all
    select 'cent: gecrediteerd zorgmaand = mart' as stap, zorgmaanden.gecrediteerd_cent as links, kosten.gecrediteerd_cent as rechts
    from zorgmaanden cross join kosten
    union all
    select 'cent: netto zorgmaand = mart' as stap, zorgmaanden.netto_cent as links, kosten.netto_cent as rechts
    from zorgmaanden cross join kosten
    union all
    select 'cent: zorgmaand = naijling' as stap, zorgmaanden.netto_cent as links, naijling.netto_cent as rechts
    from zorgmaanden cross join naijling
    union all
    select 'cent: zorgmaand = naijling opgeteld' as stap, zorgmaanden.netto_cent as links, coalesce(naijling_eind.cumulatief_cent, 0) as rechts
    from zorgmaanden cross join naijling_eind
    union all
    select 'regels: alle = aansluiting' as stap, regels.rijen as links, aansluiting.rijen as rechts
    from regels cross join aansluiting
    union all
    select 'cent: alle = aansluiting' as stap, regels.netto_cent as links, aansluiting.netto_cent as rechts
    from regels cross join aansluiting
    union all
    select 'cent: niet geteld = aansluiting' as stap, regels.niet_geteld_cent as links, aansluiting.niet_geteld_cent as rechts
    from regels cross join aansluiting
    union all
    select
        'cent: aansluiting min niet geteld = kosten + voorbehoud' as stap,
        aansluiting.netto_cent - aansluiting.niet_geteld_cent as links,
        zorgmaanden.netto_cent + zorgmaanden.voorbehoud_cent as rechts
    from aansluiting cross join zorgmaanden
    union all
    select 'cent: regels onder voorbehoud = aansluiting' as stap, regels.voorbehoud_cent as links, aansluiting.voorbehoud_cent as rechts
    from regels cross join aansluiting
    union all
    select 'regels: onder voorbehoud = naar zorgmaand' as stap, regels.rijen_voorbehoud as links, zorgmaanden.rijen_voorbehoud as rechts
    from regels cross join zorgmaanden
    union all
    select 'cent: onder voorbehoud = naar zorgmaand' as stap, regels.voorbehoud_cent as links, zorgmaanden.voorbehoud_cent as rechts
    from regels cross join zorgmaanden
    union all
    select 'regels: voorbehoud zorgmaand = mart' as stap, zorgmaanden.rijen_voorbehoud as links, kosten.rijen_voorbehoud as rechts
    from zorgmaanden cross join kosten
    union all
    select 'cent: voorbehoud zorgmaand = mart' as stap, zorgmaanden.voorbehoud_cent as links, kosten.voorbehoud_cent as rechts
    from zorgmaanden cross join kosten
    union all
    select 'cent: voorbehoud zorgmaand = naijling' as stap, zorgmaanden.voorbehoud_cent as links, naijling.voorbehoud_cent as rechts
    from zorgmaanden cross join naijling
)

select *
from stappen
where links is distinct from rechts
