-- Build-time rules on rows of declaraties, whatever version of a line they are. One column per rule:
-- true = finding, false = checked and in order, NULL = not checked.
with gedeelde_kernen as (
    {{ gedeelde_kernen(ref('int_declaratie_rijen')) }}
),

-- more than one row of what may be one line
versies as (
    select rij_nr, eerste_leveringsmaand
    from {{ ref('int_declaratie_rijen') }}
    semi join gedeelde_kernen using (kern)
),

met_inhoud as (
    select
        rijen.*,
        versies.eerste_leveringsmaand,
        -- what the answer of the gemeente adds later (status) is no other content
        hash(
            rijen.declaratienummer, rijen.declaratiedagtekening, rijen.pseudoniem, rijen.vorig_referentienummer,
            rijen.toewijzingnummer, rijen.productcategorie, rijen.productcode, rijen.productperiode_begin,
            rijen.productperiode_eind, rijen.geleverd_volume, rijen.eenheid, rijen.producttarief_cent,
            rijen.ingediend_bedrag_cent, rijen.debet_credit
        ) as inhoud
    from {{ ref('stg_declaraties') }} as rijen
    inner join versies using (rij_nr)
),

andere_inhoud as (
    select
        rij_nr,
        (
            inhoud is distinct from first_value(inhoud) over (
                partition by gemeente, aanbieder_agb, referentienummer order by eerste_leveringsmaand, rij_hash
            )
        ) as is_anders
    from met_inhoud
)

select
    rijen.rij_nr,
    rijen.levering_nr,
    rijen.rij,
    -- D15: an earlier leveringsmaand held the same line with other content
    coalesce(andere_inhoud.is_anders, false) as "D15",
    -- D26: dated after the day of arrival
    rijen.declaratiedagtekening > rijen.ontvangen_dag as "D26"
from {{ ref('stg_declaraties') }} as rijen
semi join {{ ref('int_declaratie_rijen') }} using (rij_nr)
left join andere_inhoud using (rij_nr)
