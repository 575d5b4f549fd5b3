-- Dekking and rijping of every figure: per period, gebied and the bericht it is made from (SPEC 7).
with dekking as (
    select
        perioden.periode_soort,
        perioden.periode,
        maanden.gebied_code,
        maanden.bericht,
        perioden.slotmaand,
        perioden.laatste_dag,
        cast(sum(maanden.inwoners_gedekt) as bigint) as inwoners_gedekt,
        cast(sum(maanden.inwoners_totaal) as bigint) as inwoners_totaal
    from {{ ref('int_perioden') }} as perioden
    inner join {{ ref('int_dekking_maand') }} as maanden
        on maanden.maand between perioden.eerste_maand and perioden.laatste_maand
    group by all
)

select
    dekking.periode_soort,
    dekking.periode,
    dekking.gebied_code,
    dekking.bericht as dekking_bericht,
    coalesce(dekking.inwoners_gedekt / nullif(dekking.inwoners_totaal, 0), 0) as dekking,
    case
        when
            date_diff('month', dekking.slotmaand, rijping.laatste_leveringsmaand)
            >= {{ instelling('rijping_maanden') }}
            then 'definitief'
        else 'voorlopig'
    end as rijping
from dekking
inner join {{ ref('int_rijping') }} as rijping using (bericht)
