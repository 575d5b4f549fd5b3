-- Every accepted claim line once, in its newest version, with what it is (product), whom it belongs to (allocation) and
-- whether it counts in cost. What is under reserve (int_voorbehoud_regels) is in every count and in no sum of money
-- (houdt_bedrag) or volume (houdt_volume).
select
    kern.*,
    producten.* exclude (product_nr),
    case when kern.is_debet then 'D' else 'C' end as debet_credit,
    case when kern.is_debet then kern.ingediend_bedrag_cent else -kern.ingediend_bedrag_cent end as netto_cent,
    -- the tariff, or what was paid per unit where none is given
    case
        when producten.prijs_nr is not null
            then
                coalesce(
                    cast(kern.producttarief_cent as double),
                    kern.ingediend_bedrag_cent / nullif(cast(kern.geleverd_volume as double), 0)
                )
    end as prijs_cent,
    case
        when kern.raakt_toewijzing is null then 'zonder'
        when kern.raakt_toewijzing then 'met'
        else 'buiten'
    end as aansluiting,
    coalesce(voorbehoud.houdt_bedrag, false) as houdt_bedrag,
    coalesce(voorbehoud.houdt_volume, false) as houdt_volume,
    coalesce(voorbehoud.hersteld_cent, 0) as hersteld_cent,
    coalesce(voorbehoud.telt_eigen_bedrag, true) as telt_eigen_bedrag
from {{ ref('int_declaratie_kern') }} as kern
inner join {{ ref('dim_producten') }} as producten using (product_nr)
left join {{ ref('int_voorbehoud_regels') }} as voorbehoud using (regel_nr)
