-- Build-time rules on rows of declaraties, whatever version of a line they are. One column per rule:
-- true = finding, false = checked and in order, NULL = not checked.
with rijen as (
    select
        *,
        -- what the answer of the gemeente adds later (status) is no other content
        hash(
            declaratienummer, declaratiedagtekening, pseudoniem, vorig_referentienummer, toewijzingnummer,
            productcategorie, productcode, productperiode_begin, productperiode_eind, geleverd_volume, eenheid,
            producttarief_cent, ingediend_bedrag_cent, debet_credit
        ) as inhoud
    from {{ ref('int_declaratie_rijen') }}
)

select
    levering_id,
    rij,
    -- D15: an earlier leveringsmaand held the same line with other content
    inhoud is distinct from first_value(inhoud) over (
        partition by gemeente, aanbieder_agb, referentienummer order by eerste_leveringsmaand, rij_hash
    ) as "D15",
    -- D26: dated after the day of arrival
    declaratiedagtekening > ontvangen_dag as "D26"
from rijen
