select
    productcode,
    gemeente,
    cast(geldig_van as date) as geldig_van,
    cast(geldig_tot as date) as geldig_tot,
    productcategorie,
    omschrijving,
    segment,
    cbs_hulpvorm,
    eenheid,
    coalesce(met_verblijf = 'ja', false) as met_verblijf,
    coalesce(behandeling = 'ja', false) as behandeling,
    coalesce(crisis = 'ja', false) as is_crisis,
    coalesce(ambulant_alternatief = 'ja', false) as is_ambulant_alternatief,
    cast(tarief_cent as bigint) as tarief_cent
from {{ ref('ref_productcodes') }}
