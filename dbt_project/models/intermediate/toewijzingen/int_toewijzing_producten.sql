-- What the product table says per gemeente, product code and first day. A line that holds on the day goes before one
-- that does not, then the gemeente's own before the region's. Without a line on the day: the last one before it, or
-- the first (fallback).
with gevraagd as (
    select distinct gemeente, productcode, ingangsdatum
    from {{ ref('int_toewijzing_rijen') }}
    where productcode is not null
),

kandidaten as (
    select
        gevraagd.gemeente,
        gevraagd.productcode,
        gevraagd.ingangsdatum,
        producten.* exclude (gemeente, productcode),
        producten.gemeente is not null as is_eigen_regel,
        producten.geldig_van <= gevraagd.ingangsdatum as is_begonnen,
        producten.geldig_van <= gevraagd.ingangsdatum
        and coalesce(producten.geldig_tot, {{ zonder_einde() }}) >= gevraagd.ingangsdatum as is_geldig
    from gevraagd
    inner join {{ ref('stg_ref_producten') }} as producten
        on gevraagd.productcode = producten.productcode
        and coalesce(producten.gemeente, gevraagd.gemeente) = gevraagd.gemeente
)

select
    gemeente,
    productcode,
    ingangsdatum,
    productcategorie,
    segment,
    coalesce(cbs_hulpvorm, 'geen') as hulpvorm,
    met_verblijf,
    behandeling,
    is_crisis,
    is_ambulant_alternatief,
    eenheid,
    tarief_cent,
    not is_geldig as is_fallback
from kandidaten
qualify row_number() over (
    partition by gemeente, productcode, ingangsdatum
    order by
        is_geldig desc,
        is_eigen_regel desc,
        is_begonnen desc,
        case when is_begonnen then geldig_van end desc,
        geldig_van
) = 1
