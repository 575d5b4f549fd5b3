-- One row per version of an allocation. Two rows with the same stamp: the one from the latest leveringsmaand, then the
-- newest ontvangen_op, then by content, so that the order of arrival never decides. Hardly any share a stamp: only those
-- that share its hash are compared.
-- The rows are wide, so each question reads its own columns of them: a CTE would be kept whole, and DuckDB forgets that
-- it need not when it stores a view.
{%- set versietijd = "coalesce(toewijzingstijd, time '00:00:00')" %}
with kernen as (
    select rij_nr, hash(gemeente, toewijzingnummer, toewijzingsdatum, {{ versietijd }}) as kern
    from {{ ref('int_toewijzing_rijen') }}
),

gedeelde_kernen as (
    {{ gedeelde_kernen('kernen') }}
),

misschien_vervallen as (
    select rij_nr
    from kernen
    semi join gedeelde_kernen using (kern)
),

vervallen as (
    select rij_nr
    from {{ ref('int_toewijzing_rijen') }}
    semi join misschien_vervallen using (rij_nr)
    qualify row_number() over (
        partition by gemeente, toewijzingnummer, toewijzingsdatum, {{ versietijd }}
        order by laatste_leveringsmaand desc, laatste_ontvangen_op desc, rij_hash asc
    ) > 1
)

select *, {{ versietijd }} as versietijd
from {{ ref('int_toewijzing_rijen') }}
anti join vervallen using (rij_nr)
