-- What the region says of a provider per month of care and segment: has it a contract, is it a strategic partner. One day
-- in the month is enough. Only providers on the list; an empty list gives no rows.
select
    aanbieders.aanbieder_agb,
    segmenten.segment,
    maanden.maand,
    bool_or(aanbieders.soort = 'strategisch_partner') as is_strategisch_partner,
    bool_or(aanbieders.soort = 'contract') as is_gecontracteerd
from {{ ref('stg_ref_aanbieders') }} as aanbieders
inner join {{ ref('dim_segmenten') }} as segmenten
    on segmenten.segment <> 'totaal' and coalesce(aanbieders.segment, segmenten.segment) = segmenten.segment
inner join {{ ref('dim_maanden') }} as maanden
    on aanbieders.geldig_van <= maanden.laatste_dag
    and coalesce(aanbieders.geldig_tot, {{ zonder_einde() }}) >= maanden.maand
group by aanbieders.aanbieder_agb, segmenten.segment, maanden.maand
