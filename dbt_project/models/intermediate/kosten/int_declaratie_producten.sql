-- What the product of a claim is on the first day of its productperiode, once per combination that occurs.
-- A line of the product table that holds on that day goes before one that does not, a gemeente's own line before the
-- region's; before the first line the first holds, after the last the last (fallback). A product that is not in the
-- table gets the segment of its category (fallback), else onbekend.
-- Products of refused lines are looked up too (stg_quarantaine).
with combinaties as (
    select distinct gemeente, productcategorie, productcode, eenheid, productperiode_begin
    from {{ ref('stg_declaraties') }}

    union

    select gemeente, productcategorie, productcode, eenheid, productdag
    from {{ ref('stg_quarantaine') }}
),

regels_op_datum as (
    select
        combinaties.gemeente,
        combinaties.productcode,
        combinaties.productperiode_begin,
        producten.segment,
        producten.cbs_hulpvorm,
        producten.is_ambulant_alternatief,
        producten.eenheid as tabel_eenheid,
        producten.tarief_cent,
        producten.geldig_van <= combinaties.productperiode_begin
        and combinaties.productperiode_begin <= coalesce(producten.geldig_tot, date '9999-12-31') as is_geldig
    from (select distinct gemeente, productcode, productperiode_begin from combinaties) as combinaties
    inner join {{ ref('stg_ref_producten') }} as producten
        on
            combinaties.productcode = producten.productcode
            and coalesce(producten.gemeente, combinaties.gemeente) = combinaties.gemeente
    qualify row_number() over (
        partition by combinaties.gemeente, combinaties.productcode, combinaties.productperiode_begin
        order by
            is_geldig desc,
            (producten.gemeente is not null) desc,
            (producten.geldig_van <= combinaties.productperiode_begin) desc,
            abs(date_diff('day', producten.geldig_van, combinaties.productperiode_begin))
    ) = 1
),

eenheden as (
    select eenheid, any_value(naar_minuten) as naar_minuten
    from {{ ref('stg_ref_eenheden') }}
    group by eenheid
),

ingedeeld as (
    select
        combinaties.gemeente,
        combinaties.productcategorie,
        combinaties.productcode,
        combinaties.eenheid,
        combinaties.productperiode_begin,
        coalesce(regels_op_datum.segment, categorieen.segment_fallback, 'onbekend') as segment,
        not coalesce(regels_op_datum.is_geldig, false) as is_segment_fallback,
        case
            when regels_op_datum.productcode is not null then coalesce(regels_op_datum.cbs_hulpvorm, 'geen')
            else coalesce(categorieen.cbs_hulpvorm, 'geen')
        end as hulpvorm,
        coalesce(regels_op_datum.is_ambulant_alternatief, false) as is_ambulant_alternatief,
        -- in the unit of the claim: a product with a price per hour may be claimed in minutes
        case
            when regels_op_datum.tarief_cent > 0 and combinaties.eenheid <> '83'
                then
                    cast(regels_op_datum.tarief_cent as double) * case
                        when regels_op_datum.tabel_eenheid = combinaties.eenheid then 1
                        else cast(eigen.naar_minuten as double) / tabel.naar_minuten
                    end
        end as contractprijs_cent
    from combinaties
    left join regels_op_datum using (gemeente, productcode, productperiode_begin)
    left join {{ ref('stg_ref_categorieen') }} as categorieen using (productcategorie)
    left join eenheden as eigen on combinaties.eenheid = eigen.eenheid
    left join eenheden as tabel on regels_op_datum.tabel_eenheid = tabel.eenheid
)

select
    *,
    -- one number for all that a claim line says and means by its product, and one for what was delivered
    cast(dense_rank() over (
        order by
            productcategorie, productcode, eenheid, segment, is_segment_fallback, hulpvorm, is_ambulant_alternatief
    ) as integer) as product_nr,
    cast(dense_rank() over (order by productcategorie, productcode) as integer) as zorg_nr,
    -- what has a price: unit 83 has none (its volume is the amount)
    case
        when productcode is not null and eenheid <> '83'
            then cast(dense_rank() over (order by productcode, eenheid) as integer)
    end as prijs_nr
from ingedeeld
