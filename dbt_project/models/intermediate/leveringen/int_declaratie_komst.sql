-- Claims by the leveringsmaand in which they first came in and the month in which the claimed period begins: at their newest
-- amount, what is under reserve left out. What was corrected since makes no levering a large one.
select
    kern.gemeente,
    kern.eerste_leveringsmaand as maand,
    {{ eerste_van_maand('kern.productperiode_begin') }} as zorgmaand,
    sum(kern.ingediend_bedrag_cent) as bedrag_cent
from {{ ref('int_declaratie_kern') }} as kern
left join {{ ref('int_voorbehoud_regels') }} as voorbehoud using (regel_nr)
where kern.telt_mee and coalesce(voorbehoud.houdt_bedrag, false) = false
group by all
