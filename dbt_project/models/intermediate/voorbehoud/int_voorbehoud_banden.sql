-- What a claim line of a product usually holds, per gemeente: the median of volume and of amount over the newest lines,
-- those under reserve included (a median bears them), credits too. From fewer lines than the threshold a median says
-- nothing: then that of the regio, and where that has too few as well there is no band. Volumes of units of time that
-- have a length are compared in minutes, because a product may be claimed in minutes here and in hours there.
with eenheden as (
    select eenheid, any_value(naar_minuten) as naar_minuten
    from {{ ref('stg_ref_eenheden') }}
    group by eenheid
),

producten as (
    select
        producten.product_nr,
        producten.productcode,
        case when eenheden.naar_minuten is not null then 'minuten' else producten.eenheid end as maat,
        coalesce(eenheden.naar_minuten, 1) as naar_maat
    from {{ ref('dim_producten') }} as producten
    left join eenheden using (eenheid)
    where producten.productcode is not null
),

regels as not materialized (
    select
        kern.gemeente,
        producten.productcode,
        producten.maat,
        cast(kern.geleverd_volume as double) * producten.naar_maat as volume,
        kern.ingediend_bedrag_cent
    from {{ ref('int_declaratie_kern') }} as kern
    inner join producten using (product_nr)
),

volumes as (
    select
        gemeente,
        productcode,
        maat,
        count(volume) as n,
        median(volume) as mediaan
    from regels
    group by grouping sets ((gemeente, productcode, maat), (productcode, maat))
),

bedragen as (
    select gemeente, productcode, count(*) as n, median(ingediend_bedrag_cent) as mediaan
    from regels
    group by grouping sets ((gemeente, productcode), (productcode))
)

select
    eigen.gemeente,
    eigen.productcode,
    eigen.maat,
    case
        when eigen.n >= {{ drempel('D37', 2) }} then eigen.mediaan
        when regio.n >= {{ drempel('D37', 2) }} then regio.mediaan
    end as volume,
    case
        when bedrag_eigen.n >= {{ drempel('D38', 2) }} then bedrag_eigen.mediaan
        when bedrag_regio.n >= {{ drempel('D38', 2) }} then bedrag_regio.mediaan
    end as bedrag_cent
from volumes as eigen
inner join volumes as regio
    on regio.gemeente is null and eigen.productcode = regio.productcode and eigen.maat = regio.maat
inner join bedragen as bedrag_eigen
    on eigen.gemeente = bedrag_eigen.gemeente and eigen.productcode = bedrag_eigen.productcode
inner join bedragen as bedrag_regio
    on bedrag_regio.gemeente is null and eigen.productcode = bedrag_regio.productcode
where eigen.gemeente is not null
