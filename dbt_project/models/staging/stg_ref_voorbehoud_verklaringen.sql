-- Explanations of what a rule holds back, given by the peilmoment. Each speaks about so many rows of so much money.
select
    verklaringen.gemeente,
    verklaringen.bericht,
    cast(verklaringen.maand || '-01' as date) as maand,
    verklaringen.regel as regel_code,
    verklaringen.aanbieder_agb,
    cast(verklaringen.n_rijen as bigint) as n_rijen,
    cast(verklaringen.bedrag_cent as bigint) as bedrag_cent,
    verklaringen.verklaring,
    cast(verklaringen.op as date) as verklaard_op
from {{ ref('ref_verklaringen') }} as verklaringen
inner join {{ ref('stg_ref_regels') }} as regels on verklaringen.regel = regels.regel_code
where
    regels.gevolg = 'voorbehoud'
    and verklaringen.bericht is not null
    and verklaringen.n_rijen is not null
    and verklaringen.bedrag_cent is not null
    and cast(verklaringen.op as date) <= cast('{{ var("peildatum") }}' as date)
