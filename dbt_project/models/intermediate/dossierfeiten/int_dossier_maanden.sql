-- The months and gemeenten of which both facts and allocations were delivered: of the others nothing can be said, and who
-- lives there must not look like a youth without an analysis or a plan.
select
    dekking.gebied_code as gemeente,
    maanden.maand,
    maanden.maandnr,
    maanden.laatste_dag
from {{ ref('int_dekking_maand') }} as dekking
inner join {{ ref('dim_maanden') }} as maanden using (maand)
where
    dekking.bericht = 'dossierfeiten_en_toewijzingen'
    and dekking.gebied_code <> 'REGIO'
    and dekking.inwoners_gedekt > 0
