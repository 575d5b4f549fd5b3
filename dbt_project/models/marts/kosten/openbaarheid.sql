-- Which public amounts pass rule 4, so that who reads the internal tables can see why the public one is empty.
select
    '{{ var("publicatie_id") }}' as publicatie_id,
    periode_soort,
    periode,
    gebied_code,
    segment,
    n_jeugdigen,
    mag_openbaar
from {{ ref('fct_openbare_kosten') }}
