-- One row per youth: a number to count with (short keys make windows fast), and the month that decides about age.
-- Gemeenten may disagree about that month; then the newest version counts.
-- Claims carry no age: a youth known from claims alone has none.
with met_leeftijd as (
    select
        pseudoniem,
        arg_max(leeftijdsmaand, (toewijzingsdatum, versietijd, leeftijdsmaand))
            filter (where leeftijdsmaand is not null) as leeftijdsmaand
    from {{ ref('int_toewijzing_versies') }}
    group by pseudoniem
),

jeugdigen as (
    select pseudoniem, leeftijdsmaand
    from met_leeftijd
    full join (select distinct pseudoniem from {{ ref('stg_declaraties') }}) using (pseudoniem)
)

select
    cast(row_number() over (order by pseudoniem) as integer) as jeugdige_nr,
    pseudoniem,
    leeftijdsmaand,
    {{ maandnr('leeftijdsmaand') }} as leeftijdsmaandnr
from jeugdigen
