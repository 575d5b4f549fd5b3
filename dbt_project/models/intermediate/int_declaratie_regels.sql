-- The newest version of every claim line. A claim has no stamp of its own: the version in the latest leveringsmaand
-- counts, then the newest ontvangen_op; rij_hash only makes a tie stable. A line arrived first in the lowest
-- leveringsmaand that holds any version of it.
select
    * exclude (eerste_leveringsmaand, laatste_leveringsmaand, laatste_ontvangen_op, n_voorkomens),
    min(eerste_leveringsmaand) over zelfde_regel as eerste_leveringsmaand,
    count(*) over zelfde_regel as n_versies
from {{ ref('int_declaratie_rijen') }}
window zelfde_regel as (partition by gemeente, aanbieder_agb, referentienummer)
qualify row_number() over (
    partition by gemeente, aanbieder_agb, referentienummer
    order by laatste_leveringsmaand desc, laatste_ontvangen_op desc, rij_hash
) = 1
