-- Groups of referrers by their number; onbekend is always there.
select distinct verwijzer_nr, verwijzer_groep
from {{ ref('stg_ref_verwijzers') }}
where verwijzer_nr > 0

union all

select 0, 'onbekend'
