select
    doel_id,
    naam,
    indicator_id,
    segment,
    uitsluiting,
    cast(jaarlijkse_verandering as double) as jaarlijkse_verandering,
    cast(basisjaar as integer) as basisjaar,
    cast(eerste_jaar as integer) as eerste_jaar,
    cast(laatste_jaar as integer) as laatste_jaar,
    cast(beoogde_besparing_eur_per_jaar as decimal(18, 2)) as beoogde_besparing_eur_per_jaar,
    bron
from {{ ref('ref_streefwaarden') }}
