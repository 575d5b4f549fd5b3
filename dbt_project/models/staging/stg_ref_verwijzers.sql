select
    code as verwijzer_type,
    label_ijw as naam,
    kpi_groep as verwijzer_groep
from {{ ref('ref_codes_verwijzer') }}
