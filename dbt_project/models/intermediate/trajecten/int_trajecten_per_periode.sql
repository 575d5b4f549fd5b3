-- Numbers of trajecten per published period; a period without any has no row.
select
    per_maand.telling,
    perioden.periode_soort,
    perioden.periode,
    per_maand.gebied_code,
    per_maand.segment,
    cast(sum(per_maand.n_trajecten) as bigint) as n_trajecten,
    cast(sum(per_maand.som_dagen) as bigint) as som_dagen
from {{ ref('int_trajecten_per_maand') }} as per_maand
inner join {{ ref('int_perioden') }} as perioden
    on per_maand.maandnr between perioden.eerste_maandnr and perioden.laatste_maandnr
group by all
