-- Explanations of findings that were given by the peilmoment, the newest per levering and rule. Those of movements
-- (without bericht) are the gate's; those of rules that hold back: stg_ref_voorbehoud_verklaringen.
select
    gemeente,
    bericht,
    cast(maand || '-01' as date) as maand,
    regel as regel_code,
    verklaring,
    cast(op as date) as verklaard_op
from {{ ref('ref_verklaringen') }}
anti join (
    select regel_code
    from {{ ref('stg_ref_regels') }}
    where gevolg = 'voorbehoud'
) as houdt_vast
    on regel = houdt_vast.regel_code
where bericht is not null and cast(op as date) <= cast('{{ var("peildatum") }}' as date)
qualify row_number() over (partition by gemeente, bericht, maand, regel order by op desc, verklaring asc) = 1
