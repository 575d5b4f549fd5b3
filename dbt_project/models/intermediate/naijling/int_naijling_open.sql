-- Per gebied, month of care and delay: the expected final amounts to which the factor of that delay still applies.
-- What Mack's variance is computed from: amounts may be added up over gemeenten and months, not over segments. How far an
-- estimate from the expectation may be off is measured as a whole (int_terugblik_spreiding).
with eind as (
    select
        unnest([gemeente, 'REGIO']) as gebied_code,
        zorgmaand,
        segment,
        zonder_alternatief,
        vanaf_vertraging,
        eind_cent
    from {{ ref('int_naijling_eind') }}
    where vanaf_vertraging is not null and eind_cent <> 0 and methode <> 'bornhuetter_ferguson'
),

per_vertraging as (
    select gebied_code, zorgmaand, segment, zonder_alternatief, vanaf_vertraging, sum(eind_cent) as eind_cent
    from eind
    group by all
)

select
    eind.gebied_code,
    eind.zorgmaand,
    eind.segment,
    eind.zonder_alternatief,
    factoren.vertraging_maanden,
    cast(sum(eind.eind_cent) as bigint) as open_cent
from per_vertraging as eind
inner join {{ ref('int_naijling_factoren') }} as factoren
    on
        eind.segment = factoren.segment
        and eind.vanaf_vertraging <= factoren.vertraging_maanden
        and factoren.sigma_kwadraat > 0
group by all
