-- Build-time rules on rows of toewijzingen, whatever version they are. One column per rule: true = finding, false =
-- checked and in order, NULL = not checked.
with rijen as (
    select
        rijen.*,
        coalesce(rijen.toewijzingstijd, time '00:00:00') as versietijd,
        leveringen.ontvangen_dag
    from {{ ref('int_toewijzing_rijen') }} as rijen
    inner join {{ ref('stg_leveringen') }} as leveringen on rijen.levering_id = leveringen.levering_id
)

select
    levering_id,
    rij,
    -- T10: an earlier leveringsmaand held the same version with other content
    rij_hash is distinct from first_value(rij_hash) over (
        partition by gemeente, toewijzingnummer, toewijzingsdatum, versietijd order by eerste_leveringsmaand, rij_hash
    ) as "T10",
    -- T11: issued after the day of arrival
    toewijzingsdatum > ontvangen_dag as "T11",
    -- T12: youth, provider or first day differs from the first version
    row(pseudoniem, aanbieder_agb, ingangsdatum) is distinct from first_value(
        row(pseudoniem, aanbieder_agb, ingangsdatum)
    ) over (
        partition by gemeente, toewijzingnummer
        order by toewijzingsdatum, versietijd, eerste_leveringsmaand, rij_hash
    ) as "T12"
from rijen
