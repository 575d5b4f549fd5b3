-- Build-time rules on the first version of an allocation (SPEC 4, lateness and retroactivity). One column per rule:
-- true = finding, false = checked and in order, NULL = not measurable.
select
    levering_nr,
    rij,
    -- T23: issued after the care began
    case when reden_wijziging is null then is_terugwerkend end as "T23",
    -- T24: late against the request, or care delivered before
    case when meetwijze in ('verzoek', 'levering') then is_te_laat end as "T24",
    -- T25: late against the gemeente's own decision; off unless the region set a term
    case when meetwijze = 'besluit' then is_te_laat end as "T25"
from {{ ref('fct_toewijzing_eerste') }}
