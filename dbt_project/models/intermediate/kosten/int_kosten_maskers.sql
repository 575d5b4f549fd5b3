-- Who is behind the cost: per gemeente, segment, youth and provider the published periods with a line that counts, as the
-- bits of a number (macro periodebits), for all lines and for the lines that some indicators look at only. Cost per youth
-- is over youths with an amount that counts (masker_zin).
with regels as (
    select gemeente, segment, jeugdige_nr, aanbieder_agb, is_zin, houdt_bedrag, zorgmaand as maand
    from {{ ref('fct_kosten_zorgmaand') }}
)

select
    regels.gemeente,
    regels.segment,
    regels.jeugdige_nr,
    regels.aanbieder_agb,
    maanden.groep,
    bit_or(maanden.masker) as masker,
    bit_or(maanden.masker) filter (where regels.is_zin and regels.houdt_bedrag is not true) as masker_zin,
    bit_or(maanden.masker) filter (where aanbieders.is_strategisch_partner) as masker_partner,
    bit_or(maanden.masker) filter (where not coalesce(aanbieders.is_gecontracteerd, false)) as masker_zonder_contract
from regels
inner join {{ maandmaskers() }} as maanden on regels.maand = maanden.maand
left join {{ ref('int_aanbieder_maanden') }} as aanbieders
    on regels.aanbieder_agb = aanbieders.aanbieder_agb
    and regels.segment = aanbieders.segment
    and regels.maand = aanbieders.maand
group by regels.gemeente, regels.segment, regels.jeugdige_nr, regels.aanbieder_agb, maanden.groep
