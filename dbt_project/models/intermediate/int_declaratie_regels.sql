-- Which row is the newest version of every claim line, with a number for the line that is short to join on within one
-- build. A claim has no stamp of its own: the version in the latest leveringsmaand counts, then the newest
-- ontvangen_op; rij_hash only makes a tie stable. A line arrived first in the lowest leveringsmaand that holds any
-- version of it.
with regels as (
    select
        arg_max(rij_nr, (laatste_leveringsmaand, laatste_ontvangen_op, rij_hash)) as rij_nr,
        min(eerste_leveringsmaand) as eerste_leveringsmaand
    from {{ ref('int_declaratie_rijen') }}
    group by gemeente, aanbieder_agb, referentienummer
)

select
    cast(row_number() over () as integer) as regel_nr,
    rij_nr,
    eerste_leveringsmaand
from regels
