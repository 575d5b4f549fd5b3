-- Build-time rules on rows of toewijzingen, whatever version they are. One column per rule: true = finding, false =
-- checked and in order, NULL = not checked.
with rijen as (
    select
        levering_nr,
        rij,
        rij_hash,
        gemeente,
        toewijzingnummer,
        toewijzingsdatum,
        coalesce(toewijzingstijd, time '00:00:00') as versietijd,
        row(pseudoniem, aanbieder_agb, ingangsdatum) as wie_wat,
        ontvangen_dag,
        eerste_leveringsmaand
    from {{ ref('int_toewijzing_rijen') }}
)

select
    levering_nr,
    rij,
    -- T10: an earlier leveringsmaand held the same version with other content
    rij_hash is distinct from first_value(rij_hash) over (
        partition by gemeente, toewijzingnummer, toewijzingsdatum, versietijd order by eerste_leveringsmaand, rij_hash
    ) as "T10",
    -- T11: issued after the day of arrival
    toewijzingsdatum > ontvangen_dag as "T11",
    -- T12: youth, provider or first day differs from the first version
    wie_wat is distinct from first_value(wie_wat) over (
        partition by gemeente, toewijzingnummer
        order by toewijzingsdatum, versietijd, eerste_leveringsmaand, rij_hash
    ) as "T12"
from rijen
