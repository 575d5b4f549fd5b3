-- Build-time rules on rows of toewijzingen, whatever version they are. One column per rule: true = finding, false =
-- checked and in order, NULL = not checked.
with rijen as (
    select
        rijen.rij_nr,
        rijen.levering_nr,
        rijen.rij,
        rijen.rij_hash,
        rijen.gemeente,
        rijen.toewijzingnummer,
        rijen.toewijzingsdatum,
        coalesce(rijen.toewijzingstijd, time '00:00:00') as versietijd,
        row(rijen.pseudoniem, rijen.aanbieder_agb, rijen.ingangsdatum) as wie_wat,
        rijen.ontvangen_dag,
        voorkomens.eerste_leveringsmaand
    from {{ ref('stg_toewijzingen') }} as rijen
    inner join {{ ref('int_toewijzing_rijen') }} as voorkomens using (rij_nr)
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
