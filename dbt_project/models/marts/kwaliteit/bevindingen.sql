-- Findings a sender can act on: those of the geldende levering and of every refused one that came after it; where none
-- stands, those of the last refused one. Rules of the door and of the build, every rule that was evaluated. Of accepted
-- versions that do not stand only that they do not (L14) is told.
with leveringen as (
    select
        *,
        max(case when is_geldend then ontvangen_op end) over sleutel as geldend_ontvangen_op,
        max(case when is_geldend then sha256 end) over sleutel as geldend_sha256,
        row_number() over (
            partition by gemeente, bericht, leveringsmaand order by is_geldend desc, ontvangen_op desc, sha256 desc
        ) as volgorde
    from {{ ref('stg_leveringen') }}
    window sleutel as (partition by gemeente, bericht, leveringsmaand)
),

getoond as (
    select levering_id, gemeente, bericht, leveringsmaand as maand, ontvangen_dag
    from leveringen
    where
        is_geaccepteerd
        or (ontvangen_op, sha256) > (geldend_ontvangen_op, geldend_sha256)
        or (geldend_ontvangen_op is null and volgorde = 1)
),

bevindingen as (
    select levering_id, regel_code, ernst, n_rijen, n_gecontroleerd
    from {{ ref('stg_bevindingen') }}
    where levering_id not in (
        select levering_id
        from leveringen
        where is_geaccepteerd and not is_geldend
    )
    union all
    select bouw.levering_id, bouw.regel_code, regels.ernst, bouw.n_rijen, bouw.n_gecontroleerd
    from {{ ref('int_bevindingen_bouw') }} as bouw
    left join {{ ref('stg_ref_regels') }} as regels using (regel_code)
),

per_regel as (
    select
        getoond.gemeente,
        getoond.bericht,
        getoond.maand,
        bevindingen.regel_code,
        max(bevindingen.ernst) as ernst,
        cast(sum(bevindingen.n_rijen) as bigint) as n_rijen,
        cast(sum(bevindingen.n_gecontroleerd) as bigint) as n_gecontroleerd,
        max(getoond.ontvangen_dag) filter (where bevindingen.n_rijen > 0) as gevonden_in_wat_kwam_op
    from getoond
    inner join bevindingen using (levering_id)
    group by all
),

-- what a rule holds back is explained row by row: here when nothing of it is left to explain
voorbehoud as (
    select
        gemeente,
        bericht,
        maand,
        regel_code,
        max(verklaring) as verklaring,
        max(verklaard_op) as verklaard_op
    from (
        select gemeente, 'declaraties' as bericht, maand, regel_code, is_verklaard, verklaring, verklaard_op
        from {{ ref('int_voorbehoud_bevindingen') }}
        where weegt

        union all

        select gemeente, 'toewijzingen', maand, 'T33', is_verklaard, verklaring, verklaard_op
        from {{ ref('int_voorbehoud_toewijzingen') }}
        where kan_niet
    ) as rijen
    group by gemeente, bericht, maand, regel_code
    having bool_and(is_verklaard)
)

-- An explanation speaks about what had arrived when it was given: a version of later is asked about again.
select
    '{{ var("publicatie_id") }}' as publicatie_id,
    per_regel.gemeente,
    per_regel.bericht,
    per_regel.maand,
    per_regel.regel_code,
    per_regel.ernst,
    per_regel.n_rijen,
    per_regel.n_gecontroleerd,
    coalesce(verklaringen.regel_code, voorbehoud.regel_code) is not null as is_verklaard,
    coalesce(verklaringen.verklaring, voorbehoud.verklaring) as verklaring,
    coalesce(verklaringen.verklaard_op, voorbehoud.verklaard_op) as verklaard_op
from per_regel
left join {{ ref('stg_ref_verklaringen') }} as verklaringen
    on
        per_regel.gemeente = verklaringen.gemeente
        and per_regel.bericht = verklaringen.bericht
        and per_regel.maand = verklaringen.maand
        and per_regel.regel_code = verklaringen.regel_code
        and per_regel.gevonden_in_wat_kwam_op <= verklaringen.verklaard_op
        and per_regel.ernst in ('SIGNAAL', 'INFO')
left join voorbehoud
    on
        per_regel.gemeente = voorbehoud.gemeente
        and per_regel.bericht = voorbehoud.bericht
        and per_regel.maand = voorbehoud.maand
        and per_regel.regel_code = voorbehoud.regel_code
        and per_regel.n_rijen > 0
