-- One row per youth with the month that decides about age; gemeenten may disagree, then the newest version counts.
select
    pseudoniem,
    arg_max(leeftijdsmaand, (toewijzingsdatum, versietijd, leeftijdsmaand)) as leeftijdsmaand
from {{ ref('int_toewijzing_versies') }}
where leeftijdsmaand is not null
group by pseudoniem
