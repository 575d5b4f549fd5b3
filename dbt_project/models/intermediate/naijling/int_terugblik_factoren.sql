-- The development factors of int_naijling_factoren as they were after every leveringsmaand (`peilnr`): the same sums over
-- the pairs that were known then, of the months of care that were the last naijling_jaargangen then. The pairs are added up
-- per month of care first, so that a moment is a sum over at most that many rows.
with naast_volgende as (
    select
        segment,
        {{ maandnr('zorgmaand') }} as zorgmaandnr,
        vertraging_maanden,
        cumulatief_cent as basis_cent,
        lead(vertraging_maanden) over levering_na_levering as volgende_vertraging,
        lead(cumulatief_cent) over levering_na_levering as volgende_cent
    from {{ ref('int_naijling_driehoek') }}
    window levering_na_levering as (partition by gemeente, segment, zorgmaand order by vertraging_maanden)
),

per_maand as (
    select
        segment,
        vertraging_maanden,
        zorgmaandnr,
        sum(basis_cent) as basis_cent,
        sum(volgende_cent) as volgende_cent,
        count(*) filter (where basis_cent > 0) as n,
        coalesce(sum(basis_cent) filter (where basis_cent > 0), 0) as w_basis,
        coalesce(sum(volgende_cent) filter (where basis_cent > 0), 0) as w_volgende,
        coalesce({{ vaste_som('power(volgende_cent, 2) / basis_cent', 'basis_cent > 0') }}, 0) as w_kwadraat
    from naast_volgende
    where volgende_vertraging = vertraging_maanden + 1
    group by segment, vertraging_maanden, zorgmaandnr
),

peilen as (
    select min({{ maandnr('zorgmaand') }}) as eerste_nr, max({{ maandnr('laatste_leveringsmaand') }}) as laatste_nr
    from {{ ref('int_naijling_driehoek') }}
),

-- the delays that could have been seen
alle as (
    select
        peilnr,
        segment,
        unnest(range(0, peilnr - eerste_nr + 1)) as vertraging_maanden
    from (select *, unnest(range(eerste_nr, laatste_nr + 1)) as peilnr from peilen) as momenten
    cross join {{ ref('dim_segmenten') }}
),

sommen as (
    select
        alle.peilnr,
        alle.segment,
        alle.vertraging_maanden,
        cast(sum(paren.basis_cent) as double) as basis_cent,
        cast(sum(paren.volgende_cent) as double) as volgende_cent,
        sum(paren.n) as n,
        cast(sum(paren.w_basis) as double) as w_basis,
        cast(sum(paren.w_volgende) as double) as w_volgende,
        {{ vaste_som('paren.w_kwadraat') }} as w_kwadraat
    from alle
    inner join per_maand as paren
        on
            alle.segment = paren.segment
            and alle.vertraging_maanden = paren.vertraging_maanden
            and paren.zorgmaandnr < alle.peilnr - alle.vertraging_maanden
            and paren.zorgmaandnr >= alle.peilnr - alle.vertraging_maanden - {{ instelling('naijling_jaargangen') }}
    group by alle.peilnr, alle.segment, alle.vertraging_maanden
),

factoren as (
    select
        *,
        case when basis_cent > 0 and volgende_cent > 0 then volgende_cent / basis_cent end as ontwikkelfactor,
        basis_cent <= 0 and volgende_cent > 0 as is_nog_niets
    from sommen
),

tot_eind as (
    select
        alle.peilnr,
        alle.segment,
        alle.vertraging_maanden,
        factoren.ontwikkelfactor,
        factoren.basis_cent,
        last_value(
            -- sum of (next - f x known)^2 / known, written out
            case
                when factoren.n > 1
                    then greatest(
                        factoren.w_kwadraat
                        - 2 * factoren.ontwikkelfactor * factoren.w_volgende
                        + power(factoren.ontwikkelfactor, 2) * factoren.w_basis,
                        0
                    )
                    / (factoren.n - 1)
            end
            ignore nulls
        ) over (partition by alle.peilnr, alle.segment order by alle.vertraging_maanden) as sigma_kwadraat,
        case
            when not coalesce(bool_or(factoren.is_nog_niets) over tot_het_eind, false)
                then round(product(coalesce(factoren.ontwikkelfactor, 1)) over tot_het_eind, 12)
        end as factor_tot_eind
    from alle
    left join factoren using (peilnr, segment, vertraging_maanden)
    window tot_het_eind as (partition by alle.peilnr, alle.segment order by alle.vertraging_maanden desc)
)

select
    peilnr,
    segment,
    cast(vertraging_maanden as integer) as vertraging_maanden,
    ontwikkelfactor,
    coalesce(basis_cent, 0) as basis_cent,
    case when ontwikkelfactor is not null and factor_tot_eind <= 2 then coalesce(round(sigma_kwadraat, 6), 0) end
        as sigma_kwadraat,
    factor_tot_eind,
    coalesce(1 / factor_tot_eind, 0) as aandeel_bekend
from tot_eind
