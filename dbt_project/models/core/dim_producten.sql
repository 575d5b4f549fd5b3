-- What claims were for: once per product, unit and what the product table says of them.
select distinct
    product_nr,
    zorg_nr,
    prijs_nr,
    productcategorie,
    productcode,
    eenheid,
    segment,
    is_segment_fallback,
    hulpvorm,
    is_ambulant_alternatief
from {{ ref('int_declaratie_producten') }}
