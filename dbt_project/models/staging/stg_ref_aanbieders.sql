select
    aanbieder_agb,
    naam,
    soort,
    segment,
    cast(geldig_van as date) as geldig_van,
    cast(geldig_tot as date) as geldig_tot
from {{ ref('ref_aanbieders') }}
