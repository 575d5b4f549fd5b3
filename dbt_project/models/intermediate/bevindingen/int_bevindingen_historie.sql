-- Build-time rules on debit lines against the own history of the gemeente: price and volume of the same product and
-- unit. One column per rule: true = finding, false = checked and in order, NULL = not checked.
--
-- One pass: medians per group, then one join. Lines that were rejected say nothing; a line that was credited later helps
-- to say what is usual, but is no finding any more.
with regels as not materialized (
    select
        regel_nr,
        levering_nr,
        rij,
        gemeente,
        productcode,
        eenheid,
        year(productperiode_begin) as jaar,
        prijs_cent,
        is_open,
        case when geleverd_volume > 0 then ln(cast(geleverd_volume as double)) end as log_volume
    from {{ ref('fct_declaratieregels') }}
    where is_debet and not is_afgekeurd
),

-- Per year: prices are indexed every January, and ten years of indexation are no spread.
prijzen as (
    select
        gemeente,
        productcode,
        eenheid,
        jaar,
        count(prijs_cent) as n,
        median(prijs_cent) as mediaan,
        -- 1.4826 makes the median absolute deviation of a normal distribution its standard deviation
        greatest(1.4826 * mad(prijs_cent), {{ drempel('D33', 3) }} * median(prijs_cent)) as spreiding
    from regels
    group by gemeente, productcode, eenheid, jaar
),

-- Volumes differ by factors, not by sums: compared as logarithms, over all years.
volumes as (
    select
        gemeente,
        productcode,
        eenheid,
        median(log_volume) as mediaan,
        greatest(1.4826 * mad(log_volume), {{ drempel('D34', 3) }}) as spreiding
    from regels
    group by gemeente, productcode, eenheid
    having count(log_volume) >= {{ drempel('D34', 2) }}
),

grenzen as (
    select
        prijzen.gemeente,
        prijzen.productcode,
        prijzen.eenheid,
        prijzen.jaar,
        case
            when prijzen.n >= {{ drempel('D33', 2) }} then prijzen.mediaan - {{ drempel('D33', 1) }} * prijzen.spreiding
        end as prijs_laag,
        case
            when prijzen.n >= {{ drempel('D33', 2) }} then prijzen.mediaan + {{ drempel('D33', 1) }} * prijzen.spreiding
        end as prijs_hoog,
        volumes.mediaan + {{ drempel('D34', 1) }} * volumes.spreiding as log_volume_hoog
    from prijzen
    left join volumes using (gemeente, productcode, eenheid)
),

vergeleken as (
    select
        regels.regel_nr,
        regels.levering_nr,
        regels.rij,
        regels.is_open,
        regels.prijs_cent < grenzen.prijs_laag or regels.prijs_cent > grenzen.prijs_hoog as prijs_wijkt_af,
        -- the bound is a power of e: a volume on it may differ in the last bit
        regels.log_volume - grenzen.log_volume_hoog > 1e-9 as volume_wijkt_af
    from regels
    inner join grenzen using (gemeente, productcode, eenheid, jaar)
)

select
    regel_nr,
    levering_nr,
    rij,
    -- D33: price per unit far from what this gemeente paid for the product in the same year
    case when prijs_wijkt_af then is_open else prijs_wijkt_af end as "D33",
    -- D34: far more volume on one line than this gemeente is used to for the product
    case when volume_wijkt_af then is_open else volume_wijkt_af end as "D34"
from vergeleken
