select
    code as productcategorie,
    label_nl as naam,
    met_verblijf,
    cbs_hulpvorm,
    segment_fallback
from {{ ref('ref_codes_productcategorie') }}
