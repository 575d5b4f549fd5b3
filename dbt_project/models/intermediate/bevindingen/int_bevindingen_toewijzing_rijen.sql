-- Build-time rules on rows of toewijzingen, whatever version they are. One column per rule: true = finding, false =
-- checked and in order, NULL = not checked.
with rijen as not materialized (
    select
        rij_nr,
        hash(gemeente, toewijzingnummer, toewijzingsdatum, coalesce(toewijzingstijd, time '00:00:00')) as kern,
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
),

-- hardly any version came with more than one content
gedeelde_kernen as (
    {{ gedeelde_kernen('rijen') }}
),

andere_inhoud as (
    select rij_nr
    from rijen
    semi join gedeelde_kernen using (kern)
    qualify
        rij_hash is distinct from first_value(rij_hash) over (
            partition by gemeente, toewijzingnummer, toewijzingsdatum, versietijd
            order by eerste_leveringsmaand, rij_hash
        )
)

select
    rijen.levering_nr,
    rijen.rij,
    -- T10: an earlier leveringsmaand held the same version with other content
    andere_inhoud.rij_nr is not null as "T10",
    -- T11: issued after the day of arrival
    rijen.toewijzingsdatum > rijen.ontvangen_dag as "T11",
    -- T12: youth, provider or first day differs from the first version
    (
        rijen.wie_wat is distinct from first_value(rijen.wie_wat) over (
            partition by rijen.gemeente, rijen.toewijzingnummer
            order by rijen.toewijzingsdatum, rijen.versietijd, rijen.eerste_leveringsmaand, rijen.rij_hash
        )
    ) as "T12"
from rijen
left join andere_inhoud using (rij_nr)
