select
    code as verwijzer_type,
    label_ijw as naam,
    kpi_groep as verwijzer_groep,
    is_gi = 'ja' as is_gi,
    -- number of the group, short to keep beside a million claims; 0 is onbekend
    case
        when coalesce(kpi_groep, 'onbekend') = 'onbekend' then 0
        else cast(dense_rank() over (order by kpi_groep) as integer)
    end as verwijzer_nr
from {{ ref('ref_codes_verwijzer') }}
