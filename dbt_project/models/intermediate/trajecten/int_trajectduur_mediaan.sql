-- Median duration of the trajecten that ended in a year or twelve months, interpolated.
select
    perioden.periode_soort,
    perioden.periode,
    gebeurtenissen.gebied_code,
    gebeurtenissen.segment,
    quantile_cont(gebeurtenissen.duur_dagen, 0.5) as mediaan_dagen
from {{ ref('int_traject_gebeurtenissen') }} as gebeurtenissen
inner join {{ ref('int_perioden') }} as perioden
    on gebeurtenissen.maandnr between perioden.eerste_maandnr and perioden.laatste_maandnr
where gebeurtenissen.telling = 'beeindigd' and perioden.periode_soort in ('jaar', '12m')
group by all
