-- Targets against what came of them, cost completed by what is still to come (naijling). What is not estimated is what
-- was received, with the same bounds, and is_geschat says so.
with waarden as (
    select
        doelwaarden.*,
        doelen.naam,
        doelen.indicator_id,
        doelen.segment,
        doelen.basisjaar,
        indicatoren.eenheid,
        indicatoren.richting,
        -- six decimals first: a DOUBLE just below half a cent must not decide about the cent
        cast(
            cast(
                cast(doelwaarden.basiswaarde as double)
                * power(1 + doelen.jaarlijkse_verandering, doelwaarden.jaar - doelen.basisjaar) as decimal(28, 6)
            ) as decimal(18, 2)
        ) as streefwaarde,
        geschat.doel_id is not null as is_geschat,
        coalesce(geschat.realisatie_geschat, doelwaarden.realisatie) as realisatie_geschat,
        coalesce(geschat.ondergrens, doelwaarden.realisatie) as ondergrens,
        coalesce(geschat.bovengrens, doelwaarden.realisatie) as bovengrens
    from {{ ref('int_doelwaarden') }} as doelwaarden
    inner join {{ ref('stg_ref_streefwaarden') }} as doelen using (doel_id)
    left join {{ ref('stg_ref_indicatoren') }} as indicatoren using (indicator_id)
    left join {{ ref('int_doelwaarden_geschat') }} as geschat using (doel_id, jaar, gebied_code)
)

select
    '{{ var("publicatie_id") }}' as publicatie_id,
    doel_id,
    cast(jaar as integer) as jaar,
    gebied_code,
    naam,
    indicator_id,
    segment,
    eenheid,
    cast(n_maanden as integer) as n_maanden,
    basisjaar,
    basiswaarde,
    streefwaarde,
    realisatie,
    realisatie_geschat,
    ondergrens,
    bovengrens,
    cast(realisatie_geschat as double) / nullif(cast(streefwaarde as double), 0) - 1 as afwijking,
    case
        when
            n_maanden = 0
            or realisatie_geschat is null
            or least(dekking, dekking_basis) < {{ instelling('dekking_minimum') }}
            then 'onvoldoende_data'
        when richting = 'omhoog' and realisatie_geschat >= streefwaarde then 'op_koers'
        when richting is distinct from 'omhoog' and realisatie_geschat <= streefwaarde then 'op_koers'
        when streefwaarde between ondergrens and bovengrens then 'aandacht'
        else 'niet_op_koers'
    end as status,
    is_geschat,
    dekking,
    dekking_basis,
    n_jeugdigen,
    n_jeugdigen_basis
from waarden
