-- The newest version of every claim line. A claim has no stamp of its own: the version in the latest leveringsmaand
-- counts, then the newest ontvangen_op; rij_hash only makes a tie stable. A line arrived first in the lowest
-- leveringsmaand that holds any version of it.
with regels as (
    select
        gemeente,
        aanbieder_agb,
        referentienummer,
        arg_max(rij_hash, (laatste_leveringsmaand, laatste_ontvangen_op, rij_hash)) as rij_hash,
        min(eerste_leveringsmaand) as eerste_leveringsmaand,
        count(*) as n_versies
    from {{ ref('int_declaratie_rijen') }}
    group by gemeente, aanbieder_agb, referentienummer
)

select
    rijen.* exclude (eerste_leveringsmaand, laatste_leveringsmaand, laatste_ontvangen_op, n_voorkomens),
    regels.eerste_leveringsmaand,
    regels.n_versies
from {{ ref('int_declaratie_rijen') }} as rijen
inner join regels using (gemeente, rij_hash)
