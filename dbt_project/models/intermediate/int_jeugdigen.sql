-- One row per youth: a number to count with (short keys make windows fast), and the month that decides about age.
-- Gemeenten may disagree about that month; then the newest version counts.
with jeugdigen as (
    select
        pseudoniem,
        arg_max(leeftijdsmaand, (toewijzingsdatum, versietijd, leeftijdsmaand))
            filter (where leeftijdsmaand is not null) as leeftijdsmaand
    from {{ ref('int_toewijzing_versies') }}
    group by pseudoniem
)

select
    cast(row_number() over (order by pseudoniem) as integer) as jeugdige_nr,
    pseudoniem,
    leeftijdsmaand,
    {{ maandnr('leeftijdsmaand') }} as leeftijdsmaandnr
from jeugdigen
