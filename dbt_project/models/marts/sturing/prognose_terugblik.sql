-- What the same forecast would have said before, with what was known then, and what it became. Months since then that were
-- not delivered are left out.
select
    '{{ var("publicatie_id") }}' as publicatie_id,
    gebied_code,
    segment,
    peilmaand,
    maand,
    cast(vooruit as integer) as maanden_vooruit,
    cast(stand_nu as bigint) as stand_nu,
    cast(stand_verwacht as decimal(18, 2)) as stand_verwacht,
    cast(ondergrens as bigint) as ondergrens,
    cast(bovengrens as bigint) as bovengrens,
    cast(stand_werkelijk as bigint) as stand_werkelijk,
    cast(stand_verwacht as decimal(18, 2)) - cast(stand_werkelijk as decimal(18, 2)) as afwijking,
    stand_werkelijk between ondergrens and bovengrens as is_binnen_grenzen
from {{ ref('int_prognose') }}
where is_voorspeld and stand_werkelijk is not null
