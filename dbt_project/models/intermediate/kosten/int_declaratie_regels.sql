-- Which row is the newest version of every claim line, and the line it refers to. A claim has no stamp of its own: the
-- version in the latest leveringsmaand counts, then the newest ontvangen_op; rij_hash only makes a tie stable. A line
-- arrived first in the lowest leveringsmaand that holds any version of it.
with gedeelde_kernen as (
    {{ gedeelde_kernen(ref('int_declaratie_rijen')) }}
),

vergeleken as (
    select
        bron.gemeente,
        bron.aanbieder_agb,
        bron.referentienummer,
        rijen.kern,
        arg_max(rijen.rij_nr, (rijen.laatste_leveringsmaand, rijen.laatste_ontvangen_op, bron.rij_hash)) as rij_nr,
        min(rijen.eerste_leveringsmaand) as eerste_leveringsmaand
    from {{ ref('int_declaratie_rijen') }} as rijen
    semi join gedeelde_kernen using (kern)
    inner join {{ ref('stg_declaraties') }} as bron using (rij_nr)
    group by bron.gemeente, bron.aanbieder_agb, bron.referentienummer, rijen.kern
),

regels as (
    select rij_nr, kern, eerste_leveringsmaand, false as is_bij_meer_gemeenten
    from {{ ref('int_declaratie_rijen') }}
    anti join gedeelde_kernen using (kern)

    union all

    select
        rij_nr,
        kern,
        eerste_leveringsmaand,
        count(*) over (partition by aanbieder_agb, referentienummer) > 1
    from vergeleken
),

verwijzend as (
    select rij_nr, gemeente, aanbieder_agb, vorig_referentienummer, hash(aanbieder_agb, vorig_referentienummer) as kern
    from {{ ref('stg_declaraties') }}
    where vorig_referentienummer is not null
),

verwijzingen as (
    select verwijzend.rij_nr, regels.rij_nr as vorig_rij_nr
    from verwijzend
    inner join regels using (kern)
    inner join {{ ref('stg_declaraties') }} as bron
        on
            regels.rij_nr = bron.rij_nr
            and verwijzend.gemeente = bron.gemeente
            and verwijzend.aanbieder_agb = bron.aanbieder_agb
            and verwijzend.vorig_referentienummer = bron.referentienummer
)

select
    -- a line goes by the number of its newest version
    cast(regels.rij_nr as integer) as regel_nr,
    regels.rij_nr,
    regels.eerste_leveringsmaand,
    cast(verwijzingen.vorig_rij_nr as integer) as vorig_regel_nr,
    regels.is_bij_meer_gemeenten
from regels
left join verwijzingen using (rij_nr)
