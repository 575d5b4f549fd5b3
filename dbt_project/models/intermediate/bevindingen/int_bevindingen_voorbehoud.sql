-- Build-time rules on claim lines that hold back what they find (gevolg = voorbehoud). One column per rule: true = finding,
-- false = checked and in order, NULL = not checked. A credit stands under the rule of its debit.
select
    toets.regel_nr,
    toets.levering_nr,
    toets.rij,
    -- D36: amount / volume more than a factor off the contract price (D09, at the door too, from its own factor on)
    case when toets.is_prijs_te_toetsen then coalesce(bevindingen.regel_code = 'D36', false) end as "D36",
    -- D37: many times the usual volume of a line, or far too little of it for a usual amount
    case when toets.is_volume_te_toetsen then coalesce(bevindingen.regel_code = 'D37', false) end as "D37",
    -- D38: many times the usual amount, without a price to compare
    case when toets.is_bedrag_te_toetsen then coalesce(bevindingen.regel_code = 'D38', false) end as "D38"
from {{ ref('int_voorbehoud_toets') }} as toets
left join {{ ref('int_voorbehoud_bevindingen') }} as bevindingen using (regel_nr)
