-- Every request in the gemeente that is responsible for the youth, and in the regio; in its hulpvorm, and in all together.
select
    unnest(list_distinct([verzoeken.woongemeente, 'REGIO'])) as gebied_code,
    hulpvormen.hulpvorm as hulpvorm_groep,
    verzoeken.*
from {{ ref('int_verzoeken') }} as verzoeken
cross join lateral (select unnest([verzoeken.hulpvorm, 'totaal']) as hulpvorm) as hulpvormen
