-- Development factors per segment and delay, pooled over the gemeenten: sum of what was known a month later divided by
-- the sum of what was known, over the last months of care that show both (naijling_jaargangen). A pair counts only when
-- the gemeente delivered both leveringsmaanden. Where no pair was seen the factor is empty and 1 is used: also beyond
-- the longest delay seen. Where nothing is ever known yet (claims come after the month of care, so mostly at delay 0)
-- there is no factor to the end either: aandeel_bekend is 0.
-- sigma_kwadraat is Mack's variance parameter (Mack 1993) with every month of care of every gemeente as an observation;
-- with fewer than two observations that of the delay before. It is empty where less than half is known: what grows
-- from next to nothing is estimated from the expectation (int_naijling_eind), and so is its spread.
-- Sums and products of doubles are rounded, here and in what follows: the order of adding must not show.
with naast_volgende as (
    select
        segment,
        zorgmaand,
        laatste_leveringsmaand,
        vertraging_maanden,
        cumulatief_cent as basis_cent,
        lead(vertraging_maanden) over levering_na_levering as volgende_vertraging,
        lead(cumulatief_cent) over levering_na_levering as volgende_cent
    from {{ ref('int_naijling_driehoek') }}
    window levering_na_levering as (partition by gemeente, segment, zorgmaand order by vertraging_maanden)
),

paren as (
    select segment, vertraging_maanden, basis_cent, volgende_cent
    from naast_volgende
    where
        volgende_vertraging = vertraging_maanden + 1
        and date_diff('month', zorgmaand, laatste_leveringsmaand) - volgende_vertraging
        < {{ instelling('naijling_jaargangen') }}
),

factoren as (
    select
        segment,
        vertraging_maanden,
        cast(sum(basis_cent) as double) as basis_cent,
        case
            when sum(basis_cent) > 0 and sum(volgende_cent) > 0
                then cast(sum(volgende_cent) as double) / cast(sum(basis_cent) as double)
        end as ontwikkelfactor,
        sum(basis_cent) <= 0 and sum(volgende_cent) > 0 as is_nog_niets
    from paren
    group by segment, vertraging_maanden
),

spreiding as (
    select
        paren.segment,
        paren.vertraging_maanden,
        count(*) as n_waarnemingen,
        round(
            {{ vaste_som('power(paren.volgende_cent - factoren.ontwikkelfactor * paren.basis_cent, 2) / paren.basis_cent') }}
            / nullif(count(*) - 1, 0),
            9
        ) as sigma_kwadraat
    from paren
    inner join factoren using (segment, vertraging_maanden)
    where paren.basis_cent > 0
    group by paren.segment, paren.vertraging_maanden
),

alle as (
    select distinct segmenten.segment, driehoek.vertraging_maanden
    from {{ ref('dim_segmenten') }} as segmenten
    cross join (select distinct vertraging_maanden from {{ ref('int_naijling_driehoek') }}) as driehoek
),

tot_eind as (
    select
        alle.segment,
        alle.vertraging_maanden,
        factoren.ontwikkelfactor,
        factoren.basis_cent,
        spreiding.n_waarnemingen,
        last_value(spreiding.sigma_kwadraat ignore nulls) over (
            partition by alle.segment order by alle.vertraging_maanden
        ) as sigma_kwadraat,
        case
            when not coalesce(bool_or(factoren.is_nog_niets) over tot_het_eind, false)
                then round(product(coalesce(factoren.ontwikkelfactor, 1)) over tot_het_eind, 12)
        end as factor_tot_eind
    from alle
    left join factoren using (segment, vertraging_maanden)
    left join spreiding using (segment, vertraging_maanden)
    window tot_het_eind as (partition by alle.segment order by alle.vertraging_maanden desc)
)

select
    segment,
    vertraging_maanden,
    ontwikkelfactor,
    coalesce(basis_cent, 0) as basis_cent,
    coalesce(n_waarnemingen, 0) as n_waarnemingen,
    case
        when ontwikkelfactor is not null and factor_tot_eind <= 2 then coalesce(sigma_kwadraat, 0)
    end as sigma_kwadraat,
    factor_tot_eind,
    coalesce(1 / factor_tot_eind, 0) as aandeel_bekend
from tot_eind
