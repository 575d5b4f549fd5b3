-- Parts of the cost of the regio per public year of which the public is told the share (or a target is on): whether the
-- part may be shown (rule 4: ten youths, p-percent over youths; of providers at least three and p-percent over them, in
-- the part and in what is left of the whole). Largest providers are those per segment of its own, as the indicator has it.
with jaarmaanden as (
    select perioden.periode, maanden.maand
    from {{ ref('int_openbare_perioden') }} as perioden
    inner join {{ ref('dim_maanden') }} as maanden on maanden.maand between perioden.eerste_maand and perioden.slotmaand
    where perioden.periode_soort = 'jaar'
),

regels as materialized (
    select
        jaarmaanden.periode,
        kosten.segment as eigen_segment,
        kosten.aanbieder_agb,
        kosten.jeugdige_nr,
        coalesce(aanbieders.is_strategisch_partner, false) as is_partner,
        not coalesce(aanbieders.is_gecontracteerd, false) as is_zonder_contract,
        kosten.is_ambulant_alternatief as is_alternatief,
        cast(sum(kosten.netto_cent) as bigint) as netto_cent
    from {{ ref('fct_kosten_zorgmaand') }} as kosten
    inner join jaarmaanden on kosten.zorgmaand = jaarmaanden.maand
    left join {{ ref('int_aanbieder_maanden') }} as aanbieders
        on kosten.aanbieder_agb = aanbieders.aanbieder_agb
        and kosten.segment = aanbieders.segment
        and kosten.zorgmaand = aanbieders.maand
    group by all
),

per_segment as (
    select * replace (unnest([eigen_segment, 'totaal']) as eigen_segment)
    from regels
),

top10 as (
    select periode, segment as eigen_segment, aanbieder_agb
    from {{ ref('int_kosten_aanbieders') }}
    where periode_soort = 'jaar' and gebied_code = 'REGIO'
    qualify row_number() over (partition by periode, segment order by netto_cent desc, aanbieder_agb asc) <= 10
),

top_jeugdigen as (
    select
        periode,
        jeugdige_nr,
        row_number() over (partition by periode order by sum(netto_cent) desc, jeugdige_nr) as plaats,
        count(*) over (partition by periode) as n_jeugdigen
    from regels
    group by periode, jeugdige_nr
),

per_regel as materialized (
    select
        regels.periode,
        {{ openbaar_segment('regels.eigen_segment') }} as segment,
        regels.aanbieder_agb,
        regels.jeugdige_nr,
        regels.netto_cent,
        case when regels.is_partner then regels.netto_cent end as partner_cent,
        case when regels.is_zonder_contract then regels.netto_cent end as zonder_contract_cent,
        case when top10.aanbieder_agb is not null then regels.netto_cent end as top10_cent,
        case when top_jeugdigen.plaats <= (top_jeugdigen.n_jeugdigen + 99) // 100 then regels.netto_cent end as top1_cent,
        case when top_jeugdigen.plaats <= (top_jeugdigen.n_jeugdigen * 15 + 99) // 100 then regels.netto_cent end as top15_cent,
        case when regels.is_alternatief then regels.netto_cent end as alternatief_cent
    from per_segment as regels
    left join top10 using (periode, eigen_segment, aanbieder_agb)
    left join top_jeugdigen using (periode, jeugdige_nr)
),

som_per_jeugdige as (
    select
        periode,
        segment,
        jeugdige_nr,
        cast(sum(partner_cent) as bigint) as partner_cent,
        cast(sum(zonder_contract_cent) as bigint) as zonder_contract_cent,
        cast(sum(top10_cent) as bigint) as top10_cent,
        cast(sum(top1_cent) as bigint) as top1_cent,
        cast(sum(top15_cent) as bigint) as top15_cent,
        cast(sum(alternatief_cent) as bigint) as alternatief_cent
    from per_regel
    group by all
),

per_jeugdige as (
    select
        periode,
        segment,
        unnest([
            'aandeel_strategische_partners', 'aandeel_niet_gecontracteerd', 'marktaandeel_top10',
            'aandeel_duurste_1pct', 'aandeel_duurste_15pct', 'alternatief'
        ]) as deel,
        unnest([partner_cent, zonder_contract_cent, top10_cent, top1_cent, top15_cent, alternatief_cent]) as deel_cent
    from som_per_jeugdige
),

jeugdigen as (
    select
        periode,
        segment,
        deel,
        cast(sum(deel_cent) as bigint) as deel_cent,
        count(*) as n_jeugdigen,
        count(*) >= 10 and {{ p_procent('deel_cent') }} as voldoet
    from per_jeugdige
    where deel_cent is not null
    group by all
),

-- what a provider has in the part, and outside it
som_per_aanbieder as (
    select
        periode,
        segment,
        aanbieder_agb,
        sum(partner_cent) as partner_cent,
        sum(netto_cent) filter (where partner_cent is null) as buiten_partner_cent,
        sum(zonder_contract_cent) as zonder_contract_cent,
        sum(netto_cent) filter (where zonder_contract_cent is null) as met_contract_cent,
        sum(top10_cent) as top10_cent,
        sum(netto_cent) filter (where top10_cent is null) as buiten_top10_cent
    from per_regel
    group by all
),

per_aanbieder as (
    select
        periode,
        segment,
        unnest([
            'aandeel_strategische_partners', 'aandeel_strategische_partners', 'aandeel_niet_gecontracteerd',
            'aandeel_niet_gecontracteerd', 'marktaandeel_top10', 'marktaandeel_top10'
        ]) as deel,
        unnest([true, false, true, false, true, false]) as is_deel,
        unnest([
            partner_cent, buiten_partner_cent, zonder_contract_cent, met_contract_cent, top10_cent, buiten_top10_cent
        ]) as cent
    from som_per_aanbieder
),

kanten as (
    select periode, segment, deel, is_deel, count(*) >= 3 and {{ p_procent('cent') }} as voldoet
    from per_aanbieder
    where cent is not null
    group by all
),

aanbieders as (
    select periode, segment, deel, count(*) = 2 and bool_and(voldoet) as voldoet
    from kanten
    group by all
)

select
    jeugdigen.periode,
    jeugdigen.segment,
    jeugdigen.deel,
    jeugdigen.deel_cent,
    jeugdigen.n_jeugdigen,
    jeugdigen.voldoet and coalesce(aanbieders.voldoet, true) as mag_openbaar
from jeugdigen
left join aanbieders using (periode, segment, deel)
