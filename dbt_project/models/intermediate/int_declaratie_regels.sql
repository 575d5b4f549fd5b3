-- Which row is the newest version of every claim line, with a number for the line that is short to join on within one
-- build, and the line it refers to. A claim has no stamp of its own: the version in the latest leveringsmaand counts,
-- then the newest ontvangen_op; rij_hash only makes a tie stable. A line arrived first in the lowest leveringsmaand that
-- holds any version of it.
-- Nearly every line has one version: only what shares its hash with another is compared by what it is.
with rijen as (
    select *, hash(gemeente, aanbieder_agb, referentienummer) as kern
    from {{ ref('int_declaratie_rijen') }}
),

gedeelde_kernen as (
    select kern
    from rijen
    group by kern
    having count(*) > 1
),

regels as (
    select gemeente, aanbieder_agb, referentienummer, rij_nr, eerste_leveringsmaand
    from rijen
    anti join gedeelde_kernen using (kern)

    union all

    select
        gemeente,
        aanbieder_agb,
        referentienummer,
        arg_max(rij_nr, (laatste_leveringsmaand, laatste_ontvangen_op, rij_hash)),
        min(eerste_leveringsmaand)
    from rijen
    semi join gedeelde_kernen using (kern)
    group by gemeente, aanbieder_agb, referentienummer
),

genummerd as (
    select *, cast(row_number() over () as integer) as regel_nr, hash(aanbieder_agb, referentienummer) as kern
    from regels
),

verwijzingen as (
    select verwijzend.rij_nr, genummerd.regel_nr as vorig_regel_nr
    from {{ ref('stg_declaraties') }} as verwijzend
    inner join genummerd
        on verwijzend.gemeente = genummerd.gemeente
        and verwijzend.aanbieder_agb = genummerd.aanbieder_agb
        and verwijzend.vorig_referentienummer = genummerd.referentienummer
),

gedeelde_verwijzingen as (
    select kern
    from genummerd
    group by kern
    having count(*) > 1
),

bij_meer_gemeenten as (
    select aanbieder_agb, referentienummer
    from genummerd
    semi join gedeelde_verwijzingen using (kern)
    group by aanbieder_agb, referentienummer
    having count(*) > 1
)

select
    genummerd.regel_nr,
    genummerd.rij_nr,
    genummerd.eerste_leveringsmaand,
    verwijzingen.vorig_regel_nr,
    bij_meer_gemeenten.referentienummer is not null as is_bij_meer_gemeenten
from genummerd
left join verwijzingen using (rij_nr)
left join bij_meer_gemeenten using (aanbieder_agb, referentienummer)
