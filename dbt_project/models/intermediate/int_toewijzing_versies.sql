-- One row per version of an allocation. Two rows with the same stamp: the one from the latest leveringsmaand, then the
-- newest ontvangen_op, then by content, so that the order of arrival never decides.
with gestempeld as (
    select
        *,
        coalesce(toewijzingstijd, time '00:00:00') as versietijd
    from {{ ref('int_toewijzing_rijen') }}
)

select *
from gestempeld
qualify row_number() over (
    partition by gemeente, toewijzingnummer, toewijzingsdatum, versietijd
    order by laatste_leveringsmaand desc, laatste_ontvangen_op desc, rij_hash
) = 1
