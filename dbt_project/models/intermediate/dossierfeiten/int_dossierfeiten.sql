-- Every fact once per gemeente, of youths of whom an allocation is known; whatever was delivered first, or again, counts.
select distinct
    feiten.gemeente,
    jeugdigen.jeugdige_nr,
    feiten.soort,
    feiten.datum
from {{ ref('stg_dossierfeiten') }} as feiten
inner join {{ ref('int_jeugdigen') }} as jeugdigen using (pseudoniem)
