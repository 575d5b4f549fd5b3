-- Cost per youth and per inhabitant, and shares of cost: of the most expensive youths, of the largest providers, of
-- strategic partners and of providers without a contract. The last two need the region's list of providers: as long as
-- nobody on it of that kind has a claim there is no figure at all. A share of amounts among which credits prevail, so
-- that it falls outside 0-1, is no share: waarde is empty then.
with aanbieders as (
    select
        *,
        row_number() over (
            partition by periode_soort, periode, gebied_code, segment order by netto_cent desc, aanbieder_agb asc
        ) <= 10 as is_top10
    from {{ ref('int_kosten_aanbieders') }}
),

bedragen as (
    select
        periode_soort,
        periode,
        gebied_code,
        segment,
        sum(netto_cent) as netto_cent,
        sum(zin_cent) as zin_cent,
        sum(partner_cent) as partner_cent,
        sum(zonder_contract_cent) as zonder_contract_cent,
        sum(netto_cent) filter (where is_top10) as top10_cent
    from aanbieders
    group by periode_soort, periode, gebied_code, segment
),

-- the periods in which a provider is among the ten
top10_maskers as (
    select
        aanbieders.gebied_code,
        aanbieders.segment,
        aanbieders.aanbieder_agb,
        perioden.groep,
        bit_or(cast(1 as ubigint) << perioden.plek) as masker
    from aanbieders
    inner join {{ periodebits() }} as perioden using (periode_soort, periode)
    where aanbieders.is_top10
    group by all
),

per_gebied as (
    select
        *,
        unnest([segment, 'totaal']) as kostensegment
    from (select *, unnest([gemeente, 'REGIO']) as gebied_code from {{ ref('int_kosten_maskers') }}) as per_gemeente
),

per_jeugdige as (
    select
        per_gebied.gebied_code,
        per_gebied.kostensegment as segment,
        per_gebied.groep,
        bit_or(per_gebied.masker) as alle,
        bit_or(per_gebied.masker_zin) as zin,
        bit_or(per_gebied.masker_partner) as partner,
        bit_or(per_gebied.masker_zonder_contract) as zonder_contract,
        bit_or(per_gebied.masker & top10_maskers.masker) as top10
    from per_gebied
    left join top10_maskers
        on per_gebied.gebied_code = top10_maskers.gebied_code
        and per_gebied.kostensegment = top10_maskers.segment
        and per_gebied.aanbieder_agb = top10_maskers.aanbieder_agb
        and per_gebied.groep = top10_maskers.groep
    group by per_gebied.jeugdige_nr, per_gebied.gebied_code, per_gebied.kostensegment, per_gebied.groep
),

maskers as (
    select
        gebied_code,
        segment,
        groep,
        unnest(['alle', 'zin', 'partner', 'zonder_contract', 'top10']) as telling,
        unnest([alle, zin, partner, zonder_contract, top10]) as masker
    from per_jeugdige
),

jeugdigen as (
    select * from {{ tel_maskers('maskers', ['gebied_code', 'segment', 'telling'], ['jaar', '12m']) }}
),

op_de_lijst as (
    select
        coalesce(bool_or(aanbieders.is_strategisch_partner), false) as heeft_partners,
        coalesce(bool_or(aanbieders.is_gecontracteerd), false) as heeft_contracten
    from {{ ref('int_aanbieder_maanden') }} as aanbieders
    semi join {{ ref('int_kosten_aanbieders') }} as kosten on aanbieders.aanbieder_agb = kosten.aanbieder_agb
),

cijfers as (
    select
        raster.indicator_id,
        raster.periode_soort,
        raster.periode,
        raster.gebied_code,
        raster.segment,
        coalesce(
            case indicatoren.telling
                when 'zin' then bedragen.zin_cent
                when 'alle' then bedragen.netto_cent
                when 'top1pct' then spreiding.top1pct_cent
                when 'top15pct' then spreiding.top15pct_cent
                when 'partner' then bedragen.partner_cent
                when 'zonder_contract' then bedragen.zonder_contract_cent
                when 'top10' then bedragen.top10_cent
            end, 0
        ) as teller_cent,
        case indicatoren.noemer_soort
            when 'jeugdigen_met_kosten' then coalesce(jeugdigen.n_jeugdigen, 0)
            when 'inwoners' then inwoners.inwoners_0_17
        end as noemer_aantal,
        coalesce(bedragen.netto_cent, 0) as netto_cent,
        coalesce(
            case indicatoren.telling
                when 'top1pct' then spreiding.n_top1pct
                when 'top15pct' then spreiding.n_top15pct
                else jeugdigen.n_jeugdigen
            end, 0
        ) as n_jeugdigen
    from {{ ref('int_raster') }} as raster
    inner join {{ getelde_indicatoren(['kosten']) }} as indicatoren using (indicator_id)
    cross join op_de_lijst
    left join bedragen using (periode_soort, periode, gebied_code, segment)
    left join {{ ref('int_kosten_spreiding') }} as spreiding using (periode_soort, periode, gebied_code)
    left join jeugdigen using (periode_soort, periode, gebied_code, segment, telling)
    left join {{ ref('int_inwoners') }} as inwoners
        on raster.gebied_code = inwoners.gebied_code and year(raster.periode) = inwoners.jaar
    where
        (indicatoren.telling <> 'partner' or op_de_lijst.heeft_partners)
        and (indicatoren.telling <> 'zonder_contract' or op_de_lijst.heeft_contracten)
)

select
    indicator_id,
    periode_soort,
    periode,
    gebied_code,
    segment,
    {{ euro('teller_cent') }} as teller,
    case
        when noemer_aantal is null then {{ euro('netto_cent') }}
        else cast(noemer_aantal as decimal(18, 2))
    end as noemer,
    cast(
        case
            when noemer_aantal is not null then (teller_cent / nullif(noemer_aantal, 0)) / 100
            when teller_cent between 0 and netto_cent then teller_cent / nullif(netto_cent, 0)
        end as double
    ) as waarde,
    cast(n_jeugdigen as bigint) as n_jeugdigen,
    'declaraties' as dekking_bericht
from cijfers
