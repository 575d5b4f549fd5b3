-- Allocations whose volume cannot be right (T33): many times the median volume of the product in the same unit and
-- frequency, of the gemeente, or of the regio where the gemeente has too few. Newest versions, deleted ones left out.
-- Explained ones are here too; is_verklaard says so, and then they count. An explanation of them names no amount (0).
with eenheden as (
    select eenheid, any_value(naar_minuten) as naar_minuten
    from {{ ref('stg_ref_eenheden') }}
    group by eenheid
),

toewijzingen as (
    select
        toewijzingen.toewijzing_nr,
        toewijzingen.levering_nr,
        toewijzingen.rij,
        toewijzingen.gemeente,
        toewijzingen.aanbieder_agb,
        toewijzingen.eerste_leveringsmaand as maand,
        toewijzingen.productcode,
        toewijzingen.frequentie,
        case when eenheden.naar_minuten is not null then 'minuten' else toewijzingen.eenheid end as maat,
        cast(toewijzingen.volume as double) * coalesce(eenheden.naar_minuten, 1) as volume
    from {{ ref('fct_toewijzingen') }} as toewijzingen
    left join eenheden using (eenheid)
    where
        not toewijzingen.is_verwijderd
        and toewijzingen.volume is not null
        and toewijzingen.productcode is not null
        and toewijzingen.eenheid is not null
        and toewijzingen.eenheid <> '83'
),

banden as (
    select gemeente, productcode, maat, frequentie, count(*) as n, median(volume) as mediaan
    from toewijzingen
    group by grouping sets ((gemeente, productcode, maat, frequentie), (productcode, maat, frequentie))
),

grenzen as (
    select {{ drempel('T33', 1) }} as verhouding, {{ drempel('T33', 2) }} as vanaf
),

naast_band as (
    select
        toewijzingen.*,
        case
            when eigen.n >= grenzen.vanaf then eigen.mediaan
            when regio.n >= grenzen.vanaf then regio.mediaan
        end as band,
        grenzen.verhouding
    from toewijzingen
    cross join grenzen
    inner join banden as eigen
        on
            toewijzingen.gemeente = eigen.gemeente
            and toewijzingen.productcode = eigen.productcode
            and toewijzingen.maat = eigen.maat
            and toewijzingen.frequentie is not distinct from eigen.frequentie
    inner join banden as regio
        on
            regio.gemeente is null
            and toewijzingen.productcode = regio.productcode
            and toewijzingen.maat = regio.maat
            and toewijzingen.frequentie is not distinct from regio.frequentie
),

getoetst as (
    select *, coalesce(volume > verhouding * band, false) as kan_niet
    from naast_band
),

geteld as (
    select gemeente, maand, aanbieder_agb, count(*) as n_rijen
    from getoetst
    where kan_niet
    group by grouping sets ((gemeente, maand, aanbieder_agb), (gemeente, maand))
),

geldig as (
    select
        verklaringen.gemeente,
        verklaringen.maand,
        verklaringen.aanbieder_agb,
        max_by(verklaringen.verklaring, (verklaringen.verklaard_op, verklaringen.verklaring)) as verklaring,
        max(verklaringen.verklaard_op) as verklaard_op
    from {{ ref('stg_ref_voorbehoud_verklaringen') }} as verklaringen
    inner join geteld
        on
            verklaringen.bericht = 'toewijzingen'
            and verklaringen.regel_code = 'T33'
            and verklaringen.gemeente = geteld.gemeente
            and verklaringen.maand = geteld.maand
            and verklaringen.aanbieder_agb is not distinct from geteld.aanbieder_agb
            and verklaringen.n_rijen = geteld.n_rijen
            and verklaringen.bedrag_cent = 0
    group by all
)

select
    getoetst.toewijzing_nr,
    getoetst.levering_nr,
    getoetst.rij,
    getoetst.gemeente,
    getoetst.aanbieder_agb,
    getoetst.maand,
    getoetst.band is not null as is_te_toetsen,
    getoetst.kan_niet,
    coalesce(bool_or(getoetst.kan_niet and geldig.gemeente is not null), false) as is_verklaard,
    max(geldig.verklaring) as verklaring,
    max(geldig.verklaard_op) as verklaard_op
from getoetst
left join geldig
    on
        getoetst.gemeente = geldig.gemeente
        and getoetst.maand = geldig.maand
        and coalesce(geldig.aanbieder_agb, getoetst.aanbieder_agb) = getoetst.aanbieder_agb
group by all
