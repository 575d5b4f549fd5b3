-- The verdict on every target, and why there is none. Tried with every reading of what is in doubt, in the year and in its
-- base year separately: one that another reading would change is no verdict. In hundredths, unrounded.
with doelen as (
    select
        doelen.doel_id,
        doelen.basisjaar,
        doelen.indicator_id,
        doelen.jaarlijkse_verandering,
        coalesce(indicatoren.richting = 'omhoog', false) as is_omhoog
    from {{ ref('stg_ref_streefwaarden') }} as doelen
    left join {{ ref('stg_ref_indicatoren') }} as indicatoren using (indicator_id)
),

waarden as (
    select
        waarden.*,
        doelen.indicator_id,
        doelen.is_omhoog,
        power(1 + cast(doelen.jaarlijkse_verandering as double), waarden.jaar - doelen.basisjaar) as pad
    from {{ ref('int_doelwaarden') }} as waarden
    inner join doelen using (doel_id)
),

-- three readings of the year beside three of the base year
lezingen as (
    select
        waarden.*,
        nu.verschil,
        case
            when waarden.indicator_id = 'kosten'
                then greatest(
                    waarden.ondergrens + nu.verschil, least(waarden.ontvangen, waarden.geschat + nu.verschil)
                )
            else waarden.geschat
        end as laag,
        case when waarden.indicator_id = 'kosten' then waarden.bovengrens + nu.verschil else waarden.geschat end as hoog,
        (waarden.basis + basis.verschil) * waarden.pad as streef
    from waarden
    cross join lateral (select unnest([waarden.verschil_niets, 0, waarden.verschil_eigen]) as verschil) as nu
    cross join lateral (
        select unnest([waarden.verschil_niets_basis, 0, waarden.verschil_eigen_basis]) as verschil
    ) as basis
),

-- within half a cent of the target is on it
oordelen as (
    select
        doel_id,
        jaar,
        gebied_code,
        laag,
        hoog,
        case
            when is_omhoog and laag >= streef - 0.5 then 'op_koers'
            when not is_omhoog and hoog <= streef + 0.5 then 'op_koers'
            when is_omhoog and hoog < streef - 0.5 then 'niet_op_koers'
            when not is_omhoog and laag > streef + 0.5 then 'niet_op_koers'
            else 'aandacht'
        end as oordeel
    from lezingen
),

per_doel as (
    select
        doel_id,
        jaar,
        gebied_code,
        min(laag) as laag,
        max(hoog) as hoog,
        min(oordeel) as oordeel,
        count(distinct oordeel) as n_oordelen
    from oordelen
    group by doel_id, jaar, gebied_code
),

met_reden as (
    select
        waarden.*,
        waarden.basis * waarden.pad as streef,
        per_doel.laag,
        per_doel.hoog,
        per_doel.oordeel,
        case
            when waarden.n_geleverd = 0 then 'te_vroeg'
            when not waarden.is_basis_gepubliceerd then 'geen_basis'
            when waarden.n_maanden = 0 then 'dekking'
            when
                waarden.gebied_code = 'REGIO' and waarden.panel_dekking < {{ instelling('doel_panel_minimum') }}
                then 'dekking'
            when
                waarden.gebied_code <> 'REGIO'
                and least(waarden.dekking, waarden.dekking_basis) < {{ instelling('dekking_minimum') }}
                then 'dekking'
            when waarden.basis <= 0 or waarden.n_jeugdigen_basis < {{ instelling('doel_minimum_jeugdigen') }}
                then 'geen_basis'
            when per_doel.n_oordelen > 1 then 'voorbehoud'
        end as reden
    from waarden
    inner join per_doel using (doel_id, jaar, gebied_code)
)

select
    doel_id,
    jaar,
    gebied_code,
    n_maanden,
    t_m_maand,
    dekking,
    dekking_basis,
    panel_dekking,
    panel_n_gemeenten,
    n_jeugdigen,
    n_jeugdigen_basis,
    pad,
    reden,
    case when reden is null then oordeel else 'onvoldoende_data' end as status,
    case when n_maanden > 0 and is_basis_gepubliceerd then basis end as basis,
    case when n_maanden > 0 and is_basis_gepubliceerd then streef end as streef,
    case when n_maanden > 0 then ontvangen end as ontvangen,
    case when n_maanden > 0 then voorbehoud end as voorbehoud,
    case when n_maanden > 0 then quarantaine end as quarantaine,
    -- without dekking there is nothing to estimate (SPEC 9.6)
    case when n_maanden > 0 and (reden is distinct from 'dekking') then geschat end as geschat,
    case
        when n_maanden > 0 and (reden is distinct from 'dekking') then greatest(laag, least(ontvangen, geschat))
    end as ondergrens,
    case when n_maanden > 0 and (reden is distinct from 'dekking') then greatest(hoog, geschat) end as bovengrens,
    case when is_basis_gepubliceerd then basisjaar_geschat * pad end as streef_jaar
from met_reden
