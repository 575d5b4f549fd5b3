-- Claim lines under reserve now: what a rule found and nobody explained. Which part of a line stays out of the figures,
-- and the readings of it. Its own amount is no reading where it is a plain factor off: that is a mistake.
select
    regel_nr,
    regel_code,
    not alleen_volume as houdt_bedrag,
    volume_af as houdt_volume,
    case when not alleen_volume then hersteld_cent end as hersteld_cent,
    not coalesce(
        list_bool_or(list_transform(
            [0.001, 0.01, 1.0 / 60, 0.1, 10, 60, 100, 1000],
            lambda factor: verhouding between factor * 0.9 and factor * 1.1
        )),
        false
    ) as telt_eigen_bedrag
from {{ ref('int_voorbehoud_bevindingen') }}
where not is_verklaard
