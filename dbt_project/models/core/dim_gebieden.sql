-- The gemeenten that belong to the regio in a published month, and the regio itself.
with published as (
    select min(maand) as eerste_dag, max(laatste_dag) as laatste_dag
    from {{ ref('dim_maanden') }}
)

select
    gemeente as gebied_code,
    'gemeente' as gebied_soort,
    naam,
    geldig_van,
    geldig_tot
from {{ ref('stg_ref_gemeenten') }}
cross join published
where geldig_van <= published.laatste_dag and coalesce(geldig_tot, published.laatste_dag) >= published.eerste_dag

union all

select 'REGIO', 'regio', 'Regio', null, null
