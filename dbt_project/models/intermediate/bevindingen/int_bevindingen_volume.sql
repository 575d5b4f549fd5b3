-- Build-time rule on volumes of allocations that holds back what it finds (gevolg = voorbehoud): true = finding, false =
-- checked and in order, NULL = not checked.
select
    levering_nr,
    rij,
    -- T33: many times the usual volume of the product
    case when is_te_toetsen then kan_niet end as "T33"
from {{ ref('int_voorbehoud_toewijzingen') }}
