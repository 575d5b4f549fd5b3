-- Build-time rules on facts in files, at the first arrival of each. One column per rule: true = finding, false = checked
-- and in order, NULL = not checked. The month of birth is known from the allocations: a birthday lies up to a month before it.
with feiten as (
    select *
    from {{ ref('stg_dossierfeiten') }}
    qualify row_number() over (partition by gemeente, rij_hash order by leveringsmaand, levering_nr, rij) = 1
),

peildagen as (
    -- up to where a gemeente's own leveringen tell what was allocated
    select gemeente, last_day(max(leveringsmaand)) as peildag
    from {{ ref('stg_leveringen') }}
    where is_geldend and bericht = 'toewijzingen'
    group by gemeente
),

bekend as (
    select distinct gemeente, pseudoniem
    from {{ ref('int_toewijzing_versies') }}
)

select
    feiten.levering_nr,
    feiten.rij,
    -- F05: no allocation of this youth is known at this gemeente, long after the fact: help follows an analysis by
    -- weeks, and what was allocated comes later still
    case
        when bekend.pseudoniem is not null then false
        when feiten.datum + to_months(cast({{ drempel('F05') }} as integer)) <= peildagen.peildag then true
    end as "F05",
    -- F06: a plan for an age at which nobody makes one
    case
        when feiten.soort = 'perspectiefplan'
            then
                feiten.datum < jeugdigen.leeftijdsmaand - interval 1 month + to_years(cast({{ drempel('F06', 1) }} as integer))
                or feiten.datum >= jeugdigen.leeftijdsmaand + to_years(cast({{ drempel('F06', 2) }} as integer))
    end as "F06",
    -- F07: before the birth
    feiten.datum < jeugdigen.leeftijdsmaand - interval 1 month as "F07",
    -- F08: after the levering arrived
    feiten.datum > feiten.ontvangen_dag as "F08"
from feiten
left join bekend on feiten.gemeente = bekend.gemeente and feiten.pseudoniem = bekend.pseudoniem
left join peildagen on feiten.gemeente = peildagen.gemeente
left join {{ ref('int_jeugdigen') }} as jeugdigen on feiten.pseudoniem = jeugdigen.pseudoniem
